"""The reference of the Python API has every public name, and nothing else."""

import inspect
import re
import sys
from pathlib import Path

import pytest

import portsim

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "reference" / "python.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def filled() -> str:
    sys.path.insert(0, str(DOCS / "_ext"))
    try:
        from names import python  # noqa: PLC0415 - lives beside the pages, not in the package
    finally:
        sys.path.remove(str(DOCS / "_ext"))
    assert "<!-- filled: python -->" in PAGE
    return PAGE.replace("<!-- filled: python -->", python())


def test_public_names_are_those_of_the_page(filled: str) -> None:
    entries = re.findall(r"^\.\. (\w+):: portsim\.(\w+)(?:\(\))?$", filled, re.MULTILINE)
    assert sorted(name for _, name in entries) == sorted(portsim.__all__)
    kinds = {name: kind for kind, name in entries}
    assert kinds["errors"] == "automodule"
    assert kinds["Study"] == kinds["Scenario"] == "autoclass"
    assert {kinds[name] for name in ("Precision", "Requirement", "Objective")} == {"autoclass"}
    assert kinds["run"] == kinds["warm_up"] == "autofunction"


def test_names_in_the_words_of_the_page_are_there(filled: str) -> None:
    for name in re.findall(r"`portsim\.(\w+)`", filled):
        assert name in portsim.__all__, name
    members = re.findall(r"`(?:study\.)?([a-z]+)`", PAGE.split("## Kinds of study")[1])
    assert {"table", "comparison", "frontier", "winner"} <= set(members)
    for name in members:
        assert isinstance(getattr(portsim.Study, name, None), property), name


def test_public_names_are_listed_imported_and_explained() -> None:
    assert dir(portsim) == portsim.__all__ == sorted(portsim.__all__)
    assert portsim.__version__.count(".") >= 1
    with pytest.raises(AttributeError, match="no attribute 'ResultFolder'"):
        _ = portsim.ResultFolder
    for name in set(portsim.__all__) - {"__version__"}:
        assert inspect.getdoc(getattr(portsim, name)), name


@pytest.mark.parametrize("name", ["run", "compare", "sweep", "optimise", "sensitivity", "warm_up"])
def test_the_words_of_a_function_are_spelled_and_all_explained(name: str) -> None:
    function = getattr(portsim, name)
    words = inspect.signature(function).parameters.values()
    assert not [word for word in words if word.kind in (word.VAR_KEYWORD, word.VAR_POSITIONAL)]
    explained = re.findall(r"^    (\w+): ", inspect.getdoc(function) or "", re.MULTILINE)
    assert {word.name for word in words} <= set(explained)
    how = {"engine", "jobs", "executor", "audit", "journal", "on_progress", "say", "seed"}
    assert how <= set(explained)

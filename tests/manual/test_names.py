"""The reference of the Python API has every public name, and nothing else."""

import inspect
import re
from pathlib import Path

import pytest

import portsim

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "reference" / "python.md").read_text(encoding="utf-8")


def test_public_names_are_those_of_the_page() -> None:
    entries = re.findall(r"^## portsim\.(\w+)$", PAGE, re.MULTILINE)
    assert sorted(entries) == sorted(portsim.__all__)
    assert "### errors.InputError" in PAGE
    assert "### Study.write" in PAGE
    for name in ("run", "warm_up", "Precision", "Requirement", "Objective"):
        assert f"```python\n{name}(" in PAGE


def test_names_in_the_words_of_the_page_are_there() -> None:
    said = re.sub(r"<!-- made by.*made until here -->", "", PAGE, flags=re.DOTALL)
    for name in re.findall(r"`portsim\.(\w+)`", said):
        assert name in portsim.__all__, name
    members = re.findall(r"`(?:study\.)?([a-z]+)`", said.split("## Kinds of study")[1])
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

"""The reference of the language has every key that the schema has, with its docstring."""

import re
import sys
from pathlib import Path

import pytest

from portsim.scenario.schema import json_schema

EXTENSIONS = Path(__file__).parents[2] / "docs" / "_ext"


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    sys.path.insert(0, str(EXTENSIONS))
    try:
        from words import language  # noqa: PLC0415 - lives beside the pages, not in the package
    finally:
        sys.path.remove(str(EXTENSIONS))
    parts = re.split(r"^## (.+)$", language(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_key_of_the_schema_is_explained(sections: dict[str, str]) -> None:
    schema = json_schema()
    parts = {"Scenario": schema, **schema["$defs"]}
    for name, part in parts.items():
        section = sections.get(re.sub("Of[A-Z].*", "", name), "")
        for whole in (part, *part.get("anyOf", [])):
            for key, given in whole.get("properties", {}).items():
                meaning = " ".join(given.get("description", "").split())
                assert re.search(rf"^`{key}` · .+\n: {re.escape(meaning)}$", section, re.M), (
                    f"{name}.{key} is missing"
                )


def test_defaults_and_units_are_written_as_in_a_file(sections: dict[str, str]) -> None:
    assert "`limit` · a duration, e.g. `25 min` · default `24 h`" in sections["Completion"]
    assert "`replications` · whole number from 1 to 100000 · default `10`" in sections["Scenario"]
    assert "`until` · text · default `end`" in sections["Take"]
    assert "`at_close` · `finish` or `pause`\n" in sections["Stage"]
    assert "`time` · [WorkTime](#word-worktime) · **needed**" in sections["Stage"]


def test_every_link_leads_to_a_section(sections: dict[str, str]) -> None:
    text = "".join(sections.values())
    assert set(re.findall(r"\(#word-(\w+)\)", text)) <= set(re.findall(r"\(word-(\w+)\)=", text))

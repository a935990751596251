"""Tables of the manual that are written by hand name all there is, and nothing else."""

import re
from pathlib import Path

import pytest

from portsim.results import tables, uncertainty
from portsim.scenario.measure_catalogue import MEASURES, measure_of

DOCS = Path(__file__).parents[2] / "docs"


def rows(page: str, heading: str) -> list[list[str]]:
    """Cells of the first table below a heading."""
    text = (DOCS / page).read_text(encoding="utf-8")
    below = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    table = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)
    assert table is not None
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table[0].splitlines()[2:]
    ]


def test_all_measures_are_explained_with_their_units() -> None:
    listed = {
        name.strip("`"): unit for name, unit, *_ in rows("explanation/measures.md", "All measures")
    }
    # An amount a day is in the currency of the scenario; waits have their cause in brackets.
    known = {
        f"{name}[…]" if one.by_cause else name: one.unit.replace("money", "currency")
        for name, one in MEASURES.items()
    }
    assert {name: unit.partition(",")[0] for name, unit in listed.items()} == known


def test_all_measures_are_explained_with_their_places_and_months() -> None:
    for name, _, of, _, what in rows("explanation/measures.md", "All measures"):
        one = measure_of(name.strip("`"))
        assert set(of.split(", ")) == one.places, name
        assert ("also by month" in what) == one.monthly, name


@pytest.mark.parametrize(
    ("file", "schema"),
    [
        ("summary.csv", tables.SUMMARY),
        ("comparison.csv", tables.COMPARISON),
        ("replications.parquet", tables.REPLICATIONS),
        ("curves.parquet", tables.CURVES),
        ("observed.csv", tables.OBSERVED),
        ("uncertainty.csv", uncertainty.UNCERTAINTY),
        ("drawn_inputs.csv", uncertainty.DRAWN_INPUTS),
    ],
)
def test_all_columns_are_explained_in_their_order(file: str, schema: tables.Schema) -> None:
    listed = [column.strip("`") for column, _ in rows("reference/result-folder.md", file)]
    assert listed == list(schema)

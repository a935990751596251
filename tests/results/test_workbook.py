"""The workbook for people, read back with another library than wrote it."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import portsim
from portsim.results.headline_table import remarks
from portsim.results.workbook import SHEETS, to_xlsx

SHIPPED = Path(__file__).parents[2] / "results" / "bakhtu"


@pytest.fixture(scope="module")
def shipped() -> Any:
    return portsim.read(SHIPPED)


@pytest.fixture(scope="module")
def made(shipped: Any) -> bytes:
    said = remarks(shipped.summary, shipped.manifest, shipped.comparison)
    return to_xlsx(shipped.manifest, shipped.summary, shipped.comparison, said)


@pytest.fixture(scope="module")
def book(made: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(made))


def rows(sheet: Any) -> list[dict[str, Any]]:
    head, *others = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in others]


def test_sheets_are_frozen_wide_enough_and_named_as_spreadsheets_allow(book: Any) -> None:
    assert book.sheetnames == [name for name in SHEETS if name != "uncertainty"]
    for sheet in book:
        assert len(sheet.title) <= 31
        assert not set(sheet.title) & set("/[]*?:\\")
        assert sheet.freeze_panes == "B2"
        assert sheet.column_dimensions["A"].width > 15


def test_the_answer_says_what_the_table_says(book: Any, shipped: Any) -> None:
    sheet = book["answer"]
    heads = [cell.value for cell in sheet[1]]
    found = {row[0].value: row for row in sheet.iter_rows(min_row=2, max_row=8)}
    assert list(found) == [entry.name for entry in shipped.manifest.scenarios]
    completion = found["hours-7x12"][heads.index("out within 24 h")]
    summary = shipped.summary.query(
        "scenario == 'hours-7x12' and truck_class == 'all' and place == ''"
    ).set_index("measure")
    assert completion.value == float(summary["mean"]["completed_within_limit"])
    assert completion.number_format == "0.0%"
    low = found["hours-7x12"][heads.index("capacity/day: low")]
    assert low.value == float(summary["ci_low"]["capacity_per_day"])
    assert found["hours-5x8"][heads.index("note")].value.startswith(
        "hours-5x8 is overloaded: in the 28 days from 10 September 2024 "
    )
    said = [row[0].value for row in sheet.iter_rows(min_row=9) if row[0].value]
    assert said == remarks(shipped.summary, shipped.manifest, shipped.comparison)


def test_no_row_is_lost_between_the_sheets(book: Any, shipped: Any) -> None:
    table = shipped.summary
    port, month = table["place"] == "", table["measure"].str.contains("[", regex=False)
    assert len(rows(book["by class"])) == (port & ~month & (table["truck_class"] != "all")).sum()
    assert len(rows(book["by month"])) == (port & month).sum()
    assert len(rows(book["by stage"])) == (~port & ~month & (table["truck_class"] == "all")).sum()
    one = next(
        row
        for row in rows(book["by month"])
        if (row["policy"], row["class"], row["month"], row["measure"])
        == ("hours-5x8", "all", "2024-09", "completed_within_limit")
    )
    same = table.query(
        "scenario == 'hours-5x8' and truck_class == 'all' and place == '' and measure == "
        "'completed_within_limit[2024-09]'"
    )
    assert one["mean"] == float(same["mean"].iloc[0])


def test_inputs_carry_source_mark_range_and_who_shares_them(book: Any, shipped: Any) -> None:
    found = rows(book["inputs"])
    crew = next(row for row in found if row["value of"] == "resources.scan-crew.capacity")
    assert crew["mark"] == "E"
    assert crew["range"] == "1 to 2"
    assert crew["source"] == "assumed, one crew for one scanner"
    assert crew["policies"] == "all"
    hours = [row for row in found if row["value of"] == "calendars.gate-cn.hours"]
    assert len(hours) > 1
    listed = [name for row in hours for name in row["policies"].split(", ")]
    assert len(listed) == len(set(listed)) == len(shipped.manifest.scenarios)


@pytest.mark.parametrize(
    "text", ["=1+1", "+7 912", "-x", "@SUM(A1)", "http://a.b", "'=quoted", "5"]
)
def test_text_stays_text(shipped: Any, text: str) -> None:
    entry = replace(
        shipped.manifest.scenarios[0],
        name=text,
        overload={
            "kind": text,
            "place": text,
            "label": text,
            "load": 1.5,
            "days": 1,
            "from": "2024-01-01",
        },
        sources=[{"path": text, "value": text, "source": text, "confidence": "E", "range": [1, 2]}],
    )
    manifest = replace(shipped.manifest, scenarios=(entry,), baseline=None)
    table = shipped.summary[shipped.summary["scenario"] == "hours-7x8"].head(30).copy()
    table["scenario"] = text
    data = to_xlsx(manifest, table, None, [text])
    assert b"<f>" not in b"".join(
        archive.read(name)
        for archive in [zipfile.ZipFile(io.BytesIO(data))]
        for name in archive.namelist()
    )
    back = openpyxl.load_workbook(io.BytesIO(data))
    assert "comparison" not in back.sheetnames
    cells = [cell for sheet in back for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)
    mine = [cell for cell in cells if cell.value == text]
    assert len(mine) > 6
    assert all(cell.data_type == "s" for cell in mine)
    if text[0] in "=+-@'":
        assert all(cell.quotePrefix for cell in mine)


def test_the_same_figures_give_the_same_bytes_before_and_after_the_csv(
    made: bytes, shipped: Any
) -> None:
    """Digits that the CSV does not hold do not show, nor does when and how the study was run."""
    nudged = shipped.summary.copy()
    nudged["mean"] *= 1 + 1e-13
    run = replace(shipped.manifest.run, started="later", seconds=1e6, workers=99)
    manifest = replace(shipped.manifest, run=run)
    said = remarks(shipped.summary, manifest, shipped.comparison)
    assert to_xlsx(manifest, nudged, shipped.comparison, said) == made


def test_very_long_and_empty_texts_fit(shipped: Any) -> None:
    entry = replace(shipped.manifest.scenarios[0], sources=[{"path": "p", "value": "x" * 40_000}])
    data = to_xlsx(
        replace(shipped.manifest, scenarios=(entry,)),
        pd.DataFrame(columns=shipped.summary.columns).astype(shipped.summary.dtypes),
        None,
    )
    row = rows(openpyxl.load_workbook(io.BytesIO(data))["inputs"])[0]
    assert len(row["value"]) == 32_767
    assert row["value"].endswith("…")
    assert row["mark"] is None


def test_what_never_varied_has_no_interval_and_unmarked_inputs_are_said(shipped: Any) -> None:
    alike = shipped.summary.copy()
    alike["ci_low"] = alike["ci_high"] = alike["mean"]
    bare = [
        replace(entry, sources=[], inputs={"unmarked": 7}) for entry in shipped.manifest.scenarios
    ]
    manifest = replace(shipped.manifest, scenarios=tuple(bare))
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(manifest, alike, None)))
    heads, first, *_ = book["answer"].iter_rows(values_only=True)
    assert first[heads.index("trucks/day")] is not None
    assert first[heads.index("trucks/day: low")] is None
    assert first[heads.index("trucks/day: high")] is None
    (row,) = rows(book["inputs"])
    assert row["value of"] == "no value carries a mark of its source"
    assert "inputs without a mark: 7" in str(row["source"])

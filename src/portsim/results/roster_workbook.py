"""The room of results: a roster as files for people and other programs.

A workbook to print, a sheet for who begins what and one for the weeks of people, in the language
being spoken; and the overlay that a run takes.
"""

import io
from collections.abc import Mapping

import pandas as pd
import xlsxwriter

from portsim.results.folder import ROSTER_FILES
from portsim.results.manifest import Manifest
from portsim.results.roster import money_of, roster_sentences
from portsim.results.roster_tables import DAY_NAMES
from portsim.results.roster_words import day_text, shift_text
from portsim.wording import days, say

__all__ = ["roster_files"]


def roster_files(made: Manifest, tables: Mapping[str, pd.DataFrame]) -> dict[str, bytes]:
    """The overlay and the workbook of a roster, by their names; none if there is no roster."""
    if not made.study["found"]:
        return {}
    overlay, workbook = ROSTER_FILES
    promised = ", ".join(map(str, made.study["required"]))
    head = (
        f"# A roster for {made.scenarios[0].name}, made by portsim: {promised}.\n"
        "# Lay it over the scenario: portsim run SCENARIO.yaml+roster.yaml\n"
    )
    return {
        overlay: (head + str(made.study["overlay"])).encode(),
        workbook: _workbook(made, tables),
    }


def _workbook(made: Manifest, tables: Mapping[str, pd.DataFrame]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": pd.Timestamp("2000-01-01").to_pydatetime()})
    bold = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "top"})
    plain = book.add_format({"border": 1, "valign": "top"})
    labels = made.study["labels"]
    sheet = book.add_worksheet(say("Shifts"))
    _page(sheet)
    sheet.write(0, 0, made.scenarios[0].name, book.add_format({"bold": True, "font_size": 14}))
    line = 1
    for text in roster_sentences(made, tables["promise"]):
        sheet.write(line, 0, text)
        line += 1
    line += 1
    for post, rows in tables["roster"].groupby("post", sort=False):
        sheet.write_row(
            line, 0, [labels.get(post, post), say("people"), *days(), say("hours")], bold
        )
        for row in rows.to_dict("records"):
            line += 1
            cells = [shift_text(row), labels.get(row["people"], row["people"])]
            cells += [int(row[day]) or "" for day in DAY_NAMES]
            sheet.write_row(line, 0, [*cells, float(row["hours"])], plain)
        line += 2
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 16)
    sheet.set_column(2, 9, 9)
    _weeks(made, tables["people"], book.add_worksheet(say("People's weeks")), bold, plain)
    book.close()
    return buffer.getvalue()


def _weeks(
    made: Manifest,
    people: pd.DataFrame,
    sheet: "xlsxwriter.workbook.Worksheet",
    bold: "xlsxwriter.workbook.Format",
    plain: "xlsxwriter.workbook.Format",
) -> None:
    labels = made.study["labels"]
    _page(sheet)
    sheet.repeat_rows(0)
    head = ["", say("people"), *days(), say("hours"), say("cost"), say("next week")]
    sheet.write_row(0, 0, head, bold)
    for number, row in enumerate(people.to_dict("records"), 1):
        cells = [
            int(row["line"]),
            labels.get(row["people"], row["people"]),
            *(day_text(str(row[day]), labels) for day in DAY_NAMES),
            float(row["hours"]),
            money_of(made, float(row["cost"])),
            int(row["next"]),
        ]
        sheet.write_row(number, 0, cells, plain)
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 11, 13)


def _page(sheet: "xlsxwriter.workbook.Worksheet") -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)

"""The room of the report: one sheet of A4 for somebody who decides, of the facts of the page.

    brief(record)                  its text
    write_brief(record, folder)    the file

What stands on it is said by the first screen or by the answer of the page; nothing is found here.
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from portsim.figures.study import Study
from portsim.report import answer
from portsim.report.assumed import topics
from portsim.report.choice_table import Line
from portsim.report.decision import Decision, decision
from portsim.report.drawings import drawing
from portsim.report.facts import Facts
from portsim.report.inputs import tried_assumptions
from portsim.report.page import filled, heading, made_by, own
from portsim.results import Record, atomic_write
from portsim.wording import say, speaking, tongue

__all__ = ["brief", "short", "write_brief"]

_NAME = "brief.html"
_LINES = 10
"""So many policies find room on a sheet."""
_LONG = 260
"""Letters up to which a paragraph of the first screen is for somebody in a hurry."""


def brief(record: Record, language: str | None = None, swings: pd.DataFrame | None = None) -> str:
    """One sheet of A4 of a run or a comparison as the text of one HTML page.

    Args:
        record: of `portsim run` or `portsim compare`.
        language: one of `portsim.languages.LANGUAGES`; the one being spoken if None.
        swings: the table of a sensitivity study of the same port, if there is one.

    Raises:
        KeyError: the language is not known.
    """
    with speaking(language or tongue().language, on_page=True):
        facts = Facts(Study(record), swings)
        whole = decision(facts)
        made = None if whole is None else short(whole)
        left = 0 if whole is None or made is None else len(whole.lines) - len(made.lines)
        return filled(
            "brief.html.j2",
            title=heading(facts),
            when=answer.when(facts),
            decision=made,
            left=say("Policies that are not on this sheet: {count}.", count=left) if left else "",
            answer=() if made is not None else (*answer.answer(facts), *answer.notes(facts)),
            timetable=None if made is not None else drawing("timetable", facts.study),
            topics=topics(facts),
            made=made_by(record),
            style=Markup(own("page.css") + own("brief.css")),
            script=Markup(own("brief.js")),
        )


def short(decision: Decision) -> Decision:
    """The decision with as many policies as a sheet has room for, and no long paragraph.

    Kept are today's, the policy in question and bounds, then the others from the top.
    """
    spare = _LINES - sum(line.role != "" for line in decision.lines)
    lines: list[Line] = []
    for line in decision.lines:
        spare -= not line.role
        if line.role or spare >= 0:
            lines.append(line)
    lead: Sequence[str] = [text for text in decision.lead if len(text) <= _LONG]
    return dataclasses.replace(decision, lines=tuple(lines), lead=tuple(lead))


def write_brief(
    record: Record, folder: Path, language: str | None = None, out: Path | None = None
) -> Path:
    """Write the sheet whole or not at all.

    Args:
        record: of `portsim run` or `portsim compare`.
        folder: its result folder.
        language: one of `portsim.languages.LANGUAGES`; the one being spoken if None.
        out: the file; ``brief.html`` in the folder if None.

    Returns:
        The path of the page.

    Raises:
        OSError: the file cannot be written.
    """
    path = out if out is not None else folder / _NAME
    atomic_write(path, brief(record, language, tried_assumptions(folder)).encode("utf-8"))
    return path

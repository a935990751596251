"""The room of the report: the page itself, put together and written whole."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from portsim.figures.painters import Painters
from portsim.figures.study import Study
from portsim.report import answer
from portsim.report.blocks import Section, Table, Tile
from portsim.report.decision import Decision, decision
from portsim.report.drawings import drawings
from portsim.report.facts import Facts
from portsim.report.inputs import tried_assumptions
from portsim.report.sections import sections
from portsim.results import Record, atomic_write
from portsim.results.shown import lacking_sentence
from portsim.wording import LANGUAGES, say, speaking, tongue

__all__ = ["filled", "heading", "made_by", "own", "page", "rendered", "write_pages", "write_report"]

_NAME = "report.html"
_UNIT = re.compile(r"(?<=\d) (?=(?:%|h|ч)(?!\w))")  # no line may end between number and unit


def page(
    record: Record,
    language: str | None = None,
    swings: pd.DataFrame | None = None,
    painters: Painters | None = None,
) -> str:
    """The report of a run or a comparison as the text of one HTML page.

    Args:
        record: of `portsim run` or `portsim compare`.
        language: one of `portsim.languages.LANGUAGES`; the one being spoken if None.
        swings: the table of a sensitivity study of the same port, if there is one.
        painters: draw along.

    Raises:
        KeyError: the language is not known.
    """
    with speaking(language or tongue().language, on_page=True):
        facts = Facts(Study(record), swings)
        drawn = drawings(facts.study, painters or Painters())
        return rendered(
            title=heading(facts),
            when=answer.when(facts),
            decision=decision(facts),
            answer=answer.answer(facts),
            notes=[*answer.notes(facts), lacking_sentence(record.manifest)],
            sections=sections(facts, drawn),
            made=made_by(record),
        )


def rendered(
    *,
    title: str,
    when: str,
    answer: Sequence[str],
    notes: Sequence[str],
    sections: Sequence[Section],
    made: str,
    decision: Decision | None = None,
    headline: str = "",
    tiles: Sequence[Tile] = (),
    tables: Sequence[Table] = (),
) -> str:
    """A page of these parts in the language being spoken, as the text of one HTML file.

    Args:
        title: its heading.
        when: the line below it.
        answer: paragraphs that come first.
        notes: what must be known beside them.
        sections: the parts that follow.
        made: how it was made.
        decision: the first screen, where there is something to decide.
        headline: the finding in a sentence, where there is no decision; the title without one.
        tiles: figures below it.
        tables: what comes below these, before anything is explained.
    """
    return filled(
        "page.html.j2",
        title=title,
        when=when,
        answer=answer,
        notes=[*filter(None, notes)],
        sections=sections,
        made=made,
        decision=decision,
        headline=headline,
        tiles=tiles,
        tables=tables,
        style=Markup(own("page.css")),
        script=Markup(own("page.js")),
    )


def write_pages(page: Callable[[str], str], folder: Path, names: Sequence[str]) -> list[Path]:
    """Write a page in every language, each whole or not at all.

    Args:
        page: gives its text in a language.
        folder: of the study.
        names: of the files, a language each.

    Returns:
        The files.
    """
    written = [folder / name for name in names]
    for language, path in zip(LANGUAGES, written, strict=True):
        atomic_write(path, page(language).encode("utf-8"))
    return written


def write_report(
    record: Record,
    folder: Path,
    language: str | None = None,
    out: Path | None = None,
    painters: Painters | None = None,
) -> Path:
    """Write the report whole or not at all.

    Args:
        record: of `portsim run` or `portsim compare`.
        folder: its result folder; the table of a sensitivity study in it or directly below it is
            told of, too.
        language: one of `portsim.languages.LANGUAGES`; the one being spoken if None.
        out: the file; ``report.html`` in the folder if None.
        painters: draw along.

    Returns:
        The path of the page.

    Raises:
        OSError: the file cannot be written.
    """
    path = out if out is not None else folder / _NAME
    text = page(record, language, tried_assumptions(folder), painters)
    atomic_write(path, text.encode("utf-8"))
    return path


def heading(facts: Facts) -> str:
    """What a page of a run or a comparison is called."""
    return say("Clearance at the border port: {policies}", policies=_names(facts))


def made_by(record: Record) -> str:
    """What a page of a run or a comparison was made by, and from what."""
    made = record.manifest
    return say(
        "Made by portsim {version} with the engine {engine}, seed {seed}. The figures are"
        " those of summary.csv, comparison.csv and curves.parquet beside this page; inputs"
        " {fingerprint}.",
        version=made.versions.get("portsim", ""),
        engine=made.engine,
        seed=made.seed,
        fingerprint=made.fingerprint[:12],
    )


def _names(facts: Facts) -> str:
    policies = [policy.label for policy in facts.study.policies]
    if len(policies) < 2:
        return policies[0]
    if len(policies) == 2:
        return say("{base} and {other}", base=policies[0], other=policies[1])
    return say("{base} and {count} other policies", base=facts.base.label, count=len(policies) - 1)


def filled(template: str, **parts: Any) -> str:
    """A template of this room, filled with parts in the language being spoken."""
    text = _templates().get_template(template).render(language=tongue().html, **parts)
    return _UNIT.sub("\u00a0", text)


@cache
def _templates() -> Environment:
    """Those of this room; each is compiled once, and not again for every language and page."""
    env = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(own),
    )
    env.globals["say"] = say
    return env


def own(name: str) -> str:
    """The text of a file of this room."""
    return (resources.files("portsim.report") / name).read_text("utf-8")

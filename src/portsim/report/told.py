"""The room of the report: pages that stand beside their tables in every language: of a check, a
forecast, a roster.

    told_page(tell, record, language)   the text of the page
    write_told(tell, record, …)         a file a language

In the manner of the decision: a sentence, some figures, one table. What they are is told by the
page of each kind; nothing is found here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from portsim.report.blocks import Section, Table, Tile
from portsim.report.page import rendered, write_pages
from portsim.results import Record
from portsim.results.shown import lacking_sentence, shown
from portsim.wording import say, speaking

__all__ = ["Told", "told_page", "write_told"]


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says, in the language being spoken.

    Attributes:
        title: its heading, small above the finding.
        when: what stands beside it.
        headline: the finding in a sentence.
        tiles: figures below it.
        tables: what comes first below them: one table, of a roster one for each post.
        answer: further sentences.
        notes: what must be known beside them.
        sections: the parts that follow.
        files: the tables that the figures are from.
    """

    title: str
    when: str
    headline: str
    tiles: Sequence[Tile]
    tables: Sequence[Table]
    answer: Sequence[str]
    notes: Sequence[str]
    sections: Sequence[Section]
    files: tuple[str, ...]


def told_page(tell: Callable[[Record], Told], record: Record, language: str) -> str:
    """The text of the page.

    Args:
        tell: gives its parts, of a record with the labels of the language being spoken.
        record: of a study.
        language: one of `portsim.languages.LANGUAGES`.

    Raises:
        KeyError: the language is not known.
    """
    with speaking(language, on_page=True):
        lacking = lacking_sentence(record.manifest)
        record = shown(record)
        told, made = tell(record), record.manifest
        return rendered(
            title=told.title,
            when=told.when,
            headline=told.headline,
            tiles=told.tiles,
            tables=told.tables,
            answer=told.answer,
            notes=[*told.notes, lacking],
            sections=told.sections,
            made=say(
                "Made by portsim {version}, seed {seed}. The figures are those of {files} beside"
                " this page.",
                version=made.versions.get("portsim", ""),
                seed=made.seed,
                files=say(", ").join(told.files),
            ),
        )


def write_told(
    tell: Callable[[Record], Told], record: Record, folder: Path, names: Sequence[str]
) -> list[Path]:
    """Write the page in every language, each whole or not at all; gives the files."""
    return write_pages(partial(told_page, tell, record), folder, names)

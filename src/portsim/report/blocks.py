"""The room of the report: what a page is built of; no figure and no sentence enters."""

from dataclasses import dataclass
from typing import Self

from markupsafe import Markup

__all__ = ["Cell", "Drawing", "Drawn", "Section", "Table", "Tile"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table.

    Attributes:
        text: what is written in it.
        under: a second line, in small letters.
        share: length of the bar drawn under the text, 0 to 1; None without a bar.
    """

    text: str
    under: str = ""
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of a row names it.

    Attributes:
        caption: what it shows.
        head: name of each column.
        rows: as many cells as columns each.
        words: how many columns hold words, set to the left; the others hold figures.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    words: int = 1


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture and its data, before a table stands beside it.

    Attributes:
        finding: what is seen, in one sentence.
        caption: how to read it.
        svg: the drawing.
        points: JSON of the curves that can be pointed at; empty if there are none.
        tall: whether it needs a page of paper for itself.
    """

    finding: str
    caption: str
    svg: Markup
    points: Markup
    tall: bool


@dataclass(frozen=True, slots=True)
class Drawing(Drawn):
    """A picture of a page, with its figures.

    Attributes:
        table: the figures behind it.
    """

    table: Table

    @classmethod
    def of(cls, drawn: Drawn, table: Table) -> Self:
        """A picture with the figures behind it."""
        return cls(drawn.finding, drawn.caption, drawn.svg, drawn.points, drawn.tall, table)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page.

    Attributes:
        key: its anchor.
        title: its heading.
        text: paragraphs.
        tables: shown openly.
        drawings: pictures, each with its table folded away.
        folded: tables folded away.
    """

    key: str
    title: str
    text: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    folded: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of a first screen: it, what it is, and a line below."""

    figure: str
    name: str
    under: str = ""

"""Tables that are as wide as the screen: nothing in them is cut, whatever its width.

Where a table is too wide its heads take more lines, breaking between words; then it comes in parts,
each with the names of its rows, which may be in several columns; and where these leave no room,
column by column, so that what is compared still stands together.
"""

import os
import textwrap
from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

__all__ = ["Screen"]

_WIDE = 140
_LEAST = 20


class Screen(Console):
    """Where a verb prints: as wide as the terminal, as ``COLUMNS`` says, or as a file may be."""

    def __init__(self) -> None:
        """Find out how wide it is."""
        super().__init__(highlight=False)
        if not self.is_terminal:
            # A pipe has no width of its own; who reads a file should not see tables in parts.
            said = os.environ.get("COLUMNS", "")
            wide = int(said) if said.isascii() and said.isdigit() and int(said) > 0 else _WIDE
            super().__init__(highlight=False, width=max(wide, _LEAST))

    def print(self, *objects: Any, names: int = 1, **options: Any) -> None:
        """Print; a table fitted to the screen, whose first `names` columns say what a row is."""
        if len(objects) == 1 and isinstance(objects[0], Table) and not options:
            for part in _fitted(self, objects[0], names):
                # What is wider than the screen all the same is broken by nobody but the screen.
                super().print(part, soft_wrap=isinstance(part, Text))
        else:
            super().print(*objects, **options)


def _fitted(screen: Screen, table: Table, names: int) -> list[Table | Text]:
    """A table in as many parts as the screen asks for."""
    columns = table.columns
    cells = [list(column.cells) for column in columns]
    everything = range(names, len(columns))
    whole = _part(table, cells, everything, names, broken=False)
    if _fits(screen, whole):
        return [whole]
    parts: list[list[int]] = []
    for number in everything:
        if parts and _fits(screen, _part(table, cells, [*parts[-1], number], names)):
            parts[-1].append(number)
        elif _fits(screen, _part(table, cells, [number], names)):
            parts.append([number])
        else:
            return list(_one_by_one(table, cells, names, screen.width))
    return [_part(table, cells, part, names, first=not number) for number, part in enumerate(parts)]


def _fits(screen: Screen, table: Table) -> bool:
    unlimited = screen.options.update(width=1000)
    return Measurement.get(screen, unlimited, table).minimum <= screen.width


def _part(
    table: Table,
    cells: Sequence[Sequence[Any]],
    chosen: Sequence[int],
    names: int,
    *,
    broken: bool = True,
    first: bool = True,
) -> Table:
    """The names of the rows and some columns; heads broken between words if asked for."""
    part = Table(
        box=table.box,
        pad_edge=table.pad_edge,
        title=table.title if first else None,
        title_justify=table.title_justify,
    )
    shown = (*range(names), *chosen)
    for number in shown:
        column, rows = table.columns[number], cells[number]
        head = _text(column.header)
        # Words may go on in the next line; names of rows and what is counted may not.
        words = number >= names and column.justify == "left" and not column.no_wrap
        lines = [line for row in rows for line in _text(row).plain.split("\n")]
        room = max((cell_len(line) for line in lines), default=0)
        if words:
            room = max((cell_len(word) for line in lines for word in line.split()), default=0)
        if broken:
            head = _broken(head, room)
        room = max([room, *map(cell_len, head.plain.split() if words else head.plain.split("\n"))])
        part.add_column(
            head, justify=column.justify, no_wrap=not words, style=column.style, min_width=room
        )
    for place, row in enumerate(table.rows):
        part.add_row(
            *(cells[number][place] for number in shown),
            style=row.style,
            end_section=row.end_section,
        )
    return part


def _text(cell: Any) -> Text:
    return cell.copy() if isinstance(cell, Text) else Text.from_markup(str(cell))


def _broken(head: Text, room: int) -> Text:
    """A head on as many lines as it needs to be no wider than its column, or than its words."""
    words = head.plain.split(" ")
    room = max([room, *map(cell_len, words)])
    lines = [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if cell_len(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return Text("\n".join(lines), style=head.style)


def _one_by_one(table: Table, cells: Sequence[Sequence[Any]], names: int, width: int) -> list[Text]:
    """Each column as a list of its own: its head, and below it the cell of every row."""
    texts = [Text(str(table.title), style="bold")] if table.title else []
    called = _called(table, cells[:names])
    for column, rows in zip(table.columns[names:], cells[names:], strict=True):
        head = textwrap.wrap(_text(column.header).plain, width, break_long_words=False)
        texts += [Text(line, style="bold") for line in head]
        for name, row in zip(called, rows, strict=True):
            cell = _text(row).plain
            together = f"  {name}: {cell}".rstrip()
            if cell_len(together) <= width:
                texts.append(Text(together))
            else:
                words = column.justify == "left" and not column.no_wrap
                lines = textwrap.wrap(cell, width - 4, break_long_words=False) if words else [cell]
                texts += [Text(f"  {name}:"), *(Text(f"    {line}".rstrip()) for line in lines)]
    return texts


def _called(table: Table, cells: Sequence[Sequence[Any]]) -> list[str]:
    """What each row is, in a line: all but the first of its names with their heads."""
    heads = ["", *(_text(c.header).plain for c in table.columns[1 : len(cells)])]
    named = (
        [f"{head} {_text(cell).plain.strip()}" for cell in column]
        for head, column in zip(heads, cells, strict=True)
    )
    return [", ".join(part.strip() for part in row) for row in zip(*named, strict=True)]

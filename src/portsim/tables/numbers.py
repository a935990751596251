"""Cells that should hold numbers: decimal points and commas, thousands in groups, faults.

One sign stands before the decimals in a whole column. What the column does not show is not guessed.
"""

import re
import unicodedata
from collections.abc import Sequence

from portsim.reading.text import short
from portsim.tables.separated import CellFaults, Note

__all__ = ["bare_number", "decimal_sign", "number_value", "read_numbers"]

_NUMBER = re.compile(r"[+-]?(\d[\d.,]*|[.,]\d+)(?:[eE][+-]?\d{1,3})?")
_GROUPS = re.compile(r"[+-]?\d{1,3}(?:[ '’]\d{3})+(?![\d'’])")
_AMBIGUOUS = 3
"""Digits behind a single sign that may be decimals, or thousands."""


def read_numbers(
    cells: Sequence[tuple[int, str]],
    decimal: str | None,
    separator: str,
    most: float,
    unit: str,
    note: Note,
) -> list[float]:
    """Read a column of numbers of 0 or more.

    Args:
        cells: each with its line.
        decimal: sign before the decimals, ``.`` or ``,``; None if the column has to show it.
        separator: between the cells of the table; with a semicolon a point may part thousands.
        most: no number may be larger.
        unit: of the column, for messages.
        note: notes faults. A column in which every comma may part thousands as well as decimals
            is one.

    Returns:
        The numbers in the order of the cells; faulty ones left out.
    """
    expected = "a number of 0 or more" + (f" in {unit}" if unit else "")
    faults = CellFaults(note, expected)
    texts: list[tuple[int, str, str]] = []
    for line, cell in cells:
        text = bare_number(cell)
        if text is None:
            faults.add(line, cell)
        else:
            texts.append((line, cell, text))
    sign = decimal or decimal_sign(texts, separator, note)
    if sign is None:
        return []
    numbers = []
    for line, cell, text in texts:
        number = number_value(text, sign)
        if number is None or number < 0:
            faults.add(line, cell)
        elif number > most:
            note(line, f"`{short(cell)}`", f"a number of at most {most:,.0f} {unit}".rstrip(), "")
        else:
            numbers.append(number)
    faults.count()
    return numbers


def bare_number(cell: str) -> str | None:
    """The cell without spaces between thousands; None if it is no number."""
    text = unicodedata.normalize("NFKC", cell)
    if _GROUPS.match(text):
        text = re.sub("[ '’]", "", text)
    return text if _NUMBER.fullmatch(text) else None


def _sign(text: str) -> str:
    """The sign before the decimals that a number shows: ``.`` or ``,``; empty if it has none.

    ``.?`` and ``,?`` where it may as well part thousands.
    """
    body = re.split("[eE]", text.lstrip("+-"))[0]
    points, commas = body.count("."), body.count(",")
    if points and commas:
        return "." if body.rindex(".") > body.rindex(",") else ","
    mark = "." if points else ","
    if points + commas == 0:
        return ""
    if points + commas > 1:
        return "," if mark == "." else "."
    before, after = body.split(mark)
    if len(after) == _AMBIGUOUS and 1 <= len(before) <= _AMBIGUOUS and before[0] != "0":
        return f"{mark}?"
    return mark


def decimal_sign(texts: Sequence[tuple[int, str, str]], separator: str, note: Note) -> str | None:
    """The sign before the decimals of a column; None after a fault was noted.

    Args:
        texts: lines, cells, and their `bare_number`.
        separator: between the cells of the table.
        note: notes the fault.
    """
    shown: dict[str, tuple[int, str]] = {}
    for line, cell, text in texts:
        sign = _sign(text)
        if sign:
            shown.setdefault(sign, (line, cell))
    hint = 'write decimal: "." or decimal: "," beside file: and column:'
    if "." in shown and "," in shown:
        first, second = sorted([shown["."], shown[","]])
        found = f"`{short(second[1])}` after `{short(first[1])}` in line {first[0]}"
        note(second[0], found, "one sign before the decimals in the whole column", hint)
        return None
    certain = "." if "." in shown else "," if "," in shown else ""
    if certain:
        return certain
    if ",?" in shown or (".?" in shown and separator == ";"):
        line, cell = shown.get(",?") or shown[".?"]
        plain = re.sub("[.,]", "", cell)
        found = f"`{short(cell)}`, which may be {plain} or {re.sub('[.,]', '.', cell)}"
        note(line, found, "a column that shows which sign stands before the decimals", hint)
        return None
    return "."


def number_value(text: str, sign: str) -> float | None:
    """The number of a `bare_number`, if its groups of thousands are groups of three."""
    groups = "," if sign == "." else "."
    whole, _, rest = text.partition(sign)
    if groups in rest or sign in rest:
        return None
    if groups in whole:
        if not re.fullmatch(rf"[+-]?\d{{1,3}}(?:{re.escape(groups)}\d{{3}})+(?:[eE].*)?", whole):
            return None
        whole = whole.replace(groups, "")
    return float(f"{whole}.{rest}" if rest else whole)

"""What is perhaps not meant in a file that can be read: rows that stand twice, midnights, outliers.

Nothing here is a fault; each warning names the lines of the file.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from portsim.checking.findings import Findings
from portsim.errors import Fault
from portsim.reading.text import short
from portsim.tables.instants import Instants
from portsim.tables.separated import Table

__all__ = ["about_instants", "about_numbers"]

_FAR = 1000.0
"""So many times the median, and a number is doubted."""
_SOME = 3
"""So many rows of a day are told from chance."""
_MOST_LINES = 5


def about_numbers(
    findings: Findings,
    file: Path,
    cells: Sequence[tuple[int, str]],
    numbers: Sequence[float],
) -> None:
    """Doubt numbers that are far from all others."""
    median = float(np.median(numbers)) if numbers else 0.0
    far = [number for number, value in enumerate(numbers) if value > _FAR * median > 0.0]
    if not far:
        return
    line, cell = cells[max(far, key=lambda number: numbers[number])]
    subject = f"{len(far)} such numbers, the largest" if len(far) > 1 else "a number"
    found = f"{subject} `{short(cell)}`, {max(numbers) / median:,.0f} times the median {median:g}"
    _doubt(findings, file, line, "outlier", found, "numbers of one size", "is it a slip?")


def about_instants(findings: Findings, file: Path, table: Table, instants: Instants) -> None:
    """Doubt times that the clock shows twice, times that may be mere dates, and rows twice."""
    if instants.doubled:
        count = len(instants.doubled)
        times = "a time" if count == 1 else f"{count} times"
        _doubt(
            findings,
            file,
            instants.doubled[0],
            "doubled-hour",
            f"{times} of the hour that the clock shows twice, {_lines(instants.doubled)}",
            "an offset, such as 2024-10-27T02:30+01:00",
            "the first of the two is taken",
        )
    rows = len(instants.lines)
    if instants.midnights >= _SOME and instants.midnights == rows:
        found = f"00:00 in all {rows} rows"
        hint = "if these are mere dates, the times of day are lost and all trucks come at midnight"
        _doubt(findings, file, instants.lines[0], "midnight", found, "times of day", hint)
    _twice(findings, file, table, instants)


def _twice(findings: Findings, file: Path, table: Table, instants: Instants) -> None:
    """Days of which every row stands twice, and other rows that do, if plates can tell them."""
    counts = Counter(row.cells for row in table.rows)
    days: dict[dt.date, list[int]] = defaultdict(list)
    for number, date in enumerate(instants.dates):
        days[date].append(number)
    whole: set[int] = set()
    for date, numbers in days.items():
        again = [n for n in numbers if counts[table.rows[n].cells] > 1]
        if len(again) == len(numbers) >= 2 * _SOME:
            whole.update(numbers)
            seen = _repeats(table, numbers)
            _doubt(
                findings,
                file,
                seen[0],
                "day-twice",
                f"all {len(numbers)} rows of {date} more than once, again {_lines(seen)}",
                "each day once",
                "was a day copied into the list twice? all rows come as trucks",
            )
    if len(table.header) < 2:
        # Without a plate beside it, one second may well be that of two trucks.
        return
    seen = _repeats(table, [n for n in range(len(table.rows)) if n not in whole])
    if seen:
        subject = "a row that stands" if len(seen) == 1 else f"{len(seen)} rows that stand"
        _doubt(
            findings,
            file,
            seen[0],
            "row-twice",
            f"{subject} there before: again {_lines(seen)}",
            "each truck once",
            "all rows come as trucks; delete those that are copies",
        )


def _repeats(table: Table, numbers: Sequence[int]) -> list[int]:
    """Lines of the rows that are equal to an earlier one."""
    seen: set[tuple[str, ...]] = set()
    lines = []
    for number in numbers:
        row = table.rows[number]
        if row.cells in seen:
            lines.append(row.line)
        seen.add(row.cells)
    return lines


def _lines(lines: Sequence[int]) -> str:
    shown = ", ".join(str(line) for line in lines[:_MOST_LINES])
    more = len(lines) - _MOST_LINES
    word = "line" if len(lines) == 1 else "lines"
    return f"in {word} {shown}" + (f" and {more} more" if more > 0 else "")


def _doubt(
    findings: Findings, file: Path, line: int, code: str, found: str, expected: str, hint: str
) -> None:
    words = (code, found, expected, hint)
    findings.warnings.append(Fault(str(file), line, 0, "", *words, level="warning"))

"""Words and numbers as a planner reads them: rounding, wrapping, what the font can draw."""

import math
import re
from collections.abc import Callable
from functools import cache, lru_cache

from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import FT2Font, LoadFlags

from portsim.figures import letters
from portsim.wording import days as day_names
from portsim.wording import decimal, later, say, tongue

_LONGEST = 64
_FINE = 288
_ROUNDING = 1.02  # whole pixels make a line up to so much wider
# Chinese, Japanese and Korean letters, which are a full em wide and break anywhere.
_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffe6"
_WIDE_LETTER = re.compile(f"[{_WIDE}]")
_NEVER_FIRST = "，。、；：！？）》」”％"
_PART = re.compile(
    f"[{_WIDE}][{_NEVER_FIRST}]*\\s*|[^\\s{_WIDE}]+?(?:-(?=[^\\s])|(?=\\s|$|[{_WIDE}]))\\s*"
)
OVERLOADED = later("overloaded: holds for this period only")
OVERLOADED_SHORT = later("overloaded (this period only)")


def number(value: float) -> str:
    """Three significant digits, thousands set off by commas, a true minus sign."""
    if not math.isfinite(value):
        return "?"
    size = abs(value)
    if size < 0.005:
        return "0"
    return decimal(value, 0 if size >= 99.95 else 1 if size >= 9.995 else 2)


def at_least(figure: str) -> str:
    """A figure that may be larger: some trucks were still inside at the end."""
    return say("at least {figure}", figure=figure)


def plain(value: float) -> str:
    """Like :func:`number`, without zeros at the end: for axes and for what is given, not found."""
    text = number(value)
    point = tongue().locale.number_symbols["latn"]["decimal"]
    return text.rstrip("0").rstrip(point) if point in text else text


def count(value: float) -> str:
    """A mean number of things: whole, except where it is small."""
    return decimal(value, 0 if value >= 9.95 or round(value, 1) == round(value) else 1)


def signed(value: float, write: Callable[[float], str] = number) -> str:
    """A number with a plus sign before what is above zero."""
    text = write(value)
    return text if text in {"0", "?"} or value < 0 else f"+{text}"


def percent(share: float) -> str:
    """A share in per cent; 100 % and 0 % are written only where they are exact."""
    if not math.isfinite(share):
        return "?"
    value = 100 * share
    if 0 < value < 0.5 or 99.5 <= value < 100:
        kept = min(max(round(value, 1), 0.1), 99.9)
        return say("{number} %", number=decimal(kept, 1))
    return say("{number} %", number=decimal(value, 0))


def span(low: str, high: str) -> str:
    """An interval in words; the unit is written once."""
    unit = say("{number} %", number="")
    if low.endswith(unit) and high.endswith(unit):
        low = low.removesuffix(unit)
    return say("{low} to {high}", low=low, high=high)


def days_named(days: list[int]) -> str:
    """Weekdays (Monday is 0) in words: ``daily``, ``Mon–Fri``, ``Tue, Thu``."""
    if len(days) == 7:
        return say("daily")
    names = day_names()
    if len(days) > 1 and days == list(range(days[0], days[-1] + 1)):
        return f"{names[days[0]]}–{names[days[-1]]}"
    return ", ".join(names[day] for day in days)


def drawable(text: str, otherwise: str) -> str:
    """``text`` on one line if the font has every letter of it, else ``otherwise``.

    A page is read with fonts that have every letter.
    """
    line = " ".join(text.split())
    known = tongue().on_page or letters.drawn(line)
    if line and known:
        return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
    return otherwise


def wide(text: str) -> bool:
    """Whether the text has letters that are a full em wide."""
    return _WIDE_LETTER.search(text) is not None


@lru_cache(maxsize=8192)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in inches of one line of text set in ``size`` points."""
    narrow = _WIDE_LETTER.sub("", text)
    # Of a letter that another font lends, the widest is expected.
    for letter in letters.lacking(narrow):
        narrow = narrow.replace(letter, "W")
    font = _font(bold=bold)
    font.set_size(size, _FINE)
    font.set_text(narrow, 0.0, flags=LoadFlags.NO_HINTING)
    measured = float(font.get_width_height()[0]) / 64 / _FINE * _ROUNDING
    return measured + (len(text) - len(narrow)) * size / 72


def wrap(text: str, inches: float, size: float, *, bold: bool = False) -> str:
    """Break ``text`` at spaces and after hyphens so that no line is wider than ``inches``."""
    lines, line = [], ""
    for part in _PART.findall(text):
        if line and width((line + part).rstrip(), size, bold=bold) > inches:
            lines.append(line.rstrip())
            line = ""
        piece = part
        while len(piece) > 1 and width(piece.rstrip(), size, bold=bold) > inches:
            cut = max(
                (n for n in range(1, len(piece)) if width(piece[:n], size, bold=bold) <= inches),
                default=1,
            )
            lines.append(piece[:cut])
            piece = piece[cut:]
        line += piece
    return "\n".join([*lines, line.rstrip()] if line.strip() else lines)


@cache
def _font(*, bold: bool) -> FT2Font:
    name = FontProperties(family=[letters.FONT], weight="bold" if bold else "normal")
    return get_font(findfont(name))

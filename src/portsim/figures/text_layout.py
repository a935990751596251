"""Words as a planner reads them: how wide they are, where they break, what the font can draw."""

import re
from functools import cache, partial

from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import FT2Font, LoadFlags

from portsim.figures import letters
from portsim.wording import days as day_names
from portsim.wording import later, say, tongue

_LONGEST = 64
_EM = 1000
_ROUNDING = 1.02  # whole pixels make a line up to so much wider
# Chinese, Japanese and Korean letters, which are a full em wide and break anywhere.
_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffe6"
_WIDE_LETTER = re.compile(f"[{_WIDE}]")
_NEVER_FIRST = "，。、；：！？）》」”％"
_PART = re.compile(
    f"[{_WIDE}][{_NEVER_FIRST}]*\\s*|[^\\s{_WIDE}]+?(?:-(?=[^\\s])|(?=\\s|$|[{_WIDE}]))\\s*"
)
OVERLOADED = later("overloaded: holds for this period only")
OVERLOADED_OWN = later("overloaded: a scale of its own")
OVERLOADED_SHORT = later("overloaded (this period only)")


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


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in inches of one line of text set in ``size`` points."""
    return sum(map(partial(_advance, bold=bold), text)) * size / 72 * _ROUNDING


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
def _advance(letter: str, *, bold: bool) -> float:
    """How far a letter moves the pen, in em. Pairs that stand closer are not looked at: a line laid
    out as a whole is hundreds of times slower and a hair narrower.
    """
    if wide(letter):
        return 1.0
    # Of a letter that another font lends, the widest is expected.
    drawn = "W" if letters.lacking(letter) else letter
    font = _font(bold=bold)
    font.set_size(_EM, 72)
    glyph = font.load_char(ord(drawn), flags=LoadFlags.NO_HINTING)
    return float(glyph.linearHoriAdvance) / 65_536 / _EM


@cache
def _font(*, bold: bool) -> FT2Font:
    name = FontProperties(family=[letters.FONT], weight="bold" if bold else "normal")
    return get_font(findfont(name))

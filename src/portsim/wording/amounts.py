"""The room of wording: numbers, shares, quantities and intervals as a reader sees them.

Whoever writes a figure for people writes it with these, in the language being spoken.
"""

import math
from collections.abc import Callable
from decimal import Decimal

from portsim.wording.formats import decimal, rounded
from portsim.wording.tongue import later, say, tongue

__all__ = [
    "amount",
    "at_least",
    "count",
    "estimated",
    "fixed",
    "four_digits",
    "gap",
    "given",
    "money",
    "number",
    "percent",
    "plain",
    "promised",
    "quantity",
    "signed",
    "significant",
    "span",
    "unit_words",
]

_LOPSIDED = 0.1
"""Difference of the two halves of an interval from which on it is written with its limits."""


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


def percent(share: float, digits: int | None = None) -> str:
    """A share in per cent.

    Args:
        share: 0 to 1.
        digits: after the point. If None, none but where it is close to 0 or 1: 100 % and 0 % are
            then written only where they are exact.
    """
    if digits is not None:
        return say("{number} %", number=decimal(100 * share, digits))
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


def quantity(value: float, unit: str) -> str:
    """A value with its unit as a planner writes it: ``12.4 h``, ``89.3 a day``, ``75.4 %``."""
    return percent(value, 1) if unit == "share" else _with_unit(number(value), unit)


def promised(value: float, unit: str) -> str:
    """A value that somebody asked for, with its unit: ``24 h``, ``95 %``."""
    if unit == "share":
        return say("{number} %", number=plain(100 * value))
    return _with_unit(plain(value), unit)


def amount(value: float, unit: str, *, difference: bool = False, sign: bool = True) -> str:
    """A figure to be set beside others of its kind: with one digit after the point, and its unit.

    Args:
        value: the figure; undefined if it is no number.
        unit: of a share ``share``.
        difference: whether it is one, of shares in percentage points.
        sign: whether a difference has a plus sign.
    """
    if math.isnan(value):
        return say("undefined")
    if unit == "share":
        value *= 100
    text = signed(
        value, lambda each: decimal(each, 1 if unit == "share" or abs(each) < 1000 else 0)
    )
    if not (difference and sign):
        text = text.removeprefix("+")
    if unit == "share":
        return say("{number} pp", number=text) if difference else say("{number} %", number=text)
    return _with_unit(text, unit)


def _with_unit(number: str, unit: str) -> str:
    if unit == "h":
        return say("{number} h", number=number)
    if unit == "1/d":
        return say("{number} a day", number=number)
    if unit == "h/d":
        return say("{number} h a day", number=number)
    if unit.endswith("/d"):
        return say("{number} {unit} a day", number=number, unit=unit[:-2])
    return number if unit == "1" else f"{number} {unit}".strip()


def unit_words(unit: str) -> str:
    """A unit as it stands beside an axis."""
    if unit == "share":
        return "%"
    usual = {"1": later("trucks"), "1/d": later("a day"), "h": later("h"), "h/d": later("h a day")}
    if unit in usual:
        return say(usual[unit])
    return say("{unit} a day", unit=unit[:-2]) if unit.endswith("/d") else unit


def estimated(mean: float, low: float, high: float, *, share: bool, difference: bool) -> str:
    """An estimate with its 95 % interval, if it has one; its words in the language being spoken.

    Args:
        mean: the estimate; ``undefined`` if it is no number.
        low: lower limit; no interval if it is no number or equals the upper one.
        high: upper limit.
        share: write per cent, and of a difference percentage points.
        difference: write signs.
    """
    if math.isnan(mean):
        return say("undefined")
    points = say("{number} pp", number="") if difference else say("{number} %", number="")
    factor, unit = (100.0, points) if share else (1.0, "")
    low, mean, high = low * factor, mean * factor, high * factor
    digits = 1 if share or abs(mean) < 1000 else 0
    text = fixed(mean, digits, sign=difference)
    if math.isnan(low) or low == high:
        # Values all alike leave nothing to make an interval of.
        return text + unit
    half = max(high - mean, mean - low)
    lower, upper = (rounded(side, digits) for side in (mean - low, high - mean))
    if lower != upper and abs((high - mean) - (mean - low)) > _LOPSIDED * half:
        # An interval that a limit cuts off or bends has no half to speak of.
        first, last = (fixed(end, digits, sign=difference) for end in (low, high))
        return f"{text} ({say('{low} to {high}', low=first, high=last)}){unit}"
    return f"{text} ± {decimal(half, digits)}{unit}"


def fixed(value: float, digits: int, *, sign: bool = False) -> str:
    """A number with so many digits after the point; with a sign, zero has a plus too."""
    text = decimal(value, digits)
    return f"+{text}" if sign and not text.startswith("−") else text


def gap(value: float, digits: int) -> str:
    """A difference with its sign; one that rounds to nothing has none."""
    if math.isnan(value):
        return "–"
    return decimal(value, digits) if not rounded(value, digits) else fixed(value, digits, sign=True)


def money(value: float, currency: str = "") -> str:
    """An amount of money, whole, with its currency if it is named."""
    return f"{decimal(value, 0)} {currency}".rstrip()


def significant(value: float, digits: int) -> str:
    """A value with so many digits that count, without an exponent or zeros at the end."""
    point = tongue().locale.number_symbols["latn"]["decimal"]
    return f"{Decimal(f'{value:.{digits}g}'):f}".replace(".", point)


def four_digits(value: float, unit: str = "") -> str:
    """A value of an input as people write it."""
    return f"{significant(value, 4)} {unit}".rstrip()


def given(value: object) -> str:
    """A value as somebody asked for it."""
    return significant(value, 6) if isinstance(value, float) else str(value)

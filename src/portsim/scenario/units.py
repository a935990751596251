"""Quantities with units, as a person writes them: "25 min", "21 t", "84 m", "90 deg", "60 per day".

Each type below reads such a text into one number in the unit portsim computes with. A bare number
is refused: a quantity without its unit is a fault. Distributions and calendars have other rooms.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from portsim.reading.text import nearest, short
from portsim.scenario.currency import MONEY, OTHER_NAMES, PER_TONNE, MoneyAmount, currency_in
from portsim.scenario.validation_messages import ValueFault
from portsim.scenario.value_text import pen, spelt_number, spelt_quantity

__all__ = [
    "SECONDS",
    "Angle",
    "Duration",
    "Length",
    "Mass",
    "Money",
    "Number",
    "Price",
    "Rate",
    "parse_duration",
    "read_in_unit",
    "written_unit",
]

SECONDS: Mapping[str, float] = MappingProxyType(
    {
        **dict.fromkeys(("s", "sec", "second", "seconds"), 1.0),
        **dict.fromkeys(("min", "minute", "minutes"), 60.0),
        **dict.fromkeys(("h", "hour", "hours"), 3600.0),
        **dict.fromkeys(("d", "day", "days"), 86_400.0),
        **dict.fromkeys(("w", "week", "weeks"), 604_800.0),
    }
)
TONNES: Mapping[str, float] = MappingProxyType({"t": 1.0, "kg": 0.001})
METRES: Mapping[str, float] = MappingProxyType({"m": 1.0, "cm": 0.01})
DEGREES: Mapping[str, float] = MappingProxyType(
    dict.fromkeys(("deg", "°", "degree", "degrees"), 1.0)
)
PER_DAY: Mapping[str, float] = MappingProxyType(
    {
        **dict.fromkeys(("per day", "/d", "/day", "a day"), 1.0),
        **dict.fromkeys(("per hour", "/h", "/hour", "an hour"), 24.0),
        **dict.fromkeys(("per week", "/w", "/week", "a week"), 1.0 / 7.0),
    }
)

_PART = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)\s*([^\d\s+-](?:[^\d+-]*[^\d\s+-])?)\s*")
_BARE = re.compile(r"\s*[-+]?\d+(?:\.\d+)?\s*")
_FROM_TO = re.compile(r"\s*(\d+(?:\.\d+)?)\s*\D{0,6}?\s*[-–—~]\s*(\d+(?:\.\d+)?)\s*(\D+)")
_OTHER_NAMES = {
    **dict.fromkeys(("mins", "m", "分", "分钟", "мин", "минут"), "min"),
    **dict.fromkeys(("hr", "hrs", "小时", "时", "ч", "час", "часа", "часов"), "h"),
    **dict.fromkeys(("天", "日", "д", "день", "дней"), "d"),
    **dict.fromkeys(("周", "нед", "недель"), "w"),
    **dict.fromkeys(("秒", "с", "сек"), "s"),
    **dict.fromkeys(("ton", "tons", "tonne", "tonnes", "吨", "т", "тонн"), "t"),
    **dict.fromkeys(("metre", "metres", "meter", "meters", "米", "м"), "m"),
    **dict.fromkeys(("度", "гр", "град", "градусов"), "deg"),
    **OTHER_NAMES,
    **dict.fromkeys(("trucks per day", "trucks/day", "辆/天", "per calendar day"), "per day"),
}


def _parse(value: Any, units: Mapping[str, float], quantity: str, example: str) -> float:
    expected = f'{quantity} with its unit, e.g. "{example}"'
    if isinstance(value, int | float) and not isinstance(value, bool):
        hint = f"write the unit: {value} {_units(units)}"
        raise ValueFault(expected=expected, hint=hint, code="unit-missing")
    if not isinstance(value, str) or not value.strip():
        raise ValueFault(expected=expected, code="quantity")
    # Full-width digits of a Chinese keyboard are digits.
    text = unicodedata.normalize("NFKC", value)
    position, total = 0, 0.0
    while position < len(text):
        part = _PART.match(text, position)
        if part is None:
            hint, code = _advice(text, units)
            raise ValueFault(expected=expected, hint=hint, code=code)
        unit = part[2]
        if unit not in units:
            hint, code = _advice(text, units, unit)
            raise ValueFault(expected=expected, hint=hint, code=code)
        if part[1].startswith("-"):
            raise ValueFault(expected=f"{quantity} of 0 or more", code="negative")
        total += float(part[1]) * units[unit]
        position = part.end()
    if not math.isfinite(total) or total > 1e15:
        raise ValueFault(expected=f"{quantity} of a sensible size", code="too-large")
    return total


def _units(units: Mapping[str, float]) -> str:
    """The shortest list of units: one name for each size."""
    names: dict[float, str] = {}
    for name, factor in units.items():
        names.setdefault(factor, name)
    return " or ".join(filter(None, (", ".join(list(names.values())[:-1]), [*names.values()][-1])))


def _advice(text: str, units: Mapping[str, float], unit: str = "") -> tuple[str, str]:
    """A hint on a text that is no quantity, and the name of the fault."""
    if re.search(r"\d,\d", text):
        return f"write a point: {short(re.sub(r'(?<=[0-9]),(?=[0-9])', '.', text))}", "quantity"
    between = _FROM_TO.fullmatch(text)
    if between and between[3].strip() in units:
        low, high = (f"{between[n]} {between[3].strip()}" for n in (1, 2))
        return f"for a value between two: {{uniform: {{low: {low}, high: {high}}}}}", "quantity"
    if not unit:
        bare = short(text) + " " if _BARE.fullmatch(text) else "a number with "
        return f"write the unit: {bare}{_units(units)}", "unit-missing"
    other = _OTHER_NAMES.get(unit.lower(), "")
    meant = other if other in units else nearest(unit, units)
    mend = f"did you mean `{meant}`?" if meant else f"known are {_units(units)}"
    return f"unknown unit `{short(unit)}`; {mend}", "unit-unknown"


def parse_duration(value: Any) -> float:
    """Read a duration such as ``"1 h 30 min"``.

    Returns:
        Seconds, float64, 0 or more.

    Raises:
        Wrong: no unit, an unknown unit, a negative or senseless size.
    """
    return _parse(value, SECONDS, "a duration", "25 min")


def _reader(units: Mapping[str, float], quantity: str, example: str) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        return _parse(value, units, quantity, example)

    return read


def _text_schema(description: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "description": description, "examples": [example]})


# A promise is made in hours, 24 of them too; longer times are told in days and weeks.
_TIMES = (("weeks", 604_800.0), ("days", 86_400.0), ("h", 3600.0), ("min", 60.0))
_RATES = (("per day", 1.0), ("per week", 1.0 / 7.0), ("per hour", 24.0))

Duration = Annotated[
    float,
    BeforeValidator(parse_duration),
    pen(spelt_quantity(*_TIMES, base="s")),
    _text_schema("a duration with its unit", "25 min"),
]
"""Seconds."""

Mass = Annotated[
    float,
    BeforeValidator(_reader(TONNES, "a mass", "21 t")),
    pen(spelt_quantity(base="t")),
    _text_schema("a mass with its unit", "21 t"),
]
"""Tonnes."""

Length = Annotated[
    float,
    BeforeValidator(_reader(METRES, "a length", "84 m")),
    pen(spelt_quantity(base="m")),
    _text_schema("a length with its unit", "84 m"),
]
"""Metres."""

Angle = Annotated[
    float,
    BeforeValidator(_reader(DEGREES, "an angle", "90 deg")),
    pen(spelt_quantity(base="deg")),
    _text_schema("an angle with its unit", "90 deg"),
]
"""Degrees."""


def _spelt_amount(per: str) -> Callable[[Any], Any]:
    """A pen for amounts: with their currency, or as bare numbers if they are such."""

    def spelt(amount: Any) -> Any:
        if not amount.currency:
            return float(amount)
        return f"{spelt_number(amount)} {amount.currency}{per}"

    return spelt


def _teller(
    units: Mapping[str, float], quantity: str, example: str
) -> Callable[[Any], MoneyAmount]:
    def read(written: Any) -> MoneyAmount:
        if isinstance(written, MoneyAmount):
            return written
        if isinstance(written, int | float) and not isinstance(written, bool):
            # In the currency of the other amounts, if they have one: who sees them all decides.
            _parse(f"{abs(written):f} {next(iter(units))}", units, quantity, example)
            if written < 0:
                raise ValueFault(expected=f"{quantity} of 0 or more", code="negative")
            return MoneyAmount(float(written), "")
        value = _parse(written, units, quantity, example)
        parts = _PART.finditer(unicodedata.normalize("NFKC", written))
        known = sorted({currency_in(part[2]) for part in parts})
        if len(known) > 1:
            raise ValueFault(expected=f"{quantity} in one currency", code="currencies")
        return MoneyAmount(value, known[0])

    return read


Money = Annotated[
    float,
    PlainValidator(_teller(MONEY, "an amount of money", "8000 CNY")),
    pen(_spelt_amount("")),
    _text_schema("an amount of money with its currency", "8000 CNY"),
]
"""Units of a currency of ISO 4217: an `MoneyAmount`, which knows it."""

Price = Annotated[
    float,
    PlainValidator(_teller(PER_TONNE, "a price", "4540 CNY/t")),
    pen(_spelt_amount("/t")),
    _text_schema("a price a tonne", "4540 CNY/t"),
]
"""Units of a currency of ISO 4217 a tonne: an `MoneyAmount`, which knows it."""

Rate = Annotated[
    float,
    BeforeValidator(_reader(PER_DAY, "a rate", "60 per day")),
    pen(spelt_quantity(*_RATES, base="per day")),
    _text_schema("a rate of arrivals", "60 per day"),
]
"""Trucks a calendar day."""

Number = Annotated[float, Field(ge=0.0, le=1e9)]
"""A plain number without a unit, 0 or more."""


_QUANTITIES = (SECONDS, TONNES, METRES, DEGREES, MONEY, PER_TONNE, PER_DAY)


def written_unit(value: Any) -> str:
    """The first unit in a text such as "1 h 30 min"; empty for a plain number."""
    part = _PART.match(unicodedata.normalize("NFKC", value)) if isinstance(value, str) else None
    return "" if part is None else part[2]


def read_in_unit(value: Any, unit: str) -> float:
    """Read a quantity as a number of units: "24 s" is 0.4 of the unit min.

    Args:
        value: a text with units of the same kind; a number, or a text of one, if there is no unit.
        unit: any known unit; empty for a plain number.

    Raises:
        Wrong: no number, no unit or one of another kind; or an unknown unit is asked for.
    """
    if unit:
        units = next((table for table in _QUANTITIES if unit in table), None)
        if units is None:
            raise ValueFault(expected="a known unit", found=unit, code="unit-unknown")
        return _parse(value, units, "a quantity", f"3 {unit}") / units[unit]
    if isinstance(value, str) and _BARE.fullmatch(value):
        return float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueFault(expected="a plain number", code="number")
    return float(value)

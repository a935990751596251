"""The words of a study: which values to try, and what to ask of the results.

Ranges and lists become plain values here; which scenario they make is worked out elsewhere.
"""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from portsim.reading.nodes import Scalar, plain_scalar
from portsim.reading.text import short
from portsim.scenario.base_model import Part, Several
from portsim.scenario.validation_messages import ValueFault

__all__ = ["MOST_VALUES", "Questions", "parse_values"]

MOST_VALUES = 1000
_EXPECTED = 'a range such as 2..8 or 0.5..3:0.25, or a list such as "2 min,4 min,8 min"'
_NUMBER = r"([-+]?\d+(?:\.\d+)?)"
_UNIT = r"\s*([^\d\s.:+-][^\d.:]*?)?\s*"
_RANGE = re.compile(rf"\s*{_NUMBER}{_UNIT}\.\.\s*{_NUMBER}{_UNIT}(?::\s*{_NUMBER}{_UNIT})?")


def parse_values(written: Any) -> tuple[Scalar, ...]:
    """Read the values to try at a place.

    Args:
        written: a range ``low..high`` of whole numbers, ``low..high:step`` of any, both ends
            included and units written with each number (``2 min..8 min:2 min``); values with
            commas between them; or a list of values.

    Returns:
        The values in order, as YAML reads them: numbers, texts with units, booleans.

    Raises:
        Wrong: no such range, a value twice, or more than a thousand of them.
    """
    if isinstance(written, list | tuple):
        values = tuple(written)
        if any(isinstance(value, list | dict) for value in values):
            raise ValueFault(expected="a list of plain values", code="values")
    elif not isinstance(written, str):
        values = (written,)
    elif ".." in written:
        values = _range(written)
    else:
        try:
            values = tuple(plain_scalar(part.strip()) for part in written.split(","))
        except ValueError as error:
            raise ValueFault(expected=_EXPECTED, hint=str(error), code="values") from None
    if not values or any(value is None for value in values):
        hint = "is there a comma too many?" if values and len(values) > 1 else ""
        raise ValueFault(expected=_EXPECTED, hint=hint, code="values")
    for number, value in enumerate(values):
        if value in values[:number]:
            hint = f"{short(str(value))} stands twice"
            raise ValueFault(expected="each value once", hint=hint, code="values")
    return values


def _range(text: str) -> tuple[Scalar, ...]:
    match = _RANGE.fullmatch(text)
    if match is None:
        raise ValueFault(expected=_EXPECTED, code="range")
    low, unit, high, unit_high, step, unit_step = match.groups()
    whole = "." not in low + high
    if step is None and not whole:
        hint = f"write the step, e.g. {text.strip()}:0.25"
        raise ValueFault(expected=_EXPECTED, hint=hint, code="range")
    if unit_high != unit or (step is not None and unit_step != unit):
        word = unit or unit_high or unit_step
        hint = f"write the unit with each number: {low} {word}..{high} {word}:{step or 1} {word}"
        raise ValueFault(expected="one unit throughout", hint=hint, code="range")
    first, last, by = Decimal(low), Decimal(high), Decimal(step or 1)
    if by <= 0 or last < first:
        raise ValueFault(
            expected="a range that rises: the low end first and a step above 0", code="range"
        )
    count = int((last - first) / by) + 1
    if count > MOST_VALUES:
        raise ValueFault(
            expected=f"at most {MOST_VALUES} values", found=f"{count} values", code="range"
        )
    reached = first + (count - 1) * by
    if reached != last:
        hint = f"steps of {by} lead from {first} to {reached} or {reached + by}"
        raise ValueFault(expected="a last value that the steps reach", hint=hint, code="range")
    numbers = [first + number * by for number in range(count)]
    if unit is not None:
        return tuple(f"{_plain(number)} {unit}" for number in numbers)
    if whole and by == by.to_integral_value():
        return tuple(int(number) for number in numbers)
    return tuple(float(number) for number in numbers)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


Values = Annotated[
    tuple[Any, ...],
    BeforeValidator(parse_values),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "examples": ["2..8", "0.5..3:0.25", "2 min,4 min"]},
                {"type": "number"},
                {"type": "array", "items": {"type": ["string", "number", "boolean"]}},
            ]
        }
    ),
]


class Questions(Part):
    """What is asked of a scenario: what `portsim sweep` tries, what `--uncertain` draws together.

    Nothing here changes a plain run or a comparison.
    """

    vary: dict[str, Values] = Field(default_factory=dict)
    """By dotted path of a value, e.g. traffic.scale, the values to try in its place."""
    measures: Several[str] = ()
    """Measures to keep; a short list of the most asked for if left out."""
    require: Several[str] = ()
    """What the cheapest point must meet, e.g. completed_within_limit>=0.95."""
    draws: str = ""
    """CSV file of values that are drawn together with --uncertain: a column a value, called by its
    dotted path and unit (stages.gate.time.lognormal.mean [min]), a row a replication."""

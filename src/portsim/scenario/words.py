"""The base of every model of the scenario language: frozen, strict, unknown keys refused.

Only what all models share belongs here; no field of the language does.
"""

import re
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

from portsim.scenario.faults import Wrong

__all__ = ["Count", "Listed", "Name", "Several", "Share", "Words", "check_name"]


class Words(BaseModel):
    """A part of a scenario: immutable once read; a key it does not know is a fault."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True
    )


def listed(found: Any) -> Any:
    """Take a YAML list as a tuple and leave everything else for pydantic to judge."""
    return tuple(found) if isinstance(found, list) else found


def several(found: Any) -> Any:
    """Take one text as a list of one, a YAML list as a tuple."""
    return (found,) if isinstance(found, str) else listed(found)


_NAME = r"^[^\s,+\[\]:/\\][^,+\[\]:/\\]*$"
_CLOCK = re.compile(r"\d{1,2}:\d{2}")


def check_name(name: str) -> str:
    """Return the name of a calendar, resource, stage or class if it may be one.

    Raises:
        Wrong: too short, too long, or with signs that have a meaning of their own.
    """
    if 1 <= len(name) <= 60 and re.fullmatch(_NAME, name) and name.isprintable():
        return name
    hint = ""
    if _CLOCK.search(name):
        hint = "hours belong to a calendar; write the name of that calendar here"
    raise Wrong(
        expected="a name of 1 to 60 characters without , + [ ] : / \\, and no blank in front",
        hint=hint,
        code="name",
    )


T = TypeVar("T")
Several = Annotated[tuple[T, ...], BeforeValidator(several)]
Listed = Annotated[tuple[T, ...], BeforeValidator(listed)]

Count = Annotated[int, Field(ge=0, le=1_000_000)]
Name = Annotated[
    str,
    AfterValidator(check_name),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 60, "pattern": _NAME}),
]
Share = Annotated[float, Field(ge=0.0, le=1.0)]

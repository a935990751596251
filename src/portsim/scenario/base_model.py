"""The base of every model of the scenario language: frozen, strict, unknown keys refused.

Only what all models share belongs here; no field of the language does.
"""

import re
from functools import cache
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    WithJsonSchema,
    model_serializer,
)

from portsim.scenario.validation_messages import ValueFault

__all__ = ["Count", "Listed", "Name", "Part", "Several", "Share", "Spelt", "check_name"]


class Spelt(BaseModel):
    """Writes itself in JSON as a person would in a file: nothing that is left to its default, and
    the short form where there is one. One spelling for one set of values.
    """

    short_form: ClassVar[str] = ""
    """The one field whose value may stand for the whole; empty without a short form."""

    @model_serializer(mode="wrap", when_used="json")
    def _spelt(self, handler: SerializerFunctionWrapHandler) -> Any:
        dumped = handler(self)
        # Somebody may have put something else here, unread.
        if not isinstance(self, Spelt) or not isinstance(dumped, dict):
            return dumped
        short = dumped.get(self.short_form)
        for name, key, default, spelt in _defaults(type(self)):
            if key in dumped and (
                # Models compare what was written as well, and not only what it means.
                dumped[key] == spelt if spelt is not None else _same(getattr(self, name), default)
            ):
                del dumped[key]
        return short if short is not None and dumped.keys() <= {self.short_form} else dumped


@cache
def _defaults(kind: type[Spelt]) -> tuple[tuple[str, str, Any, Any], ...]:
    """Of each field that may be left out its name, key and default; of a model what that says."""
    defaults = []
    for name, field in kind.model_fields.items():
        if not field.is_required():
            default = field.get_default(call_default_factory=True)
            model = isinstance(default, Spelt)
            spelt = default.model_dump(mode="json", by_alias=True) if model else None
            defaults.append((name, field.alias or name, default, spelt))
    return tuple(defaults)


def _same(value: Any, default: Any) -> bool:
    # True is no 1.
    return isinstance(value, bool) == isinstance(default, bool) and bool(value == default)


class Part(Spelt):
    """A part of a scenario: immutable once read; a key it does not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def listed(value: Any) -> Any:
    """Take a YAML list as a tuple and leave everything else for pydantic to judge."""
    return tuple(value) if isinstance(value, list) else value


def several(value: Any) -> Any:
    """Take one text as a list of one, a YAML list as a tuple."""
    return (value,) if isinstance(value, str) else listed(value)


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
    raise ValueFault(
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

"""The scenario room's map of the models: which keys and types may stand at a place of the file.

Only the annotations of pydantic models are read here; values, places and words may not enter.
"""

import types
import typing
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from portsim.scenario.fieldnotes import notes

__all__ = [
    "Shape",
    "flat",
    "known_keys",
    "models",
    "required_keys",
    "step",
    "step_field",
    "tagged",
]

Shape = list[Any]
"""The types that may stand at one place; more than one for a union."""


def flat(annotation: Any) -> Shape:
    """Return the types an annotation allows, without wrappers and without None."""
    if hasattr(annotation, "__value__"):
        return flat(annotation.__value__)
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return flat(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        return [kind for part in typing.get_args(annotation) for kind in flat(part)]
    return [] if annotation in (None, type(None)) else [annotation]


def models(shape: Shape) -> list[type[BaseModel]]:
    """Return the models among the types."""
    return [kind for kind in shape if isinstance(kind, type) and issubclass(kind, BaseModel)]


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def known_keys(several: Iterable[type[BaseModel]]) -> dict[str, str]:
    """Return the keys of models, and what each is for in a sentence."""
    keys: dict[str, str] = {}
    for model in several:
        texts = notes(model)
        for name, field in model.model_fields.items():
            key = field.alias or name
            text = " ".join(texts.get(name, "").split())
            keys.setdefault(key, text.split(". ", 1)[0].rstrip("."))
    return keys


def required_keys(several: Iterable[type[BaseModel]]) -> tuple[str, ...]:
    """Return the keys without which a mapping is no whole one, of the first model that has any."""
    required = (
        tuple(key for key, field in _fields(model).items() if field.is_required())
        for model in several
    )
    return next(filter(None, required), ())


def step_field(shape: Shape, part: str | int) -> Shape:
    """Return the types under a key that a model names; empty if no model does."""
    down: Shape = []
    for model in models(shape):
        field = _fields(model).get(str(part)) or model.model_fields.get(str(part))
        if field is not None:
            down += flat(field.annotation)
    return down


def step(shape: Shape, part: str | int) -> Shape:
    """Return the types under a key or an index of a value that is really there."""
    down = step_field(shape, part)
    for annotation in shape if not down else []:
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            extra = annotation.__annotations__.get("__pydantic_extra__")
            down += flat(typing.get_args(extra)[-1]) if typing.get_args(extra) else []
            continue
        parts = [p for p in typing.get_args(annotation) if not isinstance(p, types.EllipsisType)]
        if parts:
            down += flat(parts[-1])
    return down


def tagged(shape: Shape, tag: str | int) -> Shape:
    """Return the types of the union's branch with this tag; all of them if none is known by it."""
    chosen = [kind for kind in shape if _name(kind) == tag or _name(kind) in str(tag)]
    chosen = chosen or [kind for kind in models(shape) if _has_literal(kind, tag)]
    return chosen or shape


def _name(kind: Any) -> str:
    return getattr(kind, "__name__", str(kind))


def _has_literal(model: type[BaseModel], tag: str | int) -> bool:
    for field in model.model_fields.values():
        for annotation in flat(field.annotation):
            origin: Any = typing.get_origin(annotation)
            if origin is typing.Literal and tag in typing.get_args(annotation):
                return True
    return False

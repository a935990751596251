"""The scenario room's reader of docstrings: what each word of the language is for, in a sentence.

Pydantic can read them too, but does so whenever a model is made: half a second of every start, for
texts that only a schema and a message of a fault ever show.
"""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

__all__ = ["Described", "notes"]


@cache
def notes(model: type[BaseModel]) -> Mapping[str, str]:
    """What the fields of a model are for: the docstring below each, by the field's Python name.

    Fields of its parents are among them. Empty where the source cannot be read.
    """
    made_of = model.__pydantic_generic_metadata__["origin"] or model
    texts: dict[str, str] = {}
    for parent in reversed(made_of.__mro__):
        if parent is not BaseModel and issubclass(parent, BaseModel):
            texts |= _of_module(parent.__module__).get(parent.__qualname__, {})
    return texts


class Described(GenerateJsonSchema):
    """Makes a JSON Schema whose properties have the docstrings of their fields."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """The schema of one model, described."""
        made = super().model_schema(schema)
        model: type[BaseModel] = schema["cls"]
        texts = notes(model)
        for name, field in model.model_fields.items():
            part = made.get("properties", {}).get(field.alias or name)
            if part is not None and name in texts:
                # It says more than that of the field's type: "a length with its unit".
                part["description"] = texts[name]
        return made


@cache
def _of_module(name: str) -> Mapping[str, Mapping[str, str]]:
    """The docstrings of fields in a module, by class and field."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[name]))
    except (OSError, TypeError):
        return {}
    return {
        node.name: dict(_of_class(node.body))
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    }


def _of_class(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for field, after in pairwise(body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
            and isinstance(after.value.value, str)
        ):
            yield field.target.id, inspect.cleandoc(after.value.value)

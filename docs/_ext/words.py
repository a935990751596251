"""The reference of the scenario language, written from the schema and the models.

Only what `portsim schema` says enters here, and the defaults, which a schema for overlays leaves
out. Nothing about pages or Sphinx does.
"""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from portsim.scenario import units
from portsim.scenario.model import Scenario
from portsim.scenario.schema import json_schema
from portsim.scenario.shapes import flat, models

__all__ = ["language"]

Schema = dict[str, Any]

_OF = re.compile(r"(\w+?)Of([A-Z]\w*)$")
_NOTES = ("Source", "Confidence", "Range", "Note")
_UNITS = (
    ("a duration", "25 min", units.SECONDS, "seconds"),
    ("a mass", "21 t", units.TONNES, "tonnes"),
    ("a length", "84 m", units.METRES, "metres"),
    ("an angle", "90 deg", units.DEGREES, "degrees"),
    ("an amount of money", "8000 CNY", units.YUAN, "yuan"),
    ("a price", "4540 CNY/t", units.YUAN_PER_TONNE, "yuan a tonne"),
    ("a rate", "60 per day", units.PER_DAY, "trucks a calendar day"),
)
_DURATIONS = (("weeks", 604_800), ("h", 3600), ("min", 60), ("s", 1))


def language() -> str:
    """Every part of the language with every key, what may stand there, its default and meaning.

    Returns:
        Markdown (MyST): a section for each part, in the order in which they are met from the
        scenario down.
    """
    schema = json_schema()
    parts = {"Scenario": schema, **schema.pop("$defs")}
    known = {one.__name__.partition("[")[0]: one for one in _met(Scenario)}
    lines = [*_quantities()]
    for name in _order(parts):
        part = _part(name, parts[_stands_for(name, parts)], known.get(name))
        lines += part if name in parts else _of_any(part)
    return "\n".join(lines)


def _of_any(lines: list[str]) -> list[str]:
    """What is said of durations, said of quantities of any kind."""
    said = "\n".join(lines).replace("a duration, e.g.", "a quantity, e.g.")
    return said.replace(" of durations", "").split("\n")


def _quantities() -> list[str]:
    rows = [
        f"| {what} | `{example}` | {', '.join(names)} | {inside} |"
        for what, example, names, inside in _UNITS
    ]
    return [
        "## Quantities",
        "",
        "A quantity has its unit; a bare number is refused. Parts add up: `1 h 30 min`.",
        "",
        "| quantity | e.g. | units | in the program |",
        "|---|---|---|---|",
        *rows,
        "",
    ]


def _met(model: type[BaseModel]) -> list[type[BaseModel]]:
    """The models that can be met from one down, each once."""
    found = [model]
    for one in found:
        inside = dict(one.model_fields)
        below = [shape for field in inside.values() for shape in _inner(field.annotation)]
        extra = one.__annotations__.get("__pydantic_extra__")
        below += _inner(extra) if extra is not None else []
        found += [shape for shape in dict.fromkeys(below) if shape not in found]
    return found


def _inner(annotation: Any) -> list[type[BaseModel]]:
    """Models in an annotation, through tuples and mappings."""
    found = []
    for one in flat(annotation):
        if isinstance(one, type) and issubclass(one, BaseModel):
            found += models([one])
        else:
            for part in getattr(one, "__args__", ()):
                found += _inner(part) if part is not ... else []
    return found


def _order(parts: dict[str, Schema]) -> list[str]:
    """Names of the parts, breadth first; a distribution of whatever quantity is one part."""
    names = ["Scenario"]
    for name in names:
        for ref in _refs(parts[_stands_for(name, parts)]):
            short = _name(ref)
            if short not in names and ref not in _NOTES:
                names.append(short)
    return names


def _name(ref: str) -> str:
    of = _OF.fullmatch(ref)
    return of[1] if of else ref


def _stands_for(name: str, parts: dict[str, Schema]) -> str:
    return name if name in parts else next(key for key in parts if _name(key) == name)


def _refs(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].rpartition("/")[2]
        for value in part.values():
            yield from _refs(value)
    elif isinstance(part, list):
        for item in part:
            yield from _refs(item)


def _part(name: str, part: Schema, model: type[BaseModel] | None) -> list[str]:
    """One part; without a model what the schema alone says, as of a change to a step."""
    whole = next((way for way in part.get("anyOf", []) if "properties" in way), part)
    short = [_kind(way) for way in part.get("anyOf", []) if way is not whole]
    lines = [
        f"(word-{name.lower()})=",
        f"## {name}",
        "",
        _text(_about(model) if model else part["description"]),
        "",
    ]
    if short:
        lines += [f"In short: {' or '.join(short)}.", ""]
    fields = model.model_fields if model else {}
    by_alias = {field.alias or key: field for key, field in fields.items()}
    for key, given in whole.get("properties", {}).items():
        default = _default(by_alias.get(key), given)
        kind = " or ".join(dict.fromkeys(_kind(way) for way in _ways(given))) or "anything"
        lines += [f"`{key}` · {kind}{default}", f": {_text(given.get('description', ''))}", ""]
    if isinstance(whole.get("additionalProperties"), dict):
        kind = _kind(_ways(whole["additionalProperties"])[0])
        lines += ["*any other name* · " + kind, ": One for each name.", ""]
    return lines


def _about(model: type[BaseModel]) -> str:
    """Docstring; of a distribution for one quantity, that of the distribution."""
    bare = next(one for one in model.__mro__ if "[" not in one.__name__)
    return bare.__doc__ or ""


def _ways(given: Schema) -> list[Schema]:
    """What may stand there, without the annotated form and null, which may stand anywhere."""
    ways = given.get("anyOf", [given])
    return [way for way in ways if way.get("type") != "null" and not _annotated(way)]


def _annotated(way: Schema) -> bool:
    return {"value", "source", "confidence"} <= set(way.get("properties", {}))


def _kind(way: Schema) -> str:  # noqa: PLR0911 - one answer for each kind of schema
    if "$ref" in way:
        ref = way["$ref"].rpartition("/")[2]
        return f"[{_name(ref)}](#word-{_name(ref).lower()}){_of(ref)}"
    if "const" in way:
        return f"`{way['const']}`"
    if "enum" in way:
        return " or ".join(f"`{one or '(empty)'}`" for one in way["enum"])
    if "anyOf" in way:
        return " or ".join(dict.fromkeys(_kind(one) for one in _ways(way)))
    kind = way.get("type", "")
    if isinstance(kind, list):
        return " or ".join(_kind({"type": one}) for one in kind)
    if kind == "array":
        items = way.get("items", {})
        return f"list of {' or '.join(_kind(one) for one in _ways(items))}" if items else "list"
    if kind == "object":
        inside = [*way.get("patternProperties", {}).values()]
        if isinstance(way.get("additionalProperties"), dict):
            inside.append(way["additionalProperties"])
        named = " or ".join(dict.fromkeys(_kind(one) for part in inside for one in _ways(part)))
        return f"mapping of names to {named}{_example(way)}" if named else f"mapping{_example(way)}"
    if kind == "string":
        return _text_kind(way)
    words = {"integer": "whole number", "number": "number"}
    if kind in words:
        return words[kind] + _limits(way)
    return "`true` or `false`" if kind == "boolean" else f"{kind}{_example(way)}"


def _text_kind(way: Schema) -> str:
    """A quantity is known by its example, a date and a name by their patterns."""
    examples = way.get("examples", [])
    what = next((what for what, example, *_ in _UNITS if [example] == examples), "")
    if what:
        return f"{what}, e.g. `{examples[0]}`"
    pattern = way.get("pattern", "")
    if "4}" in pattern:
        return "date, e.g. `2024-09-21`"
    return f"{'name' if 'minLength' in way else way.get('description', 'text')}{_example(way)}"


def _of(ref: str) -> str:
    of = _OF.fullmatch(ref)
    words = {"Duration": "durations", "Mass": "masses", "Price": "prices", "Number": "numbers"}
    return f" of {words.get(of[2], of[2].lower())}" if of else ""


def _limits(way: Schema) -> str:
    low = way.get("minimum", way.get("exclusiveMinimum"))
    high = way.get("maximum", way.get("exclusiveMaximum"))
    above = "above " if "exclusiveMinimum" in way else ""
    if low is not None and high is not None and high < 1e6:
        return f" {above}{low:g} to {high:g}" if above else f" from {low:g} to {high:g}"
    return f", {above}{low:g}{'' if above else ' or more'}" if low is not None else ""


def _example(way: Schema) -> str:
    examples = way.get("examples", [])
    if not examples:
        return ""
    if isinstance(examples[0], dict):
        text = ", ".join(f"{key}: {value}" for key, value in examples[0].items())
        return f", e.g. `{{{text}}}`"
    return f", e.g. {' or '.join(f'`{one}`' for one in examples)}"


def _default(field: FieldInfo | None, given: Schema) -> str:
    if field is not None and field.is_required() and "if left out" not in str(field.description):
        return " · **needed**"
    value = given.get("default") if field is None else field.get_default()
    if isinstance(value, bool):
        return f" · default `{str(value).lower()}`"
    if isinstance(value, int | float):
        return f" · default `{_written(value, given)}`"
    return f" · default `{value}`" if isinstance(value, str) and value else ""


def _written(value: float, given: Schema) -> str:
    """A number as a person would write it, with its unit."""
    found = str(_ways(given))
    for what, example, names, _ in _UNITS:
        if f"'{example}'" in found:
            if what == "a duration" and value:
                name, seconds = next(one for one in _DURATIONS if value % one[1] == 0)
                return f"{value / seconds:g} {name}"
            return f"{value:g} {next(name for name, factor in names.items() if factor == 1.0)}"
    return f"{value:g}"


def _text(description: str) -> str:
    return " ".join(description.split())

"""The JSON Schema of a scenario, for editors: completion, hover texts and red lines while typing.

It is made from the models, so it never says more or less than they do, except that an overlay may
leave anything out. What a key means is not repeated here.
"""

import copy
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from portsim.reading.annotations import SHAPES
from portsim.scenario.fieldnotes import Described
from portsim.scenario.model import Scenario

__all__ = ["json_schema"]

Schema = dict[str, Any]

_ID = "urn:portsim:scenario"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_SECTIONS = ("calendars", "resources", "stages")
_QUANTITIES = MappingProxyType(
    {"25 min": "Duration", "21 t": "Mass", "8000 CNY": "Money", "4540 CNY/t": "Price"}
)
_TIME_OF_DAY: Schema = {"type": "string", "examples": ["00:00"]}
_SHORT: Mapping[str, tuple[Schema, ...]] = MappingProxyType(
    {
        "Take": ({"type": "integer", "minimum": 1}, {"const": "all"}),
        "Amount": ({"type": "integer", "minimum": 1},),
        "Inside": ({"type": "array", "items": {"$ref": "#/$defs/InsideTruck"}},),
        "Label": ({"type": "string"},),
        "Step": ({"type": "string"},),
        "SlotWish": ({"type": "string"},),
        "Daylight": ({"type": "boolean"},),
        "Refill": (_TIME_OF_DAY, {"type": "array", "items": _TIME_OF_DAY}),
        "TimeValue": ({"type": "string", "examples": ["60 CNY"]},),
        "WorkTime": ({"$ref": "#/$defs/DistributionOfDuration"},),
        "Patience": ({"$ref": "#/$defs/DistributionOfDuration"},),
        "Tolerance": ({"$ref": "#/$defs/DistributionOfNumber"},),
    }
)
"""Short forms of models; a distribution's is the plain value."""
_ONE_OR_SEVERAL = {
    ("Scenario", "open_hours"),
    ("Calendar", "closed"),
    ("Stage", "hours"),
    ("Patience", "stages"),
    ("Tolerance", "stages"),
    ("Refill", "at"),
    ("Step", "channels"),
    ("Preferred", "skips"),
    ("People", "posts"),
    ("People", "lengths"),
    ("People", "patterns"),
    ("Break", "after"),
}
_CHANGES = ("TruckClass", "route")
"""What an overlay may change by names, a mapping in place of the list."""
_BESIDE: Mapping[str, Schema] = MappingProxyType(
    {
        word: {"description": f"Put the step {word} this stage.", "type": "string"}
        for word in ("before", "after")
    }
)
_NOTES: Mapping[str, Schema] = MappingProxyType(
    {
        "Source": {"description": "Who says so: a document, a visit, a person.", "type": "string"},
        "Confidence": {
            "description": "From A, measured, to E, guessed.",
            "enum": ["A", "B", "C", "D", "E"],
        },
        "Range": {
            "description": 'Lowest and highest plausible value: [low, high] or "low..high".',
            "anyOf": [
                {
                    "type": "array",
                    "items": {"type": ["string", "number"]},
                    "minItems": 2,
                    "maxItems": 2,
                },
                {"type": "string", "pattern": r"\.\."},
            ],
        },
        "Shape": {
            "description": "How the value lies in its range: evenly within it, or as the normal or "
            "lognormal distribution of which it holds 95 %.",
            "enum": list(SHAPES),
        },
        "Note": {"description": "Anything else worth knowing.", "type": "string"},
    }
)
"""What may stand beside an annotated value, by the name of its definition."""
_EXTENDS: Schema = {
    "description": "Base file, or several, relative to this one; what follows overrides it.",
    "anyOf": [
        {"type": "string"},
        {"type": "array", "items": {"type": "string"}},
        {"type": "null"},
    ],
}


def json_schema() -> Schema:
    """Return the schema of a scenario file or of an overlay, JSON Schema draft 2020-12.

    Nothing is required, so that an overlay of ten lines is right; every value may be annotated
    with its source, and `null` deletes what a base gave.
    """
    made = Scenario.model_json_schema(by_alias=True, mode="validation", schema_generator=Described)
    raw = made.pop("$defs")
    names = {old: _tidy_name(old, part) for old, part in raw.items()}
    parts = {names[old]: _renamed(part, names) for old, part in raw.items()}
    root = _model(_renamed(made, names), "Scenario")
    root["properties"] = {"extends": copy.deepcopy(_EXTENDS), **root["properties"]}
    defs = {name: _definition(name, part) for name, part in sorted(parts.items())}
    defs["StepChange"] = _step_change(parts["Step"])
    defs |= copy.deepcopy(dict(_NOTES))
    title = "A portsim scenario"
    return {"$schema": _DRAFT, "$id": _ID, **root, "title": title, "$defs": defs}


def _tidy_name(old: str, part: Schema) -> str:
    """A name for people: pydantic calls a distribution of masses by its Python type."""
    if "_" not in old:
        return old
    stem = re.sub(r"^portsim__scenario__[a-z]+__", "", old).split("_")[0]
    examples = re.findall(r"'examples': \['([^']+)'\]", str(part))
    return f"{stem}Of{_QUANTITIES.get(examples[0], 'Number') if examples else 'Number'}"


def _renamed(part: Any, names: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        renamed = {key: _renamed(value, names) for key, value in part.items()}
        if isinstance(renamed.get("$ref"), str):
            old = renamed["$ref"].rpartition("/")[2]
            renamed["$ref"] = f"#/$defs/{names[old]}"
        return renamed
    return [_renamed(item, names) for item in part] if isinstance(part, list) else part


def _definition(name: str, part: Schema) -> Schema:
    whole = _model(part, name)
    short = _SHORT.get(name, ())
    if name.startswith("DistributionOf"):
        constant = part["properties"]["constant"]
        short = tuple(form for form in constant.get("anyOf", [constant]) if not _is_null(form))
    if not short:
        return whole
    described = {"description": whole.pop("description")} if "description" in whole else {}
    return {**described, "anyOf": [whole, *copy.deepcopy(short)]}


def _step_change(step: Schema) -> Schema:
    """What an overlay may say of one step of a base's route."""
    whole = _model(step, "Step")
    # What is left out stays as it was: there is no default.
    properties = {
        key: {word: value for word, value in schema.items() if word != "default"}
        for key, schema in whole["properties"].items()
        if key != "stage"
    }
    description = "What is otherwise at one step of the route of the base."
    return {
        **whole,
        "description": description,
        "properties": {**properties, **copy.deepcopy(dict(_BESIDE))},
    }


def _model(part: Schema, name: str) -> Schema:
    """A model: nothing required, every value as `_value` widens it."""
    part = {key: value for key, value in part.items() if key not in ("required", "title")}
    properties: Schema = {}
    for key, given in part.get("properties", {}).items():
        schema = _plain(given)
        if name == "Scenario" and key in (*_SECTIONS, "traffic"):
            properties[key] = _section(schema)
        else:
            properties[key] = _value(schema, several=(name, key) in _ONE_OR_SEVERAL)
        if (name, key) == _CHANGES:
            change = {"$ref": "#/$defs/StepChange"}
            by_stage: Schema = {"type": "object", "additionalProperties": _or_null(change)}
            properties[key]["anyOf"].insert(1, by_stage)
    part["properties"] = properties
    if isinstance(part.get("additionalProperties"), dict):
        part["additionalProperties"] = _or_null(part["additionalProperties"])
    return part


def _section(part: Schema) -> Schema:
    """A mapping of names to things: a thing may be deleted, but not annotated."""
    part = {key: value for key, value in part.items() if key != "minProperties"}
    if "patternProperties" in part:
        named = {key: _or_null(schema) for key, schema in part["patternProperties"].items()}
        part |= {"patternProperties": named, "additionalProperties": False}
    return _or_null(part)


def _plain(part: Schema) -> Schema:
    """A schema without what only Python understands: titles, defaults in seconds, nulls."""
    part = {key: value for key, value in part.items() if key != "title"}
    default = part.get("default")
    fits = {"string": str, "boolean": bool, "integer": int, "number": float}
    kind = fits.get(str(part.get("type")), ())
    if "default" in part and (default == "" or not isinstance(default, kind)):
        del part["default"]
    if part.get("type") == "array" and "minLength" in part:
        part["minItems"] = part.pop("minLength")
    return part


def _value(part: Schema, *, several: bool = False) -> Schema:
    """A value as people may write it: plain, annotated, or null."""
    part = _plain(part)
    outside: Schema = {key: part.pop(key) for key in ("description", "default") if key in part}
    ways = part.pop("anyOf") if "anyOf" in part else [part]
    ways = [_inside(way) for way in ways if not _is_null(way)]
    if several:
        ways += [{"type": "string"}]
    value = ways[0] if len(ways) == 1 else {"anyOf": ways}
    annotated = {
        "type": "object",
        "properties": {
            "value": value,
            **{name.lower(): {"$ref": f"#/$defs/{name}"} for name in _NOTES},
        },
        "required": ["value"],
        "additionalProperties": False,
    }
    choices: list[Schema] = [*copy.deepcopy(ways), annotated, {"type": "null"}]
    return {**outside, "anyOf": choices}


def _inside(part: Schema) -> Schema:
    """The same for the items of a list and the values of a mapping."""
    part = _plain(part)
    if isinstance(part.get("items"), dict):
        part["items"] = _without_null(_value(part["items"]))
    if "patternProperties" in part:
        named = {key: _value(schema) for key, schema in part["patternProperties"].items()}
        part |= {"patternProperties": named, "additionalProperties": False}
    if isinstance(part.get("additionalProperties"), dict):
        part["additionalProperties"] = _value(part["additionalProperties"])
    return part


def _or_null(part: Schema) -> Schema:
    outside = {key: part[key] for key in ("description",) if key in part}
    inside = {key: value for key, value in part.items() if key not in outside}
    return {**outside, "anyOf": [inside, {"type": "null"}]}


def _without_null(part: Schema) -> Schema:
    return {**part, "anyOf": [way for way in part["anyOf"] if not _is_null(way)]}


def _is_null(part: Schema) -> bool:
    return part.get("type") == "null"

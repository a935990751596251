"""A scenario as plain values: what its objects say now, as a person would write it in a file.

The way back from models to mappings, lists, texts and numbers. Where a value came from may not
enter: the values alone are the scenario.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

from portsim.errors import InputError
from portsim.reading.text import short

__all__ = ["named_files", "plain"]

Path = tuple[str | int, ...]


def plain(model: BaseModel, without: Mapping[str, Any] | None = None) -> Any:
    """What a scenario, or a part of one, says: mappings, lists, texts, numbers and booleans only.

    Each set of values has one spelling: units are those that give whole numbers, short forms stand
    where there are any, and what is left to its default is left out. Keys stand in the order of
    the language; names that people chose in their own. Read again, it gives the same values, to
    the last bit.

    Args:
        model: a scenario; also one with values that nobody has checked yet.
        without: fields that are left out, as `exclude` of pydantic's ``model_dump``.

    Returns:
        A mapping for a whole scenario.

    Raises:
        InputError: something in it can stand in no file.
    """
    try:
        # Values put there unread are for the reader to judge: no warnings beforehand.
        data = model.model_dump(mode="json", by_alias=True, exclude=without, warnings=False)
    except PydanticSerializationError as error:
        raise InputError(
            f"something in the scenario cannot stand in one: {short(str(error), 200)}\n"
            "    hint: write numbers, texts with units, lists and mappings, as in YAML"
        ) from None
    return _tidy(data)


def _tidy(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(key): _tidy(part) for key, part in data.items()}
    if isinstance(data, list | tuple):
        return [_tidy(part) for part in data]
    # 2.0 is 2: which of the two was written means nothing.
    return int(data) if isinstance(data, float) and data.is_integer() else data


def named_files(data: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Where plain values name a file: paths of the mappings with `file`, and the mappings."""
    if isinstance(data, dict):
        names = path[-1:] in (("empirical",), ("recorded",)) or path == ("inside",)
        if names and isinstance(data.get("file"), str):
            yield path, data
        for key, part in data.items():
            yield from named_files(part, (*path, key))
    elif isinstance(data, list):
        for number, part in enumerate(data):
            yield from named_files(part, (*path, number))

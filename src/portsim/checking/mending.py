"""A scenario with the parts at fault taken out, so that the rest can still be checked.

What is taken out is for the checks alone; no such scenario ever leaves this room.
"""

import copy
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from portsim.errors import Fault
from portsim.reading.merging import Tree
from portsim.reading.text import dotted
from portsim.scenario.hints import like
from portsim.scenario.model import Scenario
from portsim.scenario.validation_messages import paths_at_fault

__all__ = ["mended", "without_echoes"]

Path = tuple[str | int, ...]
_MOST_ROUNDS = 40
_MOST_FAULTS = 1000
"""Who has so many has enough to mend; what is left of the file says little."""
_MISSED = ("at_close", "load", "residents", "value")
_STAND_INS: dict[tuple[str, ...], Any] = {
    ("name",): "unnamed",
    ("timezone",): "UTC",
    ("period",): {"from": "2024-01-01", "to": "2024-12-31"},
    ("stages",): {"none": {"time": "0 s"}},
    ("traffic",): {},
    ("stages", "*", "time"): "0 s",
    ("traffic", "*", "direction"): "export",
    ("traffic", "*", "arrivals"): {"rate": "1 per day"},
}


def mended(tree: Tree) -> tuple[Scenario | None, set[Path]]:
    """Take out of a tree what is at fault until the rest is a scenario.

    Returns:
        The scenario, None if too little is left; and the paths where something was taken out.
    """
    data: Any = copy.deepcopy(tree.data)
    touched: set[Path] = set()
    patience = _MOST_FAULTS
    for _ in range(_MOST_ROUNDS):
        try:
            return Scenario.model_validate(data), touched
        except ValidationError as error:
            patience -= error.error_count()
            if patience < 0:
                return None, touched
            for path, key in paths_at_fault(error, data, Scenario):
                if not (path or key):
                    return None, touched
                _take_out(data, path, key, touched)
    return None, touched


def _take_out(data: Any, path: Path, key: str, touched: set[Path]) -> None:
    if not _holds(data, path):
        # It went with what was taken out for another fault of the same round.
        return
    if key:
        where = (*path, key)
        stand_in = _STAND_INS.get(_pattern(where))
        if stand_in is not None:
            _get(data, path)[key] = copy.deepcopy(stand_in)
            touched.add(where)
            return
    # An item of a list cannot go alone: the places of the others would move.
    while path and isinstance(path[-1], int):
        path = path[:-1]
    if not path:
        return
    touched.add(path)
    stand_in = _STAND_INS.get(_pattern(path))
    if stand_in is not None and _get(data, path) != stand_in:
        _get(data, path[:-1])[path[-1]] = copy.deepcopy(stand_in)
    else:
        del _get(data, path[:-1])[path[-1]]


def _pattern(path: Path) -> tuple[str, ...]:
    names = tuple(str(part) for part in path)
    return (names[0], "*", *names[2:]) if len(names) > 1 else names


def _get(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def _holds(data: Any, path: Path) -> bool:
    for part in path:
        if not isinstance(data, dict | list):
            return False
        if part not in (data if isinstance(data, dict) else range(len(data))):
            return False
        data = data[part]  # type: ignore[index]
    return True


def without_echoes(faults: Iterable[Fault], touched: set[Path]) -> list[Fault]:
    """Leave out faults of the places that were taken out: they are known already."""
    known = {dotted(path) for path in touched}
    above = {parent for path in known for parent in _parents(path)}
    # A key taken out because it was misspelt is not missing as well.
    meant = {
        dotted((*path[:-1], name))
        for path in touched
        for name in _MISSED
        if path and like(str(path[-1]), [name])
    }
    return [
        fault
        for fault in faults
        if fault.path not in meant
        and fault.path not in above
        and known.isdisjoint((fault.path, *_parents(fault.path)))
    ]


def _parents(path: str) -> Iterator[str]:
    """The paths that a dotted path lies within."""
    for at, sign in enumerate(path):
        if at and sign in ".[":
            yield path[:at]

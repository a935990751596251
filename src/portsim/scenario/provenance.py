"""The scenario room's ledger: every input of a scenario, where it stands and who answers for it.

Trees, notes and the types of the models are read here; figures and runs may not enter.
"""

import datetime as dt
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from portsim.reading.annotations import Note
from portsim.reading.annotations import Path as TreePath
from portsim.reading.merging import Tree
from portsim.reading.nodes import Place
from portsim.reading.text import dotted
from portsim.scenario import shapes
from portsim.scenario.calendar import Holidays
from portsim.scenario.distributions import Empirical
from portsim.scenario.labels import Label
from portsim.scenario.model import Scenario
from portsim.scenario.traffic import Recorded, Step

__all__ = ["GROUPS", "Input", "counts", "inputs"]

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "measured": "AB",
        "second_hand": "C",
        "derived": "D",
        "assumed": "E",
        "unmarked": "",
    }
)
"""Names of the groups that are counted, and the marks that each of them holds."""

# What is asked of the port rather than said about it.
_QUESTION = {
    "name",
    "label",
    "summary",
    "sides",
    "map",
    "role",
    "timezone",
    "period",
    "replications",
}
_QUESTION |= {"seed", "study"}
_ONE_INPUT: tuple[type, ...] = (Empirical, Recorded, Holidays)
_QUANTITIES = (int, float, dt.date)


@dataclass(frozen=True, slots=True)
class Input:
    """One input: what a person wrote in one field, be it a number, a profile or a week of hours.

    Attributes:
        path: where it stands in the scenario.
        value: as written, without its notes.
        source: who says so, by the innermost note that names somebody; None if none does.
        confidence: the innermost mark, A to E; None if it has no mark.
        range: lowest and highest plausible value as written; None if not given. That of a mapping
            stands at each value inside it, see ``noted``.
        shape: how the value lies in its range, as written; None if not given.
        note: anything else worth knowing, from the innermost note.
        noted: path of the innermost note; None without one.
        place: file and line of the value.
        whole: whether only whole numbers may stand there.
    """

    path: TreePath
    value: Any
    source: str | None
    confidence: str | None
    range: tuple[Any, Any] | None
    shape: str | None
    note: str | None
    noted: TreePath | None
    place: Place
    whole: bool

    @property
    def dotted(self) -> str:
        """Its path as people write it."""
        return dotted(self.path)

    @property
    def group(self) -> str:
        """The key of `GROUPS` under which it is counted."""
        if not self.confidence:
            return "unmarked"
        return next(group for group, marks in GROUPS.items() if self.confidence in marks)


def inputs(tree: Tree) -> list[Input]:
    """Every input of a scenario, in the order of the file.

    Quantities, dates, hours, profiles and attached data are inputs, and so is whatever somebody
    has annotated. Names, labels, routes, rules without a number, and what is asked of the port
    (period, replications, seed) are none. What is left to its default is not written, so it is
    not listed.

    A mark on a mapping, a list or a distribution holds for every value inside it; the innermost
    mark wins, and so do the innermost source and the innermost note.
    """
    leaves = _inputs(tree, tree.data, [Scenario], ())
    return [_input(tree, *leaf) for leaf in leaves]


def counts(listed: Iterable[Input]) -> dict[str, int]:
    """How many inputs there are in each of `GROUPS`. An anchor counts wherever it is used."""
    by_group = dict.fromkeys(GROUPS, 0)
    for entry in listed:
        by_group[entry.group] += 1
    return by_group


def _inputs(
    tree: Tree, data: Any, shape: shapes.Shape, path: TreePath
) -> Iterator[tuple[TreePath, Any, shapes.Shape]]:
    inside: list[tuple[TreePath, Any, shapes.Shape]] = []
    if _has_parts(tree, data, shape, path):
        for key, part in data.items() if isinstance(data, dict) else enumerate(data):
            if path or key not in _QUESTION:
                inside += _inputs(tree, part, _step(shape, key), (*path, key))
    elif _is_input(data, shape):
        inside.append((path, data, shape))
    if not inside and path in tree.notes:
        inside.append((path, data, shape))
    yield from inside


def _has_parts(tree: Tree, data: Any, shape: shapes.Shape, path: TreePath) -> bool:
    """Whether a value is looked into, rather than being one input or none."""
    if not isinstance(data, dict | list):
        return False
    if any(noted[: len(path)] == path and len(noted) > len(path) for noted in tree.notes):
        return True
    kinds = shapes.models(shape)
    if any(issubclass(kind, _ONE_INPUT) for kind in kinds) or (kinds and isinstance(data, list)):
        return False
    return any(_leads_to_models(annotation) for annotation in shape)


def _is_input(data: Any, shape: shapes.Shape) -> bool:
    kinds = shapes.models(shape)
    if kinds:
        # A plain value in place of a model is its short form; of a step or a label it is a name.
        return not any(issubclass(kind, Step | Label) for kind in kinds) and data is not False
    return any(_is_quantity(annotation) for annotation in shape)


def _step(shape: shapes.Shape, key: str | int) -> shapes.Shape:
    """Types under a key, also where the mapping is the short form of the field of a model."""
    down = shapes.step(shape, key)
    for model in shapes.models(shape) if not down else []:
        for name in model.model_fields:
            down = down or shapes.step(shapes.step_field([model], name), key)
    return down


def _leads_to_models(annotation: Any) -> bool:
    return any(
        shapes.models([part]) or any(_leads_to_models(arg) for arg in typing.get_args(part))
        for part in shapes.flat(annotation)
    )


def _is_quantity(annotation: Any) -> bool:
    return any(
        part in _QUANTITIES or any(_is_quantity(arg) for arg in typing.get_args(part))
        for part in shapes.flat(annotation)
    )


def _is_whole(shape: shapes.Shape) -> bool:
    for model in shapes.models(shape)[:1]:
        # The short form of a model is the value of its first field.
        return _is_whole(shapes.step_field([model], next(iter(model.model_fields))))
    return int in shape and float not in shape


def _input(tree: Tree, path: TreePath, value: Any, shape: shapes.Shape) -> Input:
    noted = [path[:length] for length in range(len(path), -1, -1) if path[:length] in tree.notes]
    notes = [tree.notes[prefix] for prefix in noted]

    def innermost(field: str) -> Any:
        return next((getattr(n, field) for n in notes if getattr(n, field) is not None), None)

    inner: Note | None = notes[0] if notes else None
    return Input(
        path,
        value,
        source=innermost("source"),
        confidence=innermost("confidence"),
        range=inner.range if inner else None,
        shape=inner.shape if inner else None,
        note=inner.note if inner else None,
        noted=noted[0] if noted else None,
        place=tree.places[path],
        whole=_is_whole(shape),
    )

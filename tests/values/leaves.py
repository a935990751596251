"""Every value of a scenario, one at a time: where it stands, and the scenario with another there.

Values are changed on the objects, as `model_copy` does, with nobody looking whether they are right.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from portsim.scenario.plain import plain

__all__ = ["Leaf", "Pool", "leaves", "said", "with_value"]

Step = str | int
"""A field, a name in a mapping, or a number in a list."""


@dataclass(frozen=True)
class Leaf:
    """A field of one of the models of a scenario."""

    path: tuple[Step, ...]
    """From the scenario to the model, names of classes straight below ``traffic``."""
    model: BaseModel
    field: str

    @property
    def value(self) -> Any:
        return getattr(self.model, self.field)

    @property
    def word(self) -> tuple[str, str]:
        """The model and the field as the language knows them, whatever quantity it is of."""
        return type(self.model).__name__.partition("[")[0], self.field

    @property
    def where(self) -> tuple[Step, ...]:
        return (*self.path, self.field)


def leaves(model: BaseModel, path: tuple[Step, ...] = ()) -> Iterator[Leaf]:
    """Every field of a model and of all models inside it."""
    for field in type(model).model_fields:
        yield Leaf(path, model, field)
        yield from _inside(getattr(model, field), (*path, field))
    for name, one in (model.__pydantic_extra__ or {}).items():
        yield from _inside(one, (*path, name))


def _inside(value: Any, path: tuple[Step, ...]) -> Iterator[Leaf]:
    if isinstance(value, BaseModel):
        yield from leaves(value, path)
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from _inside(one, (*path, name))
    elif isinstance(value, tuple):
        for number, one in enumerate(value):
            yield from _inside(one, (*path, number))


def with_value(model: Any, where: tuple[Step, ...], value: Any) -> Any:
    """A copy with another value at a path; all else is shared."""
    if not where:
        return value
    first, *rest = where
    if isinstance(model, BaseModel):
        below = with_value(getattr(model, str(first)), tuple(rest), value)
        return model.model_copy(update={str(first): below})
    if isinstance(model, Mapping):
        return {**model, first: with_value(model[first], tuple(rest), value)}
    assert isinstance(first, int)
    return (*model[:first], with_value(model[first], tuple(rest), value), *model[first + 1 :])


def said(value: Any) -> Any:
    """What a value means, for comparing: models compare what was written as well."""
    if isinstance(value, BaseModel):
        return plain(value)
    if isinstance(value, Mapping):
        return [(name, said(one)) for name, one in value.items()]
    if isinstance(value, tuple):
        return [said(one) for one in value]
    return repr(value)


class Pool:
    """Values that were met in scenarios, by word of the language."""

    def __init__(self, scenarios: list[BaseModel]) -> None:
        self.values: dict[tuple[str, str], list[Any]] = {}
        for scenario in scenarios:
            for leaf in leaves(scenario):
                known = self.values.setdefault(leaf.word, [])
                if all(said(leaf.value) != said(one) for one in known):
                    known.append(leaf.value)

    def others(self, leaf: Leaf) -> list[Any]:
        """Values that could stand in place of one, and mean something else."""
        return [one for one in self.values[leaf.word] if said(one) != said(leaf.value)]

"""The points of a sweep: every policy with every combination of the varied values.

Nothing is run here.
"""

import hashlib
import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from portsim.checking import Spec
from portsim.errors import Fault, InputError, ScenarioError
from portsim.reading.text import short
from portsim.scenario.model import Scenario
from portsim.scenario.study import parse_values
from portsim.scenario.validation_messages import ValueFault
from portsim.studies.varied import Variants

__all__ = [
    "MOST_POINTS",
    "Grid",
    "Point",
    "all_placed",
    "all_varied",
    "grid",
    "parse_vary",
    "place",
]

MOST_POINTS = 10_000
_MOST_FAULTS = 12


@dataclass(frozen=True, eq=False, slots=True)
class Point:
    """One policy with one value of each varied path."""

    policy: str
    values: tuple[Any, ...]
    """In the order of the varied paths, as written."""
    scenario: Scenario
    """Its name is the policy's with the values behind it, unique in the sweep."""


@dataclass(frozen=True, eq=False, slots=True)
class Grid:
    """All points of a sweep."""

    policies: tuple[Scenario, ...]
    """As they stand in their files."""
    varied: Mapping[str, tuple[Any, ...]]
    """The values by dotted path."""
    points: tuple[Point, ...]
    """Policy by policy, the last path turning fastest."""

    @property
    def first_of_each(self) -> frozenset[str]:
        """Names of the scenarios of the first point of each policy."""
        each = len(self.points) // len(self.policies)
        return frozenset(point.scenario.name for point in self.points[::each])


def parse_vary(text: str) -> tuple[str, tuple[Any, ...]]:
    """Read ``path=values`` as it stands on a command line.

    Raises:
        InputError: no ``=``, or no values that can be read.
    """
    path, sign, values = text.partition("=")
    if not sign or not path.strip() or not values.strip():
        raise InputError(
            f"--vary {short(text)}: write a path and its values, e.g. traffic.scale=0.5..3:0.25"
        )
    try:
        return path.strip(), parse_values(values)
    except ValueFault as wrong:
        found = wrong.found or short(values)
        hint = f"\n    hint: {wrong.hint}" if wrong.hint else ""
        raise InputError(
            f"--vary {path.strip()}: found {found}; expected {wrong.expected}{hint}"
        ) from None


def all_varied(texts: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """Read what stands behind every ``--vary``.

    Raises:
        InputError: as `parse_vary`, or a path stands twice.
    """
    varied: dict[str, tuple[Any, ...]] = {}
    for text in texts:
        path, values = parse_vary(text)
        if path in varied:
            raise InputError(f"--vary {path} stands twice; give all its values at once")
        varied[path] = values
    return varied


def grid(specs: Sequence[Spec], varied: Mapping[str, Sequence[Any]] | None = None) -> Grid:
    """Make the points of a sweep.

    Args:
        specs: scenarios, files or stacks, each a policy.
        varied: values to try by dotted path, each path once; what the first file says below
            ``study: {vary: …}`` if None or empty.

    Raises:
        ScenarioError: files at fault, unknown paths, refused values; of all points together.
        InputError: nothing is varied, too many points, or two policies of one name.
    """
    policies = [Variants(spec) for spec in specs]
    wanted = varied or policies[0].base.study.vary
    if not wanted:
        raise InputError(
            "nothing is varied\n    hint: --vary traffic.scale=0.5..2:0.25, or below `study:` in "
            "the file vary: {traffic.scale: 0.5..2:0.25}"
        )
    wanted = {_one_name(path, policies): values for path, values in wanted.items()}
    names = [policy.base.name for policy in policies]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"two policies are called {name}; give each a name of its own")
    count = len(policies)
    for values in wanted.values():
        count *= len(values)
    if count > MOST_POINTS:
        raise InputError(f"{count:,} points are too many; at most {MOST_POINTS:,} can be swept")
    points = all_placed(
        partial(place, policy, dict(zip(wanted, chosen, strict=True)))
        for policy in policies
        for chosen in itertools.product(*wanted.values())
    )
    return Grid(
        tuple(policy.base for policy in policies),
        {path: tuple(values) for path, values in wanted.items()},
        points,
    )


def _one_name(path: str, policies: Sequence[Variants]) -> str:
    """A path as people name it, if it means the same under every policy."""
    names = {policy.in_words(path) for policy in policies}
    return names.pop() if len(names) == 1 else path


def all_placed(placings: Iterable[Callable[[], Point]]) -> tuple[Point, ...]:
    """The points that some calls give.

    Raises:
        ScenarioError: some are refused; each fault once, the first dozen of them.
    """
    points: list[Point] = []
    faults: dict[Fault, None] = {}
    for placing in placings:
        try:
            points.append(placing())
        except ScenarioError as error:
            faults |= dict.fromkeys(error.faults)
            if len(faults) >= _MOST_FAULTS:
                break
    if faults:
        raise ScenarioError(list(faults)[:_MOST_FAULTS])
    return tuple(points)


def place(policy: Variants, values: Mapping[str, Any]) -> Point:
    """The point of a policy with a value at each varied path.

    Raises:
        ScenarioError: there is no such path, or the values are refused.
    """
    name = policy.base.name
    return Point(name, tuple(values.values()), policy.at(values, name=_name(name, values)))


def _name(policy: str, values: Mapping[str, Any]) -> str:
    """A name that tells the point in a message, and is the same whatever else is swept."""
    shown = ";".join(f"{path}={value}" for path, value in values.items())
    name = re.sub(r'[\s/\\:*?"<>|]', "_", f"{policy};{shown}")
    if name == f"{policy};{shown}".replace(" ", "_") and len(name) <= 200:
        return name
    return f"{name[:180]}~{hashlib.sha256(shown.encode()).hexdigest()[:16]}"

"""What the runs of a study share: the trucks of a replication, their visits, the calendars.

Nothing is run here. A shared value is worked out by whoever needs it first; a run that is sent to
another process takes the recipe along, not the value.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from portsim.demand import Trucks, draw, draw_later
from portsim.plan import Draft, Timetable, draft, draft_key, timetable
from portsim.scenario.identity import every_class, key
from portsim.scenario.model import Scenario
from portsim.scenario.plain import plain

__all__ = [
    "NO_PART_OF_THE_TRUCKS",
    "Lazy",
    "SharedDraws",
    "demand_key",
    "replications",
    "trucks_digest",
]

NO_PART_OF_THE_TRUCKS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "scenario": {
            **dict.fromkeys(("name", "label", "summary", "role", "replications", "seed"), True),
            **dict.fromkeys(("sides", "map", "observed", "study", "value_of_time"), True),
            **dict.fromkeys(("completion", "open_hours", "resources", "stages"), True),
            "channels": True,
        },
        # Scales choose among the base trucks after they are drawn.
        "traffic": {"scale": True},
        # Routes and moods come later still.
        "class": dict.fromkeys(
            (
                *("label", "direction", "scale", "pieces", "dimensions", "channels", "priority"),
                *("preferred", "patience", "tolerance", "route", "papers", "rises_every", "urgent"),
            ),
            True,
        ),
        "calendar": {"label": True, "side": True},
    }
)
"""Fields on which no draw of trucks depends, by where they stand. A field that is new to the
language counts until it is named here."""


T = TypeVar("T")


class Lazy(Generic[T]):
    """A value that is worked out when it is first asked for, once for all threads."""

    def __init__(self, make: Callable[..., T], *words: object) -> None:
        self._make, self._words = make, words
        self._lock = threading.Lock()
        self._value: T | None = None

    def get(self) -> T:
        """The value; whatever working it out raises."""
        with self._lock:
            if self._value is None:
                self._value = self._make(*self._words)
            return self._value

    def __reduce__(self) -> tuple[type["Lazy[T]"], tuple[object, ...]]:
        return type(self), (self._make, *self._words)


@dataclass(frozen=True, eq=False, slots=True)
class SharedDraws:
    """What one run shares with others: its calendars with all its replications, its trucks and
    their visits with the scenarios of its replication that are alike in them.
    """

    timetable: Lazy[Timetable]
    draft: Lazy[Draft]


def replications(
    scenarios: Sequence[Scenario],
    seed: int,
    numbers: Sequence[int],
    side_by_side: int,
    antithetic: bool = False,
) -> Iterator[tuple[Scenario, int, SharedDraws]]:
    """All runs of a study in the order in which they are best begun.

    Args:
        scenarios: what is run.
        seed: root seed of the study.
        numbers: the replications.
        side_by_side: so many runs go on at once. Each of so many replications in a row begins with
            the same scenario, so that workers do not wait for each other's draws.
        antithetic: an even replication is the mirror of the one before it.
    """
    tables = {scenario.name: Lazy(timetable, scenario) for scenario in scenarios}
    keys = {s.name: (demand_key(s), draft_key(s)) for s in scenarios}
    # Scenarios that share a draft run one after the other: it is large, and goes with the last.
    rank = {key: number for number, key in enumerate(dict.fromkeys(keys.values()))}
    first = {key[0]: number for key, number in reversed(rank.items())}
    ordered = sorted(scenarios, key=lambda s: (first[keys[s.name][0]], rank[keys[s.name]]))
    step = max(1, side_by_side)
    for begin in range(0, len(numbers), step):
        block = numbers[begin : begin + step]
        trucks: dict[tuple[int, str], Lazy[Trucks]] = {}
        drafts: dict[tuple[int, str, str], Lazy[Draft]] = {}
        for scenario in ordered:
            demand, visits = keys[scenario.name]
            for number in block:
                drawn = trucks.setdefault(
                    (number, demand), Lazy(draw, scenario, seed, number, antithetic)
                )
                luck = (seed, number, antithetic)
                laid_out = drafts.setdefault(
                    (number, demand, visits), Lazy(_draft, scenario, drawn, luck)
                )
                yield scenario, number, SharedDraws(tables[scenario.name], laid_out)


def _draft(scenario: Scenario, trucks: Lazy[Trucks], luck: tuple[int, int, bool]) -> Draft:
    return draft(scenario, trucks.get(), draw_later(scenario, *luck))


def demand_key(scenario: Scenario) -> str:
    """What the trucks of a scenario depend on; scenarios alike in it share one draw.

    Returns:
        A text that is equal for two scenarios only if the same luck brings the same trucks in
        both. Every field of the language counts but those of `NO_PART_OF_THE_TRUCKS`; of
        calendars those whose names stand in what counts.
    """
    without = {
        **NO_PART_OF_THE_TRUCKS["scenario"],
        "calendars": True,
        "traffic": {
            **NO_PART_OF_THE_TRUCKS["traffic"],
            **every_class(scenario, NO_PART_OF_THE_TRUCKS["class"]),
        },
    }
    named = _followed(scenario, without)
    more: list[Any] = []
    if scenario.inside is not None and scenario.inside.counts:
        # Whom mere counts mean depends on routes and scales, too.
        classes = sorted(scenario.traffic.classes.items())
        more = [scenario.traffic.scale]
        more += [[name, cls.scale, [step.stage for step in cls.route]] for name, cls in classes]
    # Who comes at a larger scale would have taken slots from the others.
    more += [
        [name, scenario.traffic.scale * cls.scale]
        for name, cls in sorted(scenario.traffic.classes.items())
        if cls.arrivals.slots is not None
    ]
    without["calendars"] = {
        name: NO_PART_OF_THE_TRUCKS["calendar"] if name in named else True
        for name in scenario.calendars
    }
    return key(scenario, without, more)


def _followed(scenario: Scenario, without: Mapping[str, Any]) -> set[str]:
    """Names of the calendars that are mentioned, by whatever field, in what counts."""

    def texts(data: Any) -> Iterator[str]:
        if isinstance(data, dict | list):
            for part in data.values() if isinstance(data, dict) else data:
                yield from texts(part)
        elif isinstance(data, str):
            yield data

    return scenario.calendars.keys() & set(texts(plain(scenario, without)))


def trucks_digest(scenario: Scenario) -> str:
    """SHA-256 (hex) of what decides which trucks come, when and with what: scenarios with the same
    one meet the very same trucks in each replication.

    The draw, and what chooses among the base trucks and counts them afterwards. Trucks that follow
    hours of their own policy come at other times, so they are others.
    """
    chosen = [
        f"{name} {cls.direction} {cls.pieces} {scenario.traffic.scale * cls.scale!r}"
        for name, cls in sorted(scenario.traffic.classes.items())
    ]
    return hashlib.sha256("\n".join([demand_key(scenario), *chosen]).encode()).hexdigest()

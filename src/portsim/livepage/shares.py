"""Shares of trucks that can be moved on the page, and what luck each truck has in them.

A share has a few values; under each combination of these a truck passes the very steps that it
passes in a scenario which says so. Nothing is laid out here.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from portsim.arrays import Ints
from portsim.demand import Trucks
from portsim.plan import Reach
from portsim.scenario.legs import legs
from portsim.scenario.model import Scenario
from portsim.scenario.traffic import TruckClass

__all__ = ["Luck", "Shares", "shares_of"]

_STEPS = (0, 25, 50, 75, 100, 125, 150, 175, 200)
"""Values of a share, in per cent of the scenario's."""
_OF_CHANNELS = (_STEPS[1:], (50, 100, 150, 200), (50, 100, 150))
"""The same of channels: the finest of which there are not too many combinations."""
_MOST_COMBINATIONS = 7000
_DIGITS = 6

Where = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slider:
    """A share that can be moved."""

    where: Where
    """``channels, set, channel``; ``traffic, class, channels, channel``; ``stages, stage, share``;
    or ``traffic, class, route, stage, share``."""
    values: tuple[float, ...]
    """Rising."""
    usual: int
    """Which of them is the scenario's."""
    path: str
    """Path of the words that state it, e.g. ``traffic.cars.route[2].share``."""


@dataclass(frozen=True, eq=False)
class Mixture:
    """A set of channels: the first takes what the others leave."""

    shares: Mapping[str, float]
    sliders: tuple[int, ...]
    """Numbers of those of its channels, in their order."""
    moved: tuple[Slider, ...]

    @cached_property
    def combinations(self) -> list[dict[str, float] | None]:
        """The shares under each combination of values, the last slider's changing first; None
        where nothing is left for the first channel: there is none without trucks."""
        steps = [range(len(slider.values)) for slider in self.moved]
        return [self._at(dict(zip(self.moved, at, strict=True))) for at in product(*steps)]

    def _at(self, steps: Mapping[Slider, int]) -> dict[str, float] | None:
        if all(step == slider.usual for slider, step in steps.items()):
            return dict(self.shares)
        first, *_ = self.shares
        shares = dict(self.shares)
        for slider, step in steps.items():
            shares[slider.where[-1]] = slider.values[step]
        shares[first] = 0.0
        left = round(1.0 - sum(shares.values()), _DIGITS)
        return None if left <= 0 else {**shares, first: left}

    @cached_property
    def _ends(self) -> list[np.ndarray | None]:
        """Where the shares cut [0, 1) under each combination, as the plan has it."""
        ends_by_class: list[np.ndarray | None] = []
        for shares in self.combinations:
            ends = None if shares is None else np.cumsum(list(shares.values()))
            ends_by_class.append(None if ends is None else ends / ends[-1])
        return ends_by_class

    @cached_property
    def cuts(self) -> np.ndarray:
        """Every second at which some combination cuts, rising."""
        return np.unique(np.concatenate([ends for ends in self._ends if ends is not None]))

    @cached_property
    def ranks(self) -> list[list[int] | None]:
        """Under each combination, which of `cuts` each channel but the last ends at."""
        return [
            None if ends is None else np.searchsorted(self.cuts, ends[:-1]).tolist()
            for ends in self._ends
        ]

    def luck(self, u: np.ndarray) -> Ints:
        """How many of `cuts` lie at or before the luck of trucks: int64[m]."""
        return np.searchsorted(self.cuts, u, side="right")

    def possible(self, names: Sequence[str]) -> np.ndarray:
        """bool[cuts + 1], whether luck beyond so many cuts gives one of these channels under some
        combination."""
        meant = np.isin(list(self.shares), names)
        luck = np.arange(len(self.cuts) + 1)[:, None]
        may = np.zeros(len(luck), dtype=bool)
        for ranks in self.ranks:
            if ranks is not None:
                may |= meant[(np.array(ranks, dtype=np.int64) < luck).sum(axis=1)]
        return may


@dataclass(frozen=True, slots=True)
class _Class:
    """What can be moved of the route of a class."""

    mixture: int
    """Number of its set of channels, -1 if nothing of it can be moved."""
    channels: tuple[int | None, ...]
    """Of each step the channels for which it is, in bits; None if for all."""
    sliders: tuple[int, ...]
    """Of each step the slider of its share, -1 without."""


@dataclass(frozen=True, eq=False, slots=True)
class Luck:
    """The luck of the m trucks of a class in what can be moved."""

    reach: Reach
    channel: Ints
    """int64[m], see `Mixture.luck`; int64[0] without a set of channels."""
    steps: Ints
    """int64[m, sliders], the first value of each slider of its steps with which a truck passes."""


@dataclass(frozen=True, eq=False, slots=True)
class Shares:
    """All shares of a scenario that can be moved."""

    sliders: tuple[Slider, ...]
    mixtures: tuple[Mixture, ...]
    classes: Mapping[str, _Class]

    def words(self, scenario: Scenario, names: Sequence[str]) -> dict[str, Any]:
        """The same as JSON types, with the legs of every class that has any; classes in the order
        of `names`."""
        return {
            "sliders": [
                {
                    "where": list(one.where),
                    "values": list(one.values),
                    "usual": one.usual,
                    "path": one.path,
                }
                for one in self.sliders
            ],
            "mixtures": [
                {
                    "shares": dict(mixture.shares),
                    "sliders": list(mixture.sliders),
                    "ranks": mixture.ranks,
                }
                for mixture in self.mixtures
            ],
            "classes": [
                None
                if (cls := self.classes.get(name)) is None
                else {
                    "mixture": cls.mixture,
                    "channels": list(cls.channels),
                    "sliders": list(cls.sliders),
                    "legs": [
                        [leg.step, leg.sender] for leg in legs(scenario.traffic.classes[name])
                    ],
                }
                for name in names
            ],
        }

    def state(self, base: Scenario, policy: Scenario) -> list[int] | None:
        """Which value each slider has in a policy; None if its shares are otherwise than sliders
        can make them."""
        stated = _stated(policy)
        try:
            state = [one.values.index(stated[one.where]) for one in self.sliders]
        except (KeyError, ValueError):
            return None
        expected = _stated(base)
        expected |= {
            one.where: one.values[step] for one, step in zip(self.sliders, state, strict=True)
        }
        for mixture in self.mixtures:
            if mixture.sliders:
                row = 0
                for number in mixture.sliders:
                    row = row * len(self.sliders[number].values) + state[number]
                shares = mixture.combinations[row]
                where = self.sliders[mixture.sliders[0]].where[:-1]
                expected |= {(*where, name): share for name, share in (shares or {}).items()}
        return state if stated == expected else None

    def luck(self, scenario: Scenario, trucks: Trucks, number: int) -> Luck | None:
        """The luck of the trucks of a class; None if nothing of it can be moved.

        Args:
            scenario: the one of the page.
            trucks: who comes.
            number: of the class.
        """
        name = trucks.class_names[number]
        cls, words = self.classes.get(name), scenario.traffic.classes[name]
        if cls is None:
            return None
        members = trucks.members(number)
        possible = np.ones((len(members), len(words.route)), dtype=bool)
        channel = np.zeros(0, dtype=np.int64)
        shares = scenario.channels_of(words)
        if shares:
            mixture = self.mixtures[cls.mixture]
            channel = mixture.luck(trucks.uniforms(number, "channel", members))
            for column, step in enumerate(words.route):
                if step.channels:
                    possible[:, column] = mixture.possible(step.channels)[channel]
        luck_of = {leg.step: leg.luck for leg in legs(words) if not leg.round}
        steps = []
        for column in range(len(words.route)):
            purpose = f"{luck_of[column]} share"
            if cls.sliders[column] >= 0:
                values = self.sliders[cls.sliders[column]].values
                u = trucks.uniforms(number, purpose, members)
                steps.append(np.searchsorted(values, u, side="right"))
                possible[:, column] &= steps[-1] < len(values)
            elif (share := _share(scenario, words, column)) < 1.0:
                possible[:, column] &= trucks.uniforms(number, purpose, members) < share
        table = np.column_stack(steps) if steps else np.zeros((len(members), 0), dtype=np.int64)
        return Luck(Reach(possible, self._together(cls, shares)), channel, table)

    def _together(self, cls: _Class, shares: Mapping[str, float]) -> np.ndarray:
        """bool[k, steps], see `Reach`."""
        moved = [column for column, slider in enumerate(cls.sliders) if slider >= 0]
        cases = []
        for channel in range(max(1, len(shares))):
            fits = [bits is None or bool(bits >> channel & 1) for bits in cls.channels]
            for passes in product((False, True), repeat=len(moved)):
                case = np.array(fits, dtype=bool)
                case[[column for column, let in zip(moved, passes, strict=True) if not let]] = False
                cases.append(case)
        return np.unique(np.array(cases).reshape(len(cases), len(cls.channels)), axis=0)


def shares_of(scenario: Scenario) -> Shares:
    """The shares that can be moved; none of a scenario with recorded trucks or with choices, whose
    visits depend on more than luck."""
    classes = scenario.traffic.classes
    if any(stage.instead_of for stage in scenario.stages.values()) or any(
        words.arrivals.recorded is not None or any(step.others for step in words.route)
        for words in classes.values()
    ):
        return Shares((), (), {})
    sliders: list[Slider] = []
    mixtures: list[Mixture] = []
    of_set: dict[Where, int] = {}
    of_share: dict[Where, int] = {}
    by_class: dict[str, _Class] = {}
    for name, words in classes.items():
        shares = scenario.channels_of(words)
        mixture = -1
        if shares:
            own = isinstance(words.channels, str)
            where = ("channels", str(words.channels)) if own else ("traffic", name, "channels")
            if where not in of_set:
                alike = (c for c in classes.values() if scenario.channels_of(c) == shares)
                asked = {one for c in alike for step in c.route for one in step.channels}
                of_set[where] = _mixture(where, shares, asked, sliders, mixtures)
            mixture = of_set[where]
        steps = [
            _slider(scenario, name, words, column, sliders, of_share)
            for column in range(len(words.route))
        ]
        movable = mixture >= 0 and any(step.channels for step in words.route)
        if movable or any(number >= 0 for number in steps):
            numbers = list(shares)
            bits = [
                sum(1 << numbers.index(one) for one in step.channels) if step.channels else None
                for step in words.route
            ]
            by_class[name] = _Class(mixture, tuple(bits), tuple(steps))
    return Shares(tuple(sliders), tuple(mixtures), by_class)


def _mixture(
    where: Where,
    shares: Mapping[str, float],
    asked: Set[str],
    sliders: list[Slider],
    mixtures: list[Mixture],
) -> int:
    """Enter a set of channels with its sliders; its number. A set of which nothing can be moved is
    entered too: its classes may have shares of their own that can.

    A channel that no step asks for has no slider: who is in it does what those of the first do.
    """
    first, *others = shares
    named = [name for name in others if first in asked or name in asked]
    per_cent = next((c for c in _OF_CHANNELS if len(c) ** len(named) <= _MOST_COMBINATIONS), None)
    moved = (
        ()
        if per_cent is None
        else tuple(
            _stepped((*where, name), shares[name], per_cent, ".".join(where)) for name in named
        )
    )
    before = len(sliders)
    sliders += moved
    mixtures.append(Mixture(shares, tuple(range(before, len(sliders))), moved))
    return len(mixtures) - 1


def _slider(
    scenario: Scenario,
    name: str,
    words: TruckClass,
    column: int,
    sliders: list[Slider],
    known: dict[Where, int],
) -> int:
    """Number of the slider of the share of a step, -1 if it cannot be moved."""
    step, share = words.route[column], _share(scenario, words, column)
    alone = sum(other.stage == step.stage for other in words.route) == 1
    if not 0.0 < share < 1.0 or (step.share is not None and not alone):
        return -1
    where: Where = ("stages", step.stage, "share")
    path = ".".join(where)
    if step.share is not None:
        where = ("traffic", name, "route", step.stage, "share")
        path = f"traffic.{name}.route[{column}].share"
    if where not in known:
        known[where] = len(sliders)
        sliders.append(_stepped(where, share, _STEPS, path))
    return known[where]


def _share(scenario: Scenario, words: TruckClass, column: int) -> float:
    step = words.route[column]
    return scenario.stages[step.stage].share if step.share is None else step.share


def _stepped(where: Where, share: float, per_cent: Sequence[int], path: str) -> Slider:
    others = {round(share * part / 100, _DIGITS) for part in per_cent if part != 100}
    rising = tuple(sorted({share, *(value for value in others if value <= 1.0)}))
    return Slider(where, rising, rising.index(share), path)


def _stated(scenario: Scenario) -> dict[Where, float | None]:
    """Every share that a scenario states, by where it stands."""
    stated: dict[Where, float | None] = {
        ("stages", name, "share"): stage.share for name, stage in scenario.stages.items()
    }
    for name, shares in scenario.channels.items():
        stated |= {("channels", name, channel): share for channel, share in shares.items()}
    for name, words in scenario.traffic.classes.items():
        if isinstance(words.channels, str):
            stated["traffic", name, "channels", "", words.channels] = None
        else:
            for channel, share in scenario.channels_of(words).items():
                stated["traffic", name, "channels", channel] = share
        for number, step in enumerate(words.route):
            first = all(other.stage != step.stage for other in words.route[:number])
            stated["traffic", name, "route", step.stage, "share" if first else str(number)] = (
                step.share
            )
    return stated

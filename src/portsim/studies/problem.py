"""What a search is asked: what may be chosen, what must be kept, what is to be small.

Nothing is run here.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from portsim.checking import Spec
from portsim.errors import InputError
from portsim.experiment.comparable import check_and_fingerprint
from portsim.results import digest
from portsim.results.sweep import COST, LEAST, STAFFED, circumstances
from portsim.scenario.measure_catalogue import measure_of
from portsim.scenario.model import Scenario
from portsim.studies.next_points import PointIndex
from portsim.studies.points import Grid, Point, all_placed, place
from portsim.studies.promises import parse_minimise, parse_require
from portsim.studies.require import (
    estimate,
    evaluate,
    spending,
    spent_on,
    unpriced,
)
from portsim.studies.requirement import Objective, Require, Requirement, several_required
from portsim.studies.varied import Variants

__all__ = ["BATCH", "FINALISTS", "KIND", "TRIALS", "Problem", "problem"]

KIND = "optimise"

BATCH = 8
"""Points that are tried before the search hears of them; they share the draws of their trucks."""
TRIALS, FINALISTS = 100, 5
_FRESH = 3
_COSTS = {"cost": COST, "staffed_hours": STAFFED}
_RISING = re.compile(r"\s*[-+]?\d+(\.\d+)?\s*[^\d\s:]*\s*")


@dataclass(frozen=True, eq=False, slots=True)
class Problem:
    """A search that could begin.

    Attributes:
        port: the file or stack.
        varied: the values by dotted path.
        minimise: a measure that is to be small; None for cost or staffed hours.
        spent: the column that is to be small if no measure is: cost or staffed hours a day.
        unpriced: names of servers without a cost per staffed hour; None if no server has one.
        required: the promises to be kept.
        trials: points to try at most.
        replications: of each point that is tried: numbers 1 to so many.
        fresh: further replications for the proof, the numbers that follow.
        seed: root seed of the trucks, and of the search.
        finalists: points that get a proof at most.
    """

    port: Variants
    varied: Mapping[str, tuple[Any, ...]]
    minimise: Objective | None
    spent: str
    unpriced: tuple[str, ...] | None
    required: tuple[Requirement, ...]
    trials: int
    replications: int
    fresh: int
    seed: int
    finalists: int

    @property
    def policies(self) -> Sequence[Scenario]:
        """The port as it stands in its file."""
        return [self.port.base]

    @property
    def currency(self) -> str:
        """ISO 4217 code of what costs are written in; empty without any amounts."""
        return self.port.base.currency

    @property
    def costly(self) -> bool:
        """Whether any server has a cost per staffed hour."""
        return self.unpriced is not None

    @property
    def name(self) -> str:
        """Name of the port as it stands in its file."""
        return self.port.base.name

    @property
    def size(self) -> int:
        """The number of points there are."""
        return math.prod(len(values) for values in self.varied.values())

    @property
    def all_tried(self) -> bool:
        """Whether all points are tried, as there are no more than trials."""
        return self.size <= self.trials

    @property
    def aim(self) -> str:
        """What is to be small, as on the command line."""
        if self.minimise is not None:
            return self.minimise.of
        return next(word for word, column in _COSTS.items() if column == self.spent)

    @property
    def measures(self) -> frozenset[str]:
        """Names of the measures that are needed of each run."""
        goals = [*self.required, *filter(None, [self.minimise])]
        return frozenset([*spent_on([self.port.base]), *(goal.measure for goal in goals)])

    @property
    def ordered(self) -> list[bool]:
        """Of each path, whether its values have an order: numbers, with a unit or without."""
        return [
            all(isinstance(value, int | float) for value in values)
            or all(_RISING.fullmatch(str(value)) for value in values)
            for values in self.varied.values()
        ]

    @property
    def starts(self) -> list[PointIndex]:
        """Where a search begins: all last values, all first ones, and those of the file."""
        sizes = [len(values) for values in self.varied.values()]
        corners = [tuple(size - 1 for size in sizes), tuple(0 for _ in sizes)]
        own = [
            values.index(now) if (now := self.port.written(path)) in values else -1
            for path, values in self.varied.items()
        ]
        return corners if -1 in own else [*corners, tuple(own)]

    def values(self, index: PointIndex) -> dict[str, Any]:
        """The value at each path."""
        return {
            path: values[n] for (path, values), n in zip(self.varied.items(), index, strict=True)
        }

    def point(self, index: PointIndex) -> Point:
        """The scenario of a point.

        Raises:
            ScenarioError: the values are refused together.
        """
        return place(self.port, self.values(index))

    def figures(self, rows: pd.DataFrame, point: Point, together: int) -> list[dict[str, Any]]:
        """What replications say of a point.

        In: rows with class, place, measure and value; the point; the number of intervals that
        hold together at 95 %. Out: a dict for the measure to be small, if one is, and for each
        requirement: cost_per_day, staffed_h_per_day, requirement, mean, low, high, met (yes, no;
        empty for what is to be small), away and missed (part of what is required that limit and
        mean miss).
        """
        common = spending(rows, point, self.costly)
        figures = [common | evaluate(rows, promise, together) for promise in self.required]
        if self.minimise is not None:
            mean, low, high = estimate(rows, self.minimise, together)
            small = {"requirement": f"{LEAST}{self.aim}", "mean": mean, "low": low, "high": high}
            small |= {"met": "", "away": 0.0, "missed": 0.0}
            figures.insert(0, common | small)
        return figures

    def value(self, figures: Sequence[Mapping[str, Any]]) -> float:
        """What is to be small, given what `figures` says."""
        return float(figures[0]["mean" if self.minimise is not None else self.spent])

    def conditions(self) -> dict[str, Any]:
        """What was asked, made of JSON types only."""
        return {
            "paths": list(self.varied),
            "varied": {path: list(values) for path, values in self.varied.items()},
            "minimise": self.aim,
            "required": [str(promise) for promise in self.required],
            "trials": self.trials,
            "finalists": self.finalists,
            "fresh_replications": self.fresh,
        }

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of all that the outcome depends on."""
        *_, runs = check_and_fingerprint([self.port.base], None, self.replications, self.seed)
        inputs = {"kind": KIND, "runs": runs, "batch": BATCH, **self.conditions()}
        return digest(inputs)


def problem(
    spec: Spec,
    varied: Mapping[str, Sequence[Any]] | None = None,
    *,
    required: Require = (),
    minimise: str | Objective | None = None,
    trials: int = TRIALS,
    replications: int | None = None,
    fresh: int | None = None,
    seed: int | None = None,
    finalists: int = FINALISTS,
) -> Problem:
    """Put a search together and check it before anything is run.

    Args:
        spec: a scenario, or its file or stack.
        varied: values to choose from by dotted path; what the file says below ``study: {vary: …}``
            if None or empty.
        required: promises to be kept, such as ``completed_within_limit>=0.95``, or one; those of
            the file if empty.
        minimise: ``cost``, ``staffed_hours`` or a measure such as ``stay_mean_h[export]``; the cost
            if servers have one, else the staffed hours, if None.
        trials: points to try at most.
        replications: of each point; the scenario's number if None.
        fresh: replications for the proof; three times as many if None.
        seed: root seed; the scenario's if None.
        finalists: points that get a proof at most.

    Raises:
        ScenarioError: the file is at fault, there is no such path, or values are refused.
        InputError: what is asked cannot be searched for.
    """
    port = Variants(spec)
    base = port.base
    chosen = {
        port.in_words(path): tuple(values) for path, values in (varied or base.study.vary).items()
    }
    if not chosen:
        raise InputError(
            "nothing is varied\n    hint: --vary resources.inspectors.capacity=2..8, or below "
            "`study:` in the file vary: {resources.inspectors.capacity: 2..8}"
        )
    if given := circumstances(list(chosen)):
        raise InputError(
            f"{given[0]} is not for the port to choose\n    hint: portsim sweep tries several "
            "traffics; a search is for one"
        )
    points = Grid((base,), chosen, ())
    small, aim = None, "" if minimise is None else str(minimise)
    if minimise is not None and aim not in _COSTS:
        small = parse_minimise(minimise, points)
    if small is not None and measure_of(small.measure).better == 1:
        dashes = "--" if isinstance(minimise, str) else ""
        raise InputError(
            f"{dashes}minimise {aim}: of {small.measure} more is better\n    hint: require it, "
            f'e.g. {dashes}require "{small.of}>=..."'
        )
    promises = tuple(
        parse_require(promise, points)
        for promise in several_required(required) or base.study.require
    )
    repeated = base.replications if replications is None else replications
    free = unpriced(Grid((base,), {}, (Point(base.name, (), base),)))
    if aim == "cost" and free is None:
        raise InputError(
            "--minimise cost: no server has a cost\n    hint: write cost_per_staffed_hour below "
            "resources, or --minimise staffed_hours"
        )
    posed = Problem(
        port=port,
        varied=chosen,
        minimise=small,
        spent=_COSTS.get(aim, STAFFED if free is None else COST),
        unpriced=None if free is None else tuple(free),
        required=promises,
        trials=trials,
        replications=repeated,
        fresh=_FRESH * repeated if fresh is None else fresh,
        seed=base.seed if seed is None else seed,
        finalists=finalists,
    )
    if min(trials, finalists) < 1:
        raise InputError("a search needs 1 trial and 1 finalist or more")
    if min(posed.replications, posed.fresh) < 2:
        raise InputError(
            "a search needs 2 replications or more, fresh ones too; one gives no limits"
        )
    if posed.minimise is None and not promises:
        raise InputError(
            f"nothing is required: the least {posed.aim.replace('_', ' ')} would always win\n    "
            'hint: --require "completed_within_limit>=0.95"'
        )
    _refuse_refused(posed)
    return posed


def _refuse_refused(posed: Problem) -> None:
    """Try every value once: a typing error should be found before the first run."""
    sizes = [len(values) for values in posed.varied.values()]
    all_placed(
        partial(posed.point, tuple(min(number, size - 1) for size in sizes))
        for number in range(max(sizes))
    )

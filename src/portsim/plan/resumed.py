"""Trucks that are inside when the run begins: what is left of their work and patience, given what
has passed, and the log of the seconds before.

Luck drawn with the trucks meets the calendars here, because work that pauses has passed only while
its stage was open. Nothing is simulated.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.calendars import Intervals, measure_within
from portsim.demand import MOST_DRAWN, Observed, Standing, Trucks, inverse, uniforms
from portsim.plan.contract import NEVER, Paces
from portsim.plan.lasting import paced
from portsim.plan.visits import Visits
from portsim.scenario.distributions import Distribution
from portsim.scenario.legs import legs, places_at
from portsim.scenario.model import Scenario
from portsim.scenario.stages import WorkTime
from portsim.scenario.traffic import Step, TruckClass

__all__ = ["Resumed", "resumed"]

_DRAWS = 1024
"""So many works of several parts are drawn to find those that last as long as has passed."""
_HALVINGS = 60


@dataclass(frozen=True, eq=False, slots=True)
class Resumed:
    """What a plan says of the first m trucks, whose visits are the first w; v visits, n trucks."""

    second: int
    """Plan second of the beginning."""
    queued: Ints
    """int64[w], as in a log; of visits that are done and not known, those of the arrival."""
    admitted: Ints
    finished: Ints
    work: Ints
    """int64[v], of all visits."""
    patience: Ints
    """int64[n], of all trucks."""


def resumed(
    scenario: Scenario,
    trucks: Trucks,
    visits: Visits,
    origin: int,
    works: Callable[[int], Intervals],
    paces: Paces | None = None,
) -> Resumed | None:
    """Let the trucks inside go on from where they stand; None if the run begins with nobody told.

    Args:
        scenario: the stages, and the laws of work and patience.
        trucks: with those inside first.
        visits: of all of them, those inside as if they had come like any other.
        origin: UTC epoch second of plan second 0.
        works: gives the work time of a stage by its number, plan seconds.
        paces: how works depend on when they begin.
    """
    standing = trucks.standing
    if standing is None:
        return None
    stages = {name: number for number, name in enumerate(scenario.stages)}
    stood = np.array([stages[name] for name in standing.stages], dtype=np.int64)
    assert visits.stands is not None
    here = visits.stands
    since, arrived = standing.since - origin, trucks.arrival[: len(standing)] - origin
    truck = np.repeat(np.arange(len(standing)), np.diff(visits.first[: len(standing) + 1]))
    before = np.where(np.arange(len(truck)) < here[truck], arrived[truck], NEVER)
    queued, admitted, finished = before, before.copy(), before.copy()
    # At its first stage it queued as it came; at work elsewhere nobody tells since when.
    at_first = standing.working & (here == visits.first[: len(standing)])
    queued[here] = np.where(at_first, arrived, since)
    admitted[here[standing.working]] = since[standing.working]
    begins = standing.begins - origin
    going_on = _GoingOn(scenario, trucks, standing, begins)
    work, patience = visits.work.copy(), visits.patience.copy()
    for stage, name in enumerate(scenario.stages):
        at = np.flatnonzero(stood == stage)
        at_work = at[standing.working[at]]
        passed = begins - since[at_work]
        if scenario.stages[name].at_close == "pause":
            ends = np.full(len(at_work), begins)
            passed = measure_within(works(stage), since[at_work], ends)
        # Thousandths of what its law says, by when it began.
        begun, as_drawn = since[at_work], np.full(len(at_work), 1000)
        milli = paced(paces, np.full(len(at_work), stage), begun, as_drawn)
        work[here[at_work]] = going_on.works(name, at_work, passed, work[here[at_work]], milli)
        waits = at[~standing.working[at] & standing.own[at]]
        waits = waits[visits.kinds.patient[visits.kind[here[waits]]]]
        patience[waits] = going_on.patience(waits, begins - since[waits])
    return Resumed(begins, queued, admitted, finished, work, patience)


class _GoingOn:
    """Draws what is left, given what has passed."""

    def __init__(self, scenario: Scenario, trucks: Trucks, standing: Standing, begins: int) -> None:
        self.scenario, self.trucks, self.standing, self.begins = scenario, trucks, standing, begins
        self.observed = scenario.origin.observed

    def works(self, stage: str, who: Ints, passed: Ints, drawn: Ints, milli: Ints) -> Ints:
        """Whole work of trucks that have been at work at a stage for so long.

        Args:
            stage: its name.
            who: int64[k], the trucks.
            passed: int64[k], seconds of work that are done.
            drawn: int64[k], work of those that have the luck of a drawn truck.
            milli: int64[k], thousandths of work as it is drawn that it lasts.
        """
        whole_works = (drawn * milli + 500) // 1000
        known = ~np.isnan(self.standing.remaining[who])
        # What is drawn has it already with the servers that do in place of others.
        lasting = self.scenario.stages[stage].lasting
        by = np.array([round(1000 * lasting(self.standing.by[truck])) for truck in who.tolist()])
        left = np.rint(np.nan_to_num(self.standing.remaining[who])).astype(np.int64)
        whole_works[known] = passed[known] + left[known]
        for number, name in enumerate(self.trucks.class_names):
            rows = np.flatnonzero(
                (self.trucks.cls[who] == number) & self.standing.own[who] & ~known
            )
            if len(rows):
                words = self.scenario.traffic.classes[name]
                for step, of_step in self._by_step(words, stage, who, rows):
                    time = step.time or self.scenario.stages[stage].time
                    least = passed[of_step] * 1_000_000 / (by[of_step] * milli[of_step])
                    whole = self._whole(number, stage, time, who[of_step], least)
                    for thousandths in (by[of_step], milli[of_step]):
                        whole = (whole * thousandths + 500) // 1000
                    whole_works[of_step] = np.maximum(whole, passed[of_step])
        return whole_works

    def _by_step(
        self, words: TruckClass, stage: str, who: Ints, rows: Ints
    ) -> list[tuple[Step, Ints]]:
        """The steps of a route at which some trucks of a stage stand, each with its rows."""
        numbers = self.standing.passes[who[rows]]
        of_step: dict[int, list[int]] = {}
        route = legs(words)
        for (name, number), place in places_at(words).items():
            if name == stage:
                of_step.setdefault(route[place].step, []).append(number)
        return [
            (words.route[place], rows[np.isin(numbers, some)]) for place, some in of_step.items()
        ]

    def _whole(self, cls: int, stage: str, time: WorkTime, who: Ints, passed: Reals) -> Ints:
        pieces = self.scenario.traffic.classes[self.trucks.class_names[cls]].pieces
        once = np.ones(len(who))
        parts = [
            (time.per_truck, "per_truck", once),
            (time.per_tonne, "per_tonne", self.trucks.tonnes[who]),
            (time.per_resident, "per_resident", self.trucks.residents[who].astype(np.float64)),
            *((time.per_piece, f"per_piece {piece}", once) for piece in range(pieces)),
        ]
        laws = [(law, name, amount) for law, name, amount in parts if law is not None]
        u = self.trucks.uniforms(cls, f"{stage} remaining", who)
        # Rounded work lasts as long as has passed, or longer.
        least = np.asarray(passed - 0.5)
        if len(laws) == 1:
            law, _, amount = laws[0]
            times = np.maximum(amount, 1e-9)
            total = _given(law, least / times, u, self.observed) * times
        else:
            total = np.array(
                [
                    self._of_many(cls, stage, laws, truck, row, least[row], u[row])
                    for row, truck in enumerate(who.tolist())
                ]
            )
        return np.asarray(np.rint(np.minimum(total, MOST_DRAWN)).astype(np.int64))

    def _of_many(
        self,
        cls: int,
        stage: str,
        laws: list[tuple[Distribution[float], str, Reals]],
        truck: int,
        row: int,
        least: float,
        u: float,
    ) -> float:
        """One of many drawn works of several parts that are no shorter than `least`."""
        trucks, index = self.trucks, int(self.trucks.index[truck])
        owner = f"class {trucks.class_names[cls]} inside"
        total = np.zeros(_DRAWS)
        for law, name, amount in laws:
            purpose = f"{stage} {name} remaining {index}"
            words = (trucks.seed, trucks.replication, owner, purpose, _DRAWS, trucks.antithetic)
            total += amount[row] * inverse(law, uniforms(*words), self.observed)
        may = np.sort(total[total >= least])
        return float(may[int(u * len(may))]) if len(may) else least

    def patience(self, who: Ints, waited: Ints) -> Ints:
        """Patience of trucks that have waited for so long and are still there."""
        patience = np.full(len(who), NEVER, dtype=np.int64)
        for number, name in enumerate(self.trucks.class_names):
            rows = np.flatnonzero(self.trucks.cls[who] == number)
            words = self.scenario.traffic.classes[name].patience
            if words is not None and len(rows):
                u = self.trucks.uniforms(number, "patience", who[rows])
                drawn = np.rint(
                    _given(words.time, np.asarray(waited[rows] - 0.5), u, self.observed)
                )
                patience[rows] = np.maximum(drawn.astype(np.int64), np.maximum(waited[rows], 1))
        return patience


def _given(law: Distribution[float], least: Reals, u: Reals, observed: Observed) -> Reals:
    """Values of a distribution at cumulated probabilities, given that they are `least` or more.

    F⁻¹(p + u (1 − p)) with p = P(X < least), found by halving: it holds for steps of F as well.
    """
    low, high = np.zeros(len(least)), np.ones(len(least))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        below = inverse(law, np.minimum(middle, _BELOW_ONE), observed) < least
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return inverse(law, np.minimum(high + u * (1.0 - high), _BELOW_ONE), observed)


_BELOW_ONE = float(np.nextafter(1.0, 0.0))

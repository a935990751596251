"""The search for the cheapest roster: programme and trials in turn, until they meet.

The programme names the cheapest roster that keeps every row known so far; a trial says whether it
keeps the promises; if not, the trial gives a new row. Rosters come from below in cost, and the
first that keeps the promises ends the search. Meanwhile rosters that surely do are made cheaper
from above. Sources: Atlason, Epelman & Henderson 2008, Management Science 54(2), 295-309;
Ingolfsson, Campello, Wu & Cabral 2010, EJOR 202(2), 485-498.
"""

import time
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.rostering.cuts import TooFew
from portsim.rostering.ground import Ground
from portsim.rostering.programme import Answer

__all__ = ["Found", "Search", "SearchLimits"]

_PART_S = 10.0
"""So long the programme may take at a time."""


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """How far a search goes.

    Attributes:
        seconds: so long; what was found by then is told, with its bound.
        gap: relative distance of cost and bound at which it is enough.
        exact: look on until no cheaper roster can be, slopes apart.
    """

    seconds: float = 300.0
    gap: float = 0.005
    exact: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """What a search came to.

    Attributes:
        chosen: int64[t + k]; None if no roster keeps the promises.
        cost: a week.
        bound: no roster is cheaper, if each further hour brings no more than the one before.
        proven: no roster is cheaper, if more staff never do harm.
        reached: float64[replications, promises], of the roster; of all that can be, without one.
        slopes, trials: so many rows by slopes; so many rosters tried.
        ended: ``closed`` where cost and bound met, ``time`` where time ran out.
    """

    chosen: Ints | None
    cost: float
    bound: float
    proven: float
    reached: Reals
    slopes: int
    trials: int
    ended: str


class Search(Ground):
    """A search on one set of trucks; asked again with higher targets it knows what it knew."""

    def run(self, targets: Reals, limits: SearchLimits) -> Found:
        """Look for the cheapest roster of which the mean of every promise reaches its target.

        Args:
            targets: float64[promises], times the sign of the promise: more is better.
            limits: how far to go.
        """
        ends = time.monotonic() + limits.seconds
        self.programme.targets = targets
        best, cost = self._richest(targets)
        if best is None and not self._good(self._everybody, targets):
            return self._nobody()
        if best is not None:
            best, cost = self._from_above(best, cost, targets, ends)
            self._say(f"a roster for {cost:,.0f} a week keeps the promise; looking for cheaper")
        bound = self._in_parts(targets, time.monotonic() + 0.4 * limits.seconds)
        self._say(f"at least {bound:,.0f} a week")
        best, cost, bound = self._closing(best, cost, bound, targets, limits, ends)
        # Slopes are no proof: where they leave no roster at all it is looked for without them.
        if limits.exact or best is None:
            best, cost, proven = self._exactly(best, cost, targets, ends)
            bound = max(min(bound, cost), proven) if limits.exact else proven
        else:
            proven = self._proven(limits)
            if self._loosened:
                answer = self.programme.cheapest(seconds=3 * _PART_S, gap=limits.gap / 2)
                none = answer.chosen is None and np.isinf(answer.bound)
                bound = self._newer(bound, cost if none else answer.bound)
        if best is None:
            return self._nobody()
        bound = min(bound, cost)
        return Found(
            chosen=best,
            cost=cost,
            bound=bound,
            proven=min(proven, cost),
            reached=self.trials.reached(self.choices.on_duty(best)),
            slopes=len(self.programme.slopes),
            trials=self.trials.count,
            ended="closed" if bound >= cost * (1 - limits.gap) else "time",
        )

    def _newer(self, bound: float, latest: float) -> float:
        """The bound after the programme was asked: the latest where rows were loosened since.

        A bound by rows that a roster has belied is none.
        """
        if self._loosened:
            self._loosened = False
            return latest
        return max(bound, latest)

    def _nobody(self) -> Found:
        """No roster keeps the promises, or none was found."""
        reached = self.trials.reached(self._everybody)
        return Found(None, np.inf, np.inf, np.inf, reached, 0, self.trials.count, "closed")

    def _closing(
        self,
        best: Ints | None,
        cost: float,
        bound: float,
        targets: Reals,
        limits: SearchLimits,
        ends: float,
    ) -> tuple[Ints | None, float, float]:
        """Try what the programme names until it names nothing cheaper: roster, cost and bound."""
        while time.monotonic() < ends and (self._loosened or bound < cost * (1 - limits.gap)):
            left = max(1.0, ends - time.monotonic())
            answer = self.programme.cheapest(seconds=min(_PART_S, left), gap=limits.gap / 2)
            if answer.chosen is None:
                return best, cost, cost if np.isinf(answer.bound) else bound
            bound = self._newer(bound, min(cost, answer.bound))
            if self._time_cuts(answer.chosen, usual=True):
                continue
            on_duty = self.choices.on_duty(answer.chosen)
            reached = self._reached(on_duty)
            if np.all(reached >= targets - 1e-12):
                if answer.cost < cost:
                    best, cost = self._lighter(answer.chosen, answer.cost, targets, ends)
                # It is as good as the programme can tell.
                return best, cost, bound
            if not self._slopes(on_duty, reached, targets):
                few = TooFew(on_duty, self._where(on_duty, targets, ends))
                self.programme.too_few.append(few)
            repaired = self._stretched(reached, targets, cost)
            if repaired is None:
                repaired = self._repaired(answer, targets, cost)
            if repaired is not None:
                best, cost = self._lighter(*repaired, targets, ends)
                self._say(f"{cost:,.0f} a week; at least {bound:,.0f}")
        return best, cost, bound

    # ---- from above ----------------------------------------------------------------------------

    def _for_need(self, factor: float) -> Answer:
        """The cheapest roster with the offered load times a factor on duty in every open hour.

        What no shift or too few people can cover is asked for as far as it can be.
        """
        need = np.where(self._open > 0, np.ceil(self._need() * factor - 1e-9), 0.0)
        least = np.minimum(need, self._cap)
        return self.programme.cheapest(seconds=_PART_S, gap=0.002, slopes=False, least=least)

    def _richest(self, targets: Reals) -> tuple[Ints | None, float]:
        """A roster that keeps the promises, from the offered load up; None if none was found."""
        for factor in (1.0, 1.25, 1.6, 2.5, 5.0, 50.0):
            answer = self._for_need(factor)
            if answer.chosen is None:
                break
            if self._good(self.choices.on_duty(answer.chosen), targets):
                return answer.chosen, answer.cost
        return None, np.inf

    @cached_property
    def _everybody(self) -> Ints:
        """int64[p, c], as many on duty in each cell as can be there at a time; no roster has all.

        Where nothing limits them, so many that nobody more could be of use.
        """
        plenty = np.ceil(self._need() * 50.0) + 10.0
        return np.asarray(np.minimum(self._cap, plenty), dtype=np.int64)

    def _from_above(
        self, best: Ints, cost: float, targets: Reals, ends: float
    ) -> tuple[Ints, float]:
        """The least part of the offered load that does, then without those who are not needed."""
        low, high = 0.0, 1.3
        for _ in range(6):
            middle = (low + high) / 2
            answer = self._for_need(middle)
            good = answer.chosen is not None and self._good(
                self.choices.on_duty(answer.chosen), targets
            )
            if good and answer.chosen is not None:
                high = middle
                if answer.cost < cost:
                    best, cost = answer.chosen, answer.cost
            else:
                low = middle
        return self._lighter(best, cost, targets, ends)

    def _lighter(self, best: Ints, cost: float, targets: Reals, ends: float) -> tuple[Ints, float]:
        """Without the turns that are not needed, the dearest first."""
        words = self.choices
        order = np.argsort(-words.cost[: len(words.tours)], kind="stable")
        moved = True
        while moved and time.monotonic() < ends:
            moved = False
            for number in order.tolist():
                if not best[number] or time.monotonic() >= ends:
                    continue
                most = best.copy()
                most[number] -= 1
                fewer = self._at_most(most)
                if fewer is not None and self._good(words.on_duty(fewer), targets):
                    best, cost, moved = fewer, float(words.cost @ fewer), True
        return best, cost

    def _at_most(self, most: Ints) -> Ints | None:
        """These turns and no others, given to posts; None if the fewest are not there then."""
        words = self.choices
        if not words.tasks:
            answering = np.array([np.rint(table @ most) for table in words.answering])
            return most if np.all(answering >= self.programme.fewest) else None
        limits = most.copy()
        limits[len(words.tours) :] = 10_000
        answer = self.programme.cheapest(seconds=2.0, gap=0.0, slopes=True, most=limits, least=None)
        return answer.chosen

    # ---- from below ----------------------------------------------------------------------------

    def _in_parts(self, targets: Reals, ends: float) -> float:
        """The bound, by rows from rosters of people in parts, which are found in a moment."""
        bound, still = 0.0, 0
        while time.monotonic() < ends and still < 6:
            answer = self.programme.cheapest(seconds=_PART_S, gap=0.0, whole=False)
            if answer.parts is None:
                break
            still = still + 1 if answer.cost <= bound * 1.001 else 0
            bound = self._newer(bound, answer.cost)
            if self._time_cuts(answer.parts, usual=True):
                still = 0
                continue
            present = np.array([table @ answer.parts for table in self.choices.present])
            for on_duty in (np.rint(present), np.floor(present + 1e-9)):
                cover = on_duty.astype(np.int64)
                reached = self._reached(cover)
                if not np.all(reached >= targets - 1e-12):
                    self._slopes(cover, reached, targets)
                    break
            else:
                break
        return bound

    def _stretched(self, reached: Reals, targets: Reals, cost: float) -> tuple[Ints, float] | None:
        """The cheapest for targets that are higher by what a roster has missed, if that will do.

        Slopes promise a little too much, and rosters that the programme takes for good miss the
        targets by little: asked for so much more it names one that reaches them.
        """
        missed = np.maximum(targets - reached, 0.0)
        if not np.all(np.isfinite(missed)):
            return None
        self.programme.targets = targets + missed
        answer = self.programme.cheapest(seconds=_PART_S / 2, gap=0.002)
        self.programme.targets = targets
        if answer.chosen is None or answer.cost >= cost - 1e-9:
            return None
        if not self._good(self.choices.on_duty(answer.chosen), targets):
            return None
        return answer.chosen, answer.cost

    def _repaired(self, answer: Answer, targets: Reals, cost: float) -> tuple[Ints, float] | None:
        """A roster that keeps the promises near one that does not, if it is the cheapest so far."""
        assert answer.chosen is not None
        chosen, words = answer.chosen.copy(), self.choices
        for _ in range(12):
            on_duty = words.on_duty(chosen)
            if self._good(on_duty, targets):
                price = float(words.cost @ chosen)
                return (chosen, price) if price < cost - 1e-9 else None
            value = self._value_of_turns(on_duty)
            if value is None or words.tasks:
                return None
            room = words.most[: len(words.tours)] > chosen[: len(words.tours)]
            worth = np.where(room, value / words.cost[: len(words.tours)], -1.0)
            pick = int(np.argmax(worth))
            if worth[pick] <= 0:
                return None
            chosen[pick] += 1
            people = words.people @ chosen
            limits = [each.most for each in words.shifts.people.values()]
            if any(
                limit is not None and n > limit for n, limit in zip(people, limits, strict=True)
            ):
                return None
            if float(words.cost @ chosen) >= cost:
                return None
        return None

    def _value_of_turns(self, on_duty: Ints) -> Reals | None:
        """What one more of each turn brings by the newest slopes, float64[t]."""
        if not self.programme.slopes:
            return None
        newest = self.programme.slopes[-1]
        value = np.zeros(len(self.choices.cost))
        for number, table in enumerate(self.choices.present):
            value += newest.slope[number] @ table.toarray()
        return np.asarray(value[: len(self.choices.tours)])

    # ---- the bound -----------------------------------------------------------------------------

    def _proven(self, limits: SearchLimits) -> float:
        """The cheapest that keeps the rows of time, and of too few: a bound without slopes."""
        bound = 0.0
        for _ in range(30):
            answer = self.programme.cheapest(
                seconds=_PART_S, gap=0.0, slopes=False, whole=limits.exact
            )
            if answer.chosen is None and answer.parts is None:
                return bound
            bound = max(bound, answer.bound)
            rows = answer.chosen if answer.parts is None else answer.parts
            if rows is None or not self._time_cuts(rows, usual=False):
                break
        return bound

    def _exactly(
        self, best: Ints | None, cost: float, targets: Reals, ends: float
    ) -> tuple[Ints | None, float, float]:
        """Look on without slopes until nothing cheaper can be."""
        proven = 0.0
        while time.monotonic() < ends:
            answer = self.programme.cheapest(seconds=_PART_S, gap=0.0, slopes=False)
            if answer.chosen is None:
                return best, cost, cost
            proven = max(proven, min(answer.bound, cost))
            if proven >= cost - 1e-6 * max(cost, 1.0):
                return best, cost, cost
            on_duty = self.choices.on_duty(answer.chosen)
            if self._time_cuts(answer.chosen, usual=False):
                continue
            if self._good(on_duty, targets):
                best, cost = answer.chosen, answer.cost
                continue
            self.programme.too_few.append(TooFew(on_duty, self._where(on_duty, targets, ends)))
        return best, cost, proven

"""How likely the stamps of a stage are under some hours and servers.

Given these, first come first served tells when each work began, and the stamped ends tell how long
it took: the likelihood of the ends is that of the work times. Where starts are stamped, they are
held against those told. Nothing is searched here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.fitting.passes import passed, quantiles
from portsim.fitting.weeks import Clock, Week
from portsim.fitting.work import STRAY, Densities, fitted
from portsim.held.starts import COUNTED, begun, doubted, overtaken

__all__ = ["Evidence", "Likelihood"]

_LONGEST_S = 86_400.0
_NEVER_S = -1e9
_MOSTLY = 0.5
_NEAR_STEPS, _BEYOND = 5, 0.7
_MOST, _FAR, _SPREADS = 0.9, 4.5, 3.3
"""No work takes longer than so many times what all but a tenth take, nor is farther from the median
than so many times as those are, in logarithms: who seems to was not there."""
_TELLING = 3_000
_SOME, _KEPT_OUT = 3, 2
"""So many others went before it, not one whose own stamps are wrong. If it keeps so many from
beginning before they ended, works longer than all but a tenth are enough."""
_LONG = 4.0
"""Mean works after which a server is free again."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What the log says of the visits of a stage, in the order of their queue seconds."""

    queue: Reals
    """float64[n], second UTC of joining the queue."""
    start: Reals
    """float64[n], of the start of the work, NaN where not stamped."""
    end: Reals
    """float64[n], of its end."""
    classes: Ints
    """int64[n], number of the class."""
    step: float
    """Of the stamps, seconds."""
    blank: NDArray[np.bool_] | None = None
    """bool[n], visits of which the queue was filled in, or the end is NaN; None if there are none.
    They say that a server was busy, and nothing else."""

    @property
    def out(self) -> Reals:
        """When each visit was over, as far as stamps say: float64[n], its queue where no end is."""
        return np.where(np.isnan(self.end), self.queue, self.end)

    @property
    def known(self) -> "Evidence":
        """The visits whose stamps are there."""
        return self if self.blank is None else replace(self.where(~self.blank), blank=None)

    @property
    def has_starts(self) -> bool:
        """Whether starts are stamped for most."""
        return bool(len(self.start)) and float(np.isfinite(self.start).mean()) > _MOSTLY

    def between(self, first: float, last: float) -> "Evidence":
        """The visits that ended in [first, last): in a queue of days, others came long before.

        Who came before `first` joins its queue then.
        """
        some = self.where((self.out >= first) & (self.out < last))
        return replace(some, queue=np.maximum(some.queue, first))

    def without(self, spans: Sequence[tuple[float, float]]) -> "Evidence":
        """Without the visits that ended in one of some spans of seconds, ascending.

        Who came before the end of one and ended after it joins the queue then.
        """
        queue, out = self.queue, self.out
        kept = np.ones(len(queue), dtype=bool)
        for first, last in spans:
            kept &= (out < first) | (out >= last)
            queue = np.where((queue < last) & (out >= last), np.maximum(queue, last), queue)
        if kept.all():
            return self
        order = np.flatnonzero(kept)
        order = order[np.argsort(queue[order], kind="stable")]
        return replace(self, queue=queue).where(order)

    def where(self, some: np.ndarray) -> "Evidence":
        """Some of the visits: bool[n], or their numbers."""
        return Evidence(
            self.queue[some], self.start[some], self.end[some], self.classes[some], self.step,
            None if self.blank is None else self.blank[some],
        )  # fmt: skip


class Likelihood:
    """Log likelihoods of hours and servers for one stage."""

    def __init__(self, evidence: Evidence, clock: Clock, handing: int = COUNTED,
                 usual: Reals | None = None) -> None:  # fmt: skip
        """Get ready for a stage, where works in hand are so handed over: see `starts`.

        `usual` says how long a server is busy with each visit that has no end: float64[n].
        """
        self.evidence, self.clock, self.handing = evidence, clock, handing
        self._usual, self._stamped = usual, evidence.has_starts
        went = evidence.start if self._stamped else evidence.end
        self._overtaken = overtaken(went, _SOME)
        self._others_since = evidence.end - self._overtaken
        self._known: tuple[Week, bool, Reals] | None = None
        self._of_any_week: dict[bool, tuple[NDArray[np.bool_], Reals]] = {}

    @property
    def step(self) -> float:
        """Of the stamps, a second or more."""
        return max(self.evidence.step, 1.0)

    @property
    def fills(self) -> bool:
        """Whether servers are busy with visits that have no end."""
        return self._usual is not None

    def handed(self, handing: int) -> "Likelihood":
        """The same stage, if works in hand were so handed over."""
        return Likelihood(self.evidence, self.clock, handing, self._usual)

    def begun(self, week: Week, *, pauses: bool) -> Reals:
        """When works began if these were the hours and servers: float64[n].

        A visit that others overtook for longer than works take did not stand in the queue when it
        seems to have joined it (it was at a stage whose stamp is missing), and one that was at work
        for so long has a wrong end. Either holds no server until shortly before its end, and its
        own work is a stray.
        """
        if self._known is None or self._known[:2] != (week, pauses):
            self._known = week, pauses, self._begun(week, pauses)
        return self._known[2]

    def _begun(self, week: Week, pauses: bool) -> Reals:
        queue, end = self.evidence.queue, self.evidence.end
        timeline = self.clock.timeline(week)
        start = begun(queue, end, *timeline, self.handing, self._usual)
        strays, late = self._strays(week, start, pauses)
        if not strays.any():
            return start
        moved = np.where(strays, np.maximum(late, queue), queue)
        order = np.argsort(moved, kind="stable")
        usual = None if self._usual is None else self._usual[order]
        told = np.empty(len(queue))
        told[order] = begun(moved[order], end[order], *timeline, self.handing, usual)
        return np.where(strays, queue, told)

    def _strays(self, week: Week, start: Reals, pauses: bool) -> tuple[NDArray[np.bool_], Reals]:
        """Visits of which stamps are wrong, bool[n], and when they may have come: float64[n]."""
        if pauses in self._of_any_week:
            return self._of_any_week[pauses]
        stamped, end = self._stamped, self.evidence.end
        least = _NEAR_STEPS * self.step
        since = self.evidence.start if stamped else self._overtaken
        worked = end - since if stamped else self._others_since
        middle, most, longest = _lengths(worked if stamped else end - start, least)
        # Nobody is looked at closely whose work is no longer than most.
        some = np.flatnonzero(worked > (longest if stamped else most))
        limit = np.full(len(some), longest)
        if not stamped:
            # Whoever would keep some from beginning before they ended need not have been there.
            limit[self._kept_out(start, some) >= _KEPT_OUT] = most
            some, limit = some[worked[some] > limit], limit[worked[some] > limit]
        # Works with both stamps are as long under any hours, unless they rest while it is closed.
        always = stamped and not (pauses and len(some))
        if pauses and len(some):
            open_time = self._passed(week)
            some = some[open_time(end[some]) - open_time(since[some]) > limit]
        strays = np.zeros(len(end), dtype=np.bool_)
        strays[some] = True
        if not stamped:
            return strays, end - middle
        late = np.where(strays, end - middle, since)
        stray_and_late = strays | (since - self._overtaken > least), late
        if always:
            self._of_any_week[pauses] = stray_and_late
        return stray_and_late

    def _kept_out(self, start: Reals, some: Ints) -> Ints:
        """How many would have begun between start and end of each of some visits, int64[k], but
        were over by then."""
        if not len(some):
            return np.zeros(0, dtype=np.int64)
        with np.errstate(invalid="ignore"):
            over = start > self.evidence.end + 2 * self.step
        passed = np.append(0, np.cumsum(over))
        until = np.searchsorted(start, self.evidence.end[some], side="right")
        return np.asarray(passed[until] - passed[1:][some])

    def _passed(self, week: Week) -> Callable[[Reals], Reals]:
        """Open time that has passed at seconds."""
        times, servers = self.clock.timeline(week)
        open_ = servers > 0
        return lambda seconds: passed(seconds, times, open_)

    def works(self, week: Week, start: Reals, *, pauses: bool) -> Reals:
        """Work times if works began then: float64[n], seconds; far below 0 where there is none."""
        end = self.evidence.end
        if self.evidence.blank is not None:
            end = np.where(self.evidence.blank, np.nan, end)
        if not pauses:
            return np.asarray(end - start)
        open_time = self._passed(week)
        step = self.step
        # No work ends while it rests.
        worked = open_time(end + step) - open_time(end - step) > 0
        told = np.where(worked, open_time(end) - open_time(start), _NEVER_S)
        return np.asarray(np.where(np.isnan(end) | np.isnan(start), np.nan, told))

    def possible(self, week: Week, *, pauses: bool) -> Reals:
        """Works that can be: float64[n], NaN where one was over before it could begin."""
        stamped = self._stamped
        start = self.evidence.start if stamped else self.begun(week, pauses=pauses)
        works = self.works(week, start, pauses=pauses)
        return np.where(works > -2 * self.evidence.step, works, np.nan)

    def doubted(self, week: Week, densities: Densities, *, pauses: bool) -> NDArray[np.bool_]:
        """Which works a visit without an end puts in doubt, bool[n]: see `starts.doubted`."""
        evidence = self.evidence
        if self._stamped or not densities.laws:
            return np.zeros(len(evidence.queue), dtype=np.bool_)
        longest = _LONG * max(law.mean for law in densities.laws.values())
        start = self.begun(week, pauses=pauses)
        timeline = self.clock.timeline(week)
        return doubted(evidence.queue, evidence.end, start, *timeline, longest)

    def densities(self, week: Week, *, pauses: bool) -> Densities:
        """The densities of the work times that these hours and servers tell."""
        start = self.begun(week, pauses=pauses)
        if self._stamped:
            start = self.evidence.start
        works = self.works(week, start, pauses=pauses)
        known = np.isfinite(works)
        works = works[known]
        return fitted(works, self.evidence.classes[known], self.evidence.step)

    def of_each(self, week: Week, densities: Densities, *, pauses: bool) -> Reals:
        """Log likelihood of each visit, float64[n]."""
        evidence = self.evidence
        told = self.begun(week, pauses=pauses)
        if not self._stamped:
            works = self.works(week, told, pauses=pauses)
            likely = densities.of(works, evidence.classes)
            likely[np.isnan(works)] = 0.0
            return likely
        known = np.isfinite(evidence.start)
        if evidence.blank is not None:
            known &= ~evidence.blank
        late = np.where(known, np.abs(evidence.start - told), 0.0)
        # A server does not begin in the second in which it may: as late as most do here.
        scale = self.step
        likely = (1 - STRAY) / (2 * scale) * np.exp(-np.maximum(late - scale, 0.0) / scale)
        total = np.where(known, np.log(likely + STRAY / _LONGEST_S), 0.0)
        works = np.where(known, self.works(week, evidence.start, pauses=pauses), _NEVER_S)
        return np.asarray(total + np.where(known, densities.of(works, evidence.classes), 0.0))

    def follows(self, week: Week, densities: Densities, *, pauses: bool) -> float:
        """Share of the visits that are as first come first served tells; 1 for none at all.

        Where starts are stamped, those near the start that it tells; else those whose work time is
        no stray.
        """
        evidence = self.evidence
        if not len(evidence.queue):
            return 1.0
        if self._stamped:
            known = np.isfinite(evidence.start)
            if evidence.blank is not None:
                known &= ~evidence.blank
            away = np.abs(evidence.start - self.begun(week, pauses=pauses))[known]
            return float((away <= _NEAR_STEPS * self.step).mean())
        of_each = self.of_each(week, densities, pauses=pauses)
        if evidence.blank is not None:
            of_each = of_each[~evidence.blank]
        return float((of_each > densities.stray + _BEYOND).mean())

    def of(self, week: Week, densities: Densities | None = None, *, pauses: bool) -> float:
        """Log likelihood of all; with the densities that suit best, if none are given."""
        if densities is None:
            densities = self.densities(week, pauses=pauses)
        return float(self.of_each(week, densities, pauses=pauses).sum())


def _lengths(works: Reals, least: float) -> tuple[float, float, float]:
    """Seconds that half of the works take, that most take at most, and that none takes.

    Of many, evenly taken ones tell.
    """
    works = works[:: len(works) // _TELLING + 1]
    works = works[works > 0]
    if not len(works):
        return 0.0, least, least
    middle, most = quantiles(works, (0.5, _MOST))
    longest = min(_FAR * most, middle * (most / max(middle, 1.0)) ** _SPREADS)
    return middle, max(most, least), max(longest, least)

"""How likely the stamps of a stage are under some hours and servers.

Given these, first come first served tells when each work began, and the stamped ends tell how long
it took: the likelihood of the ends is that of the work times. Where starts are stamped, they are
held against those told. Nothing is searched here.
"""

from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.fitting.weeks import Clock, Week
from portsim.fitting.work import STRAY, Densities, fitted
from portsim.held.starts import COUNTED, begun

__all__ = ["Evidence", "Likelihood"]

_LONGEST_S = 86_400.0
_NEVER_S = -1e9
_MOSTLY = 0.5
_NEAR_STEPS, _BEYOND = 5, 0.7


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

    def where(self, some: np.ndarray) -> "Evidence":
        """Some of the visits: bool[n]."""
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
        self._usual = usual
        self._stray = log(STRAY / _LONGEST_S)

    @property
    def fills(self) -> bool:
        """Whether servers are busy with visits that have no end."""
        return self._usual is not None

    def handed(self, handing: int) -> "Likelihood":
        """The same stage, if works in hand were so handed over."""
        return Likelihood(self.evidence, self.clock, handing, self._usual)

    def begun(self, week: Week) -> Reals:
        """When works began if these were the hours and servers: float64[n]."""
        evidence = self.evidence
        timeline = self.clock.timeline(week)
        return begun(evidence.queue, evidence.end, *timeline, self.handing, self._usual)

    def works(self, week: Week, start: Reals, *, pauses: bool) -> Reals:
        """Work times if works began then: float64[n], seconds; far below 0 where there is none."""
        end = self.evidence.end
        if self.evidence.blank is not None:
            end = np.where(self.evidence.blank, np.nan, end)
        if not pauses:
            return np.asarray(end - start)
        times, servers = self.clock.timeline(week)
        passing = np.concatenate([[0.0], np.cumsum(np.diff(times) * (servers[:-1] > 0))])

        def passed(seconds: Reals) -> Reals:
            row = np.clip(np.searchsorted(times, seconds, side="right") - 1, 0, len(times) - 1)
            return np.asarray(passing[row] + (seconds - times[row]) * (servers[row] > 0))

        step = max(self.evidence.step, 1.0)
        # No work ends while it rests.
        worked = passed(end + step) - passed(end - step) > 0
        told = np.where(worked, passed(end) - passed(start), _NEVER_S)
        return np.asarray(np.where(np.isnan(end) | np.isnan(start), np.nan, told))

    def densities(self, week: Week, *, pauses: bool) -> Densities:
        """The densities of the work times that these hours and servers tell."""
        start = self.begun(week)
        if self.evidence.has_starts:
            start = self.evidence.start
        works = self.works(week, start, pauses=pauses)
        known = np.isfinite(works)
        works = works[known]
        return fitted(works, self.evidence.classes[known], self.evidence.step)

    def of_each(self, week: Week, densities: Densities, *, pauses: bool) -> Reals:
        """Log likelihood of each visit, float64[n]."""
        evidence = self.evidence
        told = self.begun(week)
        if not evidence.has_starts:
            works = self.works(week, told, pauses=pauses)
            likely = densities.of(np.nan_to_num(works, nan=_NEVER_S), evidence.classes)
            return np.asarray(np.where(np.isnan(works), 0.0, likely))
        known = np.isfinite(evidence.start)
        if evidence.blank is not None:
            known &= ~evidence.blank
        late = np.where(known, np.abs(evidence.start - told), 0.0)
        # A server does not begin in the second in which it may: as late as most do here.
        scale = max(evidence.step, 1.0)
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
        if evidence.has_starts:
            known = np.isfinite(evidence.start)
            if evidence.blank is not None:
                known &= ~evidence.blank
            away = np.abs(evidence.start - self.begun(week))[known]
            return float((away <= _NEAR_STEPS * max(evidence.step, 1.0)).mean())
        of_each = self.of_each(week, densities, pauses=pauses)
        if evidence.blank is not None:
            of_each = of_each[~evidence.blank]
        return float((of_each > densities.stray + _BEYOND).mean())

    def of(self, week: Week, densities: Densities | None = None, *, pauses: bool) -> float:
        """Log likelihood of all; with the densities that suit best, if none are given."""
        if densities is None:
            densities = self.densities(week, pauses=pauses)
        return float(self.of_each(week, densities, pauses=pauses).sum())

"""What becomes of work at closing, and whether any work of the log tells: it is finished, or rests.

Only a work that reaches over a closing can tell, and only if no other hours make the other rule fit
as well. Hours and servers come in as they were told.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from portsim.fitting.cut_works import rests
from portsim.fitting.hours_and_servers import uphill
from portsim.fitting.likelihood import Likelihood
from portsim.fitting.roster import Roster
from portsim.fitting.rosters import filled_in
from portsim.fitting.weeks import Clock, Pattern, Week

__all__ = ["AtClose", "as_told", "at_close"]

_ALIKE, _SURE = 3.0, 10.0
"""Log likelihood below which both rules fit alike, and from which on one is sure: a single stray
stamp brings as much at most."""
_FEWEST = 3
"""Fewer works may be stamped wrongly."""


@dataclass(frozen=True, slots=True)
class AtClose:
    """What a stage does with work at closing."""

    pauses: bool
    """Whether it rests, as far as that is told; else it is finished."""
    closes: bool
    """Whether the stage closes at all."""
    ended: int
    """Works that were begun before a closing and ended while it was closed."""
    rested: int
    """Works that were begun before a closing and ended after the next opening."""
    ahead: float
    """Log likelihood by which it fits better than the other rule with the hours that suit that."""

    @property
    def works(self) -> int:
        """How many works could have told it."""
        return self.ended + self.rested

    @property
    def identifiable(self) -> str:
        """yes, partly or no."""
        if not self.works or self.ahead < _ALIKE:
            return "no"
        return "yes" if self.works >= _FEWEST and self.ahead >= _SURE else "partly"


def at_close(rosters: Sequence[Roster], timezone: str) -> AtClose:
    """Tell what becomes of work at closing.

    Args:
        rosters: of one stage, one after the other; at least one.
        timezone: IANA zone of its clock.

    Returns:
        The rule that all rosters together are likeliest by; where no work reaches over a closing,
        that work is finished, which then changes nothing of what was told.
    """
    ended = rested = 0
    ahead, closes = 0.0, False
    for roster in rosters:
        likelihood = as_told(roster, timezone)
        closed, after = _over(likelihood, roster)
        closes |= _closes(likelihood.clock, roster.week)
        ended, rested = ended + closed, rested + after
        if closed + after:
            better = max(_ahead(likelihood, roster), 0.0)
            ahead += better if roster.pauses else -better
    pauses = ahead > 0 if ahead else bool(ended + rested) and rosters[0].pauses
    return AtClose(pauses, closes, ended, rested, abs(ahead))


def as_told(roster: Roster, timezone: str) -> Likelihood:
    """The likelihood by which a roster was told: with its dates, its hand-over and blank stamps."""
    evidence = roster.evidence if roster.filled else roster.evidence.known
    first, last = float(evidence.queue[0]), float(np.nanmax(evidence.end))
    clock = Clock(timezone, first, last, roster.exceptions)
    likelihood = Likelihood(evidence, clock, roster.handing)
    return filled_in(likelihood, roster.week, roster.pauses) if roster.filled else likelihood


def _closes(clock: Clock, week: Week) -> bool:
    servers = clock.timeline(week)[1]
    return bool(((servers[:-1] > 0) & (servers[1:] == 0)).any())


def _over(likelihood: Likelihood, roster: Roster) -> tuple[int, int]:
    """Works that reach over a closing by more than a step of the stamps: how many ended before the
    next opening, and how many after it."""
    evidence = likelihood.evidence
    start = (
        evidence.start
        if evidence.has_starts
        else likelihood.begun(roster.week, pauses=roster.pauses)
    )
    known = np.isfinite(likelihood.works(roster.week, start, pauses=False))
    closing, opening = rests(likelihood.clock, roster.week, start)
    step = max(evidence.step, 1.0)
    over = known & (start < closing) & (evidence.end >= closing + step)
    ended = over & (evidence.end <= opening - step)
    return int(ended.sum()), int((over & ~ended).sum())


def _ahead(likelihood: Likelihood, roster: Roster) -> float:
    """How much likelier the stamps are than by the other rule, with the hours that suit it best
    from those that were told on."""
    pauses, week = roster.pauses, roster.week
    densities = likelihood.densities(week, pauses=pauses)
    for pattern in dict.fromkeys(each for each in week if each):

        def laid(tried: Pattern, pattern: Pattern = pattern, week: Week = week) -> Week:
            return tuple(tried if each == pattern else each for each in week)

        def told(tried: Pattern) -> float:
            return likelihood.of(laid(tried), densities, pauses=not pauses)

        week = laid(uphill(pattern, told))
    other = max(likelihood.of(each, pauses=not pauses) for each in (roster.week, week))
    return likelihood.of(roster.week, pauses=pauses) - other

"""Works whose end was not seen: those under way when the log ends, and those left at closing.

How long they went on is known, how long they would have taken is not. No law enters here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.fitting.roster import Roster
from portsim.fitting.weeks import Clock, Week
from portsim.gatelog import GateLog

__all__ = ["CutWorks", "left_at_closing", "rests", "under_way"]

_NIGHT_S = 4 * 3600.0
"""Whoever is still there after a shorter rest may have been worked on through it."""
_LONGEST_S = 86_400.0


@dataclass(frozen=True, slots=True, eq=False)
class CutWorks:
    """Works that were begun, by how long they were seen to go on."""

    seconds: Reals
    """float64[k]"""
    classes: Ints
    """int64[k], number of the class of each."""


def under_way(log: GateLog, stage: str) -> CutWorks:
    """Works of a stage with a stamped start that went on when the log ended.

    Args:
        log: a log.
        stage: one of its stages.

    Returns:
        Works of less than a day whose trucks have no later stamp at all.
    """
    visits, codes = (
        log.visits,
        np.unique(log.trucks["truck_class"].astype(str), return_inverse=True)[1],
    )
    stamps = visits[["queue", "start", "end"]].max(axis=1).to_numpy(np.float64)
    latest = np.full(len(log.trucks), -np.inf)
    truck = visits["truck"].to_numpy(np.int64)
    np.fmax.at(latest, truck, stamps)
    start = visits["start"].to_numpy(np.float64)
    own = (visits["stage"] == stage).to_numpy() & visits["end"].isna().to_numpy()
    own &= np.isfinite(start) & (latest[truck] <= start)
    went_on = log.last - start
    own &= (went_on > 0) & (went_on < _LONGEST_S)
    return CutWorks(went_on[own], codes[truck[own]].astype(np.int64))


def left_at_closing(rosters: Sequence[Roster], timezone: str) -> tuple[NDArray[np.bool_], Reals]:
    """Stamped works that were left at a closing and ended after the next opening.

    Where works rest by rule (``pause``) none is left; a lunch is no night.

    Args:
        rosters: of one stage, one after the other.
        timezone: IANA zone of its clock.

    Returns:
        bool[n], which of the works of all rosters, and float64[n], seconds until the closing.
    """
    left, until = [], []
    for roster in rosters:
        evidence = roster.evidence
        n = len(evidence.queue)
        if not evidence.has_starts or roster.pauses or not n:
            left.append(np.zeros(n, dtype=bool))
            until.append(np.full(n, np.nan))
            continue
        clock = Clock(timezone, float(evidence.queue.min()), float(np.nanmax(evidence.end)))
        closing, opening = rests(clock, roster.week, evidence.start)
        with np.errstate(invalid="ignore"):
            left.append((opening - closing >= _NIGHT_S) & (evidence.end >= opening))
        until.append(closing - np.nan_to_num(evidence.start))
    return np.concatenate(left), np.concatenate(until)


def rests(clock: Clock, week: Week, start: Reals) -> tuple[Reals, Reals]:
    """The closing that follows each start, and the opening that follows it.

    Args:
        clock: days of the stage.
        week: hours and servers.
        start: float64[n], seconds UTC; NaN where none is known.

    Returns:
        float64[n] twice, seconds UTC; infinite where there is none.
    """
    times, servers = clock.timeline(week)
    open_ = servers > 0
    closes = np.append(times[1:][open_[:-1] & ~open_[1:]], np.inf)
    opens = np.append(times[1:][~open_[:-1] & open_[1:]], np.inf)
    known = np.where(np.isfinite(start), start, np.inf)
    closing = closes[np.minimum(np.searchsorted(closes, known), len(closes) - 1)]
    opening = opens[np.minimum(np.searchsorted(opens, closing), len(opens) - 1)]
    return closing, opening

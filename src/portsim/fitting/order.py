"""Whether a stage serves first come first served, and who is served before whom where it does not.

Counts only: nothing is corrected for what is told here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.calendars import local_seconds, zone
from portsim.fitting.roster import Roster

__all__ = ["Order", "order_of"]

_RARE = 0.02
_MOSTLY, _SELDOM, _NEARLY_ALL = 0.5, 0.25, 0.8
"""Share of the overtakings that one pair of classes has, and of those the other way round."""
_HOURS, _CROWDED = 3, 2.0
"""Hours of the day in which half of the overtakings fall, more often than works do."""


@dataclass(frozen=True, slots=True)
class Order:
    """How far a stage is first come first served."""

    overtaking: int
    """Visits that were begun before one that had come before."""
    n: int
    """Visits of which the order is known."""
    note: str
    """Who overtakes whom and when; empty where hardly anybody does."""


def order_of(rosters: Sequence[Roster], names: Sequence[str], timezone: str) -> Order:
    """Count the visits that overtake.

    Where starts are stamped, a visit overtakes if it starts a step before another that joined the
    queue a step before it. Else it does if its work was over before first come first served would
    have begun it.

    Args:
        rosters: of one stage, one after the other.
        names: of the classes, by number.
        timezone: of the stage's clock.
    """
    passing, passed, hours = (np.zeros(0, dtype=np.int64) for _ in range(3))
    total = 0
    for roster in rosters:
        ahead, behind, n = _overtakings(roster)
        passing = np.append(passing, roster.classes[ahead])
        passed = np.append(passed, roster.classes[behind])
        hours = np.append(hours, _hours(roster.evidence.end[ahead], timezone))
        total += n
    if not total or len(passing) < _RARE * total:
        return Order(len(passing), total, "")
    said = [_whom(passing, passed, names), _when(hours)]
    return Order(len(passing), total, "; ".join(filter(None, said)))


def _overtakings(roster: Roster) -> tuple[Ints, Ints, int]:
    """Which visits overtake which (not said where starts are told), of how many."""
    evidence = roster.evidence
    known = np.isfinite(evidence.end)
    if evidence.blank is not None:
        known &= ~evidence.blank
    if not evidence.has_starts:
        early = np.flatnonzero(known & np.isnan(roster.works))
        return early, np.zeros(0, dtype=np.int64), int(known.sum())
    known &= np.isfinite(evidence.start)
    rows = np.flatnonzero(known)
    if not len(rows):
        return rows, rows, 0
    start, queue = evidence.start[rows], evidence.queue[rows]
    latest = np.maximum.accumulate(start)
    # Of those that came before: the one that began last.
    place = np.maximum.accumulate(np.where(start == latest, np.arange(len(rows)), 0))
    before = np.concatenate([[0], place[:-1]])
    step = max(evidence.step, 1.0)
    over = (start < start[before] - step) & (queue > queue[before] + step)
    return rows[over], rows[before[over]], len(rows)


def _hours(seconds: Reals, timezone: str) -> Ints:
    """Hour of the local day, int64[n]."""
    return np.asarray(local_seconds(seconds.astype(np.int64), zone(timezone)) % 86_400 // 3600)


def _whom(passing: Ints, passed: Ints, names: Sequence[str]) -> str:
    """Which class goes before which, if one does."""
    if not len(passed):
        counts = np.bincount(passing, minlength=len(names))
        first = int(counts.argmax())
        if len(names) > 1 and counts[first] >= _NEARLY_ALL * counts.sum():
            return f"{counts[first] / counts.sum():.0%} of them {names[first]}: told before others"
        return "not one class more than others"
    pairs = np.zeros((len(names), len(names)), dtype=np.int64)
    np.add.at(pairs, (passing, passed), 1)
    a, b = divmod(int(pairs.argmax()), len(names))
    if a != b and pairs[a, b] >= _MOSTLY * pairs.sum() and pairs[b, a] <= _SELDOM * pairs[a, b]:
        return f"{names[a]} before {names[b]} in {pairs[a, b]} of {pairs.sum()}: a priority"
    return "within and between classes: no priority"


def _when(hours: Ints) -> str:
    """Hours of the day in which most of it happens, if there are some."""
    counts = np.bincount(hours, minlength=24)
    around = np.sum([np.roll(counts, -more) for more in range(_HOURS)], axis=0)
    begin = int(np.argmax(around))
    if around[begin] < max(_MOSTLY, _CROWDED * _HOURS / 24) * counts.sum():
        return ""
    return f"mostly {begin:02d}:00-{(begin + _HOURS) % 24:02d}:00"

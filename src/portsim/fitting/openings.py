"""When a stage seems to be open: where trucks wait and some are served, and where none is.

A first guess by five minutes of the day, told apart from mere absence of trucks: where nobody
waits, that nobody is served says nothing. Servers are not counted here.
"""

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.fitting.likelihood import Evidence
from portsim.fitting.weeks import SLOTS, Clock

__all__ = ["first_guess", "weekdays_of"]

_SWITCH = 4.0
"""Log likelihood that an opening or closing more must bring."""
_MOST_OPENINGS = 4
"""Openings a day beyond which a switch must bring more."""
_UNSEEN = 0.05
"""What a slot costs in which nobody was ever there, so that a night without trucks is closed."""
_BY_MISTAKE = 0.02
_RARE = 0.03
_SELDOM, _WEEKS = 0.25, 5
_LIVELY = (0.1, 0.97)


def weekdays_of(evidence: Evidence, clock: Clock) -> list[int]:
    """Weekdays on which works begin, as far as the log can tell: far fewer are strays."""
    seconds = evidence.start if evidence.has_starts else evidence.end
    day, _ = clock.slots(seconds[np.isfinite(seconds)])
    works = np.bincount(clock.weekdays[day], minlength=7)
    days = np.bincount(clock.weekdays[day.min() : day.max() + 1], minlength=7) if len(day) else 1
    a_day = works / np.maximum(days, 1)
    open_ = a_day > _RARE * np.median(a_day[a_day > 0])
    # A Sunday or two of many are dates, not a weekday.
    active = np.bincount(clock.weekdays[np.unique(day)], minlength=7) / np.maximum(days, 1)
    once = (active < _SELDOM * np.median(active[open_])) & (days >= _WEEKS)
    return np.flatnonzero(open_ & ~once).tolist()


def first_guess(evidence: Evidence, clock: Clock, weekdays: list[int]) -> Ints:
    """1 for each slot of the day in which the stage is open on these weekdays: int64[SLOTS]."""
    moved, waited = _seen(evidence, clock, weekdays)
    count = moved + waited
    rate = np.where(count > 0, moved / np.maximum(count, 1), 0.0)
    lively = rate[(count >= max(2, _LIVELY[0] * count.max())) & (rate > _LIVELY[0] / 2)]
    open_ = 0.8 * float(np.clip(np.median(lively) if len(lively) else 0.5, *_LIVELY))
    gain = moved * np.log(open_ / _BY_MISTAKE)
    gain += waited * np.log((1 - open_) / (1 - _BY_MISTAKE))
    gain -= _UNSEEN * (count == 0)
    # The day before and the day after stand beside, so that midnight is no edge.
    days, switch = np.tile(gain, 3), _SWITCH
    told = tried = _likeliest(days, switch)[SLOTS : 2 * SLOTS]
    # Works that are all alike end at the same minutes of each day: no port closes in between.
    while tried.any() and int((np.diff(told) == 1).sum()) > _MOST_OPENINGS:
        told, switch = tried, 2 * switch
        tried = _likeliest(days, switch)[SLOTS : 2 * SLOTS]
    return told


def _seen(evidence: Evidence, clock: Clock, weekdays: list[int]) -> tuple[Reals, Reals]:
    """Days on which somebody moved in a slot, and on which somebody was there and nobody did."""
    some = np.isfinite(evidence.start) if evidence.has_starts else np.full(len(evidence.end), True)
    out = (evidence.start if evidence.has_starts else evidence.end)[some]
    slots = len(clock.dates) * SLOTS

    def place(seconds: Reals) -> Ints:
        day, slot = clock.slots(seconds)
        return np.asarray(day * SLOTS + slot)

    since, until = place(evidence.queue[some]), place(out)
    moved = np.zeros(slots, dtype=bool)
    moved[until] = True
    change = np.zeros(slots + 2, dtype=np.int64)
    long_enough = until > since + 1
    np.add.at(change, since[long_enough] + 1, 1)
    np.add.at(change, until[long_enough], -1)
    there = np.cumsum(change)[:slots] > 0
    days = np.arange(len(clock.dates))
    if len(out):
        days = days[(days >= since.min() // SLOTS) & (days <= until.max() // SLOTS)]
    days = days[np.isin(clock.weekdays[days], weekdays)]
    moved, there = moved.reshape(-1, SLOTS)[days], there.reshape(-1, SLOTS)[days]
    return moved.sum(axis=0).astype(float), (there & ~moved).sum(axis=0).astype(float)


def _likeliest(gain: Reals, switch: float) -> Ints:
    """Open (1) or closed by slot, the likeliest way with a price for each change (Viterbi 1967)."""
    closed, open_ = 0.0, float(gain[0])
    came = np.zeros((len(gain), 2), dtype=np.int64)
    for slot in range(1, len(gain)):
        from_closed, from_open = closed, open_
        came[slot] = from_open - switch > from_closed, from_open >= from_closed - switch
        closed = max(from_closed, from_open - switch)
        open_ = max(from_open, from_closed - switch) + float(gain[slot])
    way = np.zeros(len(gain), dtype=np.int64)
    way[-1] = open_ > closed
    for slot in range(len(gain) - 1, 0, -1):
        way[slot - 1] = came[slot, way[slot]]
    return way

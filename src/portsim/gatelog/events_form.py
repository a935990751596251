"""The gate log of a row an event: cases with activities become the trucks of a draft.

A case that arrives again is another crossing of the same truck; a stage that is passed again is
another visit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.calendars import local_seconds
from portsim.calendars import zone as calendar_zone
from portsim.gatelog.cleaning import Cleaning
from portsim.gatelog.draft import ARRIVAL, Draft, Key
from portsim.gatelog.mapping import STAMPS, LogMap
from portsim.gatelog.repeated import DAY, GONE, ROW, whole_days
from portsim.gatelog.rows import Taken, column_names, stamps_of, texts_of
from portsim.gatelog.sheets import Sheet
from portsim.gatelog.stamping import resolution
from portsim.gatelog.trucks_form import facts_of_rows, note_stamps
from portsim.gatelog.words import LIFECYCLE

__all__ = ["from_events"]

_DAY_S = 86_400
_APART = 2 * _DAY_S
"""A case that begins again after so long is another crossing, where arrivals are not stamped."""
_NO_TRUCK = ("an event of no truck", "left out")


@dataclass(slots=True)
class _Events:
    """m events in the order of their cases and times."""

    case: Ints
    key: Ints
    seconds: Reals
    doubled: NDArray[np.bool_]
    clock: Ints
    row: Ints

    def take(self, chosen: Ints | NDArray[np.bool_]) -> "_Events":
        return _Events(
            self.case[chosen],
            self.key[chosen],
            self.seconds[chosen],
            self.doubled[chosen],
            self.clock[chosen],
            self.row[chosen],
        )


def from_events(
    sheets: Sequence[Sheet],
    words: LogMap,
    taken: Taken,
    order: Sequence[str],
    zone: str,
    cleaning: Cleaning,
) -> tuple[Draft, dict[Key, int]]:
    """The trucks of a log of a row an event, and the resolution of each stamp in seconds."""
    facts = facts_of_rows(sheets, words, cleaning)
    keys, events = _events(sheets, words, taken, order, zone, facts, cleaning)
    events = _once(events, zone, cleaning)
    truck, trucks = _crossings(keys, events)
    seen = _occurrence(truck, events.key)
    first_time = seen == 0
    n, k = trucks, len(keys)
    seconds, doubled = np.full((n, k), np.nan), np.zeros((n, k), dtype=bool)
    where = np.full((n, k), -1, dtype=np.int64)
    cells = truck[first_time], events.key[first_time]
    seconds[cells], doubled[cells] = events.seconds[first_time], events.doubled[first_time]
    where[cells] = events.row[first_time]
    first = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(first, truck, events.row)
    resources = _resources(sheets, words, keys, events, truck, n)
    again = _again(keys, events, truck, seen, cleaning)
    steps = {key: resolution(events.clock[events.key == number]) for number, key in enumerate(keys)}
    per_truck = _first_written(facts, truck, events.row, n)
    return Draft(keys, seconds, doubled, where, first, per_truck, resources, again), steps


def _events(
    sheets: Sequence[Sheet],
    words: LogMap,
    taken: Taken,
    order: Sequence[str],
    zone: str,
    facts: pd.DataFrame,
    cleaning: Cleaning,
) -> tuple[tuple[Key, ...], _Events]:
    activity = texts_of(sheets, column_names(words.columns, "activity"))
    lifecycle = texts_of(sheets, column_names(words.columns, "lifecycle"))
    steps = [LIFECYCLE.get(str(each).strip().casefold(), "") for each in lifecycle.categories]
    case = np.asarray(facts["truck"].cat.codes, dtype=np.int64)
    act = np.asarray(activity.codes, dtype=np.int64)
    cycle = np.asarray(lifecycle.codes, dtype=np.int64)
    cleaning.add(np.flatnonzero((case < 0) | (act < 0)), "", *_NO_TRUCK)
    numbers: dict[Key, int] = {}
    parts: list[_Events] = []
    for stamp, names in _timed(words).items():
        stamped, _ = stamps_of(sheets, taken, order, words, names, zone)
        note_stamps(stamped, "", cleaning)
        cleaning.add(np.flatnonzero(stamped.blank & (act >= 0)), "", "blank", "no stamp")
        table = np.full((len(activity.categories) + 1, len(steps) + 1), -1, dtype=np.int64)
        for each, name in enumerate(activity.categories):
            for other, step in enumerate([*steps, "end"]):
                key = _key(words, str(name), stamp or step)
                if key is not None:
                    table[each, other] = numbers.setdefault(key, len(numbers))
        key_of_row = table[act, cycle]
        there = (case >= 0) & (act >= 0) & (key_of_row >= 0) & ~np.isnan(stamped.seconds)
        kept = np.flatnonzero(there)
        parts.append(
            _Events(
                case[kept],
                key_of_row[kept],
                stamped.seconds[kept],
                stamped.doubled[kept],
                stamped.clock[kept],
                kept,
            )
        )
    whole = _Events(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("case", "key", "seconds", "doubled", "clock", "row")
        )
    )
    used, whole.key = np.unique(whole.key, return_inverse=True)
    names_of = list(numbers)
    keys = tuple(names_of[number] for number in used)
    return keys, whole.take(np.lexsort((whole.row, whole.seconds, whole.case)))


def _once(events: _Events, timezone: str, cleaning: Cleaning) -> _Events:
    """Each event once: what stands twice, in whole days or here and there, is dropped."""
    same = pd.DataFrame({"c": events.case, "k": events.key, "s": events.seconds}).duplicated()
    copies = same.to_numpy()
    if not copies.any():
        return events
    day = local_seconds(events.seconds.astype(np.int64), calendar_zone(timezone)) // _DAY_S
    of_days = whole_days(day, copies)
    cleaning.add(events.row[of_days], "", DAY, GONE)
    cleaning.add(events.row[copies & ~of_days], "", ROW, GONE)
    return events.take(~copies)


def _timed(words: LogMap) -> dict[str, list[str]]:
    """Columns of stamps by what they stamp; empty for what activity and lifecycle say."""
    timed: dict[str, list[str]] = {}
    for name, column in words.columns.items():
        if column.role == "time":
            timed.setdefault("", []).append(name)
        elif column.role in ("stamp", "arrival"):
            timed.setdefault(column.stamp or "queue", []).append(name)
    return timed


def _key(words: LogMap, activity: str, step: str) -> Key | None:
    """What an event stamps; None for nothing."""
    meaning = words.activities.get(activity)
    if meaning is None or meaning.stamp == "ignore" or not step:
        return None
    if meaning.stamp == "arrival":
        return ARRIVAL
    return meaning.stage, meaning.stamp or step


def _occurrence(truck: Ints, key: Ints) -> Ints:
    """How often a truck had that stamp before, event by event."""
    return np.asarray(pd.Series(key).groupby([truck, key]).cumcount(), dtype=np.int64)


def _crossings(keys: tuple[Key, ...], events: _Events) -> tuple[Ints, int]:
    """Number of the crossing of each event, and how many there are."""
    new_case = np.ones(len(events.case), dtype=bool)
    new_case[1:] = events.case[1:] != events.case[:-1]
    begins = new_case.copy()
    repeated = _occurrence(events.case, events.key) > 0
    if repeated.any():
        arrivals = events.key == (keys.index(ARRIVAL) if ARRIVAL in keys else -1)
        if not arrivals.any():
            queues = [number for number, key in enumerate(keys) if key[1] == "queue"]
            counts = [int((events.key == number).sum()) for number in queues]
            if queues:
                arrivals = events.key == queues[int(np.argmax(counts))]
        if arrivals.any():
            after_another = ~arrivals
            after_another[1:] = after_another[:-1].copy()
            begins |= arrivals & repeated & after_another
        else:
            gap = np.diff(events.seconds, prepend=np.inf)
            begins |= repeated & (gap > _APART)
    return np.cumsum(begins) - 1, int(begins.sum())


def _again(
    keys: tuple[Key, ...], events: _Events, truck: Ints, seen: Ints, cleaning: Cleaning
) -> pd.DataFrame:
    """Later visits of a stage. A single stamp that comes twice is no visit, and is left out."""
    later = np.flatnonzero(seen > 0)
    frame = pd.DataFrame(
        {
            "truck": truck[later],
            "stage": [keys[number][0] for number in events.key[later]],
            "stamp": [keys[number][1] for number in events.key[later]],
            "time": seen[later],
            "seconds": events.seconds[later],
            "row": events.row[later],
        }
    )
    wanted = {
        stage: len({stamp for name, stamp in keys if name == stage and stamp != "queue"})
        for stage, _ in keys
    }
    same = ["truck", "stage", "time"]
    work = frame["stamp"].isin(["start", "end"])
    full = work.groupby([frame[name] for name in same]).transform("sum")
    whole = (full == frame["stage"].map(wanted)) & (full > 0)
    for stage, rows in frame[~whole].groupby("stage")["row"]:
        oddity = "a stamp twice with two times"
        cleaning.add(rows.to_numpy(), str(stage) or "arrival", oddity, "the first is taken")
    kept = frame[whole]
    wide = kept.pivot(index=same, columns="stamp", values="seconds").reset_index()
    for stamp in STAMPS:
        if stamp not in wide:
            wide[stamp] = np.nan
    wide["resource"] = None
    return wide[["truck", "stage", *STAMPS, "resource"]]


def _first_written(facts: pd.DataFrame, truck: Ints, row: Ints, n: int) -> pd.DataFrame:
    """What the events of a truck say of it: the first that is written."""
    made: dict[str, Any] = {}
    order = np.argsort(row, kind="stable")
    for name in facts.columns.astype(str):
        values = facts[name].iloc[row[order]]
        there = values.notna().to_numpy()
        which, firsts = np.unique(truck[order][there], return_index=True)
        if isinstance(values.dtype, pd.CategoricalDtype):
            codes = np.full(n, -1, dtype=np.int64)
            codes[which] = np.asarray(values.cat.codes)[there][firsts]
            made[name] = pd.Categorical.from_codes(codes, dtype=values.dtype)
        else:
            numbers = np.full(n, np.nan)
            numbers[which] = values.to_numpy(np.float64)[there][firsts]
            made[name] = numbers
    return pd.DataFrame(made)


def _resources(
    sheets: Sequence[Sheet],
    words: LogMap,
    keys: tuple[Key, ...],
    events: _Events,
    truck: Ints,
    n: int,
) -> dict[str, pd.Categorical]:
    names = texts_of(sheets, column_names(words.columns, "resource"))
    codes = np.asarray(names.codes, dtype=np.int64)[events.row]
    resources = {}
    for stage in dict.fromkeys(name for name, _ in keys if name):
        code_of_truck = np.full(n, -1, dtype=np.int64)
        # Who began has the last word.
        for stamp in ("end", "start"):
            if (stage, stamp) in keys:
                rows = (events.key == keys.index((stage, stamp))) & (codes >= 0)
                code_of_truck[truck[rows]] = codes[rows]
        if (code_of_truck >= 0).any():
            resources[stage] = pd.Categorical.from_codes(code_of_truck, dtype=names.dtype)
    return resources

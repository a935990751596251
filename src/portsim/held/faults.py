"""What is modelled otherwise than the log has it: of all looks those that chance does not explain.

Numbers only; they are put into words where results are told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from portsim.arrays import Reals
from portsim.held.doors import Doors
from portsim.held.figures import Curves, Figure
from portsim.held.looks import FALSE_ALARMS, Look, look
from portsim.held.seen import Form
from portsim.held.spans import DAY_S, HOUR_S, Window
from portsim.held.traces import Trace

__all__ = ["Period", "faults_of", "fuller"]

_WORK, _PACE, _SERVERS, _HOURS_S, _PASSING, _ARRIVALS, _WAIT = (
    0.03,
    0.05,
    0.3,
    600.0,
    0.02,
    0.03,
    0.1,
)
"""Smallest differences worth a word: parts of the mean, servers, seconds, share, parts, ln."""
_FLOORS = {"work": 0.005, "pace": 0.01, "servers": 0.05, "hours": 120.0, "passing": 0.003,
           "arrivals": 0.005, "wait": 0.03}  # fmt: skip
_BUSY_DAY, _WORKED_DAY = 10, 5
"""A day on which all simulated periods have so many works and the log none was shut; a day on which
the log has so many and no simulated period any was worked."""
_LOG_WAIT_S, _WAIT_S = 2 * HOUR_S, HOUR_S
"""An hour of the day with less waiting tells nothing of servers."""
_NO_WORK = 0.15
_FAR_S = 3.0 * HOUR_S
_FREE, _FREE_WORK = 50, 0.08
"""Where work is told from the stays of trucks that found a server free, so many must have, and the
difference be so large: who finds one free depends a little on the stages before."""
_MOST_DAYS = 0.5
_DAYS = 3
"""Fewer days are an accident."""
_SURE_SD = 4.0
_STOCK = 5.0
"""So many trucks more or fewer at the beginning matter little."""


@dataclass(frozen=True, eq=False, slots=True)
class Period:
    """What was measured of one period, of the log or simulated."""

    figures: Mapping[tuple[str, str, str], Figure]
    traces: Sequence[Trace]
    curves: Curves
    mix: Reals
    """float64[classes], trucks of each class."""


@dataclass(eq=False, slots=True)
class _Case:
    """A possible fault, its look, and what is told of it."""

    kind: str
    stage: str
    look: Look
    more: dict[str, Any] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        each = self.look
        return {
            "kind": self.kind, "stage": self.stage, "log": each.log, "simulated": each.mean,
            "low": each.low, "high": each.high, **self.more,
        }  # fmt: skip


def faults_of(
    log: Period,
    replayed: Sequence[Period],
    own: Sequence[Period],
    form: Form,
    window: Window,
    doors: Sequence[Doors],
) -> tuple[list[dict[str, Any]], int]:
    """What lies outside of chance.

    Args:
        log: of the gate log.
        replayed: of the scenario with the trucks of the log.
        own: of the scenario with its own.
        form, window: what is stamped, and the days.
        doors: of the stages of the form.

    Returns:
        Faults as plain values, in the order in which they are told, and how many looks there were.
        Every one is told at a level that makes a false alarm in `FALSE_ALARMS` of the checks of a
        right scenario (Bonferroni over all looks).
    """
    cases: list[_Case] = []
    told: list[dict[str, Any]] = []
    for number, name in enumerate(form.stages):
        mine, theirs = log.traces[number], [each.traces[number] for each in replayed]
        told += _days(name, mine, theirs, window, doors[number])
        if not doors[number].open.all():
            cases += _hours(name, mine, theirs, window)
        cases += _work(name, form.works(number), mine, theirs)
        cases += _servers(name, mine, theirs, doors[number])
        cases += _pace(name, mine, theirs, doors[number])
        if not fuller(mine, theirs):
            cases += _waits(name, form.starts(number), mine, theirs)
        cases += _figure(log, replayed, ("all", name, "passing"), "passing", _PASSING)
    for cls in dict.fromkeys(key[0] for key in log.figures):
        key = (cls, "", "arrivals_per_day")
        value = log.figures[key].value
        cases += _figure(log, own, key, "arrivals", _ARRIVALS * max(value, 1e-9))
    level = FALSE_ALARMS / max(len(cases), 1)
    sure = [case for case in cases if case.look.chance <= level and case.look.large]
    return [*told, *(case.facts() for case in _sorted_out(sure, form))], len(cases)


def fuller(mine: Trace, theirs: Sequence[Trace]) -> bool:
    """Whether a stage is fuller or emptier as the period begins than the trucks of the log explain:
    older trucks stood there, of which it does not tell, and waits begin otherwise."""
    stocks = np.array([each.at_start for each in theirs], dtype=np.float64)
    return bool(abs(mine.at_start - stocks.mean()) > max(_STOCK, 3.0 * stocks.std(ddof=1)))


def _figure(
    log: Period, periods: Sequence[Period], key: tuple[str, str, str], kind: str, least: float
) -> Iterator[_Case]:
    values = [each.figures[key].value for each in periods if key in each.figures]
    mine = log.figures[key].value
    floor = _FLOORS[kind] * (mine if kind == "arrivals" else 1.0)
    found = look(mine, values, floor, least)
    if found is not None and max(mine, found.mean) > 0:
        yield _Case(kind, key[1], found, {"truck_class": key[0]})


def _days(
    stage: str, mine: Trace, theirs: Sequence[Trace], window: Window, door: Doors
) -> Iterator[dict[str, Any]]:
    """Days on which the log works and the scenario does not, or the other way round."""
    counts = np.array([each.count for each in theirs])
    least, most = counts.min(axis=0), counts.max(axis=0)
    inner = np.ones(window.days, dtype=bool)
    inner[[0, -1]] = window.days <= 2
    for kind, rows in (
        ("shut", (mine.count == 0) & mine.left_over & (least >= _BUSY_DAY) & inner),
        ("worked", (mine.count >= _WORKED_DAY) & (most == 0) & door.shut_days(window) & inner),
    ):
        days = np.flatnonzero(rows)
        if not len(days):
            continue
        weekdays = window.weekdays()
        whole = [
            int(w)
            for w in np.unique(weekdays[days])
            if np.mean(rows[(weekdays == w) & inner]) > 0.5 and np.sum(rows & (weekdays == w)) > 1
        ]
        rest = [int(day) for day in days if weekdays[day] not in whole]
        yield {
            "kind": kind, "stage": stage, "weekdays": whole,
            "dates": [window.date(day).isoformat() for day in rest], "count": len(days),
        }  # fmt: skip


def _hours(stage: str, mine: Trace, theirs: Sequence[Trace], window: Window) -> Iterator[_Case]:
    """First and last work: of all days together, and of each weekday."""
    weekdays = window.weekdays()
    for kind in ("first", "last"):
        log = getattr(mine, kind)
        simulated = np.array([getattr(each, kind) for each in theirs])
        usual = np.full(window.days, np.nan)
        for weekday in range(7):
            rows = weekdays == weekday
            if (~np.isnan(simulated[:, rows])).any():
                usual[rows] = np.nanmedian(simulated[:, rows])
        both = ~np.isnan(log) & ~np.isnan(usual) & (~np.isnan(simulated)).any(axis=0)
        for weekday in (-1, *range(7)):
            rows = both & ((weekdays == weekday) | (weekday < 0))
            if rows.sum() < _DAYS:
                continue
            away = [_away(each[rows] - usual[rows]) for each in simulated]
            found = look(_away(log[rows] - usual[rows]), away, _FLOORS["hours"], _HOURS_S)
            if found is not None:
                found = replace(found, large=found.large and _at_a_door(kind, found, mine, rows))
                more = {"weekday": weekday, "usual": float(np.median(usual[rows])),
                        "hour": float(np.median(log[rows])), "days": int(rows.sum())}  # fmt: skip
                yield _Case(kind, stage, found, more)


def _at_a_door(kind: str, found: Look, mine: Trace, rows: Any) -> bool:
    """Whether hours are the cause, on most days: work where the scenario is closed, or trucks that
    wait in vain where it is open. Else fewer trucks were left over, or more."""
    longer = (found.difference < 0) == (kind == "first")
    if longer:
        evidence = mine.shut_before if kind == "first" else mine.shut_after
    else:
        evidence = mine.kept_before if kind == "first" else mine.kept_after
    return bool(evidence[rows].mean() >= _MOST_DAYS)


def _away(values: Reals) -> float:
    """The mean, of which single days move little; a median jumps where half of the days differ."""
    values = values[~np.isnan(values)]
    return float(np.clip(values, -_FAR_S, _FAR_S).mean()) if len(values) else float("nan")


def _work(stage: str, stamped: bool, mine: Trace, theirs: Sequence[Trace]) -> Iterator[_Case]:
    if mine.works < (1 if stamped else _FREE):
        return
    scale, least = mine.work, _WORK if stamped else _FREE_WORK
    values = [each.work if each.works else np.nan for each in theirs]
    found = look(mine.work, values, _FLOORS["work"] * scale, least * scale)
    if found is not None:
        yield _Case("work", stage, found, {"stamped": stamped, "n": mine.works})


def _pace(stage: str, mine: Trace, theirs: Sequence[Trace], door: Doors) -> Iterator[_Case]:
    if np.isnan(mine.pace):
        return
    values = [each.pace for each in theirs]
    found = look(mine.pace, values, _FLOORS["pace"] * mine.pace, _PACE * mine.pace)
    if found is not None:
        work = _blamed(mine, theirs, found, int(door.most.max()))
        yield _Case("pace", stage, found, {"n": mine.pace_hours, "work": work})


def _blamed(mine: Trace, theirs: Sequence[Trace], pace: Look, servers: int) -> str:
    """What another pace comes from, by the work of trucks that found a server free."""
    if servers == 1 and pace.difference < 0:
        return "single"
    values = np.array([each.work for each in theirs if each.works])
    if np.isnan(mine.work) or len(values) < len(theirs) / 2:
        return "unknown"
    # If only work were to blame, it would take so long.
    blamed = float(values.mean()) * pace.mean / pace.log
    sd = (
        float(values.std(ddof=1))
        * np.sqrt(1.0 + 1.0 / len(values))
        * max(1.0, pace.mean / pace.log)
    )
    if abs(mine.work - blamed) > _SURE_SD * sd and abs(mine.work - values.mean()) < _SURE_SD * sd:
        return "servers"
    return "unknown"


def _waits(stage: str, stamped: bool, mine: Trace, theirs: Sequence[Trace]) -> Iterator[_Case]:
    minute = 60.0
    values = np.log(np.array([each.wait for each in theirs]) + minute)
    found = look(float(np.log(mine.wait + minute)), values, _FLOORS["wait"], _WAIT)
    if found is None:
        return
    low, high, mean = (float(np.exp(each)) - minute for each in (found.low, found.high, found.mean))
    in_s = Look(mine.wait, mean, low, high, found.chance, found.large)
    yield _Case("wait", stage, in_s, {"stamped": stamped})


def _servers(stage: str, mine: Trace, theirs: Sequence[Trace], door: Doors) -> Iterator[_Case]:
    """At work at once while trucks wait: in all inner hours together, and by hour of the day."""
    if np.isnan(mine.busy).any():
        return
    cells = door.steady_week
    by_hour: list[_Case] = []
    for hour in range(24):
        rows = cells & (np.arange(len(cells)) % 24 == hour)
        by_hour += _at_once(stage, mine, theirs, rows, hour)
    yield from by_hour
    yield from _at_once(stage, mine, theirs, cells, -1)


def _at_once(
    stage: str, mine: Trace, theirs: Sequence[Trace], rows: Any, hour: int
) -> Iterator[_Case]:
    waited = float(mine.waited[rows].sum())
    if waited < _LOG_WAIT_S:
        return
    values = [
        float(each.busy[rows].sum()) / seconds
        if (seconds := float(each.waited[rows].sum())) >= _WAIT_S
        else np.nan
        for each in theirs
    ]
    log = float(mine.busy[rows].sum()) / waited
    found = look(log, values, _FLOORS["servers"], _SERVERS)
    if found is not None:
        yield _Case("servers", stage, found, {"hour": hour, "waited_h": waited / HOUR_S})


def _sorted_out(sure: list[_Case], form: Form) -> Iterator[_Case]:
    """One fault for all that one cause explains."""
    caused = False
    for stage in form.stages:
        here = [case for case in sure if case.stage == stage]
        doors = list(_doors(here))
        yield from doors
        staffed = list(_staffed(here, doors))
        yield from staffed
        # Hours that differ reach into work that is told from stays, and into the pace.
        told = [case for case in here if not doors or case.more.get("stamped")]
        works = [case for case in told if case.kind == "work"]
        yield from works
        pace = [case for case in told if case.kind == "pace"]
        for case in pace:
            # Slower work ends fewer works an hour, and no more need be said if that is all.
            slower = 1.0 - case.look.log / case.look.mean
            known = works[0].look if works else None
            explained = known is not None and abs(1 - known.mean / known.log - slower) < _PACE
            if not explained:
                case.more["work"] = "" if works else case.more["work"]
                yield case
        yield from (case for case in here if case.kind == "passing")
        caused = caused or bool(doors or staffed or works or pace)
        if not caused:
            yield from (case for case in here if case.kind == "wait")
    yield from (case for case in sure if case.kind == "arrivals")


def _doors(here: Sequence[_Case]) -> Iterator[_Case]:
    """First and last work: told of all days where weekdays agree, else of the weekdays."""
    for kind in ("first", "last"):
        cases = [case for case in here if case.kind == kind]
        whole = [case for case in cases if case.more["weekday"] < 0]
        days = [case for case in cases if case.more["weekday"] >= 0]
        alike = [
            case
            for case in days
            if whole and _alike(case.look.difference, whole[0].look.difference)
        ]
        yield from whole
        odd = [case for case in days if case not in alike]
        merged: dict[int, _Case] = {}
        for case in odd:
            key = round(case.look.difference / _HOURS_S)
            if key in merged:
                merged[key].more["weekdays"].append(case.more["weekday"])
            else:
                case.more["weekdays"] = [case.more["weekday"]]
                merged[key] = case
        yield from merged.values()


def _alike(one: float, whole: float) -> bool:
    return abs(one - whole) <= max(3 * _HOURS_S, 0.5 * abs(whole))


def _staffed(here: Sequence[_Case], doors: Sequence[_Case]) -> Iterator[_Case]:
    """Servers: of all hours with the hours in which it is so, else of single hours."""
    cases = [case for case in here if case.kind == "servers"]
    outside = {hour for case in doors for hour in _between(case)}
    single = [c for c in cases if c.more["hour"] >= 0 and c.more["hour"] not in outside]
    whole = [case for case in cases if case.more["hour"] < 0]
    if not single and (outside or not whole):
        return
    if not single:
        whole[0].more["hours"] = []
        yield whole[0]
        return
    groups: dict[tuple[bool, int], list[_Case]] = {}
    for case in single:
        none = case.look.log < _NO_WORK * case.look.mean
        size = int(np.copysign(max(1, round(abs(case.look.difference))), case.look.difference))
        groups.setdefault((none, size), []).append(case)
    for (none, _), some in groups.items():
        main = max(some, key=lambda case: case.more["waited_h"])
        main.more["hours"] = sorted(case.more["hour"] for case in some)
        main.kind = "no_work" if none else "servers"
        yield main


def _between(case: _Case) -> Iterator[int]:
    """Hours of the day between the scenario's door and that of the log."""
    ends = sorted((case.more["usual"], case.more["hour"]))
    for hour in range(int(ends[0] // HOUR_S), int(-(-ends[1] // HOUR_S)) + 1):
        yield hour % (DAY_S // HOUR_S)

"""What is modelled otherwise than the log has it: of all looks those that chance does not explain.

Numbers only; they are put into words where results are told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from portsim.arrays import Reals
from portsim.held.causes import HOURS_S, Case, sorted_out
from portsim.held.doors import Doors
from portsim.held.figures import Curves, Figure
from portsim.held.looks import FALSE_ALARMS, Look, look
from portsim.held.quickness import quickness
from portsim.held.seen import Form
from portsim.held.since import since
from portsim.held.spans import HOUR_S, Window
from portsim.held.traces import Trace

__all__ = ["Period", "faults_of", "fuller"]

_SERVERS, _PASSING, _ARRIVALS, _WAIT = 0.3, 0.02, 0.03, 0.1
"""Smallest differences worth a word: servers, share, a part, ln."""
_FLOORS: Mapping[str, float] = MappingProxyType(
    {"servers": 0.05, "hours": 120.0, "passing": 0.003, "arrivals": 0.005, "wait": 0.03}
)  # fmt: skip
"""Smallest standard deviations that are believed, in the same units; of hours seconds."""
_BUSY_DAY, _WORKED_DAY = 10, 5
"""A day on which all simulated periods have so many works and the log none was shut; a day on which
the log has so many and no simulated period any was worked."""
_LOG_WAIT_S, _WAIT_S = 2 * HOUR_S, HOUR_S
"""An hour of the day with less waiting tells nothing of servers."""
_FAR_S = 3.0 * HOUR_S
_MOST_DAYS = 0.5
_WORKS = ("work", "implied", "pace")
_FOR_WORKS, _FOR_SLOWER = 2 / 3, 0.8
"""Parts of all false alarms."""
_DAYS = 3
"""Fewer days are an accident."""
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


def faults_of(
    log: Period,
    replayed: Sequence[Period],
    own: Sequence[Period],
    form: Form,
    window: Window,
    doors: Sequence[Doors],
    told_from: float = np.inf,
) -> tuple[list[dict[str, Any]], int]:
    """What lies outside of chance.

    Args:
        log: of the gate log.
        replayed: of the scenario with the trucks of the log.
        own: of the scenario with its own.
        form, window: what is stamped, and the days.
        doors: of the stages of the form.
        told_from: other periods, as long as this one, from which the scenario was told.

    Returns:
        Faults as plain values, in the order in which they are told, and how many looks there were.
        Every one is told at a level that makes a false alarm in `FALSE_ALARMS` of the checks of a
        right scenario (Bonferroni over all looks, see `_levels`).
    """
    cases: list[Case] = []
    told: list[dict[str, Any]] = []
    for number, name in enumerate(form.stages):
        mine, theirs = log.traces[number], [each.traces[number] for each in replayed]
        told += _days(name, mine, theirs, window, doors[number])
        if not doors[number].open.all():
            cases += _hours(name, mine, theirs, window)
        cases += quickness(name, form.works(number), mine, theirs, doors[number])
        cases += _servers(name, mine, theirs, doors[number])
        if not fuller(mine, theirs):
            cases += _waits(name, form.starts(number), mine, theirs)
            # Where more wait for what some leave out, others are through.
            cases += _figure(log, replayed, ("all", name, "passing"), "passing", _PASSING)
    for cls in dict.fromkeys(key[0] for key in log.figures):
        key = (cls, "", "arrivals_per_day")
        value = log.figures[key].value
        cases += _figure(log, own, key, "arrivals", _ARRIVALS * max(value, 1e-9))
    levels = _levels(cases)
    if told_from < np.inf:
        cases = [replace(case, look=case.look.told_from(told_from)) for case in cases]
    sure = [
        case
        for case, level in zip(cases, levels, strict=True)
        if case.look.chance <= level and case.look.large
    ]
    sure_facts = []
    for case in sorted_out(sure, form):
        facts = case.facts()
        if case.stage:
            number = form.stages.index(case.stage)
            theirs = [each.traces[number] for each in replayed]
            day = _since(case, log.traces[number], theirs)
            facts["since"] = "" if day is None else window.date(day).isoformat()
        sure_facts.append(facts)
    return [*told, *sure_facts], len(cases)


def _levels(cases: Sequence[Case]) -> list[float]:
    """The two-sided level of each look, by what is to be seen first: most of all is for works, and
    of that most for slower ones, also a server that is missing."""
    works = [case.kind in _WORKS for case in cases]
    counts = len(works) - sum(works), sum(works)
    shares = (1 - _FOR_WORKS, _FOR_WORKS) if all(counts) else (1.0, 1.0)
    levels = []
    for case, work in zip(cases, works, strict=True):
        level = FALSE_ALARMS * shares[work] / counts[work]
        slower = (case.look.difference < 0) == (case.kind == "pace")
        levels.append(level * 2 * (_FOR_SLOWER if slower else 1 - _FOR_SLOWER) if work else level)
    return levels


def _since(case: Case, mine: Trace, theirs: Sequence[Trace]) -> int | None:
    """From which day on it is so, if it was not from the beginning."""

    def usual(values: Sequence[Reals]) -> Reals:
        by_period = np.array(values)
        count = (~np.isnan(by_period)).sum(axis=0)
        return np.where(count > 0, np.nansum(by_period, axis=0) / np.maximum(count, 1), np.nan)

    if case.kind in ("work", "implied"):
        return since(mine.work_day, usual([each.work_day for each in theirs]), mine.works_day)
    if case.kind == "servers":
        at_once = [_at_once_daily(each) for each in (mine, *theirs)]
        return since(at_once[0], usual(at_once[1:]), mine.waited_day)
    if case.kind in ("first", "last"):
        values = [getattr(each, case.kind) for each in theirs]
        log = np.asarray(getattr(mine, case.kind))
        return since(log, usual(values), np.ones(len(log)))
    return None


def _at_once_daily(trace: Trace) -> Reals:
    waited = trace.waited_day
    return np.where(waited > 0, trace.busy_day / np.maximum(waited, 1.0), np.nan)


def fuller(mine: Trace, theirs: Sequence[Trace]) -> bool:
    """Whether a stage is fuller or emptier as the period begins than the trucks of the log explain:
    older trucks stood there, of which it does not tell, and waits begin otherwise."""
    stocks = np.array([each.at_start for each in theirs], dtype=np.float64)
    return bool(abs(mine.at_start - stocks.mean()) > max(_STOCK, 3.0 * stocks.std(ddof=1)))


def _figure(
    log: Period, periods: Sequence[Period], key: tuple[str, str, str], kind: str, least: float
) -> Iterator[Case]:
    values = [each.figures[key].value for each in periods if key in each.figures]
    mine = log.figures[key].value
    floor = _FLOORS[kind] * (mine if kind == "arrivals" else 1.0)
    seen = look(mine, values, floor, least)
    if seen is not None and max(mine, seen.mean) > 0:
        yield Case(kind, key[1], seen, {"truck_class": key[0]})


def _days(
    stage: str, mine: Trace, theirs: Sequence[Trace], window: Window, door: Doors
) -> Iterator[dict[str, Any]]:
    """Days on which the log works and the scenario does not, or the other way round."""
    counts = np.array([each.count for each in theirs])
    least, most = counts.min(axis=0), counts.max(axis=0)
    inner = np.ones(window.days, dtype=bool)
    inner[[0, -1]] = window.days <= 2
    for kind, rows in (
        ("shut", ~window.blind & (mine.count == 0) & mine.left_over & (least >= _BUSY_DAY) & inner),
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


def _hours(stage: str, mine: Trace, theirs: Sequence[Trace], window: Window) -> Iterator[Case]:
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
            seen = look(_away(log[rows] - usual[rows]), away, _FLOORS["hours"], HOURS_S)
            if seen is not None:
                seen = replace(seen, large=seen.large and _at_a_door(kind, seen, mine, rows))
                more = {"weekday": weekday, "usual": float(np.median(usual[rows])),
                        "hour": float(np.median(log[rows])), "days": int(rows.sum())}  # fmt: skip
                yield Case(kind, stage, seen, more)


def _at_a_door(kind: str, seen: Look, mine: Trace, rows: Any) -> bool:
    """Whether hours are the cause, on most days: work where the scenario is closed, or trucks that
    wait in vain where it is open. Else fewer trucks were left over, or more."""
    longer = (seen.difference < 0) == (kind == "first")
    if longer:
        evidence = mine.shut_before if kind == "first" else mine.shut_after
    else:
        evidence = mine.kept_before if kind == "first" else mine.kept_after
    return bool(evidence[rows].mean() >= _MOST_DAYS)


def _away(values: Reals) -> float:
    """The mean, of which single days move little; a median jumps where half of the days differ."""
    values = values[~np.isnan(values)]
    return float(np.clip(values, -_FAR_S, _FAR_S).mean()) if len(values) else float("nan")


def _waits(stage: str, stamped: bool, mine: Trace, theirs: Sequence[Trace]) -> Iterator[Case]:
    minute = 60.0
    values = np.log(np.array([each.wait for each in theirs]) + minute)
    seen = look(float(np.log(mine.wait + minute)), values, _FLOORS["wait"], _WAIT)
    if seen is None:
        return
    low, high, mean = (float(np.exp(each)) - minute for each in (seen.low, seen.high, seen.mean))
    in_s = Look(mine.wait, mean, low, high, seen.chance, seen.large, seen.n)
    yield Case("wait", stage, in_s, {"stamped": stamped})


def _servers(stage: str, mine: Trace, theirs: Sequence[Trace], door: Doors) -> Iterator[Case]:
    """At work at once while trucks wait: in all inner hours together, and by hour of the day."""
    if np.isnan(mine.busy).any():
        return
    cells = door.steady_week
    by_hour: list[Case] = []
    for hour in range(24):
        rows = cells & (np.arange(len(cells)) % 24 == hour)
        by_hour += _at_once(stage, mine, theirs, rows, hour)
    yield from by_hour
    yield from _at_once(stage, mine, theirs, cells, -1)


def _at_once(
    stage: str, mine: Trace, theirs: Sequence[Trace], rows: Any, hour: int
) -> Iterator[Case]:
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
    seen = look(log, values, _FLOORS["servers"], _SERVERS)
    if seen is not None:
        yield Case("servers", stage, seen, {"hour": hour, "waited_h": waited / HOUR_S})

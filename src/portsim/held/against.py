"""A scenario held against a gate log: two sets of simulated periods, and the log beside them.

No file enters and none is written.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from portsim.engines import Log
from portsim.errors import InputError
from portsim.gatelog import GateLog
from portsim.held.blanks import Blanks, blanks_of
from portsim.held.distances import distances_of
from portsim.held.doors import doors_of
from portsim.held.faults import Period, faults_of, fuller
from portsim.held.figures import curves_of, figures_of, unit_of
from portsim.held.looks import FALSE_ALARMS, bands, limits
from portsim.held.lost_days import without
from portsim.held.names import Partners, partners
from portsim.held.replayed import over, runs, with_trucks_of
from portsim.held.seen import Form, Seen, of_log, of_run
from portsim.held.spans import HOUR_S, WEEK_H, Window, window_of
from portsim.held.traces import traces_of
from portsim.plan import Plan
from portsim.results.check import check_sentences
from portsim.scenario.model import Scenario

__all__ = ["FEWEST", "Held", "held_against"]

FEWEST = 10
"""Simulated periods without which there is no floor."""
_LOG, _OWN = "log", "own"
_POINT = ("x", "log", "mean", "low", "high")
_QUANTILES = np.arange(0.5, 100.0, 0.5) / 100.0
_SLACK, _SECOND = 1e-9, 1.0 / HOUR_S
"""Work times of a scenario are whole seconds, those of a port are not."""


@dataclass(frozen=True, eq=False, slots=True)
class Held:
    """What came of it."""

    scenario: Scenario
    seed: int
    replications: int
    table: pd.DataFrame
    """The columns of check.csv."""
    distances: pd.DataFrame
    """The columns of distances.csv."""
    curves: pd.DataFrame
    """The columns of check_curves.parquet."""
    facts: Mapping[str, Any]
    """What is said in words, as plain values: the period, names without a partner, faults."""

    @property
    def faults(self) -> Sequence[Mapping[str, Any]]:
        """What the log has otherwise than the scenario, each with its evidence; empty where all
        lies within what chance does."""
        return list(self.facts["faults"])

    @property
    def sentences(self) -> list[str]:
        """The verdict, in the language being spoken."""
        return check_sentences(self.facts)


def held_against(
    scenario: Scenario,
    log: GateLog,
    *,
    period: tuple[dt.date, dt.date] | None = None,
    replications: int = 20,
    seed: int | None = None,
    told_days: int | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Held:
    """Hold a scenario against a gate log.

    Args:
        scenario: checked, as `portsim.load` gives it; its own period does not matter.
        log: see `portsim.gatelog.read_log`.
        period: first and last local date of the log that are looked at, inclusive. What came in
            the week before warms the port up, or what came since hardly anybody was inside. None
            takes the whole days of the log, of three weeks or more without the first.
        replications: simulated periods, 10 or more, once with the log's trucks and once with the
            scenario's own.
        seed: root seed; the scenario's if None.
        told_days: days before the period from which the scenario was told: what so many days leave
            open counts as chance too. None: it was not told from this log.
        on_progress: told after each run how many of how many are done.

    Raises:
        InputError: stages or classes find no partner or two, see `portsim.held.names.partners`;
            there is no truck in the period; too few replications.
        StuckError: trucks ended in a circular wait.
    """
    if replications < FEWEST:
        raise InputError(
            f"a check needs {FEWEST} replications or more, not {replications}: without them nobody "
            "knows how much two periods differ by chance"
        )
    root = scenario.seed if seed is None else seed
    scenario = scenario.model_copy(update={"seed": root}).from_origin(scenario.origin)
    ways = log.trucks["direction"].astype(object).where(log.trucks["direction"].notna(), "")
    kinds = zip(log.trucks["truck_class"].astype(str), ways.astype(str), strict=True)
    names = partners(scenario, log.stages, kinds)
    arrival = log.trucks["arrival"].to_numpy(np.float64)
    came = ~np.isnan(arrival)
    window = window_of(
        arrival[came],
        scenario.timezone,
        scenario.completion.limit,
        period,
        {day.date for day in log.lost.days if day.kind == "lost"},
        left=log.lasts[came],
    )
    form = Form.of(log, names, sorted(scenario.traffic.classes), window.stop)
    paused = [scenario.stages[name].at_close == "pause" for name in form.stages]
    seen = of_log(log, names, form, paused)
    whole = _Whole(scenario, form, window, bool(names.classes), blanks_of(seen, form, window))
    mine = whole.measured(seen)
    total = 2 * replications
    own: list[Period] = []
    for period_ in whole.simulated(
        runs(over(scenario, window, own=True), root, replications), root
    ):
        own.append(period_)
        on_progress(len(own), total)
    mix = np.sum([each.mix for each in own], axis=0)
    step = form.steps[(-1, "arrival")]
    again = partial(with_trucks_of, over(scenario, window, own=False), log, seen, step, mix)
    played = (
        chain.from_iterable(runs(again(n), root, 1, first=n) for n in range(1, replications + 1))
        if _misses_days(window, log)
        # The same trucks come in every period.
        else runs(again(), root, replications)
    )
    replayed: list[Period] = []
    for period_ in whole.simulated(played, root):
        replayed.append(period_)
        on_progress(replications + len(replayed), total)
    sets = {_LOG: replayed, _OWN: own}
    told_from = np.inf if told_days is None else told_days / window.days
    faults, looks = faults_of(mine, replayed, own, form, window, whole.doors, told_from)
    distances = [
        {"arrivals": kind, **row}
        for kind, periods in sets.items()
        for row in distances_of(mine.curves, [each.curves for each in periods], form.stages)
    ]
    facts = _facts(scenario, log, names, window, form, replications, looks)
    facts["told_days"] = told_days or 0
    # Behind a stage that is modelled wrongly the reason is known.
    named = [form.stages.index(each["stage"]) for each in faults if each.get("stage")]
    facts["fuller"] = [
        name
        for number, name in enumerate(form.stages[: min(named, default=len(form.stages))])
        if fuller(mine.traces[number], [each.traces[number] for each in replayed])
    ]
    return Held(
        scenario=scenario,
        seed=root,
        replications=replications,
        table=pd.DataFrame(_rows(mine, sets)),
        distances=pd.DataFrame(distances),
        curves=pd.DataFrame(_curve_rows(mine, sets, form, window)),
        facts={**facts, "faults": faults},
    )


class _Whole:
    """Measures periods of one scenario, one form and one window."""

    def __init__(
        self, scenario: Scenario, form: Form, window: Window, classes: bool, blanks: Blanks | None
    ) -> None:
        self._form, self._window, self._classes, self._blanks = form, window, classes, blanks
        places = list(scenario.stages)
        self._stages = [places.index(name) for name in form.stages]
        plan, _ = next(runs(over(scenario, window, own=True), scenario.seed, 1))
        self.doors = doors_of(plan, window, self._stages)

    def measured(self, seen: Seen) -> Period:
        form, window = self._form, self._window
        # Who came on a lost day took servers, and no log shows it.
        seen = without(seen, window.lost)
        return Period(
            figures_of(seen, form, window, classes=self._classes),
            traces_of(seen, form, window, self.doors),
            curves_of(seen, form, window),
            np.bincount(seen.cls[seen.cls >= 0], minlength=len(form.classes)).astype(np.float64),
        )

    def simulated(self, played: Iterator[tuple[Plan, Log]], seed: int) -> Iterator[Period]:
        for number, (plan, log) in enumerate(played, 1):
            lacking = partial(self._blanks.out_of, luck=(seed, number)) if self._blanks else None
            yield self.measured(of_run(plan, log, self._form, self._stages, lacking))


def _misses_days(window: Window, log: GateLog) -> bool:
    """Whether records are lost of days whose trucks come in a replay."""
    begin = window.first - dt.timedelta(days=window.warm_up_days)
    return any(day.kind == "lost" and begin <= day.date <= window.last for day in log.lost.days)


def _rows(mine: Period, sets: Mapping[str, Sequence[Period]]) -> Iterator[dict[str, object]]:
    for kind, periods in sets.items():
        for key, figure in mine.figures.items():
            values = np.array([each.figures[key].value for each in periods])
            values = values[~np.isnan(values)]
            if np.isnan(figure.value) and not len(values):
                continue
            low, high = limits(values)
            share = unit_of(key[2]) == "share"
            low, high = (max(low, 0.0), min(high, 1.0)) if share else (max(low, 0.0), high)
            inside = ""
            if not np.isnan(figure.value) and not np.isnan(low):
                slack = (
                    _SECOND if unit_of(key[2]) == "h" else _SLACK * max(abs(low), abs(high), 1.0)
                )
                inside = "yes" if low - slack <= figure.value <= high + slack else "no"
            yield {
                "arrivals": kind, "truck_class": key[0], "place": key[1], "measure": key[2],
                "unit": unit_of(key[2]), "log": figure.value,
                "simulated": float(values.mean()) if len(values) else np.nan,
                "low": low, "high": high, "inside": inside, "n": figure.n,
            }  # fmt: skip


def _curve_rows(
    mine: Period, sets: Mapping[str, Sequence[Period]], form: Form, window: Window
) -> Iterator[dict[str, object]]:
    """Log and band at each point, with the log's own arrivals and the scenario's."""
    for kind, periods in sets.items():
        log, curves = mine.curves, [each.curves for each in periods]
        hours = np.arange(WEEK_H, dtype=np.float64)
        parts: list[tuple[str, str, Any, Any, list[Any]]] = [
            ("queue_week", stage, hours, log.queue_week[n], [each.queue_week[n] for each in curves])
            for n, stage in enumerate(form.stages)
        ]
        arrivals = [each.arrivals_week for each in curves]
        parts.append(("arrivals_week", "", hours, log.arrivals_week, arrivals))
        if len(log.stays) and all(len(each.stays) for each in curves):
            stays = [np.quantile(each.stays, _QUANTILES) for each in curves]
            parts.append(("stay", "", _QUANTILES, np.quantile(log.stays, _QUANTILES), stays))
        days = np.arange(window.days, dtype=np.float64)
        through = [each.throughput for each in curves]
        parts.append(("throughput", "", days, log.throughput, through))
        for curve, place, x, y, simulated in parts:
            values = np.array(simulated)
            low, high = bands(values)
            mean = values.mean(axis=0)
            for row in zip(x, y, mean, np.maximum(low, 0.0), np.maximum(high, mean), strict=True):
                named = {"arrivals": kind, "curve": curve, "place": place}
                yield {
                    **named,
                    **dict(zip(_POINT, row, strict=True)),
                }


def _facts(
    scenario: Scenario,
    log: GateLog,
    names: Partners,
    window: Window,
    form: Form,
    replications: int,
    looks: int,
) -> dict[str, Any]:
    return {
        "from": window.first.isoformat(),
        "to": window.last.isoformat(),
        "timezone": window.timezone,
        "log_timezone": log.timezone,
        "warm_up_days": window.warm_up_days,
        "trucks": len(log.trucks),
        "dropped_trucks": int(log.lost.trucks),
        "limit_h": window.limit / HOUR_S,
        "clock": scenario.completion.clock,
        "stages": list(form.stages),
        "without_starts": [n for i, n in enumerate(form.stages) if not form.starts(i)],
        "opened": [
            name
            for name in form.stages
            if any(scenario.resources[each].opens for each in scenario.stages[name].takes)
        ],
        "lone_stages": list(names.lone_stages),
        "strange_stages": list(names.strange_stages),
        "strange_classes": list(names.strange_classes),
        "classes": bool(names.classes),
        "replications": replications,
        "looks": looks,
        "false_alarms": FALSE_ALARMS,
        "labels": {name: stage.label.or_name(name) for name, stage in scenario.stages.items()},
        "class_labels": {n: c.label.or_name(n) for n, c in scenario.traffic.classes.items()},
    }

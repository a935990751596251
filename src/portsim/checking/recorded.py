"""Recorded arrivals held against the scenario: its scale, its period, its warm-up.

What stands in the file is judged where it is read.
"""

import datetime as dt

import numpy as np

from portsim.arrays import Ints
from portsim.calendars import to_utc, zone
from portsim.checking.findings import Findings, Path
from portsim.reading.text import nearest
from portsim.scenario.model import Scenario
from portsim.scenario.origin import Origin
from portsim.scenario.traffic import TruckClass

__all__ = ["check_recorded"]

_DAY_S = 86_400
_FEW = 0.25
"""Where fewer of the rows come, nearly all are left out."""
_ENOUGH = 2
"""Days without a truck, at an end of the period, that are worth a word."""


def check_recorded(findings: Findings, scenario: Scenario, origin: Origin) -> None:
    """Refuse more trucks than were recorded; warn of rows left out and of days without rows."""
    place = zone(scenario.timezone)
    period = scenario.period
    warm_up = round(period.warm_up / _DAY_S)
    early = period.begins - dt.timedelta(days=warm_up)
    begin, start, stop = (
        to_utc(minute.date(), minute.hour * 3600 + minute.minute * 60, place, later=False)
        for minute in (early, period.begins, period.ends)
    )
    for name, cls in scenario.traffic.classes.items():
        words = cls.arrivals.recorded
        if words is None:
            continue
        together = cls.scale * scenario.traffic.scale
        if together > 1.0:
            own = findings.written("traffic", name, "scale")
            findings.error(
                ("traffic", name, "scale") if own else ("traffic", "scale"),
                "scale-recorded",
                f"a scale of at most 1 for {name}: a record cannot tell of trucks that never came",
                "for more trucks draw them: in place of `recorded` write a `rate`, or a `total` "
                "between two dates",
                f"{together:g}" if own else f"{together:g} for recorded trucks",
            )
        _check_stages(findings, cls, ("traffic", name, "arrivals", "recorded"))
        record = origin.record(words)
        if record is None or not len(record.arrival):
            continue
        seconds = record.arrival
        path: Path = ("traffic", name, "arrivals", "recorded", "file")
        inside = seconds[(seconds >= begin) & (seconds < stop)]
        _left_out(
            findings, path, words.file, seconds, len(inside), (early.date(), period.last_day), place
        )
        if len(inside):
            _bare(findings, path, words.file, inside, (start, stop), warm_up)


def _check_stages(findings: Findings, cls: TruckClass, path: Path) -> None:
    """What is told of stages is told of those that the class has on its route."""
    words, route = cls.arrivals.recorded, [step.stage for step in cls.route]
    for word in ("work", "passes"):
        for stage in getattr(words, word):
            if stage not in route:
                near = nearest(stage, route)
                hint = f"did you mean `{near}`?" if near else f"its route is {', '.join(route)}"
                findings.error(
                    (*path, word, stage), "unknown-stage", "a stage of the route", hint, key=True
                )
            elif route.count(stage) > 1:
                expected = "a stage that the route passes once"
                hint = "nobody could say which of the two is told"
                findings.error((*path, word, stage), "twice", expected, hint, key=True)


def _left_out(
    findings: Findings,
    path: Path,
    file: str,
    seconds: Ints,
    kept: int,
    span: tuple[dt.date, dt.date],
    place: dt.tzinfo,
) -> None:
    total = len(seconds)
    if kept == total:
        return
    ends = [dt.datetime.fromtimestamp(int(s), place).date() for s in (seconds[0], seconds[-1])]
    outcome = "they are left out"
    if kept == 0:
        outcome = "no truck of it comes"
    elif kept < _FEW * total:
        outcome = "nearly all are left out"
    findings.warn(
        path,
        "left-out",
        f"rows from {span[0]} to {span[1]}, warm-up included",
        f"{outcome}; the list goes from {ends[0]} to {ends[1]}",
        f"{total - kept} of {total} rows of {file} outside the period",
    )


def _bare(
    findings: Findings,
    path: Path,
    file: str,
    inside: Ints,
    run: tuple[int, int],
    warm_up: int,
) -> None:
    """Warm-ups and ends of the period in which no recorded truck comes."""
    start, stop = run
    if warm_up and not np.any(inside < start):
        findings.warn(
            path,
            "warm-up-empty",
            "a list that begins with the warm-up",
            "the port starts as empty as without a warm-up",
            f"no row of {file} in the warm-up, {warm_up} days before the period",
        )
    counted = inside[inside >= start]
    if not len(counted):
        return
    # A pause no longer than one within the list may be one of it.
    longest = int(np.diff(counted).max(initial=0))
    for gap, words in ((int(counted[0]) - start, "first"), (stop - int(counted[-1]), "last")):
        days = gap // _DAY_S
        if days > _ENOUGH and gap > 2 * longest:
            findings.warn(
                path,
                "list-short",
                "a list as long as the period",
                "figures a day count these days as well; shorten the period to that of the list",
                f"no row of {file} in the {words} {days} days of the period",
            )

"""A truck that would come: what the futures say of one that arrives in each of the coming hours.

Where trucks come anyway they are asked; where none would come, one truck more is sent.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.engines import RELEASED, engine
from portsim.forecasting.futures import Level, Seen, laid_out
from portsim.scenario.model import Scenario
from portsim.scenario.recorded import Record, Recorded, record_key
from portsim.scenario.traffic import Arrivals

__all__ = ["Asked", "asked_of", "sent_more"]

_HOUR_S = 3600
_FILE = "one truck more"
FEWEST = 20
"""Trucks of all futures together that are asked about an hour."""


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """What came of trucks that are asked about."""

    name: str
    cls: str
    status: str
    since: int
    """UTC epoch second of the arrival, or of the hour's beginning."""
    arrival: Ints
    """int64[k], UTC epoch seconds of k trucks in any futures."""
    out: Reals
    """float64[k], of their release, NaN where the period ends before."""


def asked_of(seen: Seen, send: Callable[[str, Ints], Sequence[Asked]]) -> Iterator[Asked]:
    """The trucks that come in each coming hour, all classes together and each by itself.

    Args:
        seen: the futures.
        send: sends one truck of a class more at each of these seconds, if none would come then.
    """
    run, m = seen.timetable.run, len(seen.names)
    names = seen.timetable.context.class_names
    arrival = np.concatenate([future.arrival[m:] for future in seen.outs])
    out = np.concatenate([future.out[m:] for future in seen.outs])
    cls = np.concatenate([future.cls[m:] for future in seen.outs])
    hour = (arrival - run.start) // _HOUR_S
    order = np.argsort(hour, kind="stable")
    arrival, out, cls = arrival[order], out[order], cls[order]
    hours = -(-(run.stop - run.start) // _HOUR_S)
    edges = np.searchsorted(hour[order], np.arange(hours + 1))
    empty = np.flatnonzero(np.diff(edges) < FEWEST)
    middles = run.start + _HOUR_S * empty + _HOUR_S // 2
    sent = iter(send(_usual(seen, cls), middles[middles < run.stop]))
    for number in range(hours):
        own = slice(int(edges[number]), int(edges[number + 1]))
        since = run.start + number * _HOUR_S
        if own.stop - own.start < FEWEST:
            yield from islice(sent, 1)
            continue
        yield Asked("", "all", "arriving", since, arrival[own], out[own])
        for which, name in enumerate(names):
            rows = cls[own] == which
            if len(names) > 1 and rows.sum() >= FEWEST:
                yield Asked("", name, "arriving", since, arrival[own][rows], out[own][rows])


def _usual(seen: Seen, coming: Ints) -> str:
    """The class of most trucks that come, or that are inside, or the first one."""
    names = seen.timetable.context.class_names
    known = coming if len(coming) else seen.outs[0].cls
    return names[int(np.bincount(known).argmax()) if len(known) else 0]


def sent_more(
    scenario: Scenario, name: str, seconds: Ints, seed: int, count: int, level: Level | None
) -> list[Asked]:
    """Trucks of a class that come besides the others, in runs of their own.

    Those of one hour of the day come in the same runs, one a day, for closer ones would wait for
    each other.

    Args:
        scenario: begins with the trucks inside.
        name: of the class.
        seconds: int64[k], UTC epoch seconds of the arrivals, rising.
        seed, level: as for the other runs.
        count: number of futures in which each comes.
    """
    if not len(seconds):
        return []
    site, futures = laid_out(_with_one_more(scenario, name, seconds), seed, count, level)
    run, sent = engine("compiled"), futures.trucks.class_names.index(_more(name))
    outs = np.full((count, len(seconds)), np.nan)
    groups = seconds // _HOUR_S % 24
    for future in range(count):
        rows, empty = futures.of(future), site.unforeseen(future)
        more = futures.trucks.cls[rows] == sent
        for group in np.unique(groups).tolist():
            among = rows[more][groups == group]
            chosen = rows[~more | np.isin(rows, among)]
            plan = site.future(empty, chosen)
            log = run(plan)
            trucks = np.searchsorted(chosen, among)
            assert plan.context is not None
            left = np.where(log.outcome == RELEASED, log.left + float(plan.context.origin), np.nan)
            outs[future, groups == group] = left[trucks]
    hour = seconds - _HOUR_S // 2
    return [
        Asked("", name, "arriving", int(since), np.full(count, second), outs[:, number])
        for number, (since, second) in enumerate(zip(hour, seconds, strict=True))
    ]


def _more(name: str) -> str:
    return f"{name}, one more"


def _with_one_more(scenario: Scenario, name: str, seconds: Ints) -> Scenario:
    """The scenario with a class more, of trucks like those of another that come at some seconds."""
    words = Recorded(file=_FILE, only={"truck_class": (_more(name),)})
    old, classes = scenario.traffic.scale, scenario.traffic.classes
    # All of them come, whatever the scale of the others.
    like = {"arrivals": Arrivals(recorded=words), "scale": 1.0 / old if old else 1.0}
    others = {} if old else {n: c.model_copy(update={"scale": 0.0}) for n, c in classes.items()}
    updated = {**others, _more(name): classes[name].model_copy(update=like), "scale": old or 1.0}
    traffic = scenario.traffic.model_copy(update=updated)
    records = {**scenario.origin.records, record_key(words): Record(seconds)}
    origin = replace(scenario.origin, records=records, checked="")
    return scenario.model_copy(update={"traffic": traffic}).from_origin(origin)

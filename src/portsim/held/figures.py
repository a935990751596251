"""What is measured of a period that a log shows: figures and curves, of a log as of a simulation.

Who wrote the log may not enter. Populations are those of `portsim.measures`: of durations the
trucks that came, or joined a queue, up to the limit of the promise before the end; what still
lasts at the end is cut there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from portsim.arrays import Reals
from portsim.held.seen import Bools, Form, Seen
from portsim.held.spans import HOUR_S, WEEK_H, Window
from portsim.scenario import measure_catalogue as catalogue

__all__ = ["Curves", "Figure", "curves_of", "figures_of", "present", "unit_of"]

_OWN_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "arrivals_per_day": "1/d",
        "completed_within_6h": "share",
        "passing": "share",
        "wait_mean_h": "h",
        "work_mean_h": "h",
    }
)
"""Units of measures that only a check has, as a log may not stamp what others need."""
_SOON_S = 6 * HOUR_S
_NOT_YET = 0.01

Key = tuple[str, str, str]
"""Class or ``all``, stage or empty, measure."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and how many trucks, visits or days it is made of."""

    value: float
    n: int


@dataclass(frozen=True, eq=False, slots=True)
class Curves:
    """A period as pictures and distances need it."""

    stays: Reals
    """float64[k], hours from arrival to the last stamp, rising."""
    waits: tuple[Reals, ...]
    """Hours of waiting by stage, rising; of the whole stay there where starts are not known."""
    queue_week: Reals
    """float64[stages, 168], mean number waiting (being there, without starts) by hour of week."""
    arrivals_week: Reals
    """float64[168], mean arrivals by hour of the week."""
    throughput: Reals
    """float64[days], trucks through."""


def unit_of(measure: str) -> str:
    """Unit of a measure of a check: of most that of the catalogue."""
    return _OWN_UNITS.get(measure) or catalogue.unit_of(measure)


def figures_of(seen: Seen, form: Form, window: Window, *, classes: bool) -> dict[Key, Figure]:
    """All figures of a period.

    Args:
        seen: the period.
        form: what the log stamps.
        window: the days.
        classes: whether of each class, too.

    Returns:
        By class, stage and measure; values are NaN where nothing can be told.
    """
    groups: list[tuple[str, Bools]] = [("all", np.ones(len(seen.arrival), dtype=bool))]
    if classes:
        groups += [(name, seen.cls == number) for number, name in enumerate(form.classes)]
    figures: dict[Key, Figure] = {}
    decided = _decided(seen, window)
    for name, members in groups:
        for measure, figure in _of_port(seen, window, members):
            figures[(name, "", measure)] = figure
        for stage, place in enumerate(form.stages):
            for measure, figure in _of_stage(seen, form, window, (members, decided), stage):
                figures[(name, place, measure)] = figure
    return figures


def _of_port(seen: Seen, window: Window, members: Bools) -> Iterator[tuple[str, Figure]]:
    came = members & (seen.arrival >= window.start) & (seen.arrival < window.stop)
    through = members & (seen.out >= window.start) & (seen.out < window.stop)
    yield "arrivals_per_day", Figure(float(came.sum()) / window.days, int(came.sum()))
    # Trucks whose last stamp is missing were as quick as the others.
    told = _weight(came, came & seen.known)
    yield (
        "throughput_per_day",
        Figure(float(through.sum()) * told / window.days, int(through.sum())),
    )
    trial = came & seen.known & _telling(seen.arrival, window)
    stays = _stays(seen, window, trial)
    out = ~np.isnan(seen.out[trial])
    for measure, limit in (
        ("completed_within_limit", window.limit),
        ("completed_within_6h", _SOON_S),
    ):
        yield measure, _mean(out & (stays <= limit))
    yield "stay_mean_h", _mean(stays / HOUR_S)
    for measure, q in (("stay_p50_h", 0.5), ("stay_p95_h", 0.95)):
        value = float(np.quantile(stays, q)) / HOUR_S if len(stays) else np.nan
        yield measure, Figure(value, len(stays))


def _weight(all_: Bools, some: Bools) -> float:
    """By how much a count of some is too small."""
    return float(all_.sum()) / float(some.sum()) if some.any() else 1.0


def _stays(seen: Seen, window: Window, rows: Bools) -> Reals:
    until = np.where(np.isnan(seen.out), window.stop, seen.out)
    return np.asarray((until - seen.arrival)[rows])


def _mean(values: Reals | Bools) -> Figure:
    return Figure(float(np.mean(values)) if len(values) else np.nan, len(values))


def _of_stage(
    seen: Seen, form: Form, window: Window, who: tuple[Bools, Bools], stage: int
) -> Iterator[tuple[str, Figure]]:
    members, decided = who
    here = (seen.stage == stage) & members[seen.truck]
    trial = members & decided
    passed = np.zeros(len(members), dtype=bool)
    passed[seen.truck[here]] = True
    yield "passing", _mean(passed[trial])
    asked = here & ~seen.lost & _telling(seen.queue, window)
    if form.starts(stage):
        yield "wait_mean_h", _mean(_waits(seen, window, asked) / HOUR_S)
    if form.works(stage):
        work = (seen.done - seen.start)[asked]
        yield "work_mean_h", _mean(work[~np.isnan(work)] / HOUR_S)
    yield "stay_mean_h", _mean(_until(seen, seen.done, window, asked) / HOUR_S)
    number = present(seen, form, window, here, stage)
    yield "queue_mean", Figure(float(number[-1]) / (window.stop - window.start), int(here.sum()))


def _decided(seen: Seen, window: Window) -> Bools:
    """bool[n], trucks that are through, of those that came so early that nearly all are: of later
    ones those are through that passed fewer stages."""
    came = seen.known & (seen.arrival >= window.start) & (seen.arrival < window.stop)
    rows = np.flatnonzero(came)
    rows = rows[np.argsort(seen.arrival[rows], kind="stable")]
    inside = np.isnan(seen.out[rows])
    early = np.flatnonzero(np.cumsum(inside) <= _NOT_YET * np.arange(1, len(rows) + 1))
    decided = np.zeros(len(came), dtype=bool)
    decided[rows[: early[-1] + 1] if len(early) else rows[:0]] = True
    return decided & ~np.isnan(seen.out)


def _until(seen: Seen, stamp: Reals, window: Window, rows: Bools) -> Reals:
    return np.asarray((np.where(np.isnan(stamp), window.stop, stamp) - seen.queue)[rows])


def _waits(seen: Seen, window: Window, rows: Bools) -> Reals:
    # A start that is missing before a known end is a stamp that was not made.
    return _until(seen, seen.start, window, rows & ~(np.isnan(seen.start) & ~np.isnan(seen.done)))


def present(seen: Seen, form: Form, window: Window, here: Bools, stage: int) -> Reals:
    """Truck seconds of waiting at a stage from the start up to each hour.

    Args:
        seen: the period.
        form: where starts are not stamped, trucks count until they are done.
        window: the days.
        here: bool[v], the visits that count.
        stage: whose visits they are.

    Returns:
        float64[hours + 1], made larger by as much as visits lack a stamp.
    """
    stamp = seen.start if form.starts(stage) else seen.done
    good = here & ~seen.lost & ~(np.isnan(stamp) & ~np.isnan(seen.done))
    until = np.where(np.isnan(stamp), window.stop, stamp)[good]
    hours = window.hour_edges
    total = _passed(seen.queue[good], hours) - _passed(until, hours)
    total = total - total[0]
    return np.asarray(total * _weight(here, good))


def _passed(seconds: Reals, edges: Reals) -> Reals:
    """Sum of what has passed since each of some seconds, at each edge."""
    ordered = np.sort(seconds)
    sums = np.concatenate([[0.0], np.cumsum(ordered - edges[0])])
    count = np.searchsorted(ordered, edges)
    return np.asarray(count * (edges - edges[0]) - sums[count])


def curves_of(seen: Seen, form: Form, window: Window) -> Curves:
    """The curves of a period."""
    came = (seen.arrival >= window.start) & (seen.arrival < window.stop)
    trial = came & seen.known & _telling(seen.arrival, window)
    hours = np.floor((seen.arrival[came] - window.start) / HOUR_S).astype(np.int64)
    count = len(window.hour_of_week)
    arrived = np.bincount(hours, minlength=count)
    seeing = window.seeing()
    waits, queues = [], []
    for stage in range(len(form.stages)):
        here = seen.stage == stage
        asked = here & ~seen.lost & _telling(seen.queue, window)
        if form.starts(stage):
            each = _waits(seen, window, asked)
        else:
            each = _until(seen, seen.done, window, asked)
        waits.append(np.sort(each) / HOUR_S)
        number = np.diff(present(seen, form, window, here, stage))
        queues.append(_by_week(number, window, seeing) / HOUR_S)
    through = seen.out[(seen.out >= window.start) & (seen.out < window.stop)]
    return Curves(
        stays=np.sort(_stays(seen, window, trial)) / HOUR_S,
        waits=tuple(waits),
        queue_week=np.array(queues),
        arrivals_week=_by_week(arrived.astype(np.float64), window),
        throughput=np.histogram(through, window.day_edges)[0].astype(np.float64),
    )


def _by_week(hourly: Reals, window: Window, some: Bools | None = None) -> Reals:
    """Means by hour of the week of all hours or of some, 0 where there is none."""
    hour = window.hour_of_week
    weight = np.ones(len(hour)) if some is None else some.astype(np.float64)
    count = np.bincount(hour, weight, minlength=WEEK_H)
    return np.bincount(hour, hourly * weight, minlength=WEEK_H) / np.maximum(count, 1)


def _telling(seconds: Reals, window: Window) -> Bools:
    """Who came in the period, and so early that the limit is over before its end, and on no day
    that is blind: when a server was free then, nobody knows."""
    told = (seconds >= window.start) & (seconds < window.stop - window.limit)
    day = np.searchsorted(window.day_edges, np.nan_to_num(seconds), side="right") - 1
    return np.asarray(told & ~window.blind[np.clip(day, 0, window.days - 1)])

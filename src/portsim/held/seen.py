"""A period as a gate log shows it, whoever wrote the log: trucks and visits with their stamps.

What a log does not stamp is taken out of a simulated period, too, so that both are measured alike.
Scenarios may not enter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.engines import INSIDE, RELEASED, Log
from portsim.gatelog import GateLog
from portsim.held.names import Partners
from portsim.held.spans import DAY_S
from portsim.held.unstamped import behind, passed_by, stamped_yet, waiting, whole
from portsim.plan import NEVER, Plan

__all__ = ["Form", "Seen", "of_log", "of_run"]

_STAMPS = ("queue", "start", "end")
_SLOW, _SLOWEST, _FAR_TIMES, _FAR_S = 0.95, 0.995, 5.0, 600.0
"""Work of more than so many times that of slow trucks, and ten minutes, was stamped wrongly."""
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Form:
    """What a log stamps of the stages that it has in common with a scenario."""

    stages: tuple[str, ...]
    """As the scenario calls them, in the order of the log."""
    stamped: tuple[frozenset[str], ...]
    """Which of queue, start and end, by stage."""
    steps: Mapping[tuple[int, str], int]
    """Seconds of a step of a stamp, by stage and stamp; that of the arrival by (−1, arrival)."""
    classes: tuple[str, ...]
    """Of the scenario."""
    needed: tuple[int, ...]
    """Stages that no truck of the log leaves out, by their numbers."""
    stop: float
    """Nothing is known of what happens from this UTC epoch second on."""

    @classmethod
    def of(cls, log: GateLog, names: Partners, classes: Sequence[str], stop: float) -> "Form":
        """The form of a log."""
        steps = {(-1, "arrival"): int(log.resolution.get("arrival", 1))}
        for number, stage in enumerate(names.stages):
            for stamp in _STAMPS:
                step = log.resolution.get(f"{stage} {stamp}")
                if step is None and (number, stamp) == (0, "queue"):
                    step = log.resolution.get("arrival")
                steps[(number, stamp)] = int(step or 1)
        return cls(
            stages=tuple(names.stages.values()),
            stamped=tuple(log.stamped.get(stage, frozenset()) for stage in names.stages),
            steps=steps,
            classes=tuple(classes),
            needed=tuple(n for n, stage in enumerate(names.stages) if stage in log.always),
            stop=stop,
        )

    def starts(self, stage: int) -> bool:
        """Whether it is known when work begins."""
        return "start" in self.stamped[stage]

    def works(self, stage: int) -> bool:
        """Whether it is known how long work takes."""
        return {"start", "end"} <= self.stamped[stage]


@dataclass(frozen=True, eq=False, slots=True)
class Seen:
    """A period: n trucks, v visits, by truck and in their order. UTC epoch seconds; NaN is what had
    not happened when the log ends, or is not known."""

    arrival: Reals
    """float64[n]."""
    cls: Ints
    """int64[n], index into the classes of the form, -1 where the log has none of them."""
    out: Reals
    """float64[n], last stamp of trucks that are through."""
    known: Bools
    """bool[n]: it is known whether the truck is through, and when."""
    truck: Ints
    """int64[v], index of the truck."""
    stage: Ints
    """int64[v], index into the stages of the form."""
    queue: Reals
    """float64[v]; where it is not stamped, the last stamp of the visit before, or the arrival."""
    start: Reals
    """float64[v]."""
    done: Reals
    """float64[v], the last stamp of the visit: the end, where ends are stamped."""
    lost: Bools
    """bool[v]: it has no last stamp although it has happened, or nobody knows whether it has."""


def of_run(
    plan: Plan,
    log: Log,
    form: Form,
    stages: Sequence[int],
    lacking: Callable[[Ints, list[Reals]], tuple[Bools, list[Reals]]] | None = None,
) -> Seen:
    """A simulated period as a log of some form would show it.

    Args:
        plan: with its context; its classes are those of the form.
        log: what an engine made of it.
        form: of the log.
        stages: number in the plan of each stage of the form.
        lacking: takes out stamps that were not made, see `portsim.held.blanks`; of whom the last
            one is missing, nobody knows when it was through.
    """
    assert plan.context is not None
    number = np.full(len(plan.context.stage_names), -1)
    number[list(stages)] = np.arange(len(stages))
    stage = number[plan.visit_stage]
    truck = np.repeat(np.arange(plan.trucks), np.diff(plan.first_visit))
    # Who turned away or gave up has no last visit that a log would show.
    rows = np.flatnonzero((stage >= 0) & (log.queued != NEVER))
    stamps = [
        np.where(seconds[rows] == NEVER, np.nan, seconds[rows] + plan.context.origin * 1.0)
        for seconds in (log.queued, log.admitted, log.finished)
    ]
    known = np.isin(log.outcome, (INSIDE, RELEASED))
    if lacking is not None:
        over = ~np.isnan(stamps[2])
        left, stamps = lacking(stage[rows], stamps)
        final = np.append(truck[rows][1:] != truck[rows][:-1], True)[: len(rows)]
        known[truck[rows][final & over & np.isnan(stamps[2])]] = False
        rows, stamps = rows[left], [each[left] for each in stamps]
    places = {name: index for index, name in enumerate(form.classes)}
    classes = np.array([places[name] for name in plan.context.class_names], dtype=np.int64)
    arrival = (plan.arrival + plan.context.origin).astype(np.float64)
    wanted = np.bincount(truck, stage >= 0, minlength=plan.trucks)
    finished = (stage >= 0) & (log.finished != NEVER)
    through = np.bincount(truck, finished, minlength=plan.trucks) == wanted
    return _formed(
        form,
        arrival,
        np.asarray(classes[plan.context.truck_class], dtype=np.int64),
        (truck[rows], stage[rows]),
        stamps,
        through & (wanted > 0),
        known & (wanted > 0),
    )


def of_log(log: GateLog, names: Partners, form: Form, paused: Sequence[bool]) -> Seen:
    """A gate log, without its stages that the scenario does not have.

    Args:
        log: the log.
        names: what of it is what.
        form: what it stamps.
        paused: stages of the form where work waits for the next opening, so that it may last long.
    """
    trucks, visits = log.trucks, log.visits
    place = {name: index for index, name in enumerate(form.classes)}
    ways = trucks["direction"].astype(object).where(trucks["direction"].notna(), "")
    kinds = zip(trucks["truck_class"].astype(str), ways.astype(str), strict=True)
    cls = np.array([place.get(names.classes.get(kind, ""), -1) for kind in kinds], dtype=np.int64)
    order = {stage: index for index, stage in enumerate(names.stages)}
    stage = visits["stage"].map(order).fillna(-1).to_numpy().astype(np.int64)
    rows = _in_time(visits, stage)
    truck = visits["truck"].to_numpy(np.int64)[rows]
    stage = stage[rows]
    stamps = [visits[name].to_numpy(np.float64)[rows] for name in _STAMPS]
    stamps[2] = _sane(stamps[2], paused, stage, stamps[1])
    arrival = trucks["arrival"].to_numpy(np.float64)
    unstamped = np.isnan(arrival)
    arrival = _with_neighbours(arrival, truck, stage, stamps)
    # A truck is through when it has passed every stage that none leaves out.
    done = _last_stamp(form, stage, stamps)
    ended = np.bincount(truck, minlength=len(arrival)) > 0
    ended &= whole(truck, stage, form.needed, len(arrival))
    hanging = np.zeros(len(arrival), dtype=bool)
    final = np.append(truck[1:] != truck[:-1], True)[: len(truck)]
    hanging[truck[final & np.isnan(done)]] = True
    through = ended & ~hanging
    latest = np.full(len(arrival), -np.inf)
    np.maximum.at(latest, truck[~np.isnan(done)], done[~np.isnan(done)])
    stays = np.where(through, latest - arrival, np.nan)
    recent = stays[~np.isnan(stays) & (arrival >= form.stop - 28 * DAY_S)]
    longest = float(np.max(recent)) if len(recent) else np.inf
    # Of two things that a missing end may mean, the truck that came long ago is no more inside.
    inside = arrival > form.stop - 1.5 * longest - DAY_S
    inside &= ~passed_by(stage, truck, (*stamps[:2], done), final, through)
    kind = pd.factorize(trucks["truck_class"].astype(str) + " " + ways.astype(str))[0]
    inside &= ~behind(arrival, (truck, stage), kind, through)
    known = (through | inside) & ~unstamped
    more = waiting((truck, stage), kind, form.needed, (arrival, done))
    truck, stage = (np.concatenate(pair) for pair in zip((truck, stage), more, strict=True))
    at = np.argsort(truck, kind="stable")
    stamps = [np.append(column, np.full(len(more[0]), np.nan))[at] for column in stamps]
    return _formed(form, arrival, cls, (truck[at], stage[at]), stamps, through, known)


def _in_time(visits: pd.DataFrame, stage: Ints) -> Ints:
    """Rows of the visits that count, by truck and in the order in which they happened: who crosses
    in the other direction passes the stages the other way round."""
    # A log fills the queue of its first stage with the arrival, whichever stage came first.
    at = visits[["start", "end"]].min(axis=1).fillna(visits["queue"])
    truck = visits["truck"].to_numpy(np.int64)
    at = at.groupby(truck).ffill().fillna(-np.inf)
    rows = np.lexsort((np.arange(len(truck)), at.to_numpy(np.float64), truck))
    return np.asarray(rows[stage[rows] >= 0])


def _sane(end: Reals, paused: Sequence[bool], stage: Ints, start: Reals) -> Reals:
    """Ends without those of works that no slow work explains: one mistyped date would be more
    hours than all others together."""
    sane = end.copy()
    for number, pauses in enumerate(paused):
        here = (stage == number) & ~np.isnan(end - start)
        if here.any():
            slow = float(np.quantile((end - start)[here], _SLOWEST if pauses else _SLOW))
            longest = _FAR_TIMES * slow + _FAR_S
            sane[here & (end - start > longest)] = np.nan
    return sane


def _with_neighbours(arrival: Reals, truck: Ints, stage: Ints, stamps: Sequence[Reals]) -> Reals:
    """Arrivals, those that are missing from trucks that had the same stamp about then."""
    filled = arrival.copy()
    for number in range(int(stage.max(initial=-1)) + 1):
        for each in stamps:
            there = (stage == number) & ~np.isnan(each)
            bare = np.flatnonzero(there & np.isnan(filled[truck]))
            told = np.flatnonzero(there & ~np.isnan(arrival[truck]))
            if len(bare) and len(told):
                told = told[np.argsort(each[told], kind="stable")]
                after = np.searchsorted(each[told], each[bare]).clip(1, max(len(told) - 1, 1))
                pair = np.stack([after - 1, after.clip(max=len(told) - 1)])
                # One of the two may be of another day.
                nearer = np.abs(each[told][pair] - each[bare]).argmin(axis=0)
                like = told[pair[nearer, np.arange(len(bare))]]
                filled[truck[bare]] = np.minimum(arrival[truck[like]], each[bare])
    return filled


def _formed(
    form: Form,
    arrival: Reals,
    cls: Ints,
    visits: tuple[Ints, Ints],
    stamps: Sequence[Reals],
    through: Bools,
    known: Bools,
) -> Seen:
    """What a log of the form shows of a period."""
    truck, stage = visits
    arrival = _stepped(arrival, form.steps[(-1, "arrival")])
    queue, start, end = (np.array(each) for each in stamps)
    first = np.append(True, truck[1:] != truck[:-1])[: len(truck)]
    # Who comes from another stage did not join this queue as it arrived.
    queue[~first & (stage == 0) & (queue <= arrival[truck])] = np.nan
    for number, there in enumerate(form.stamped):
        here = stage == number
        for name, column in zip(_STAMPS, (queue, start, end), strict=True):
            step = form.steps[(number, name)]
            column[here] = _stepped(column[here], step) if name in there else np.nan
    stamps = tuple(np.where(each < form.stop, each, np.nan) for each in (queue, start, end))
    done = _last_stamp(form, stage, stamps)
    # Who waits unstamped for what some leave out is through, for all that a log tells.
    passed = whole(truck[~np.isnan(done)], stage[~np.isnan(done)], form.needed, len(arrival))
    rows = stamped_yet(truck, stamps) | ~passed[truck]
    truck, stage, done, first = truck[rows], stage[rows], done[rows], first[rows]
    queue, start, _ = (each[rows] for each in stamps)
    left = np.bincount(truck, np.isnan(done), minlength=len(arrival))
    through = through | (passed & (left == 0))
    before = np.where(first, arrival[truck], np.append(np.nan, done[:-1])[: len(truck)])
    bare = np.array(["queue" not in there for there in form.stamped])[stage]
    bare |= ~first & (stage == 0)
    queue = np.where(np.isnan(queue) & (bare | first), before, queue)
    out = np.full(len(arrival), -np.inf)
    np.maximum.at(out, truck, np.where(np.isnan(done), -np.inf, done))
    # Where the last stamp lies behind the end of the log, the truck is inside.
    cut = np.zeros(len(arrival), dtype=bool)
    final = np.append(truck[1:] != truck[:-1], True)[: len(truck)]
    cut[truck[final & np.isnan(done)]] = True
    out = np.where(through & ~cut & np.isfinite(out), out, np.nan)
    later = np.append(truck[1:] == truck[:-1], False)[: len(truck)]
    gone = later & ~np.isnan(np.append(done[1:], np.nan)[: len(truck)])
    lost = np.isnan(done) & (gone | ~np.isnan(out[truck])) | ~known[truck] | np.isnan(queue)
    # A log that goes on beyond the period has visits that are not made when it ends.
    ahead = np.isnan(queue) & np.isnan(start) & np.isnan(done) & ~first & ~gone
    rows = ~(ahead & np.isnan(out[truck]))
    visits_ = (each[rows] for each in (truck, stage, queue, start, done, lost))
    return Seen(arrival, cls, out, known, *visits_)


def _stepped(seconds: Reals, step: int) -> Reals:
    return np.floor(seconds / step) * step if step > 1 else seconds


def _last_stamp(form: Form, stage: Ints, stamps: Sequence[Reals]) -> Reals:
    """Of each visit the end, or what comes nearest to it among what is stamped."""
    done = np.full(len(stage), np.nan)
    for number, there in enumerate(form.stamped):
        name = next((name for name in reversed(_STAMPS) if name in there), "queue")
        here = stage == number
        done[here] = stamps[_STAMPS.index(name)][here]
    return done

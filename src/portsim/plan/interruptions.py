"""Interruptions: what closes stages and breaks servers without warning in one replication.

The luck of the port itself is drawn here; neither trucks nor their visits enter.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints
from portsim.calendars import Intervals, clip, merge, subtract, subtract_down
from portsim.demand import base_start, inverse, mean_of, uniforms
from portsim.plan.contract import Stops
from portsim.plan.steps import Steps
from portsim.plan.timetable import Timetable
from portsim.scenario.distributions import Distribution

__all__ = ["Interruptions"]


@dataclass(frozen=True, eq=False, slots=True)
class Interruptions:
    """What comes between the timetable and its stages and servers in one replication."""

    timetable: Timetable
    seed: int
    replication: int
    antithetic: bool = False
    since: int | None = None
    """UTC epoch second from which on they are drawn; that of the base trucks if None."""

    def stages(self) -> tuple[tuple[Intervals, ...], tuple[Intervals, ...]]:
        """When each stage admits, and its work time, with unplanned closures cut out of both."""
        admits, works = list(self.timetable.admits), list(self.timetable.works)
        for number, closed in enumerate(self.closures()):
            # Where nothing comes, what was stays: few of many futures are shut in their hours.
            for interval in filter(len, closed):
                admits[number] = subtract(admits[number], interval)
                works[number] = subtract(works[number], interval)
        return tuple(admits), tuple(works)

    def closures(self) -> tuple[tuple[Intervals, ...], ...]:
        """Of each stage when each of its unplanned closures shuts it, plan seconds."""
        return tuple(
            tuple(
                self._drawn(f"closure {closure.name}", "", closure.every, closure.lasts)
                for closure in stage.closures
            )
            for stage in self.timetable.scenario.stages.values()
        )

    def breakdowns(self) -> tuple[tuple[Intervals, ...], ...]:
        """Of each resource when each of its breakdowns lasts, plan seconds."""
        return tuple(
            tuple(
                self._drawn(f"resource {name}", f"breakdown {number}", words.every, words.repair)
                for number, words in enumerate(resource.breakdowns)
            )
            for name, resource in self.timetable.scenario.resources.items()
        )

    def resources(self) -> tuple[tuple[Steps, ...], Stops | None]:
        """Capacity or level of each resource, with breakdowns taken off; and those of them that
        stop the work in hand, None if there are no such resources."""
        steps, rows = list(self.timetable.steps), []
        fails = np.zeros(len(steps), dtype=bool)
        resources = self.timetable.scenario.resources.values()
        for row, (resource, all_down) in enumerate(zip(resources, self.breakdowns(), strict=True)):
            if all(words.work == "finished" for words in resource.breakdowns) and not any(
                map(len, all_down)
            ):
                continue
            times = np.append(0, steps[row].times)
            values = np.append(steps[row].initial, steps[row].values)
            for breakdowns, down in zip(resource.breakdowns, all_down, strict=True):
                before = times, values
                times, values = subtract_down(times, values, down, breakdowns.count)
                if breakdowns.work != "finished":
                    fails[row] = True
                    begins = down[(down[:, 0] > 0) & (down[:, 0] < self.timetable.end), 0]
                    fall = _at(begins, *before) - _at(begins, times, values)
                    anew = breakdowns.work == "anew"
                    rows += [
                        (second, row, count, anew)
                        for second, count in zip(begins.tolist(), fall.tolist(), strict=True)
                        if count > 0
                    ]
            later = (times > 0) & (times < self.timetable.end)
            steps[row] = Steps(int(values[0]), times[later], values[later])
        return tuple(steps), _stops(rows, fails) if fails.any() else None

    def _drawn(
        self, owner: str, purpose: str, every: Distribution[float], lasts: Distribution[float]
    ) -> Intervals:
        """Interruptions drawn for the whole history, plan seconds, those that touch the run.

        The history begins with the base trucks', so that a later end moves none.
        """
        scenario, run = self.timetable.scenario, self.timetable.run
        start = base_start(scenario) if self.since is None else self.since
        observed = scenario.origin.observed
        span = float(run.stop - start)
        mean = max(1.0, mean_of(every, observed) + mean_of(lasts, observed))
        count = int(span / mean * 1.5) + 16
        while True:
            up, down = (
                inverse(
                    words,
                    uniforms(
                        *(self.seed, self.replication, owner, f"{purpose} {part}", count),
                        self.antithetic,
                    ),
                    observed,
                )
                for part, words in (("every", every), ("lasts", lasts))
            )
            ends = np.cumsum(np.maximum(up, 1.0) + down)
            if ends[-1] > span:
                break
            count *= 2
        edges = start + np.rint(np.column_stack([ends - down, ends])).astype(np.int64)
        inside = clip(merge(edges[edges[:, 0] < edges[:, 1]]), run.origin, run.stop)
        return inside - run.origin


def _at(seconds: Ints, times: Ints, values: Ints) -> Ints:
    return np.asarray(values[np.searchsorted(times, seconds, side="right") - 1])


def _stops(rows: list[tuple[int, int, int, bool]], fails: NDArray[np.bool_]) -> Stops:
    columns = np.array(sorted(rows), dtype=np.int64).reshape(-1, 4).T
    return Stops(columns[0], columns[1], columns[2], columns[3].astype(bool), fails)

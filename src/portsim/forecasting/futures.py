"""Futures: what may come of a port in the coming hours, run many times from the same beginning.

Policies meet the same trucks with the same luck. What runs say together is worked out elsewhere.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray
from scipy import special

from portsim.arrays import Ints, Reals
from portsim.demand import DaysLevel, Futures, draw_futures, uniforms
from portsim.engines import as_it_came, check_stuck, engine
from portsim.experiment.common_draws import demand_key
from portsim.forecasting.counts import Counts, Outs, counted
from portsim.plan import Draft, Site, Timetable, draft, draft_key, timetable
from portsim.scenario.model import Scenario

__all__ = ["Level", "Seen", "laid_out", "run_futures"]

Progress = Callable[[int, int], None]
_LOOKED_AT = 10
"""Circular waits are looked for in so many futures; a port that has them has them in most."""
_KEPT = 4
"""Draws that a process keeps for the next call, which may ask the same of another policy."""


@dataclass(frozen=True, slots=True)
class Level:
    """What is known of the factor of the day: of today's by its arrivals, a gamma distribution."""

    shape: float
    rate: float
    """Its mean is shape / rate."""
    off: float = 0.0
    """Variance by which the level of the days after may be off, the same in all days of a future:
    again a gamma distribution, of mean 1."""


@dataclass(frozen=True, eq=False, slots=True)
class Seen:
    """All futures of one policy: f futures, s stages, q quarters of an hour."""

    scenario: Scenario
    timetable: Timetable
    names: tuple[str, ...]
    """Of the m trucks inside, in the order of their numbers."""
    stages: tuple[str, ...]
    working: Ints
    since: Ints
    """int64[m], UTC epoch seconds."""
    table: NDArray[np.int32]
    """int32[f, 3, s + 1, q + 1], see `portsim.forecasting.counts.Counts`."""
    outs: tuple[Outs, ...]


class _Drawn:
    """A scenario that begins, hashed by what its trucks and visits depend on."""

    def __init__(self, scenario: Scenario, level: Level | None) -> None:
        self.scenario, self.level = scenario, level
        inside = scenario.origin.inside
        self.key = (
            demand_key(scenario),
            draft_key(scenario),
            "" if inside is None else inside.digest,
            repr(scenario.inside),
            scenario.traffic.scale,
            tuple(sorted((name, cls.scale) for name, cls in scenario.traffic.classes.items())),
            level,
        )

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Drawn) and self.key == other.key


@lru_cache(maxsize=_KEPT)
def _drawn(of: _Drawn, seed: int, count: int) -> tuple[Futures, Draft]:
    days = DaysLevel()
    if of.level is not None:
        today, off = of.level, of.level.off
        days = DaysLevel(
            today=_gamma(today.shape, today.rate, seed, "day factor of today", count),
            others=_gamma(1.0 / off, 1.0 / off, seed, "level of the days", count) if off else None,
        )
    futures = draw_futures(of.scenario, seed, count, days)
    return futures, draft(of.scenario, futures.trucks)


def _gamma(shape: float, rate: float, seed: int, purpose: str, count: int) -> Reals:
    luck = uniforms(seed, 0, "port", purpose, count)
    return np.asarray(special.gammaincinv(shape, luck) / rate)


def laid_out(
    scenario: Scenario, seed: int, count: int, level: Level | None
) -> tuple[Site, Futures]:
    """The trucks of all futures of a scenario, and what gives the plan of each.

    In: as for `run_futures`. Trucks and visits are drawn once for all policies that share them.
    """
    futures, of_all = _drawn(_Drawn(scenario, level), seed, count)
    return Site(timetable(scenario), of_all), futures


def run_futures(
    scenario: Scenario,
    seed: int,
    count: int,
    level: Level | None,
    jobs: int,
    on_done: Callable[[int], None],
) -> Seen:
    """Run all futures of one policy.

    Args:
        scenario: begins with the trucks inside.
        seed: root of all luck, the same for all policies.
        count: number of futures.
        level: of the factor of the day of the beginning; that of the scenario if None.
        jobs: so many run side by side.
        on_done: told how many futures came to an end since it was told last.

    Raises:
        StuckError: trucks ended in a circular wait.
    """
    site, futures = laid_out(scenario, seed, count, level)
    chunks = np.array_split(np.arange(count), min(count, max(jobs, 1) * 4))
    work = partial(_run, site, futures, on_done)
    if jobs > 1:
        with ThreadPoolExecutor(jobs) as pool:
            counts = [future for part in pool.map(work, chunks) for future in part]
    else:
        counts = [future for part in map(work, chunks) for future in part]
    standing = futures.trucks.standing
    assert standing is not None
    m = futures.inside
    return Seen(
        scenario=scenario,
        timetable=site.timetable,
        names=standing.names[:m],
        stages=standing.stages[:m],
        working=standing.working[:m].astype(np.int64),
        since=standing.since[:m],
        table=np.stack([future.table for future in counts]),
        outs=tuple(future.outs for future in counts),
    )


def _run(
    site: Site, futures: Futures, on_done: Callable[[int], None], numbers: Sequence[int] | Ints
) -> list[Counts]:
    run, counts = engine("compiled"), []
    for number in map(int, numbers):
        plan = site.future(site.unforeseen(number), futures.of(number))
        log = run(plan)
        if number < _LOOKED_AT:
            check_stuck(plan, log)
        counts.append(counted(*as_it_came(plan, log)))
    on_done(len(counts))
    return counts

"""How far apart a log and simulated periods are, in multiples of how far apart two of these are.

Only curves enter.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from scipy.stats import wasserstein_distance

from portsim.arrays import Reals
from portsim.held.figures import Curves

__all__ = ["distances_of"]

_MOST = 10
"""So many simulated periods are held against each other."""


def distances_of(
    log: Curves, simulated: Sequence[Curves], stages: Sequence[str]
) -> Iterator[dict[str, object]]:
    """Rows of distances.csv but for whose arrivals they have.

    The distance of the log is the median over all simulated periods, the floor the median over all
    pairs of the first ten of them. Of stays and of waiting it is the Wasserstein-1 distance in
    hours, of queue and arrivals by hour of the week the mean absolute difference over the 168
    hours, in trucks.
    """
    kinds: list[tuple[str, str, int]] = [("stay", "", 0), ("arrivals_by_hour", "", 0)]
    kinds += [
        (measure, stage, number)
        for measure in ("waiting", "queue_by_hour")
        for number, stage in enumerate(stages)
    ]
    for measure, place, number in kinds:
        mine = _part(log, measure, number)
        theirs = [_part(each, measure, number) for each in simulated]
        between = _w1 if measure in ("stay", "waiting") else _mean_gap
        distance = _median([between(mine, each) for each in theirs])
        floor = _median([between(a, b) for a, b in combinations(theirs[:_MOST], 2)])
        multiple = distance / floor if floor > 0 else (1.0 if distance == 0 else np.nan)
        yield {
            "measure": measure,
            "place": place,
            "unit": "h" if between is _w1 else "1",
            "distance": distance,
            "floor": floor,
            "multiple": multiple,
        }


def _part(curves: Curves, measure: str, number: int) -> Reals:
    if measure == "stay":
        return curves.stays
    if measure == "waiting":
        return curves.waits[number]
    return curves.queue_week[number] if measure == "queue_by_hour" else curves.arrivals_week


def _w1(values: Reals, others: Reals) -> float:
    if not len(values) or not len(others):
        return float("nan")
    return float(wasserstein_distance(values, others))


def _mean_gap(values: Reals, others: Reals) -> float:
    return float(np.abs(values - others).mean())


def _median(values: Sequence[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.median(known)) if known else float("nan")

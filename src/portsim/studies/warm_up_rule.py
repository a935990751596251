"""Earlier starts held against later ones: how far each measure moves, and whether that matters.

Nothing is run here; values by start and replication enter, rows come out.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from portsim.arrays import Reals
from portsim.scenario.measure_catalogue import unit_of
from portsim.statistics.intervals import moments, t_factor

__all__ = [
    "AT_START",
    "SHARE",
    "Values",
    "keeps_moving",
    "passes",
    "shift_when_longer",
]

SHARE = 0.1
"""A measure may move by so much of its half-width."""
AT_START = "inside_at_start"
"""Shown beside the measures that are judged: the stock the period begins with."""
_ROUNDING = 1e-9

Values = Mapping[int, Mapping[tuple[str, str], Reals]]
"""By weeks of warm-up, then by place and measure: float64[r], NaN where undefined or failed."""


def shift_when_longer(values: Values, short: int, long: int) -> list[dict[str, Any]]:
    """Hold the measures of one warm-up against those of a longer one, replication by replication.

    In: values of all starts; the two warm-ups, weeks. Out: the rows of warmup.csv for `short`.

    The half-width is that of the 95 % t interval of the mean at `short`, t(n−1) · sd / √n (Law
    2015, section 9.4.1), on the plain scale for shares too; how far a measure moves is the mean of
    the paired differences. Equal logs give equal figures, so that a start that is forgotten moves
    nothing at all; differences in the last digits are rounding, not movement.
    """
    rows = []
    for (place, measure), shorter in values[short].items():
        longer = values[long].get((place, measure), np.full(len(shorter), np.nan))
        here, apart = moments(shorter[None, :]), moments((longer - shorter)[None, :])
        mean, by = float(here.mean[0]), float(apart.mean[0])
        half = float((t_factor(here.n) * here.sd)[0])
        if abs(by) <= _ROUNDING * max(1.0, abs(mean)):
            by = 0.0
        judged = measure != AT_START
        rows.append(
            {
                "warm_up_weeks": short,
                "longer_weeks": long,
                "place": place,
                "measure": measure,
                "unit": unit_of(measure),
                "mean": mean,
                "half_width": half,
                "moved": by,
                "moved_half_widths": _ratio(abs(by), half),
                "replications": int(here.n[0]),
                # A measure that is undefined at both starts has not moved.
                "passes": ("no" if abs(by) > SHARE * half or _lost(shorter, longer) else "yes")
                if judged
                else "",
            }
        )
    return rows


def _ratio(by: float, half: float) -> float:
    if by == 0.0:
        return 0.0
    return by / half if half > 0.0 else math.inf


def _lost(shorter: Reals, longer: Reals) -> bool:
    """Whether a measure is defined at one of the two starts alone."""
    return bool(np.isnan(shorter).all() != np.isnan(longer).all())


def keeps_moving(values: Values) -> bool:
    """Whether the stock at the start of the period goes on rising with the warm-up.

    It does where the last weeks that were added still raise it, for sure (95 %, paired), and by
    half as much a week or more as all weeks on average: a stock that settles rises ever less.
    """
    weeks = sorted(values)
    if len(weeks) < 3:
        return False
    stock = [values[w][("", AT_START)] for w in weeks]
    last = moments((stock[-1] - stock[-2])[None, :])
    rise = float(last.mean[0])
    sure = rise - float((t_factor(last.n) * last.sd)[0])
    whole = float(np.nanmean(stock[-1] - stock[0]))
    speed = whole / (weeks[-1] - weeks[0])
    return sure > 0.0 and rise / (weeks[-1] - weeks[-2]) >= speed / 2


def passes(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether no judged measure among the rows of a warm-up moves too far."""
    return all(row["passes"] != "no" for row in rows)

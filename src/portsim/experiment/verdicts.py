"""What each policy is best and worst at, and which classes gain where others lose.

One statistical verdict a measure, from the same intervals as in comparison.csv, so that no sentence
calls best what another cannot tell apart. Only figures enter; sentences are made elsewhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from portsim.arrays import Reals
from portsim.measures import unit_of
from portsim.results.verdicts import NAMELESS
from portsim.scenario.measured import BETTER
from portsim.statistics.intervals import moments, t_factor
from portsim.statistics.selection import leading

__all__ = ["BY_CLASS", "CRITERIA", "class_changes", "leaders", "verdicts"]

CRITERIA = (
    *("completed_within_limit", "stay_mean_h", "stay_p95_h", "capacity_per_day"),
    *("staffed_h_per_day", "staff_cost_per_day"),
)
"""Measures by which policies are judged: what they give, and what they take."""
BY_CLASS = ("completed_within_limit", "stay_mean_h")
"""Measures that are looked at class by class."""

Table = Mapping[tuple[str, str], Reals]
"""By class and measure float64[scenarios, observations], NaN where there is no such figure."""


def leaders(values: Reals, measure: str, base: int) -> tuple[int, ...]:
    """The best policy by a measure and those that are not clearly worse; see `leading`.

    Args:
        values: float64[scenarios, observations].
        measure: one of `BETTER`, perhaps with a month.
        base: row of the baseline, of whose mean 1 % is no difference worth a name.
    """
    return leading(values * BETTER[measure.partition("[")[0]], _near(values[base]))


def verdicts(
    table: Table, measures: Sequence[str], names: Sequence[str], baseline: str
) -> Iterator[dict[str, Any]]:
    """Of each measure that all scenarios have, which policies lead and which trail.

    Args:
        table: figures of the port.
        measures: in the order in which they are told.
        names: the scenarios, as the rows of the table.
        baseline: one of them.

    Yields:
        JSON types: measure, unit, observations; ``best``, the leader first, then those that are not
        clearly worse; ``worst`` likewise; ``told``, whether the first of the two are told apart;
        ``alike``, whether all surely lie within 1 % of the baseline of the best; means by policy.
    """
    base = names.index(baseline)
    for measure in measures:
        values = table["all", measure]
        if np.isnan(values).all(axis=1).any():
            continue
        sign, near = BETTER[measure.partition("[")[0]], _near(values[base])
        best, worst = leading(sign * values, near), leading(-sign * values, near)
        gap = moments(sign * (values[best[0]] - values))
        half = t_factor(gap.n, comparisons=len(names) - 1) * gap.sd
        yield {
            "measure": measure,
            "unit": unit_of(measure),
            "observations": int(gap.n.min()),
            "best": [names[row] for row in best],
            "worst": [names[row] for row in worst],
            "told": worst[0] not in best and best[0] not in worst,
            "alike": bool((gap.mean + half <= near).all()),
            "means": {
                name: _number(float(mean))
                for name, mean in zip(names, moments(values).mean, strict=True)
            },
        }


def class_changes(
    table: Table, classes: Sequence[str], names: Sequence[str], baseline: str
) -> Iterator[dict[str, Any]]:
    """Where a policy is better for some classes of trucks and not so for others.

    Args:
        table: figures of the port by class and measure, those of `BY_CLASS`.
        classes: of the traffic, not the directions.
        names: the scenarios, as the rows of the table.
        baseline: the one they are held against.

    Yields:
        JSON types: scenario, measure, unit; ``better``, ``worse`` and ``unclear``, lists of
        class and difference, the largest first. Intervals hold for all policies and classes of a measure at
        once at 95 % (Bonferroni on paired t, Law 2015, section 10.3); what surely lies within 1 %
        of the baseline's mean is unclear, too. Nothing where all classes fare alike.
    """
    base = names.index(baseline)
    for row, name in enumerate(names):
        for measure in BY_CLASS if row != base else ():
            found: dict[str, list[list[Any]]] = {"better": [], "worse": [], "unclear": []}
            sign = BETTER[measure]
            for cls in classes:
                values = table[cls, measure]
                change = moments((values[row] - values[base])[None, :])
                if change.n[0] < 2:
                    continue
                together = (len(names) - 1) * len(classes)
                half = float(t_factor(change.n, comparisons=together)[0] * change.sd[0])
                mean, near = float(change.mean[0]), _near(values[base])
                clear = abs(mean) > half and abs(mean) + half > near
                better = "better" if mean * sign > 0 else "worse"
                found[better if clear else "unclear"].append([cls, _number(mean)])
            for some in found.values():
                some.sort(key=lambda one: -abs(one[1]))
            if sum(bool(some) for some in found.values()) > 1:
                yield {"scenario": name, "measure": measure, "unit": unit_of(measure), **found}


def _near(base: Reals) -> float:
    mean = moments(base[None, :]).mean[0]
    return NAMELESS * abs(float(mean)) if np.isfinite(mean) else 0.0


def _number(value: float) -> float | None:
    """To ten digits, as in the tables."""
    return float(f"{value:.10g}") if np.isfinite(value) else None

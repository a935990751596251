"""What each policy is best and worst at, and which classes gain where others lose.

One statistical verdict a measure, from the same intervals as in comparison.csv, so that no sentence
calls best what another cannot tell apart. Only figures enter; sentences are made elsewhere.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from portsim.arrays import Reals
from portsim.results.verdicts import NAMELESS
from portsim.scenario.figure_notes import AT_LEAST, noted
from portsim.scenario.measure_catalogue import MEASURES, measure_of
from portsim.statistics.intervals import Figures, figures, moments, t_factor
from portsim.statistics.selection import leading

__all__ = ["judged", "leaders"]

BY_CLASS = ("completed_within_limit", "stay_mean_h")
"""Measures that are looked at class by class."""

Table = Mapping[tuple[str, str], Reals]
"""By class and measure float64[scenarios, observations], NaN where there is no such figure."""


def judged(
    replications: pd.DataFrame,
    baseline: str,
    best: str | None,
    classes: Sequence[str],
    antithetic: bool,
    units: Callable[[str], str],
) -> dict[str, Any]:
    """What the manifest says of the policies of a comparison: JSON types.

    Args:
        replications: the long table of all figures, with notes.
        baseline: the scenario the others are held against.
        best: a measure that was asked for; told first.
        classes: of the traffic, not the directions.
        antithetic: whether a pair of replications is one observation.
        units: gives the unit of a measure.

    Returns:
        ``verdicts``, one a measure; ``class_changes``, if classes fare differently.
    """
    criteria = [name for name, entry in MEASURES.items() if entry.judged]
    measures = list(dict.fromkeys([*([best] if best else []), *criteria]))
    port = replications[replications["place"].eq("")]
    chosen = port["truck_class"].eq("all") & port["measure"].isin(measures)
    by_class = port["truck_class"].isin(classes) & port["measure"].isin(BY_CLASS)
    observed = figures(port[chosen | by_class], antithetic)
    names = observed.keys["scenario"].unique().tolist()
    table, bounds = _table(observed, names)
    judgement: dict[str, Any] = {
        "verdicts": list(_verdicts(table, bounds, measures, names, baseline))
    }
    if len(classes) > 1:
        changes = list(_class_changes(table, classes, names, baseline))
        judgement |= {"class_changes": changes} if changes else {}
    for some in judgement.values():
        for verdict in some:
            verdict["unit"] = units(verdict["measure"])
    return judgement


def _table(observed: Figures, names: Sequence[str]) -> tuple[Table, Mapping[str, set[str]]]:
    """The figures by class and measure, and of which scenarios a measure may be more."""
    table: dict[tuple[str, str], Reals] = {}
    bounds: dict[str, set[str]] = {}
    keys = observed.keys[["scenario", "truck_class", "measure"]].itertuples(index=False, name=None)
    for (scenario, cls, measure), values, note in zip(
        keys, observed.values, observed.notes, strict=True
    ):
        nothing = np.full((len(names), observed.values.shape[1]), np.nan)
        table.setdefault((cls, measure), nothing)[names.index(scenario)] = values
        if cls == "all" and noted(note, AT_LEAST):
            bounds.setdefault(measure, set()).add(scenario)
    return table, bounds


def leaders(values: Reals, measure: str, base: int) -> tuple[int, ...]:
    """The best policy by a measure and those that are not clearly worse; see `leading`.

    Args:
        values: float64[scenarios, observations].
        measure: of which more or less is better, perhaps with a month.
        base: row of the baseline, of whose mean 1 % is no difference worth a name.
    """
    return leading(values * measure_of(measure).better, _near(values[base]))


def _verdicts(
    table: Table,
    bounds: Mapping[str, Collection[str]],
    measures: Sequence[str],
    names: Sequence[str],
    baseline: str,
) -> Iterator[dict[str, Any]]:
    """Of each measure that all scenarios have, which policies lead and which trail.

    Yields measure, unit, observations; ``best``, the leader first, then those that are not clearly
    worse; ``worst`` likewise; ``told``, whether the first of the two are told apart; ``alike``,
    whether all surely lie within 1 % of the baseline of the best; ``at_least``, the policies whose
    means are bounds; means by policy. A policy of which only a bound is known may be better, or
    worse, than any.
    """
    base = names.index(baseline)
    for measure in measures:
        values = table.get(("all", measure))
        if values is None or np.isnan(values).all(axis=1).any():
            continue
        sign, near = measure_of(measure).better, _near(values[base])
        best = [names[row] for row in leading(sign * values, near)]
        worst = [names[row] for row in leading(-sign * values, near)]
        more = bounds.get(measure, ())
        # What may be more than it is known to be may be best, or worst, whatever it looks like.
        ahead, behind = (more, ()) if sign > 0 else ((), more)
        best += [name for name in names if name in ahead and name not in best]
        worst += [name for name in names if name in behind and name not in worst]
        gap = moments(sign * (values[names.index(best[0])] - values))
        half = t_factor(gap.n, comparisons=len(names) - 1) * gap.sd
        apart = worst[0] not in best and best[0] not in worst
        yield {
            "measure": measure,
            "unit": "",
            "observations": int(gap.n.min()),
            "best": best,
            "worst": worst,
            "told": apart and worst[0] not in ahead and best[0] not in behind,
            "alike": bool((gap.mean + half <= near).all()) and not more,
            "at_least": [name for name in names if name in more],
            "means": {
                name: _number(float(mean))
                for name, mean in zip(names, moments(values).mean, strict=True)
            },
        }


def _class_changes(
    table: Table, classes: Sequence[str], names: Sequence[str], baseline: str
) -> Iterator[dict[str, Any]]:
    """Where a policy is better for some classes of trucks and not so for others.

    Yields scenario, measure, unit; ``better``, ``worse`` and ``unclear``, lists of class and
    difference, the largest first. Intervals hold for all policies and classes of a measure at once
    at 95 % (Bonferroni on paired t, Law 2015, section 10.3); what surely lies within 1 % of the
    baseline's mean is unclear, too. Nothing where all classes fare alike.
    """
    base = names.index(baseline)
    for row, name in enumerate(names):
        for measure in BY_CLASS if row != base else ():
            changes: dict[str, list[list[Any]]] = {"better": [], "worse": [], "unclear": []}
            sign = measure_of(measure).better
            for cls in classes:
                values = table.get((cls, measure))
                if values is None:
                    continue
                change = moments((values[row] - values[base])[None, :])
                if change.n[0] < 2:
                    continue
                together = (len(names) - 1) * len(classes)
                half = float(t_factor(change.n, comparisons=together)[0] * change.sd[0])
                mean, near = float(change.mean[0]), _near(values[base])
                clear = abs(mean) > half and abs(mean) + half > near
                better = "better" if mean * sign > 0 else "worse"
                changes[better if clear else "unclear"].append([cls, _number(mean)])
            for some in changes.values():
                some.sort(key=lambda change: -abs(change[1]))
            if sum(bool(some) for some in changes.values()) > 1:
                yield {"scenario": name, "measure": measure, "unit": "", **changes}


def _near(base: Reals) -> float:
    mean = moments(base[None, :]).mean[0]
    return NAMELESS * abs(float(mean)) if np.isfinite(mean) else 0.0


def _number(value: float) -> float | None:
    """To ten digits, as in the tables."""
    return float(f"{value:.10g}") if np.isfinite(value) else None

"""The room of results: what a comparison found, and what its statistics say, in sentences.

Finished tables and the manifest are read; nothing is estimated here.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd

from portsim.results.manifest import Manifest, counted
from portsim.results.verdicts import NAMELESS
from portsim.scenario.measure_catalogue import label_of
from portsim.wording.amounts import amount, fixed

__all__ = [
    "AMPLE",
    "DEMAND",
    "SAME",
    "UNCAPPED",
    "UNTOLD",
    "Finding",
    "demand_limited",
    "findings",
    "inference",
    "told",
]

AMPLE = 1.25
"""Capacity over throughput above which the port is said to be wide enough for what came."""
UNCAPPED = 0.9995
"""Ceiling of the share out in time from which on it is none: 100.0 %."""
_FEWEST = 10
"""Observations from which on a ratio of variances is worth a sentence."""
_SPOKEN = ("throughput_per_day", "completed_within_limit")
"""Measures of which findings are spoken."""
_ALL_PASSED = 0.95
"""Share of the trucks that came which are released, from which on all came through."""
_LOST = 0.001
"""Share of trucks turned away or giving up from which on they are worth a word."""

DEMAND = "demand was the limit"
SAME = "no difference"
UNTOLD = "not told apart"


class Finding(NamedTuple):
    """What the paired intervals say of one scenario against the baseline."""

    scenario: str
    measure: str
    kind: str


def demand_limited(means: Mapping[str, float], *, overloaded: bool) -> bool:
    """Whether the trucks that came were the limit, and not the port.

    Its capacity is far above what came, what came was let through, and nobody turned away.

    Args:
        means: of the whole port by measure; of those that are missing nothing is known.
        overloaded: whether the policy is.
    """
    came, released, through, most, away, gone = (
        float(means.get(name, math.nan))
        for name in ("arrived", "released", "throughput_per_day", "capacity_per_day",
                     "diverted", "given_up")
    )  # fmt: skip
    if overloaded or not released > 0.0 or not came > 0.0:
        return False
    return (
        most > AMPLE * through * max(1.0, came / released)
        and released >= _ALL_PASSED * came
        and not away + gone > _LOST * came
    )


def findings(summary: pd.DataFrame, comparison: pd.DataFrame, manifest: Manifest) -> list[Finding]:
    """Differences that are none, or that cannot be told.

    Args:
        summary: columns of summary.csv.
        comparison: columns of comparison.csv.
        manifest: overloaded scenarios are marked there.

    Returns:
        One `Finding` for a scenario and measure whose joint interval contains 0 or lies within
        1 % of the baseline's mean: `SAME` if it lies within that 1 %, or `DEMAND` if it is the
        throughput and demand was the limit in both scenarios; else `UNTOLD`.
        Differences that are told apart, and those of a single replication, are left out.
    """
    port = summary[(summary["truck_class"] == "all") & (summary["place"] == "")]
    mean = port.set_index(["scenario", "measure"])["mean"].to_dict()
    overloaded = {e.name for e in manifest.scenarios if e.overloaded}

    def ample(scenario: str) -> bool:
        mine = port[port["scenario"] == scenario]
        means = dict(zip(mine["measure"].astype(str), mine["mean"], strict=True))
        return demand_limited(means, overloaded=scenario in overloaded)

    found: list[Finding] = []
    rows = comparison[(comparison["truck_class"] == "all") & (comparison["place"] == "")]
    for row in rows[rows["measure"].isin(_SPOKEN)].to_dict("records"):
        scenario, measure = str(row["scenario"]), str(row["measure"])
        low, high = float(row["joint_low"]), float(row["joint_high"])
        near = NAMELESS * abs(mean[manifest.baseline, measure])
        same = -near <= low and high <= near
        if not (same or low <= 0.0 <= high):
            continue
        kind = SAME if same else UNTOLD
        if (
            same
            and measure == "throughput_per_day"
            and ample(scenario)
            and ample(str(manifest.baseline))
        ):
            kind = DEMAND
        found.append(Finding(scenario, measure, kind))
    return found


def told(found: Sequence[Finding], manifest: Manifest) -> list[str]:
    """Findings as sentences, one for all scenarios of which the same is to be said."""
    base, many = manifest.baseline, _count(manifest)
    said = []
    for kind, measure in dict.fromkeys((one.kind, one.measure) for one in found):
        names = ", ".join(f.scenario for f in found if (f.kind, f.measure) == (kind, measure))
        what = label_of(measure)
        if kind == DEMAND:
            said.append(f"No difference in {what} between {base} and {names}: {DEMAND}.")
        elif kind == SAME:
            said.append(f"No difference in {what} above 1 % between {base} and {names}.")
        else:
            said.append(f"{names}: {what} {UNTOLD} from {base} with {many}.")
    if manifest.other_trucks:
        said.append(
            f"Other trucks than under {base} come under {', '.join(manifest.other_trucks)}: "
            "differences to it are those of the traffic, too."
        )
    if any(e.name == base and e.overloaded for e in manifest.scenarios):
        said.append(f"Differences to {base}, which is overloaded, hold for this period only.")
    return said


def inference(manifest: Manifest) -> list[str]:
    """What was asked of the statistics and what came of it, in sentences."""
    words = manifest.statistics
    told_well = words.get("observations", 0) >= _FEWEST
    return [
        *_no_spread(words.get("no_spread", ()), manifest),
        *_precision(words.get("precision", ()), manifest),
        *_selected(words.get("best", {}), manifest),
        *_gains(
            words.get("common_random_numbers", ()) if told_well else (),
            "Common random numbers: variance of the differences over that of independent runs",
        ),
        *_gains(
            words.get("antithetic_pairs", ()) if told_well else (),
            "Antithetic pairs: variance over that of as many independent replications",
        ),
    ]


def _count(manifest: Manifest) -> str:
    many = counted(manifest)
    return f"{many} in antithetic pairs" if manifest.statistics.get("antithetic") else many


def _count_of(scenario: str, manifest: Manifest) -> str:
    there = manifest.lacking.get(scenario)
    if there is None:
        # What other scenarios lack is no business of this one's.
        there = manifest.replications
    entry = replace(manifest.scenarios[0], name=scenario, replications=there)
    return _count(replace(manifest, scenarios=(entry,)))


def _no_spread(alike: Sequence[Mapping[str, Any]], manifest: Manifest) -> Iterator[str]:
    for one in alike:
        many = _count_of(one["scenario"], manifest)
        yield (
            f"{one['scenario']}: {label_of(one['measure'])} was "
            f"{amount(one['value'], 'share')} in each of {many}: no interval can be given; up to "
            f"{fixed(100 * one['may_differ'])} % of such periods may differ (95 %, rule of three)."
        )


def _precision(held: Sequence[Mapping[str, Any]], manifest: Manifest) -> Iterator[str]:
    for met in (True, False):
        mine = [one for one in held if one["met"] is met]
        parts = []
        for name, asked in dict.fromkeys((_goal(one), _asked(one)) for one in mine):
            widths = ", ".join(
                f"{one['scenario']} {_width(one, manifest)}" for one in mine if _goal(one) == name
            )
            parts.append(f"{name}, asked {asked}: {widths}")
        if parts:
            state = "met" if met else "NOT met"
            joint = ", all intervals together at 95 %" if len(held) > 1 else ""
            yield f"Precision {state} with {_count(manifest)}{joint}: {'; '.join(parts)}."


def _goal(one: Mapping[str, Any]) -> str:
    return f"difference:{one['measure']}" if one["difference"] else str(one["measure"])


def _asked(one: Mapping[str, Any]) -> str:
    return f"± {100 * one['asked']:g} %" if one["relative"] else f"± {one['asked']:g}"


def _width(one: Mapping[str, Any], manifest: Manifest) -> str:
    half, largest, asked = one["half_width"], one["largest"], one["asked"]
    if one["alike"]:
        return "all alike" if one["met"] else "all alike, too few to believe it"
    if half is None or not largest:
        return "undefined"
    width = f"± {half:.3g}"
    if one["relative"]:
        # What the largest half-width is in per cent, the share asked is tightened by.
        width = f"± {100 * half / largest * asked / (1 + asked):.2g} %"
    if one["met"]:
        return width
    if half <= largest:
        # It fits, but at the last look only, which may be luck.
        return f"{width}, at the last look only"
    if one["needs"] is None:
        return width
    need = one["needs"] * (2 if manifest.statistics.get("antithetic") else 1)
    return f"{width}, would need some {_rounded_up(need):,} replications"


def _rounded_up(number: int) -> int:
    """To two leading digits: an estimate deserves no more."""
    unit = int(10 ** max(len(str(number)) - 2, 0))
    return -(-number // unit) * unit


def _selected(best: Mapping[str, Any], manifest: Manifest) -> Iterator[str]:
    """What a selection came to; without one, verdicts say who is best."""
    if "delta" not in best:
        return
    what = label_of(best["measure"])
    if best["selected"] is None:
        yield (
            f"Best by {what}: not decided with {_count(manifest)} for a difference of "
            f"{best['delta']:g}; still possible: {', '.join(best['left'])}."
        )
        return
    unit = "pairs" if manifest.statistics.get("antithetic") else "replications"
    yield (
        f"Best by {what}: {best['selected']}, selected with {best['decided_with']} {unit} "
        f"(95 % right if the best leads by {best['delta']:g} or more{_nearby(best)})."
    )


def _nearby(best: Mapping[str, Any]) -> str:
    """Those from which the intervals do not tell the selected policy apart: it may be no better."""
    chosen = best["selected"]
    leading = best["may_be_best"]
    near = [name for name in leading if name != chosen]
    if not near:
        return ""
    return f"; the intervals do not tell it from {', '.join(near)}, which may be as good"


def _gains(rows: Sequence[Mapping[str, Any]], what: str) -> Iterator[str]:
    parts = []
    for measure in _SPOKEN:
        ratios = [
            row["variance_ratio"]
            for row in rows
            if row["measure"] == measure and row["variance_ratio"] is not None
        ]
        if ratios:
            ends = dict.fromkeys(f"{end:.2g}" for end in (min(ratios), max(ratios)))
            parts.append(f"{label_of(measure)} {' to '.join(ends)}")
    if parts:
        yield f"{what} (below 1 is a gain): {', '.join(parts)}."

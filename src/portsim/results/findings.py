"""The room of results: what a comparison found, and what its statistics say, in sentences.

Finished tables and the manifest are read; nothing is estimated here.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd

from portsim.results.manifest import Manifest, counted
from portsim.results.port_remarks import Called
from portsim.results.verdicts import NAMELESS
from portsim.scenario.measure_catalogue import label_of
from portsim.wording import amounts, decimal, later, say

__all__ = [
    "AMPLE",
    "DEMAND",
    "SAME",
    "UNCAPPED",
    "UNTOLD",
    "Finding",
    "caps",
    "demand_limited",
    "finding_sentences",
    "findings",
    "statistics_sentences",
    "trucks_sentence",
    "without_slot",
]

AMPLE = 1.25
"""Capacity over throughput above which the port is said to be wide enough for what came."""
UNCAPPED = 0.9995
"""Ceiling of the on-time share from which on it is none: 100.0 %."""
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
_SENTENCES = {
    DEMAND: later(
        "No difference in {measure} between {base} and {policies}: demand was the limit."
    ),
    SAME: later("No difference in {measure} above 1 % between {base} and {policies}."),
    UNTOLD: later("{policies}: {measure} not distinguishable from {base} with {count}."),
}


class Finding(NamedTuple):
    """What the paired intervals say of one scenario against the baseline."""

    scenario: str
    measure: str
    kind: str


def demand_limited(means: Mapping[str, float], *, overloaded: bool) -> bool:
    """Whether the trucks that came were the limit, and not the port.

    Its capacity is far above what came, what came was let through, nobody turned away, and whoever
    wanted a slot found one.

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
        and not without_slot(means) > _LOST
    )


def caps(ceiling: float, share: float) -> bool:
    """Whether the on-time share that servers without end would reach bounds that of a policy.

    It does not where all come out in time, nor where fewer do than with the staff that there is:
    trucks that are seen to at once take quotas and rooms from others that would have been quicker.

    Args:
        ceiling: `completion_ceiling`; NaN if it is not known.
        share: `completed_within_limit`.
    """
    return ceiling < UNCAPPED and not share > ceiling


def without_slot(means: Mapping[str, float]) -> float:
    """Share of the trucks that wanted a slot and found none; 0 where nobody wants one.

    Args:
        means: of the whole port by measure.
    """
    wanted = float(means.get("slots_wanted_per_day", 0.0))
    return float(means["no_slot_per_day"]) / wanted if wanted > 0.0 else 0.0


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
        figures = port[port["scenario"] == scenario]
        means = dict(zip(figures["measure"].astype(str), figures["mean"], strict=True))
        return demand_limited(means, overloaded=scenario in overloaded)

    differences: list[Finding] = []
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
        differences.append(Finding(scenario, measure, kind))
    return differences


def finding_sentences(differences: Sequence[Finding], manifest: Manifest) -> list[str]:
    """Findings as sentences, one for all scenarios of which the same is to be said."""
    base = str(manifest.baseline)
    sentences = []
    for kind, measure in dict.fromkeys((finding.kind, finding.measure) for finding in differences):
        alike = [
            finding.scenario
            for finding in differences
            if (finding.kind, finding.measure) == (kind, measure)
        ]
        sentences.append(
            say(
                _SENTENCES[kind],
                measure=label_of(measure),
                base=base,
                policies=say(", ").join(alike),
                count=_count(manifest),
            )
        )
    if any(entry.name == base and entry.overloaded for entry in manifest.scenarios):
        sentences.append(
            say("Differences to {base}, which is overloaded, hold for this period only.", base=base)
        )
    return sentences


def trucks_sentence(manifest: Manifest, policy: Called = str) -> str:
    """Whether all policies met the same trucks; empty where it is not known, or there is one.

    Args:
        manifest: of a run or a comparison.
        policy: how a policy is called.
    """
    if len(manifest.scenarios) < 2:
        return ""
    if manifest.same_trucks:
        return say("All policies are met by the same trucks.")
    if not manifest.other_trucks:
        return ""
    return say(
        "Other trucks come under {policies} than under {base}: differences are those of the"
        " traffic, too.",
        policies=say(", ").join(map(policy, manifest.other_trucks)),
        base=policy(str(manifest.baseline)),
    )


def statistics_sentences(manifest: Manifest) -> list[str]:
    """What was asked of the statistics and what came of it."""
    facts = manifest.statistics
    enough = facts.get("observations", 0) >= _FEWEST
    gains = (
        ("common_random_numbers",
         later("Common random numbers: variance of the differences over that of independent runs"
               " (below 1 is a gain): {ratios}.")),
        ("antithetic_pairs",
         later("Antithetic pairs: variance over that of as many independent replications (below 1"
               " is a gain): {ratios}.")),
    )  # fmt: skip
    return [
        *(_no_spread(alike, manifest) for alike in facts.get("no_spread", ())),
        *_precision(facts.get("precision", ()), manifest),
        *_selected(facts.get("best", {}), manifest),
        *(
            say(sentence, ratios=ratios)
            for key, sentence in gains
            if enough and (ratios := _ratios(facts.get(key, ())))
        ),
    ]


def _count(manifest: Manifest) -> str:
    count = counted(manifest)
    if not manifest.statistics.get("antithetic"):
        return count
    return say("{count} in antithetic pairs", count=count)


def _count_of(scenario: str, manifest: Manifest) -> str:
    there = manifest.lacking.get(scenario)
    if there is None:
        # What other scenarios lack is no business of this one's.
        there = manifest.replications
    entry = replace(manifest.scenarios[0], name=scenario, replications=there)
    return _count(replace(manifest, scenarios=(entry,)))


def _no_spread(alike: Mapping[str, Any], manifest: Manifest) -> str:
    return say(
        "{policy}: {measure} was {value} in each of {count}: no interval can be given; up to"
        " {share} of such periods may differ (95 %, rule of three).",
        policy=alike["scenario"],
        measure=label_of(alike["measure"]),
        value=amounts.percent(alike["value"], 1),
        count=_count_of(alike["scenario"], manifest),
        share=amounts.percent(alike["may_differ"], 0),
    )


def _precision(held: Sequence[Mapping[str, Any]], manifest: Manifest) -> Iterator[str]:
    count = _count(manifest)
    if len(held) > 1:
        count = say("{count}, all intervals together at 95 %", count=count)
    for met, sentence in (
        (True, later("Precision met with {count}: {goals}.")),
        (False, later("Precision NOT met with {count}: {goals}.")),
    ):
        rows = [goal for goal in held if goal["met"] is met]
        goals = [
            say(
                "{goal}, asked {asked}: {widths}",
                goal=goal,
                asked=limit,
                widths=say(", ").join(
                    say("{policy} {value}", policy=row["scenario"], value=_width(row, manifest))
                    for row in rows
                    if _goal(row) == goal
                ),
            )
            for goal, limit in dict.fromkeys((_goal(row), _wanted(row)) for row in rows)
        ]
        if goals:
            yield say(sentence, count=count, goals=say("; ").join(goals))


def _goal(goal: Mapping[str, Any]) -> str:
    return f"difference:{goal['measure']}" if goal["difference"] else str(goal["measure"])


def _wanted(goal: Mapping[str, Any]) -> str:
    return _within(goal["asked"], 6, relative=goal["relative"])


def _within(half: float, digits: int, *, relative: bool) -> str:
    if not relative:
        return f"± {amounts.significant(half, digits)}"
    return "± " + say("{number} %", number=amounts.significant(100 * half, digits))


def _width(goal: Mapping[str, Any], manifest: Manifest) -> str:
    half, largest, wanted = goal["half_width"], goal["largest"], goal["asked"]
    if goal["alike"]:
        return say("all alike") if goal["met"] else say("all alike, too few to believe it")
    if half is None or not largest:
        return say("undefined")
    # What the largest half-width is in per cent, the share asked is tightened by.
    width = (
        _within(half / largest * wanted / (1 + wanted), 2, relative=True)
        if goal["relative"]
        else _within(half, 3, relative=False)
    )
    if goal["met"]:
        return width
    if half <= largest:
        # It fits, but at the last look only, which may be luck.
        return say("{width}, at the last look only", width=width)
    if goal["needs"] is None:
        return width
    need = goal["needs"] * (2 if manifest.statistics.get("antithetic") else 1)
    return say(
        "{width}, would need some {count} replications",
        width=width,
        count=decimal(_rounded_up(need), 0),
    )


def _rounded_up(number: int) -> int:
    """To two leading digits: an estimate deserves no more."""
    unit = int(10 ** max(len(str(number)) - 2, 0))
    return -(-number // unit) * unit


def _selected(best: Mapping[str, Any], manifest: Manifest) -> Iterator[str]:
    """What a selection came to; without one, verdicts say who is best."""
    if "delta" not in best:
        return
    facts = {"measure": label_of(best["measure"]), "delta": amounts.significant(best["delta"], 6)}
    if best["selected"] is None:
        yield say(
            "Best by {measure}: not decided with {count} for a difference of {delta}; still"
            " possible: {policies}.",
            **facts,
            count=_count(manifest),
            policies=say(", ").join(best["left"]),
        )
        return
    count = best["decided_with"]
    # Those from which the intervals do not tell the selected policy apart may be as good.
    near = [name for name in best["may_be_best"] if name != best["selected"]]
    yield say(
        "Best by {measure}: {policy}, selected with {count} (95 % right if the best leads by"
        " {delta} or more{nearby}).",
        **facts,
        policy=best["selected"],
        count=say("{count} pairs", count=count)
        if manifest.statistics.get("antithetic")
        else say("{count} replications", count=count),
        nearby=say(
            "; the intervals do not tell it from {policies}, which may be as good",
            policies=say(", ").join(near),
        )
        if near
        else "",
    )


def _ratios(rows: Sequence[Mapping[str, Any]]) -> str:
    parts = []
    for measure in _SPOKEN:
        ratios = [
            row["variance_ratio"]
            for row in rows
            if row["measure"] == measure and row["variance_ratio"] is not None
        ]
        if ratios:
            low, high = (amounts.significant(end, 2) for end in (min(ratios), max(ratios)))
            ratio = low if low == high else amounts.span(low, high)
            parts.append(say("{measure} {ratio}", measure=label_of(measure), ratio=ratio))
    return say(", ").join(parts)

"""The table people see first: headline figures with intervals, differences and remarks in words.

It reads finished tables only; nothing is estimated here.
"""

import math
from collections import Counter
from collections.abc import Sequence

import pandas as pd

from portsim.results.called import place_called
from portsim.results.capacities import capacity_remarks
from portsim.results.findings import (
    Finding,
    caps,
    demand_limited,
    finding_sentences,
    findings,
    statistics_sentences,
    trucks_sentence,
    without_slot,
)
from portsim.results.manifest import Manifest
from portsim.results.money import free_sentences, worth_sentences
from portsim.results.overloads import overload_sentence
from portsim.results.port_remarks import (
    ample_sentence,
    ceiling_sentence,
    lost_sentence,
    nobody_sentence,
    promise_sentence,
    promise_text,
    slotless_sentence,
)
from portsim.results.verdicts import best_and_worst
from portsim.results.waiting import waiting_for
from portsim.scenario.figure_notes import AT_LEAST, NO_SPREAD, noted
from portsim.scenario.measure_catalogue import headings, measure_of
from portsim.wording import say
from portsim.wording.amounts import estimated

__all__ = ["DIFFERENCE", "bounded", "columns", "headline", "remarks"]

DIFFERENCE = "  difference"
"""Name of the rows of differences."""

_LOST = 0.001
"""Share of trucks turned away or giving up that is worth a sentence."""


def headline(
    summary: pd.DataFrame, comparison: pd.DataFrame | None, manifest: Manifest
) -> pd.DataFrame:
    """The headline figures as text.

    Args:
        summary: columns of summary.csv.
        comparison: columns of comparison.csv, or None.
        manifest: names, baseline and limit.

    Returns:
        A frame of text with one row a scenario and, below each but the baseline, one row of
        differences to it; mean ± half of the 95 % interval. The intervals of differences hold for
        all scenarios of a measure at once, as do the words about them.
    """
    port = summary[(summary["truck_class"] == "all") & (summary["place"] == "")]
    rows: list[dict[str, str]] = []
    index: list[str] = []
    names = columns(summary, manifest)
    for entry in manifest.scenarios:
        figures = port[port["scenario"] == entry.name].set_index("measure")
        rows.append({name: _estimate(figures, measure) for measure, name in names.items()})
        overloaded = say("{policy} (overloaded)", policy=entry.name)
        index.append(overloaded if entry.overloaded else entry.name)
        if comparison is None or entry.name == manifest.baseline:
            continue
        theirs = comparison[
            (comparison["truck_class"] == "all")
            & (comparison["place"] == "")
            & (comparison["scenario"] == entry.name)
        ].set_index("measure")
        base = port[port["scenario"] == manifest.baseline].set_index("measure")
        rows.append(
            {
                name: _difference(
                    theirs, measure, _bounded(base, measure), _bounded(figures, measure)
                )
                for measure, name in names.items()
            }
        )
        index.append(DIFFERENCE)
    return pd.DataFrame(rows, index=pd.Index(index, name="policy"))


def bounded(summary: pd.DataFrame, manifest: Manifest) -> dict[str, list[str]]:
    """The scenarios whose figures of a headline measure may be larger, by the measure."""
    shown = columns(summary, manifest)
    rows = summary[(summary["truck_class"] == "all") & (summary["place"] == "")]
    rows = rows[rows["note"].map(lambda note: noted(note, AT_LEAST))]
    by_measure = rows.groupby(rows["measure"].astype(str))["scenario"]
    return {str(name): list(map(str, some)) for name, some in by_measure if name in shown}


def columns(summary: pd.DataFrame, manifest: Manifest) -> dict[str, str]:
    """The headline measures of a study and what they are called: of costs only where some are."""
    there = set(summary[summary["place"] == ""]["measure"].astype(str))
    currency = next((entry.currency for entry in manifest.scenarios if entry.currency), "")
    return {
        measure: say(heading, limit=_limit(manifest), currency=currency)
        for measure, heading in headings().items()
        if measure in there or not measure_of(measure).money
    }


def _limit(manifest: Manifest) -> str:
    promises = {entry.promise for entry in manifest.scenarios}
    hours, _ = next(iter(promises))
    if len(promises) > 1 or hours is None:
        return say("the limit")
    number = f"{hours:g}"
    return say("{number} h", number=number)


def _estimate(frame: pd.DataFrame, measure: str) -> str:
    if measure not in frame.index:
        return "–"
    mean, low, high = _floats(frame, measure, ("mean", "ci_low", "ci_high"))
    note = str(frame["note"][measure])
    if noted(note, NO_SPREAD):
        # Of shares all alike a width of nothing would say more than is known.
        low = high = math.nan
    text = estimated(mean, low, high, share=measure_of(measure).share, difference=False)
    return f"≥ {text}" if noted(note, AT_LEAST) else text


def _bounded(frame: pd.DataFrame, measure: str) -> bool:
    """Whether a figure may be larger than it is written."""
    return measure in frame.index and noted(frame["note"][measure], AT_LEAST)


def _difference(frame: pd.DataFrame, measure: str, base: bool, policy: bool) -> str:
    """A difference as text; of figures that may be larger it is a bound, or nothing is known."""
    if measure not in frame.index:
        return "–"
    if base and policy:
        return say("unknown")
    interval = _floats(frame, measure, ("difference", "joint_low", "joint_high"))
    if math.isnan(interval[0]):
        return say("undefined")
    text = estimated(*interval, share=measure_of(measure).share, difference=True)
    return f"≥ {text}" if policy else f"≤ {text}" if base else text


def _floats(
    frame: pd.DataFrame, measure: str, columns: tuple[str, str, str]
) -> tuple[float, float, float]:
    first, second, third = (float(frame[column].to_dict()[measure]) for column in columns)
    return first, second, third


def remarks(
    summary: pd.DataFrame, manifest: Manifest, comparison: pd.DataFrame | None = None
) -> list[str]:
    """What a reader must know, in sentences: which scenario is overloaded, where demand was the
    limit, what trucks wait for, what the comparison cannot tell apart, what was asked of the
    statistics.
    """
    port = summary[(summary["truck_class"] == "all") & (summary["place"] == "")]
    sentences = [
        overload_sentence(entry.overload, entry.name)
        for entry in manifest.scenarios
        if entry.overloaded
    ]
    ample: list[tuple[str, float, bool]] = []
    losing = False
    for entry in manifest.scenarios:
        rows = port[port["scenario"] == entry.name]
        means = dict(zip(rows["measure"].astype(str), rows["mean"].astype(float), strict=True))
        most = float(means.get("capacity_per_day", math.nan))
        came = float(means["arrived"])
        lost = float(means["diverted"] + means["given_up"]) / came if came else 0.0
        losing |= lost > 0.0 or without_slot(means) > 0.0
        if (slotless := without_slot(means)) > _LOST:
            sentences.append(slotless_sentence(entry.name, slotless))
        if lost > _LOST:
            sentences.append(lost_sentence(entry.name, lost))
        elif not came:
            sentences.append(nobody_sentence(entry.name))
        elif demand_limited(means, overloaded=entry.overloaded):
            ample.append((entry.name, most, bool(entry.capacity.get("at_least"))))
    sentences.append(ample_sentence(ample))
    sentences.append(promise_sentence(manifest.scenarios, str))
    sentences += capacity_remarks(manifest)
    sentences.append(_ceiling(port, manifest))
    sentences += waiting_for(summary, manifest, comparison)
    if comparison is not None:
        differences = findings(summary, comparison, manifest)
        sentences += finding_sentences(differences, manifest)
        # That all came is what a reader takes for granted.
        sentences.append("" if manifest.same_trucks else trucks_sentence(manifest))
        sentences += best_and_worst(manifest, _spoken(differences, manifest))
        sentences += worth_sentences(manifest, comparison, str)
    sentences += free_sentences(manifest, str, place_called(manifest), lost=losing)
    return [*filter(None, sentences), *statistics_sentences(manifest)]


def _spoken(differences: Sequence[Finding], manifest: Manifest) -> frozenset[str]:
    """Measures of which a finding speaks for every policy but the baseline."""
    others = len(manifest.scenarios) - 1
    times = Counter(finding.measure for finding in differences)
    return frozenset(measure for measure, count in times.items() if count == others)


def _ceiling(port: pd.DataFrame, manifest: Manifest) -> str:
    """What no staff could get out in time, in one sentence; empty where there is nothing."""
    rows, shares = (
        port[port["measure"] == measure].set_index("scenario")["mean"].to_dict()
        for measure in ("completion_ceiling", "completed_within_limit")
    )
    capped = [
        (entry.name, float(rows[entry.name]))
        for entry in manifest.scenarios
        if caps(rows.get(entry.name, math.nan), shares.get(entry.name, math.nan))
    ]
    lost = port[port["measure"].isin(["diverted", "given_up"])]["mean"].sum() > 0
    alike = len({entry.promise for entry in manifest.scenarios}) == 1
    limit = promise_text(manifest.scenarios[0].limit_h if alike else None)
    return ceiling_sentence(capped, limit, lost=bool(lost))

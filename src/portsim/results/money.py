"""The room of results: what policies cost beside the time of trucks that they save, in sentences.

Finished tables and the manifest are read; nothing is estimated here.
"""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from portsim.results.manifest import Manifest
from portsim.results.port_remarks import Called
from portsim.results.verdicts import price_sentence
from portsim.scenario.measure_catalogue import STAFF_COST, TIME_COST, TOTAL_COST
from portsim.wording import amounts, later, say

__all__ = ["free_sentences", "worth_sentences"]

_SAVES, _COSTS, _UNTOLD, _BOUND, _BASE_BOUND = (
    later("it saves more than it costs"),
    later("it costs more than it saves"),
    later("whether it saves more than it costs is not told apart"),
    later("it is overloaded, so that this holds for the period only"),
    later("{base} is overloaded, so that this holds for the period only"),
)


def worth_sentences(manifest: Manifest, comparison: pd.DataFrame, called: Called) -> list[str]:
    """What each policy costs more than the baseline, what it saves trucks, and both together.

    Args:
        manifest: of a comparison.
        comparison: columns of comparison.csv; limits hold for all policies at once.
        called: how a policy is called.

    Returns:
        A sentence for each policy of which the cost of staff and that of the time of trucks are
        known, as they are of the baseline.
    """
    port = comparison[comparison["truck_class"].eq("all") & comparison["place"].eq("")]
    currency = next((entry.currency for entry in manifest.scenarios if entry.currency), "")
    overloaded = {entry.name for entry in manifest.scenarios if entry.overloaded}
    told = []
    base = called(str(manifest.baseline))
    for name, rows in port.groupby("scenario", sort=False, observed=True):
        by = {str(row["measure"]): row for row in rows.to_dict("records")}
        if not {STAFF_COST, TIME_COST, TOTAL_COST} <= by.keys():
            continue
        both = by[TOTAL_COST]
        verdict = _BOUND if name in overloaded else _BASE_BOUND
        if not overloaded & {str(name), str(manifest.baseline)}:
            verdict = _verdict(both)
        told.append(
            say(
                "{policy} against {base}, {currency} a day: staff {staff}, time of trucks {time},"
                " both together {both}{limits}; {verdict}.",
                policy=called(str(name)),
                base=base,
                currency=currency,
                staff=amounts.signed(float(by[STAFF_COST]["difference"])),
                time=amounts.signed(float(by[TIME_COST]["difference"])),
                both=amounts.signed(float(both["difference"])),
                limits=_limits(both),
                verdict=say(verdict, base=base),
            )
        )
    return told


def _limits(row: Mapping[Any, Any]) -> str:
    low, high = float(row["joint_low"]), float(row["joint_high"])
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return say(
        " (95 %: {interval})", interval=amounts.span(amounts.signed(low), amounts.signed(high))
    )


def _verdict(row: Mapping[Any, Any]) -> str:
    if float(row["joint_high"]) < 0.0:
        return _SAVES
    return _COSTS if float(row["joint_low"]) > 0.0 else _UNTOLD


def free_sentences(manifest: Manifest, called: Called, kind: Called, *, lost: bool) -> list[str]:
    """What counts as free in costs: servers without a wage, classes without a value of time, and
    trucks once they are gone.

    Args:
        manifest: of a run or a comparison.
        called: how a resource is called.
        kind: how a class of trucks is called.
        lost: whether some trucks turned away, gave up or found no slot.
    """
    told = [price_sentence(manifest, called)]
    valued = [entry for entry in manifest.scenarios if entry.resolved.get("value_of_time")]
    free = [
        name
        for entry in valued
        if "all" not in entry.resolved["value_of_time"]
        for name, words in entry.resolved["traffic"].items()
        if isinstance(words, Mapping)
        and "direction" in words
        and name not in entry.resolved["value_of_time"]
    ]
    if free:
        told.append(
            say(
                "Counted as free in the cost of time, for want of a value_of_time: {names}.",
                names=say(", ").join(map(kind, dict.fromkeys(free))),
            )
        )
    if valued and lost:
        told.append(
            say(
                "Trucks that turn away, give up or find no slot cost nothing any more: a policy"
                " that loses them looks cheap."
            )
        )
    return [text for text in told if text]

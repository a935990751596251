"""The room of results: what the measures and stages of a check are called; no figure enters."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from portsim.wording import later, say

__all__ = ["measure_label", "stage_label"]

_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "arrivals_per_day": later("arrivals a day"),
        "throughput_per_day": later("trucks through a day"),
        "completed_within_limit": later("out within the limit"),
        "completed_within_6h": later("out within 6 h"),
        "stay_mean_h": later("stay, mean"),
        "stay_p50_h": later("stay, median"),
        "stay_p95_h": later("stay, 95th percentile"),
        "passing": later("share that passes"),
        "wait_mean_h": later("waiting, mean"),
        "work_mean_h": later("work, mean"),
        "queue_mean": later("trucks there, mean"),
        "stay": later("stays"),
        "waiting": later("waiting"),
        "queue_by_hour": later("trucks there by hour of the week"),
        "arrivals_by_hour": later("arrivals by hour of the week"),
    }
)


def measure_label(measure: str) -> str:
    """What a measure or a distance is called."""
    return say(_LABELS[measure])


def stage_label(facts: Mapping[str, Any], stage: str) -> str:
    """What the scenario calls a stage."""
    return str(facts["labels"].get(stage, stage))

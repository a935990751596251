"""Names of the measures and their units: the words in which results are given.

They stand in the scenario room because a scenario may hold published figures beside its results;
how a measure is worked out may not enter.
"""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["BETTER", "COUNTERFACTUAL", "ELSEWHERE", "OF_STAFF", "UNITS", "unit_of"]

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "arrived": "1",
        "released": "1",
        "diverted": "1",
        "given_up": "1",
        "throughput_per_day": "1/d",
        "throughput_tonnes_per_day": "t/d",
        "throughput_cny_per_day": "CNY/d",
        "residents_per_day": "1/d",
        "throughput_per_open_hour": "1/h",
        "capacity_per_day": "1/d",
        "completion_ceiling": "share",
        "oversized_delay_h": "h",
        "oversized_late_per_day": "1/d",
        "completed_within_limit": "share",
        "stay_mean_h": "h",
        "stay_p50_h": "h",
        "stay_p95_h": "h",
        "wait_open_mean_h": "h",
        "wait_closed_mean_h": "h",
        "service_mean_h": "h",
        "paused_mean_h": "h",
        "blocked_mean_h": "h",
        "queue_mean": "1",
        "queue_max": "1",
        "inside_mean": "1",
        "inside_max": "1",
        "inside_at_start": "1",
        "inside_at_end": "1",
        "growth_per_day": "1/d",
        "overnight_mean": "1",
        "utilisation": "share",
        "overtime_h_per_day": "h/d",
        "staffed_h_per_day": "h/d",
        "staff_cost_per_day": "CNY/d",
        "load": "share",
    }
)

BETTER: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                *("released", "throughput_per_day", "throughput_tonnes_per_day"),
                *("throughput_cny_per_day", "residents_per_day", "throughput_per_open_hour"),
                *("capacity_per_day", "completion_ceiling", "completed_within_limit"),
            ),
            1,
        ),
        **dict.fromkeys(
            (
                *("diverted", "given_up", "stay_mean_h", "stay_p50_h", "stay_p95_h"),
                *("wait_open_mean_h", "wait_closed_mean_h", "paused_mean_h", "queue_mean"),
                *("queue_max", "inside_mean", "inside_max", "inside_at_end", "growth_per_day"),
                *("overnight_mean", "oversized_delay_h", "oversized_late_per_day"),
                *("staffed_h_per_day", "staff_cost_per_day"),
            ),
            -1,
        ),
    }
)
"""Measures of the port of which more is better (1) or worse (−1); of others neither."""

COUNTERFACTUAL = frozenset(
    {"capacity_per_day", "completion_ceiling", "oversized_delay_h", "oversized_late_per_day"}
)
"""Measures that take runs of their own: demand, servers or loads are others than those stated."""

ELSEWHERE = frozenset({"blocked_mean_h", "utilisation", "overtime_h_per_day", "load"})
"""Measures of stages and resources, which the port as a whole does not have."""

OF_STAFF = frozenset({"staffed_h_per_day", "staff_cost_per_day"})
"""Measures of servers, and of the port as the sum over all of them."""


def unit_of(measure: str) -> str:
    """Unit of a measure; a month in brackets, as in ``throughput_per_day[2024-09]``, is cut."""
    return UNITS[measure.partition("[")[0]]

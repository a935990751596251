"""Names of the measures and their units: the words in which results are given.

They stand in the scenario room because a scenario may hold published figures beside its results;
how a measure is worked out may not enter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

__all__ = [
    "BETTER",
    "CAPACITY",
    "COUNTERFACTUAL",
    "ELSEWHERE",
    "OF_STAFF",
    "UNITS",
    "VALUE",
    "WAITS",
    "Cause",
    "of_this_period",
    "unit_of",
]

VALUE = "throughput_value_per_day"
"""The value of goods; only where a class says what its goods are worth."""

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "arrived": "1",
        "released": "1",
        "diverted": "1",
        "given_up": "1",
        "throughput_per_day": "1/d",
        "throughput_tonnes_per_day": "t/d",
        "throughput_value_per_day": "money/d",
        "residents_per_day": "1/d",
        "throughput_per_open_hour": "1/h",
        "throughput_max_day": "1/d",
        "arrived_max_day": "1/d",
        "capacity_per_day": "1/d",
        "capacity_multiple": "1",
        "capacity_gain_per_day": "1/d",
        "beyond_capacity_per_day": "1/d",
        "completion_ceiling": "share",
        "oversized_delay_h": "h",
        "oversized_late_per_day": "1/d",
        "completed_within_limit": "share",
        "stay_mean_h": "h",
        "stay_p50_h": "h",
        "stay_p95_h": "h",
        "wait_open_mean_h": "h",
        "wait_closed_mean_h": "h",
        "wait_for_mean_h": "h",
        "wait_root_mean_h": "h",
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
        "staff_cost_per_day": "money/d",
        "available_h_per_day": "h/d",
        "load": "share",
    }
)

BETTER: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                *("released", "throughput_per_day", "throughput_tonnes_per_day"),
                *("throughput_value_per_day", "residents_per_day", "throughput_per_open_hour"),
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

CAPACITY = frozenset(
    {
        *("capacity_per_day", "capacity_multiple", "capacity_gain_per_day"),
        "beyond_capacity_per_day",
    }
)
"""Measures that are found once a study, by raising the demand."""

PROMISED = {"completed_within_limit", "completion_ceiling"}
"""What is measured by the promise of the scenario: common to two only if these promise the same."""
COUNTERFACTUAL = CAPACITY | {"completion_ceiling", "oversized_delay_h", "oversized_late_per_day"}
"""Measures that take runs of their own: demand, servers or loads are others than those stated."""

ELSEWHERE = frozenset(
    {
        *("blocked_mean_h", "utilisation", "overtime_h_per_day", "capacity_gain_per_day"),
        *("available_h_per_day", "load"),
    }
)
"""Measures of stages and resources, which the port as a whole does not have."""

OF_STAFF = frozenset({"staffed_h_per_day", "staff_cost_per_day"})
"""Measures of servers, and of the port as the sum over all of them."""


WAITS = ("wait_for_mean_h", "wait_root_mean_h")
"""Measures in hours that are given by cause only: what was missing, and what that goes back to."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What a truck waits for; in the name of a measure it stands in brackets.

    Kinds: ``servers``, ``budget`` and ``store`` are resources of which too few are free; ``off
    duty``: of which fewer are on duty than one truck needs; ``hours``: a stage that does not admit,
    or whose work pauses; ``claim``: tokens that are free, but claimed by a truck at a stage;
    ``unexplained``: nothing was missing, which a log of the engines never has.
    """

    kind: str
    name: str
    """Of a resource or a stage."""

    RESOURCES: ClassVar[tuple[str, ...]] = ("servers", "budget", "store")
    """By kind of resource in a plan."""
    OTHERS: ClassVar[tuple[str, ...]] = ("off duty", "hours", "claim", "unexplained")

    @property
    def text(self) -> str:
        """What stands in brackets: the name, and after a colon what of it, if not the resource."""
        if self.kind in self.RESOURCES:
            return self.name
        return f"{self.name}: {self.kind}" if self.name else self.kind

    def of(self, measure: str) -> str:
        """The measure of this cause: ``wait_for_mean_h[far: hours]``."""
        return f"{measure}[{self.text}]"

    @classmethod
    def read(cls, measure: str) -> "Cause | None":
        """The cause in brackets, None if the measure is not one by cause.

        Resources are all called ``servers``: a name does not tell of which kind it is.
        """
        base, _, rest = measure.partition("[")
        if base not in WAITS or not rest.endswith("]"):
            return None
        name, colon, kind = rest[:-1].rpartition(": ")
        if colon and kind in cls.OTHERS:
            return cls(kind, name)
        return cls("unexplained", "") if rest[:-1] == "unexplained" else cls("servers", rest[:-1])


_OF_THIS_PERIOD = (
    *("throughput_", "completed_", "stay_", "wait_", "queue_", "inside_"),
    *("growth_", "overnight_", "oversized_"),
)


def of_this_period(measure: str) -> bool:
    """Whether a measure holds for the simulated period only where a port is overloaded."""
    return measure.startswith(_OF_THIS_PERIOD)


def unit_of(measure: str, currency: str = "") -> str:
    """Unit of a measure; a month or a cause in brackets is cut: ``throughput_per_day[2024-09]``.

    Args:
        measure: its name.
        currency: ISO 4217 code of what the scenario reckons in; ``money`` stands for it if empty.
    """
    base = measure.partition("[")[0]
    unit = "h" if base in WAITS else UNITS[base]
    return unit.replace("money", currency) if currency else unit

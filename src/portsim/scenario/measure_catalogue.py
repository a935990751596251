"""The catalogue of measures: all that anybody needs to know of each, and one way to read a name.

Facts of a measure stand here once, and tables, pictures and lists of words take them from here; how
it is worked out stands in the measures room. The catalogue is in the scenario room because a
scenario may hold published figures beside its results.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from portsim.wording import later, say

__all__ = [
    "CAPACITY",
    "COUNTERFACTUAL",
    "LOG",
    "MEASURES",
    "STAFF_COST",
    "TIME_COST",
    "TOTAL_COST",
    "VALUE",
    "WAITING_COST",
    "WAITS",
    "Cause",
    "Measure",
    "Named",
    "headings",
    "label_of",
    "measure_of",
    "named",
    "unit_of",
]

LOG, CAPACITY, COUNTERFACTUAL = "log", "capacity", "counterfactual"
"""How a measure is found: from the log of a run; once a study, by raising the demand; by a run of
its own, in which servers or loads are others than those stated."""

_PORT, _STAGE, _RESOURCE = frozenset({"port"}), frozenset({"stage"}), frozenset({"resource"})
_PORT_STAGE, _PORT_RESOURCE = _PORT | _STAGE, _PORT | _RESOURCE
_MONTH = re.compile(r"\d{4}-\d{2}")
_WRITTEN = re.compile(r"\s*(\w+)\s*(?:\[([^\]]*)\])?\s*")


@dataclass(frozen=True, slots=True)
class Measure:
    """What there is to know of a measure.

    Attributes:
        name: in tables.
        unit: ``money`` stands for the currency of the scenario.
        label: as a planner would call it in the middle of a sentence; English, and the key of the
            same in the other languages.
        places: of these it is to be had: ``port``, ``stage``, ``resource``.
        better: whether more of it is better (1) or worse (−1), of the whole port; else 0.
        by_class: whether one class or direction has one of its own: rows of a capacity only tell
            which mix is released.
        monthly: whether there is one for each calendar month, ``throughput_per_day[2024-09]``.
        by_cause: whether it is told by cause only, ``wait_for_mean_h[lanes]``.
        summable: whether it may be summed over classes: counts and amounts, no means or quantiles.
        lowest: bound; 0 unless it may be negative.
        highest: bound; 1 of a share of a whole.
        of_period: whether it holds for the simulated period only where a port is overloaded.
        of_promise: whether it depends on the promise of the scenario: common to two only if these
            promise the same.
        whole: whether a workbook shows it as a whole number.
        judged: whether the policies of a comparison are judged by it.
        found_by: `LOG`, `CAPACITY` or `COUNTERFACTUAL`.
        heading: of its column in the table people see first; empty if it is not there.
    """

    name: str
    unit: str
    label: str
    places: frozenset[str] = field(default=_PORT, kw_only=True)
    better: int = field(default=0, kw_only=True)
    by_class: bool = field(default=True, kw_only=True)
    monthly: bool = field(default=False, kw_only=True)
    by_cause: bool = field(default=False, kw_only=True)
    summable: bool = field(default=False, kw_only=True)
    lowest: float = field(default=0.0, kw_only=True)
    highest: float = field(default=math.inf, kw_only=True)
    of_period: bool = field(default=False, kw_only=True)
    of_promise: bool = field(default=False, kw_only=True)
    whole: bool = field(default=False, kw_only=True)
    judged: bool = field(default=False, kw_only=True)
    found_by: str = field(default=LOG, kw_only=True)
    heading: str = field(default="", kw_only=True)

    @property
    def share(self) -> bool:
        """Whether it is a share from 0 to 1, with an interval on the logit scale."""
        return self.unit == "share" and self.highest == 1.0

    @property
    def money(self) -> bool:
        """Whether it is an amount of money, which only scenarios with prices have."""
        return self.unit.startswith("money")

    @property
    def of_a_run(self) -> bool:
        """Whether every run tells it as a figure by itself: what studies of many points ask for."""
        return self.found_by == LOG and not self.by_cause

    @property
    def per_day(self) -> bool:
        """Whether it is so much a day, so that a total of the period can be told."""
        return self.unit.endswith("/d")


_ALL = (
    Measure("arrived", "1", later("trucks that came"), summable=True, whole=True),
    Measure("released", "1", later("trucks released"), better=1, summable=True, whole=True),
    Measure(
        "diverted",
        "1",
        later("trucks turned away"),
        places=_PORT_STAGE,
        better=-1,
        summable=True,
        whole=True,
    ),
    Measure(
        "given_up",
        "1",
        later("trucks that gave up waiting"),
        places=_PORT_STAGE,
        better=-1,
        summable=True,
        whole=True,
    ),
    Measure("slots_wanted_per_day", "1/d", later("trucks a day that want a slot")),
    Measure(
        "slot_as_wanted",
        "share",
        later("share with the slot they wanted"),
        better=1,
        highest=1.0,
        of_period=True,
    ),
    Measure(
        "slot_wait_mean_h", "h", later("mean wait at home for a slot"), better=-1, of_period=True
    ),
    Measure(
        "slot_wait_p95_h",
        "h",
        later("95th percentile of the wait at home for a slot"),
        better=-1,
        of_period=True,
    ),
    Measure(
        "no_slot_per_day",
        "1/d",
        later("trucks a day that find no slot"),
        better=-1,
        of_period=True,
    ),
    Measure("no_show_per_day", "1/d", later("trucks a day that do not keep their slot")),
    Measure(
        "came_again",
        "1",
        later("trucks that came again after leaving a queue"),
        summable=True,
        whole=True,
    ),
    Measure(
        "lost",
        "1",
        later("trucks lost to another port"),
        better=-1,
        summable=True,
        whole=True,
    ),
    Measure(
        "throughput_per_day",
        "1/d",
        later("trucks a day"),
        places=_PORT_STAGE,
        better=1,
        monthly=True,
        summable=True,
        of_period=True,
        heading=later("trucks/day"),
    ),
    Measure(
        "again_per_day",
        "1/d",
        later("trucks a day that pass a stage again"),
        places=_STAGE,
        summable=True,
        of_period=True,
    ),
    Measure(
        "throughput_tonnes_per_day",
        "t/d",
        later("tonnes a day"),
        better=1,
        summable=True,
        of_period=True,
        heading=later("tonnes/day"),
    ),
    Measure(
        "throughput_value_per_day",
        "money/d",
        later("value of goods a day"),
        better=1,
        summable=True,
        of_period=True,
    ),
    Measure("residents_per_day", "1/d", later("residents a day"), better=1, summable=True),
    Measure(
        "throughput_per_open_hour", "1/h", later("trucks an open hour"), better=1, of_period=True
    ),
    Measure("throughput_max_day", "1/d", later("trucks on the busiest day"), of_period=True),
    Measure("arrived_max_day", "1/d", later("trucks that came on the busiest day")),
    Measure(
        "completed_within_limit",
        "share",
        later("on-time share"),
        better=1,
        monthly=True,
        highest=1.0,
        of_period=True,
        of_promise=True,
        judged=True,
        heading=later("out within {limit}"),
    ),
    Measure(
        "late_per_day",
        "1/d",
        later("late trucks a day"),
        better=-1,
        monthly=True,
        summable=True,
        of_period=True,
        of_promise=True,
    ),
    Measure(
        "stay_mean_h",
        "h",
        later("mean stay"),
        places=_PORT_STAGE,
        better=-1,
        of_period=True,
        judged=True,
        heading=later("mean stay, h"),
    ),
    Measure("stay_p50_h", "h", later("median stay"), places=_PORT_STAGE, better=-1, of_period=True),
    Measure(
        "stay_p95_h",
        "h",
        later("95th percentile of the stay"),
        places=_PORT_STAGE,
        better=-1,
        of_period=True,
        judged=True,
        heading=later("95th pct stay, h"),
    ),
    Measure(
        "wait_open_mean_h",
        "h",
        later("mean wait while open"),
        places=_PORT_STAGE,
        better=-1,
        of_period=True,
    ),
    Measure(
        "wait_closed_mean_h",
        "h",
        later("mean wait while closed"),
        places=_PORT_STAGE,
        better=-1,
        of_period=True,
    ),
    Measure(
        "wait_for_mean_h",
        "h",
        later("mean wait by what was missing"),
        places=_PORT_STAGE,
        by_cause=True,
        of_period=True,
    ),
    Measure(
        "wait_root_mean_h",
        "h",
        later("mean wait by its root"),
        places=_PORT_STAGE,
        by_cause=True,
        of_period=True,
    ),
    Measure(
        "wait_papers_mean_h",
        "h",
        later("mean wait for papers"),
        places=_PORT_STAGE,
        better=-1,
        of_period=True,
    ),
    Measure(
        "papers_time_mean_h",
        "h",
        later("mean time until papers are done"),
        better=-1,
        by_class=False,
        of_period=True,
    ),
    Measure(
        "papers_wait_mean_h",
        "h",
        later("mean wait of papers"),
        places=_STAGE,
        by_class=False,
        of_period=True,
    ),
    Measure(
        "papers_queue_mean",
        "1",
        later("mean number of papers waiting"),
        places=_STAGE,
        by_class=False,
        of_period=True,
    ),
    Measure(
        "papers_per_day",
        "1/d",
        later("papers seen to a day"),
        places=_STAGE,
        by_class=False,
        of_period=True,
    ),
    Measure("service_mean_h", "h", later("mean time in service"), places=_PORT_STAGE),
    Measure("paused_mean_h", "h", later("mean time of paused work"), places=_PORT_STAGE, better=-1),
    Measure(
        "interrupted_per_day",
        "1/d",
        later("works a day stopped by breakdowns"),
        places=_STAGE,
        summable=True,
        of_period=True,
    ),
    Measure("blocked_mean_h", "h", later("mean time blocked"), places=_STAGE),
    Measure(
        "queue_mean",
        "1",
        later("mean number waiting"),
        places=_PORT_STAGE,
        better=-1,
        of_period=True,
    ),
    Measure(
        "queue_max",
        "1",
        later("most trucks waiting"),
        places=_PORT_STAGE,
        better=-1,
        of_period=True,
        whole=True,
    ),
    Measure("inside_mean", "1", later("mean number of trucks inside"), better=-1, of_period=True),
    Measure(
        "inside_max",
        "1",
        later("most trucks inside"),
        better=-1,
        of_period=True,
        whole=True,
        heading=later("most inside"),
    ),
    Measure("inside_at_start", "1", later("trucks inside at the start"), of_period=True),
    Measure("inside_at_end", "1", later("trucks inside at the end"), better=-1, of_period=True),
    Measure(
        "growth_per_day",
        "1/d",
        later("growth of the stock of trucks a day"),
        better=-1,
        lowest=-math.inf,
        of_period=True,
    ),
    Measure("overnight_mean", "1", later("trucks inside overnight"), better=-1, of_period=True),
    Measure(
        "capacity_per_day",
        "1/d",
        later("capacity"),
        better=1,
        by_class=False,
        judged=True,
        found_by=CAPACITY,
        heading=later("capacity/day"),
    ),
    Measure(
        "capacity_multiple",
        "1",
        later("times the demand at capacity"),
        by_class=False,
        found_by=CAPACITY,
    ),
    Measure(
        "capacity_gain_per_day",
        "1/d",
        later("trucks a day that one more adds to the capacity"),
        places=_RESOURCE,
        by_class=False,
        found_by=CAPACITY,
    ),
    Measure(
        "beyond_capacity_per_day",
        "1/d",
        later("trucks a day at twice the demand of the capacity"),
        by_class=False,
        found_by=CAPACITY,
    ),
    Measure(
        "completion_ceiling",
        "share",
        later("ceiling of the on-time share"),
        better=1,
        highest=1.0,
        of_promise=True,
        found_by=COUNTERFACTUAL,
    ),
    Measure(
        "oversized_delay_h",
        "h",
        later("delay by oversized loads"),
        better=-1,
        lowest=-math.inf,
        of_period=True,
        found_by=COUNTERFACTUAL,
    ),
    Measure(
        "oversized_late_per_day",
        "1/d",
        later("trucks a day made late by oversized loads"),
        better=-1,
        lowest=-math.inf,
        of_period=True,
        found_by=COUNTERFACTUAL,
    ),
    Measure(
        "utilisation", "share", later("utilisation"), places=_RESOURCE, by_class=False, highest=1.0
    ),
    Measure("overtime_h_per_day", "h/d", later("overtime"), places=_RESOURCE, by_class=False),
    Measure(
        "staffed_h_per_day",
        "h/d",
        later("staffed hours"),
        places=_PORT_RESOURCE,
        better=-1,
        by_class=False,
        judged=True,
    ),
    Measure(
        "extra_h_per_day",
        "h/d",
        later("hours of servers opened by the queue"),
        places=_RESOURCE,
        by_class=False,
    ),
    Measure(
        "opened_per_day",
        "1/d",
        later("servers opened by the queue"),
        places=_RESOURCE,
        by_class=False,
    ),
    Measure(
        "chosen_share",
        "share",
        later("share of the trucks with a choice that go here"),
        places=_STAGE | _RESOURCE,
        by_class=False,
        highest=1.0,
    ),
    Measure("convoys_per_day", "1/d", later("convoys a day"), places=_STAGE, by_class=False),
    Measure("convoy_trucks_mean", "1", later("trucks in a convoy"), places=_STAGE, by_class=False),
    Measure(
        "staff_cost_per_day",
        "money/d",
        later("cost of staff"),
        places=_PORT_RESOURCE,
        better=-1,
        by_class=False,
        judged=True,
        heading=later("staff cost, {currency}/day"),
    ),
    Measure(
        "waiting_cost_per_day",
        "money/d",
        later("cost of waiting"),
        better=-1,
        summable=True,
        of_period=True,
    ),
    Measure(
        "time_cost_per_day",
        "money/d",
        later("cost of the time of trucks"),
        better=-1,
        summable=True,
        of_period=True,
        heading=later("time of trucks, {currency}/day"),
    ),
    Measure(
        "total_cost_per_day",
        "money/d",
        later("cost of staff and of the time of trucks"),
        better=-1,
        by_class=False,
        of_period=True,
        judged=True,
        heading=later("both together, {currency}/day"),
    ),
    Measure(
        "available_h_per_day",
        "h/d",
        later("hours that can be worked"),
        places=_RESOURCE,
        by_class=False,
    ),
    Measure("load", "share", later("offered load"), places=_RESOURCE, by_class=False),
)
_BY_NAME = {measure.name: measure for measure in _ALL}
MEASURES: Mapping[str, Measure] = MappingProxyType(_BY_NAME)
"""All measures by their names, in the order of tables and lists."""

VALUE = "throughput_value_per_day"
"""The value of goods; only where a class says what its goods are worth."""
STAFF_COST, WAITING_COST = "staff_cost_per_day", "waiting_cost_per_day"
TIME_COST, TOTAL_COST = "time_cost_per_day", "total_cost_per_day"
"""Costs of staff and of trucks; only where prices of them are told."""
WAITS = tuple(measure.name for measure in _ALL if measure.by_cause)
"""Measures that are given by cause only: what was missing, and what that goes back to."""


def headings(*, money: bool = True) -> dict[str, str]:
    """Headline measures and their columns in the table people see first.

    Args:
        money: with amounts of money, which only some scenarios have.
    """
    return {
        measure.name: measure.heading
        for measure in MEASURES.values()
        if measure.heading and (money or not measure.money)
    }


@dataclass(frozen=True, slots=True)
class Cause:
    """What a truck waits for; in the name of a measure it stands in brackets.

    Kinds: ``servers``, ``budget`` and ``store`` are resources of which too few are free; ``off
    duty``: of which fewer are on duty than one truck needs; ``hours``: a stage that does not admit,
    or whose work pauses; ``claim``: tokens that are free, but claimed by a truck at a stage;
    ``papers``: those that are needed at a stage, of the truck itself or of one ahead of it that
    nobody can pass; ``convoy``: others with whom to leave a stage together; ``unexplained``:
    nothing was missing, which a log of the engines never has.
    """

    kind: str
    name: str
    """Of a resource or a stage."""

    RESOURCES: ClassVar[tuple[str, ...]] = ("servers", "budget", "store")
    """By kind of resource in a plan."""
    OTHERS: ClassVar[tuple[str, ...]] = (
        "off duty",
        "hours",
        "claim",
        "papers",
        "convoy",
        "unexplained",
    )

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
        name_and_cause = named(measure)
        if name_and_cause.base not in WAITS or not name_and_cause.inside:
            return None
        name, colon, kind = name_and_cause.inside.rpartition(": ")
        if colon and kind in cls.OTHERS:
            return cls(kind, name)
        if name_and_cause.inside == "unexplained":
            return cls("unexplained", "")
        return cls("servers", name_and_cause.inside)


@dataclass(frozen=True, slots=True)
class Named:
    """A measure as it is named in a table or by a person: ``stay_p95_h[export, gate]``.

    Attributes:
        base: the name without brackets.
        inside: what stands in the brackets; empty without any.
    """

    base: str
    inside: str = ""

    def __str__(self) -> str:
        """The name as tables have it."""
        return f"{self.base}[{self.inside}]" if self.inside else self.base

    @property
    def measure(self) -> Measure | None:
        """What is known of it; None if there is no such measure."""
        return MEASURES.get(self.base)

    @property
    def written(self) -> bool:
        """Whether it is written as a name is."""
        return _WRITTEN.fullmatch(self.base) is not None

    @property
    def month(self) -> str:
        """The month in brackets, ``2024-09``; empty if something else stands there."""
        return self.inside if _MONTH.fullmatch(self.inside) else ""

    @property
    def parts(self) -> list[str]:
        """The words in brackets, parted by commas: classes, directions, places."""
        return [part.strip() for part in self.inside.split(",") if part.strip()]


def named(text: str) -> Named:
    """Part a name from what stands behind it in brackets.

    Args:
        text: a name as tables have it, or as somebody wrote it. What is not written as a name with
            one pair of brackets at most is no measure: it is its own base.
    """
    match = _WRITTEN.fullmatch(text)
    return Named(text) if match is None else Named(match[1], (match[2] or "").strip())


def measure_of(text: str) -> Measure:
    """What is known of a measure, with or without brackets.

    Raises:
        KeyError: there is no such measure.
    """
    return MEASURES[named(text).base]


def label_of(text: str) -> str:
    """A measure in the middle of a sentence: ``mean stay``, ``trucks a day (2024-09)``.

    Raises:
        KeyError: there is no such measure.
    """
    inside = named(text).inside
    return say(measure_of(text).label) + (f" ({inside})" if inside else "")


def unit_of(measure: str, currency: str = "") -> str:
    """Unit of a measure, whatever stands in brackets behind it: ``throughput_per_day[2024-09]``.

    Args:
        measure: its name.
        currency: ISO 4217 code of what the scenario reckons in; ``money`` stands for it if empty.

    Raises:
        KeyError: there is no such measure.
    """
    unit = measure_of(measure).unit
    return unit.replace("money", currency) if currency else unit

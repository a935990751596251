"""What a policy comes to in money: staff by its hours and wages, trucks by their time at the port.

Hours are those already measured; prices stand in the scenario. Nothing is run here.
"""

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from portsim.measures.groups import Row
from portsim.scenario.measure_catalogue import STAFF_COST, TIME_COST, TOTAL_COST, WAITING_COST
from portsim.scenario.model import Scenario

__all__ = ["RECKONED", "money_rows", "needed", "of_staff", "unpriced"]

_HOURS, _OVERTIME = "staffed_h_per_day", "overtime_h_per_day"
_INSIDE, _WAITING = "inside_mean", "queue_mean"
_STAFF, _TRUCKS = (_HOURS, _OVERTIME), (_INSIDE,)
_NEEDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        _HOURS: (_HOURS,),
        STAFF_COST: _STAFF,
        WAITING_COST: (_WAITING,),
        TIME_COST: _TRUCKS,
        TOTAL_COST: (*_STAFF, *_TRUCKS),
    }
)
RECKONED = frozenset(_NEEDS)
"""Measures that are worked out here, from others of the same run."""


def of_staff(scenario: Scenario, figures: Iterable[Row]) -> list[Row]:
    """The figures of a run without staffed hours and overtime of places, where nobody works."""
    places = {name for name, words in scenario.resources.items() if words.places}
    return [row for row in figures if not (row[1] in places and row[2] in _STAFF)]


def needed(names: Iterable[str]) -> frozenset[str]:
    """Measures of a run from which some of `RECKONED` are worked out."""
    return frozenset(part for name in names for part in _NEEDS.get(name, ()))


def money_rows(scenario: Scenario, figures: Iterable[Row]) -> list[Row]:
    """Staffed hours of the whole port, and what its staff and the time of its trucks cost a day.

    Args:
        scenario: with prices.
        figures: class, place, measure, value, count, note of a run.

    Returns:
        ``staffed_h_per_day`` of the port, the sum over its servers, if it has any;
        ``staff_cost_per_day`` of each server with a price: hours times ``cost_per_staffed_hour``,
        or a seventh of what its shifts are paid a week, and overtime by its own price; and of the
        port as their sum, if one has a price. ``time_cost_per_day`` and ``waiting_cost_per_day`` of
        each class with a value of time: the mean number of its trucks inside, or waiting, times 24
        hours of it (Little's law, exact in every run); and of all and each direction as the sum of
        these. ``total_cost_per_day`` of the port, staff and time of trucks, if both are known.
    """
    listed = list(figures)
    rows = _of_staff(scenario, listed)
    for measure, stock in ((TIME_COST, _INSIDE), (WAITING_COST, _WAITING)):
        rows += _of_trucks(scenario, listed, measure, stock)
    port = {row[2]: row for row in rows if (row[0], row[1]) == ("all", "")}
    if STAFF_COST in port and TIME_COST in port:
        both = port[STAFF_COST][3] + port[TIME_COST][3]
        rows.append(("all", "", TOTAL_COST, both, port[TIME_COST][4], ""))
    return rows


def _of_staff(scenario: Scenario, figures: Iterable[Row]) -> list[Row]:
    hours, overtime = (
        {
            place: value
            for _, place, measure, value, *_ in figures
            if measure == name and place and not scenario.resources[place].places
        }
        for name in (_HOURS, _OVERTIME)
    )
    if not hours:
        return []
    rows: list[Row] = [("all", "", _HOURS, float(sum(hours.values())), 0, "")]
    costs = {
        name: resource.cost_a_day(hours[name], overtime.get(name, math.nan))
        for name, resource in scenario.resources.items()
        if name in hours and resource.priced
    }
    rows += [("all", name, STAFF_COST, cost, 0, "") for name, cost in costs.items()]
    if costs:
        rows.append(("all", "", STAFF_COST, sum(costs.values()), 0, ""))
    return rows


def _of_trucks(scenario: Scenario, figures: Iterable[Row], measure: str, stock: str) -> list[Row]:
    classes = scenario.traffic.classes
    prices = {name: scenario.hour_of(name) for name in classes}
    told = {
        cls: (24.0 * value * price, count)
        for cls, place, name, value, count, _ in figures
        if name == stock and not place and (price := prices.get(cls)) is not None
    }
    rows: list[Row] = []
    for group in ("all", *scenario.traffic.directions):
        members = [
            told[name]
            for name, cls in classes.items()
            if name in told and group in ("all", cls.direction)
        ]
        if members:
            costs, counts = zip(*members, strict=True)
            rows.append((group, "", measure, float(sum(costs)), sum(counts), ""))
    return rows + [(name, "", measure, *told[name], "") for name in classes if name in told]


def unpriced(scenario: Scenario) -> list[str]:
    """Servers without a price where another has one: they count as free; else none. Places are
    no staff."""
    servers = {
        name: words
        for name, words in scenario.resources.items()
        if words.kind == "servers" and not words.places
    }
    lacking = [name for name, words in servers.items() if not words.priced]
    return lacking if len(lacking) < len(servers) else []

"""What the staff of a policy comes to: hours of all servers on duty, and what they cost.

Hours are those already measured server by server; prices stand in the scenario.
"""

from collections.abc import Iterable

from portsim.measures.groups import Row
from portsim.scenario.model import Scenario

__all__ = ["OF_STAFF", "staffing_rows", "unpriced"]

_HOURS, _COST = "staffed_h_per_day", "staff_cost_per_day"
OF_STAFF = frozenset({_HOURS, _COST})
"""Measures that are summed up server by server here."""


def staffing_rows(scenario: Scenario, figures: Iterable[Row]) -> list[Row]:
    """Staffed hours of the whole port, and costs a day of each server that has a price.

    Args:
        scenario: with prices.
        figures: class, place, measure, value, count, note of a run.

    Returns:
        ``staffed_h_per_day`` of the port, the sum over its servers, if it has any;
        ``staff_cost_per_day`` (hours times ``cost_per_staffed_hour``) of each server with a price,
        and of the port as their sum, if one has. Overtime is not in it: the model has no price
        for it.
    """
    by_place = {
        place: value for _, place, measure, value, *_ in figures if measure == _HOURS and place
    }
    if not by_place:
        return []
    rows: list[Row] = [("all", "", _HOURS, float(sum(by_place.values())), 0, "")]
    costs = {
        name: by_place[name] * resource.cost_per_staffed_hour
        for name, resource in scenario.resources.items()
        if name in by_place and resource.cost_per_staffed_hour is not None
    }
    rows += [("all", name, _COST, cost, 0, "") for name, cost in costs.items()]
    if costs:
        rows.append(("all", "", _COST, sum(costs.values()), 0, ""))
    return rows


def unpriced(scenario: Scenario) -> list[str]:
    """Servers without a price where another has one: they count as free; else none."""
    prices = {
        name: resource.cost_per_staffed_hour
        for name, resource in scenario.resources.items()
        if resource.kind == "servers"
    }
    lacking = [name for name, price in prices.items() if price is None]
    return lacking if len(lacking) < len(prices) else []

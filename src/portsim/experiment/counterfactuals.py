"""Counterfactual runs: the same trucks with the same luck, and one thing otherwise than stated.

What is otherwise, and which runs there are, is said here; what they come to is measured elsewhere.
"""

from collections.abc import Sequence

from portsim.engines import Log, check_stuck, engine
from portsim.measures import Tally, capacity, ceiling_rows, oversized_rows, tally
from portsim.measures.groups import Row
from portsim.plan import Plan, Site, endless
from portsim.scenario.model import Scenario

__all__ = ["SATURATED", "counterfactuals"]

SATURATED = 4.0
"""Times the demand at which the capacity of a port is measured."""


def counterfactuals(
    scenario: Scenario, site: Site, engine_name: str, real: Tally, note: str
) -> list[Row]:
    """Run at four times the demand, with servers without end, and without oversized loads.

    Args:
        scenario: what is run.
        site: of the scenario in this replication.
        engine_name: name of the engine.
        real: count of the run as stated.
        note: of the rows that hold no further than that run's.

    Returns:
        ``capacity_per_day``; ``completion_ceiling``, if the clock of the promise starts at the
        arrival; where some class has dimensions of its own, and none of these brings what others
        wait for, ``oversized_delay_h`` and ``oversized_late_per_day`` of the others.

    Raises:
        StuckError: trucks ended in a circular wait.
    """

    def run(plan: Plan) -> tuple[Plan, Log]:
        log = engine(engine_name)(plan)
        check_stuck(plan, log)
        return plan, log

    saturated = site.at(SATURATED)
    most = capacity(*run(saturated))
    del saturated
    rows: list[Row] = [("all", "", "capacity_per_day", most, 1, "")]
    stated = site.at()
    context = stated.context
    assert context is not None
    if context.clock_stage < 0:
        # Servers without end let trucks come to a stage at other times: a clock that starts there
        # would judge other trucks.
        rows += ceiling_rows(context, tally(*run(endless(stated))))
    oversized = _oversized(scenario, context.class_names)
    if oversized:
        numbers = [context.class_names.index(name) for name in oversized]
        came = any((context.truck_class == number).any() for number in numbers)
        without = tally(*run(site.at(without=oversized))) if came else real
        rows += oversized_rows(context, oversized, real, without, note)
    return rows


def _oversized(scenario: Scenario, names: Sequence[str]) -> list[str]:
    """The classes with dimensions; none if one of them offers tokens that others may spend.

    Without such a class the others would wait for what never comes, and that is no cost of size.
    """
    classes = scenario.traffic.classes
    found = [name for name in names if classes[name].dimensions is not None]
    stages = {step.stage for name in found for step in classes[name].route}
    return [] if any(scenario.stages[stage].offers for stage in stages) else found

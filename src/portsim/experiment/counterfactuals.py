"""Counterfactual runs: the same trucks with the same luck, and one thing otherwise than stated.

What is otherwise, and which runs there are, is said here; what they come to is measured elsewhere.
None of them may cost the run that is real: one that cannot be made says so in its row.
"""

from collections.abc import Callable, Sequence
from math import nan

from portsim.engines import check_stuck, engine
from portsim.errors import PortsimError
from portsim.measures import Measurement, Tally, ceiling_rows, oversized_rows, tally
from portsim.measures.groups import Row
from portsim.plan import Plan, Site, endless
from portsim.scenario.model import Scenario

__all__ = ["counterfactuals", "not_measured", "reason"]


def counterfactuals(scenario: Scenario, site: Site, engine_name: str, real: Tally) -> list[Row]:
    """Run with servers without end, and without oversized loads.

    Args:
        scenario: what is run.
        site: of the scenario in this replication.
        engine_name: name of the engine.
        real: count of the run as stated.

    Returns:
        ``completion_ceiling``, if the clock of the promise starts at the arrival; where some class
        has dimensions of its own, and none of these brings what others wait for,
        ``oversized_delay_h`` and ``oversized_late_per_day`` of the others. Where a run cannot be
        made, NaN with a note that says why.
    """

    def run(plan: Plan) -> Measurement:
        log = engine(engine_name)(plan)
        check_stuck(plan, log)
        return Measurement(plan, log)

    rows: list[Row] = []
    stated = site.at()
    context = stated.context
    assert context is not None
    if context.clock_stage < 0 and not context.clock_wanted:
        # Servers without end let trucks come to a stage at other times: a clock that starts there
        # would judge other trucks.
        rows += _or_why(
            lambda: ceiling_rows(context, tally(run(endless(stated)))), ["completion_ceiling"]
        )
    oversized = _oversized(scenario, context.class_names)
    if oversized:
        numbers = [context.class_names.index(name) for name in oversized]
        came = any((context.truck_class == number).any() for number in numbers)

        def cost() -> list[Row]:
            without = tally(run(site.at(without=oversized))) if came else real
            return oversized_rows(context, oversized, real, without)

        rows += _or_why(cost, ["oversized_delay_h", "oversized_late_per_day"])
    return rows


def reason(error: Exception) -> str:
    """Why a figure could not be had: one line, without what parts notes from each other."""
    line = str(error).partition("\n")[0].rstrip(":") or type(error).__name__
    return line.replace(";", ",")


def not_measured(error: Exception) -> str:
    """The note of a figure that could not be had."""
    return f"not measured: {reason(error)}"


def _or_why(rows: Callable[[], list[Row]], measures: Sequence[str]) -> list[Row]:
    try:
        return rows()
    except (PortsimError, MemoryError) as error:
        return [("all", "", name, nan, 0, not_measured(error)) for name in measures]


def _oversized(scenario: Scenario, names: Sequence[str]) -> list[str]:
    """The classes with dimensions; none if one of them offers tokens that others may spend.

    Without such a class the others would wait for what never comes, and that is no cost of size.
    """
    classes = scenario.traffic.classes
    oversized = [name for name in names if classes[name].dimensions is not None]
    stages = {step.stage for name in oversized for step in classes[name].route}
    return [] if any(scenario.stages[stage].offers for stage in stages) else oversized

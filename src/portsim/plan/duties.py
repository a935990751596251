"""Duties: what the work at each stage takes, as the routes have it, whether or not a truck comes.

Only names and routes are looked at; neither trucks nor hours enter.
"""

from collections import Counter
from collections.abc import Iterator

from portsim.plan.contract import Duty
from portsim.plan.tokens import bills
from portsim.scenario.legs import legs
from portsim.scenario.model import Scenario
from portsim.scenario.traffic import Step, TruckClass

__all__ = ["duties"]


def duties(scenario: Scenario) -> tuple[Duty, ...]:
    """What each stage takes of servers and budgets, for each way in which some route passes it.

    Stages that no route has, or that no truck of any route passes, take nothing.
    """
    distinct: dict[Duty, None] = {}
    for cls in scenario.traffic.classes.values():
        ways = [cls, *(cls.of_papers(papers) for papers in cls.papers.values() if papers.share)]
        for way in ways:
            for port, cls_ in _alone(scenario, way):
                distinct.update(dict.fromkeys(_of_class(port, cls_)))
    return tuple(distinct)


def _alone(scenario: Scenario, cls: TruckClass) -> Iterator[tuple[Scenario, TruckClass]]:
    """The class as it is, and with each other way of one of its steps in place of the first."""
    yield scenario, cls
    for number, step in enumerate(cls.route):
        for stage in step.others:
            yield scenario, cls.with_other(number, stage)
        for swapped, _ in scenario.stages[step.stage].swapped():
            stages = {**scenario.stages, step.stage: swapped}
            yield scenario.model_copy(update={"stages": stages}), cls


def _of_class(scenario: Scenario, cls: TruckClass) -> list[Duty]:
    numbers = {name: number for number, name in enumerate(scenario.resources)}
    stages = {name: number for number, name in enumerate(scenario.stages)}
    driven = legs(cls)
    route = [leg.stage for leg in driven]
    passed = [_share(scenario, cls.route[leg.step]) > 0.0 for leg in driven]
    # A truck that skips a stage keeps for longer what was to go back there, but works no longer.
    units = {"truck": 1, "piece": cls.pieces, "resident": 1}
    held: Counter[str] = Counter()
    duties_of_class = []
    names = [name for name, passes in zip(route, passed, strict=True) if passes]
    for stage, bill in zip(names, bills(scenario, route, passed, units), strict=True):
        held.update(bill.take)
        held.subtract(bill.give_in)
        needs, uses = [], []
        for resource, number in numbers.items():
            kind = scenario.resources[resource].kind
            if kind == "servers" and bill.take.get(resource):
                needs.append((number, bill.take[resource]))
            if (
                held[resource] > 0
                if kind == "servers"
                else kind == "budget" and resource in bill.take
            ):
                uses.append(number)
        duties_of_class.append(Duty(stages[stage], tuple(needs), tuple(uses)))
        held.subtract(bill.give_out)
    return duties_of_class


def _share(scenario: Scenario, step: Step) -> float:
    return scenario.stages[step.stage].share if step.share is None else step.share

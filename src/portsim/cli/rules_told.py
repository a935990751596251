"""What `validate` says of the rules that a port follows, and how its loads count them.

One sentence for each rule that the scenario has; a scenario without such rules is told nothing.
"""

from collections.abc import Iterator

from portsim.demand import mean_of
from portsim.experiment.loads import slot_loads
from portsim.scenario.distributions import Distribution
from portsim.scenario.legs import sent_to
from portsim.scenario.model import Scenario
from portsim.scenario.papers import Papers
from portsim.scenario.plain import plain
from portsim.scenario.stages import WorkTime

__all__ = ["rules_told"]

_EACH = {
    "per_truck": "",
    "per_piece": " on each piece",
    "per_tonne": " on each tonne",
    "per_resident": " on each resident",
}


def rules_told(scenario: Scenario) -> Iterator[str]:
    """Sentences in English, each a line of `validate`: what the queue opens, papers, slots, ways
    back, breakdowns, shifts, choices, convoys, levels and works of more than one kind.
    """
    parts = (
        *(_papers, _again, _stopped, _handover, _opened, _by_hour, _kinds, _chosen, _convoys),
        *(_levels, _slots),
    )
    for part in parts:
        yield from part(scenario)


def _papers(scenario: Scenario) -> Iterator[str]:
    """Which papers go which way from when on, and where they are needed."""
    for name, cls in scenario.traffic.classes.items():
        for paper, words in cls.papers.items():
            whose = name if words.share == 1.0 else f"{words.share:.4g} of {name}"
            among = f" of channel {' or '.join(words.channels)}" if words.channels else ""
            yield (
                f"In these loads: {paper} of {whose}{among} passes {', '.join(words.route)}, "
                f"{_beginning(scenario, words)}; {words.needed_at} waits for it."
            )


def _beginning(scenario: Scenario, words: Papers) -> str:
    if words.before_arrival is not None:
        mean = _spelt(mean_of(words.before_arrival, scenario.origin.observed))
        about = "" if words.before_arrival.constant is not None else " on average"
        return f"handed in {mean}{about} before the truck comes"
    if words.begins_at is not None:
        return f"from when the truck joins the queue of {words.begins_at}"
    if words.begins_after is not None:
        return f"from when the truck is done at {words.begins_after}"
    return "from when the truck comes"


def _stopped(scenario: Scenario) -> Iterator[str]:
    """What becomes of work that breakdowns stop."""
    goes_on = {"resumed": "goes on where it was", "anew": "is begun anew"}
    for name, resource in scenario.resources.items():
        for work in sorted({breakdowns.work for breakdowns in resource.breakdowns} - {"finished"}):
            yield f"Not in these loads: work that breakdowns of {name} stop {goes_on[work]}."


def _handover(scenario: Scenario) -> Iterator[str]:
    """Whose shifts overlap."""
    for name, resource in scenario.resources.items():
        if resource.handover == "overlap":
            yield (
                f"Not in these loads: {name} whose shift has ended finish what they have in hand "
                "beside the next shift."
            )


def _convoys(scenario: Scenario) -> Iterator[str]:
    """Where trucks leave together."""
    for name, stage in scenario.stages.items():
        if stage.convoy is not None:
            words = plain(stage.convoy)
            fewer = f", or fewer when the first has waited {words['after']}" * ("after" in words)
            yield f"At {name} trucks go in convoys of {words['trucks']}{fewer}."


def _levels(scenario: Scenario) -> Iterator[str]:
    """Which levels budgets have on which dates."""
    for name, resource in scenario.resources.items():
        parts = []
        for level in resource.levels:
            since = f" from {level.valid_from}" if level.valid_from else ""
            until = f" to {level.valid_to}" if level.valid_to else ""
            parts.append(f"{level.level}{since}{until}")
        if parts:
            yield (
                f"In these loads a refill of {name} is {resource.level or 0}, but "
                f"{', '.join(parts)}; the last one that covers a date holds."
            )


def _kinds(scenario: Scenario) -> Iterator[str]:
    """The means of works whose words do not tell them."""
    for name, stage in scenario.stages.items():
        several = any(cls.pieces > 1 for cls in scenario.traffic.classes.values())
        yield from _means(scenario, f"Work at {name}", stage.time, several=several)
    for name, cls in scenario.traffic.classes.items():
        for step in cls.route:
            work = f"Work on {name} at {step.stage}"
            yield from _means(scenario, work, step.time, several=cls.pieces > 1)


def _means(scenario: Scenario, work: str, time: WorkTime | None, *, several: bool) -> Iterator[str]:
    for part in WorkTime.model_fields:
        law: Distribution[float] | None = getattr(time, part, None)
        if law is None or (law.mixture is None and law.truncated_normal is None):
            continue
        each = _EACH[part] if several or part != "per_piece" else ""
        kind = "a mixture" if law.mixture is not None else "a truncated normal distribution"
        mean = _spelt(mean_of(law, scenario.origin.observed))
        yield f"{work}{each} is drawn from {kind}, {mean} on average."


def _spelt(seconds: float) -> str:
    """A duration as a person would say it."""
    if seconds < 60:
        return f"{seconds:.3g} s"
    return f"{seconds / 60:.3g} min" if seconds < 7200 else f"{seconds / 3600:.3g} h"


def _opened(scenario: Scenario) -> Iterator[str]:
    """What the queue opens of each resource, in a sentence; loads are without it."""
    for name, resource in scenario.resources.items():
        rule = resource.opens
        if rule is None:
            continue
        waiting = " or ".join(f"{n} wait at {stage}" for stage, n in rule.when_waiting.items())
        spelt = rule.model_dump(mode="json")
        after = f"{spelt['after']} after" if rule.after else "as soon as"
        each = " at each" if len(rule.when_waiting) > 1 else ""
        within = f", while {rule.within} is open" if rule.within is not None else ""
        yield (
            f"Not in these loads: the queue opens up to {rule.at_most} more {name}{within}, one "
            f"{after} {waiting}; they close when {rule.until_waiting} or fewer do{each}."
        )


def _again(scenario: Scenario) -> Iterator[str]:
    """Who is sent back and who comes again, in a sentence each."""
    for name, cls in scenario.traffic.classes.items():
        for number, step in enumerate(cls.route):
            if step.sent_back is not None:
                words, goal = step.sent_back, cls.route[sent_to(cls.route, number)].stage
                again = "once more" if goal == step.stage else f"back to {goal}"
                yield (
                    f"In these loads: of {name} at {step.stage} {words.share:.4g} are sent "
                    f"{again}, {_at_most(words.at_most)}."
                )
        if cls.comes_again is not None:
            share, times = cls.comes_again.share, _at_most(cls.comes_again.at_most)
            yield (
                f"Not in these loads: of {name} that turn away or give up {share:.4g} come again, "
                f"{times}."
            )


def _chosen(scenario: Scenario) -> Iterator[str]:
    """Where trucks choose, whose priorities rise, and who is urgent, in a sentence each."""
    told: dict[str, None] = {}
    for name, cls in scenario.traffic.classes.items():
        for step in cls.route:
            if step.or_shorter is not None:
                sight = step.or_shorter.sight
                seen = f" of {sight} that they see" if sight else ""
                told[
                    f"In these loads trucks share out evenly among {step.stage}, "
                    f"{', '.join(step.others)}; each joins the shortest queue{seen}."
                ] = None
            if step.priority is not None and step.priority != cls.priority:
                told[
                    f"The priority of {name} at {step.stage} is {step.priority}; elsewhere "
                    f"{cls.priority}, unless another one is said here."
                ] = None
            if step.overflow is not None:
                told[
                    f"Not in these loads: trucks go to {step.overflow.to} when "
                    f"{step.overflow.when_waiting} or more wait at {step.stage}."
                ] = None
        if cls.rises_every is not None:
            every = cls.model_dump(mode="json")["rises_every"]
            told[f"The priority of {name} is one better for each {every} of waiting."] = None
        if cls.urgent:
            told[f"Servers that {name} need are kept for them from all who go after them."] = None
    for name, stage in scenario.stages.items():
        for first, others in stage.instead_of.items():
            times = ", ".join(
                f"{other} ({factor:g} times the work)" for other, factor in others.items()
            )
            told[
                f"In these loads trucks at {name} share out evenly among {first} and {times}; "
                "each takes the first that is free."
            ] = None
    yield from told


def _at_most(times: int) -> str:
    return "once" if times == 1 else f"up to {times} times"


def _by_hour(scenario: Scenario) -> Iterator[str]:
    """Where work depends on the hour in which it begins, in a sentence."""
    stages = [name for name, stage in scenario.stages.items() if set(stage.time_by_hour) != {1.0}]
    if stages:
        yield (
            f"Work at {', '.join(stages)} lasts longer or shorter by the hour in which it begins; "
            "these loads take the hour of the arrival."
        )


def _slots(scenario: Scenario) -> Iterator[str]:
    """How its slots meet those who want one, in a sentence for each kind."""
    for load in slot_loads(scenario):
        if not load.wanted:
            continue
        away = f"; {load.without:.1f} a day find none and stay away" if load.without else ""
        few = " More want one than there are: the wait at home grows." * (load.wanted > load.given)
        yield (
            f"Slots of {load.slots}: {load.given:.1f} a day for {load.wanted:.1f} trucks a day "
            f"that want one. {100 * load.as_wanted:.0f} % get the slot they want; the mean wait "
            f"at home is {load.wait_h:.1f} h{away}.{few}"
        )

"""Legs: a route as it can be driven at most, with every time that a truck is sent back laid out.

Only words are looked at; whether a truck drives a leg is drawn elsewhere.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from portsim.scenario.traffic import Step, TruckClass

__all__ = ["Leg", "legs", "places_at", "sent_to", "times_on_route"]


@dataclass(frozen=True, slots=True)
class Leg:
    """One passing of a stage that a route may come to."""

    stage: str
    step: int
    """Place of its step in the route."""
    luck: str
    """What its luck is addressed by: the stage, and which of its steps and rounds where there are
    several, so that more steps or rounds move no other draw."""
    number: int
    """The how-manieth of the legs at this stage, from 1."""
    round: int = 0
    """The how-manieth time that a truck is sent back, 0 on the way itself."""
    sender: int = -1
    """Place in the route of the step that sends it back; -1 on the way itself."""


def legs(cls: TruckClass) -> tuple[Leg, ...]:
    """The legs of a route in the order in which they are driven.

    After a step that sends back stand the steps from where it sends to up to itself, once for each
    time that a truck may be sent. Ways back do not cross (`portsim.checking` sees to it).
    """
    steps = cls.route
    driven: list[Leg] = []
    made: Counter[str] = Counter()

    def add(place: int, round_: int, sender: int) -> None:
        stage = steps[place].stage
        made[stage] += 1
        which = times_on_route(steps, place)
        luck = stage if which == 1 and not round_ else f"{stage}:{which}.{round_}"
        driven.append(Leg(stage, place, luck, made[stage], round_, sender))

    for number, step in enumerate(steps):
        add(number, 0, -1)
        if step.sent_back is not None:
            first = sent_to(steps, number)
            for round_ in range(1, step.sent_back.at_most + 1):
                for place in range(first, number + 1):
                    add(place, round_, number)
    return tuple(driven)


def places_at(cls: TruckClass) -> dict[tuple[str, int], int]:
    """Where in the legs of its route a truck of a class may be at a stage.

    Returns:
        By stage and the how-manieth of the legs that may lead through it, from 1: the place of the
        leg. One that may be passed in place of another stage counts for both.
    """
    places: dict[tuple[str, int], int] = {}
    made: Counter[str] = Counter()
    for place, leg in enumerate(legs(cls)):
        for stage in (leg.stage, *cls.route[leg.step].others):
            made[stage] += 1
            places[stage, made[stage]] = place
    return places


def sent_to(steps: Sequence[Step], number: int) -> int:
    """Place in a route of the step to which another sends back: the last of its stage up to it.

    That step itself if no stage is named, or one that does not stand before it, which is a fault.
    """
    words = steps[number].sent_back
    goal = steps[number].stage if words is None or words.to is None else words.to
    before = (place for place in range(number, -1, -1) if steps[place].stage == goal)
    return next(before, number)


def times_on_route(steps: Sequence[Step], place: int) -> int:
    """The how-manieth step of its stage one is, from 1."""
    return sum(step.stage == steps[place].stage for step in steps[: place + 1])

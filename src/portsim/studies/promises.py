"""Promises and aims in words: a measure, of a class or a place, a sign and a number with its unit.

What they say is read here for every study, and refused where there is no such thing; nothing is run
or judged.
"""

import math
import re
from collections.abc import Sequence
from decimal import Decimal

from portsim.errors import InputError
from portsim.reading.text import nearest, short
from portsim.scenario.currency import MONEY, currency_in
from portsim.scenario.measure_catalogue import (
    MEASURES,
    STAFF_COST,
    TIME_COST,
    TOTAL_COST,
    VALUE,
    WAITING_COST,
    Named,
    measure_of,
    named,
    unit_of,
)
from portsim.scenario.model import Scenario
from portsim.scenario.units import SECONDS
from portsim.studies.points import Grid
from portsim.studies.requirement import Objective, Requirement

__all__ = ["parse_minimise", "parse_require"]

_WORDS = re.compile(r"(?P<of>[^<>]+)(?P<sign>>=|<=)\s*(?P<value>\S(?:.*\S)?)\s*")
_NUMBER = re.compile(
    r"(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(?P<unit>[^\d.,].*)?"
)
_A_DAY = re.compile(r"\s*(?:/\s*(?:d|day)|per day|a day)")


def parse_require(promise: str | Requirement, points: Grid) -> Requirement:
    """Read ``completed_within_limit>=0.95``, or ``stay_p95_h[export]<=24``.

    Args:
        promise: as it stands on a command line; in brackets a class, a direction, a stage or a
            resource, or two of them with a comma between. An object is only checked.
        points: whose names may stand in the brackets.

    Raises:
        InputError: it cannot be read, or names what does not exist.
    """
    if isinstance(promise, Requirement):
        where = f"require {promise}"
        _known(promise.measure, where)
        _check_share(promise.measure, promise.value, where)
        _check_object(promise, where, points)
        return promise
    where = f"--require {short(promise)}"
    match = _WORDS.fullmatch(promise)
    name = None if match is None else named(match["of"])
    if match is None or name is None or not name.written:
        raise InputError(
            f"{where}: write a measure, >= or <=, and a number, in quotes, as > alone sends "
            'what is printed to a file: "completed_within_limit>=0.95" or '
            '"stay_p95_h[export]<=24 h"'
        )
    measure = name.base
    _known(measure, where)
    value = _value(match["value"], measure, where, points.policies[0].currency)
    _check_share(measure, value, where)
    cls, place = _class_and_place(name, where, points)
    sign = "at_least" if match["sign"] == ">=" else "at_most"
    requirement = Requirement(measure, cls, place, **{sign: value})
    _check_place(requirement, where, points)
    return requirement


def _value(text: str, measure: str, where: str, currency: str) -> float:
    """What stands right of the sign, in the unit of the measure.

    Raises:
        InputError: it is no number, or in another unit.
    """
    match = _NUMBER.fullmatch(text)
    if match is None or not math.isfinite(float(match["number"])):
        decimal = re.fullmatch(r"[-+]?\d+,\d+(\D.*)?", text)
        hint = f"\n    hint: write {text.replace(',', '.')}, with a point" if decimal else ""
        raise InputError(f"{where}: {text} is no number{hint}")
    # In tens, so that 0.7 % is 0.007 to the last digit.
    number, unit = Decimal(match["number"]), (match["unit"] or "").strip()
    if not unit:
        return float(number)
    known = MEASURES[measure]
    own = unit_of(measure, currency)
    if unit == "%":
        if known.unit != "share":
            raise InputError(f"{where}: {measure} is no share; write it without %")
        return float(number / 100)
    if known.unit == "h" and unit in SECONDS:
        return float(number * Decimal(SECONDS[unit]) / 3600)
    bare = _A_DAY.sub("", unit) if known.per_day else unit
    told = {"1/d": ("", "trucks"), "h/d": ("h",), "t/d": ("t",)}.get(known.unit, (own,))
    if bare in told or (known.money and currency_in(bare) in ({currency} if currency else MONEY)):
        return float(number)
    in_words = f"in {own}" if own not in ("1", "share") else "a plain number"
    raise InputError(f"{where}: {measure} is {in_words}; found {text}")


def parse_minimise(aim: str | Objective, points: Grid) -> Objective:
    """Read a measure that is to be small, such as ``stay_mean_h`` or ``stay_mean_h[export]``.

    Args:
        aim: as it stands on a command line. An object is only checked.
        points: whose names may stand in the brackets.

    Raises:
        InputError: it cannot be read, or names what does not exist.
    """
    if isinstance(aim, Objective):
        where = f"minimise {aim}"
        _known(aim.measure, where)
        _check_object(aim, where, points)
        return aim
    where = f"--minimise {short(aim)}"
    name = named(aim)
    if not name.written:
        raise InputError(f"{where}: write cost, staffed_hours or a measure, e.g. stay_mean_h")
    _known(name.base, where)
    objective = Objective(name.base, *_class_and_place(name, where, points))
    _check_place(objective, where, points)
    return objective


def _known(measure: str, where: str) -> None:
    swept = [name for name, known in MEASURES.items() if known.of_a_run]
    if measure not in swept:
        raise InputError(f"{where}: a sweep has no measure {measure}{_hint(measure, swept)}")


def _check_share(measure: str, value: float, where: str) -> None:
    if MEASURES[measure].share and not 0.0 <= value <= 1.0:
        raise InputError(f"{where}: {measure} is a share, from 0 to 1")


def _class_and_place(name: Named, where: str, points: Grid) -> tuple[str, str]:
    """The class and the place that stand between brackets."""
    cls, place = "all", ""
    classes, places = _classes(points), _places(points)
    for word in name.parts:
        if word in classes:
            cls = word
        elif word in places:
            place = word
        else:
            hint = _hint(word, [*classes, *places])
            raise InputError(f"{where}: no class or place is called {word}{hint}")
    return cls, place


def _check_object(goal: Requirement | Objective, where: str, points: Grid) -> None:
    """Check the class and the place of a goal that was made as an object."""
    classes, places = _classes(points), _places(points)
    if goal.truck_class not in classes:
        hint = _hint(goal.truck_class, classes)
        raise InputError(f"{where}: no truck_class is called {goal.truck_class}{hint}")
    if goal.place and goal.place not in places:
        raise InputError(f"{where}: no place is called {goal.place}{_hint(goal.place, places)}")
    _check_place(goal, where, points)


def _classes(points: Grid) -> list[str]:
    traffic = points.policies[0].traffic
    return ["all", *traffic.directions, *traffic.classes]


def _places(points: Grid) -> list[str]:
    return [*points.policies[0].stages, *points.policies[0].resources]


def _hint(word: str, names: Sequence[str]) -> str:
    near = nearest(word, names)
    return f"\n    hint: did you mean {near}?" if near else ""


def _check_place(goal: Requirement | Objective, where: str, points: Grid) -> None:
    """Refuse a measure that is not to be had of a class or a place."""
    wrong = _misplaced(goal, points)
    if not wrong and measure_of(goal.measure).money:
        wrong = _unpriced(goal.measure, goal.truck_class, goal.place, points.policies[0])
    if wrong:
        raise InputError(f"{where}: {wrong}")


def _misplaced(goal: Requirement | Objective, points: Grid) -> str:
    """Why a measure is not to be had of a class or a place; empty if it is."""
    port = points.policies[0]
    measure, cls, place = goal.measure, goal.truck_class, goal.place
    places = measure_of(measure).places
    if "resource" in places:
        whole = "port" in places
        if cls != "all" or (place not in port.resources and not (whole and not place)):
            name = next(iter(port.resources), "lanes")
            owners = "the port and of resources" if whole else "resources"
            return f"{measure} is one of {owners}; write e.g. {measure}[{name}]"
    elif place in port.resources:
        return f"{measure} is not one of resources"
    elif place and "stage" not in places:
        return f"{measure} is one of the whole port, not of a stage"
    elif not place and "port" not in places:
        return f"{measure} is one of stages; write e.g. {measure}[{next(iter(port.stages))}]"
    elif place and not any(policy.traffic.passes(cls, place) for policy in points.policies):
        return f"{cls} has not {place} in its route"
    return ""


def _unpriced(measure: str, cls: str, place: str, port: Scenario) -> str:
    """Why a port has no such amount of money; empty if it has."""
    members = [name for name, words in port.traffic.classes.items()
               if cls in ("all", name, words.direction)]  # fmt: skip
    timed = any(port.hour_of(name) is not None for name in members)
    if measure in (TIME_COST, WAITING_COST, TOTAL_COST) and not timed:
        return f"no value_of_time is said of {'any class' if cls == 'all' else cls}"
    priced = [name for name, words in port.resources.items() if words.priced]
    if measure in (STAFF_COST, TOTAL_COST) and not priced:
        return "no server has a cost_per_staffed_hour"
    if measure == STAFF_COST and place in port.resources and place not in priced:
        return f"{place} has no cost_per_staffed_hour; those that have one: {', '.join(priced)}"
    classes = port.traffic.classes
    if measure == VALUE and all(classes[n].value is classes[n].price is None for n in members):
        return f"no value of goods is said of {'any class' if cls == 'all' else cls}"
    return ""

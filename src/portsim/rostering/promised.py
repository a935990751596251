"""What is promised of a roster: sentences that people on duty can keep; nothing is run here."""

from portsim.checking import Scenario
from portsim.errors import InputError
from portsim.scenario.measure_catalogue import STAFF_COST, TOTAL_COST, measure_of
from portsim.studies.points import Grid, Point
from portsim.studies.promises import parse_require
from portsim.studies.requirement import Require, Requirement, several_required

__all__ = ["other_levels", "promised"]


def promised(scenario: Scenario, required: Require) -> tuple[Requirement, ...]:
    """Read what a roster must keep.

    Args:
        scenario: whose names may stand in brackets.
        required: promises; those of the file if empty.

    Raises:
        InputError: one cannot be read, people cannot keep it, or nothing is promised.
    """
    promises = tuple(
        parse_require(promise, _alone(scenario))
        for promise in several_required(required) or scenario.study.require
    )
    for promise in promises:
        _refuse_of_roster(promise)
    if not promises:
        raise InputError(
            "nothing is required: a roster of nobody would be the cheapest\n    hint: --require "
            '"completed_within_limit>=0.95"'
        )
    return promises


def other_levels(scenario: Scenario, promise: Requirement, values: str) -> tuple[Requirement, ...]:
    """A promise with other values, with commas between.

    Raises:
        InputError: one cannot be read.
    """
    sign = ">=" if promise.sign > 0 else "<="
    texts = (text.strip() for text in values.split(",") if text.strip())
    return tuple(parse_require(f"{promise.of}{sign}{text}", _alone(scenario)) for text in texts)


def _alone(scenario: Scenario) -> Grid:
    return Grid((scenario,), {}, (Point(scenario.name, (), scenario),))


def _refuse_of_roster(promise: Requirement) -> None:
    """Refuse what more people on duty do not help to keep."""
    known = measure_of(promise.measure)
    if promise.measure in (STAFF_COST, TOTAL_COST, "staffed_h_per_day"):
        raise InputError(
            f"--require {promise}: the roster is the cheapest that keeps the other promises\n    "
            "hint: leave it out; a roster that costs more than there is money for is too dear"
        )
    if known.better and known.better != promise.sign:
        good, sign = ("more", ">=") if known.better > 0 else ("less", "<=")
        raise InputError(
            f"--require {promise}: of {promise.measure} {good} is better\n    "
            f"hint: write {promise.of}{sign}{promise.value:g}"
        )

"""The room of results: the columns of a warm-up study, and what came of it in sentences.

Facts come in, as manifest and tables hold them; nothing is judged here.
"""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from portsim.results.overloads import overload_why
from portsim.results.tables import Schema
from portsim.scenario.measure_catalogue import label_of
from portsim.wording import amounts, later, say, sentences

__all__ = [
    "CURVE",
    "MOVEMENTS",
    "enough_sentence",
    "unsteady_sentence",
    "warm_up_sentences",
    "weeks_text",
]

MOVEMENTS: Schema = {
    "warm_up_weeks": "integer",
    "longer_weeks": "integer",
    "place": "text",
    "measure": "text",
    "unit": "text",
    "mean": "number",
    "half_width": "number",
    "moved": "number",
    "moved_half_widths": "number",
    "replications": "integer",
    "passes": "text",
}
"""A row a start and measure: mean and half-width at the warm-up, how far the measure moves with the
longer one, and whether that is little enough; ``passes`` is empty for what is not judged."""
CURVE: Schema = {
    "warm_up_weeks": "integer",
    "hour": "number",
    "mean": "number",
    "q05": "number",
    "q95": "number",
}
"""Trucks inside by hours from the start of the period, for each start that was run."""
_WEEK_H = 168
_CLOCK = {
    "day_factor": later("days differ in their traffic"),
    "rule": later("the trucks of {name} come by other rules than a rate"),
    "follow": later("the trucks of {name} follow the hours of {calendar}"),
    "months": later("the rate of {name} changes with the month"),
    "weekdays": later("the rate of {name} changes with the weekday"),
    "hours": later("the rate of {name} changes with the hour"),
    "roster": later("{name} has a roster"),
    "refill": later("{name} is refilled"),
    "calendar": later("{name} keeps the hours of {calendar}"),
}
"""What in a scenario follows the date or the clock, by the kind that the manifest names."""


def warm_up_sentences(
    study: Mapping[str, Any], movements: pd.DataFrame, overload: Mapping[str, Any]
) -> list[str]:
    """What came of a warm-up study.

    Args:
        study: of the manifest.
        movements: columns of warmup.csv.
        overload: of the scenario, as the manifest has it.
    """
    lines = (
        enough_sentence(study, movements),
        _own_sentence(study, movements),
        unsteady_sentence(study, overload),
        _mser5_sentence(study),
    )
    return [text for text in lines if text]


def enough_sentence(study: Mapping[str, Any], movements: pd.DataFrame) -> str:
    """Which warm-up is long enough; arguments as of `warm_up_sentences`."""
    weeks = study["recommended_weeks"]
    if weeks is None:
        longest = int(movements["warm_up_weeks"].max())
        return say(
            "No warm-up of up to {weeks} is long enough: begun four weeks earlier still, {moves}.",
            weeks=weeks_text(longest),
            moves=_moves_most(movements, longest),
        )
    if weeks == 0:
        return say(
            "No warm-up is needed: begun four weeks earlier with the same trucks, no headline"
            " measure moves by more than a tenth of its half-width."
        )
    return say(
        "A warm-up of {weeks} is long enough: begun four weeks earlier with the same trucks, no"
        " headline measure moves by more than a tenth of its half-width.",
        weeks=weeks_text(weeks),
    )


def _own_sentence(study: Mapping[str, Any], movements: pd.DataFrame) -> str:
    """Whether the scenario's own warm-up is long enough, if that is not said yet."""
    own, enough = study["own_weeks"], study["recommended_weeks"]
    if own == enough:
        return say("It is the scenario's own.")
    if study["own_passes"]:
        # Without a recommendation, a longer one that was tried does not pass.
        return "" if enough is None else say(
            "The scenario's own warm-up of {weeks} passes, too.", weeks=weeks_text(own)
        )  # fmt: skip
    if own == movements["warm_up_weeks"].max():
        return ""
    return say(
        "The scenario's own warm-up of {weeks} is too short: with four more, {moves}.",
        weeks=weeks_text(own),
        moves=_moves_most(movements, own),
    )


def _moves_most(movements: pd.DataFrame, weeks: int) -> str:
    moved = movements[movements["warm_up_weeks"].eq(weeks) & movements["passes"].eq("no")]
    row = moved.sort_values(
        "moved_half_widths", ascending=False, na_position="first", kind="stable"
    ).iloc[0]
    measure, by = label_of(str(row["measure"])), float(row["moved_half_widths"])
    if row["place"]:
        measure = say("{measure} ({place})", measure=measure, place=row["place"])
    if not math.isfinite(by):
        return say("{measure} moves by more than nothing at all", measure=measure)
    return say(
        "{measure} moves by {count} half-widths", measure=measure, count=amounts.significant(by, 2)
    )


def unsteady_sentence(study: Mapping[str, Any], overload: Mapping[str, Any]) -> str:
    """Why there is no steady state; empty if there is one. Arguments as of `warm_up_sentences`."""
    if study["steady"]:
        return ""
    useless = say("No warm-up helps; the figures hold for this period only, and for this start.")
    if not overload:
        return sentences(
            say(
                "There is no steady state: the trucks inside at the start of the period go on"
                " rising with the warm-up."
            ),
            useless,
        )
    return sentences(
        say(
            "There is no steady state, for the schedule is overloaded: {why}.",
            why=overload_why(overload),
        ),
        useless
        if study["recommended_weeks"] is None
        else say("The period forgets its start, but its figures hold for it only."),
    )


def _mser5_sentence(study: Mapping[str, Any]) -> str:
    """What MSER-5 says, or why it was not asked; empty of folders that do not say why."""
    if clock := study.get("clock"):
        return say(
            "MSER-5 is not asked: it wants a stationary scenario, but {why}.",
            why=say(_CLOCK[clock["kind"]], **clock),
        )
    if not study["stationary"]:
        return ""
    hours = study["mser5_hours"]
    if hours is None:
        return say("MSER-5 finds no settled part in the first half of the run: it gives no answer.")
    return say(
        "MSER-5 leaves out the first {hours} hours of the mean number inside, which is a warm-up of"
        " {weeks}.",
        hours=hours,
        weeks=weeks_text(math.ceil(hours / _WEEK_H)),
    )


def weeks_text(number: int) -> str:
    """``1 week``, ``4 weeks``."""
    return say("1 week") if number == 1 else say("{count} weeks", count=number)

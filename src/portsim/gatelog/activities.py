"""The gate log's activities: the stage of each activity of an event log, and what it stamps.

Names of columns and the order of events may not enter.
"""

from collections.abc import Mapping, Sequence
from typing import NoReturn

import pyarrow.compute as pc  # type: ignore[import-untyped, unused-ignore]

from portsim.gatelog.faults import refuse
from portsim.gatelog.in_and_out import in_and_out
from portsim.gatelog.mapping import Activity, Column, LogMap
from portsim.gatelog.sheets import Sheet
from portsim.gatelog.words import LIFECYCLE, Saying, key_of, saying
from portsim.reading.text import short

__all__ = ["activity_names", "guess_activities"]

_MOST = 500
_OWN = "port: "
"""Before what an event log of portsim says of the whole port: arrival, and how a truck left."""


def activity_names(sheets: Sequence[Sheet], columns: Mapping[str, Column]) -> dict[str, int]:
    """Names of all activities, each with its number of events, in the order of first mention."""
    names: dict[str, int] = {}
    for sheet in sheets:
        for column, texts in zip(sheet.names, sheet.texts, strict=True):
            if columns[column].role == "activity":
                for each in pc.value_counts(texts.combine_chunks()).to_pylist():
                    names[each["values"]] = names.get(each["values"], 0) + each["counts"]
    names.pop("", None)
    return names


def guess_activities(
    sheets: Sequence[Sheet], columns: Mapping[str, Column], known: LogMap
) -> dict[str, Activity]:
    """What each activity stamps.

    Args:
        sheets: the tables.
        columns: what their columns are.
        known: what is known already.

    Raises:
        ScenarioError: there are more of them than a port has, or none is the arrival.
    """
    given = known.activities
    names = activity_names(sheets, columns)
    if len(names) > _MOST:
        words = f"{len(names):,} activities, such as `{short(next(iter(names)))}`"
        hint = "if this is no column of activities, write into the map which one is"
        refuse(sheets[0].file, "activities", words, f"at most {_MOST}", hint, sheets[0].line)
    spelt: dict[str, str] = {}
    says = in_and_out({name: saying(name) for name in names})
    for name, say in says.items():
        if not say.stamp:
            spelt.setdefault(key_of(name), name)
    activities = {
        name: given[name] if name in given else _guess(name, says[name], spelt) for name in names
    }
    if known.arrival and not _arrives(sheets, columns, activities):
        entry = next((name for name in activities if says[name].entry and name not in given), "")
        if not entry:
            _no_arrival(sheets, activities)
        activities[entry] = Activity(
            "", "arrival", "the name says entry, and no other says arrival"
        )
    return activities


def _arrives(
    sheets: Sequence[Sheet], columns: Mapping[str, Column], activities: Mapping[str, Activity]
) -> bool:
    """Whether something stamps arrivals or queues."""
    if any(activity.stamp in ("arrival", "queue") for activity in activities.values()):
        return True
    if any(column.role == "arrival" or column.stamp == "queue" for column in columns.values()):
        return True
    steps = {
        str(each).strip().casefold()
        for sheet in sheets
        for name, texts in zip(sheet.names, sheet.texts, strict=True)
        if columns[name].role == "lifecycle"
        for each in texts.unique().to_pylist()
    }
    return any(LIFECYCLE.get(step) == "queue" for step in steps)


def _no_arrival(sheets: Sequence[Sheet], activities: Mapping[str, Activity]) -> NoReturn:
    first = short(next(iter(activities), "…"))
    refuse(
        sheets[0].file,
        "no-arrival",
        f"no activity that is the arrival among {short(', '.join(activities), 300)}",
        "an activity that stamps when a truck arrives, such as `arrival` or `queue gate`",
        f'write into the map activities: {{"{first}": arrival}}; or arrival: none, if the log '
        "does not stamp it",
        sheets[0].line,
    )


def _guess(name: str, say: Saying, spelt: Mapping[str, str]) -> Activity:
    if name.startswith(_OWN) and say.stamp != "queue":
        return Activity("", "ignore", "how the truck left, which is no stage")
    if say.stamp == "queue" and not say.stage:
        return Activity("", "arrival", "the name says arrival")
    if say.stamp and say.stage:
        stage = spelt.get(key_of(say.stage), say.stage)
        return Activity(stage, say.stamp, f"the name says {say.stamp} of {stage}")
    return Activity(spelt.get(key_of(name), name), "", "the stage is called so")

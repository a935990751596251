"""The gate log's activities: the stage of each activity of an event log, and what it stamps.

Names of columns and the order of events may not enter.
"""

from collections.abc import Mapping, Sequence

import pyarrow.compute as pc  # type: ignore[import-untyped, unused-ignore]

from portsim.gatelog.faults import refuse
from portsim.gatelog.mapping import Activity, Column
from portsim.gatelog.sheets import Sheet
from portsim.gatelog.words import key_of, saying
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
    sheets: Sequence[Sheet], columns: Mapping[str, Column], given: Mapping[str, Activity]
) -> dict[str, Activity]:
    """What each activity stamps.

    Raises:
        ScenarioError: there are more of them than a port has.
    """
    names = activity_names(sheets, columns)
    if len(names) > _MOST:
        found = f"{len(names):,} activities, such as `{short(next(iter(names)))}`"
        hint = "if this is no column of activities, write into the map which one is"
        refuse(sheets[0].file, "activities", found, f"at most {_MOST}", hint, sheets[0].line)
    spelt: dict[str, str] = {}
    for name in names:
        say = saying(name)
        if not say.stamp:
            spelt.setdefault(key_of(name), name)
    return {name: given[name] if name in given else _guess(name, spelt) for name in names}


def _guess(name: str, spelt: Mapping[str, str]) -> Activity:
    say = saying(name)
    if name.startswith(_OWN) and say.stamp != "queue":
        return Activity("", "ignore", "how the truck left, which is no stage")
    if say.stamp == "queue" and not say.stage:
        return Activity("", "arrival", "the name says arrival")
    if say.stamp and say.stage:
        stage = spelt.get(key_of(say.stage), say.stage)
        return Activity(stage, say.stamp, f"the name says {say.stamp} of {stage}")
    return Activity(spelt.get(key_of(name), name), "", "the stage is called so")

"""The gate log's guess: what each column is, by its name and by what stands in it.

Evidence is written down for each; what matters and cannot be told is a fault that says what to
write into the map. The cells themselves are read elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

from portsim.gatelog.activities import guess_activities
from portsim.gatelog.facts import Facts, facts_of, in_order
from portsim.gatelog.faults import refuse
from portsim.gatelog.in_and_out import joined
from portsim.gatelog.mapping import Column, LogMap
from portsim.gatelog.sheets import Sheet
from portsim.gatelog.stages import stamp_columns
from portsim.gatelog.words import Saying, key_of, saying
from portsim.reading.text import nearest, short

__all__ = ["guess"]

_MOST = 0.7
"""Of the cells of a column of stamps at least so many are stamps."""
_SURE = 0.9
_MOST_TONNES = 200.0
_MOST_STAMPS_OF_EVENTS = 3
_MOST_ACTIVITIES = 500
_PAIRED = MappingProxyType(
    {
        "queue": "the name says in, and trucks come in right after the post before",
        "start": "the name says in, and another says out of the same",
        "end": "the name says out, and another says in of the same",
    }
)
_ONE_OF = ("truck", "truck_class", "direction", "load", "value", "activity", "lifecycle")


def guess(sheets: Sequence[Sheet], given: LogMap | None, map_name: str = "map.yaml") -> LogMap:
    """Guess what a map does not say.

    Args:
        sheets: the tables of a log, in their order.
        given: what is known already; None for nothing.
        map_name: name of the map, for messages.

    Raises:
        ScenarioError: the map names columns that are not there, or something that matters cannot
            be told.
    """
    facts = facts_of(sheets)
    known = given or LogMap("", MappingProxyType({}))
    for name in known.columns:
        if name not in facts:
            near = nearest(name, facts)
            hint = f"did you mean `{near}`?" if near else f"columns are {', '.join(facts)}"
            found, expected = f"`{short(name)}`", "the name of a column of the log"
            refuse(map_name, "map", found, expected, short(hint, 300), path=f"columns.{name}")
    says = {name: saying(name) for name in facts}
    stamps = [name for name in facts if _is_stamp(facts[name], says[name], known.columns.get(name))]
    if not stamps:
        column = short(next(iter(facts)))
        refuse(
            sheets[0].file,
            "no-stamps",
            f"no column of dates with times among {short(', '.join(facts), 300)}",
            "at least one column of stamps",
            f"if there is one, write into the map columns: {{{column}: arrival}}",
            sheets[0].line,
        )
    plain = _plain(facts, says, stamps, known.columns)
    form, why = _form(sheets, facts, says, stamps, plain, known)
    evidence = {"form": why}
    activities = dict(known.activities)
    if form == "events":
        columns = plain | _times(sheets, facts, says, stamps, known)
        _refuse_missing(sheets, columns, facts)
        activities = guess_activities(sheets, columns, known)
    else:
        paired = joined(sheets, says, stamps)
        shares, both = in_order(sheets, stamps)
        columns = plain | stamp_columns(sheets, facts, paired, stamps, (shares, both), known)
        for name in stamps:
            if paired[name] != says[name] and name not in known.columns:
                columns[name] = replace(columns[name], evidence=_PAIRED[columns[name].stamp])
        columns = _resources(columns, says, facts)
    ordered = {name: columns[name] for name in facts}
    return replace(
        known,
        form=form,
        columns=MappingProxyType(ordered),
        activities=MappingProxyType(activities),
        evidence=MappingProxyType({**evidence, **known.evidence} if given else evidence),
    )


def _is_stamp(facts: Facts, says: Saying, given: Column | None) -> bool:
    if given is not None:
        return given.timed
    timed = says.timed or bool(says.stamp) or says.entry
    if says.role in ("load", "value") and not says.stamp:
        return False
    return (
        max(facts.dates, facts.dates + facts.serials if timed else 0.0, facts.times) >= _MOST
        or (facts.epochs >= _SURE and (timed or not says.role))
        or (facts.serials >= _SURE and (timed or (not says.role and facts.parted > 0.5)))
    )


def _plain(
    facts: Mapping[str, Facts],
    says: Mapping[str, Saying],
    stamps: Sequence[str],
    given: Mapping[str, Column],
) -> dict[str, Column]:
    """Columns that are no stamps."""
    columns: dict[str, Column] = {}
    taken = {column.role: name for name, column in given.items()}
    for name, each in facts.items():
        if name in given and not given[name].timed:
            columns[name] = given[name]
            continue
        if name in stamps:
            continue
        role = says[name].role
        if role in ("load", "value") and each.numbers < _MOST:
            role = "truck_class" if role == "load" and each.numbers < 0.1 else ""
        other = taken.get(role)
        if role == "truck" and other in columns and _rather(each, facts[other], known_here=given):
            # Plates have letters; a running number has none.
            columns[other] = Column("ignore", evidence=f"numbers; {name} names the truck")
            other = None
            taken.pop(role)
        if not role:
            columns[name] = Column("ignore", evidence="nothing says what it is")
        elif role in _ONE_OF and other is not None and set(facts[other].sheets) & set(each.sheets):
            columns[name] = Column("ignore", evidence=f"the name says {role}, as that of {other}")
        else:
            taken.setdefault(role, name)
            columns[name] = Column(role, evidence=f"the name says {role}")
            if role == "load" and (_in_kg(name) or each.median > _MOST_TONNES):
                why = f"the name says {role}; half of them are above {each.median:g}"
                columns[name] = Column(role, unit="kg", evidence=why)
    if not any(column.role == "truck" for column in columns.values()):
        for name, each in facts.items():
            blank = columns.get(name)
            unknown = blank is not None and blank.role == "ignore" and name not in given
            if unknown and each.distinct > 0.5 * each.written > 0 and each.numbers < _MOST:
                why = f"{each.distinct} of {each.written} cells differ, as plates do"
                columns[name] = Column("truck", evidence=why)
                break
    return columns


def _rather(each: Facts, other: Facts, known_here: Mapping[str, Column]) -> bool:
    """Whether this column rather has the plates than the other, which is a guess as well."""
    return other.name not in known_here and other.numbers >= _SURE and each.numbers < _MOST


def _in_kg(name: str) -> bool:
    words = set(key_of(name).split())
    return bool(words & {"kg", "кг", "kgs"}) or any(unit in name for unit in ("千克", "公斤"))


def _form(
    sheets: Sequence[Sheet],
    facts: Mapping[str, Facts],
    says: Mapping[str, Saying],
    stamps: Sequence[str],
    plain: Mapping[str, Column],
    known: LogMap,
) -> tuple[str, str]:
    if known.form:
        return known.form, "as the map says"
    if any(sheet.events for sheet in sheets):
        return "events", "the file is an event log"
    activity = next((name for name, column in plain.items() if column.role == "activity"), "")
    of_stages = [name for name in stamps if says[name].stage and says[name].stamp]
    if activity and len(stamps) <= _MOST_STAMPS_OF_EVENTS and not of_stages:
        few = facts[activity].distinct
        if few <= _MOST_ACTIVITIES:
            return "events", f"{activity} names {few} activities beside {', '.join(stamps)}"
    return "trucks", f"{len(stamps)} columns of stamps"


def _times(
    sheets: Sequence[Sheet],
    facts: Mapping[str, Facts],
    says: Mapping[str, Saying],
    stamps: Sequence[str],
    known: LogMap,
) -> dict[str, Column]:
    """Stamps of a row an event: one time, or start and end of the activity."""
    columns = {name: known.columns[name] for name in stamps if name in known.columns}
    rest = [name for name in stamps if name not in columns]
    if len(rest) == 1 and not columns:
        return {rest[0]: Column("time", evidence="the only column of stamps")}
    for name in rest:
        stamp = says[name].stamp
        same = next(
            (other for other, column in columns.items() if column.stamp == stamp and stamp), ""
        )
        if same and set(facts[same].sheets) & set(facts[name].sheets):
            _two(sheets, same, name, f"the {stamp} of an activity")
        if stamp:
            columns[name] = Column("stamp", "", stamp, evidence=f"the name says {stamp}")
        else:
            columns[name] = Column("time", evidence="the name says when")
    times = [name for name, column in columns.items() if column.role == "time"]
    for first, second in pairwise(times):
        if set(facts[first].sheets) & set(facts[second].sheets):
            if facts[first].mere_dates >= _SURE and facts[second].times >= _SURE:
                columns[first] = Column("date", evidence="dates, beside times without one")
            else:
                _two(sheets, first, second, "the time of an event")
    return columns


def _two(sheets: Sequence[Sheet], first: str, second: str, meaning: str) -> None:
    sheet = next(each for each in sheets if first in each.names and second in each.names)
    refuse(
        sheet.file,
        "two-columns",
        f"`{short(first)}` and `{short(second)}`, which both may be {meaning}",
        f"one column that is {meaning}",
        f'write into the map under columns: "{short(second)}": ignore, or what it is',
        sheet.line,
    )


def _refuse_missing(
    sheets: Sequence[Sheet], columns: Mapping[str, Column], facts: Mapping[str, Facts]
) -> None:
    roles = {column.role for column in columns.values()}
    for role in ("truck", "activity"):
        if role not in roles:
            refuse(
                sheets[0].file,
                "no-column",
                f"no column that names the {role} among {short(', '.join(facts), 300)}",
                f"in a row an event, a column that names the {role}",
                f"write into the map under columns: NAME: {role}",
                sheets[0].line,
            )


def _resources(
    columns: dict[str, Column], says: Mapping[str, Saying], facts: Mapping[str, Facts]
) -> dict[str, Column]:
    """Of which stage each column of resources of a row a truck tells."""
    stages = dict.fromkeys(column.stage for column in columns.values() if column.role == "stamp")
    for name, column in columns.items():
        if column.role != "resource" or column.stage:
            continue
        named = [stage for stage in stages if stage and key_of(stage)[:5] in key_of(name)]
        if len(named) == 1 or len(stages) == 1:
            stage = named[0] if named else next(iter(stages))
            columns[name] = replace(column, stage=stage, evidence="the name says so")
        else:
            why = "of which stage it is the resource is not said: {role: resource, stage: …}"
            columns[name] = Column("ignore", evidence=why)
    return columns

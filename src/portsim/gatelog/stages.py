"""The gate log's stages of a row a truck: which column is the arrival, which starts or ends what.

Names are tried first; the order of stamps within trucks decides where they do not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from portsim.arrays import Reals
from portsim.gatelog.facts import Facts
from portsim.gatelog.faults import refuse
from portsim.gatelog.mapping import Column, LogMap
from portsim.gatelog.sheets import Sheet
from portsim.gatelog.words import Saying, key_of
from portsim.reading.text import short

__all__ = ["stamp_columns"]

_SURE = 0.9
_UNNAMED = "service"
"""A stage without a name, where it is the only one."""
_STEM = 5


@dataclass(frozen=True, slots=True)
class _Look:
    """What is known of the columns of stamps."""

    sheets: Sequence[Sheet]
    facts: Mapping[str, Facts]
    says: Mapping[str, Saying]
    names: Sequence[str]
    shares: Reals
    both: Reals

    def earliest(self, name: str) -> float:
        """The least share of trucks in which it comes no later than another stamp."""
        row = self.names.index(name)
        shares = [
            float(self.shares[row, other])
            for other in range(len(self.names))
            if other != row and self.both[row, other]
        ]
        return min(shares, default=1.0)

    def together(self, first: str, second: str) -> bool:
        """Whether one table has both."""
        return bool(set(self.facts[first].sheets) & set(self.facts[second].sheets))

    def place(self, name: str) -> Sheet:
        return self.sheets[self.facts[name].sheets[0]]


def stamp_columns(
    sheets: Sequence[Sheet],
    facts: Mapping[str, Facts],
    says: Mapping[str, Saying],
    stamps: Sequence[str],
    order: tuple[Reals, Reals],
    known: LogMap,
) -> dict[str, Column]:
    """What each column of stamps of a row a truck is.

    Args:
        sheets: the tables.
        facts: what the columns hold.
        says: what their names say.
        stamps: the columns of stamps, in the order of the file.
        order: how they follow each other, see `portsim.gatelog.facts.in_order`.
        known: what is known already.

    Raises:
        ScenarioError: there may be two arrivals, there is none, or two columns stamp one thing.
    """
    look = _Look(sheets, facts, says, stamps, *order)
    columns = {name: known.columns[name] for name in stamps if name in known.columns}
    rest = [name for name in stamps if name not in columns]
    rest = _mere_dates(look, rest, columns)
    if known.arrival and not any(column.role == "arrival" for column in columns.values()):
        for name, why in _arrivals(look, rest, columns).items():
            columns[name] = Column("arrival", evidence=why)
    for name in rest:
        if name not in columns:
            columns[name] = _stage_of(look, name, rest, columns)
    _paired(look, columns)
    _refuse_twice(look, columns)
    return columns


def _mere_dates(look: _Look, names: list[str], columns: dict[str, Column]) -> list[str]:
    """Set dates of times without one aside."""
    bare = [name for name in names if look.facts[name].times >= _SURE]
    days = [name for name in names if look.facts[name].mere_dates >= _SURE]
    if bare and not days and not any(column.role == "date" for column in columns.values()):
        refuse(
            look.place(bare[0]).file,
            "no-dates",
            f"`{short(bare[0])}`, with times of day and no dates",
            "stamps with a date, or a column with the date of the row",
            "write into the map under columns: NAME: date",
            look.place(bare[0]).line,
        )
    if not bare:
        return names
    for name in days:
        date = look.says[name]
        of = [other for other in bare if _same_event(date, look.says[other])]
        if of:
            columns[name] = Column("date", evidence=f"the date of {of[0]}")
        elif name == days[0]:
            columns[name] = Column("date", evidence="dates, beside times without one")
    return [name for name in names if name not in columns]


def _same_event(first: Saying, second: Saying) -> bool:
    """Whether a date and a time of day are of one stamp."""
    event, other_event = ((each.stamp, key_of(each.stage)) for each in (first, second))
    return event == other_event and any(event)


def _paired(look: _Look, columns: dict[str, Column]) -> None:
    """Write to each date of which stamp it is, if it is of one."""
    for name, column in columns.items():
        if column.role != "date" or column.stamp:
            continue
        for other, stamp in columns.items():
            bare = stamp.role in ("arrival", "stamp") and look.facts[other].times >= _SURE
            if bare and _same_event(look.says[name], look.says[other]):
                kind = stamp.stamp or "arrival"
                columns[name] = replace(column, stage=stamp.stage, stamp=kind)


def _arrivals(look: _Look, names: Sequence[str], columns: Mapping[str, Column]) -> dict[str, str]:
    """The column of the arrival (several, if tables have different ones), and why it is."""
    says = look.says
    staged = {key_of(says[name].stage) for name in names if says[name].stamp in ("start", "end")}
    staged |= {key_of(says[name].stage) for name in names if not says[name].stamp}
    staged |= {key_of(column.stage) for column in columns.values()}
    staged.discard("")
    named = [
        name
        for name in names
        if says[name].stamp == "queue" and key_of(says[name].stage) not in staged
    ]
    if named:
        _one_arrival(look, named)
        return dict.fromkeys(named, "the name says arrival" + _and_data(look, named[0]))
    if any(says[name].stamp == "queue" for name in names) or any(
        column.stamp == "queue" for column in columns.values()
    ):
        # The queue of the first stage is the arrival.
        return {}
    for kind, why in (
        (lambda say: say.entry, "the name says entry"),
        (_untold, "it says no stage"),
    ):
        maybe = [name for name in names if kind(says[name]) and look.earliest(name) >= _SURE]
        maybe = [name for name in maybe if not says[name].stamp]
        if maybe:
            first = max(maybe, key=lambda name: (look.earliest(name), -look.names.index(name)))
            return {first: why + _and_data(look, first)}
    return _no_arrival(look)


def _no_arrival(look: _Look) -> NoReturn:
    first = max(look.names, key=look.earliest)
    refuse(
        look.place(first).file,
        "no-arrival",
        f"no column of arrivals among {short(', '.join(look.names), 300)}",
        "a column that stamps when a truck arrives",
        f'write into the map columns: {{"{short(first)}": arrival}}; or arrival: none, if the log '
        "does not stamp it",
        look.place(first).line,
    )


def _untold(say: Saying) -> bool:
    return not say.stamp and not say.stage and say.timed


def _and_data(look: _Look, name: str) -> str:
    if len(look.names) < 2:
        return ""
    return f"; no later than any other stamp in {look.earliest(name):.1%} of trucks or more"


def _one_arrival(look: _Look, named: Sequence[str]) -> None:
    for number, first in enumerate(named):
        for second in named[number + 1 :]:
            if look.together(first, second):
                refuse(
                    look.place(first).file,
                    "two-arrivals",
                    f"`{short(first)}` and `{short(second)}`, which both may be the arrival",
                    "one column that is the arrival",
                    f'write into the map columns: {{"{short(first)}": arrival, '
                    f'"{short(second)}": ignore}}, or {{stage: …, stamp: queue}} for the one that '
                    "is the queue of a later stage",
                    look.place(first).line,
                )


def _stage_of(
    look: _Look, name: str, names: Sequence[str], columns: Mapping[str, Column]
) -> Column:
    say = look.says[name]
    if say.stage:
        stage = _known_stage(say.stage, columns)
        if say.stamp:
            return Column("stamp", stage, say.stamp, evidence=f"the name says {say.stamp}")
        return _only_stamp(look, name, stage, columns)
    before = [columns[other] for other in names[: names.index(name)] if other in columns]
    if say.stamp == "end" and before and before[-1].stamp == "start":
        last = before[-1]
        taken = {(column.stage, column.stamp) for column in columns.values()}
        ends = {
            key_of(look.says[other].stage) for other in names if look.says[other].stamp == "end"
        }
        if (last.stage, "end") not in taken and key_of(last.stage) not in ends - {""}:
            why = f"the name says end, and it follows the start of {last.stage}"
            return Column("stamp", last.stage, "end", evidence=why)
    if say.stamp:
        return Column(
            "stamp", _UNNAMED, say.stamp, evidence=f"the name says {say.stamp} of no stage"
        )
    return Column("stamp", short(name), "end", evidence="a stamp without a stage is one of its own")


def _known_stage(stage: str, columns: Mapping[str, Column]) -> str:
    """The stage as it is called already: in languages with endings it is called in several ways."""
    key = key_of(stage)
    for column in columns.values():
        other = key_of(column.stage)
        if other == key:
            return column.stage
        stem = max(_STEM, min(len(key), len(other)) - 2)
        if other and len(other) >= _STEM and key[:stem] == other[:stem] and " " not in key + other:
            return column.stage
    return stage


def _only_stamp(look: _Look, name: str, stage: str, columns: Mapping[str, Column]) -> Column:
    others = {
        say.stamp
        for other, say in look.says.items()
        if other in look.names
        and other != name
        and say.stamp
        and key_of(say.stage) == key_of(stage)
        and look.together(name, other)
    }
    others |= {column.stamp for column in columns.values() if column.stage == stage}
    stamp = next((each for each in ("end", "start", "queue") if each not in others), "")
    if not stamp:
        return Column("ignore", evidence=f"{stage} has all its stamps without it")
    why = "a stamp of a stage that does not say which is its end"
    if stamp != "end":
        why = f"{stage} has an end of its own, so that this is its {stamp}"
    return Column("stamp", stage, stamp, evidence=why)


def _refuse_twice(look: _Look, columns: Mapping[str, Column]) -> None:
    seen: dict[tuple[str, str, str], str] = {}
    for name, column in columns.items():
        if not column.timed or column.role == "time":
            continue
        key = (column.role, key_of(column.stage), column.stamp)
        other = seen.setdefault(key, name)
        if other != name and look.together(name, other):
            meaning = (
                "the arrival"
                if column.role == "arrival"
                else f"the {column.stamp} of {column.stage}"
            )
            refuse(
                look.place(name).file,
                "two-columns",
                f"`{short(other)}` and `{short(name)}`, which both may be {meaning}",
                f"one column that is {meaning}",
                f'write into the map under columns: "{short(name)}": ignore, or what it is',
                look.place(name).line,
            )

"""Openings and closings of which a stage's own records tell nothing, as at the port's other stages.

Stages of one port mostly keep the same hours. Only where no truck tells are the others asked.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from portsim.fitting.census import Counted
from portsim.fitting.edges import SURE_SLOTS
from portsim.fitting.roster import Roster
from portsim.fitting.weeks import Pattern, Span

__all__ = ["SURE_SLOTS", "in_keeping"]

_Place = tuple[int, bool]
"""Which edge of its day: 0 an opening, 1 a closing; and whether it is the first or the last."""


def in_keeping(told: Mapping[str, Sequence[Roster]]) -> dict[str, list[Roster]]:
    """Rosters whose unsure openings and closings are those that others of the port have surely.

    Those are asked that keep what is sure of its hours, too; all of them where nothing is. Of
    several edges within its limits it has the one that most of them have on most of its days.
    The limits stay.

    Args:
        told: rosters by stage, one after the other.
    """
    return {
        stage: [
            _asked(roster, [rosters[-1] for other, rosters in told.items() if other != stage
                            and rosters])
            for roster in rosters
        ]
        for stage, rosters in told.items()
    }  # fmt: skip


def _asked(roster: Roster, others: Sequence[Roster]) -> Roster:
    """A roster in keeping with others."""
    for days in roster.groups():
        pattern = roster.week[days[0]]
        # Who tells of the same hours on other weekdays tells more than another stage does.
        kin = [day for day, each in enumerate(roster.week) if each == pattern]
        for edge, place in list(_edges(pattern)):
            low, high = roster.limits.get((days[0], edge), (edge, edge))
            if any(_told(roster, day, edge) for day in kin):
                continue
            votes = Counter(
                theirs
                for other in others
                for day in days
                if not _sure(roster, day) or _sure(roster, day) & _sure(other, day)
                for theirs, where in _sure(other, day)
                if where == place and low <= theirs <= high
            )
            if votes:
                new = max(votes, key=lambda each: (votes[each], -abs(each - edge)))
                roster = _moved(roster, days, edge, new, place[0])
    return roster


def _edges(pattern: Pattern) -> Iterator[tuple[int, _Place]]:
    """Slots at which a day opens or closes, and which of its edges each is."""
    for number, span in enumerate(pattern):
        if number == 0 or pattern[number - 1].end < span.begin:
            yield span.begin, (0, number == 0)
        last = number == len(pattern) - 1
        if last or pattern[number + 1].begin > span.end:
            yield span.end, (1, last)


def _told(roster: Roster, day: int, edge: int) -> bool:
    low, high = roster.limits.get((day, edge), (edge, edge))
    return high - low <= SURE_SLOTS


def _sure(roster: Roster, day: int) -> set[tuple[int, _Place]]:
    """The edges of a day that are told."""
    return {(edge, place) for edge, place in _edges(roster.week[day]) if _told(roster, day, edge)}


def _moved(roster: Roster, days: Sequence[int], old: int, new: int, side: int) -> Roster:
    """With one edge elsewhere on some days; as it is where that leaves no order of its spans."""
    (span,) = (each for each in roster.week[days[0]] if each[side] == old)
    there = span._replace(begin=new) if side == 0 else span._replace(end=new)
    pattern = tuple(there if each == span else each for each in roster.week[days[0]])
    apart = all(before.end <= after.begin for before, after in pairwise(pattern))
    breaks = len(list(_edges(pattern))) == len(list(_edges(roster.week[days[0]])))
    if there.begin >= there.end or not apart or not breaks:
        return roster
    week = tuple(pattern if day in days else each for day, each in enumerate(roster.week))
    limits = {
        (day, new if day in days and edge == old else edge): between
        for (day, edge), between in roster.limits.items()
    }
    counted = {
        key: sure
        for key, sure in roster.counted.items()
        if key[0] not in days or not span.begin <= key[1].begin < span.end
    }
    for day in days:
        parts = [part for part in roster.parts(day) if span.begin <= part.begin < span.end]
        counted |= _parts(day, parts, there, roster.counted)
    return replace(roster, week=week, limits=limits, counted=dict(sorted(counted.items())))


def _parts(
    day: int, parts: Sequence[Span], span: Span, counted: Mapping[tuple[int, Span], Counted]
) -> dict[tuple[int, Span], Counted]:
    """The parts of a span whose ends were moved; of what is new nobody knows the servers."""
    told: dict[tuple[int, Span], Counted] = {}
    for part in parts:
        kept = part._replace(begin=max(part.begin, span.begin), end=min(part.end, span.end))
        if kept.begin < kept.end:
            told[day, kept] = counted[day, part]
    beyond = (
        Span(span.begin, parts[0].begin, span.servers),
        Span(parts[-1].end, span.end, span.servers),
    )
    # Where no part is sure, what is new is as unsure as they are.
    some = next((each for each in told.values() if not each.sure), None)
    unknown = some or Counted(1, span.servers, open_end=True)
    return told | {(day, each): unknown for each in beyond if each.begin < each.end}

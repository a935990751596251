"""How surely servers are counted: which other numbers explain the stamps as well, and where.

Hours are known here; nothing is searched but other numbers of servers in the same hours.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from portsim.fitting.weeks import Pattern, Span, Week, tidy

__all__ = ["Counted", "alternatives", "census"]

_FURTHER = 8
_HALF_HOUR = 6


@dataclass(frozen=True, slots=True)
class Counted:
    """How surely the servers of a span are told."""

    low: int
    """Fewest servers that fit alike."""
    high: int
    """Most of them; where the log ends telling, it may be more."""
    open_end: bool
    """Whether more fit alike than were tried."""

    @property
    def sure(self) -> bool:
        """Whether there is one number that fits."""
        return self.low == self.high and not self.open_end


def census(pattern: Pattern, fits: Callable[[Sequence[Span]], bool]) -> dict[Span, Counted]:
    """How surely the servers of a day are told.

    Where trucks seldom wait in the first or the last hours of a span, its number is told by the
    rest of it alone: those hours are a part of their own.

    Args:
        pattern: hours and servers.
        fits: whether spans explain the stamps as well as `pattern` does.

    Returns:
        For each span of the pattern, or the parts it falls into, ascending.
    """
    counted: dict[Span, Counted] = {}
    for number, span in enumerate(pattern):
        before, after = pattern[:number], pattern[number + 1 :]

        def alike(spans: Sequence[Span], before: Pattern = before, after: Pattern = after) -> bool:
            return fits([*before, *spans, *after])

        whole = _range(span, span, alike)
        if not whole.sure:
            counted[span] = whole
            continue
        edges = {span.begin, span.end}
        # Hours of trucks enough to tell one server fewer may be too few to tell one more.
        for more in (-1, 1) if span.servers > 1 else (1,):
            begin = _told_from(span, more, alike)
            edges |= {begin, _told_until(span, begin, more, alike)}
        for first, last in pairwise(sorted(edges)):
            part = Span(first, last, span.servers)
            counted[part] = _range(span, part, alike)
    return counted


def alternatives(week: Week, counted: Mapping[tuple[int, Span], Counted]) -> dict[int, Week]:
    """The week with other servers that fit alike, by how many more there are where most are so.

    Args:
        week: hours and servers.
        counted: by weekday and part.
    """
    less = min((each.low - part.servers for (_, part), each in counted.items()), default=0)
    more = max((each.high - part.servers for (_, part), each in counted.items()), default=0)
    told: dict[int, Week] = {}
    for change in range(less, more + 1):
        changed = tuple(
            tidy(
                [
                    part._replace(servers=min(max(part.servers + change, each.low), each.high))
                    for (weekday, part), each in counted.items()
                    if weekday == day
                ]
            )
            for day in range(len(week))
        )
        if change and changed != week:
            told[change] = changed
    return told


def _range(span: Span, part: Span, alike: Callable[[Sequence[Span]], bool]) -> Counted:
    """Which numbers of servers fit alike in part of a span."""

    def fits(servers: int) -> bool:
        rest = span._replace(end=part.begin), span._replace(begin=part.end)
        return alike([rest[0], part._replace(servers=servers), rest[1]])

    low = high = span.servers
    while low > 1 and fits(low - 1):
        low -= 1
    while high < span.servers + _FURTHER and fits(high + 1):
        high += 1
    return Counted(low, high, high == span.servers + _FURTHER)


def _told_from(span: Span, more: int, alike: Callable[[Sequence[Span]], bool]) -> int:
    """Slot from which on so many more are told from what there is, by half hours."""
    told = span.begin
    edge = (span.begin // _HALF_HOUR + 1) * _HALF_HOUR
    while edge < span.end and alike(
        [Span(span.begin, edge, span.servers + more), span._replace(begin=edge)]
    ):
        told, edge = edge, edge + _HALF_HOUR
    return told


def _told_until(span: Span, begin: int, more: int, alike: Callable[[Sequence[Span]], bool]) -> int:
    """Slot until which they are, after the one from which on they are."""
    told = span.end
    edge = (span.end - 1) // _HALF_HOUR * _HALF_HOUR
    while edge > begin and alike(
        [span._replace(end=edge), Span(edge, span.end, span.servers + more)]
    ):
        told, edge = edge, edge - _HALF_HOUR
    return told

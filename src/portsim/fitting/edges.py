"""How far in and out the edges of a day's hours may lie, as far as trucks tell of them.

The hours come in as they were found; no number of servers is changed.
"""

from collections.abc import Callable, Mapping

from portsim.fitting.weeks import SLOTS, Pattern, Span, tidy

__all__ = ["SURE_SLOTS", "Limits", "limits_of", "trimmed"]

SURE_SLOTS = 3
"""An opening between limits no farther apart is told."""
Limits = Mapping[int, tuple[int, int]]
"""For each edge of a pattern between which slots it may lie."""

_HALF_HOUR, _HOUR = 6, 12
_FLAT = 0.5
"""Log likelihood by which hours may differ and still be told alike."""
_FAR = (36, 12, 6, 3, 1)
"""Slots by which an edge is moved, as long as works are as likely."""


def trimmed(pattern: Pattern, told: Callable[[Pattern], float]) -> tuple[Pattern, Limits]:
    """Edges drawn in as far as trucks tell of them, and out again to the next half hour.

    Args:
        pattern: hours and servers.
        told: log likelihood of a pattern.

    Returns:
        The pattern, and for each of its edges between which slots it may lie: so far in and so far
        out that no truck tells otherwise, the other edges where they are.
    """
    inner = _inner(pattern, told)
    outer = []
    for number, (begin, end, servers) in enumerate(inner):
        left = inner[number - 1].end if number else 0
        right = inner[number + 1].begin if number + 1 < len(inner) else SLOTS
        rounded = begin // _HALF_HOUR * _HALF_HOUR, -(-end // _HALF_HOUR) * _HALF_HOUR
        touching = left == begin and number > 0, right == end and number + 1 < len(inner)
        outer.append(
            Span(
                begin if touching[0] else max(rounded[0], left, pattern[number].begin),
                end if touching[1] else min(rounded[1], right, pattern[number].end),
                servers,
            )
        )
    if _over_midnight(pattern) == 0 < _over_midnight(inner) <= _HOUR:
        # That nobody came for a while is no reason to close at midnight.
        outer[0] = outer[0]._replace(begin=0)
        outer[-1] = outer[-1]._replace(end=SLOTS)
    limits = {}
    for number, span in enumerate(outer):
        # Where nobody came, the search had no reason to look.
        begin, end = (_farthest(pattern, number, side, told) for side in (0, 1))
        limits[span.begin] = (begin, inner[number].begin)
        limits[span.end] = (inner[number].end, end)
    return tidy(outer), limits


def limits_of(pattern: Pattern, told: Callable[[Pattern], float]) -> Limits:
    """For each edge of a pattern between which slots it may lie, the pattern as it is: see
    `trimmed`."""
    limits = {}
    for number, (span, within) in enumerate(zip(pattern, _inner(pattern, told), strict=True)):
        begin, end = (_farthest(pattern, number, side, told) for side in (0, 1))
        limits[span.begin] = (begin, within.begin)
        limits[span.end] = (within.end, end)
    return limits


def _inner(pattern: Pattern, told: Callable[[Pattern], float]) -> Pattern:
    """With all edges drawn in as far as trucks tell of them."""
    for number in range(len(pattern)):
        for side in (0, 1):
            pattern = _drawn_in(pattern, number, side, told)
    return pattern


def _over_midnight(pattern: Pattern) -> int:
    """Slots for which it is closed between two days."""
    return pattern[0].begin + SLOTS - pattern[-1].end


def _drawn_in(
    pattern: Pattern, number: int, side: int, told: Callable[[Pattern], float]
) -> Pattern:
    """With one edge as far in as works are about as likely at each step."""
    for step in _FAR:
        while (tried := _with_edge(pattern, number, side, step)) is not None:
            if told(tried) < told(pattern) - _FLAT:
                break
            pattern = tried
    return pattern


def _farthest(pattern: Pattern, number: int, side: int, told: Callable[[Pattern], float]) -> int:
    """The slot as far out as one edge may lie with works as likely as they are."""
    least = told(pattern) - _FLAT
    # Most edges are told by somebody who waits for them.
    further = _with_edge(pattern, number, side, -_FAR[-1])
    if further is None or told(further) < least:
        return pattern[number][side]
    for step in _FAR:
        while (tried := _with_edge(pattern, number, side, -step)) is not None:
            if told(tried) < least:
                break
            pattern = tried
    return pattern[number][side]


def _with_edge(pattern: Pattern, number: int, side: int, further: int) -> Pattern | None:
    """A pattern with one outer edge so many slots further in; None where that cannot be."""
    span = pattern[number]
    neighbour = number - 1 if side == 0 else number + 1
    # Between two spans a slot stays closed: without it they would be one.
    least, most = 0, SLOTS
    if 0 <= neighbour < len(pattern):
        other = pattern[neighbour]
        if (other.end == span.begin) if side == 0 else (other.begin == span.end):
            return None
        least, most = (other.end + 1, SLOTS) if side == 0 else (0, other.begin - 1)
    moved = (
        span._replace(begin=span.begin + further)
        if side == 0
        else span._replace(end=span.end - further)
    )
    if moved.begin >= moved.end or moved.begin < least or moved.end > most:
        return None
    return (*pattern[:number], moved, *pattern[number + 1 :])

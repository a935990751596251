"""Queues in which trucks choose, servers are opened, or some take all servers: exact chains.

Time is in hours, all times are exponential; states are cut off where they hardly ever occur.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import spsolve

State = TypeVar("State", bound=tuple)


def _shares(
    start: State, flows: Callable[[State], Iterable[tuple[State, float]]]
) -> Mapping[State, float]:
    """The share of time that a chain is in each state that it comes to.

    Args:
        start: a state.
        flows: from a state, where to and at what rate.
    """
    number, states, entries = {start: 0}, [start], []
    for state in states:
        for goal, rate in flows(state):
            if goal not in number:
                number[goal] = len(states)
                states.append(goal)
            entries += [(number[goal], number[state], rate), (number[state], number[state], -rate)]
    rows, columns, rates = (np.array(part) for part in zip(*entries, strict=True))
    # One equation follows from the rest; in its place stands that all shares add up to 1.
    keep, n = rows != 0, len(states)
    rows, columns = np.append(rows[keep], np.zeros(n, int)), np.append(columns[keep], np.arange(n))
    matrix = coo_matrix((np.append(rates[keep], np.ones(n)), (rows, columns)), shape=(n, n))
    shares = spsolve(matrix.tocsc(), np.append(1.0, np.zeros(n - 1)))
    return dict(zip(states, shares.tolist(), strict=True))


@dataclass(frozen=True)
class Opened:
    """One server, and one more that the queue opens."""

    queue: float
    inside: float
    extra: float
    """Share of time in which the second one is open."""
    opened: float
    """Openings in an hour."""


def opened(rate: float, mean: float, when_waiting: int, most: int = 300) -> Opened:
    """A second server opens as soon as so many wait, and closes when nobody does; whoever is at
    work when it closes finishes (Romani 1957; Moder and Phillips 1962, but for that).

    States: how many wait, how many are at work, whether the second is open.
    """

    def settled(waits: int, works: int, extra: bool) -> tuple[int, int, bool]:
        while True:
            goes = min(waits, max(0, 1 + extra - works))
            waits, works = waits - goes, works + goes
            turned = (extra and waits > 0) or (not extra and waits >= when_waiting)
            if turned == extra:
                return waits, works, extra
            extra = turned

    def flows(state: tuple[int, int, bool]) -> Iterable[tuple[tuple[int, int, bool], float]]:
        waits, works, extra = state
        if waits < most:
            yield settled(waits + 1, works, extra), rate
        if works:
            yield settled(waits, works - 1, extra), works / mean

    shares = _shares((0, 0, False), flows)
    return Opened(
        queue=sum(p * waits for (waits, _, _), p in shares.items()),
        inside=sum(p * (waits + works) for (waits, works, _), p in shares.items()),
        extra=sum(p for (_, _, extra), p in shares.items() if extra),
        opened=sum(
            p * speed
            for state, p in shares.items()
            for goal, speed in flows(state)
            if goal[2] and not state[2]
        ),
    )


@dataclass(frozen=True)
class TwoLines:
    """Two lines with a server each."""

    wait: float
    """Mean of all trucks."""
    inside: float
    first: float
    """Share of trucks that join the first."""
    first_queue: float
    second_queue: float


def _two_lines(
    rate: float, mean: float, to_first: Callable[[int, int], bool], most: int
) -> TwoLines:
    def flows(state: tuple[int, int]) -> Iterable[tuple[tuple[int, int], float]]:
        a, b = state
        goal = (a + 1, b) if to_first(a, b) else (a, b + 1)
        if max(goal) <= most:
            yield goal, rate
        if a:
            yield (a - 1, b), 1 / mean
        if b:
            yield (a, b - 1), 1 / mean

    shares = _shares((0, 0), flows)
    first_queue = sum(p * max(a - 1, 0) for (a, _), p in shares.items())
    second_queue = sum(p * max(b - 1, 0) for (_, b), p in shares.items())
    return TwoLines(
        wait=(first_queue + second_queue) / rate,
        inside=sum(p * (a + b) for (a, b), p in shares.items()),
        first=sum(p for (a, b), p in shares.items() if to_first(a, b)),
        first_queue=first_queue,
        second_queue=second_queue,
    )


def shorter(rate: float, mean: float, most: int = 80) -> TwoLines:
    """The line with fewer trucks is joined, of equal ones the first."""
    return _two_lines(rate, mean, lambda a, b: a <= b, most)


def overflow(rate: float, mean: float, when_waiting: int, most: int = 120) -> TwoLines:
    """The first line is joined unless so many wait there, who is at work not counted."""
    return _two_lines(rate, mean, lambda a, b: a - 1 < when_waiting, most)


def quick_and_slow(rate: float, mean: float, times: float) -> tuple[float, float]:
    """One queue before a server and one that takes longer; the quick one is preferred.

    Returns:
        Mean wait, and the share of trucks that the slow one serves. States: nobody, the quick one
        alone, the slow one alone, both and nobody waits; then as a queue with one server.
    """
    quick, slow = 1 / mean, 1 / mean / times
    load = rate / (quick + slow)
    balance = [
        [-rate, quick, slow, 0],
        [rate, -(rate + quick), 0, slow],
        [0, 0, -(rate + slow), quick],
        [1, 1, 1, 1 / (1 - load)],
    ]
    _, _, alone, both = np.linalg.solve(np.array(balance), [0, 0, 0, 1])
    wait = both * load / (1 - load) ** 2 / rate
    return float(wait), float(slow * (alone + both / (1 - load)) / rate)


@dataclass(frozen=True)
class BothLanes:
    """Mean waits."""

    convoys: float
    lorries: float


def both_lanes(convoys: float, lorries: float, mean: float) -> BothLanes:
    """Two servers; convoys take both at once, and while one waits no lorry begins.

    Args:
        convoys: of them in an hour.
        lorries: likewise.
        mean: hours of work of either.
    """
    most_convoys, most_lorries = 12, 150
    # States: convoys and lorries that wait, and who is at work: -1 a convoy, else so many lorries.

    def settled(c: int, n: int, at_work: int) -> tuple[int, int, int]:
        if c and at_work == 0:
            return c - 1, n, -1
        if not c and at_work >= 0:
            goes = min(n, 2 - at_work)
            return c, n - goes, at_work + goes
        return c, n, at_work

    def flows(state: tuple[int, int, int]) -> Iterable[tuple[tuple[int, int, int], float]]:
        c, n, at_work = state
        if c < most_convoys:
            yield settled(c + 1, n, at_work), convoys
        if n < most_lorries:
            yield settled(c, n + 1, at_work), lorries
        if at_work:
            yield settled(c, n, max(0, at_work - 1)), abs(at_work) / mean

    shares = _shares((0, 0, 0), flows)
    return BothLanes(
        convoys=sum(p * c for (c, _, _), p in shares.items()) / convoys,
        lorries=sum(p * n for (_, n, _), p in shares.items()) / lorries,
    )

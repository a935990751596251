"""Queues with an exact chain: the Kolmogorov equations, solved by numbers. No simulation here.

Time is in hours; everything repeats daily, and what is looked for is the day that reproduces
itself. States are cut off where they hardly ever occur.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.linalg import expm

from theory.formulas import stationary

PARTS = 24
"""Steps of an hour for means over time (Simpson's rule)."""


@dataclass(frozen=True)
class Daily:
    """A queue over its day: p[k] is the distribution of states at k / PARTS hours."""

    states: np.ndarray
    """int[n, 2]: waiting, in service; or more columns, as is said."""
    p: np.ndarray
    """float[24 * PARTS + 1, n], right after whatever happens at that moment."""
    ends: np.ndarray
    """float[24, n]: distribution at the end of each hour, right before what happens there."""

    def at(self, hour: float, value: Callable[[np.ndarray], np.ndarray]) -> float:
        """Mean of a value of the states at an hour."""
        return float(self.p[round(hour * PARTS)] @ value(self.states))

    def mean(self, value: Callable[[np.ndarray], np.ndarray] | Sequence[np.ndarray]) -> float:
        """Mean over the day; of one value an hour if a sequence is given."""
        total = 0.0
        weight = np.array([1.0, *([4.0, 2.0] * (PARTS // 2 - 1)), 4.0, 1.0]) / 3 / PARTS
        for hour in range(24):
            here = value(self.states) if callable(value) else value[hour]
            rows = self.p[hour * PARTS : (hour + 1) * PARTS + 1].copy()
            rows[-1] = self.ends[hour]
            total += float(weight @ (rows @ here))
        return total / 24


def exhaustive(
    rates: Sequence[float], mean: float, servers: Sequence[int], most: int = 90
) -> Daily:
    """M(t)/M/c(t) whose servers finish what they began (Ingolfsson, Akhmetshina, Budge, Li and Wu
    2007, INFORMS Journal on Computing 19(2), section 2: exhaustive discipline).

    Args:
        rates: arrivals an hour in each of 24 hours.
        mean: mean service in hours.
        servers: servers in each of 24 hours.
        most: largest number waiting.
    """
    top = max(servers)
    states = np.array([(w, s) for w in range(most + 1) for s in range(top + 1)])
    number = {(int(w), int(s)): k for k, (w, s) in enumerate(states)}

    def flow(rate: float, c: int) -> np.ndarray:
        q = np.zeros((len(states), len(states)))
        for (w, s), k in number.items():
            if s < c and w == 0:
                q[k, number[0, s + 1]] += rate
            elif w < most:
                q[k, number[w + 1, s]] += rate
            if s:
                to = (w - 1, s) if w and s <= c else (w, s - 1)
                q[k, number[to]] += s / mean
        np.fill_diagonal(q, q.diagonal() - q.sum(axis=1))
        return q

    def begin(c: int) -> np.ndarray:
        """Who waits is admitted where servers are free."""
        move = np.zeros((len(states), len(states)))
        for (w, s), k in number.items():
            goes = min(w, max(0, c - s))
            move[k, number[w - goes, s + goes]] = 1.0
        return move

    return _day(
        states,
        [flow(r, c) for r, c in zip(rates, servers, strict=True)],
        [begin(c) for c in servers],
    )


def overlapping(
    rates: Sequence[float],
    mean: float,
    servers: Sequence[int],
    changes: Sequence[int],
    most: int = 60,
) -> Daily:
    """M(t)/M/c(t) whose shifts go at some hours, all of them, and finish beside those who come.

    The works that end first after a change are taken for those of who is gone.

    Args:
        rates: arrivals an hour in each of 24 hours.
        mean: mean service in hours.
        servers: servers in each of 24 hours.
        changes: the hours at which a shift is relieved.
        most: largest number waiting.

    Returns:
        With states of three columns: waiting, with those on duty, with those who should be gone.
    """
    top = max(servers)
    states = np.array(
        [(w, s, left) for w in range(most + 1) for s in range(top + 1) for left in range(top + 1)]
    )
    number = {(int(w), int(s), int(left)): k for k, (w, s, left) in enumerate(states)}

    def flow(rate: float, c: int) -> np.ndarray:
        q = np.zeros((len(states), len(states)))
        for (w, s, left), k in number.items():
            if s < c and w == 0:
                q[k, number[0, s + 1, left]] += rate
            elif w < most:
                q[k, number[w + 1, s, left]] += rate
            if left:
                q[k, number[w, s, left - 1]] += (s + left) / mean
            elif s:
                to = (w - 1, s, 0) if w and s <= c else (w, s - 1, 0)
                q[k, number[to]] += s / mean
        np.fill_diagonal(q, q.diagonal() - q.sum(axis=1))
        return q

    def begin(c: int, relieved: bool) -> np.ndarray:
        move = np.zeros((len(states), len(states)))
        for (w, s, left), k in number.items():
            # Of a shift whose work is not done for so long hardly anybody is left at the next.
            on, off = (0, min(top, s + left)) if relieved else (s, left)
            goes = min(w, max(0, c - on))
            move[k, number[w - goes, on + goes, off]] = 1.0
        return move

    return _day(
        states,
        [flow(r, c) for r, c in zip(rates, servers, strict=True)],
        [begin(c, hour in changes) for hour, c in enumerate(servers)],
    )


def paused_at_night(
    rates: Sequence[float], mean: float, open_: Sequence[bool], most: int = 200
) -> Daily:
    """M(t)/M/1 that stops where it stands while it is closed, and goes on when it opens."""
    states = np.array([(max(0, n - 1), min(1, n)) for n in range(most + 1)])

    def flow(rate: float, works: bool) -> np.ndarray:
        q = np.zeros((most + 1, most + 1))
        for n in range(most + 1):
            if n < most:
                q[n, n + 1] = rate
            if n and works:
                q[n, n - 1] = 1 / mean
        np.fill_diagonal(q, q.diagonal() - q.sum(axis=1))
        return q

    flows = [flow(r, o) for r, o in zip(rates, open_, strict=True)]
    return _day(states, flows, [np.eye(most + 1)] * 24)


def _day(states: np.ndarray, flows: list[np.ndarray], begins: list[np.ndarray]) -> Daily:
    short: dict[bytes, tuple[np.ndarray, np.ndarray]] = {}
    steps, hours = [], []
    for q in flows:
        key = q.tobytes()
        if key not in short:
            step = expm(q / PARTS)
            short[key] = step, np.linalg.matrix_power(step, PARTS)
        steps.append(short[key][0])
        hours.append(short[key][1])
    whole = np.eye(len(states))
    for hour, begin in zip(hours, begins, strict=True):
        whole = whole @ begin @ hour
    at = stationary(whole)
    rows, ends = [], []
    for step, begin in zip(steps, begins, strict=True):
        at = at @ begin
        for _ in range(PARTS):
            rows.append(at)
            at = at @ step
        ends.append(at)
    return Daily(states, np.array([*rows, at]), np.array(ends))


@dataclass(frozen=True)
class Blocking:
    """Two single exponential stations, no room between: means of what matters."""

    queue: float
    """Waiting before the first, not begun."""
    first: float
    """Share of time in which the first is used, blocked time included."""
    second: float
    blocked: float
    """Hours a truck stands finished in the first."""
    inside: float


def blocking(rate: float, means: tuple[float, float], most: int = 400) -> Blocking:
    """M/M/1 → /M/1 without room between: blocking after service (Hunt 1956; GSTH section 4.2).

    States: x at the first station and not finished there; second idle, busy, or busy with a
    finished truck standing in the first.
    """
    count = 3 * (most + 1)
    q = np.zeros((count, count))
    for x in range(most + 1):
        for y in range(3):
            k = 3 * x + y
            if x < most:
                q[k, k + 3] += rate
            if x and y < 2:
                q[k, 3 * (x - 1) + y + 1] += 1 / means[0]
            if y:
                q[k, k - 1] += 1 / means[1]
    np.fill_diagonal(q, q.diagonal() - q.sum(axis=1))
    p = stationary(np.eye(count) + q / (2 * -q.diagonal().min())).reshape(-1, 3)
    x = np.arange(most + 1)[:, None]
    y = np.arange(3)[None, :]
    held = float(p[:, 2].sum())
    return Blocking(
        queue=float((p * np.where(y == 2, x, np.maximum(x - 1, 0))).sum()),
        first=float((p * ((x > 0) | (y == 2))).sum()),
        second=float(p[:, 1:].sum()),
        blocked=held / rate,
        inside=float((p * (x + (y > 0) + (y == 2))).sum()),
    )


def quota(rate: float, level: int, hour: float, most: int = 300) -> tuple[float, float]:
    """A queue that admits at once, but only so many from one refill to the next.

    Args:
        rate: arrivals a day, Poisson, alike at all hours.
        level: admissions a day; what is left at the refill lapses.
        hour: hours after the refill.
        most: largest number waiting at a refill.

    Returns:
        Mean number waiting at that hour, and over the day. At the refill the number waiting is a
        chain: W' = max(0, W + arrivals − level).
    """
    came = stats.poisson.pmf(np.arange(most + level + 1), rate)
    step = np.zeros((most + 1, most + 1))
    for waiting in range(most + 1):
        after = np.clip(waiting + np.arange(len(came)) - level, 0, most)
        np.add.at(step[waiting], after, came)
    step /= step.sum(axis=1, keepdims=True)
    at_refill = stationary(step)

    def waits(part: float) -> float:
        # min(W, level) go at the refill; the tokens then left go to those who come.
        still = np.maximum(0, np.arange(most + 1) - level)
        tokens = np.maximum(0, level - np.arange(most + 1))
        numbers = np.arange(len(came))
        pmf = stats.poisson.pmf(numbers, rate * part)
        beyond = np.array([(pmf * np.maximum(0, numbers - t)).sum() for t in range(level + 1)])
        return float(at_refill @ (still + beyond[tokens]))

    parts = np.linspace(0, 1, 49)
    weight = np.array([1.0, *([4.0, 2.0] * 23), 4.0, 1.0]) / 3 / 48
    return waits(hour / 24), float(weight @ [waits(part) for part in parts])

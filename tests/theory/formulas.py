"""Queues with a formula: what textbooks say of them, in hours. No simulation enters here.

Sources: Gross, Shortle, Thompson and Harris, Fundamentals of Queueing Theory (4th ed. 2008), named
GSTH below; Tijms, A First Course in Stochastic Models (2003).
"""

import itertools
import math

import numpy as np
from scipy import integrate, stats


def erlang_c(servers: int, load: float) -> float:
    """Probability of waiting in M/M/c at an offered load of so many servers (GSTH 2.38)."""
    full = load**servers / math.factorial(servers) * servers / (servers - load)
    return full / (full + sum(load**k / math.factorial(k) for k in range(servers)))


def mmc_wait(rate: float, mean: float, servers: int) -> float:
    """Mean wait of M/M/c (GSTH 2.40); arrivals an hour, mean service in hours."""
    load = rate * mean
    return erlang_c(servers, load) * mean / (servers - load)


def mg1_wait(rate: float, mean: float, cv: float) -> float:
    """Mean wait of M/G/1: Pollaczek and Khinchine (GSTH 5.12)."""
    load = rate * mean
    return load * mean * (1 + cv * cv) / 2 / (1 - load)


def mdc_wait(rate: float, mean: float, servers: int, most: int = 400) -> float:
    """Mean wait of M/D/c from the chain of Crommelin (1932): the number inside seen every `mean`
    hours is max(0, number − servers) + those who came meanwhile (Tijms, section 9.6.2)."""
    came = stats.poisson.pmf(np.arange(most), rate * mean)
    step = np.zeros((most, most))
    for inside in range(most):
        left = max(0, inside - servers)
        step[inside, left:] = came[: most - left]
        step[inside, -1] += 1 - step[inside].sum()
    inside = stationary(step)
    return float(inside @ np.arange(most)) / rate - mean


def returning(rate: float, mean: float, again: float) -> tuple[float, float, float]:
    """A server with room for one that waits, to which those that turn away come again much later.

    Returns:
        Comings in a unit of time, the share of it in which the server is busy, and the share of the
        comings that turn away: the fixed point of the comings and of M/M/1/2.
    """
    comings = rate
    for _ in range(1000):
        load = comings * mean
        none = 1 / (1 + load + load**2)
        lost = load**2 * none
        comings = rate / (1 - again * lost)
    return comings, 1 - none, lost


def breaking_server(rate: float, mean: float, up: float, down: float) -> float:
    """Mean number at a server that breaks at any time, busy or idle, and whose work is resumed.

    Arrivals are Poisson and all times exponential: the chain of the number there and of up or down
    (White and Christie 1958), cut at a number that is never reached.
    """
    length, serve = 600, 1 / mean
    n = 2 * length
    flow = np.zeros((n, n))
    for k in range(length):
        for state in (0, 1):
            here = 2 * k + state
            if k + 1 < length:
                flow[here, here + 2] = rate
            flow[here, 2 * k + 1 - state] = 1 / up if state == 0 else 1 / down
            if state == 0 and k > 0:
                flow[here, here - 2] = serve
    flow -= np.diag(flow.sum(axis=1))
    system = np.vstack([flow.T[:-1], np.ones(n)])
    share = np.linalg.solve(system, np.append(np.zeros(n - 1), 1.0))
    return float(share @ (np.arange(n) // 2))


def beginning_anew(rate: float, work: float, up: float, down: float) -> tuple[float, float]:
    """Stay at a server that breaks at any time and whose work, always as long, is begun anew.

    Up and repair times are exponential, arrivals Poisson. A work is over at the first attempt that
    no breakdown cuts short: its time and that of all repairs before is what the server is taken for
    (Gaver 1962, preempt-repeat). Who comes to an empty port may find the server broken, which makes
    the first service of a busy period longer (Welch 1964, exceptional first service).

    Returns:
        Mean stay, and how often a work is interrupted.
    """
    cut = -np.expm1(-work / up)
    often = cut / (1 - cut)
    # Time of an attempt that fails, with the repair after it.
    fails = up - work * (1 - cut) / cut
    square = 2 * up**2 - (work**2 + 2 * up * work) * (1 - cut) / cut
    lost, lost_2 = fails + down, square + 2 * fails * down + 2 * down**2
    taken = work + often * lost
    taken_2 = work**2 + 2 * work * often * lost + often * lost_2 + 2 * often**2 * lost**2
    # Up at the end of a busy period; the share of those who come next that find it broken.
    breaks, mends = 1 / up / (rate + 1 / up), 1 / down / (rate + 1 / down)
    broken = breaks * (1 - mends) / (1 - breaks * mends)
    first = broken * down + taken
    first_2 = taken_2 + 2 * broken * down * taken + 2 * broken * down**2
    load, load_first = rate * taken, rate * first
    alone = (1 - load) / (1 - load + load_first)
    wait = rate * taken_2 / 2 / (1 - load)
    wait += rate * (first_2 - taken_2) / 2 / (1 - load + load_first)
    return float(wait + alone * first + (1 - alone) * taken), float(often)


def cobham_waits(rates: tuple[float, ...], mean: float, servers: int) -> list[float]:
    """Mean waits of the classes of a non-preemptive priority M/M/c, the first goes first (Cobham
    1954; GSTH 4.36)."""
    load = sum(rates) * mean
    residual = erlang_c(servers, load) * mean / servers
    waits, before = [], 0.0
    for rate in rates:
        upto = before + rate * mean / servers
        waits.append(residual / (1 - before) / (1 - upto))
        before = upto
    return waits


def rising_waits(rates: tuple[float, float], mean: float, ratio: float) -> tuple[float, float]:
    """Mean waits in M/M/1 of a class whose priority rises slowly, and of one where it rises fast.

    Args:
        rates: arrivals an hour of the slow and of the fast class.
        mean: hours of work.
        ratio: of the speed of the slow class to that of the fast one (Kleinrock 1964).
    """
    slow, fast = (rate * mean for rate in rates)
    usual = mmc_wait(sum(rates), mean, 1)
    of_slow = usual / (1 - fast * (1 - ratio))
    return of_slow, usual - slow * of_slow * (1 - ratio)


def convoys(rate: float, most: int, after: float) -> tuple[float, float]:
    """Mean wait for a convoy, and its mean size, by renewal and reward.

    It departs when so many are there, or so many hours after its first truck came.
    """

    def there(hours: float) -> float:
        """How many have come, the first included, where it has not gone yet."""
        numbers = np.arange(most - 1)
        return float(stats.poisson.pmf(numbers, rate * hours) @ (1 + numbers))

    later = np.arange(200)
    size = float(stats.poisson.pmf(later, rate * after) @ (1 + np.minimum(later, most - 1)))
    return integrate.quad(there, 0, after)[0] / size, size


def slots(rate: float, quota: int, most: int = 400) -> tuple[float, float]:
    """Slots of an hour with so many places each, taken in the order of the times that are wanted,
    each the next that has room (Bailey 1954, a queue served in batches).

    Returns:
        Share of those who get the slot that they want, and mean hours from the time that is wanted
        to the beginning of the slot, 0 for these. Those moved on from one slot to the next are a
        chain: X' = max(0, X + came - quota).
    """
    came = stats.poisson.pmf(np.arange(60), rate)
    step = np.zeros((most + 1, most + 1))
    for moved in range(most + 1):
        after = np.clip(moved + np.arange(len(came)) - quota, 0, most)
        np.add.at(step[moved], after, came)
    before = stationary(step / step.sum(axis=1, keepdims=True))
    wanted = wait = 0.0
    for moved, chance in enumerate(before):
        for number in range(1, len(came)):
            # Who wants the k-th of n times in an hour wants it k / (n + 1) after its beginning.
            place = np.arange(1, number + 1)
            later = (moved + place - 1) // quota
            hours = np.where(later > 0, later - place / (number + 1), 0.0)
            wanted += chance * came[number] * np.count_nonzero(later == 0)
            wait += chance * came[number] * hours.sum()
    return float(wanted / rate), float(wait / rate)


def infinite_servers(rate_at, survives, when: float, back: float) -> float:
    """Mean number inside M(t)/G/∞ at an hour: the arrivals of each moment before, times the share
    that still is there (Eick, Massey and Whitt 1993, theorem 1).

    Args:
        rate_at: arrivals an hour at an hour of the day, constant within each hour.
        survives: share of services longer than so many hours.
        when: hour of the day.
        back: hours before which nobody stays.
    """
    edges = np.unique(np.append(np.arange(math.floor(when - back), math.floor(when) + 1), when))
    return float(
        sum(
            rate_at(a % 24) * integrate.quad(lambda t: survives(when - t), a, b)[0]
            for a, b in itertools.pairwise(edges)
        )
    )


def stationary(step: np.ndarray) -> np.ndarray:
    """Stationary distribution of a chain with this matrix of steps, rows summing to 1."""
    # One equation follows from the rest; in its place stands that all shares add up to 1.
    equations = step.T - np.eye(len(step))
    equations[-1] = 1.0
    return np.linalg.solve(equations, np.append(np.zeros(len(step) - 1), 1.0))

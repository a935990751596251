"""Queues whose answer is known: the engines against formulas and recursions.

Means are taken over batches of one long run (the first batch, in which the queue fills, is left
out); the formula has to lie in their 99.9 % interval, and the interval has to be sharp. Service
takes 1,000 s and more on average, so that whole seconds do not show.
"""

import heapq
import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from plans import Day, Opens, Stage, Truck, Visit, servers
from portsim.engines import compiled, simpy

BATCHES = 25
BEGINNING = 10_000


def log_of(whole, beginning):
    """The log of a long run by the compiled engine; SimPy says the same of its first trucks.

    It takes a second for each hundred thousand visits, and what it would say of all of them is no
    news where both say the same.
    """
    assert simpy.run(beginning) == compiled.run(beginning)
    return compiled.run(whole)


def station(arrival, work, crew=1, opens=None):
    """One station and trucks with one visit each."""
    visit = Visit("desk", 0, {"officer": 1})
    one = Day(1, {"officer": servers(crew, opens=opens)}, {"desk": Stage()}, [Truck(0, [visit])])
    return many(one, arrival, np.arange(len(arrival) + 1), np.zeros(len(arrival), int), work)


def many(day, arrival, first_visit, kind, work):
    """The day with many trucks instead of its one; each visit is like one of that truck's."""
    sample = replace(day, end=int(arrival[-1] + work.sum()) + 1).plan()
    columns = ("kind", "patience", "tolerance")
    return replace(
        sample,
        arrival=arrival,
        priority=np.zeros(len(arrival), dtype=np.int64),
        first_visit=first_visit.astype(np.int64),
        visit_work=work,
        context=None,
        **{f"visit_{name}": getattr(sample, f"visit_{name}")[kind] for name in columns},
    )


def poisson(rng, mean, size):
    return np.cumsum(rng.exponential(mean, size)).astype(np.int64)


def batch_means(values):
    return np.array([batch.mean() for batch in np.array_split(values, BATCHES)[1:]])


def mean_numbers(came, went, end):
    """Mean number of those between `came` and `went`, in each batch of the time to `end`."""
    edges = np.linspace(0, end, BATCHES + 1)[1:]
    return np.array(
        [
            np.clip(np.minimum(went, b) - np.maximum(came, a), 0, None).sum() / (b - a)
            for a, b in pairwise(edges)
        ]
    )


def assert_equals(means, theory):
    """The formula lies in the 99.9 % interval of the batch means, and that is narrow."""
    half = stats.t.ppf(0.9995, len(means) - 1) * means.std(ddof=1) / math.sqrt(len(means))
    assert half <= 0.05 * theory, f"± {half / theory:.1%} is not sharp"
    assert abs(means.mean() - theory) <= half, f"{means.mean()} ± {half}, not {theory}"


def erlang_c(crew, load):
    """Probability of waiting in M/M/c with an offered load of so many servers."""
    full = load**crew / math.factorial(crew) * crew / (crew - load)
    return full / (full + sum(load**k / math.factorial(k) for k in range(crew)))


@pytest.mark.parametrize(("crew", "load", "trucks"), [(1, 0.5, 200_000), (3, 1.8, 500_000)])
def test_erlang_c(crew, load, trucks):
    """M/M/1 and M/M/c: probability of waiting, mean wait, mean length of the queue."""
    rng, mean = np.random.default_rng(crew), 1500.0
    arrival = poisson(rng, mean / load, trucks)
    work = np.rint(rng.exponential(mean, trucks)).astype(np.int64)
    first = slice(BEGINNING)
    log = log_of(station(arrival, work, crew), station(arrival[first], work[first], crew))
    waiting = erlang_c(crew, load)
    wait = waiting * mean / (crew - load)
    assert_equals(batch_means(log.admitted > log.queued), waiting)
    assert_equals(batch_means(log.admitted - log.queued), wait)
    assert_equals(mean_numbers(log.queued, log.admitted, arrival[-1]), wait * load / mean)


@pytest.mark.parametrize(
    ("cv", "draw"),
    [
        (0.0, lambda rng, size: np.ones(size)),
        (0.5, lambda rng, size: rng.gamma(4.0, 0.25, size)),
        (0.8, lambda rng, size: rng.lognormal(-math.log(1.64) / 2, math.log(1.64) ** 0.5, size)),
    ],
    ids=["M/D/1", "M/E4/1", "M/lognormal/1"],
)
def test_pollaczek_khinchine(cv, draw):
    """M/D/1 and M/G/1: the mean wait grows with the variation of the service."""
    rng, mean, load, trucks = np.random.default_rng(5), 2000.0, 0.5, 200_000
    arrival = poisson(rng, mean / load, trucks)
    work = np.rint(mean * draw(rng, trucks)).astype(np.int64)
    first = slice(BEGINNING)
    log = log_of(station(arrival, work), station(arrival[first], work[first]))
    wait = load * mean * (1 + cv * cv) / 2 / (1 - load)
    assert_equals(batch_means(log.admitted - log.queued), wait)
    assert_equals(batch_means(log.admitted > log.queued), load)


def test_jackson_network():
    """Two stations, M/M/1 and M/M/2; a quarter of the trucks go back from the second to the first.
    Each station is as if alone, and independent of the other: both are empty with the product of
    the probabilities."""
    rng, mean, trucks, again = np.random.default_rng(3), (1000.0, 1800.0), 150_000, 0.25
    crews, loads = (1, 2), (0.5, 0.9)
    # Each truck sees both stations 1 / (1 − again) times on average.
    arrival = poisson(rng, mean[0] / loads[0] / (1 - again), trucks)
    laps = rng.geometric(1 - again, trucks)
    first_visit = 2 * np.concatenate([[0], np.cumsum(laps)])
    kind = np.tile([0, 1], laps.sum())
    work = np.rint(rng.exponential(np.array(mean)[kind])).astype(np.int64)
    day = Day(
        1,
        {"first": servers(crews[0]), "second": servers(crews[1])},
        {"first": Stage(), "second": Stage()},
        [Truck(0, [Visit("first", 0, {"first": 1}), Visit("second", 0, {"second": 1})])],
    )
    visits = slice(first_visit[BEGINNING])
    beginning = arrival[:BEGINNING], first_visit[: BEGINNING + 1], kind[visits], work[visits]
    log = log_of(many(day, arrival, first_visit, kind, work), many(day, *beginning))
    end = arrival[-1]
    for k in (0, 1):
        here = kind == k
        wait = erlang_c(crews[k], loads[k]) * mean[k] / (crews[k] - loads[k])
        rate = loads[k] / mean[k]
        inside = mean_numbers(log.queued[here], log.finished[here], end)
        assert_equals(inside, rate * wait + loads[k])
    came, left = np.sort(arrival), np.sort(log.left)
    both_empty = mean_numbers(left, np.append(came[1:], left[-1]), end)
    single, double = 1 - loads[0], 1 / (1 + loads[1] + loads[1] ** 2 / (2 - loads[1]))
    assert_equals(both_empty, single * double)


@pytest.mark.parametrize("crew", [1, 2, 5])
def test_each_wait_is_that_of_the_recursion(run, crew):
    """First come first served at one station: each truck starts when it comes or when the first of
    the servers is free, the later of both (Lindley; Kiefer and Wolfowitz). To the second."""
    rng = np.random.default_rng(crew)
    arrival = poisson(rng, 30.0 / crew, 20_000)
    work = rng.integers(0, 57, len(arrival))
    free_at, expected = [0] * crew, []
    for came, seconds in zip(arrival.tolist(), work.tolist(), strict=True):
        start = max(came, free_at[0])
        heapq.heapreplace(free_at, start + seconds)
        expected.append(start)
    log = run(station(arrival, work, crew))
    assert log.admitted.tolist() == expected


def opened_by_the_queue(load, when, until, most=400):
    """Mean number waiting and share of time with the extra server, in M/M/1 with a second server.

    A Markov chain of three kinds of states, solved as linear equations. `alone`: one server; n in
    the system. `open`: two servers at work, w waiting. `closing`: the extra one has closed and two
    are at work still, w waiting. Time in mean works, so that each ends at rate 1.
    """
    names = [("alone", n) for n in range(when + 1)]
    names += [("open", w) for w in range(until + 1, most)]
    names += [("closing", w) for w in range(when)]
    number = {name: row for row, name in enumerate(names)}
    rates = np.zeros((len(names), len(names)))
    for (kind, n), row in number.items():
        if kind == "alone":
            # When so many would wait, the extra server comes and takes the first of them.
            came = ("alone", n + 1) if n < when else ("open", when - 1)
            gone = ("alone", n - 1)
        elif kind == "open":
            came = ("open", n + 1)
            gone = ("open", n - 1) if n - 1 > until else ("closing", until)
        else:
            came = ("closing", n + 1) if n + 1 < when else ("open", when)
            gone = ("alone", n + 1)
        for other, rate in ((came, load), (gone, 1.0 if kind == "alone" else 2.0)):
            if other in number:
                rates[row, number[other]] += rate
    rates -= np.diag(rates.sum(axis=1))
    equations = np.vstack([rates.T, np.ones(len(names))])
    shares = np.linalg.lstsq(equations, np.append(np.zeros(len(names)), 1.0), rcond=None)[0]
    waiting = sum(
        share * (max(0, n - 1) if kind == "alone" else n)
        for (kind, n), share in zip(names, shares, strict=True)
    )
    share = sum(s for (kind, _), s in zip(names, shares, strict=True) if kind == "open")
    return waiting, share


@pytest.mark.parametrize(("load", "when", "until"), [(0.9, 4, 1), (1.3, 6, 0)])
def test_a_second_server_opened_by_the_queue(load, when, until):
    """M/M/1 with another server between two lengths of the queue, also above load 1."""
    rng, mean, trucks = np.random.default_rng(when), 1500.0, 400_000
    arrival = poisson(rng, mean / load, trucks)
    work = np.rint(rng.exponential(mean, trucks)).astype(np.int64)
    first, opens = slice(BEGINNING), Opens({"desk": when}, until)
    log = log_of(
        station(arrival, work, opens=opens), station(arrival[first], work[first], opens=opens)
    )
    waiting, share = opened_by_the_queue(load, when, until)
    assert_equals(mean_numbers(log.queued, log.admitted, arrival[-1]), waiting)
    second, _, extra, _ = log.openings.T
    came, went = second[extra == 1], np.append(second[extra == 0], arrival[-1])
    assert_equals(mean_numbers(came, went[: len(came)], arrival[-1]), share)

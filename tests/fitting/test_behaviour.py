"""Who goes first and who gives up, told from queues served on the fingers."""

import numpy as np
import pytest

from portsim.fitting.leaving import Leaving, Untold, leaving
from portsim.fitting.likelihood import Evidence
from portsim.fitting.precedence import in_turn, precedence


def queue(luck, n=1500, favoured=(), gap=100.0, work=110.0):
    """One server that takes favoured classes first, and in each class first come first served."""
    came = np.floor(np.cumsum(luck.exponential(gap, n)))
    kind = (luck.random(n) < 0.3).astype(np.int64)
    # A day of 500 trucks, then the queue empties.
    came += np.repeat(np.arange(n // 500), 500) * 40_000
    needs, start = np.ceil(luck.exponential(work, n)), np.full(n, np.nan)
    free, waiting, following = 0.0, [], 0
    while waiting or following < n:
        if not waiting:
            free = max(free, came[following])
        while following < n and came[following] <= free:
            waiting.append(following)
            following += 1
        waiting.sort(key=lambda truck: (kind[truck] not in favoured, came[truck]))
        truck = waiting.pop(0)
        start[truck] = free
        free += needs[truck]
    return Evidence(came, start, start + needs, kind, 1.0)


@pytest.mark.parametrize("stamped", [True, False])
@pytest.mark.parametrize("favoured", [(), (1,)])
def test_priorities(favoured, stamped):
    evidence = queue(np.random.default_rng(1), favoured=favoured)
    if not stamped:
        start = np.full(len(evidence.queue), np.nan)
        evidence = Evidence(evidence.queue, start, evidence.end, evidence.classes, 1.0)
    turns = precedence(evidence, 2)
    assert turns.goes_before(1, 0) == bool(favoured)
    assert not turns.goes_before(0, 1)
    assert turns.notable == bool(favoured)


def test_lanes_are_no_priority():
    evidence = queue(np.random.default_rng(2))
    luck = np.random.default_rng(3)
    shuffled = evidence.start + luck.uniform(0, 4000, len(evidence.start))
    turns = precedence(Evidence(evidence.queue, shuffled, shuffled + 60, evidence.classes, 1.0), 2)
    assert turns.notable
    assert not turns.goes_before(0, 1)
    assert not turns.goes_before(1, 0)


def test_in_the_order_in_which_they_were_served_it_is_first_come_first_served():
    evidence = queue(np.random.default_rng(4), favoured=(1,))
    turns = precedence(evidence, 2)
    served = in_turn(evidence, turns)
    assert (np.diff(served.queue) >= 0).all()
    assert (np.diff(served.start) >= 0).all()
    assert (served.queue <= served.start).all()
    assert sorted(served.end) == sorted(evidence.end)
    plain = queue(np.random.default_rng(4))
    assert in_turn(plain, precedence(plain, 2)) is plain


def left(luck, n=3000, mean=3600.0, cv=0.8, of_queue=False):
    wait = luck.exponential(2000, n)
    waiting = np.floor(wait / 60 * luck.uniform(0.5, 1.5, n))
    sigma = np.sqrt(np.log1p(cv**2))
    limit = mean * np.exp(luck.normal(-(sigma**2) / 2, sigma, n))
    return (waiting >= np.maximum(limit, 1) if of_queue else wait > limit), wait, waiting


def test_patience_is_in_its_interval():
    luck, held = np.random.default_rng(9), 0
    for _ in range(30):
        told = leaving(*left(luck), 1.0)
        assert isinstance(told, Leaving)
        assert told.word == "patience"
        held += told.limits[0][0] <= 3600 <= told.limits[0][1]
    assert held >= 26


def test_trucks_that_turn_away_from_a_queue():
    told = leaving(*left(np.random.default_rng(6), mean=40, cv=0.3, of_queue=True), 1.0)
    assert isinstance(told, Leaving)
    assert told.word == "tolerance"
    assert told.mean == pytest.approx(40, rel=0.1)


@pytest.mark.parametrize(
    ("share", "blanks", "said"),
    [(0.001, 0.0, "too few"), (0.02, 60.0, "blank stamps"), (0.02, 0.0, "not leave more often")],
)
def test_stamps_that_are_lost_are_no_impatience(share, blanks, said):
    luck = np.random.default_rng(7)
    wait = luck.exponential(2000, 3000)
    told = leaving(luck.random(3000) < share, wait, np.floor(wait / 60), blanks)
    assert isinstance(told, Untold)
    assert said in told.note

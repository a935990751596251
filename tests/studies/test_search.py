"""The search by itself, on functions that cost nothing."""

import itertools
import sys

import pytest

from portsim.errors import InputError
from portsim.studies.next_points import Everything, Search, Verdict

SIZES = {"a": 7, "b": 6, "c": 8}
START = [(6, 5, 7), (0, 0, 0)]


def plain(at):
    return Verdict(float(sum(at)), {})


def verdict(at):
    """Dear in a, cheap in c; together they must reach 11."""
    a, b, c = at
    value = 110 * (a + 1) + 90 * (b + 1) + 60 * (c + 1)
    reached = a + 1.5 * b + 0.7 * c + 0.3 * min(at)
    return Verdict(value, {"enough": (11 - reached) / 11})


def searched(search, many, judge=verdict):
    tried = {}
    while len(tried) < many and (batch := search.ask(min(8, many - len(tried)))):
        for at in batch:
            assert at not in tried
            tried[at] = judge(at)
            search.tell(at, tried[at])
    return tried


def cheapest(tried):
    good = [one.value for one in tried.values() if max(one.missing.values()) <= 0]
    return min(good, default=None)


def test_a_point_as_good_as_the_cheapest_feasible_one_is_found_in_a_fifth_of_the_space():
    every = {at: verdict(at) for at in itertools.product(*map(range, SIZES.values()))}
    assert len(every) == 336
    found = searched(Search(SIZES, [True] * 3, 1, START), 70)
    assert cheapest(every) == 1010
    # No release of the library promises the very best.
    assert cheapest(found) <= 1.05 * 1010
    # The cheapest point of all is not it: what is required counts.
    assert min(one.value for one in every.values()) == 260


def test_the_same_seed_tries_the_same_points_another_seed_others():
    first, again, other = (
        list(searched(Search(SIZES, [True, False, True], seed, START), 24)) for seed in (5, 5, 6)
    )
    assert first == again
    assert first[:2] == START
    assert set(first) != set(other)


def test_no_point_is_named_twice_and_at_the_end_all_have_been():
    found = searched(Search({"a": 3, "b": 4}, [True, False], 1, [(0, 0), (0, 0)]), 99, plain)
    assert set(found) == set(itertools.product(range(3), range(4)))
    assert list(searched(Everything([2, 3]), 99, plain)) == list(
        itertools.product(range(2), range(3))
    )


def test_points_that_cannot_be_run_are_avoided():
    def half_broken(at):
        return Verdict(None, {}) if at[0] < 4 else verdict(at)

    found = searched(Search(SIZES, [True] * 3, 2, START), 64, half_broken)
    later = list(found)[24:]
    # Three sevenths of the points can be run.
    assert sum(at[0] >= 4 for at in later) > 0.55 * len(later)


def test_the_library_says_nothing_and_is_left_as_loud_as_it_was(capfd):
    import optuna  # noqa: PLC0415 - slow to load

    optuna.logging.set_verbosity(optuna.logging.INFO)
    searched(Search({"a": 9}, [True], 1, []), 9, plain)
    assert optuna.logging.get_verbosity() == optuna.logging.INFO
    assert capfd.readouterr() == ("", "")


def test_without_the_library_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(InputError, match=r"pip install 'portsim\[optimise\]'"):
        Search(SIZES, [True] * 3, 1, [])

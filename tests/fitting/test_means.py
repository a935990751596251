"""The mean of work times and its interval, of works of which the truth is known."""

import numpy as np
import pytest

from portsim.fitting.means import law_of, mean_of

DRAWS = {
    "exponential": lambda luck, n: luck.exponential(1.0, n),
    "lognormal": lambda luck, n: np.exp(luck.normal(-np.log(2) / 2, np.sqrt(np.log(2)), n)),
    "gamma": lambda luck, n: luck.gamma(4.0, 0.25, n),
    "constant": lambda luck, n: np.ones(n),
}


def stamped(luck, seconds, step):
    """Works that begin at any second, as two stamps show them."""
    begin = luck.uniform(0, step, len(seconds))
    return np.floor((begin + seconds) / step) * step


@pytest.mark.parametrize("family", DRAWS)
@pytest.mark.parametrize(("mean", "step"), [(600.0, 1.0), (147.0, 60.0)])
def test_the_interval_holds_the_mean_as_often_as_it_says(family, mean, step):
    luck = np.random.default_rng(7)
    held = 0
    for _ in range(200):
        seconds = stamped(luck, mean * DRAWS[family](luck, 400), step)
        _, (low, high), _ = mean_of(seconds, np.zeros(400, bool), step, stamped=True)
        held += low <= mean <= high
    # 95 % of 200 are 190 ± 3; two stamps of works all alike say more than is asked of them.
    assert 180 <= held <= (200 if family == "constant" else 198)


def test_strays_do_not_move_the_mean_and_long_works_are_none():
    luck = np.random.default_rng(8)
    works = 600 * DRAWS["lognormal"](luck, 20_000)
    none = np.zeros(20_000, bool)
    assert mean_of(works, none, 1.0, stamped=True)[0] == pytest.approx(works.mean(), rel=1e-3)
    works[:200] = luck.uniform(0, 86_400, 200)
    _, (low, high), n = mean_of(works, none, 1.0, stamped=True)
    assert low <= 600 <= high
    assert 19_700 < n < 19_900


def test_works_that_begin_as_doors_open_lack_half_a_step():
    luck = np.random.default_rng(9)
    works = luck.gamma(4.0, 50.0, 50_000)
    opened = luck.random(50_000) < 0.5
    begin = np.where(opened, 0.0, luck.uniform(0, 60, 50_000))
    shown = np.floor((begin + works) / 60) * 60
    _, (low, high), _ = mean_of(shown, opened, 60.0, stamped=True)
    assert low <= works.mean() <= high
    assert mean_of(shown, ~opened & opened, 60.0, stamped=True)[0] < works.mean() - 14


def test_what_is_told_is_told_less_surely_and_less_so_with_strays():
    luck = np.random.default_rng(10)
    works = luck.gamma(4.0, 150.0, 2000)
    strange = works.copy()
    strange[:40] = luck.uniform(5000, 80_000, 40)
    none = np.zeros(2000, bool)

    def width(seconds, stamped):
        _, (low, high), _ = mean_of(seconds, none, 1.0, stamped=stamped)
        return high - low

    assert width(works, False) == pytest.approx(1.1 * width(works, True), rel=0.02)
    assert width(strange, False) > 1.5 * width(strange, True)


@pytest.mark.parametrize("works", [[300.0], [300.0, 300.0], [0.0, 0.0, 0.0], [120.0, 9000.0]])
def test_of_a_work_or_two_a_mean_is_told_all_the_same(works):
    seconds = np.array(works)
    law, n, limits = law_of(seconds, np.zeros(len(works), bool), 60.0, stamped=True)
    assert n >= 1
    assert 0 <= limits["mean"][0] <= law.mean <= limits["mean"][1]
    assert np.isfinite(limits["mean"][1])


def test_who_was_not_seen_to_end_makes_works_longer_if_any_work_is_so_long():
    """Of exponential works of 10 min about a fifth is cut after 10 min and counts; one that seems
    to go on for five hours does not."""
    luck = np.random.default_rng(9)
    works = 600 * DRAWS["exponential"](luck, 2000)
    none = np.zeros(2000, bool)
    plain = law_of(works, none, 1.0, stamped=True)[0].mean
    lost = law_of(works, none, 1.0, stamped=True, cut=np.array([18_000.0]))[0].mean
    assert lost == pytest.approx(plain, rel=1e-6)
    seen = np.where((works > 600) & (luck.random(2000) < 0.5), np.nan, works)
    ended = ~np.isnan(seen)
    cut = np.append(np.full((~ended).sum(), 600.0), 18_000.0)
    short = law_of(seen[ended], none[ended], 1.0, stamped=True)[0].mean
    told = law_of(seen[ended], none[ended], 1.0, stamped=True, cut=cut)[0].mean
    assert short < 0.85 * 600
    # Of exponential works the likeliest mean is all that was seen over those that ended.
    assert told == pytest.approx((np.nansum(seen) + 600.0 * (~ended).sum()) / ended.sum(), rel=0.03)

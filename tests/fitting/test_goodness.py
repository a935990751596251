"""Works held against laws: right ones pass whatever the step of the stamps, wrong ones do not."""

import numpy as np
import pytest

from portsim.fitting.goodness import judged
from portsim.fitting.work import work_law

RIGHT = {
    "lognormal": lambda luck, n: 180 * np.exp(luck.normal(-0.1116, 0.472, n)),
    "gamma": lambda luck, n: luck.gamma(4, 150, n),
    "exponential": lambda luck, n: luck.exponential(600, n),
    "weibull": lambda luck, n: 600 * luck.weibull(2.0, n),
    "triangular": lambda luck, n: luck.triangular(300, 600, 900, n),
    "constant": lambda _, n: np.full(n, 150.0),
}


def stamped(luck, seconds, step):
    """Differences of two stamps that are cut to a step."""
    begin = luck.uniform(0, step, len(seconds))
    return np.floor((begin + seconds) / step) * step - np.floor(begin / step) * step


@pytest.mark.parametrize("step", [1.0, 60.0])
@pytest.mark.parametrize("family", RIGHT)
def test_stamps_that_are_cut_do_not_refuse_a_right_law(family, step):
    luck = np.random.default_rng(3)
    refused = 0
    for _ in range(20):
        seconds = stamped(luck, RIGHT[family](luck, 1500), step)
        law, told = judged(work_law(seconds, step)[0], seconds, step)
        refused += told.p < 0.05
        assert law.family == told.family
    assert refused <= 4


@pytest.mark.parametrize("step", [1.0, 60.0])
def test_two_kinds_of_work_have_no_law_with_a_name(step):
    luck = np.random.default_rng(5)
    works = np.where(luck.random(4000) < 0.5, luck.gamma(9, 20, 4000), luck.gamma(9, 150, 4000))
    seconds = stamped(luck, works, step)
    best, _, _ = work_law(seconds, step)
    law, told = judged(best, seconds, step)
    assert law.family == "empirical"
    assert told.family == best.family
    assert told.distance > 0.1
    assert told.p == 0.01
    assert len(law.values) == 100
    assert list(law.values) == sorted(law.values)
    assert np.mean(law.values) == pytest.approx(works.mean(), rel=0.02)
    assert np.std(law.values) == pytest.approx(works.std(), rel=0.05)
    # Half of the works are near three minutes, hardly any between the two kinds.
    assert np.mean(np.array(law.values) < 450) == pytest.approx(np.mean(works < 450), abs=0.03)
    assert judged(best, seconds, step, named=True)[0] is best


def test_a_law_that_is_off_by_next_to_nothing_stays():
    luck = np.random.default_rng(6)
    seconds = stamped(luck, luck.gamma(4, 150, 60_000) + 10, 1.0)
    best, _, _ = work_law(seconds, 1.0)
    law, told = judged(best, seconds, 1.0)
    assert told.distance < 0.02
    assert law is best


def test_works_that_hardly_differ_are_told_to_the_second():
    luck = np.random.default_rng(7)
    seconds = stamped(luck, np.full(3000, 980.4), 1.0)
    law, _, limits = work_law(seconds, 1.0)
    assert law.family == "constant"
    assert limits["mean"][0] <= 980.4 <= limits["mean"][1]


def test_works_that_were_cut_are_counted_as_longer():
    luck = np.random.default_rng(8)
    works = luck.gamma(4, 450, 3000)
    seen, cut = works[works < 1800], np.full(int((works >= 1800).sum()), 1800.0)
    assert work_law(seen, 1.0)[0].mean < 1400
    law, _, _ = work_law(seen, 1.0, cut)
    assert law.mean == pytest.approx(1800, rel=0.06)
    assert law.cv == pytest.approx(0.5, abs=0.06)

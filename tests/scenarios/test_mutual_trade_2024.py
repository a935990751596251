"""The mutual trade of January to August 2024: the article's rows go in, its person-times do not."""

import datetime as dt
import math
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from portsim.calendars import to_utc, zone
from portsim.checking import load
from portsim.demand import draw
from portsim.scenario.model import Scenario

BAKHTU = Path(__file__).parents[2] / "scenarios" / "bakhtu"
ARTICLE = {
    "sunflower-seed": (1249, 27169.15), "sunflower-kernel": (512, 10994.07),
    "safflower": (107, 2351.60), "flax-seed": (229, 5031.66),
    "crude-vegetable-oil": (1327, 31361.93), "dried-plum": (12, 258.87), "raisin": (3, 53.06),
    "dried-apricot": (1, 21.32), "packed-dried-plum": (19, 476.59), "packed-food": (1, 20.3),
    "frozen-fish": (6, 121.24), "packed-dried-apricot": (7, 173.24),
    "packed-soda-water": (1, 19.0), "packed-edible-oil": (3, 64.04), "packed-ice-cream": (1, 9.66),
    "packed-almond-raisin-mix": (2, 51.18), "packed-dried-fig": (1, 23.23),
    "packed-almond": (1, 26.25), "packed-raisin": (1, 22.2),
}  # fmt: skip
"""Trucks and tonnes by commodity, typed once more from China Daily 2024-09-09."""
PRINTED = {"residents": 46_606, "trucks": 3_483, "tonnes-printed": 78_248.46, "value": 355_241_300}


@cache
def scenario() -> Scenario:
    return load(BAKHTU / "mutual-trade-2024.yaml")


def test_the_commodities_are_those_of_the_article() -> None:
    classes = scenario().traffic.classes

    assert set(classes) == set(ARTICLE)
    for name, (trucks, tonnes) in ARTICLE.items():
        load_ = classes[name].load
        assert load_ is not None
        assert load_.lognormal is not None
        assert load_.lognormal.mean * trucks == pytest.approx(tonnes, rel=1e-4), name


@pytest.mark.parametrize("replication", [1, 2])
def test_exactly_the_counted_trucks_come_between_the_dates_of_the_article(replication: int) -> None:
    port = scenario()
    place = zone(port.timezone)
    start = to_utc(dt.date(2024, 1, 1), 0, place, later=False)
    stop = to_utc(dt.date(2024, 9, 1), 0, place, later=False)
    drawn = draw(port, port.seed, replication).at(port)

    came = Counter(np.array(drawn.class_names)[drawn.cls].tolist())
    assert came == {name: trucks for name, (trucks, _) in ARTICLE.items()}
    assert start <= drawn.arrival.min()
    assert drawn.arrival.max() < stop


def test_what_was_published_is_held_beside_the_results() -> None:
    observed = {one.name: one for one in scenario().observed}

    assert {name: observed[name].value for name in PRINTED} == PRINTED
    assert [name for name, one in observed.items() if one.role == "prediction"] == ["residents"]
    for name, (trucks, tonnes) in ARTICLE.items():
        assert observed[f"trucks-{name}"].value == trucks
        assert observed[f"tonnes-{name}"].value == tonnes
        assert observed[f"trucks-{name}"].class_ == observed[f"tonnes-{name}"].class_ == name
    # The article's own total is a misprint; both stand in the file.
    rows = sum(tonnes for _, tonnes in ARTICLE.values())
    assert observed["tonnes-of-rows"].value == pytest.approx(rows, abs=1e-6)
    assert rows - PRINTED["tonnes-printed"] == pytest.approx(0.13, abs=1e-6)
    assert sum(trucks for trucks, _ in ARTICLE.values()) == PRINTED["trucks"]


def test_the_trucks_go_the_way_of_the_ports_mutual_trade() -> None:
    port = load(BAKHTU / "port.yaml")
    goods = port.traffic.classes["mutual-trade-goods"]
    # The electronic queue has no part in 2024: nobody passes its steps but in an overlay.
    way = tuple(step for step in goods.route if not step.stage.startswith(("kz-slot", "kz-drive")))
    for name, cls in scenario().traffic.classes.items():
        assert cls.route == way, name
        assert cls.residents == goods.residents, name
        assert cls.arrivals.hours == goods.arrivals.hours, name
        assert cls.price == goods.price, name
        assert cls.direction == "import", name
    for name, stage in scenario().stages.items():
        assert stage == port.stages[name], name


def expected_residents(mean_tonnes: float, cv: float) -> tuple[float, float]:
    """Mean and variance of the residents of a truck: ceil(v) of a lognormal v = value / quota.

    E ceil(v) is the sum over k = 0, 1, … of P(v > k); E ceil(v)² that of (2k + 1) P(v > k).
    """
    sigma = math.sqrt(math.log1p(cv**2))
    mu = math.log(mean_tonnes * 4_540 / 8_000) - sigma**2 / 2
    k = np.arange(1, 100)
    above = np.concatenate([[1.0], norm.sf((np.log(k) - mu) / sigma)])
    mean = float(above.sum())
    return mean, float(((2 * np.arange(100) + 1) * above).sum()) - mean**2


def test_residents_follow_from_value_and_quota_as_worked_out_by_hand() -> None:
    """With loads that scatter, rounding up costs half a resident a truck: 355.24 million yuan /
    8,000 + 3,483 / 2 = 46,147, not the 46,606 that were counted."""
    total = 0.0
    for name, (trucks, tonnes) in ARTICLE.items():
        mean, variance = expected_residents(tonnes / trucks, 0.1)
        total += trucks * mean
        if trucks < 100:
            continue
        port = scenario()
        drawn = draw(port, port.seed, 1)
        mine = drawn.residents[drawn.cls == drawn.class_names.index(name)]
        error = math.sqrt(variance / len(mine))
        assert mine.mean() == pytest.approx(mean, abs=3.5 * error), name

    assert total == pytest.approx(355_241_300 / 8_000 + 3_483 / 2, abs=2)

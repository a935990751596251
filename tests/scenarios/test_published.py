"""Published cases as scenarios, each against what was published of it, where it can be reached."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import simpy
from scipy import stats

import portsim
from portsim.experiment import conduct
from thorough import cases

CASES = Path(__file__).parents[2] / "scenarios" / "published"
MINUTE = 1 / 60
DAYS = cases(40, 120)
"""Of the model in SimPy."""


@pytest.fixture(autouse=True)
def without_capacity(monkeypatch):
    """No capacity is asked for; it would take most of the time."""
    monkeypatch.setattr(conduct, "_wants_capacity", lambda keep: False)


@cache
def run(name, **more):
    return portsim.run(CASES / f"{name}.yaml", audit="none", jobs=1, **more)


def figures(study, place="", cls="all"):
    rows = study.summary.query("place == @place and truck_class == @cls")
    return rows.set_index("measure")


def holds(row, value, misses=0.001):
    """Whether a known mean lies within so wide an interval that it misses once in a thousand."""
    half = stats.t.ppf(1 - misses / 2, row["replications"] - 1) * row["sd"]
    return abs(row["mean"] - value) <= half / row["replications"] ** 0.5


def test_every_case_says_what_it_is_and_where_its_numbers_are_from():
    for file in sorted(CASES.glob("*.yaml")):
        scenario = portsim.load(file)
        assert scenario.summary
        text = file.read_text("utf-8")
        assert "source:" in text or "extends:" in text


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("weigh-station", {"inside_mean": 2.7451, "stay_mean_h": 0.07843,
                           "wait_open_mean_h": 0.03843}),
        ("border-inspection-station", {"queue_mean": 4.1667, "stay_mean_h": 0.5}),
        ("safety-inspection", {"wait_open_mean_h": 2.25 * MINUTE}),
    ],
)  # fmt: skip
def test_textbook_queues(name, known):
    # With the log that another test looks at.
    rows = figures(run(name, logs="first"))
    for measure, value in known.items():
        assert holds(rows.loc[measure], value), (measure, rows.loc[measure, "mean"])


def test_what_is_said_of_trucks_that_have_to_wait():
    """A truck that waits at the scale does so for 1 / (2 * 25 - 35) h, not as long as the mean."""
    study = run("weigh-station", logs="first")
    visits = study.visits
    waited = (visits["admitted"] - visits["queued"]).dt.total_seconds() / 60
    assert (waited > 0).mean() == pytest.approx(0.5765, abs=0.02)
    assert waited[waited > 0].mean() == pytest.approx(4.0, abs=0.5)
    assert waited.mean() == pytest.approx(2.3, abs=0.5)


def test_three_waiting_spaces_are_enough():
    rows = figures(run("safety-inspection-three-spaces"))
    lost = 0.6**4 * 0.4 / (1 - 0.6**5)
    assert rows.loc["diverted", "mean"] / rows.loc["arrived", "mean"] == pytest.approx(
        lost, abs=0.003
    )


@pytest.mark.parametrize(("name", "queue"), [("dover-2021", 52_396), ("dover-2021-20-min", 70_594)])
def test_two_of_three_queues_of_dover_are_of_one_port(name, queue):
    row = figures(run(name, replications=1)).loc["queue_max"]
    assert row["mean"] == pytest.approx(queue, rel=0.005)


def test_the_third_queue_of_dover_is_of_another_port():
    row = figures(run("dover-2021-2-min", replications=1)).loc["queue_max"]
    assert row["mean"] == pytest.approx((148.65 - 90) * 505.5, rel=0.02)
    five = portsim.load(CASES / "dover-2021-2-min.yaml").replace({"resources.desks.capacity": 5})
    row = figures(portsim.run(five, audit="none", jobs=1, replications=1)).loc["queue_max"]
    assert row["mean"] < 300


def test_irkeshtam_passes_a_fifth_more_and_would_pass_two_thirds_more_with_the_posts_of_the_day():
    before, after = (run(f"irkeshtam-2025{end}", replications=1) for end in ("-day", ""))
    most = [figures(study).loc["throughput_max_day", "mean"] for study in (before, after)]
    assert most == pytest.approx([1030, 1243], rel=0.01)
    manned = portsim.load(CASES / "irkeshtam-2025.yaml").replace(
        {"resources.posts.roster[1].count": 28, "traffic.vehicles.arrivals.rate": "2400 per day"}
    )
    most_manned = figures(portsim.run(manned, audit="none", jobs=1, replications=1))
    most_manned = most_manned.loc["throughput_max_day"]
    assert most_manned["mean"] / most[0] == pytest.approx(24 / 14, rel=0.01)


def test_equal_hours_give_a_third_more():
    apart, equal = (run(f"kazakh-hours-2026{end}", replications=1) for end in ("", "-equal"))
    gain = [figures(study).loc["throughput_per_day", "mean"] for study in (apart, equal)]
    assert gain[1] / gain[0] == pytest.approx(4 / 3, rel=0.01)
    assert gain[1] / gain[0] > 1.20


def test_almost_three_hundred_stand_at_kurmangazy_after_four_days():
    rows = figures(run("kurmangazy-2024"))
    assert rows.loc["queue_max", "mean"] == pytest.approx(300, abs=25)
    assert rows.loc["throughput_max_day", "mean"] == pytest.approx(200, abs=1)


def crossing(rate, luck):
    """Mean minutes in front of both inspections, of eight hours at the open model's crossing."""
    env = simpy.Environment()
    officers, second = simpy.Resource(env, 3), simpy.Resource(env, 2)
    waits, again = [], []

    def vehicle():
        came = env.now
        with officers.request() as turn:
            yield turn
            waits.append(env.now - came)
            yield env.timeout(max(0.0, luck.normal(5.0, 1.0)))
        if luck.random() < 0.1:
            came = env.now
            with second.request() as turn:
                yield turn
                again.append(env.now - came)
                yield env.timeout(max(0.0, luck.normal(15.0, 2.5)))

    def come():
        while True:
            yield env.timeout(luck.exponential(60.0 / rate))
            if env.now >= 480.0:
                return
            env.process(vehicle())

    env.process(come())
    env.run()
    return np.mean(waits), np.mean(again)


@pytest.mark.parametrize("rate", [33, 60])
def test_the_open_crossing_waits_as_long_as_the_same_model_in_simpy(rate):
    study = run(f"open-crossing-{rate}")
    luck = np.random.default_rng(rate)
    others = np.array([crossing(rate, luck) for _ in range(DAYS)])
    for place, column in (("first", 0), ("second", 1)):
        row = figures(study, place).loc["wait_open_mean_h"]
        mean, sd = 60 * row["mean"], 60 * row["sd"]
        error = np.hypot(sd / row["replications"] ** 0.5, others[:, column].std() / DAYS**0.5)
        assert abs(mean - others[:, column].mean()) < 3.5 * error, (place, mean, others.mean(0))


def test_sixty_an_hour_are_more_than_three_officers_take():
    waits = 60 * figures(run("open-crossing-60"), "first").loc["wait_open_mean_h", "mean"]
    # As a fluid: 24 an hour too many for eight hours, 36 an hour pass; the mean of those 480.
    assert waits == pytest.approx(60 * 24 * 8 / 2 / 36, rel=0.06)

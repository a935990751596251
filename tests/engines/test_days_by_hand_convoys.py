"""Days worked out on paper: trucks that leave a stage in convoys."""

import numpy as np
import pytest

from engines.agreed import agreed
from plans import MINUTE, NEVER, Day, Stage, Truck, Visit, at, servers, story
from portsim.engines import compiled, continued

DRIVE = 30 * MINUTE


def road(*arrivals, convoy=(3, 20 * MINUTE), end="02:00", **words):
    """A road of half an hour that is driven in convoys; (arrival, priority, patience) of each."""
    trucks = [
        Truck(at(arrival), [Visit("road", DRIVE, patience=patience)], priority)
        for arrival, priority, patience in (
            one + (0, NEVER)[len(one) - 1 :] if isinstance(one, tuple) else (one, 0, NEVER)
            for one in arrivals
        )
    ]
    return Day(at(end), {"lanes": servers(1)}, {"road": Stage(convoy=convoy, **words)}, trucks)


def test_a_convoy_goes_when_so_many_are_there_or_the_first_has_waited(told):
    """Three are there at 00:10. The next two wait until 00:32, 20 minutes after the first of them,
    and go without a third."""
    assert told(road("00:01", "00:05", "00:10", "00:12", "00:25", "00:33")) == [
        "00:01 00:10 00:40 | released 00:40",
        "00:05 00:10 00:40 | released 00:40",
        "00:10 00:10 00:40 | released 00:40",
        "00:12 00:32 01:02 | released 01:02",
        "00:25 00:32 01:02 | released 01:02",
        "00:33 00:53 01:23 | released 01:23",
    ]


def test_who_goes_first_goes_with_it(told):
    """Four come in one second and three go, the preferred among them; the fourth waits 20 minutes
    from then on. Of seven, two convoys go at once."""
    assert told(road("00:01", ("00:01", 1), "00:01", ("00:01", -1))) == [
        "00:01 00:01 00:31 | released 00:31",
        "00:01 00:21 00:51 | released 00:51",
        "00:01 00:01 00:31 | released 00:31",
        "00:01 00:01 00:31 | released 00:31",
    ]
    lines = told(road(*["00:01"] * 7))
    assert [line[6:11] for line in lines] == ["00:01"] * 6 + ["00:21"]


def test_the_door_must_be_open(told):
    """The road is shut until 00:30: the convoy that came together meanwhile goes then. The truck of
    00:14 goes when it has waited, that of 00:39 finds the road shut by then. Work goes on."""
    hours = [(at("00:30"), at("00:40"))]
    assert told(road("00:01", "00:05", "00:12", "00:14", "00:39", hours=hours)) == [
        "00:01 00:30 01:00 | released 01:00",
        "00:05 00:30 01:00 | released 01:00",
        "00:12 00:30 01:00 | released 01:00",
        "00:14 00:34 01:04 | released 01:04",
        "00:39 never never | inside",
    ]
    assert told(road("00:01", "00:20", hours=hours))[1] == "00:20 00:30 01:00 | released 01:00"


def test_who_gives_up_is_no_part_of_it(told):
    """The first gives up after 15 minutes: the convoy of the others waits for 20 minutes since the
    second came, not since he did."""
    assert told(road(("00:01", 0, 15 * MINUTE), "00:10", end="01:10")) == [
        "00:01 never never | gave up 00:16",
        "00:10 00:30 01:00 | released 01:00",
    ]


def test_without_a_longest_wait_a_few_never_go(told):
    assert told(road("00:01", "00:02", convoy=(3, NEVER)))[0] == "00:01 never never | inside"


def test_what_was_kept_is_given_back_as_it_goes(told):
    """A lane is kept until the convoy goes; so no third truck is at the gate before 00:21, when the
    first has waited for 20 minutes, and the convoy of three never comes together."""
    trucks = [
        Truck(
            at("00:00"),
            [
                Visit("gate", MINUTE, {"lanes": 1}, give_out={}),
                Visit("road", DRIVE, give_in={"lanes": 1}),
            ],
        )
        for _ in range(3)
    ]
    stages = {"gate": Stage(), "road": Stage(convoy=(3, 20 * MINUTE))}
    assert told(Day(at("02:00"), {"lanes": servers(2)}, stages, trucks)) == [
        "00:00 00:00 00:01 | 00:01 00:21 00:51 | released 00:51",
        "00:00 00:00 00:01 | 00:01 00:21 00:51 | released 00:51",
        "00:00 00:21 00:22 | 00:22 00:42 01:12 | released 01:12",
    ]


@pytest.mark.parametrize("second", ["00:09", "00:20", "00:31", "00:32", "00:33"])
def test_a_run_cut_while_they_gather_goes_on(second):
    plan = road("00:01", "00:05", "00:10", "00:12", "00:25", "00:33").plan()
    log = agreed(plan)
    rest, keep = continued(plan, log, at(second))
    left = [line for line, kept in zip(story(plan, log), keep, strict=True) if kept]
    assert story(rest, agreed(rest)) == left


def poisson(rate, convoy, seed):
    """Mean wait in minutes where trucks come at random, so many an hour, for 500 hours."""
    luck = np.random.default_rng(seed)
    seconds = np.cumsum(luck.exponential(3600 / rate, int(500 * rate * 1.2)))
    arrivals = np.floor(seconds[seconds < 1_800_000 - 36_000]).astype(int).tolist()
    trucks = [Truck(second, [Visit("road", 0)]) for second in arrivals]
    plan = Day(1_800_000, {}, {"road": Stage(convoy=convoy)}, trucks).plan()
    log = compiled.run(plan)
    gone = log.admitted != NEVER
    return float((log.admitted - log.queued)[gone].mean()) / MINUTE


def test_the_wait_for_a_convoy_of_n_is_half_the_time_of_the_others_to_come():
    """The k-th of n waits for n - k more: (n - 1) / 2 gaps on average, 40 minutes of n = 9 at 6 an
    hour. Source: Chaudhry & Templeton (1983), A First Course in Bulk Queues, section 1.1."""
    waits = [poisson(6.0, (9, NEVER), seed) for seed in range(6)]
    assert np.mean(waits) == pytest.approx(40.0, abs=4 * np.std(waits, ddof=1) / 6**0.5)
    assert np.std(waits) < 2.0


def test_the_wait_of_those_who_join_a_first_truck():
    """One that waits T = 30 min, and a Poisson number of mean r T = 3 that come meanwhile at any
    time: (T + r T² / 2) / (1 + r T) on average, 18.75 minutes."""
    waits = [poisson(6.0, (1000, 30 * MINUTE), seed) for seed in range(6)]
    assert np.mean(waits) == pytest.approx(18.75, abs=4 * np.std(waits, ddof=1) / 6**0.5)
    assert np.std(waits) < 1.0

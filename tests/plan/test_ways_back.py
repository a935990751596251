"""Routes that pass a stage again: what is laid out of them, and whose luck it is."""

import numpy as np
import pytest

from demand.ports import plan_of, port
from portsim.scenario.legs import legs

TEXT = """\
name: again
timezone: UTC
period: {from: 2024-03-04, to: 2024-03-31}
stages:
  papers: {time: {exponential: {mean: 5 min}}}
  check: {time: {exponential: {mean: 5 min}}}
  leave: {time: 1 min}
traffic:
  tea:
    direction: export
    arrivals: {rate: 100 per day}
    route: [papers, {stage: check, sent_back: {share: 0.3, to: papers, at_most: 2}}, leave]
"""


def made(tmp_path, *changes):
    scenario = port(tmp_path, *changes, text=TEXT)
    return scenario, plan_of(scenario)


def ways(plan):
    """The stages of each truck."""
    return [
        plan.visit_stage[a:b].tolist()
        for a, b in zip(plan.first_visit[:-1], plan.first_visit[1:], strict=True)
    ]


def test_who_is_sent_back_passes_the_way_again_and_no_more_often_than_said(tmp_path):
    _, plan = made(tmp_path)
    found = ways(plan)
    assert {tuple(way) for way in found} == {
        (0, 1, 2), (0, 1, 0, 1, 2), (0, 1, 0, 1, 0, 1, 2)
    }  # fmt: skip
    n = len(found)
    for times, share in ((1, 0.3), (2, 0.09)):
        more = sum(len(way) >= 3 + 2 * times for way in found) / n
        assert abs(more - share) < 4 * np.sqrt(share * (1 - share) / n)


def test_work_of_the_second_time_is_other_luck_with_the_same_law(tmp_path):
    _, plan = made(tmp_path)
    first = plan.first_visit[:-1]
    sent = np.flatnonzero(np.diff(plan.first_visit) > 3)
    one, two = plan.visit_work[first[sent] + 1], plan.visit_work[first[sent] + 3]
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.15
    assert abs(two.mean() - 300) < 4 * 300 / np.sqrt(len(two))


def test_a_larger_share_sends_the_same_trucks_and_more_and_moves_no_other_draw(tmp_path):
    (_, few), (_, many) = made(tmp_path), made(tmp_path, ("share: 0.3", "share: 0.5"))
    for one, other in zip(np.diff(few.first_visit), np.diff(many.first_visit), strict=True):
        assert one <= other
    assert np.array_equal(
        few.visit_work[few.first_visit[:-1]], many.visit_work[many.first_visit[:-1]]
    )


@pytest.mark.parametrize(("share", "length"), [("0", 3), ("1", 7)])
def test_nobody_and_everybody(tmp_path, share, length):
    _, plan = made(tmp_path, ("share: 0.3", f"share: {share}"))
    assert set(np.diff(plan.first_visit).tolist()) == {length}


def test_whoever_skips_the_check_is_not_sent_back_and_whoever_skips_the_papers_has_none_again(
    tmp_path,
):
    route = "[papers, {stage: check, sent_back: {share: 0.3, to: papers, at_most: 2}}, leave]"
    new = (
        "[{stage: papers, share: 0.5}, "
        "{stage: check, share: 0.5, sent_back: {share: 1, to: papers, at_most: 1}}, leave]"
    )
    _, plan = made(tmp_path, (route, new))
    assert {tuple(way) for way in ways(plan)} == {(0, 1, 0, 1, 2), (1, 1, 2), (0, 2), (2,)}


def test_a_stage_that_stands_twice_has_work_and_share_of_its_own_each_time(tmp_path):
    route = "[papers, {stage: check, sent_back: {share: 0.3, to: papers, at_most: 2}}, leave]"
    new = "[papers, check, {stage: papers, share: 0.5, time: 7 min}, leave]"
    scenario, plan = made(tmp_path, (route, new))
    assert [leg.number for leg in legs(scenario.traffic.classes["tea"])] == [1, 1, 2, 1]
    assert {tuple(way) for way in ways(plan)} == {(0, 1, 0, 2), (0, 1, 2)}
    again = np.flatnonzero(np.diff(plan.first_visit) == 4)
    assert set(plan.visit_work[plan.first_visit[again] + 2].tolist()) == {420}


def test_a_bay_that_is_kept_is_given_back_where_another_one_of_the_stage_is_taken(tmp_path):
    changes = (
        ("stages:", "resources: {bays: {capacity: 3}}\nstages:"),
        ("papers: {time", "papers: {takes: {bays: {until: exit}}, time"),
        ("share: 0.3", "share: 1"),
    )
    _, plan = made(tmp_path, *changes)
    first = int(plan.first_visit[0])
    bay = ((0, 1),)
    told = [
        tuple(plan.tokens(int(column[first + number])) for column in
              (plan.visit_take, plan.visit_give_in, plan.visit_give_out))
        for number in range(7)
    ]  # fmt: skip
    assert told == [
        (bay, (), ()), ((), (), ()),
        (bay, bay, ()), ((), (), ()),
        (bay, bay, ()), ((), (), ()),
        ((), (), bay),
    ]  # fmt: skip


def test_more_legs_than_one_number_can_tell(tmp_path):
    changes = (("at_most: 2", "at_most: 20"), ("share: 0.3", "share: 0.6"))
    scenario, plan = made(tmp_path, *changes)
    assert len(legs(scenario.traffic.classes["tea"])) == 43
    assert all(way == [0, 1] * ((len(way) - 1) // 2) + [2] for way in ways(plan))

"""Rules by which queues open servers, from the words of a scenario to the arrays of a plan."""

import portsim
from demand.ports import plan_of
from portsim.doubts import same_plans
from portsim.plan.site import endless

PORT = """\
name: small
timezone: Asia/Almaty
period: {from: 2024-02-28, to: 2024-02-29}
completion: {limit: 12 h}
calendars:
  evening: {hours: "16:00-20:00"}
resources:
  lane: {capacity: 2}
  clerk:
    capacity: 1
    opens:
      when_waiting: {desk: 9, gate: 5}
      until_waiting: 3
      after: 90 s
      at_most: 2
      within: evening
  loader: {capacity: 1, opens: {when_waiting: {gate: 1}, until_waiting: 0}}
stages:
  gate: {takes: {lane: 1, loader: 1}, time: 5 min}
  desk: {takes: {clerk: 1}, time: 9 min}
traffic:
  vans: {direction: export, arrivals: {rate: 40 per day}, route: [gate, desk]}
"""


def read(tmp_path, text):
    (tmp_path / "port.yaml").write_text(text)
    return portsim.load(tmp_path / "port.yaml")


def test_words_become_arrays(tmp_path):
    plan = plan_of(read(tmp_path, PORT))
    rules = plan.openings
    assert rules.resource.tolist() == [1, 2]
    assert rules.after.tolist() == [90, 0]
    assert rules.most.tolist() == [2, 1]
    assert rules.until.tolist() == [3, 0]
    assert rules.watches(0) == [(1, 9), (0, 5)]
    assert rules.watches(1) == [(0, 1)]
    hours = [[16 * 3600, 20 * 3600], [40 * 3600, 44 * 3600]]
    # Almaty turned its clock back by an hour at midnight of 1 March 2024, after the period.
    assert rules.hours(0).tolist() == hours
    assert rules.hours(1).tolist() == [[0, plan.end]]
    assert endless(plan).openings is None


def test_without_the_word_there_are_no_rules(tmp_path):
    text = PORT[: PORT.index("    opens:")] + PORT[PORT.index("  loader") :]
    text = text.replace(", opens: {when_waiting: {gate: 1}, until_waiting: 0}", "")
    assert plan_of(read(tmp_path, text)).openings is None


def test_a_policy_that_opens_servers_has_an_effect(tmp_path):
    port = read(tmp_path, PORT)
    without = port.replace({"resources.loader.opens": None})
    none = without.replace({"resources.clerk.opens": None}, name="none")
    assert not same_plans(port, without)
    assert not same_plans(without, port)
    assert not same_plans(none, without)
    assert not same_plans(without, none)
    assert same_plans(port, port)

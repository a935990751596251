"""Doubts that need trucks and plans: effects, one party alone, slots, draws, breakdowns."""

import pytest

from portsim.checking import load
from portsim.doubts import base_of, doubts, idle_keys, same_plans

PORT = """\
timezone: UTC
period: {from: 2025-03-03, to: 2025-03-23}
calendars:
  day: {hours: "08:00-18:00"}
  yard: {hours: "08:00-18:00"}
  far: {hours: "08:00-18:00"}
resources:
  booths: {capacity: 2}
  scanner: {capacity: 1, breakdowns: [{every: {exponential: {mean: 5 days}}, repair: 4 h}]}
stages:
  gate: {takes: {booths: 1}, hours: day, at_close: finish, time: 3 min}
  declaration: {hours: yard, at_close: pause, time: {exponential: {mean: 8 min}}}
  scan: {takes: {scanner: 1}, at_close: finish, time: 20 min}
  leave: {hours: far, at_close: finish, time: 3 min}
traffic:
  imports:
    direction: import
    arrivals: {rate: 60 per day}
    route: [gate, declaration, {stage: scan, share: 0.3}, leave]
"""

PARTIES = ("day", "yard", "far")


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def of(policy: str, *changes: tuple[str, str], name: str = "policy"):
        text = PORT
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        (tmp_path / "port.yaml").write_text(text, encoding="utf-8")
        (tmp_path / f"{name}.yaml").write_text(f"extends: port.yaml\n{policy}", encoding="utf-8")
        return load(f"{name}.yaml")

    return of


def codes(faults):
    return [(fault.code, fault.path) for fault in faults]


def test_a_policy_that_no_truck_meets(files):
    """The route says its own share of the scanner."""
    policy = files("stages: {scan: {share: 0.1}}\n")
    (fault,) = doubts(policy)
    assert (fault.code, fault.path, fault.file) == ("no-effect", "", "policy.yaml")
    assert (fault.found, fault.against) == ("the very same plan as under port", "port")
    assert "stages.scan.share" in fault.hint
    assert str(fault).startswith("policy.yaml: warning: found the very same plan as under port;")


@pytest.mark.parametrize(
    "policy",
    [
        "traffic: {imports: {route: {scan: {share: 0.1}}}}\n",
        "resources: {booths: {capacity: 3}}\n",
        "calendars: {" + ", ".join(f'{c}: {{hours: "08:00-19:00"}}' for c in PARTIES) + "}\n",
        "traffic: {imports: {priority: 1}}\n",
        "traffic: {imports: {scale: 0.9}}\n",
        "stages: {gate: {time: 2 min}}\n",
        "stages: {gate: {at_close: pause}}\n",
        "completion: {limit: 12 h}\n",
        "open_hours: day\n",
        # Words and prices are no claim to an effect.
        "stages: {gate: {label: The gate}}\n",
        "resources: {booths: {cost_per_staffed_hour: 90 CNY}}\n",
        # Who says again what the base says pins it down.
        "resources: {booths: {capacity: 2}}\n",
        "name: another\n",
    ],
)
def test_policies_with_an_effect_and_those_that_claim_none(files, policy):
    assert doubts(files(policy)) == ()


def test_one_key_of_several_without_an_effect(files):
    policy = files("stages: {scan: {share: 0.1}, gate: {time: 2 min}}\n")
    # Reading the file has said it already.
    assert codes(policy.origin.warnings) == [("unmet", "stages.scan.share")]
    assert doubts(policy) == ()
    assert idle_keys(policy, base_of(policy)) == [("stages", "scan", "share")]


def test_a_value_hidden_by_another_of_the_policy(files):
    """Other hours of the calendar, and beside them a period that covers the whole run."""
    periods = '[{hours: "09:00-17:00", valid_from: 2025-01-01}]'
    calendar = f'day: {{hours: "08:00-20:00", periods: {periods}}}'
    policy = files(f"calendars: {{{calendar}}}\n")
    (fault,) = doubts(policy)
    assert (fault.code, fault.path) == ("no-effect", "calendars.day.hours")
    assert (fault.file, fault.line) == ("policy.yaml", 2)


def test_two_keys_that_stand_in_for_each_other_are_not_idle(files):
    """Either calendar alone would shut the stage an hour earlier: no doubt about any of them."""
    both = ("hours: yard, at_close: pause", "hours: [yard, late], at_close: pause")
    far = '  far: {hours: "08:00-18:00"}'
    late = (far, far + '\n  late: {hours: "08:00-18:00"}')
    policy = files(
        'calendars: {yard: {hours: "08:00-17:00"}, late: {hours: "08:00-17:00"}}\n', both, late
    )
    assert idle_keys(policy, base_of(policy)) == []
    assert doubts(policy) == ()


def test_a_policy_like_the_baseline(files):
    first = files("stages: {gate: {time: 2 min}}\n", name="first")
    again = files("stages: {gate: {time: 120 s}}\n", name="again")
    (fault,) = doubts(again, first)
    assert (fault.code, fault.found) == ("no-effect", "the very same plan as under first")
    assert same_plans(again, first)
    assert doubts(first, load("port.yaml")) == ()
    assert not same_plans(first, load("port.yaml"))


def test_hours_of_one_party_alone(files):
    policy = files('calendars: {yard: {hours: "08:00-22:00"}}\n')
    (fault,) = doubts(policy)
    assert (fault.code, fault.path) == ("one-party", "calendars.yard")
    assert "yard open longer than under port, daily 18:00-22:00, while leave" in fault.found
    # The same beside a baseline that it is not laid on.
    other = files("stages: {gate: {time: 2 min}}\n", name="other")
    assert codes(doubts(other, policy)) == []
    assert codes(doubts(policy, other)) == [("one-party", "calendars.yard")]


@pytest.mark.parametrize(
    "policy",
    [
        'calendars: {yard: {hours: "08:00-22:00"}, far: {hours: "08:00-22:00"}}\n',
        'calendars: {far: {hours: "08:00-22:00"}}\n',  # the last one: its queue goes down
        'calendars: {yard: {hours: "08:00-17:00"}}\n',
        'calendars: {yard: {hours: "10:00-20:00"}}\n',  # shifted, not longer
    ],
)
def test_hours_that_go_together(files, policy):
    assert doubts(files(policy)) == ()


def test_slots_in_place_of_the_trucks_that_come(files):
    booked = "{rate: null, booked: {calendar: day, per_hour: 4}}"
    (fault,) = doubts(files(f"traffic: {{imports: {{arrivals: {booked}}}}}\n"))
    assert (fault.code, fault.path) == ("demand-replaced", "traffic.imports.arrivals.booked")
    assert "40.0 imports a day come and not 59" in fault.found  # ten hours of four
    assert "follow: day" in fault.hint


def test_slots_that_were_there_before(files):
    slots = "arrivals: {booked: {calendar: day, per_hour: 6}}"
    change = ("arrivals: {rate: 60 per day}", slots)
    policy = "traffic: {imports: {arrivals: {booked: {per_hour: 4}}}}\n"
    assert doubts(files(policy, change)) == ()
    follow = "traffic: {imports: {arrivals: {follow: day}}}\n"
    assert doubts(files(follow)) == ()


@pytest.mark.parametrize(
    ("waiting", "share"),
    [
        ("{exponential: {mean: 3}}", "28%"),
        ("{uniform: {low: 0, high: 10}}", "10%"),
        ("{uniform: {low: 1, high: 10}}", ""),
        ("{lognormal: {mean: 30, cv: 0.5}}", ""),
        ("{exponential: {mean: 30}}", ""),
    ],
)
def test_tolerances_below_one_truck(files, waiting, share):
    found = doubts(files(f"traffic: {{imports: {{tolerance: {waiting}}}}}\n"))
    assert codes(found) == [("tolerance", "traffic.imports.tolerance")] * bool(share)
    assert all(fault.found.endswith(f"{share} of its draws below 1") for fault in found)


@pytest.mark.parametrize(
    ("words", "many"),
    [
        ("time: 90 min", 1),
        ("time: 20 min", 0),
        ("time: 90 min, at_close: pause, attended: true", 0),
    ],
)
def test_breakdowns_amid_long_work(files, words, many):
    found = doubts(files(f"stages: {{scan: {{{words}}}}}\n"))
    assert codes(found) == [("breakdown", "resources.scanner.breakdowns")] * many
    assert all("the work of scan, 1.5 h on average" in fault.found for fault in found)


def test_a_port_of_its_own_has_no_base(files):
    files("name: x\n")
    port = load("port.yaml")
    assert base_of(port) is None
    assert doubts(port) == ()


def test_a_base_that_is_no_scenario_is_no_base(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "half.yaml").write_text(PORT.partition("traffic:")[0], encoding="utf-8")
    rest = "traffic:" + PORT.partition("traffic:")[2]
    (tmp_path / "whole.yaml").write_text(f"extends: half.yaml\n{rest}", encoding="utf-8")
    whole = load("whole.yaml")
    assert base_of(whole) is None
    assert doubts(whole) == ()


def test_attached_files_of_one_name_are_told_apart(tmp_path, monkeypatch):
    """A policy in a folder of its own brings its own recorded trucks."""
    monkeypatch.chdir(tmp_path)
    text = PORT.replace("{rate: 60 per day}", "{recorded: {file: gate.csv}}")
    for folder, clock in (("old", "09"), ("new", "10")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "port.yaml").write_text(text, encoding="utf-8")
        rows = f"arrival\n2025-03-04T{clock}:00:00\n"
        (tmp_path / folder / "gate.csv").write_text(rows, encoding="utf-8")
    old, new = load("old/port.yaml"), load("new/port.yaml")
    assert not same_plans(old, new)
    assert same_plans(old, load("old/port.yaml"))


def test_an_overlay_of_a_stack_is_held_against_what_it_lies_on(files, tmp_path):
    files("stages: {gate: {time: 2 min}}\n")
    (tmp_path / "dead.yaml").write_text("stages: {scan: {share: 0.1}}\n", encoding="utf-8")
    (fault,) = doubts(load("policy.yaml+dead.yaml"))
    assert (fault.code, fault.file) == ("no-effect", "dead.yaml")
    assert fault.found == "the very same plan as under policy"

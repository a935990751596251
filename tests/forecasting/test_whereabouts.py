"""Where trucks stand of which a log leaves open which stage is their next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import portsim
from portsim.forecasting.whereabouts import OUT, apportioned

PORT = """\
timezone: UTC
period: {from: 2024-09-02, to: 2024-09-08}
resources: {officers: {capacity: 1}, scanners: {capacity: 1}, clerks: {capacity: CLERKS}}
stages:
  gate: {takes: {officers: 1}, time: 5 min}
  scanner: {takes: {scanners: 1}, time: 30 min, share: 0.25}
  desk: {takes: {clerks: 1}, time: 5 min, share: DESK}
traffic:
  vans: {direction: import, arrivals: {rate: 9 per day}, route: [gate, scanner, desk]}
"""


def standing(tmp_path, rows, at, clerks=1, desk=1, port=PORT):
    """Stage of each truck inside, by a log of the ends at gate, scanner and desk; vans, but those
    whose name says fruit."""
    text = port.replace("CLERKS", str(clerks)).replace("DESK", str(desk))
    (tmp_path / "port.yaml").write_text(text)
    lines = ["truck,class,direction,arrival,gate end,scanner end,desk end"]
    for name, cells in rows.items():
        clocks = [f"2024-09-02 {clock}" if clock else "" for clock in cells.split(",")]
        cls = "fruit" if "fruit" in name else "vans"
        lines.append(",".join([name, cls, "import", *clocks]))
    # Some that came long before, so that every column holds something.
    day = "2024-09-02"
    lines += [
        f"old{n},vans,import,{day} 0{n}:00,{day} 0{n}:05,{day} 0{n}:35,{day} 0{n}:40"
        for n in range(4)
    ]
    (tmp_path / "log.csv").write_text("\n".join(lines) + "\n")
    state, _ = portsim.state_in_log(
        tmp_path / "port.yaml", tmp_path / "log.csv", f"2024-09-02 {at}"
    )
    return dict(zip(state.trucks["truck"], state.trucks["stage"], strict=True))


def test_who_was_passed_at_the_desk_is_at_the_scanner(tmp_path):
    # B was done at the gate after A, and is done at the desk: A is not in the queue there.
    rows = {"A": "08:00,08:05,,", "B": "08:06,08:10,,08:15"}
    assert standing(tmp_path, rows, "08:20") == {"A": "scanner"}


def test_who_was_passed_nowhere_is_where_most_go(tmp_path):
    rows = {"A": "08:00,08:05,,", "B": "08:06,08:10,,"}
    assert standing(tmp_path, rows, "08:12") == {"A": "desk", "B": "desk"}


def test_of_four_of_whom_nothing_more_is_known_one_is_at_the_scanner(tmp_path):
    rows = {f"T{n}": f"08:0{n},08:1{n},," for n in range(4)}
    stages = list(standing(tmp_path, rows, "08:20").values())
    assert sorted(stages) == ["desk", "desk", "desk", "scanner"]


def test_where_trucks_are_overtaken_one_that_is_passed_may_still_be_at_work(tmp_path):
    rows = {"A": "08:00,08:05,,", "B": "08:06,08:10,,08:15"}
    for n in range(8):
        # The first of each two is done after the second.
        rows[f"first{n}"] = f"05:{5 * n:02},05:{5 * n + 1:02},,06:{n:02}"
        rows[f"second{n}"] = f"05:{5 * n + 2:02},05:{5 * n + 3:02},,05:{5 * n + 4:02}"
    # Eight of 21 were overtaken: 3/4 * 8/21 against 1/4.
    assert standing(tmp_path, rows, "08:20", clerks=9) == {"A": "desk"}


def test_who_may_be_out_is_out_when_others_were_done_after_it(tmp_path):
    # Three quarters of four pass neither: but nobody has been done after these.
    rows = {f"T{n}": f"08:0{n},08:1{n},," for n in range(4)}
    assert len(standing(tmp_path, rows, "08:20", desk=0.5)) in (2, 3)
    later = rows | {"U": "08:30,08:35,09:05,09:10"}
    assert standing(tmp_path, later, "09:20", desk=0.5) == {}


FRUIT = "direction: import, arrivals: {rate: 9 per day}, route: [gate, scanner, desk]"


@pytest.mark.parametrize(
    ("fruit", "vans", "stage"),
    [
        # No van was ever passed by one that came later: who was so stands elsewhere.
        (FRUIT, "", "scanner"),
        ("priority: -1, " + FRUIT, "", "desk"),
        (FRUIT, "priority: 1, ", "desk"),
        ("urgent: true, priority: -3, " + FRUIT, "", "desk"),
        (FRUIT.replace("desk", "{stage: desk, priority: -1}"), "", "desk"),
        (FRUIT.replace("scanner", "{stage: scanner, priority: -1}"), "", "scanner"),
        ("priority: -1, " + FRUIT.replace("desk", "{stage: desk, priority: 0}"), "", "scanner"),
        ("rises_every: 1 min, " + FRUIT, "", "desk"),
        ("rises_every: 1 min, " + FRUIT, "rises_every: 1 min, ", "scanner"),
        ("rises_every: 2 min, " + FRUIT, "rises_every: 1 min, ", "scanner"),
        ("rises_every: 1 min, " + FRUIT, "rises_every: 2 min, ", "desk"),
    ],
)
def test_who_was_passed_by_one_that_may_go_first_there_may_still_wait(tmp_path, fruit, vans, stage):
    port = PORT.replace("vans: {", f"vans: {{{vans}") + f"  fruit: {{{fruit}}}\n"
    rows = {"A": "08:00,08:05,,", "B fruit": "08:06,08:10,,08:15"}
    assert standing(tmp_path, rows, "08:20", port=port) == {"A": stage}


shares = st.integers(1, 9).map(lambda n: n / 10)


@given(shares, st.integers(1, 40), st.integers(1, 3))
def test_as_many_stand_at_each_as_are_likely_to(share, count, kinds):
    weights = [{"scanner": share, OUT: 1 - share}] * count * kinds
    each = [number % kinds for number in range(count * kinds)]
    chosen = apportioned(weights, each)
    for kind in range(kinds):
        here = [stage for stage, other in zip(chosen, each, strict=True) if other == kind]
        assert abs(here.count("scanner") - share * count) < 1 + 1e-9


def test_who_can_be_at_one_stage_only_is_there():
    assert apportioned([{"a": 0.5, "b": 0.5}, {"b": 1.0}, {"a": 0.5, "b": 0.5}], "xxx") == [*"abb"]
    assert apportioned([{"a": 0.4, "b": 0.6}, {"a": 1.0}], "xy") == ["b", "a"]

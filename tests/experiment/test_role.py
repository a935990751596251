"""What a scenario is among others: today's is the one they are held against."""

import pytest

import portsim
from experiment.small import program, run
from portsim.errors import InputError
from portsim.scenario.identity import identity, run_identity

PORT = """\
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-05}
replications: 2
calendars: {day: {hours: "08:00-20:00"}}
resources: {lane: {capacity: 1}}
stages: {gate: {hours: day, at_close: finish, takes: {lane: 1}, time: 5 min}}
traffic:
  trucks: {arrivals: {rate: 20/day}, direction: export, route: [gate]}
"""


@pytest.fixture
def write(tmp_path):
    def written(name, role=""):
        file = tmp_path / f"{name}.yaml"
        file.write_text(f"{PORT}{role}\n", encoding="utf-8")
        return file

    return written


def test_the_others_are_held_against_today(write, without_drawings):
    study = portsim.compare([write("a"), write("b", "role: today"), write("c")], jobs=1)
    assert study.manifest.baseline == "b"
    named = portsim.compare([write("a"), write("b", "role: today")], baseline="a", jobs=1)
    assert named.manifest.baseline == "a"
    nobody = portsim.compare([write("a"), write("c", "role: bound")], jobs=1)
    assert nobody.manifest.baseline == "a"


def test_two_cannot_be_todays(write):
    two = [write("a", "role: today"), write("b", "role: today")]
    with pytest.raises(InputError, match=r"a and b both say `role: today`.*expected one or none"):
        portsim.compare(two, jobs=1)
    assert portsim.compare(two, baseline="b", jobs=1).manifest.baseline == "b"


def test_a_role_that_there_is_not_is_told_with_its_line(write, tmp_path):
    file = write("a", "role: yesterday")
    done = run([*program(tmp_path), "run", file.name], tmp_path)
    assert done.returncode == 2
    assert "a.yaml:9" in done.stderr
    assert "yesterday" in done.stderr
    assert not (tmp_path / "results").exists()


def test_it_is_no_part_of_a_run(write):
    plain, today = portsim.load(write("a")), portsim.load(write("a", "role: today"))
    assert run_identity(plain) == run_identity(today)
    assert identity(plain) == identity(today)
    assert identity(portsim.load(write("a", "role: candidate"))) == identity(plain)


def test_what_nobody_plans_is_neither_best_nor_worst(write):
    slow = write("slow")
    slow.write_text(slow.read_text("utf-8").replace("time: 5 min", "time: 30 min"), "utf-8")
    quick = write("quick", "role: bound")
    quick.write_text(quick.read_text("utf-8").replace("capacity: 1", "capacity: 9"), "utf-8")
    study = portsim.compare([write("a", "role: today"), slow, quick], replications=4, jobs=1)
    verdicts = study.manifest.statistics["verdicts"]
    assert verdicts
    for verdict in verdicts:
        assert "quick" not in (*verdict["best"], *verdict["worst"])
    alone = portsim.compare([write("a", "role: today"), quick], replications=4, jobs=1)
    assert any("quick" in verdict["best"] for verdict in alone.manifest.statistics["verdicts"])


def test_it_is_no_policy_without_effect(write, caplog):
    said: list[str] = []
    portsim.compare([write("a", "role: today"), write("b", "role: bound")], say=said.append, jobs=1)
    assert not [text for text in said if "`role`" in text]

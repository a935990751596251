"""Ports whose answers are sums: every swing, tipping point and index can be worked by hand."""

import json
from pathlib import Path

import pytest

import portsim
from portsim.cli import main
from portsim.errors import InputError
from portsim.experiment import Execution, workers
from portsim.experiment.tasks import run_one
from portsim.results.assumptions import sensitivity_sentences
from portsim.studies.sensitivity import Sensitivity, ask

# Nobody waits: the stay is the sum of the times, to the second.
SUM = """\
name: sum
timezone: UTC
period: {from: 2024-03-04, to: 2024-03-05}
replications: 3
stages:
  a: {time: {value: 30 min, source: guess, confidence: E, range: 20 min..60 min}}
  b: {time: &b {value: 10 min, confidence: D, range: 2 min..40 min}}
  c: {time: *b}
  d: {time: {value: 1 min, confidence: E}}
traffic:
  tea: {direction: export, arrivals: {rate: 20 per day}, route: [a, b, c, d]}
"""
# Without its own assumption: b takes 5 min instead of 10.
FAST = "extends: sum.yaml\nname: fast\nstages: {b: {time: 5 min}, c: {time: 10 min}}\n"

# One truck every so many seconds, ten minutes of work each: D/D/1, overloaded above 6 an hour.
QUEUE = """\
name: one
timezone: UTC
period: {from: 2024-03-04, to: 2024-03-06}
completion: {limit: 1 h}
calendars: {always: {hours: round the clock}}
resources: {booth: {capacity: 1}}
stages: {gate: {takes: {booth: 1}, time: 10 min}}
traffic:
  tea:
    direction: export
    arrivals:
      booked: {calendar: always, per_hour: {value: 4, confidence: E, range: 2..12}}
    route: [gate]
"""
TWO = "extends: one.yaml\nname: two\nresources: {booth: {capacity: 2}}\n"
QUICK = {"audit": "none", "jobs": 1}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {"sum": SUM, "fast": FAST, "one": QUEUE, "two": TWO}.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_swings_of_a_sum_are_those_of_its_parts():
    done = portsim.sensitivity("sum.yaml", measure="stay_mean_h", replications=2, **QUICK)
    table = done.table.set_index("assumption")
    assert list(table.index) == ["stages.b.time", "stages.a.time", "stages.d.time"]
    b, a, d = (table.loc[f"stages.{stage}.time"] for stage in "bad")
    assert b["base"] == pytest.approx(51 / 60)
    # The anchor stands at b and c: both move, 2 · (40 − 2) minutes in all.
    assert b["places"] == 2
    assert (b["at_low"], b["at_high"]) == pytest.approx((35 / 60, 111 / 60))
    assert b["swing"] == pytest.approx(76 / 60)
    assert (a["at_low"], a["at_high"]) == pytest.approx((41 / 60, 81 / 60))
    assert (a["low_input"], a["base_input"], a["high_input"]) == (20, 30, 60)
    assert (a["input_unit"], a["confidence"], a["source"], a["line"]) == ("min", "E", "guess", 6)
    assert d["note"] == "not varied: it states no range"


@pytest.mark.usefixtures("folder")
def test_the_tipping_point_of_a_difference_is_where_the_sums_are_equal():
    both = ["sum.yaml", "fast.yaml"]
    done = portsim.sensitivity(both, measure="stay_mean_h", replications=2, **QUICK)
    table = done.table.set_index("assumption")
    # fast − sum = 5 + 10 − 2 b minutes: nothing else counts, and at b = 7.5 it is 0.
    assert table.loc["stages.a.time", "swing"] == pytest.approx(0, abs=1e-9)
    b = table.loc["stages.b.time"]
    assert b["base"] == pytest.approx(-5 / 60)
    assert (b["at_low"], b["at_high"]) == pytest.approx((11 / 60, -65 / 60))
    assert (b["turns_low"], b["turns_high"]) == ("other sign", "")
    # 7.5 lies on no cut of 10 to 2 in halves but on 10 − 8 · 5/16.
    assert (b["holds_low"], b["turned_low"]) == (7.625, 7.5)
    said = " ".join(sensitivity_sentences(done.table, "one-at-a-time"))
    assert "fast against sum: mean stay −0.1 h as written" in said
    assert "a clear difference." in said
    assert (
        "stages.b.time (D) turns it below 7.625 min (10 min as written): it does so by 7.5 min, "
        "and at 2 min the difference has the other sign."
    ) in said


@pytest.mark.usefixtures("folder")
def test_a_queue_of_fixed_times_turns_above_its_rate_of_service():
    done = portsim.sensitivity(["one.yaml", "two.yaml"], replications=2, **QUICK)
    (row,) = done.table.to_dict("records")
    assert row["base"] == row["at_low"] == 0
    assert row["at_high"] > 0.5
    assert (row["turns_low"], row["turns_high"]) == ("", "clear")
    assert (row["holds_high"], row["turned_high"]) == (6, 7)


@pytest.mark.usefixtures("folder")
def test_where_nothing_turns_it_says_so():
    words = {"measure": "stay_mean_h", "only": ["stages.a.*"], "replications": 2}
    done = portsim.sensitivity(["sum.yaml", "fast.yaml"], **words, **QUICK)
    assert sensitivity_sentences(done.table, "one-at-a-time")[1:] == [
        "No assumption alone turns the answer within its range (1 tried)."
    ]


@pytest.mark.usefixtures("folder")
def test_a_value_that_the_port_refuses_is_told(folder):
    late = SUM.replace("period:", "calendars: {day: {hours: '08:00-09:00'}}\nperiod:").replace(
        "  d: {time: {value: 1 min, confidence: E}}",
        "  d: {hours: day, at_close: finish, time: 1 min,\n"
        "      last_entry: {value: 10 min, confidence: E, range: 5 min..90 min}}",
    )
    (folder / "sum.yaml").write_text(late, encoding="utf-8")
    words = {"measure": "stay_mean_h", "only": ["*last_entry"], "replications": 1}
    tidy = portsim.sensitivity("sum.yaml", **words, **QUICK).table
    (row,) = tidy.to_dict("records")
    assert row["note"].startswith("refused at 90 min: ")
    assert row["at_high"] != row["at_high"]
    assert row["at_low"] > 0
    partly = "stages.d.last_entry was varied only in part: refused at"
    assert sensitivity_sentences(tidy, "one-at-a-time")[-1].startswith(partly)


@pytest.mark.usefixtures("folder")
def test_morris_finds_the_effects_of_a_sum_and_no_interaction():
    words = {"measure": "stay_mean_h", "method": "morris", "size": 3, "replications": 1}
    done = portsim.sensitivity("sum.yaml", **words, **QUICK)
    table = done.table.set_index("assumption")
    b, a = table.loc["stages.b.time"], table.loc["stages.a.time"]
    # Times are rounded to the second.
    assert b["mu_star"] == pytest.approx(76 / 60, abs=0.002)
    assert a["mu_star"] == a["mu"] == pytest.approx(40 / 60, abs=0.002)
    assert (a["sigma"], b["sigma"]) == pytest.approx((0, 0), abs=0.002)
    assert table.index[0] == "stages.b.time"
    effects, left_out = sensitivity_sentences(done.table, "morris")
    assert effects.endswith("on mean stay: stages.b.time (1.3 h), stages.a.time (0.7 h).")
    assert left_out == "stages.d.time (1): not varied: it states no range."


@pytest.mark.usefixtures("folder")
def test_sobol_finds_the_shares_of_the_variance_of_a_sum():
    words = {"measure": "stay_mean_h", "method": "sobol", "size": 64, "replications": 1}
    table = portsim.sensitivity("sum.yaml", **words, **QUICK).table.set_index("assumption")
    share = 76**2 / (76**2 + 40**2)
    b, a = table.loc["stages.b.time"], table.loc["stages.a.time"]
    assert (b["total"], a["total"]) == pytest.approx((share, 1 - share), abs=0.05)
    assert (b["first_order"], a["first_order"]) == pytest.approx((share, 1 - share), abs=0.15)


@pytest.mark.usefixtures("folder")
def test_an_interruption_in_the_search_loses_no_run_and_changes_no_byte(folder, monkeypatch):
    asked = ask(["sum.yaml", "fast.yaml"], measure="stay_mean_h", replications=2)
    whole = asked.conduct(Execution(**QUICK))
    whole.write(folder / "whole", figures=False)
    performed = []

    def watch(task):
        performed.append((task.scenario.name, task.replication))
        return run_one(task)

    def stop(done, total):
        if total > asked.variants * 2 + 4 and done == total - 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(workers, "run_one", watch)
    with pytest.raises(KeyboardInterrupt):
        asked.conduct(Execution(journal=folder / "out", on_progress=stop, **QUICK))
    before, said = len(performed), []
    again = asked.conduct(Execution(journal=folder / "out", say=said.append, **QUICK))
    again.write(folder / "out", figures=False)
    # All runs of the first round, and those of the search until it was interrupted.
    assert said[0].startswith(f"{asked.variants * 2} of {asked.variants * 2} runs")
    assert asked.variants * 2 + 4 < before < len(performed) == len(set(performed))
    for name in ("sensitivity.csv", "manifest.json"):
        one, other = ((folder / where / name).read_bytes() for where in ("whole", "out"))
        if name == "manifest.json":
            one, other = ({**json.loads(data), "run": None} for data in (one, other))
        assert one == other
    assert not (folder / "out" / ".portsim-journal.sqlite").exists()


def typed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str):
    monkeypatch.setattr("sys.argv", ["portsim", "sensitivity", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    return ended.value.code or 0, printed.out, printed.err


def test_the_command_writes_table_and_picture_and_says_what_turns(folder, capsys, monkeypatch):
    words = ("sum.yaml", "fast.yaml", "--measure", "stay_mean_h", "-n", "2", "--out", "out")
    code, out, err = typed(capsys, monkeypatch, *words)
    assert code == 0, err
    # 2 policies, a and b at both ends; b is the first policy's alone.
    assert "2 assumptions in 8 variants × 2 replications = 16 runs: about" in err
    assert "stages.b.time (2 places)" in out
    assert "low: other sign" in out
    assert "stages.b.time (D) turns it below 7.625 min (10 min as written)" in out
    assert "stages.d.time (1): not varied: it states no range." in out
    assert "figures/tornado.png" in out
    assert len(portsim.read(folder / "out").table) == 3
    assert (folder / "out/figures/tornado.svg").stat().st_size > 0
    code, _, err = typed(capsys, monkeypatch, *words, "--only", "stages.a.*")
    assert code == 2
    assert "holds results of other inputs" in err


def test_more_than_ten_minutes_need_a_yes(folder, capsys, monkeypatch):
    monkeypatch.setattr(Sensitivity, "seconds_per_run", lambda self, engine: 300.0)
    words = ("sum.yaml", "--measure", "stay_mean_h", "-n", "1", "--jobs", "1", "--out", "out")
    code, _, err = typed(capsys, monkeypatch, *words)
    assert code == 2
    assert "this takes about 25 min; nothing was run" in err
    assert "--yes goes on all the same" in err
    assert not (folder / "out").exists()
    assert typed(capsys, monkeypatch, *words, "--yes")[0] == 0


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"measure": "stay_men_h"}, "hint: did you mean stay_mean_h?"),
        ({"measure": "capacity_per_day"}, "no measure of such a study"),
        ({"measure": "wait_for_mean_h"}, "no measure of such a study"),
        ({"marks": "DX"}, "write letters of A, B, C, D, E"),
        ({"marks": "A"}, "no input bears a mark of A"),
        ({"only": ["x.*"]}, "no input bears a mark of D, E among x.*"),
        ({"baseline": "slow"}, "no scenario is called slow"),
        ({"method": "sobol", "size": 48}, "a power of two, e.g. 64, not 48"),
        ({"method": "morris", "only": ["*.d.*"]}, "(stages.d.time: it states no range)"),
        ({"only": ["*.d.*"]}, "none of the 1 marked inputs can be varied"),
    ],
)
def test_what_cannot_be_asked_is_said(words, said):
    with pytest.raises(InputError, match=r"[\s\S]*") as caught:
        ask(["sum.yaml"], **words)
    assert said in str(caught.value)


@pytest.mark.usefixtures("folder")
def test_an_unknown_class_and_a_measure_of_places_are_told():
    with pytest.raises(InputError, match=r"no class is called coffee\n.*there are all, "):
        portsim.sensitivity("sum.yaml", truck_class="coffee", replications=1, **QUICK)
    with pytest.raises(InputError, match="utilisation is no measure of the whole port"):
        portsim.sensitivity("one.yaml", measure="utilisation", replications=1, **QUICK)

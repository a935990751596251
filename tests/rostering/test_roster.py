"""portsim roster from the command line to the folder: what is written, what is refused."""

import json
import sys

import openpyxl
import pandas as pd
import pytest

import portsim
from portsim.cli import main
from portsim.rostering.programme import Programme
from portsim.rostering.study import ask

PORT = """\
name: gate
timezone: America/Lima
period: {from: 2025-03-03, to: 2025-03-16, warm_up: 1 week}
completion: {limit: 6 h}
replications: 3
seed: 7
calendars:
  day: {hours: "06:00-22:00"}
open_hours: day
resources:
  officers: {label: Officers, capacity: 6, calendar: day}
stages:
  gate: {takes: {officers: 1}, hours: day, at_close: finish, time: 25 min}
traffic:
  trucks:
    direction: export
    arrivals: {rate: 60 per day, hours: {"06:00-20:00": 1}}
    load: 20 t
    route: [gate]
"""
SHIFTS = """\
shifts:
  people:
    staff:
      posts: officers
      starts: [06:00, 14:00]
      lengths: 8 h
      patterns: daily
      wage: 30 PEN
      most: 8
"""


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gate.yaml").write_text(PORT, encoding="utf-8")
    (tmp_path / "shifts.yaml").write_text(SHIFTS, encoding="utf-8")

    def command(*words):
        monkeypatch.setattr(sys, "argv", ["portsim", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return command


def test_the_folder_has_the_roster_for_everybody(run, tmp_path):
    promise = "completed_within_limit>=0.9"
    code, out, _ = run("roster", "gate.yaml", "--shifts", "shifts.yaml", "--require", promise,
                       "--out", "found")  # fmt: skip
    assert code == 0
    folder = tmp_path / "found"
    study = json.loads((folder / "manifest.json").read_text("utf-8"))["study"]
    assert study["exact"]
    assert "Proven on 9 fresh replications" in out
    read = portsim.read(folder)
    people = read.record.tables["people"]
    assert people["cost"].sum() == pytest.approx(study["cost"])
    assert study["cost"] == study["bound"] == 1680 * study["persons"]
    book = openpyxl.load_workbook(folder / "roster.xlsx")
    cells = [[cell.value for cell in row] for row in book.worksheets[1].iter_rows()]
    assert len(cells) == 1 + study["persons"]
    for language, word in (("", "Roster of"), (".zh", "排班"), (".ru", "Расписание")):
        assert word in (folder / f"roster{language}.html").read_text("utf-8")
    # The overlay runs, and is what was proven.
    manned = portsim.Draws(portsim.load("gate.yaml+found/roster.yaml"), 3)
    searched = read.record.tables["promise"]["searched_mean"].item()
    reached = manned.ask(measures="completed_within_limit").mean().item()
    assert reached == pytest.approx(searched, abs=1e-9)
    # One fewer at any time does not do: 60 trucks a day of 25 min are 25 h, in shifts of 8.
    assert study["persons"] >= 4
    again = run("roster", "gate.yaml", "--shifts", "shifts.yaml", "--require", promise,
                "--out", "again")  # fmt: skip
    assert again[0] == 0
    first, second = (pd.read_csv(tmp_path / name / "roster.csv") for name in ("found", "again"))
    pd.testing.assert_frame_equal(first, second)


def test_no_staff_can_keep_what_the_hours_do_not_allow(run):
    """Trucks that come at night wait until six, longer than the limit: nobody can help that."""
    run("validate", "gate.yaml")
    night = PORT.replace('"06:00-20:00": 1', '"20:00-23:00": 1').replace("6 h}", "2 h}")
    with open("night.yaml", "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(night)
    code, out, _ = run("roster", "night.yaml", "--shifts", "shifts.yaml", "--require",
                       "completed_within_limit>=0.95", "--out", "found")  # fmt: skip
    assert code == 3
    assert "No staff can: 6" in out
    assert "is the ceiling of these hours" in out


def test_where_people_are_too_few_that_is_the_reason(run, tmp_path):
    with open("few.yaml", "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(SHIFTS.replace("most: 8", "most: 1"))
    code, out, _ = run("roster", "gate.yaml", "--shifts", "few.yaml", "--require",
                       "completed_within_limit>=0.95", "--out", "found")  # fmt: skip
    assert code == 3
    assert "With all the people and places that there are" in out
    page = (tmp_path / "found" / "roster.html").read_text("utf-8")
    assert "The promise: On-time share ≥ 95\N{NO-BREAK SPACE}%" in page
    assert "cheapest" not in page.partition("<body")[2].casefold()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("gate.yaml", "--require", "completed_within_limit>=0.9"), "no `shifts`"),
        (("gate.yaml", "--shifts", "shifts.yaml"), "nothing is required"),
        (("gate.yaml", "--shifts", "shifts.yaml", "--require", "stay<=1"), "no measure stay"),
        (
            ("gate.yaml", "--shifts", "shifts.yaml", "--require", "completed_within_limit<=0.9"),
            "of completed_within_limit more is better",
        ),
        (
            ("gate.yaml", "--shifts", "shifts.yaml", "--require", "staffed_h_per_day<=90 h"),
            "the roster is the cheapest that keeps the other promises",
        ),
        (("gate.yaml", "--shifts", "no.yaml", "--require", "stay_mean_h<=1"), "no such file"),
    ],
)
def test_what_is_refused_writes_nothing(run, tmp_path, words, said):
    code, _, err = run("roster", *words, "--out", "found")
    assert code == 2
    assert said in err
    assert not (tmp_path / "found").exists()


def test_posts_of_which_all_are_taken_or_whose_shifts_overlap_are_refused(run, tmp_path):
    for old, new, said in (
        ("takes: {officers: 1}", "takes: {officers: all}", "takes all of them"),
        ("calendar: day}", "calendar: day, handover: overlap}", "do not overlap"),
    ):
        (tmp_path / "odd.yaml").write_text(PORT.replace(old, new), encoding="utf-8")
        code, _, err = run("roster", "odd.yaml", "--shifts", "shifts.yaml", "--require",
                           "completed_within_limit>=0.9", "--out", "found")  # fmt: skip
        assert code == 2
        assert said in err


def test_a_promise_on_the_stay_is_kept_too(run, monkeypatch):
    asked = []

    def counted(programme, *words, cheapest=Programme.cheapest, **more):
        asked.append(words)
        return cheapest(programme, *words, **more)

    monkeypatch.setattr(Programme, "cheapest", counted)
    run("validate", "gate.yaml")
    design = ask("gate.yaml+shifts.yaml", required="stay_mean_h<=3")
    done = design.conduct(portsim.experiment.Execution(say=lambda text: None))
    (row,) = done.record.tables["promise"].to_dict("records")
    assert row["met"] == "yes"
    assert row["fresh_high"] <= 3.0
    # People in parts cost nothing here however often they are asked for: that is no progress.
    assert len(asked) < 200

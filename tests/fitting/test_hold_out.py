"""Weeks that a fit has not seen: of a port that stays as it is, and of one that changes."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import portsim
from portsim.gatelog import read_log
from portsim.held import held_against
from portsim.held.looks import look
from portsim.languages import LANGUAGES
from small_logs import came, csv, served
from typed import typed

WEEKS = 8


@pytest.fixture(scope="module")
def steady(tmp_path_factory):
    """Eight weeks of a gate with one officer, ten minutes a truck."""
    path = tmp_path_factory.mktemp("steady") / "gate.csv"
    path.write_text(csv(served(came(7 * WEEKS))))
    return path


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """Two officers, of whom one is missing in the last two of eight weeks."""
    path = tmp_path_factory.mktemp("changed") / "gate.csv"
    arrivals = came(7 * WEEKS, rate=70)
    cut = arrivals[0].replace(hour=0, minute=0, second=0) + dt.timedelta(days=42)
    before = served([each for each in arrivals if each < cut], minutes=12, servers=2)
    after = served([each for each in arrivals if each >= cut], minutes=12, servers=1)
    path.write_text(csv(before + after))
    return path


def test_nothing_speaks_against_a_port_that_stays_as_it_is(steady):
    fit = portsim.fit(read_log([steady], timezone="UTC"), hold_out=None)
    held_out = fit.held_out
    assert (held_out.weeks, held_out.first, held_out.last) == (
        2, dt.date(2024, 10, 14), dt.date(2024, 10, 27),
    )  # fmt: skip
    assert fit.held is held_out.held
    assert fit.held.faults == []
    assert not fit.not_held
    # The one was told from six weeks, the other from all.
    trucks = [len(each.log.trucks) for each in (held_out.earlier, fit.port)]
    stamps = pd.read_csv(steady)["arrival"]
    assert trucks == [int((stamps < "2024-10-14").sum()), len(stamps)]
    assert fit.scenario.period.to == dt.date(2024, 10, 26)
    moved = fit.moved
    assert "yes" not in set(moved["beyond"])
    rate = moved.set_index("path").loc["traffic.truck.arrivals.rate"]
    assert float(rate["earlier_low"]) < 50 < float(rate["earlier_high"])
    assert float(rate["low"]) < 50 < float(rate["high"])


@pytest.mark.usefixtures("without_drawings")
def test_an_officer_who_is_missing_at_the_end_is_said(changed, tmp_path):
    ended = typed("fit", changed, "--timezone", "UTC", "--out", "told", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    out = ended.stdout.replace("\n    ", " ")
    assert "Told from 2024-09-03 to 2024-10-12 and held against the last 2 weeks:" in out
    assert "The log of 14 October 2024 – 27 October 2024 is not what the scenario would" in out
    assert "- gate:" in out
    # The scenario is of all weeks: it has the date on which the officer went.
    told = (tmp_path / "told/port.yaml").read_text()
    assert "2024-10-14" in told
    study = portsim.read(tmp_path / "told/check")
    assert any(fault["stage"] == "gate" for fault in study.manifest.study["faults"])
    assert study.manifest.study["told_days"] == 42
    names = {path.name for path in (tmp_path / "told/check").iterdir()}
    assert {"check.html", "check.zh.html", "check.ru.html", "check.csv"} <= names
    page = (tmp_path / "told/fit.html").read_text("utf-8")
    assert "The weeks that were held out (2) are not what it would have left." in page
    assert all((tmp_path / f"told/fit.{language}.html").is_file() for language in LANGUAGES[1:])


@pytest.mark.usefixtures("without_drawings")
def test_as_typed_with_files_and_without(steady, tmp_path):
    words = ("fit", steady, "--timezone", "UTC", "--out", "told")
    ended = typed(*words, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "nothing in it speaks against the scenario" in ended.stdout.replace("\n    ", " ")
    assert "none of its values lies outside what those before tell" in ended.stdout.replace(
        "\n    ", " "
    )
    table = pd.read_csv(tmp_path / "told/held_out.csv")
    assert list(table.columns) == [
        "path", "unit", "earlier", "earlier_low", "earlier_high", "value", "low", "high", "beyond",
    ]  # fmt: skip
    port = (tmp_path / "told/port.yaml").read_bytes()
    # Whether weeks are held out moves nothing of the scenario, and no old check stays behind.
    (tmp_path / "told/check/mine.txt").write_text("kept")
    again = typed(*words, "--force", "--hold-out", 0, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "told/port.yaml").read_bytes() == port
    assert [path.name for path in (tmp_path / "told/check").iterdir()] == ["mine.txt"]
    assert not (tmp_path / "told/held_out.csv").exists()


def test_too_few_weeks_are_said_or_refused(tmp_path):
    (tmp_path / "gate.csv").write_text(csv(served(came(21))))
    words = ("fit", "gate.csv", "--timezone", "UTC", "--out", "told")
    refused = typed(*words, "--hold-out", 1, cwd=tmp_path)
    assert refused.returncode == 2
    assert "--hold-out: found 1; expected 0 to 0 weeks: the log has 3 whole weeks" in refused.stderr
    assert not (tmp_path / "told").exists()
    ended = typed(*words, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "no weeks are held out: the log has 3 whole weeks, and a check needs 4" in ended.stdout
    assert not (tmp_path / "told/check").exists()


def test_a_log_before_a_second_knows_nothing_of_what_came_later(tmp_path):
    # Through before ten; in work at the desk, at the gate, and not there yet, when it strikes.
    stamps = {
        "A": ("08:00:00", "08:00:10", "08:10:00", "08:20:00", "09:00:00"),
        "B": ("09:00:00", "09:00:20", "09:10:00", "09:50:00", "10:10:00"),
        "C": ("09:30:00", "09:40:30", "10:05:00", "10:20:00", "10:40:00"),
        "D": ("10:01:00", "10:06:40", "10:15:00", "10:45:00", "10:55:00"),
    }
    rows = [",".join([plate, *(f"2024-09-02 {at}" for at in own)]) for plate, own in stamps.items()]
    head = "plate,arrival,gate start,gate end,desk start,desk end"
    (tmp_path / "gate.csv").write_text("\n".join([head, *rows]) + "\n")
    log = read_log([tmp_path / "gate.csv"], timezone="UTC")
    ten = dt.datetime(2024, 9, 2, 10, tzinfo=dt.UTC).timestamp()
    before = log.before(ten)
    assert list(before.trucks["truck"]) == ["A", "B", "C"]
    stages = before.visits[["truck", "stage"]].itertuples(index=False, name=None)
    assert list(stages) == [(0, "gate"), (0, "desk"), (1, "gate"), (1, "desk"), (2, "gate")]
    assert np.isnan(before.visits["end"].to_numpy()).tolist() == [False, False, False, True, True]
    assert before.lost.unfinished == 2
    assert before.last == ten - 600
    assert float(np.nanmax(before.visits[["queue", "start", "end"]].to_numpy())) < ten
    with pytest.raises(ValueError, match="no truck"):
        log.before(float(log.first))


def test_what_the_scenario_was_told_from_counts_as_chance(tmp_path):
    # Of 10 periods with mean 0 and sd 1, and a scenario told from one period like them, a further
    # one has sd √(1 + 1/10 + 1): beyond 2.262 of these lies 5 % of t with 9 degrees of freedom.
    simulated = np.array([-1.0, 1.0] * 5) * np.sqrt(0.9)
    far = 2.262157 * np.sqrt(2.1)
    assert look(far, simulated, 0.0, 0.0).told_from(1.0).chance == pytest.approx(0.05, abs=1e-6)
    assert look(far, simulated, 0.0, 0.0).chance < 0.02
    (tmp_path / "gate.csv").write_text(csv(served(came(42))))
    log = read_log([tmp_path / "gate.csv"], timezone="UTC")
    held = held_against(portsim.fit(log).scenario, log, replications=10, told_days=28)
    assert "told from the 28 days before" in " ".join(held.sentences)


def test_names_that_a_scenario_cannot_have_find_their_partners(tmp_path):
    rows = served(came(35))
    text = csv(rows, name="exit").replace("plate,", "plate,class,")
    lines = text.splitlines()
    kinds = ["cars/vans", "all"]
    named = [line.replace(",", f",{kinds[n % 2]},", 1) for n, line in enumerate(lines[1:])]
    (tmp_path / "gate.csv").write_text("\n".join([lines[0], *named]) + "\n")
    fit = portsim.fit(read_log([tmp_path / "gate.csv"], timezone="UTC"), hold_out=1)
    assert list(fit.scenario.stages) == ["exit-2"]
    assert set(fit.scenario.traffic.classes) == {"cars-vans", "all-2"}
    assert not fit.held.facts["strange_stages"]
    assert not fit.held.facts["strange_classes"]
    assert fit.held.faults == []


def test_who_still_waits_when_an_overloaded_log_is_cut_has_not_given_up(tmp_path):
    # After noon they come and nobody is served.
    rows = served(came(49, rate=50), opens=6, closes=12)
    file = tmp_path / "gate.csv"
    file.write_text(csv(rows, starts=False))
    log = read_log([file], timezone="UTC")
    cut = rows[0][0].replace(hour=0, minute=0, second=0, tzinfo=dt.UTC) + dt.timedelta(days=35)
    told = portsim.fit(log.before(cut.timestamp()))
    assert log.before(cut.timestamp()).lost.unfinished > 100
    row = told.table.set_index("path").loc["traffic.truck.patience"]
    assert (int(row["value"]), row["note"]) == (0, "none left without being served")

"""Forecasts of the past: who was inside, right and wrong scenarios, and the command line."""

import datetime as dt
from html import unescape

import numpy as np
import pandas as pd
import pytest

import portsim
from drawing import undrawn
from forecasting.seen import held_up
from portsim.errors import InputError
from portsim.forecasting import scoring
from portsim.forecasting.seen_in_log import gone_unseen, present
from portsim.gatelog import read_log
from portsim.results.scores import score_sentences
from small_logs import came, csv, port, served
from typed import typed

WEEKS = 5
BOTH_WAYS = """\
timezone: UTC
period: {from: 2024-09-02, to: 2024-09-08}
resources: {officers: {capacity: 1}, clerks: {capacity: 1}}
stages:
  gate: {takes: {officers: 1}, time: 5 min}
  desk: {takes: {clerks: 1}, time: 5 min}
traffic:
  imports: {direction: import, arrivals: {rate: 9 per day}, route: [gate, desk]}
  exports: {direction: export, arrivals: {rate: 9 per day}, route: [desk, gate]}
"""
QUICK = {"origins": 40, "futures": 30, "hours": 8, "seed": 1}


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    """Five weeks of a gate with one officer, ten minutes a truck, 08:00 to 18:00."""
    folder = tmp_path_factory.mktemp("gate")
    (folder / "gate.csv").write_text(csv(served(came(7 * WEEKS))))
    (folder / "small.yaml").write_text(port())
    return folder


@pytest.fixture(scope="module")
def scored(gate):
    """Forecasts of the gate by the right scenario."""
    log = read_log([gate / "gate.csv"], timezone="UTC")
    return portsim.score_forecasts(gate / "small.yaml", log, **QUICK)


def test_who_was_inside_by_hand(tmp_path):
    text = held_up("08:05,08:10,08:20", "08:10,08:20,08:40", "08:50,09:00,09:10")
    (tmp_path / "log.csv").write_text(text)
    (tmp_path / "small.yaml").write_text(port())
    there = present(
        read_log([tmp_path / "log.csv"], timezone="UTC"), portsim.load(tmp_path / "small.yaml")
    )
    assert there.stages == ("", "gate")
    # Before anything of 08:15, 08:30, 08:45, 09:00.
    assert there.inside.tolist() == [[2.0, 1.0, 0.0, 1.0]] * 2
    assert there.came[0].tolist() == [2.0, 0.0, 0.0, 1.0]


def lacking(count, *, at=(1, 2), cls=None, most=1.0):
    """Which of so many visits, one done after the other, are gone though some lack their end."""
    joined, done = np.arange(float(count)), np.arange(float(count)) + 0.5
    done[list(at)] = np.inf
    cls = np.zeros(count, dtype=np.int64) if cls is None else np.array(cls)
    return np.flatnonzero(gone_unseen(joined, done, cls, most)).tolist()


def test_who_lacks_an_end_is_gone_when_twelve_went_after_it():
    # After the first of them eleven came that are done, after the other as many.
    assert lacking(14) == []
    assert lacking(15) == [1, 2]
    assert not gone_unseen(np.arange(9.0), np.full(9, np.inf), np.zeros(9, np.int64), 1.0).any()


def test_who_is_at_work_among_many_servers_or_has_to_let_others_pass_is_still_there():
    assert lacking(100, most=20.0) == []
    assert lacking(300, most=20.0) == [1, 2]
    assert lacking(300, most=np.inf) == []
    # One of a class of its own waits while hundreds with priority pass.
    assert lacking(300, at=(1,), cls=[0, 1, *[0] * 298]) == []


def test_a_two_sided_port_whose_ways_are_opposite(tmp_path):
    """Exports pass the desk first, imports the gate: nobody is at both at once."""
    (tmp_path / "both.yaml").write_text(BOTH_WAYS)
    rows = [
        f"{cls}{day},{cls},2024-09-{day:02} 08:00,2024-09-{day:02} {gate},2024-09-{day:02} {desk}"
        for day in range(2, 30)
        for cls, gate, desk in (("imports", "08:20", "08:50"), ("exports", "08:50", "08:20"))
    ]
    (tmp_path / "log.csv").write_text("\n".join(["truck,class,arrival,gate end,desk end", *rows]))
    log = read_log([tmp_path / "log.csv"], timezone="UTC")
    there = present(log, portsim.load(tmp_path / "both.yaml"))
    # Before anything of 08:00, 08:15, 08:30, 08:45, 09:00.
    inside = dict(zip(there.stages, there.inside[:, :5].tolist(), strict=True))
    assert inside == {"": [0, 2, 2, 2, 0], "gate": [0, 1, 1, 1, 0], "desk": [0, 1, 1, 1, 0]}


def test_ports_that_are_empty_or_shut_are_forecast_to_be_so(tmp_path):
    """A truck a day, at noon, ten minutes at a gate that is shut on Sundays."""
    rows = [
        f"T{day},2024-09-{2 + day:02} 12:00,2024-09-{2 + day:02} 12:00,2024-09-{2 + day:02} 12:10"
        for day in range(28)
        if day % 7 != 6
    ]
    (tmp_path / "log.csv").write_text("\n".join(["truck,arrival,gate start,gate end", *rows]))
    (tmp_path / "small.yaml").write_text(port(rate=0.001))
    log = read_log([tmp_path / "log.csv"], timezone="UTC")
    few = {**QUICK, "origins": 20, "futures": 20}
    table = portsim.score_forecasts(tmp_path / "small.yaml", log, **few).table
    # Next to nobody is inside at any time: there is hardly anything to be wrong by.
    assert (table["crps"] < 0.1).all()
    assert table["coverage_95"].between(0.85, 1.0).all()


def test_an_hour_that_the_clock_repeats_begins_no_forecast(tmp_path):
    """Berlin, 27 October 2024, 02:00 to 03:00 comes twice."""
    start = dt.datetime(2024, 10, 7, tzinfo=dt.UTC)
    rows = [
        f"T{n},{start + dt.timedelta(hours=n):%Y-%m-%dT%H:%M}Z,"
        f"{start + dt.timedelta(hours=n, minutes=20):%Y-%m-%dT%H:%M}Z"
        for n in range(24 * 24)
    ]
    (tmp_path / "log.csv").write_text("\n".join(["truck,arrival,gate end", *rows]))
    text = port(hours="00:00-24:00", work="20 min", rate=24).replace("UTC", "Europe/Berlin")
    text = text.replace('hours: {"06:00-16:00": 1}', 'hours: {"00:00-24:00": 1}')
    (tmp_path / "small.yaml").write_text(text)
    log = read_log([tmp_path / "log.csv"], timezone="Europe/Berlin")
    asked = {"origins": 40, "futures": 2, "hours": 1, "seed": 1}
    told = portsim.score_forecasts(tmp_path / "small.yaml", log, **asked).table
    assert told["n"].iloc[0] > 30
    scenario = portsim.load(tmp_path / "small.yaml")
    there = present(log, scenario)
    # The first 02:30 is 00:30 UTC, the second an hour later; an hour from the first ends in it.
    half_past = int(dt.datetime(2024, 10, 27, 0, 30, tzinfo=dt.UTC).timestamp())
    step = (half_past - there.begin) // 900
    told = [scoring._told(scenario, there, step + 4 * n, 1.0) for n in (-2, -1, 0, 1, 2)]
    assert told == [True, True, False, False, True]
    with pytest.raises(InputError, match="an hour that the clock shows twice"):
        portsim.forecast(scenario, "2024-10-27 02:30", log=log, hours=1)
    # Two hours from then on are two hours.
    study = portsim.forecast(scenario, "2024-10-27 02:30", log=log, hours=2, futures=5, jobs=1)
    assert study.table["time"].nunique() == 9


def test_a_right_scenario_is_better_than_none_and_a_wrong_one_worse(gate, scored):
    log = read_log([gate / "gate.csv"], timezone="UTC")
    right = scored.table.set_index(["stage", "horizon_h"])
    assert list(right.index) == [(s, h) for s in ("", "gate") for h in (1, 2, 4, 8)]
    assert set(right["n"]) == {40}
    whole = right.loc[""]
    assert (whole["coverage_95"] > 0.85).all()
    assert (whole["skill"].loc[[2, 4]] > 0.0).all()
    (gate / "wrong.yaml").write_text(port(work="14 min"))
    wrong = portsim.score_forecasts(gate / "wrong.yaml", log, **QUICK)
    wrong = wrong.table.set_index(["stage", "horizon_h"])
    assert (wrong["crps"] > right["crps"]).all()
    assert (wrong["coverage_80"] < right["coverage_80"]).all()


def test_nothing_later_than_an_origin_is_looked_at(gate, tmp_path):
    """Where the rest of the log is another port, forecasts of before are the same."""
    lines = (gate / "gate.csv").read_text().splitlines()
    log = read_log([gate / "gate.csv"], timezone="UTC")
    begin = len(lines) * 4 // 5
    (tmp_path / "gate.csv").write_text("\n".join(lines[:begin]))
    part = read_log([tmp_path / "gate.csv"], timezone="UTC")
    at = "2024-09-20 11:00"
    both = [portsim.forecast(gate / "small.yaml", at, log=one, jobs=1) for one in (log, part)]
    assert both[0].table.equals(both[1].table)


def test_finished_forecasts_of_the_past_are_made_once(gate, tmp_path, monkeypatch):
    """Interrupted after three of five, the same call makes the other two; one that is damaged, and
    those of other inputs, are made again."""
    log = read_log([gate / "gate.csv"], timezone="UTC")
    made = []

    def counted(*words, begun=scoring.run_futures):
        made.append(words)
        return begun(*words)

    def stop(done, total):
        if done == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(scoring, "run_futures", counted)
    words = {"origins": 5, "futures": 4, "hours": 2, "seed": 1, "journal": tmp_path / "out"}
    with pytest.raises(KeyboardInterrupt):
        portsim.score_forecasts(gate / "small.yaml", log, **words, on_progress=stop)
    assert len(made) == 3
    first = sorted(tmp_path.glob("out/.portsim-origins-*/*.npz"))
    assert len(first) == 3
    first[0].write_bytes(first[0].read_bytes()[:-40])
    study = portsim.score_forecasts(gate / "small.yaml", log, **words)
    assert len(made) == 6
    alone = portsim.score_forecasts(gate / "small.yaml", log, **{**words, "journal": None})
    assert study.table.equals(alone.table)
    assert study.calibration.equals(alone.calibration)
    portsim.score_forecasts(gate / "small.yaml", log, **{**words, "seed": 2})
    assert len(made) == 6 + 5 + 5
    assert not first[1].exists()


def test_as_typed(gate, tmp_path):
    words = ("forecast", gate / "small.yaml", "--score", gate / "gate.csv")
    some = ("--origins", 5, "--futures", 10, "--hours", 2)
    done = typed(*words, *some, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Of 5 forecasts of the past, 1 to 2 h ahead: ")
    folder = tmp_path / "results/small-scores"
    table = (folder / "scores.csv").read_text("utf-8-sig").splitlines()
    assert table[0].startswith("stage,horizon_h,n,coverage_50,coverage_80,coverage_95,crps")
    assert len(table) == 1 + 2 * 2
    levels = (folder / "calibration.csv").read_text("utf-8-sig").splitlines()
    assert len(levels) == 1 + 2 * 2 * 19
    assert (folder / "figures/calibration.svg").is_file()
    assert not list(folder.glob(".portsim*"))
    study = portsim.read(folder)
    assert study.sentences == portsim.read(folder).sentences
    assert "".join(study.sentences[0].split()) in "".join(done.stdout.split())
    other = typed(*words, *some, "--seed", 9, cwd=tmp_path)
    assert other.returncode == 2
    assert "holds results of other inputs" in other.stderr
    refused = typed(*words, "--at", "2024-09-20 11:00", cwd=tmp_path)
    assert refused.returncode == 2
    assert "leave out --at" in refused.stderr
    later = ("forecast", gate / "small.yaml", "--log", gate / "gate.csv", "--futures", 5)
    with undrawn():
        later = typed(*later, "--at", "2024-09-20 11:00", "--hours", 2, cwd=tmp_path)
    assert later.returncode == 0, later.stderr
    assert "".join(study.sentences[0].split()) in "".join(later.stdout.split())


@pytest.mark.usefixtures("without_images")
def test_a_forecast_says_how_often_earlier_ones_were_right(gate, scored, tmp_path):
    log, at = read_log([gate / "gate.csv"], timezone="UTC"), "2024-09-20 11:00"
    scored.write(tmp_path / "scores", figures=False)
    few = {"log": log, "hours": 2, "futures": 5, "jobs": 1}
    untried = portsim.forecast(gate / "small.yaml", at, **few)
    assert untried.scores is None
    assert untried.sentences[-1].startswith("How often these bands are right has not been tried")
    told = portsim.forecast(gate / "small.yaml", at, scores=tmp_path / "scores", **few)
    assert told.scores.equals(scored.scores)
    assert told.sentences[-len(scored.sentences) :] == scored.sentences
    told.write(tmp_path / "out")
    page = unescape((tmp_path / "out/forecast.html").read_text("utf-8"))
    assert "How often such forecasts were right" in page
    assert scored.sentences[0] in page.replace("\N{NO-BREAK SPACE}", " ")
    assert (tmp_path / "out/figures/calibration.png").is_file()
    assert portsim.read(tmp_path / "out").calibration.equals(scored.calibration)
    # Another hour at the gate: what is known is of the port as it was.
    (tmp_path / "small.yaml").write_text(port(work="9 min"))
    changed = portsim.forecast(tmp_path / "small.yaml", at, scores=tmp_path / "scores", **few)
    assert changed.sentences[-1] == "The scenario has been changed since those forecasts."
    (tmp_path / "other.yaml").write_text(port().replace("name: small", "name: other"))
    with pytest.raises(InputError, match="found scores of small; expected those of other"):
        portsim.forecast(tmp_path / "other.yaml", at, scores=tmp_path / "scores", **few)
    with pytest.raises(InputError, match="a forecast"):
        portsim.forecast(gate / "small.yaml", at, scores=tmp_path / "out", **few)


@pytest.mark.parametrize(
    ("skills", "sentence"),
    [
        ((0.1, 0.3), "They were 10 to 30 % nearer to it than"),
        ((-0.1, 0.3), "They were up to 30 % nearer to it than"),
        ((-0.1, 0.0), "They were no nearer to it than"),
        ((np.nan, np.nan), ""),
    ],
)
def test_what_scores_say(skills, sentence):
    rows = [
        {"stage": stage, "horizon_h": hours, "skill": skill, "coverage_80": c, "coverage_95": 0.9}
        for stage, hours, skill, c in (
            ("", 1, 0.9, 0.1),
            ("", 4, skills[0], 0.75),
            ("", 8, skills[1], 0.82),
            ("gate", 4, -0.5, 0.1),
        )
    ]
    first, *rest = score_sentences({"origins": 30}, pd.DataFrame(rows))
    assert first == (
        "Of 30 forecasts of the past, 4 to 8 h ahead: 75 to 82 % of what was then seen lay in the"
        " bands of 80 %, 90 % in those of 95 %."
    )
    assert "".join(rest).startswith(sentence)
    assert len(rest) == bool(sentence)


def test_a_log_that_is_too_short_is_refused(gate, tmp_path):
    (tmp_path / "gate.csv").write_text(csv(served(came(10))))
    log = read_log([tmp_path / "gate.csv"], timezone="UTC")
    with pytest.raises(InputError, match="too short to be scored"):
        portsim.score_forecasts(gate / "small.yaml", log, **QUICK)

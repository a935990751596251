"""Estimates drawn as the shape beside their range says, and values drawn together, row by row."""

import numpy as np
import pytest
import yaml
from scipy.stats import kstest, norm

import portsim
from experiment.small import interrupted, written
from experiment.test_uncertain import PORT, drawn, row_of
from portsim.errors import InputError, ScenarioError
from portsim.scenario.assumptions import assumptions
from typed import typed

SEARCHES = None

CLERKS = "stages.clerks.time"
GATE = "stages.gate.time"
ESTIMATE = "{value: 1 h, source: fitted, confidence: A, range: 40 min..80 min, shape: normal}"
GUESS = "{value: 10 min, source: guess, confidence: E, range: 5 min..15 min}"
ROWS = "draw,stages.clerks.time [min],stages.gate.time [min]\n1,50,30\n2,60,20\n3,70,10\n"
TOGETHER = "study: {draws: draws.csv}\n"


@pytest.fixture
def port(tmp_path):
    def made(name="port", clerks=ESTIMATE, gate=GUESS, more="", rows=ROWS):
        text = PORT.format(name=name, clerks=clerks, gate=gate, lanes="900") + more
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        (tmp_path / "draws.csv").write_text(rows, encoding="utf-8")
        return tmp_path / f"{name}.yaml"

    return made


# ---- shapes ------------------------------------------------------------------------------------


def clerks_of(file):
    (input_,) = [
        each for each in assumptions([portsim.load(file)], "AE")[0] if CLERKS in each.paths
    ]
    return input_


def test_a_normal_estimate_has_95_of_100_draws_in_its_range(port):
    input_ = clerks_of(port(gate="10 min"))
    limits = [input_.at(quantile) for quantile in (0.025, 0.5, 0.975)]
    assert limits == pytest.approx([40 / 60, 1.0, 80 / 60])
    study = portsim.run(port(gate="10 min"), replications=40, uncertain=True, jobs=1)
    hours = drawn(study)
    assert kstest(hours, norm(1.0, 20 / 60 / 1.959964).cdf).pvalue > 0.05
    assert set(study.drawn_inputs["shape"]) == {"normal"}
    # Without a queue every stay is the service and ten minutes: ignorance is the estimate itself.
    row = row_of(study)
    low, high = np.quantile(hours, [0.025, 0.975], method="weibull") + 1 / 6
    assert (row["ignorance_low"], row["ignorance_high"]) == pytest.approx((low, high), abs=2e-4)
    said = " ".join(study.sentences)
    assert "0 evenly within their ranges, 1 as a normal or lognormal distribution" in said


def test_a_lognormal_estimate_has_its_median_between_the_limits_by_their_ratio(port):
    clerks = ESTIMATE.replace("normal", "lognormal").replace("40 min", "30 min")
    clerks = clerks.replace("80 min", "120 min")
    input_ = clerks_of(port(clerks=clerks, gate="1 min"))
    limits = [input_.at(quantile) for quantile in (0.025, 0.5, 0.975)]
    assert limits == pytest.approx([0.5, 1.0, 2.0])
    study = portsim.run(port(clerks=clerks, gate="1 min"), replications=40, uncertain=True, jobs=1)
    logs = np.log(drawn(study))
    assert kstest(logs, norm(0.0, np.log(2) / 1.959964).cdf).pvalue > 0.05


def test_marks_choose_and_estimates_are_drawn_whatever_their_mark(port):
    scenario = port()
    for asked, paths in (
        ({}, {CLERKS, GATE}),
        ({"marks": "E"}, {GATE}),
        ({"marks": "A"}, {CLERKS}),
        ({"only": ["stages.cl*"]}, {CLERKS}),
        ({"but": ["stages.cl*"]}, {GATE}),
    ):
        study = portsim.run(scenario, replications=2, uncertain=True, jobs=1, **asked)
        assert set(study.drawn_inputs["path"]) == paths, asked


def test_only_and_except_as_typed(port, command, tmp_path):
    port()
    words = ("run", "port.yaml", "-n", 2, "--jobs", 1, "--out", "out")
    done = command(*words, "--uncertain", "--except", "stages.gate.*")
    assert done.code == 0, done.err
    assert GATE not in (tmp_path / "out/drawn_inputs.csv").read_text("utf-8-sig")
    refused = command(*words, "--only", "stages.*")
    assert refused.code == 2
    assert "--only says which inputs are drawn" in refused.err


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("range: 30 min..2 h, shape: gaussian", "expected one of uniform, normal, lognormal"),
        ("range: 30 min..2 h, shape: norml", "did you mean `normal`?"),
        ("shape: normal", "`shape` without a range"),
    ],
)
def test_a_shape_that_is_none_is_told_with_its_line(port, tmp_path, note, said):
    port(clerks=f"{{value: 1 h, confidence: A, {note}}}")
    done = typed("validate", "port.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "port.yaml:9" in done.stderr
    assert said in done.stderr.replace("\n    ", " ")


def test_a_lognormal_of_nothing_cannot_be_drawn(port):
    clerks = "{value: 1 h, confidence: E, range: 0 min..2 h, shape: lognormal}"
    with pytest.raises(InputError, match="is lognormal and does not lie above 0"):
        portsim.run(port(clerks=clerks, gate="1 min"), uncertain=True, replications=2, jobs=1)


def test_a_shape_survives_the_way_through_a_file(port):
    text = portsim.load(port()).to_yaml()
    assert "shape: normal" in text
    again = portsim.Scenario.from_dict({"name": "x"} | yaml.safe_load(text))
    assert "shape: normal" in again.to_yaml()


# ---- rows --------------------------------------------------------------------------------------


def test_replication_k_takes_row_k_and_the_rows_come_again(port):
    study = portsim.run(port(more=TOGETHER), replications=5, uncertain=True, jobs=1)
    assert drawn(study).tolist() == pytest.approx([50 / 60, 1, 70 / 60, 50 / 60, 1])
    assert drawn(study, path=GATE).tolist() == [30, 20, 10, 30, 20]
    assert set(study.drawn_inputs["shape"]) == {"joint"}
    # In each row both together take 80 minutes: so does every truck, whatever was drawn.
    row = row_of(study)
    assert row["ignorance_low"] == row["ignorance_high"]
    assert row["mean"] + row["shift"] == pytest.approx(80 / 60)
    assert "2 together. What is drawn together is a row of draws.csv a replication." in " ".join(
        study.sentences
    )


def test_all_policies_meet_the_same_row_and_keep_what_they_say_themselves(port, tmp_path):
    port(more=TOGETHER)
    (tmp_path / "fast.yaml").write_text(
        "extends: port.yaml\nname: fast\nstages: {gate: {time: 4 min}}"
    )
    (tmp_path / "own.yaml").write_text(
        "extends: port.yaml\nname: own\nstages: {gate: {time: "
        "{value: 4 min, confidence: E, range: 3 min..5 min}}}"
    )
    names = [tmp_path / f"{name}.yaml" for name in ("port", "fast", "own")]
    study = portsim.compare(names, replications=3, uncertain=True, jobs=1)
    for name in ("port", "fast", "own"):
        assert drawn(study, name).tolist() == pytest.approx([50 / 60, 1, 70 / 60])
    assert not len(drawn(study, "fast", GATE))
    assert np.all((drawn(study, "own", GATE) >= 3) & (drawn(study, "own", GATE) <= 5))
    assert set(drawn(study, "port", GATE)) == {30, 20, 10}


def test_without_the_option_a_file_of_draws_changes_no_byte(port, tmp_path):
    plain = written(portsim.run(port(), replications=2, jobs=1), tmp_path / "plain")
    named = written(portsim.run(port(more=TOGETHER), replications=2, jobs=1), tmp_path / "named")
    assert named == plain


def test_engines_and_workers_change_nothing(port, tmp_path):
    made = []
    for engine, jobs in (("compiled", 1), ("compiled", 2), ("simpy", 1)):
        study = portsim.run(port(more=TOGETHER), replications=3, uncertain=True, engine=engine,
                            jobs=jobs, audit="none")  # fmt: skip
        files = written(study, tmp_path / f"{engine}-{jobs}")
        made.append({name: files[name] for name in ("uncertainty.csv", "drawn_inputs.csv")})
    assert made[0] == made[1] == made[2]


def test_an_interrupted_study_goes_on(port, tmp_path):
    policies = [portsim.load(port(more=TOGETHER)), portsim.load(port("b", more=TOGETHER))]
    asked = {"replications": 3, "uncertain": True}
    whole = written(portsim.compare(policies, **asked, jobs=1), tmp_path / "whole")
    interrupted(policies, tmp_path / "out", 8, **asked)
    again = portsim.compare(policies, **asked, jobs=1, journal=tmp_path / "out")
    assert written(again, tmp_path / "out") == whole


def test_other_rows_are_other_inputs(port, tmp_path):
    asked = {"replications": 2, "uncertain": True, "jobs": 1}
    portsim.run(port(more=TOGETHER), **asked).write(tmp_path / "out", figures=False)
    other = portsim.run(port(more=TOGETHER, rows=ROWS.replace("50,30", "55,25")), **asked)
    with pytest.raises(InputError, match="other inputs"):
        other.write(tmp_path / "out", figures=False)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (ROWS.replace("clerks", "clarks"), "draws.csv:1: error: found `stages.clarks.time`"),
        (ROWS.replace("clerks", "clarks"), "did you mean `stages.clerks.time`?"),
        (ROWS.replace("60,20", "sixty,20"), "draws.csv:3: error: found `sixty`"),
        (ROWS.replace("60,20", "60"), "draws.csv:3: error: found a row of 2 cells"),
        (ROWS.replace("[min]", "[furlong]"), "draws.csv:1: error: found `furlong`"),
        (ROWS.splitlines()[0], "draws.csv:1: error: found no rows"),
        (ROWS.replace("draw,", "row,"), "expected a table with a column `draw`"),
    ],
)
def test_a_table_that_is_none_is_told_with_its_line(port, tmp_path, rows, said):
    port(more=TOGETHER, rows=rows)
    for words in (("validate", "port.yaml"), ("run", "port.yaml", "--uncertain", "--out", "out")):
        done = typed(*words, cwd=tmp_path)
        assert done.returncode == 2, words
        assert said in done.stderr.replace("\n    ", " ")
    assert not (tmp_path / "out").exists()


def test_a_missing_file_is_told_where_it_is_named(port, command, tmp_path):
    port(more="study: {draws: drawn.csv}\n")
    done = typed("validate", "port.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "port.yaml:17" in done.stderr
    assert "`drawn.csv`, no such file" in done.stderr
    # A plain run needs none.
    assert command("run", "port.yaml", "-n", 1, "--jobs", 1, "--out", "out").code == 0


def test_semicolons_and_commas_of_a_spreadsheet_are_read(port):
    rows = ROWS.replace(",", ";").replace("50;30", "50,5;30,25")
    study = portsim.run(port(more=TOGETHER, rows=rows), replications=1, uncertain=True, jobs=1)
    assert drawn(study).tolist() == pytest.approx([50.5 / 60])
    assert drawn(study, path=GATE).tolist() == [30.25]


def test_a_row_that_cannot_stand_gives_way_to_another(port):
    rows = ROWS.replace("2,60,20", "2,60,0")
    clerks = "{triangular: {low: 55 min, mode: " + ESTIMATE + ", high: 90 min}}"
    rows = rows.replace("stages.clerks.time", "stages.clerks.time.triangular.mode")
    scenario = portsim.load(port(clerks=clerks, more=TOGETHER, rows=rows))
    study = portsim.run(scenario, replications=3, uncertain=True, jobs=1)
    first = study.drawn_inputs.groupby("replication").first()
    # The mode of the first row lies below the lowest value; the others can stand.
    assert first["attempt"].tolist()[1:] == [1, 1]
    assert first.loc[1, "attempt"] > 1
    assert first.loc[1, "value"] in (pytest.approx(1.0), pytest.approx(7 / 6))
    with pytest.raises(ScenarioError, match="clerks"):
        scenario.replace({"stages.clerks.time.triangular.mode": "50 min"})

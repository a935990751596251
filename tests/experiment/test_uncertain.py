"""Inputs drawn within their ranges: ports whose answer is linear in what is not known."""

import re

import numpy as np
import openpyxl
import pytest

import portsim
from experiment.small import JOURNAL, interrupted, results, written
from portsim.errors import InputError, StuckError
from portsim.experiment import workers
from portsim.experiment.tasks import run_one
from portsim.report import page
from portsim.scenario.assumptions import assumptions
from portsim.scenario.units import read_in_unit

SEARCHES = None

PORT = """\
name: {name}
timezone: UTC
period: {{from: 2024-01-01, to: 2024-01-03}}
replications: 40
seed: 5
resources:
  lanes: {{capacity: {lanes}}}
stages:
  clerks: {{time: {clerks}}}
  gate: {{takes: {{lanes: 1}}, time: {gate}}}
traffic:
  tea:
    direction: export
    arrivals: {{rate: 40 per day}}
    load: 20 t
    route: [clerks, gate]
"""
UNKNOWN = "{value: 1 h, source: guess, confidence: E, range: 30 min..2 h}"
AMPLE = "{value: 900, confidence: D, range: 800..1000}"
CLERKS = "stages.clerks.time"


@pytest.fixture
def port(tmp_path):
    def made(name="port", clerks=UNKNOWN, gate="10 min", lanes="900"):
        text = PORT.format(name=name, clerks=clerks, gate=gate, lanes=lanes)
        file = tmp_path / f"{name}.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    return made


@pytest.fixture(scope="module")
def quicker(tmp_path_factory):
    """Forty replications of the port and of one whose gate is quicker."""
    folder = tmp_path_factory.mktemp("quicker")
    files = []
    for name, gate in (("port", "10 min"), ("quick", "4 min")):
        files.append(folder / f"{name}.yaml")
        text = PORT.format(name=name, clerks=UNKNOWN, gate=gate, lanes="900")
        files[-1].write_text(text, encoding="utf-8")
    return portsim.compare(files, replications=40, uncertain=True, jobs=1)


def row_of(study, scenario="port", baseline="", measure="stay_mean_h"):
    table = study.uncertainty
    rows = table[
        (table["scenario"] == scenario)
        & (table["baseline"] == baseline)
        & (table["measure"] == measure)
        & (table["truck_class"] == "all")
        & (table["place"] == "")
    ]
    (row,) = rows.to_dict("records")
    return row


def drawn(study, scenario="port", path=CLERKS):
    rows = study.drawn_inputs[
        (study.drawn_inputs["scenario"] == scenario) & (study.drawn_inputs["path"] == path)
    ]
    return rows["value"].to_numpy(float)


# ---- by hand -----------------------------------------------------------------------------------


def test_without_a_queue_ignorance_is_the_range_of_the_service(port):
    """Every stay is 1 h + 10 min; with a service even within 0.5 h to 2 h, it is that + 10 min."""
    study = portsim.run(port(), replications=80, uncertain=True, jobs=1)
    row, hours = row_of(study), drawn(study)
    assert row["mean"] == row["chance_low"] == row["chance_high"] == pytest.approx(7 / 6)
    assert (row["ignorance_low"], row["ignorance_high"]) == pytest.approx(
        np.quantile(hours, [0.025, 0.975], method="weibull") + 1 / 6, abs=2e-4
    )
    # The limits of the even distribution itself, but for the luck of 80 draws.
    assert row["ignorance_low"] == pytest.approx(0.5 + 0.025 * 1.5 + 1 / 6, abs=0.06)
    assert row["ignorance_high"] == pytest.approx(2.0 - 0.025 * 1.5 + 1 / 6, abs=0.05)
    assert (row["low"], row["high"]) == pytest.approx((row["ignorance_low"], row["ignorance_high"]))
    assert row["shift"] == pytest.approx(0.25, abs=0.07)
    assert (row["most_of_it"], row["share"]) == (CLERKS, pytest.approx(1.0, abs=1e-4))
    assert (row["draws"], row["method"]) == (80, "order statistics")


def test_few_draws_take_the_limits_of_a_normal(port):
    study = portsim.run(port(), replications=8, uncertain=True, jobs=1)
    row, hours = row_of(study), drawn(study)
    half = 2.3646 * hours.std(ddof=1) * np.sqrt(1 + 1 / 8)
    assert row["method"] == "normal"
    assert row["ignorance_high"] == pytest.approx(hours.mean() + 1 / 6 + half, abs=1e-3)
    assert row["most_of_it"] == ""


def test_an_input_without_effect_is_no_ignorance(port):
    study = portsim.run(port(clerks="1 h", lanes=AMPLE), replications=12, uncertain=True, jobs=1)
    row = row_of(study)
    assert row["ignorance_low"] == row["ignorance_high"] == row["mean"]
    assert (row["shift"], row["most_of_it"]) == (0.0, "")
    passed = row_of(study, measure="throughput_per_day")
    assert passed["low"] == passed["chance_low"] < passed["chance_high"] == passed["high"]


def test_whole_numbers_come_evenly_from_the_whole_range(port):
    lanes = "{value: 51, confidence: D, range: 50..52}"
    (input_,), _ = assumptions([portsim.load(port(clerks="1 h", lanes=lanes))], "DE")
    quantiles = (np.arange(300) + 0.5) / 300
    values, counts = np.unique([input_.at(each) for each in quantiles], return_counts=True)
    assert dict(zip(values, counts, strict=True)) == {50.0: 100, 51.0: 100, 52.0: 100}
    study = portsim.run(port(clerks="1 h", lanes=lanes), replications=12, uncertain=True, jobs=1)
    assert set(drawn(study, path="resources.lanes.capacity")) == {50.0, 51.0, 52.0}


def test_a_difference_can_be_sure_though_the_level_is_not(quicker):
    level, difference = row_of(quicker, "quick"), row_of(quicker, "quick", "port")
    assert level["ignorance_high"] - level["ignorance_low"] > 1.0
    assert difference["ignorance_low"] == pytest.approx(-0.1)
    assert difference["ignorance_high"] == pytest.approx(-0.1)
    assert difference["high"] < 0


def test_a_policy_that_settles_an_input_does_not_draw_it(port):
    settled = port("settled", clerks="1 h", lanes=AMPLE)
    study = portsim.compare([port(), settled], replications=20, uncertain=True, jobs=1)
    assert not len(drawn(study, "settled"))
    level, difference = row_of(study, "settled"), row_of(study, "settled", "port")
    assert level["ignorance_low"] == level["ignorance_high"]
    base = row_of(study)
    # What the baseline may be more, the difference may be less.
    assert difference["ignorance_low"] == pytest.approx(base["mean"] - base["ignorance_high"])
    assert difference["ignorance_high"] == pytest.approx(base["mean"] - base["ignorance_low"])
    assert difference["most_of_it"] == CLERKS
    assert "what is not known could undo it" not in " ".join(study.sentences)


def test_a_policy_without_any_range_has_nothing_but_chance(port):
    policies = [port(), port("plain", clerks="1 h")]
    study = portsim.compare(policies, replications=10, uncertain=True, jobs=1)
    assert set(study.drawn_inputs["scenario"]) == {"port"}
    level = row_of(study, "plain", measure="throughput_per_day")
    assert (level["draws"], level["ignorance_low"]) == (10, level["ignorance_high"])


def test_a_range_of_its_own_has_the_same_luck(port):
    other = port("other", clerks="{value: 90 min, confidence: E, range: 60 min..180 min}")
    study = portsim.compare([port(), other], replications=8, uncertain=True, jobs=1)
    share = (drawn(study) - 0.5) / 1.5
    assert (drawn(study, "other") - 60.0) / 120.0 == pytest.approx(share)
    assert set(study.drawn_inputs["input"]) == {CLERKS}


def test_what_is_not_known_can_undo_a_clear_difference(port):
    slow = port("slow", clerks="{value: 62 min, confidence: E, range: 31 min..150 min}")
    fixed = port("fixed", clerks="1 h")
    study = portsim.compare([fixed, slow], replications=20, uncertain=True, jobs=1)
    row = row_of(study, "slow", "fixed")
    assert row["chance_low"] > 0 > row["low"]
    text = " ".join(study.sentences)
    assert "the difference is clear; what is not known could undo it" in text
    assert f"Most of it: {CLERKS} (about 100 % of its variance in 20 draws)" in text


# ---- luck by address ---------------------------------------------------------------------------


def test_another_input_or_policy_moves_no_draw(port):
    alone = portsim.run(port(), replications=5, uncertain=True, jobs=1)
    more = port("more", gate="{value: 10 min, confidence: D, range: 5 min..15 min}", lanes=AMPLE)
    both = portsim.compare([more, port()], replications=7, uncertain=True, jobs=1)
    for name in ("port", "more"):
        assert drawn(both, name)[:5].tolist() == drawn(alone).tolist()
    other = portsim.run(port(), replications=5, uncertain=True, seed=6, jobs=1)
    assert not set(drawn(other)) & set(drawn(alone))


def test_an_even_replication_of_a_pair_is_the_mirror_in_its_inputs_too(port):
    study = portsim.run(port(), replications=6, uncertain=True, antithetic=True, jobs=1)
    hours = drawn(study)
    assert hours[0::2] + hours[1::2] == pytest.approx(2.5)
    assert row_of(study)["draws"] == 6


def test_marks_choose_what_is_drawn(port):
    file = port(lanes=AMPLE)
    study = portsim.run(file, replications=2, uncertain=True, marks="d", jobs=1)
    assert set(study.drawn_inputs["path"]) == {"resources.lanes.capacity"}
    assert study.manifest.statistics["uncertainty"]["marks"] == "D"


# ---- plain studies, engines, interruptions -----------------------------------------------------


def test_the_tables_of_a_plain_study_do_not_change(port, tmp_path):
    policies = [port(lanes=AMPLE), port("quick", gate="4 min")]
    plain = portsim.compare(policies, replications=4, jobs=1)
    uncertain = portsim.compare(policies, replications=4, uncertain=True, jobs=1)
    first = written(plain, tmp_path / "plain")
    second = written(uncertain, tmp_path / "uncertain")
    for name in ("summary.csv", "comparison.csv", "replications.parquet", "curves.parquet"):
        assert first[name] == second[name]
    assert set(second) - set(first) == {"uncertainty.csv", "drawn_inputs.csv"}
    del second["manifest.json"]["statistics"]["uncertainty"]
    for manifest in (first["manifest.json"], second["manifest.json"]):
        del manifest["fingerprint"]
    assert first["manifest.json"] == second["manifest.json"]
    assert plain.uncertainty is None
    assert plain.drawn_inputs is None


def test_both_engines_and_any_number_of_workers_say_the_same(port, tmp_path):
    made = []
    for engine, jobs in (("compiled", 1), ("compiled", 3), ("simpy", 1)):
        study = portsim.run(
            port(lanes=AMPLE),
            replications=3,
            uncertain=True,
            engine=engine,
            jobs=jobs,
            audit="none",
        )
        files = written(study, tmp_path / f"{engine}-{jobs}")
        made.append({name: files[name] for name in ("uncertainty.csv", "drawn_inputs.csv")})
    assert made[0] == made[1] == made[2]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Two policies, what is asked of them, and the results of who was not interrupted."""
    folder = tmp_path_factory.mktemp("whole")
    policies = []
    for name, gate in (("port", "10 min"), ("quick", "4 min")):
        file = folder / f"{name}.yaml"
        text = PORT.format(name=name, clerks=UNKNOWN, gate=gate, lanes="900")
        file.write_text(text, encoding="utf-8")
        policies.append(portsim.load(file))
    asked = {"replications": 3, "uncertain": True}
    return policies, asked, written(portsim.compare(policies, **asked, jobs=1), folder / "out")


@pytest.mark.parametrize("after", [1, 5, 6, 9, 11])
def test_an_interrupted_study_goes_on(whole, tmp_path, after):
    policies, asked, undisturbed = whole
    out = tmp_path / "out"
    interrupted(policies, out, after, **asked)
    done = []
    study = portsim.compare(
        policies, **asked, jobs=1, journal=out, on_progress=lambda *told: done.append(told)
    )
    assert done[-1] == (12, 12)
    assert len(done) == 12 - after + 2
    assert {total for _, total in done} == {12}
    assert written(study, out) == undisturbed
    assert not (out / JOURNAL).exists()


def test_runs_with_drawn_inputs_keep_figures_only(port, monkeypatch):
    tasks = []

    def watch(task):
        tasks.append(task)
        return run_one(task)

    monkeypatch.setattr(workers, "run_one", watch)
    study = portsim.run(port(), replications=2, uncertain=True, logs="all", jobs=1)
    assert [(t.counterfactuals, t.curves, t.logs, t.audit) for t in tasks] == [
        (True, True, True, "default"),
        (True, True, True, "none"),
        *[(False, False, False, "none")] * 2,
    ]
    assert set(study.trucks["scenario"]) == {"port"}


def test_runs_of_a_plain_study_that_was_interrupted_serve(port, tmp_path):
    policies = [portsim.load(port()), portsim.load(port("quick", gate="4 min"))]
    out = tmp_path / "out"
    interrupted(policies, out, 5, replications=3)
    told = []
    portsim.compare(
        policies, replications=3, uncertain=True, jobs=1, journal=out, say=told.append
    ).write(out, figures=False)
    assert any(text.startswith("5 of 6 runs were done before") for text in told)


def test_a_folder_made_without_is_refused(port, tmp_path):
    out = tmp_path / "out"
    portsim.run(port(), replications=2, jobs=1).write(out, figures=False)
    uncertain = portsim.run(port(), replications=2, uncertain=True, jobs=1)
    with pytest.raises(InputError, match="other inputs"):
        uncertain.write(out, figures=False)
    uncertain.write(out, figures=False, force=True)
    # Other ranges are other inputs, though the port says the same.
    wider = port(clerks=UNKNOWN.replace("2 h", "3 h"))
    again = portsim.run(wider, replications=2, uncertain=True, jobs=1)
    assert again.manifest.scenarios[0].hash == uncertain.manifest.scenarios[0].hash
    with pytest.raises(InputError, match="other inputs"):
        again.write(out, figures=False)
    portsim.run(port(), replications=2, jobs=1).write(out, figures=False, force=True)
    assert not {"uncertainty.csv", "drawn_inputs.csv"} & set(results(out))


def test_replications_that_precision_adds_are_drawn_too(port):
    study = portsim.run(
        port(),
        replications=10,
        precision="throughput_per_day=5%",
        max_replications=40,
        uncertain=True,
        jobs=1,
    )
    count = study.manifest.replications
    assert count > 10
    assert row_of(study)["draws"] == len(drawn(study)) == count


# ---- what cannot be drawn ----------------------------------------------------------------------


CLASHING = (
    "{triangular: {low: 1 min, mode: {value: 10 min, confidence: E, range: 5 min..25 min}, "
    "high: 20 min}}"
)


def test_values_that_cannot_stand_together_are_drawn_again_and_counted(port, quicker):
    told = []
    study = portsim.run(port(gate=CLASHING), uncertain=True, jobs=1, say=told.append)
    mode = "stages.gate.time.triangular.mode"
    assert 15.0 < drawn(study, path=mode).max() <= 20.0
    attempts = study.drawn_inputs[study.drawn_inputs["path"] == mode]["attempt"].to_numpy()
    refused = int((attempts - 1).sum())
    assert 3 < refused < 30
    assert row_of(study)["draws"] == 40
    # All inputs are drawn again, or the others would hang on what is refused.
    assert ((drawn(study) == drawn(quicker)) == (attempts == 1)).all()
    (facts,) = study.manifest.statistics["uncertainty"]["refused"]
    assert (facts["draws"], facts["left_out"]) == (refused, 0)
    asked = f"{refused} of {40 + refused} draws of inputs are refused"
    assert any(text.startswith(asked) for text in told)
    assert f"cannot stand together: {refused} of {40 + refused}" in " ".join(study.sentences)


NEARLY_NEVER = CLASHING.replace("range: 5 min..25 min", "range: 10 min..1000 min")


def test_runs_without_a_draw_that_can_stand_are_left_out(port):
    """One draw in a hundred can stand, so one replication in five."""
    study = portsim.run(port(gate=NEARLY_NEVER), uncertain=True, jobs=1)
    row = row_of(study)
    assert 2 <= row["draws"] < 20
    (facts,) = study.manifest.statistics["uncertainty"]["refused"]
    assert facts["left_out"] == 40 - row["draws"]
    assert (study.drawn_inputs["note"] == "refused").sum() == 2 * facts["left_out"]
    assert f"{facts['left_out']} runs are left out" in " ".join(study.sentences)


def test_no_study_where_hardly_a_draw_can_stand(port):
    never = NEARLY_NEVER.replace("1000 min", "100000 min")
    with pytest.raises(InputError, match=r"for 5 of 5 no draw can stand: stages\.gate\.time"):
        portsim.run(port(gate=never), replications=5, uncertain=True, jobs=1)


def test_without_a_range_there_is_nothing_to_draw(port):
    with pytest.raises(InputError, match="--uncertain: no input with a mark of D, E has a range"):
        portsim.run(port(clerks="1 h"), uncertain=True)
    without = port(clerks="{value: 1 h, confidence: E}")
    with pytest.raises(InputError, match=r"\(stages\.clerks\.time: it states no range\)"):
        portsim.run(without, uncertain=True)
    with pytest.raises(InputError, match="use it with --uncertain"):
        portsim.run(port(), marks="E")
    with pytest.raises(InputError, match="letters of A, B, C, D, E"):
        portsim.run(port(), uncertain=True, marks="F")


# ---- how it is told ----------------------------------------------------------------------------


def test_one_replication_has_no_interval(port):
    study = portsim.run(port(), replications=1, uncertain=True, jobs=1)
    row = row_of(study)
    assert np.isnan([row["ignorance_low"], row["low"]]).all()
    assert row["method"] == ""
    assert len(study.sentences) > 0


def test_the_folder_the_workbook_and_the_page_have_it(quicker, tmp_path):
    quicker.write(tmp_path / "out", figures=False)
    again = portsim.read(tmp_path / "out")
    assert again.uncertainty.equals(quicker.uncertainty)
    assert again.drawn_inputs.equals(quicker.drawn_inputs)
    sheet = openpyxl.load_workbook(tmp_path / "out" / "summary.xlsx")["uncertainty"]
    heads = [cell.value for cell in sheet[1]]
    found = {
        (line[0], line[1] or "", line[2], line[3]): dict(zip(heads, line, strict=True))
        for line in sheet.iter_rows(min_row=2, values_only=True)
    }
    cells = found["quick", "port", "all", "stay_mean_h"]
    assert cells["ignorance low"] == pytest.approx(row_of(again, "quick", "port")["ignorance_low"])
    titles = {"en": "What is not known", "zh": "未知之处", "ru": "Что неизвестно"}
    for language, title in titles.items():
        text = page(again.record, language)
        section = text[text.index('id="uncertainty"') :]
        assert title in section[:200]
        assert CLERKS in section


def test_the_command_line_tells_it_apart(command, tmp_path, port):
    port()
    port("quick", gate="4 min")
    asked = ("compare", "port.yaml", "quick.yaml", "-n", 20, "--jobs", 1, "--out", "out")
    ended = command(*asked, "--uncertain")
    assert ended.code == 0
    text = re.sub(r"\s+", " ", ended.out)
    assert "in brackets half that for ± chance and for ± ignorance alone" in text
    assert re.search(r"port, mean stay: 0\.\d h to 2\.\d h with what is not known; ± 0\.0 h", text)
    assert f"Most of it: {CLERKS}" in text
    assert "quick against port, mean stay" not in text
    assert "uncertainty.csv" in text
    plain = command(*asked)
    assert plain.code == 2
    assert "other inputs" in plain.err
    ended = command("run", "quick.yaml", "--marks", "E", "--out", "other")
    assert ended.code == 2
    assert "use it with --uncertain" in ended.err


def test_a_mean_to_one_side_of_the_draws_is_told(port):
    bent = port(clerks="{value: 30 min, confidence: E, range: 30 min..2 h}")
    study = portsim.run(bent, uncertain=True, jobs=1)
    row = row_of(study)
    assert row["mean"] < row["ignorance_low"] == row["low"]
    text = " ".join(study.sentences)
    assert "With inputs as written it is 0.7 h, from which nearly all draws lie to one side" in text


def test_a_run_with_drawn_inputs_that_fails_is_named_and_left_out(port, monkeypatch):
    def fail(task):
        if "~drawn-2~" in task.scenario.name:
            raise StuckError("2 trucks wait for each other in a circle")
        return run_one(task)

    monkeypatch.setattr(workers, "run_one", fail)
    study = portsim.run(port(), replications=5, uncertain=True, jobs=1)
    (failure,) = study.manifest.failures
    assert failure.startswith("replication 2 of port~drawn-2~")
    assert study.manifest.lacking == {}
    assert row_of(study)["draws"] == 4
    assert len(drawn(study)) == 5


def test_written_values_are_read_as_they_were_drawn(port):
    study = portsim.run(port(), replications=3, uncertain=True, jobs=1)
    assert set(study.drawn_inputs["unit"]) == {"h"}
    assert read_in_unit("30 min", "h") == study.drawn_inputs["low"].iloc[0] == 0.5


def test_no_interval_is_told_of_a_figure_that_is_only_a_lower_bound(port):
    """200 trucks a day of 20 min at one lane: most are still inside when the period ends."""
    long = "{value: 20 min, confidence: E, range: 16 min..24 min}"
    file = port(clerks="1 min", gate=long, lanes="1")
    text = file.read_text(encoding="utf-8").replace("40 per day", "200 per day")
    file.write_text(text, encoding="utf-8")
    study = portsim.run(file, replications=12, uncertain=True, jobs=1)
    assert "at least" in row_of(study)["note"]
    told = [text for text in study.sentences if "with what is not known;" in text]
    assert not [text for text in told if "mean stay" in text]
    assert [text for text in told if "on-time share" in text]

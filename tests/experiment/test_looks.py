"""Replications added until what was asked is reached: as many whoever runs them, and said so."""

from itertools import pairwise

import numpy as np
import pytest

import portsim
from experiment.small import BOTH, JOURNAL, OUT, files, interrupted, results, written
from portsim.errors import InputError, StuckError
from portsim.experiment import workers
from portsim.experiment.tasks import run_one
from portsim.statistics.variance import antithetic_gain, common_gain

SEARCHES = None

WIDE = "inside_max=100"
"""Met at the first look."""
GOALS = "stay_mean_h=12%,difference:throughput_per_day=0.8"
"""Met after some looks."""
FAR = "stay_mean_h=0.01%"


def port_row(frame, measure, scenario):
    rows = frame[
        (frame["truck_class"] == "all") & (frame["place"] == "") & (frame["measure"] == measure)
    ]
    (row,) = rows[rows["scenario"] == scenario].to_dict("records")
    return row


def singles(study, measure, scenario):
    """float64[r], the port's values by replication."""
    rows = study.replications
    rows = rows[
        (rows["truck_class"] == "all") & (rows["place"] == "") & (rows["measure"] == measure)
    ]
    return rows[rows["scenario"] == scenario].sort_values("replication")["value"].to_numpy()


@pytest.fixture(scope="module")
def precise(scenarios):
    said = []
    study = portsim.compare(scenarios, jobs=1, precision=GOALS, say=said.append)
    return study, said


def test_replications_are_added_until_every_goal_is_met(precise):
    study, said = precise
    many = study.manifest.replications
    assert 20 < many < 200
    assert many % 10 == 0
    steps = [10, *(int(text.split()[-2]) for text in said if text.startswith("not enough yet"))]
    assert steps[-1] == many
    assert all(before < after <= 2 * before for before, after in pairwise(steps))
    assert set(study.replications["replication"]) == set(range(1, many + 1))
    held = study.manifest.statistics["precision"]
    assert [(one["scenario"], one["measure"]) for one in held] == [
        ("short", "stay_mean_h"),
        ("long", "stay_mean_h"),
        ("long", "throughput_per_day"),
    ]
    for one in held:
        assert one["met"]
        assert one["half_width"] <= one["largest"]
        assert one["observations"] == many
    # Three intervals share alpha, so each is wider than the one of the tables.
    row = port_row(study.summary, "stay_mean_h", "short")
    half = row["mean"] - row["ci_low"]
    assert half < held[0]["half_width"] <= 0.08 / 1.08 * row["mean"]
    row = port_row(study.comparison, "throughput_per_day", "long")
    assert row["difference"] - row["ci_low"] < held[2]["half_width"] <= 0.8
    text = " ".join(str(study).split())
    assert f"Precision met with {many} replications, all intervals together at 95 %" in text
    assert "NOT met" not in text


def test_interruptions_and_workers_change_no_byte(scenarios, precise, out, performed):
    expected = written(precise[0], out.with_name("undisturbed"))
    for after in (7, 33, 58):
        interrupted(scenarios, out, after=after, precision=GOALS)
        assert len(performed) == after
        assert files(out) == {JOURNAL}
    said = []
    study = portsim.compare(scenarios, jobs=2, precision=GOALS, journal=out, say=said.append)
    assert "20 of 20 runs were done before; going on from there" in said
    assert len(performed) == 2 * study.manifest.replications > 58
    assert written(study, out) == expected


def test_a_lucky_first_look_is_looked_at_once_more(scenarios):
    study = portsim.run(scenarios[0], jobs=1, precision=WIDE)
    assert study.manifest.replications == 20
    (held,) = study.manifest.statistics["precision"]
    assert held["met"]
    # Where there is room for one look only, the number is fixed and the interval a plain one.
    study = portsim.run(scenarios[0], jobs=1, precision=WIDE, max_replications=10)
    assert study.manifest.replications == 10
    assert study.manifest.statistics["precision"][0]["met"]


def test_a_goal_out_of_reach_ends_at_the_maximum_and_says_what_it_would_need(scenarios):
    study = portsim.run(scenarios[0], jobs=1, precision=f"{FAR},{WIDE}", max_replications=24)
    assert study.manifest.replications == 24
    far, wide = study.manifest.statistics["precision"]
    assert (far["met"], wide["met"]) == (False, True)
    assert far["needs"] > 10_000
    text = " ".join(str(study).split())
    assert "Precision met with 24 replications, all intervals together at 95 %: inside_max" in text
    assert "Precision NOT met with 24 replications" in text
    assert "stay_mean_h, asked ± 0.01 %: short ± " in text
    assert "would need some" in text


def test_a_study_begins_with_the_replications_asked_for(scenarios):
    study = portsim.run(scenarios[0], jobs=1, precision=WIDE, replications=25)
    assert study.manifest.replications == 35
    with pytest.raises(InputError, match="fewer than the 25 to begin with"):
        portsim.run(scenarios[0], precision=WIDE, replications=25, max_replications=24)


def test_the_first_replications_are_those_of_any_study(scenarios, precise):
    fixed = portsim.compare(scenarios, jobs=1, replications=4)
    for measure in ("stay_mean_h", "throughput_per_day"):
        for name in ("short", "long"):
            mine = singles(fixed, measure, name)
            np.testing.assert_array_equal(mine, singles(precise[0], measure, name)[:4])


def test_what_is_asked_is_part_of_the_fingerprint(scenarios, precise):
    plain = portsim.compare(scenarios, jobs=1, replications=2)
    pairs = portsim.compare(scenarios, jobs=1, replications=2, antithetic=True)
    prints = {s.manifest.fingerprint for s in (plain, pairs, precise[0])}
    assert len(prints) == 3


def test_a_failed_run_is_left_out_and_not_tried_again(scenarios, monkeypatch):
    tried = []

    def fail(task):
        tried.append((task.scenario.name, task.replication))
        if tried[-1] == ("short", 3):
            raise StuckError("a circle")
        return run_one(task)

    monkeypatch.setattr(workers, "run_one", fail)
    study = portsim.compare(scenarios, jobs=1, precision=WIDE)
    assert tried.count(("short", 3)) == 1
    assert study.manifest.replications == 20
    held = study.manifest.statistics["precision"]
    assert [one["observations"] for one in held] == [19, 20]


# ---- selection ---------------------------------------------------------------------------------


def test_without_select_it_says_which_may_be_best(scenarios):
    study = portsim.compare(scenarios, jobs=1, replications=12)
    best = study.manifest.statistics["best"]
    assert best == {"measure": "completed_within_limit", "observations": 12,
                    "may_be_best": ["long"]}  # fmt: skip
    assert "best at on-time share (" in str(study)
    # Less of a stay is better; of what does not differ both may be.
    study = portsim.compare(scenarios, jobs=1, replications=12, best="stay_mean_h")
    assert study.manifest.statistics["best"]["may_be_best"] == ["long"]
    study = portsim.compare(scenarios, jobs=1, replications=1)
    assert set(study.manifest.statistics["best"]["may_be_best"]) == {"short", "long"}
    assert "best at" not in str(study)


def test_select_adds_replications_until_it_is_decided(scenarios):
    words = {"jobs": 1, "best": "throughput_per_day"}
    study = portsim.compare(scenarios, select="delta=0.1", **words)
    best = study.manifest.statistics["best"]
    assert best["selected"] in ("short", "long")
    assert 10 < best["decided_with"] <= study.manifest.replications < 200
    assert study.manifest.replications - best["decided_with"] < 10
    assert f"selected with {best['decided_with']} replications" in str(study)
    study = portsim.compare(scenarios, select="delta=0.001", max_replications=20, **words)
    best = study.manifest.statistics["best"]
    assert (best["selected"], best["decided_with"]) == (None, None)
    assert best["left"] == ["short", "long"]
    text = " ".join(str(study).split())
    assert (
        "Best by trucks a day: not decided with 20 replications for a difference of 0.001; still "
        "possible: short, long." in text
    )


def test_a_share_that_never_varied_has_no_interval_on_the_screen(scenarios):
    study = portsim.compare(scenarios, jobs=1, replications=3)
    assert study.table["out within 24 h"]["long"] == "100.0 %"
    (alike,) = study.manifest.statistics["no_spread"]
    assert (alike["scenario"], alike["value"]) == ("long", 1.0)
    assert alike["may_differ"] == pytest.approx(1 - 0.05 ** (1 / 3))
    assert "long: on-time share was 100.0 % in each of 3 replications" in str(study)


# ---- common random numbers and antithetic pairs ------------------------------------------------


def test_what_common_random_numbers_gave_is_measured(precise):
    study = precise[0]
    rows = study.manifest.statistics["common_random_numbers"]
    assert {row["scenario"] for row in rows} == {"long"}
    (row,) = [row for row in rows if row["measure"] == "throughput_per_day"]
    y, x = (singles(study, "throughput_per_day", name) for name in ("long", "short"))
    found = common_gain(y, x)
    # A table has ten digits.
    assert row["variance_ratio"] == pytest.approx(found.ratio, rel=1e-8)
    assert row["correlation"] == pytest.approx(found.correlation, rel=1e-8)
    assert found.ratio == pytest.approx(np.var(y - x) / (np.var(y) + np.var(x)))
    assert found.ratio < 0.5
    assert f"trucks a day {found.ratio:.2g}" in str(study)


@pytest.fixture(scope="module")
def mirrored(scenarios):
    return portsim.compare(scenarios, jobs=1, replications=24, antithetic=True)


def test_a_pair_is_one_observation_everywhere(mirrored):
    assert mirrored.manifest.replications == 24
    assert mirrored.manifest.statistics["observations"] == 12
    assert set(mirrored.summary["replications"]) <= set(range(13))
    for name in ("short", "long"):
        row = port_row(mirrored.summary, "throughput_per_day", name)
        means = singles(mirrored, "throughput_per_day", name).reshape(12, 2).mean(axis=1)
        assert row["replications"] == 12
        assert (row["mean"], row["sd"]) == pytest.approx((means.mean(), means.std(ddof=1)))
    assert port_row(mirrored.comparison, "throughput_per_day", "long")["pairs"] == 12


def test_odd_replications_are_those_of_a_study_without_pairs(scenarios, mirrored):
    plain = portsim.run(scenarios[0], jobs=1, replications=3)
    one, other = (singles(study, "throughput_per_day", "short") for study in (plain, mirrored))
    np.testing.assert_array_equal(one[::2], other[:3:2])
    assert one[1] != other[1]


def test_what_pairs_gave_is_measured_and_said(mirrored):
    rows = mirrored.manifest.statistics["antithetic_pairs"]
    assert {row["scenario"] for row in rows} == {"short", "long"}
    (row,) = [
        row for row in rows if (row["scenario"], row["measure"]) == ("long", "throughput_per_day")
    ]
    pairs = singles(mirrored, "throughput_per_day", "long").reshape(12, 2)
    assert row["variance_ratio"] == pytest.approx(antithetic_gain(pairs), rel=1e-9)
    # Many trucks in one of a pair are few in the other.
    assert row["variance_ratio"] < 0.7
    text = " ".join(str(mirrored).split())
    assert "Antithetic pairs: variance over that of as many independent replications" in text


def test_pairs_and_precision_together(scenarios):
    # Three replications of the scenario are made up to pairs, and to ten of these.
    study = portsim.run(scenarios[0], jobs=1, precision=WIDE, antithetic=True)
    assert study.manifest.replications == 40
    (held,) = study.manifest.statistics["precision"]
    assert held["observations"] == 20
    with pytest.raises(InputError, match="even number of replications, not 3; for example"):
        portsim.run(scenarios[0], antithetic=True)


def test_runs_without_pairs_do_not_serve_a_study_of_pairs(scenarios, out, performed):
    interrupted(scenarios, out, after=4, replications=4)
    performed.clear()
    said = []
    words = {"jobs": 1, "replications": 4, "journal": out, "say": said.append}
    portsim.compare(scenarios, antithetic=True, **words)
    assert len(performed) == 8
    assert "do not fit any more (antithetic changed)" in said[0]


# ---- the command line --------------------------------------------------------------------------


def test_as_a_user_types_it(command, out):
    words = [*BOTH, *OUT, "-j", "1", "--precision", "difference:throughput_per_day=5%"]
    ended = command(*words, "--select", "delta=0.05", "--max-replications", "30", "--antithetic")
    assert ended.code == 0, ended.err
    text = " ".join(ended.out.split())
    assert "replications in antithetic pairs, seed 11" in text
    assert "Differences are to short, taken pair by pair" in text
    assert "Best by on-time share: " in text
    assert "difference:throughput_per_day, asked ± 5 %: long ± " in text
    assert "Common random numbers: variance of the differences" in text
    said = results(out)["manifest.json"]["statistics"]
    assert said["antithetic"]
    assert said["max_replications"] == 30
    # The same folder, another goal: other inputs.
    ended = command(*words, "--antithetic")
    assert ended.code == 2
    assert "--force" in ended.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((*BOTH, "--precision", "throughput=1%"), "did you mean throughput_per_day?"),
        ((*BOTH, "--antithetic"), "even number of replications, not 3"),
        ((*BOTH, "--select", "0.1"), "not delta=NUMBER"),
        (("run", "short.yaml", "--precision", "throughput_per_day[2024-04]=1"), "no such month"),
        (("run", "short.yaml", "--max-replications", "20"), "--precision or --select"),
    ],
)
def test_wrong_words_end_with_2_and_nothing_written(command, out, words, says):
    ended = command(*words, *OUT)
    assert ended.code == 2
    assert ended.out == ""
    assert says in ended.err
    assert not out.exists()


def test_money_is_in_the_currency_of_the_scenario(scenarios):
    priced = scenarios[0].replace({"traffic.tea.value": "8000 EUR"})
    study = portsim.run(priced, jobs=1, precision="throughput_value_per_day=99%")
    (held,) = study.manifest.statistics["precision"]
    assert held["unit"] == "EUR/d"

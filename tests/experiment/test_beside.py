"""Published figures beside the results: worked out by hand from the figures of the replications."""

import numpy as np
import pandas as pd
import pytest

import portsim
from demand.ports import port
from experiment.small import OUT, SMALL, files, results, written

FIGURES = """\
observed:
  - {name: came, label: Trucks, measure: arrived, role: input, value: {value: 170, confidence: A}}
  - {name: total, measure: throughput_tonnes_per_day, total: true, role: prediction,
     value: {value: 2000.5, source: a newspaper}}
  - {name: both, measure: throughput_per_day, classes: [tea, cars], role: prediction, value: 60}
  - {name: gate, measure: queue_max, place: gate, class: cars, role: prediction, value: 1000}
  - {name: nothing, measure: residents_per_day, role: input, value: 0}
  - {name: nowhere, measure: blocked_mean_h, place: gate, role: prediction, value: 1}
"""
T_2 = 4.302652729911275
"""The 97.5 % quantile of Student's t with two degrees of freedom, from a table."""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return portsim.run(port(tmp_path_factory.mktemp("p"), text=SMALL + FIGURES), jobs=1)


def rows(study):
    return study.observed.set_index("name")


def values(study, cls, place, measure):
    table = study.replications
    mine = (table["truck_class"] == cls) & (table["place"] == place) & (table["measure"] == measure)
    return table.loc[mine, "value"].to_numpy()


def test_a_total_is_the_measure_times_the_days_and_its_interval_too(study):
    row = rows(study).loc["total"]
    mine = values(study, "all", "", "throughput_tonnes_per_day") * 3
    half = T_2 * mine.std(ddof=1) / 3**0.5

    assert len(mine) == 3
    assert row["unit"] == "t"
    assert row["mean"] == pytest.approx(mine.mean())
    assert row["ci_low"] == pytest.approx(mine.mean() - half)
    assert row["ci_high"] == pytest.approx(mine.mean() + half)
    assert row["gap"] == pytest.approx(mine.mean() - 2000.5)
    assert row["gap_percent"] == pytest.approx((mine.mean() / 2000.5 - 1) * 100)
    assert row["source"] == "a newspaper"


def test_classes_are_summed_in_each_replication_before_the_interval_is_taken(study):
    row = rows(study).loc["both"]
    mine = values(study, "all", "", "throughput_per_day")
    half = T_2 * mine.std(ddof=1) / 3**0.5

    assert row["truck_class"] == "tea+cars"
    assert row["mean"] == pytest.approx(mine.mean())
    assert row["ci_high"] - row["mean"] == pytest.approx(half)


def test_one_real_period_is_held_beside_one_simulated_period(study):
    row = rows(study).loc["total"]
    mine = values(study, "all", "", "throughput_tonnes_per_day") * 3
    half = T_2 * mine.std(ddof=1) * (1 + 1 / 3) ** 0.5

    assert row["period_low"] == pytest.approx(max(mine.mean() - half, 0))
    assert row["period_high"] == pytest.approx(mine.mean() + half)
    assert row["period_low"] < row["ci_low"] < row["ci_high"] < row["period_high"]
    assert row["inside"] == ("yes" if row["period_low"] <= 2000.5 <= row["period_high"] else "no")


def test_of_a_share_the_limits_stay_within_0_and_1_and_none_is_given_without_spread(tmp_path):
    share = "  - {name: s, measure: completed_within_limit, role: prediction, value: 0.9}\n"
    row = rows(portsim.run(port(tmp_path, text=SMALL + "observed:\n" + share), jobs=1)).loc["s"]
    mean, low, high = row[["mean", "period_low", "period_high"]]
    if row["ci_low"] < row["ci_high"]:
        assert 0 < low < mean < high < 1
    else:
        assert np.isnan(low)
        assert row["inside"] == ""


def test_of_antithetic_pairs_the_limits_are_those_of_single_periods(tmp_path):
    study = portsim.run(
        port(tmp_path, text=SMALL + FIGURES), jobs=1, replications=8, antithetic=True
    )
    row = rows(study).loc["both"]
    mine = values(study, "all", "", "throughput_per_day")
    pairs = mine.reshape(4, 2).mean(axis=1)
    spread = (mine.var(ddof=1) + pairs.var(ddof=1) / 4) ** 0.5
    assert row["replications"] == 4
    assert row["period_high"] - row["mean"] == pytest.approx(3.182446305284263 * spread)


def test_whether_the_published_value_lies_inside(study):
    found = rows(study)

    assert found.loc["gate", "inside"] == "no"
    assert found.loc["nothing", ["mean", "gap", "inside"]].tolist() == [0.0, 0.0, "yes"]
    assert np.isnan(found.loc["nothing", "gap_percent"])
    low, high = found.loc["came", ["period_low", "period_high"]]
    assert found.loc["came", "inside"] == ("yes" if low <= 170 <= high else "no")


def test_a_figure_that_the_run_did_not_give_is_undefined(study):
    row = rows(study).loc["nowhere"]

    assert np.isnan(row["mean"])
    assert (row["replications"], row["inside"], row["note"]) == (0, "", "undefined")


def test_one_replication_has_a_gap_and_no_interval(tmp_path):
    row = rows(portsim.run(port(tmp_path, text=SMALL + FIGURES), replications=1)).loc["came"]

    assert row["gap"] == row["mean"] - 170
    assert (row["inside"], np.isnan(row["ci_low"])) == ("", True)


def test_the_figures_move_nothing_else(scenarios, study, tmp_path):
    plain = written(portsim.run(scenarios[0], jobs=1), tmp_path / "plain")
    beside = written(study, tmp_path / "beside")

    assert set(beside) - set(plain) == {"observed.csv"}
    # The workbook lists the sources of all inputs, the published figures among them.
    for name in set(plain) - {"manifest.json", "summary.xlsx"}:
        assert beside[name] == plain[name], name


def test_the_table_is_written_read_back_and_removed_when_it_is_stale(study, scenarios, tmp_path):
    study.write(tmp_path, figures=False)
    first = results(tmp_path)
    back = portsim.read(tmp_path)
    pd.testing.assert_frame_equal(back.observed, study.observed, check_dtype=False, rtol=1e-9)
    study.write(tmp_path, figures=False)
    assert results(tmp_path) == first

    (tmp_path / "observed.csv").unlink()
    with pytest.raises(portsim.errors.InputError, match=r"observed\.csv: missing"):
        portsim.read(tmp_path)
    study.write(tmp_path, figures=False)
    portsim.run(scenarios[0], jobs=1).write(tmp_path, figures=False, force=True)
    assert "observed.csv" not in files(tmp_path)
    assert portsim.read(tmp_path).observed is None


def test_a_figure_that_policies_share_is_held_beside_the_baseline_and_only_once(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
    here = port(tmp_path / "a", text=SMALL + FIGURES)
    other = port(tmp_path / "b", text=SMALL.replace("name: short", "name: other") + FIGURES)
    words = {"jobs": 1, "replications": 2}
    first = portsim.compare([here, other], **words).observed
    second = portsim.compare([here, other], baseline="other", **words).observed

    assert set(first["scenario"]) == {"short"}
    assert set(second["scenario"]) == {"other"}
    assert len(first) == len(second) == FIGURES.count("name:")


def test_every_scenario_of_a_comparison_has_its_own_rows(scenarios, tmp_path):
    other = port(tmp_path, text=SMALL.replace("name: short", "name: other") + FIGURES)
    study = portsim.compare([scenarios[0], other], jobs=1, replications=2)

    assert set(study.observed["scenario"]) == {"other"}


def test_the_screen_shows_article_beside_simulation(command, tmp_path):
    (tmp_path / "short.yaml").write_text(SMALL + FIGURES, encoding="utf-8")
    done = command("run", "short.yaml", *OUT)
    line = next(line for line in done.out.splitlines() if line.startswith(" total"))

    assert done.code == 0
    assert "published" in done.out.split("simulated")[0]
    assert line.split()[:4] == ["total,", "t", "prediction", "2,000.5"]
    assert "they agree proves nothing" in done.out
    assert "observed.csv" in done.out
    assert "undefined" in done.out

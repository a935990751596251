"""The trial of the two claims says what the shipped scenarios give today, and so does its page."""

import json
import sys
from pathlib import Path

import pandas as pd
import pytest

from portsim import experiment
from portsim.studies.points import grid
from portsim.studies.sweep import ask

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "results" / "bakhtu-claims"
AGAIN = "`make claims` and commit"
sys.path.insert(0, str(ROOT / "claims"))

import answers  # noqa: E402

import trial  # noqa: E402


@pytest.fixture(autouse=True)
def in_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def made_from() -> dict[str, dict]:
    return json.loads((FOLDER / answers.MADE_FROM).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["unlimited-from-arrival", "unlimited-from-acceptance"])
def test_the_sweeps_were_made_from_the_shipped_scenarios(name: str) -> None:
    overlays, scales = trial.SWEEPS[name]
    made = made_from()[name]
    asked = ask(
        trial.policies(overlays), {"traffic.scale": scales}, measures=trial.MEASURES,
        replications=made["replications"], seed=made["seed"],
    )  # fmt: skip
    assert made["fingerprint"] == asked.fingerprint, f"scenarios changed: {AGAIN}"


def test_one_point_gives_the_shipped_figures() -> None:
    spec, scale = trial.policies([trial.ACCEPTED])[1], 1.25
    points = grid([spec], {"traffic.scale": [scale]})
    study = experiment.run_all(
        [point.scenario for point in points.points],
        experiment.Keep(counterfactuals=False, curves=False, measures=frozenset(trial.MEASURES)),
        replications=1,
        seed=made_from()["from-acceptance"]["seed"],
        how=experiment.Execution(audit="none", jobs=1),
    )
    key = ["truck_class", "measure"]
    rows = study.replications
    now = rows[rows["place"].eq("")].astype(dict.fromkeys(key, str)).set_index(key)["value"]
    runs = pd.read_parquet(FOLDER / answers.RUNS)
    mine = runs[
        runs["sweep"].eq("from-acceptance")
        & runs["schedule"].eq("hours-5x8")
        & runs["demand"].eq("follow")
        & runs["traffic.scale"].eq(scale)
        & runs["replication"].eq(1)
    ]
    then = mine.astype(dict.fromkeys(key, str)).set_index(key)["value"]
    assert len(then) >= 2 * len(trial.MEASURES)
    pd.testing.assert_series_equal(then, now[then.index], rtol=1e-8, check_dtype=False)


def test_answers_and_page_follow_from_the_runs(tmp_path: Path) -> None:
    (tmp_path / answers.RUNS).write_bytes((FOLDER / answers.RUNS).read_bytes())
    found = answers.write(tmp_path)
    for name in found:
        assert (tmp_path / f"{name}.csv").read_bytes() == (FOLDER / f"{name}.csv").read_bytes()
    page = (ROOT / "docs" / "bakhtu" / "claims.md").read_text(encoding="utf-8")
    for table in answers.page_tables(found).values():
        assert table in page, AGAIN

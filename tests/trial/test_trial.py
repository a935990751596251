"""The trial of the two claims says what the shipped scenarios give today, and so does its page."""

import sys
from pathlib import Path

import pandas as pd
import pytest

from portsim import experiment, studies
from portsim.results.sweep import read_sweep
from portsim.studies.sweep import identity

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "results" / "bakhtu-claims"
AGAIN = "`make claims` and commit"
sys.path.insert(0, str(ROOT / "claims"))

import answers  # noqa: E402

import trial  # noqa: E402


@pytest.fixture(autouse=True)
def in_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("name", ["unlimited-from-arrival", "unlimited-from-acceptance"])
def test_the_sweeps_were_made_from_the_shipped_scenarios(name: str) -> None:
    overlays, scales = trial.SWEEPS[name]
    points = studies.grid(trial.policies(overlays), {"traffic.scale": scales})
    manifest = read_sweep(FOLDER / name).manifest
    print_ = identity(points, trial.MEASURES, (), manifest.replications, manifest.seed)
    assert manifest.fingerprint == print_, f"scenarios changed: {AGAIN}"


def test_one_point_gives_the_shipped_figures() -> None:
    shipped = read_sweep(FOLDER / "from-acceptance")
    scale = 1.25
    spec = trial.policies([trial.ACCEPTED])[1]
    points = studies.grid([spec], {"traffic.scale": [scale]})
    study = experiment.many(
        [point.scenario for point in points.points], replications=1, audit="none", jobs=1,
        seed=shipped.manifest.seed, capacity=False, curves=False,
        measures=frozenset(trial.MEASURES),
    )  # fmt: skip
    key = ["class", "place", "measure"]
    now = study.replications.astype(dict.fromkeys(key, str)).set_index(key)["value"]
    runs = shipped.replications
    mine = runs[
        runs["policy"].eq(points.policies[0].name)
        & runs["traffic.scale"].eq(scale)
        & runs["replication"].eq(1)
    ]
    then = mine.astype(dict.fromkeys(key, str)).set_index(key)["value"]
    pd.testing.assert_series_equal(then, now[then.index], rtol=1e-8, check_dtype=False)


def test_answers_and_page_follow_from_the_sweeps(tmp_path: Path) -> None:
    for name in trial.SWEEPS:
        (tmp_path / name).symlink_to(FOLDER / name, target_is_directory=True)
    tables = answers.write(tmp_path)
    for name in tables:
        assert (tmp_path / f"{name}.csv").read_bytes() == (FOLDER / f"{name}.csv").read_bytes()
    page = (ROOT / "docs" / "bakhtu" / "claims.md").read_text(encoding="utf-8")
    for table in answers.page_tables(tables).values():
        assert table in page, AGAIN

"""The shipped mutual trade of 2024 is what its scenario gives today."""

from pathlib import Path

import pandas as pd
import pytest

import portsim
from portsim.experiment.conduct import inputs

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "results" / "mutual-trade-2024"
AGAIN = "`make demo` and commit"


@pytest.fixture(scope="module")
def shipped() -> portsim.Study:
    return portsim.read(FOLDER)


@pytest.fixture(scope="module")
def scenario():
    return portsim.load(ROOT / "scenarios" / "bakhtu" / "mutual-trade-2024.yaml")


def test_the_folder_was_made_from_the_shipped_scenario(shipped, scenario) -> None:
    replications, seed, fingerprint = inputs([scenario], None, None, None)

    assert (shipped.manifest.replications, shipped.manifest.seed) == (replications, seed)
    assert shipped.manifest.fingerprint == fingerprint, f"scenario changed: {AGAIN}"


def test_the_figures_and_the_article_beside_them_are_the_shipped_ones(shipped, scenario) -> None:
    study = portsim.run(scenario, audit="none", jobs=1)
    for name in ("replications", "summary", "observed"):
        then = getattr(shipped, name)
        now = getattr(study, name)[list(then.columns)].astype(then.dtypes.to_dict())
        pd.testing.assert_frame_equal(then, now, rtol=1e-8, check_dtype=False)


def test_the_folder_stays_small() -> None:
    tables = [file for file in FOLDER.iterdir() if file.is_file()]

    assert sum(file.stat().st_size for file in tables) < 3_000_000

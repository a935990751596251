"""The shipped mutual trade of 2024 is what its scenario gives today."""

import subprocess
from pathlib import Path

import pandas as pd
import pytest

import portsim
from portsim.experiment.comparable import check_and_fingerprint

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "results" / "mutual-trade-2024"
KEYS = ("scenario", "replication", "truck_class", "place", "measure", "name")
AGAIN = "`make demo` and commit"


@pytest.fixture(scope="module")
def shipped() -> portsim.Study:
    return portsim.read(FOLDER)


@pytest.fixture(scope="module")
def scenario():
    return portsim.load(ROOT / "scenarios" / "bakhtu" / "mutual-trade-2024.yaml")


def test_the_folder_was_made_from_the_shipped_scenario(shipped, scenario) -> None:
    replications, seed, fingerprint = check_and_fingerprint([scenario], None, None, None)

    assert (shipped.manifest.replications, shipped.manifest.seed) == (replications, seed)
    assert shipped.manifest.fingerprint == fingerprint, f"scenario changed: {AGAIN}"


def test_the_figures_and_the_article_beside_them_are_the_shipped_ones(shipped, scenario) -> None:
    study = portsim.run(scenario, audit="none", jobs=1)
    for name in ("replications", "summary", "observed"):
        then = getattr(shipped, name)
        keys = [key for key in KEYS if key in then]
        then = then.astype(dict.fromkeys(keys, str)).set_index(keys)
        now = getattr(study, name).astype(dict.fromkeys(keys, str)).set_index(keys)
        # The repository keeps some of the rows.
        now = now.loc[then.index, list(then.columns)]
        pd.testing.assert_frame_equal(then, now, rtol=1e-8, check_dtype=False)


def test_what_the_repository_keeps_of_results_is_light() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "results"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git repository")
    kept = [ROOT / name for name in listed.stdout.split("\0") if name]
    assert sum(file.stat().st_size for file in kept) < 5_000_000

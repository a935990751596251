"""Shipped results are what the shipped scenarios give today: numbers, never pictures."""

from pathlib import Path

import pandas as pd
import pytest

import portsim
from portsim.cli.starter import schema_text
from portsim.experiment.capacity import CapacityTask, find
from portsim.experiment.common_draws import replications
from portsim.experiment.comparable import check_and_fingerprint
from portsim.experiment.tasks import Task, run_one
from portsim.results.headline_table import headline
from portsim.wording import amounts

ROOT = Path(__file__).parents[2]
POLICIES = (
    "hours-5x8",
    "hours-7x8",
    "hours-7x8-after-clock-change",
    "hours-2026",
    "hours-7x12-yard-only",
    "hours-7x12",
    "hours-7x24",
)
KEY = ["truck_class", "place", "measure"]


@pytest.fixture(scope="module")
def shipped() -> portsim.Study:
    return portsim.read(ROOT / "results" / "bakhtu")


def test_the_folder_was_made_from_the_shipped_scenarios(shipped: portsim.Study) -> None:
    scenarios = [portsim.load(ROOT / "scenarios" / "bakhtu" / f"{n}.yaml") for n in POLICIES]
    replications, seed, fingerprint = check_and_fingerprint(scenarios, "hours-2026", None, None)
    manifest = shipped.manifest
    assert [entry.name for entry in manifest.scenarios] == list(POLICIES)
    assert (manifest.replications, manifest.seed) == (replications, seed)
    assert manifest.fingerprint == fingerprint, "scenarios changed: run `make demo` and commit"


@pytest.mark.parametrize("policy", POLICIES)
def test_replication_1_gives_the_shipped_figures(shipped: portsim.Study, policy: str) -> None:
    scenario = portsim.load(ROOT / "scenarios" / "bakhtu" / f"{policy}.yaml")
    ((_, number, shared),) = replications([scenario], shipped.manifest.seed, [1], 1)
    done = run_one(Task(scenario, number, shared, "compiled"))
    texts = dict.fromkeys(KEY, str)
    now = done.figures.astype(texts).set_index(KEY)[["value", "count"]]
    table = shipped.replications
    mine = table[(table["scenario"] == policy) & (table["replication"] == 1)]
    then = mine.astype(texts).set_index(KEY)[["value", "count"]]
    # Causes are kept apart by a run, and capacities are found by runs of their own.
    rest = then[~then.index.isin(now.index)]
    names = rest.index.get_level_values("measure").astype(str)
    assert (
        names.str.startswith(("wait_for_", "wait_root_")) | names.str.contains("capacity")
    ).all()
    then = then[then.index.isin(now.index)]
    now = now.loc[then.index]
    pd.testing.assert_frame_equal(
        then, now, check_dtype=False, check_index_type=False, check_column_type=False, rtol=1e-8
    )


def test_the_search_finds_the_shipped_capacity(shipped: portsim.Study) -> None:
    """Of the policy for which it has to go furthest, as throughput falls beyond."""
    policy = "hours-7x8-after-clock-change"
    scenario = portsim.load(ROOT / "scenarios" / "bakhtu" / f"{policy}.yaml")
    found = find(CapacityTask(scenario, shipped.manifest.seed, "compiled", 4))
    table = shipped.summary
    mine = table[(table["scenario"] == policy) & table["measure"].str.contains("capacity")]
    then = mine.set_index(KEY)[["mean", "note"]].sort_index()
    columns = ["replication", *KEY, "mean", "count", "note"]
    now = pd.DataFrame(found.rows, columns=columns).groupby(KEY)
    assert len(then) > 20
    assert now.ngroups == len(then)
    assert now["mean"].mean().to_numpy() == pytest.approx(then["mean"].to_numpy(), rel=1e-8)
    assert (now["note"].first().to_numpy() == then["note"].fillna("").to_numpy()).all()


def readme_table(shipped: portsim.Study) -> str:
    """The headline figures in Markdown, without the rows of differences."""
    table = headline(shipped.summary, shipped.comparison, shipped.manifest)
    rows = [["policy", *table.columns], ["---", *["--:"] * len(table.columns)]]
    rows += [
        [str(name), *map(str, row)]
        for name, row in zip(table.index, table.to_numpy(), strict=True)
        if not str(name).startswith(" ")
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def test_the_table_of_the_readme_is_the_shipped_one(shipped: portsim.Study) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme_table(shipped) in text
    port = shipped.summary.query(
        "truck_class == 'all' and place == '' and measure == 'late_per_day'"
    )
    late = port.set_index("scenario")["mean"]
    figures = amounts.number(late["hours-2026"]), amounts.number(late["hours-7x12"])
    assert f"from {figures[0]} to {figures[1]} a day" in " ".join(text.split())


def test_the_schema_beside_the_scenarios_is_the_one_that_is_printed() -> None:
    text = (ROOT / "scenarios" / "scenario.schema.json").read_text(encoding="utf-8")
    assert text == schema_text() + "\n", "run `make schema` and commit"

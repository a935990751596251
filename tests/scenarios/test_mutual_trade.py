"""The eight measures of mutual trade: stackable in any order, and all of them are the port."""

import csv
import datetime as dt
import itertools
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portsim.calendars import to_utc, zone
from portsim.checking import load
from portsim.demand import draw
from portsim.engines.simpy import run
from portsim.languages import LANGUAGES
from portsim.plan import build
from portsim.reading.merging import read_tree
from portsim.scenario.model import Scenario

ROOT = Path(__file__).parents[2]
BAKHTU = ROOT / "scenarios" / "bakhtu"
PAGE = ROOT / "docs" / "bakhtu" / "mutual-trade.md"
OBSERVED = ROOT / "results" / "mutual-trade-2024" / "observed.csv"
FOLDER = BAKHTU / "mutual-trade"
PORT = BAKHTU / "port.yaml"
BASES = ("base", "base-low", "base-high")
MEASURES = (
    "linked-gates", "app", "entrusted", "pre-review", "exempt", "laboratory", "direct", "pooling",
)  # fmt: skip
GOODS = "mutual-trade-goods"
MINE = ("agency-gates", "mutual-trade", "mutual-declaration", "attendance", "quarantine",
        "laboratory", "mutual-yard")  # fmt: skip
TOUCHED = {
    "linked-gates": "agency-gates", "app": "mutual-trade", "entrusted": "mutual-declaration",
    "pre-review": "mutual-declaration", "exempt": "attendance", "laboratory": "laboratory",
    "direct": "mutual-yard",
}  # fmt: skip


def stack(*measures: str, base: str = "base") -> str:
    return "+".join(str(FOLDER / f"{name}.yaml") for name in (base, *measures))


@cache
def scenario(spec: str | Path) -> Scenario:
    return load(spec)


def everything(found: Scenario) -> dict[str, Any]:
    """The port and its traffic, without name, label and summary."""
    return found.model_dump(exclude={"name", "label", "summary"})


def test_the_files_are_there() -> None:
    assert {file.stem for file in FOLDER.glob("*.yaml")} == {*BASES, *MEASURES, "all-eight"}
    assert len(MEASURES) == 8


@pytest.mark.parametrize("spec", [*BASES, *MEASURES, "all-eight"])
def test_each_file_loads_without_a_warning_and_says_what_it_is(spec: str) -> None:
    found = scenario(FOLDER / f"{spec}.yaml")

    assert found.origin.warnings == ()
    assert found.summary.endswith(".")


@given(st.permutations(MEASURES))
@settings(max_examples=4, deadline=None)
def test_all_eight_in_any_order_are_what_the_port_says(order: list[str]) -> None:
    stacked, port = load(stack(*order)), scenario(PORT)

    assert stacked.traffic.model_dump() == port.traffic.model_dump()
    for name in MINE:
        assert stacked.stages[name] == port.stages[name], name
    assert everything(stacked) == everything(scenario(FOLDER / "all-eight.yaml"))
    assert stacked.stages == port.stages
    assert stacked.resources == port.resources


def leaves(found: Any, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    if isinstance(found, dict) and found:
        return {leaf for key, value in found.items() for leaf in leaves(value, (*path, key))}
    return {path}


def values(measure: str) -> set[tuple[str, ...]]:
    """Paths at which a measure makes the base another."""
    plain, other = read_tree(stack()).data, read_tree(stack(measure)).data

    def at(tree: Any, path: tuple[str, ...]) -> Any:
        for part in path:
            tree = tree.get(part) if isinstance(tree, dict) else None
        return tree

    paths = leaves(plain) | leaves(other)
    return {path for path in paths if at(plain, path) != at(other, path)} - {
        ("name",),
        ("summary",),
        *(("label", language) for language in LANGUAGES),
    }


def test_no_two_measures_set_the_same_value() -> None:
    sets = {measure: values(measure) for measure in MEASURES}

    assert all(sets.values())
    for one, other in itertools.combinations(MEASURES, 2):
        assert not sets[one] & sets[other], (one, other)
    for measure, stage in TOUCHED.items():
        assert {path[:2] for path in sets[measure]} == {("stages", stage)}, measure
    assert {path[:2] for path in sets["pooling"]} == {("traffic", GOODS)}


def test_the_steps_come_in_the_published_order() -> None:
    """Declared by each resident with quota taken, papers, gate, scan, inspection, sampling."""
    route = [step.stage for step in scenario(PORT).traffic.classes[GOODS].route]

    assert route == [
        "mutual-trade", "mutual-declaration", "kz-slot-missed", "kz-slot", "kz-drive-in",
        "kz-post-import", "gate-import", "agency-gates", "scan", "attendance", "inspection",
        "quarantine", "laboratory", "mutual-yard", "release",
    ]  # fmt: skip


@pytest.mark.parametrize("base", BASES[1:])
def test_the_ends_of_the_ranges_are_bases_too(base: str) -> None:
    assert scenario(stack("app", "direct", base=base)).stages["mutual-yard"].share == 0.0
    nominal, end = scenario(stack()), scenario(stack(base=base))
    assert end.traffic == nominal.traffic
    assert {name for name in MINE if end.stages[name] != nominal.stages[name]} == {
        *TOUCHED.values()
    }


def test_every_number_of_the_base_has_a_mark_and_assumed_ones_a_range() -> None:
    notes = read_tree(FOLDER / "base.yaml").notes
    mine = {p: note for p, note in notes.items() if note.place.file.endswith("base.yaml")}

    assert len(mine) >= 14
    for path, note in mine.items():
        assert note.source, path
        assert note.confidence, path
        if note.confidence == "E":
            assert note.range is not None, path


def goods(spec: str | Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tonnes, value and residents of the mutual-trade vehicles of January to July 2024."""
    found = scenario(spec)
    drawn = draw(found, 1, 1).at(found)
    start = to_utc(dt.date(2024, 1, 1), 0, zone(found.timezone), later=False)
    stop = to_utc(dt.date(2024, 8, 1), 0, zone(found.timezone), later=False)
    cls = drawn.class_names.index(GOODS)
    mine = (drawn.cls == cls) & (drawn.arrival >= start) & (drawn.arrival < stop)
    return drawn.tonnes[mine], drawn.value[mine], drawn.residents[mine]


def test_without_pooling_each_vehicle_carries_one_residents_purchase_and_the_tonnes_are_the_same():
    tonnes, value, residents = goods(stack())
    pooled, _, pooled_residents = goods(stack("pooling"))

    assert set(residents.tolist()) == {1}
    assert value.max() <= 8_000
    assert value.min() > 7_990
    assert len(tonnes) / len(pooled) == pytest.approx(12.75, rel=0.04)
    assert tonnes.sum() == pytest.approx(pooled.sum(), rel=0.04)
    # rounding up costs half a resident a truck
    assert pooled_residents.mean() == pytest.approx(12.75 + 0.5, abs=0.1)


def test_a_truck_of_the_mean_load_is_scanned_and_inspected_as_long_as_any_other() -> None:
    found = scenario(PORT)
    steps = {step.stage: step for step in found.traffic.classes[GOODS].route}
    scan, inspection = steps["scan"].time, steps["inspection"].time

    assert scan.per_truck.constant + 22.47 * scan.per_tonne.constant == pytest.approx(240, abs=0.5)
    means = inspection.per_truck.lognormal.mean, inspection.per_tonne.lognormal.mean
    assert means[0] + 22.47 * means[1] == pytest.approx(3_600, rel=0.01)


@pytest.mark.parametrize("measure", [m for m in MEASURES if m not in ("pooling", "pre-review")])
def test_a_measure_takes_work_away_and_moves_no_other_draw(measure: str) -> None:
    """The same vehicles with the same luck: at every stage that the measure does not touch, the
    work of each visit is the same to the second."""
    plain, other = (days_of(spec) for spec in (stack(), stack(measure)))
    touched = TOUCHED[measure]

    assert np.array_equal(plain.arrival, other.arrival)
    for name in MINE:
        mine = [
            plan.visit_work[plan.visit_stage == stage_of(plan, name)] for plan in (plain, other)
        ]
        if name == touched:
            assert mine[1].sum() < mine[0].sum()
        else:
            assert np.array_equal(*mine), name


@cache
def days_of(spec: str) -> Any:
    found = scenario(spec)
    days = {"from_": dt.date(2024, 3, 4), "to": dt.date(2024, 3, 10), "warm_up": 0.0}
    short = found.model_copy(update={"period": found.period.model_copy(update=days)})
    return build(short, draw(short, 1, 1).at(short))


def stage_of(plan: Any, name: str) -> int:
    return list(plan.context.stage_names).index(name)


def test_without_the_measures_everyone_stays_longer() -> None:
    stays = []
    for spec in (stack(), stack(*MEASURES)):
        plan = days_of(spec)
        log = run(plan)
        out = (log.left >= 0) & (plan.context.truck_class == plan.context.class_names.index(GOODS))
        stays.append(np.median(log.left[out] - plan.arrival[out]))
    assert stays[0] > 2 * stays[1]


def rows_of(table: str) -> list[list[str]]:
    """Cells of a table of the page, without its head."""
    text = PAGE.read_text(encoding="utf-8")
    inside = text.split(f"<!-- table: {table} -->\n")[1].split(f"\n<!-- end: {table} -->")[0]
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in inside.split("\n")[2:]
    ]


def numbers(cell: str) -> list[float]:
    plain = cell.replace(",", "").replace("\N{MINUS SIGN}", "-")
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", plain)]


def test_the_page_says_of_the_article_what_was_observed() -> None:
    with OBSERVED.open(encoding="utf-8-sig", newline="") as file:
        totals = [
            row
            for row in csv.DictReader(file)
            if row["truck_class"] == "all" and "max_day" not in row["measure"]
        ]
    said = rows_of("article")

    assert len(said) == len(totals) == 5
    for cells, row in zip(said, totals, strict=True):
        mean, low = float(row["mean"]), float(row["ci_low"])
        step = 0.005 if row["unit"] == "t" else 0.5
        assert cells[0].endswith(f"({row['confidence']})")
        assert (cells[1], cells[5]) == (row["role"], row["inside"])
        # a comma also divides the gap from its percentage
        published, simulated = numbers(cells[2]), numbers(cells[3])
        gap = [number for part in cells[4].split(", ") for number in numbers(part)]
        assert published == [float(row["published"])]
        assert simulated[0] == pytest.approx(mean, abs=1.001 * step)
        if low < mean:
            assert simulated[1] == pytest.approx(mean - low, abs=1.001 * step)
            assert gap[0] == pytest.approx(float(row["gap"]), abs=1.001 * step)
            assert gap[1] == pytest.approx(float(row["gap_percent"]), abs=0.00501)
        else:
            assert cells[3].endswith("in each replication")
            assert gap == [float(row["gap"])]

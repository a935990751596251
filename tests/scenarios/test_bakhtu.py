"""The scenarios of Bakhtu against what is published about the port."""

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from portsim.calendars import intersect, local_seconds, open_intervals, to_utc, total, zone
from portsim.checking import load
from portsim.demand import Trucks, draw
from portsim.engines.simpy import run
from portsim.plan import build
from portsim.reading.merging import Tree, read_tree
from portsim.scenario.model import Scenario
from portsim.wording import LANGUAGES, speaking
from thorough import cases

SCENARIOS = Path(__file__).parents[2] / "scenarios"
BAKHTU = SCENARIOS / "bakhtu"
STARTER = Path(__file__).parents[2] / "src" / "portsim" / "starter"
PORT = BAKHTU / "port.yaml"
FOLLOW = BAKHTU / "drivers-follow-hours.yaml"
BEIJING = zone("Asia/Shanghai")
OFFICES = ("gate-cn", "customs-cn", "kz-post")
DAILY = (
    "hours-7x8", "hours-7x8-after-clock-change", "hours-2026", "hours-7x12-yard-only",
    "hours-7x12", "hours-7x24",
)  # fmt: skip
POLICIES = ("hours-5x8", *DAILY)
OVERLAYS = (
    "kazakh-electronic-queue", "drop-and-pull", "wind-none", "wind-busy-month", "wind-wide-lane",
    "release-against-guarantee", "money",
)  # fmt: skip

# Hours in Beijing time, the hours both gates (and all three offices) are open together.
SPLIT, LATE = ((10, 14), (15, 19)), ((11, 15), (16, 20))
SHORT, LONG, ALL = ((10, 19),), ((10, 22),), ((0, 24),)
HOURS: dict[str, tuple[tuple[tuple[int, int], ...], ...]] = {
    "hours-5x8": (SPLIT, SPLIT, SPLIT),
    "hours-7x8": (SPLIT, SPLIT, SPLIT),
    "hours-7x8-after-clock-change": (SPLIT, SPLIT, LATE),
    "hours-2026": (SHORT, SHORT, LONG),
    "hours-7x12-yard-only": (SHORT, LONG, LONG),
    "hours-7x12": (LONG, LONG, LONG),
    "hours-7x24": (ALL, ALL, ALL),
}
OVERLAP = {
    "hours-5x8": 40, "hours-7x8": 56, "hours-7x8-after-clock-change": 42, "hours-2026": 63,
    "hours-7x12-yard-only": 63, "hours-7x12": 84, "hours-7x24": 168,
}  # fmt: skip
ORDINARY_WEEKS = [dt.date(2024, 1, 15), dt.date(2024, 7, 15), dt.date(2024, 11, 4)]
"""Mondays of weeks without holidays, before and after the Kazakh clock change."""


@cache
def scenario(policy: str) -> Scenario:
    return load(BAKHTU / f"{policy}.yaml")


@cache
def even_days() -> Scenario:
    """The port without the factor of single days: counts are Poisson counts."""
    port = scenario("port")
    traffic = port.traffic.model_copy(update={"day_factor": None})
    return port.model_copy(update={"traffic": traffic})


@cache
def trucks() -> Trucks:
    port = even_days()
    return draw(port, seed=1, replication=1).at(port)


def intervals(policy: str, office: str, start: int, stop: int) -> np.ndarray:
    port = scenario(policy)
    return open_intervals(
        port.calendars[office],
        port_zone=port.timezone,
        position=(46.7, 82.7),
        start=start,
        stop=stop,
    )


def midnight(date: dt.date) -> int:
    return to_utc(date, 0, BEIJING, later=False)


# ---- the files --------------------------------------------------------------------------------


SHIPPED = [
    *sorted(BAKHTU.glob("*.yaml")),
    STARTER / "port.yaml",
    *(f"{BAKHTU / policy}.yaml+{FOLLOW}" for policy in POLICIES),
    *(f"{BAKHTU / 'hours-5x8'}.yaml+{FOLLOW}+{BAKHTU / overlay}.yaml" for overlay in OVERLAYS),
]


@pytest.mark.parametrize("spec", SHIPPED, ids=lambda spec: str(spec).replace(f"{SCENARIOS}/", ""))
def test_loads_without_a_warning_that_is_not_true(spec: Path | str) -> None:
    found = load(spec)

    # Where the port has a lunch break, the swap crew, whose shift has none, stands idle in it.
    lunch = any(name in str(spec) for name in ("5x8", "7x8", "clock-change-2024"))
    idle = [("idle-staff", "resources.swap-crew.calendar")]
    assert [(one.code, one.path) for one in found.origin.warnings] == idle * lunch
    assert found.summary.endswith((".", "open", "declaration", "are left"))


def test_the_policies_are_there_and_named_as_their_files() -> None:
    there = {path.stem for path in BAKHTU.glob("hours-*.yaml")}

    assert there == set(POLICIES)
    assert [scenario(policy).name for policy in POLICIES] == list(POLICIES)


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("**/*.yaml")), ids=lambda path: path.stem)
def test_an_editor_finds_the_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    up = "../" * (len(path.relative_to(SCENARIOS).parts) - 1)

    assert first == f"# yaml-language-server: $schema={up}scenario.schema.json"


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_changes_nothing_but_calendars(policy: str) -> None:
    ours, ports = scenario(policy).model_dump(), scenario("port").model_dump()
    different = {key for key in ours if ours[key] != ports[key]}

    assert different <= {"name", "label", "summary", "role", "calendars"}


# ---- every claim has a source -----------------------------------------------------------------

Path_ = tuple[str | int, ...]
NO_CLAIM = (
    # one truck takes one lane or place; what it spends is counted by its own residents
    r"stages\.[^.]+\.takes\.[^.]+(\.count)?$",
    r"stages\.mutual-trade\.spends\.",
    # one truck, one slot; one trailer, one tractor; each hour has its slots
    r"stages\.[^.]+\.(spends|offers)\.[^.]+$",
    r"resources\.kz-slots\.refill\.at\.",
    # trucks a day stand under months
    r"traffic\.[^.]+\.arrivals\.rate$",
    # the quota is a day's
    r"resources\.residents\.refill\.at$",
)


def leaves(found: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    if isinstance(found, dict):
        for key, value in found.items():
            yield from leaves(value, (*path, key))
    elif isinstance(found, list):
        for number, value in enumerate(found):
            yield from leaves(value, (*path, number))
    else:
        yield path, found


def is_a_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float) or bool(re.match(r"\d", str(value)))


def unnoted(tree: Tree, *sections: str) -> list[str]:
    missing = []
    for section in sections:
        for path, value in leaves(tree.data.get(section, {}), (section,)):
            noted = any(path[:n] in tree.notes for n in range(1, len(path) + 1))
            dotted = ".".join(map(str, path))
            allowed = any(re.match(pattern, dotted) for pattern in NO_CLAIM)
            if is_a_number(value) and not noted and not allowed:
                missing.append(f"{dotted}: {value}")
    return missing


def test_every_number_of_the_port_says_where_it_comes_from() -> None:
    tree = read_tree(PORT)

    sections = ("position", "completion", "resources", "stages", "channels", "traffic")
    assert unnoted(tree, *sections) == []
    months = [path for path in tree.notes if path[-1] == "months"]
    assert len(months) == 8  # all but the new vehicles, whose rate is the claim


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_number_of_an_overlay_says_where_it_comes_from(overlay: str) -> None:
    tree = read_tree(BAKHTU / f"{overlay}.yaml")

    assert unnoted(tree, "resources", "stages", "channels", "traffic", "value_of_time") == []


@pytest.mark.parametrize("policy", ["port", *POLICIES])
def test_all_hours_say_where_they_come_from(policy: str) -> None:
    tree = read_tree(BAKHTU / f"{policy}.yaml")
    dates = "valid_to"

    missing = [text for text in unnoted(tree, "calendars") if dates not in text]
    assert missing == []
    for office in OFFICES:
        assert ("calendars", office, "hours") in tree.notes


def test_every_note_has_a_source_and_a_mark_and_assumed_numbers_a_range() -> None:
    notes = read_tree(PORT).notes
    for path, note in notes.items():
        assert note.source, path
        assert note.confidence, path
        assumed = note.confidence == "E" and path[0] in ("resources", "stages")
        if assumed and is_a_number(note.value):
            assert note.range is not None, path
    marks = {note.confidence for note in notes.values()}
    assert marks == set("ABCDE")


def test_nothing_unknown_passes_for_known() -> None:
    """Staff and lanes are nowhere published, but for the one scanner, the one swap crew and the
    length of the strip."""
    notes = read_tree(PORT).notes
    known = {
        path[1] for path, note in notes.items() if path[0] == "resources" and note.confidence != "E"
    }

    assert known == {"scanner", "swap-crew", "strip-export", "strip-import"}


# ---- opening hours ----------------------------------------------------------------------------


@pytest.mark.parametrize("monday", ORDINARY_WEEKS, ids=str)
@pytest.mark.parametrize("policy", POLICIES)
def test_hours_of_an_ordinary_week_in_beijing_time(policy: str, monday: dt.date) -> None:
    start, stop = midnight(monday), midnight(monday + dt.timedelta(days=7))
    days = range(5) if policy == "hours-5x8" else range(7)
    together = np.array([[start, stop]])
    for office, spans in zip(OFFICES, HOURS[policy], strict=True):
        found = intervals(policy, office, start, stop)
        wanted = [
            (start + day * 86_400 + a * 3600, start + day * 86_400 + b * 3600)
            for day in days
            for a, b in spans
        ]
        if policy == "hours-7x24":
            wanted = [(start, stop)]
        assert found.tolist() == [list(row) for row in wanted], office
        together = intersect(together, found)
    assert total(together) == OVERLAP[policy] * 3600


def test_the_kazakh_clock_change_moves_no_instant() -> None:
    """29 February and 1 March 2024 look alike in Beijing time under every policy."""
    for policy, office in itertools.product(POLICIES, OFFICES):
        leap, march = midnight(dt.date(2024, 2, 29)), midnight(dt.date(2024, 3, 1))
        before = intervals(policy, office, leap, march) - leap
        after = intervals(policy, office, march, march + 86_400) - march
        assert before.tolist() == after.tolist(), (policy, office)


def open_dates(policy: str, year: int) -> set[dt.date]:
    first = midnight(dt.date(year, 1, 1))
    together = np.array([[first, midnight(dt.date(year + 1, 1, 1))]])
    for office in OFFICES:
        together = intersect(together, intervals(policy, office, *together[[0, -1], [0, 1]]))
    seconds = local_seconds(together.ravel() - np.tile([0, 1], len(together)), BEIJING)
    days = {day for a, b in (seconds // 86_400).reshape(-1, 2).tolist() for day in range(a, b + 1)}
    return {dt.date(1970, 1, 1) + dt.timedelta(days=day) for day in days}


@pytest.mark.parametrize("policy", DAILY)
def test_seven_day_schedules_close_on_published_dates_and_a_few_more(policy: str) -> None:
    found = open_dates(policy, 2024)
    closed = 366 - len(found)

    assert 20 <= closed <= 25
    assert found.isdisjoint(dt.date(2024, 5, day) for day in (1, 7, 9))
    # bridge days and days on which a holiday is observed are worked
    worked = {dt.date(2024, 5, 2), dt.date(2024, 5, 8), dt.date(2024, 7, 8), dt.date(2024, 2, 16)}
    assert worked <= found
    assert dt.date(2024, 9, 21) in found  # the record day, a Saturday


def test_the_old_schedule_follows_the_offices_of_both_states() -> None:
    found = open_dates("hours-5x8", 2024)
    weekdays = {
        day for n in range(366) if (day := dt.date(2024, 1, 1) + dt.timedelta(days=n)).weekday() < 5
    }

    assert len(weekdays - found) == 31  # of the 37 days of the two calendars' union
    assert found - weekdays == {
        dt.date(2024, *day)
        for day in [(2, 4), (2, 18), (4, 7), (4, 28), (5, 4), (5, 11), (9, 14), (9, 29), (10, 12)]
    }  # make-up working days of both states


# ---- traffic ----------------------------------------------------------------------------------


def count(classes: set[str] | None, first: int, last: int, what: str = "pieces") -> float:
    """Crossings, tonnes … drawn for the months first to last of 2024."""
    port, found = scenario("port"), trucks()
    start, stop = midnight(dt.date(2024, first, 1)), midnight(dt.date(2024, last + 1, 1))
    pieces = np.array([port.traffic.classes[name].pieces for name in found.class_names])
    named = np.array([classes is None or name in classes for name in found.class_names])
    inside = (found.arrival >= start) & (found.arrival < stop) & named[found.cls]
    weight = pieces[found.cls] if what == "pieces" else getattr(found, what)
    return float(weight[inside].sum())


def days(first: int, last: int) -> int:
    return (dt.date(2024, last + 1, 1) - dt.date(2024, first, 1)).days


def test_crossings_of_each_month_agree_with_the_published_ones() -> None:
    """Port facts, section 3; a count of Poisson arrivals has its mean as its variance, and
    convoys of three add a little."""
    published = {1: 164.6, 2: 164.6, 3: 164.6, 4: 164.6, 5: 164.6, 6: 185.7, 7: 185.7, 8: 185.7}
    published |= {9: 460.0, 10: 288.0, 11: 288.0}
    for month, per_day in published.items():
        mean = per_day * days(month, month)
        assert count(None, month, month) == pytest.approx(mean, abs=3 * (1.02 * mean) ** 0.5)


OTHERS = {
    "general", "e-commerce", "fruit-vegetables", "wind-blades", "wind-parts", "empty",
    "mutual-trade-goods", "other-imports",
}  # fmt: skip


@pytest.mark.parametrize(
    ("classes", "first", "last", "published"),
    [
        (None, 1, 9, 55_729),
        ({"new-vehicles"}, 1, 9, 21_933),
        (OTHERS, 1, 11, 46_475),
        (None, 9, 9, 460 * 30),
        ({"mutual-trade-goods"}, 1, 8, 3_483),
        ({"mutual-trade-goods"}, 8, 8, 4.7 * 31),
        ({"mutual-trade-goods"}, 10, 11, 25.6 * 61),
    ],
)
def test_crossings_agree_with_the_published_totals(
    classes: set[str] | None, first: int, last: int, published: float
) -> None:
    found = count(classes, first, last)

    assert found == pytest.approx(published, abs=3 * (1.02 * published) ** 0.5)


def test_tonnes_agree_with_the_published_ones_within_the_gap_that_the_file_states() -> None:
    assert count(None, 1, 9, "tonnes") == pytest.approx(572_000, rel=0.04)
    assert count(None, 1, 11, "tonnes") == pytest.approx(715_000, rel=0.03)


def test_mutual_trade_agrees_with_the_article() -> None:
    goods = {"mutual-trade-goods"}
    drawn = count(goods, 1, 8)

    assert count(goods, 1, 8, "tonnes") / drawn == pytest.approx(22.47, rel=0.01)
    assert count(goods, 1, 8, "value") / drawn == pytest.approx(101_993, rel=0.01)
    # 46,100 to 46,600 person-times follow from rounding up alone; 46,606 were counted
    assert 46_000 <= count(goods, 1, 8, "residents") / drawn * 3_483 <= 46_700


def test_kazakh_trucks_mostly_come_in_empty_and_as_many_come_as_go() -> None:
    imports = {"empty", "mutual-trade-goods", "other-imports"}

    assert count({"empty"}, 1, 11) / count(imports, 1, 11) == pytest.approx(0.75, abs=0.04)
    assert count(imports, 1, 11) / count(OTHERS, 1, 11) == pytest.approx(0.5, abs=0.01)


def test_arrivals_are_front_loaded_and_some_come_before_the_gate_opens() -> None:
    hour = local_seconds(trucks().arrival, BEIJING) % 86_400 // 3600

    assert np.mean(hour < 16) == pytest.approx(0.6, abs=0.01)
    assert np.mean(hour < 10) == pytest.approx(0.1, abs=0.01)
    assert np.all((hour >= 8) & (hour < 22))


def test_the_busiest_september_day_is_as_far_above_the_mean_as_the_record_day_was() -> None:
    """Port facts, section 3: 748 against a mean of 460; the factor keeps the month's mean."""
    port = scenario("port")
    peaks, means = [], []
    for replication in range(1, cases(21, 41)):
        drawn = draw(port, 1, replication).at(port)
        day = (drawn.arrival - midnight(dt.date(2024, 9, 1))) // 86_400
        counts = np.bincount(day[(day >= 0) & (day < 30)], minlength=30)
        peaks.append(counts.max())
        means.append(counts.mean())

    assert np.mean(peaks) / np.mean(means) == pytest.approx(748 / 460, rel=0.06)
    assert np.mean(means) == pytest.approx(454, rel=0.03)  # trucks; convoys count three each


def test_the_same_trucks_meet_every_policy() -> None:
    first = draw(scenario("port"), seed=1, replication=1).at(scenario("port"))
    for policy in POLICIES:
        port = scenario(policy)
        drawn = draw(port, seed=1, replication=1).at(port)
        assert np.array_equal(drawn.arrival, first.arrival)
        assert np.array_equal(drawn.tonnes, first.tonnes)


def test_every_class_passes_the_four_stages_and_both_sides() -> None:
    for name, cls in scenario("port").traffic.classes.items():
        route = [step.stage for step in cls.route]
        assert {"inspection", "release"} <= set(route), name
        assert any("declaration" in stage for stage in route), name
        if cls.direction == "export":
            gate = "wind-gate" if cls.dimensions else "gate-export"
            assert route.index("release") < route.index(gate) < route.index("kz-post-export"), name
            assert route[-1] == "kz-post-export", name
        else:
            assert route.index("kz-post-import") + 1 == route.index("gate-import"), name
            assert route.index("gate-import") < route.index("release"), name


# ---- what the port can do ---------------------------------------------------------------------


def varied(tmp_path: Path, policy: str, text: str) -> Scenario:
    file = tmp_path / "varied.yaml"
    file.write_text(f"extends: {BAKHTU / policy}.yaml\n{text}", encoding="utf-8")
    return load(file)


def test_the_record_day_is_managed_within_twelve_hours(tmp_path: Path) -> None:
    """Saturday 2024-09-21 with 748 vehicles expected: 80 new ones and 1.758 times the others."""
    classes = "".join(f"  {name}: {{scale: 1.758}}\n" for name in sorted(OTHERS))
    # To Monday: the laboratory has no working day before.
    period = "period: {from: 2024-09-21, to: 2024-09-23, warm_up: 0 weeks}\n"
    # The day is given: 748 expected on that day, whatever a factor would make of it.
    even = "  day_factor: null\n"
    port = varied(tmp_path, "hours-7x12", f"{period}traffic:\n{even}{classes}")
    came = out = 0
    for replication in range(1, 6):
        plan = build(port, draw(port, 1, replication).at(port))
        log = run(plan)
        came += int(np.sum(plan.arrival < 86_400))
        early = plan.arrival < 21 * 3600
        out += int(np.sum((log.left >= 0) & (log.left < 22.5 * 3600)))
        assert np.mean(log.left[early] < 22.5 * 3600) > 0.97
    assert came / 5 == pytest.approx(748, abs=3 * (748 / 5) ** 0.5)
    assert out / came > 0.94  # who comes in the last half hour stays the night


@pytest.mark.parametrize(
    ("policy", "low", "high"), [("hours-5x8", 1500, 5000), ("hours-7x12", 0, 60)]
)
def test_september_tells_the_schedules_apart(
    tmp_path: Path, policy: str, low: int, high: int
) -> None:
    """The old hours are overloaded and carry a stock into October, the long ones are not."""
    port = varied(tmp_path, policy, "period: {from: 2024-09-01, to: 2024-09-30, warm_up: 1 week}\n")
    plan = build(port, draw(port, 1, 1).at(port))
    log = run(plan)

    assert low <= np.sum(log.left < 0) <= high


@pytest.mark.parametrize("name", ["port", "longer-hours"])
def test_everything_of_the_starter_has_a_label_in_every_language(name: str) -> None:
    port = load(STARTER / f"{name}.yaml")
    parts = port.calendars, port.resources, port.stages, port.traffic.classes
    things = [thing for part in parts for thing in part.values()]
    assert {frozenset(thing.label.texts) for thing in (port, *things)} == {frozenset(LANGUAGES)}
    for language in LANGUAGES:
        with speaking(language):
            said = [[thing.label.said("") for thing in part.values()] for part in parts]
        assert all(len(set(texts)) == len(texts) for texts in said)


def test_the_starter_serves_everyone_within_the_week() -> None:
    port = load(STARTER / "port.yaml")
    plan = build(port, draw(port, port.seed, 1).at(port))
    log = run(plan)
    saturday_noon = plan.end - 36 * 3600

    assert 400 < plan.trucks < 1600
    assert np.all(log.left[plan.arrival < saturday_noon - 4 * 3600] >= 0)

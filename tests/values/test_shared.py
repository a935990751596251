"""What policies share: equal keys mean equal draws, and nothing that counts is ever left out."""

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

import portsim
from portsim.demand import draw
from portsim.experiment.common_draws import NO_PART_OF_THE_TRUCKS, demand_key
from portsim.plan import draft, draft_key
from portsim.plan.draft import NO_PART_OF_A_DRAFT
from portsim.scenario import model
from values.leaves import leaves, with_value
from values.random_ports import few, right

ROOT = Path(__file__).parents[2]
DEMO = [
    word.removesuffix(".yaml")
    for line in (ROOT / "Makefile")
    .read_text("utf-8")
    .split("POLICIES :=")[1]
    .split("\n\n")[0]
    .replace("\\\n", " ")
    .split("hours-,")[1:]
    for word in line.rstrip(")").split()
]


def excluded(scenario, where: tuple[Any, ...], lists) -> bool:
    """Whether a list names what stands at a place."""
    first, *rest = where
    if lists["scenario"].get(first):
        return True
    inside: dict[str, Any] | bool = False
    if first == "stages" and rest:
        inside, rest = lists.get("stage", False), rest[1:]
    elif first == "calendars" and rest:
        inside, rest = lists.get("calendar", False), rest[1:]
    elif first == "traffic" and rest and rest[0] in scenario.traffic.classes:
        inside, rest = lists["class"], rest[1:]
    elif first == "traffic":
        inside = lists["traffic"]
    while rest and isinstance(inside, dict):
        inside = inside.get(rest[0], inside.get("__all__", False))
        rest = rest[1:]
    return inside is True


def same_columns(one, other) -> bool:
    """Whether two objects hold the same numbers in every array."""
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in type(one).__dataclass_fields__
        if isinstance(getattr(one, name), np.ndarray)
    )


def followed(scenario) -> set[str]:
    """Calendars that the arrivals of some class go by."""
    arrivals = [cls.arrivals for cls in scenario.traffic.classes.values()]
    named = {one.follow for one in arrivals} | {s.calendar for s in scenario.slots.values()}
    return named | {one.booked.calendar for one in arrivals if one.booked is not None}


def of_no_truck(scenario, leaf) -> bool:
    """Whether no draw of trucks depends on a value, by the list or by hand."""
    if leaf.where[0] == "calendars" and len(leaf.where) > 1:
        return (
            leaf.where[1] not in followed(scenario)
            or leaf.field == "side"
            or "label" in leaf.where[2:]
        )
    # Whom mere counts of trucks inside mean goes by routes and scales.
    counted = scenario.inside is not None and bool(scenario.inside.counts)
    by_count = counted and leaf.where[0] == "traffic" and leaf.field in ("scale", "stage", "route")
    # Which slots are taken goes by who comes.
    asks = any(cls.arrivals.slots is not None for cls in scenario.traffic.classes.values())
    by_count |= asks and leaf.where[0] == "traffic" and leaf.field == "scale"
    return not by_count and excluded(scenario, leaf.where, NO_PART_OF_THE_TRUCKS)


def of_no_draft(scenario, leaf) -> bool:
    """Whether no visit depends on a value, by the list or by hand."""
    if leaf.where[0] == "resources" and len(leaf.where) > 1:
        takes = [take for stage in scenario.stages.values() for take in stage.takes.items()]
        return all(name != leaf.where[1] or take.count != "all" for name, take in takes)
    # Which set a class has counts, not how it is named: a test of its own.
    named = leaf.where[0] == "channels" or leaf.word == ("TruckClass", "channels")
    return not named and excluded(scenario, leaf.where, NO_PART_OF_A_DRAFT)


def of_a_told_way(scenario, leaf) -> bool:
    """Whether a value is of arrivals whose file tells ways or work as well."""
    if leaf.where[0] != "traffic" or leaf.where[2:3] != ("arrivals",):
        return False
    recorded = scenario.traffic.classes[leaf.where[1]].arrivals.recorded
    return recorded is not None and bool(recorded.work or recorded.passes)


def counts(leaf, other) -> bool:
    """Whether a value is one thing, and not a part of the scenario that holds several."""
    if leaf.field == "channels" or "label" in leaf.where:  # a translation counts for nothing
        return False
    return not any(holds_models(one) for one in (leaf.value, other))


def holds_models(value) -> bool:
    """Whether a value holds models."""
    if isinstance(value, dict | tuple):
        return any(map(holds_models, value.values() if isinstance(value, dict) else value))
    return isinstance(value, BaseModel)


def same_trucks(one, other) -> bool:
    return one.class_names == other.class_names and same_columns(one, other)


def same_visits(one, other) -> bool:
    return (
        same_columns(one, other)
        and same_columns(one.visits, other.visits)
        and same_columns(one.visits.kinds, other.visits.kinds)
    )


@settings(few, max_examples=1)
@given(seed=st.integers(0, 2**32))
def test_trucks_are_shared_only_where_they_are_the_same(ports, pool, seed):
    port = right(random.Random(seed), ports, pool)
    known, trucks = demand_key(port), draw(port, 1, 1)
    assert len(trucks.arrival) > 0
    shared, told_apart = set(), set()
    for leaf in leaves(port):
        for other in pool.others(leaf)[:1]:
            changed = with_value(port, leaf.where, other)
            share = demand_key(changed) == known
            if of_no_truck(port, leaf):
                assert share, leaf.where
            elif counts(leaf, other) and leaf.field != "scale":
                assert not share, leaf.where
                told_apart.add(leaf.word)
            if share and leaf.word not in shared:
                assert same_trucks(draw(changed, 1, 1), trucks), leaf.where
                shared.add(leaf.word)
    assert len(shared) > 40
    assert len(told_apart) > 20


@settings(few, max_examples=1)
@given(seed=st.integers(0, 2**32))
def test_drafts_are_shared_only_where_they_are_the_same(ports, pool, seed):
    port = right(random.Random(seed), ports, pool)
    trucks = draw(port, 1, 1)
    known, visits = draft_key(port), draft(port, trucks)
    shared, told_apart = set(), set()
    for leaf in leaves(port):
        for other in pool.others(leaf)[:1]:
            changed = with_value(port, leaf.where, other)
            share = draft_key(changed) == known
            if of_a_told_way(port, leaf):
                pass  # Some of it is in the visits, some in the trucks: what is shared is the same.
            elif of_no_draft(port, leaf):
                assert share, leaf.where
            elif counts(leaf, other):
                assert not share, leaf.where
                told_apart.add(leaf.word)
            if share and leaf.word not in shared:
                assert same_visits(draft(changed, trucks), visits), leaf.where
                shared.add(leaf.word)
    assert len(shared) > 70
    assert len(told_apart) > 20


def test_sets_of_channels_count_by_their_shares_and_not_by_their_names(ports):
    port = ports[0]
    known = draft_key(port)
    named = with_value(port, ("traffic", "tea", "channels"), {"green": 0.7, "red": 0.3})
    assert draft_key(named) == known
    for shares in ({"red": 0.3, "green": 0.7}, {"green": 0.6, "red": 0.4}):
        assert draft_key(with_value(port, ("channels", "risk"), shares)) != known
    turned = port.model_copy(update={"resources": dict(reversed(port.resources.items()))})
    assert draft_key(turned) != known


def test_a_field_that_is_new_to_the_language_counts_until_somebody_says_otherwise(ports):
    class Later(model.Scenario):
        """The language with a word more."""

        weather: str = "dry"

    today = [Later.model_construct(**dict(port)).from_origin(port.origin) for port in ports]
    for port, before in zip(today, ports, strict=True):
        wet = port.model_copy(update={"weather": "wet"})
        for key in (demand_key, draft_key):
            assert key(port) == key(before)
            assert key(wet) != key(port)


def test_the_policies_of_the_demo_share_one_draw_and_one_draft():
    assert len(DEMO) == 7
    policies = [portsim.load(ROOT / "scenarios" / "bakhtu" / f"hours-{name}.yaml") for name in DEMO]
    assert len({demand_key(one) for one in policies}) == 1
    assert len({draft_key(one) for one in policies}) == 1


@pytest.mark.parametrize(
    ("name", "trucks", "visits"),
    [("drivers-follow-hours", 1, 0), ("wind-none", 0, 0), ("clock-from-acceptance", 0, 0)],
)
def test_overlays_share_what_they_do_not_change(name, trucks, visits):
    folder = ROOT / "scenarios" / "bakhtu"
    base = portsim.load(folder / "hours-7x12.yaml")
    other = portsim.load(f"{folder / 'hours-7x12.yaml'}+{folder / f'{name}.yaml'}")
    assert (demand_key(other) != demand_key(base)) == bool(trucks)
    assert (draft_key(other) != draft_key(base)) == bool(visits)

"""Whatever somebody does to a right scenario: it loads, or the faults have places."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portsim.checking import load
from portsim.errors import ScenarioError
from portsim.reading.merging import read_tree

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(-1e6, 1e6, allow_nan=False),
    st.sampled_from(
        ["", "x", "8:00", "day", "gate", "end", "all", "5 min", "21 t", "closed", "CN"]
    ),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
    st.lists(st.sampled_from(["gate", "day", 5, None]), max_size=3),
    st.dictionaries(st.sampled_from(["mean", "cv", "value", "file", "time"]), st.integers(0, 9)),
)


def spots(data, path=()):
    """Paths of every value of a tree."""
    if path:
        yield path
    if not isinstance(data, dict | list):
        return
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield from spots(value, (*path, key))


@st.composite
def damages(draw, right):
    """A right tree with one to three things deleted, changed or renamed."""
    data = copy.deepcopy(right)
    for _ in range(draw(st.integers(1, 3))):
        places = list(spots(data))
        if not places:
            break
        *path, last = draw(st.sampled_from(places))
        parent = data
        for part in path:
            parent = parent[part]
        way = draw(st.sampled_from(["delete", "change", "rename"]))
        if way == "delete":
            del parent[last]
        elif way == "change" or not isinstance(parent, dict):
            parent[last] = draw(SCALARS)
        else:
            name = draw(st.one_of(st.text(max_size=6), st.just(f"{last}s"), st.just("all")))
            parent[name] = parent.pop(last)
    return data


@pytest.fixture
def right(write, tmp_path):
    write()
    return read_tree(tmp_path / "x.yaml").data


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_damaged_scenarios_load_or_say_where(right, tmp_path, data):
    damaged = data.draw(damages(right))
    path = tmp_path / "d.yaml"
    path.write_text(
        "\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in damaged.items()),
        encoding="utf-8",
    )
    faults, made = (), None
    try:
        made = load(path)
    except ScenarioError as error:
        faults = error.faults
    assert (made is None) == bool(faults)
    assert made or not damaged or any(fault.line > 0 for fault in faults)
    assert all(fault.expected and fault.found for fault in faults)

"""Written and read again, a scenario says the same: as YAML, as plain values, as a pickle."""

import datetime as dt
import pickle
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

import portsim
from portsim.scenario import units
from portsim.scenario.clock import parse_days, parse_spans, parse_week
from portsim.scenario.identity import key
from portsim.scenario.plain import plain
from portsim.scenario.value_text import spelt_days, spelt_spans, spelt_week
from thorough import cases
from values.every_word import lay_out
from values.random_ports import few, right

BAKHTU = Path(__file__).parents[2] / "scenarios" / "bakhtu"
WHOLE = ("port", "hours-7x12", "drop-and-pull", "kazakh-electronic-queue", "mutual-trade-2024")


def notes(scenario):
    """What is said of values, by path: who says it and how sure it is."""
    return {
        path: (note.source, note.confidence, note.note)
        for path, note in scenario.origin.tree.notes.items()
    }


def told_the_same(scenario, folder):
    """Write and read a scenario in each of the ways; all must give the same values."""
    file = folder / "again.yaml"
    file.write_text(scenario.to_yaml(folder), encoding="utf-8")
    read = portsim.load(file)
    assert key(read, {}) == key(scenario, {})
    said = plain(scenario)
    for again in (
        scenario.replace({}),
        pickle.loads(pickle.dumps(scenario)),
        portsim.Scenario.model_validate(said).from_origin(scenario.origin),
    ):
        assert type(again) is portsim.Scenario
        assert plain(again) == said
        assert again.model_dump() == scenario.model_dump()
        assert key(again, {}) == key(scenario, {})
    return read


@settings(few, max_examples=cases(4, 30))
@given(seed=st.integers(0, 2**32))
def test_random_scenarios_survive_every_way_of_writing(ports, pool, tmp_path_factory, seed):
    scenario = right(random.Random(seed), ports, pool)
    folder = tmp_path_factory.mktemp("random")
    lay_out(folder)
    told_the_same(scenario, folder)


@pytest.mark.parametrize("name", WHOLE)
def test_shipped_scenarios_survive_with_their_sources(name, tmp_path):
    scenario = portsim.load(BAKHTU / f"{name}.yaml")
    read = told_the_same(scenario, tmp_path)
    assert notes(read) == notes(scenario)
    assert len(notes(read)) > 150


def test_names_that_look_like_something_else_survive(tmp_path):
    odd = ["true", "1e5", "0x10", "null", "~", "8.5", "- a", "#x", "'q'", '"', "{a}", "值", "a  b"]
    values = {
        "name": "2024",
        "summary": "- not a list: 'really'\nsecond line\t# no comment ",
        "timezone": "UTC",
        "period": {"from": "2024-03-04", "to": dt.date(2024, 3, 6)},
        "stages": {name: {"time": "0.1 s", "label": name} for name in odd},
        "traffic": {
            "1": {"direction": "export", "arrivals": {"rate": "0.1 per day"}, "route": odd}
        },
    }
    scenario = portsim.Scenario.from_dict(values)
    assert list(scenario.stages) == odd
    assert scenario.summary == values["summary"]
    read = told_the_same(scenario, tmp_path)
    assert list(read.stages) == odd


def test_files_are_named_relative_to_where_the_text_will_stand(tmp_path):
    (tmp_path / "data").mkdir()
    scenario = portsim.load(lay_out(tmp_path / "data")[0])
    assert "file: times.csv" in scenario.to_yaml()
    (tmp_path / "policies").mkdir()
    text = scenario.to_yaml(tmp_path / "policies")
    assert "file: ../data/times.csv" in text
    there = tmp_path / "policies" / "port.yaml"
    there.write_text(text, encoding="utf-8")
    assert key(portsim.load(there), {}) == key(scenario, {})


QUANTITIES = (
    *(units.Duration, units.Mass, units.Length, units.Angle, units.Money, units.Price, units.Rate),
)


@pytest.mark.parametrize("number", range(len(QUANTITIES)))
@given(st.one_of(st.floats(0, 1e15), st.integers(0, 10**7), st.sampled_from([0.1, 1 / 7, 5 / 7])))
def test_a_quantity_is_read_as_what_it_was_to_the_last_bit(number, value):
    adapter = TypeAdapter(QUANTITIES[number])
    text = adapter.dump_python(float(value), mode="json")
    assert adapter.validate_python(text) == float(value)


spans = st.lists(st.integers(0, 24 * 60), unique=True, min_size=2, max_size=6).map(
    lambda cuts: tuple(
        (a * 60, b * 60) for a, b in zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False)
    )
)


@given(st.lists(spans | st.just(()), min_size=7, max_size=7), st.booleans())
def test_hours_of_a_week_are_read_as_what_they_were(week, alike):
    whole = tuple(week[:1] * 7 if alike else week)
    assert parse_week(spelt_week(whole)) == whole


@given(st.sets(st.integers(0, 6), min_size=1))
def test_weekdays_are_read_as_what_they_were(days):
    assert set(parse_days(spelt_days(days))) == days


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.5, "0.5 s"),
        (90, "90 s"),
        (1500, "25 min"),
        (5400, "90 min"),
        (86_400, "24 h"),
        (129_600, "36 h"),
        (432_000, "5 days"),
        (604_800, "7 days"),
        (2_419_200, "4 weeks"),
    ],
)
def test_durations_are_spelt_in_the_unit_people_would_choose(seconds, text):
    assert TypeAdapter(units.Duration).dump_python(float(seconds), mode="json") == text


def test_hours_across_midnight_and_to_midnight_keep_their_words():
    for text in ("22:00-06:00", "08:00-24:00", "round the clock", "closed"):
        assert spelt_spans(parse_spans(text)) == text


def test_a_translation_that_alone_was_changed_is_not_lost(ports):
    """It makes no other scenario, and yet the scenario is not as it was read."""
    stages = ports[0].stages
    label = stages["gate"].label.model_copy(update={"ru": "Ворота"})
    gate = stages["gate"].model_copy(update={"label": label})
    port = ports[0].model_copy(update={"stages": {**stages, "gate": gate}})
    assert key(port, {}) == key(ports[0], {})
    assert port.replace({}).stages["gate"].label.ru == "Ворота"

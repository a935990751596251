"""The schema for editors: right files are right, misspelt ones are not, every key has a text."""

import json
from pathlib import Path

import jsonschema
import pytest

from portsim.reading.nodes import Node, read_file
from portsim.scenario.schema import json_schema

ROOT = Path(__file__).parents[2]
SCHEMA = json_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


@pytest.fixture
def errors(tmp_path):
    """What the schema has against a text, read as portsim reads it: `8:00` and dates are text."""

    def of(text: str) -> list[str]:
        path = tmp_path / "x.yaml"
        path.write_text(text, encoding="utf-8")
        return [error.message for error in VALIDATOR.iter_errors(unwrap(read_file(path)))]

    return of


def unwrap(node: Node):
    if isinstance(node.value, dict):
        return {key: unwrap(entry.node) for key, entry in node.value.items()}
    if isinstance(node.value, list):
        return [unwrap(item) for item in node.value]
    return node.value


def test_it_is_a_schema_of_the_draft_of_2020():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["$id"]
    assert SCHEMA["title"]
    assert SCHEMA["description"]
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert json_schema() == SCHEMA


@pytest.mark.parametrize(
    "path", sorted((ROOT / "scenarios").rglob("*.yaml")), ids=lambda path: path.stem
)
def test_every_shipped_scenario_is_right(errors, path):
    assert errors(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "extends: base.yaml",
        "extends: [a.yaml, b.yaml]",
        "seed: {value: 5, source: me, confidence: E, range: [1, 9], note: why}",
        "seed: {value: 5, range: 1..9}",
        "seed: ~",
        "open_hours: day",
        "open_hours: [day, {value: night, source: me}]",
        "stages: {gate: ~}",
        "stages: {gate: {time: 5 min}}",
        "stages: {gate: {time: {lognormal: {mean: {value: 5 min, source: x}, cv: 1}}}}",
        "stages: {gate: {time: {per_truck: 5 min, per_tonne: {erlang: {mean: 5 s, k: 2}}}}}",
        "stages: {gate: {takes: {lanes: 1, posts: all, men: {count: 2, until: exit}}}}",
        "stages: {gate: {takes: {lanes: {value: 2, confidence: E}, posts: ~}}}",
        "stages: {gate: {spends: {permits: {per: resident}}, offers: {tractors: 1}}}",
        "stages: {gate: {hours: day}}",
        "stages: {gate: {hours: [day, night], at_close: pause}}",
        "calendars: {day: {hours: {Mon-Fri: 8:00-20:00, Sat: closed}, daylight: true}}",
        "calendars: {day: {hours: 8:00-20:00, daylight: {after_sunrise: 30 min}}}",
        "calendars: {day: {hours: {value: 8:00-20:00, source: visit}}}",
        "calendars: {day: {closed: ['2024-05-01', 2024-06-01..2024-06-03]}}",
        "resources: {permits: {kind: budget, level: 5, refill: 00:00}}",
        "resources: {permits: {refill: ['8:00', '20:00']}}",
        "resources: {permits: {refill: {at: 8:00, days: Mon-Fri}}}",
        "traffic: {tea: {patience: 5 h, tolerance: 30, residents: 8}}",
        "traffic: {tea: {patience: {time: 5 h, stages: gate}, residents: {quota: 8000 CNY}}}",
        "traffic: {tea: {tolerance: {uniform: {low: 5, high: 9}}, value: 9 CNY}}",
        "traffic: {scale: 1.5, tea: {value: {value: 9 CNY, source: customs}}}",
        "traffic: {tea: {route: [gate, {stage: inspection, share: 0.3, time: 5 min}]}}",
        "traffic: {tea: {arrivals: {rate: ~, total: {trucks: 9, from: 2024-01-01, to: ~}}}}",
        "traffic: {tea: {arrivals: {total: {trucks: {value: 9, source: customs}}}}}",
        "channels: {exports: {green: 0.6, physical: ~, scan: {value: 0.4, source: me}}}",
        "traffic: {tea: {channels: exports, preferred: {share: 0.1, skips: gate}}}",
        "traffic: {tea: {channels: {green: 0.9, red: ~}, preferred: {priority: -1, skips: [a]}}}",
        "traffic: {tea: {route: [{stage: gate, channels: red}, {stage: b, channels: [x, y]}]}}",
        "traffic: {tea: {route: {scan: {share: {value: 0.1, source: x}}, fee: {after: gate}}}}",
        "traffic: {tea: {route: {scan: ~, gate: {before: fee, time: 5 min, channels: red}}}}",
        "completion: {from: gate, event: admitted}",
        "traffic: {tea: ~}",
    ],
)
def test_what_an_overlay_may_say(errors, text):
    assert errors(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "stage: {}",
        "stages: {gate: {tiem: 5 min}}",
        "stages: {gate: {time: 5}}",
        "stages: {gate: {time: {lognormel: {mean: 5 min, cv: 1}}}}",
        "stages: {gate: {time: {lognormal: {mean: 5 min, sd: 1}}}}",
        "stages: {gate: {takes: [lanes]}}",
        "stages: {gate: {claims: 'yes'}}",
        "stages: {gate: {at_close: stop}}",
        "traffic: {tea: {route: {scan: {shaer: 0.1}}}}",
        "traffic: {tea: {route: {scan: {stage: gate}}}}",
        "traffic: {tea: {route: {scan: 0.1}}}",
        "stages: {gate: {share: 30}}",
        "stages: {'a,b': {time: 5 min}}",
        "seed: {value: 5, sorce: me}",
        "seed: {value: 5, confidence: high}",
        "traffic: {tea: {route: gate}}",
        "traffic: {tea: {direction: 5}}",
        "traffic: {scale: 5}",
        "traffic: {tea: {arrivals: {total: 900}}}",
        "channels: {exports: [green, physical]}",
        "traffic: {tea: {channels: {green: 60}}}",
        "completion: {event: arrived}",
        "resources: {lanes: {capacity: '4'}}",
        "calendars: {day: {holidays: CN}}",
    ],
)
def test_what_it_refuses(errors, text):
    assert errors(text)


def properties(part, path=""):
    if isinstance(part, dict):
        for key, one in part.get("properties", {}).items():
            yield f"{path}.{key}", one
        for key, one in part.items():
            yield from properties(one, f"{path}.{key}")
    elif isinstance(part, list):
        for one in part:
            yield from properties(one, path)


def test_every_key_has_a_text():
    found = [
        (path, part)
        for path, part in properties(SCHEMA)
        if not path.endswith(".value") or path.endswith("TruckClass.value")
    ]
    assert len(found) > 100
    bare = [path for path, part in found if "description" not in part and "$ref" not in part]
    assert bare == []


def test_nothing_is_required_but_the_value_of_an_annotation():
    text = json.dumps(SCHEMA)
    assert text.count('"required"') == text.count('"required": ["value"]')


def test_no_seconds_and_no_names_of_python():
    text = json.dumps(SCHEMA["$defs"])
    assert "86400" not in text
    assert "Annotated" not in text
    assert "portsim__" not in text

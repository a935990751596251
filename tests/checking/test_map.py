"""The map of a port: what is wrong with it is told with its line; and no run depends on it."""

import pytest

import portsim
from portsim.errors import ScenarioError
from portsim.scenario.identity import identity, run_identity

PORT = """name: small
timezone: UTC
period: {from: 2024-09-09, to: 2024-09-11}
stages: {gate: {time: 5 min}, desk: {time: 5 min}}
traffic: {cars: {direction: import, arrivals: {rate: 9 per day}, route: [gate, desk]}}
"""
MAP = "map: {border: 2, truck: 18 m, places: {gate: {x: 1, y: 1}, desk: {x: 0, y: -1.5}}}\n"


@pytest.mark.parametrize(
    ("words", "column", "said"),
    [
        ("{places: {gate: {x: 1, y: 0.5}}}", 32, "0, on the road, or 1 or more away from it"),
        (
            "{places: {gate: {x: 1, y: 1}, desk: {x: 1.5, y: 1.9}}}",
            42,
            "desk at x 1.5, y 1.9 and gate at x 1, y 1",
        ),
        ("{border: 3}", 7, "`border` beside `places`"),
        ("{truck: 2 m}", 14, "a length from 5 to 100 m"),
        ("{places: {gate: {x: 1}}}", 16, "found no `y`"),
        ("{places: {gate: {x: .nan, y: 1}}}", 26, "a finite number"),
    ],
)
def test_what_is_wrong_with_a_map_is_told(tmp_path, words, column, said):
    file = tmp_path / "port.yaml"
    file.write_text(f"{PORT}map: {words}\n", "utf-8")
    with pytest.raises(ScenarioError) as error:
        portsim.load(file)
    assert len(error.value.faults) == 1
    text = str(error.value)
    assert f"port.yaml:6:{column}: error" in text
    assert said in text


def test_a_map_makes_no_other_scenario_and_no_other_run(tmp_path):
    files = [tmp_path / "bare.yaml", tmp_path / "mapped.yaml"]
    for file, more in zip(files, ("", MAP), strict=True):
        file.write_text(PORT + more, "utf-8")
    bare, mapped = map(portsim.load, files)
    assert mapped.map is not None
    assert identity(mapped) == identity(bare)
    assert run_identity(mapped) == run_identity(bare)


def test_a_policy_that_takes_a_stage_away_need_not_take_it_off_the_map(tmp_path):
    (tmp_path / "port.yaml").write_text(PORT + MAP, "utf-8")
    policy = tmp_path / "policy.yaml"
    text = "extends: port.yaml\nstages: {desk: null}\ntraffic: {cars: {route: [gate]}}\n"
    policy.write_text(text, "utf-8")
    port = portsim.load(policy)
    assert "desk" in port.map.places
    assert not port.origin.warnings
    # Written whole, it is the same scenario still.
    policy.write_text(port.to_yaml(tmp_path), "utf-8")
    assert portsim.load(policy).map == port.map


def test_a_place_that_is_no_stage_is_warned_of(tmp_path):
    file = tmp_path / "port.yaml"
    file.write_text(f"{PORT}map: {{places: {{gat: {{x: 1, y: 1}}}}}}\n", "utf-8")
    (warning,) = portsim.load(file).origin.warnings
    assert "port.yaml:6:16: warning" in str(warning)
    assert "found `gat`; expected the name of a stage" in str(warning)
    assert "did you mean `gate`?" in str(warning)

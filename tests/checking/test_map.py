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
        ("{places: {gat: {x: 1, y: 1}}}", 16, "did you mean `gate`?"),
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

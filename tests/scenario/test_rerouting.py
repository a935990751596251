"""Steps of a base's route changed by the name of their stage, in a policy or an overlay."""

import pytest

from portsim.errors import ScenarioError
from portsim.reading.merging import read_tree

BASE = """\
traffic:
  tea:
    route:
      - gate
      - {stage: scan, share: 0.3, time: 5 min}
      - {value: papers, source: seen, confidence: A}
      - release
"""


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(policy: str, **others: str) -> None:
        (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
        for name, text in {"policy": policy, **others}.items():
            text_ = f"extends: base.yaml\ntraffic: {{tea: {{route: {text}}}}}\n"
            (tmp_path / f"{name}.yaml").write_text(text_, encoding="utf-8")

    return write


@pytest.fixture
def route(files):
    def of(change: str, spec: str = "policy.yaml", **others: str):
        files(change, **others)
        return read_tree(spec).data["traffic"]["tea"]["route"]

    return of


SCAN = {"stage": "scan", "share": 0.3, "time": "5 min"}


def test_one_step_changes_and_the_others_stay(files):
    files("{scan: {share: {value: 0.1, source: an idea, confidence: E}}}")
    tree = read_tree("policy.yaml")
    assert tree.data["traffic"]["tea"]["route"] == [
        "gate", {**SCAN, "share": 0.1}, "papers", "release",
    ]  # fmt: skip
    at = ("traffic", "tea", "route", 1)
    assert (tree.places[*at, "share"].file, tree.places[*at, "share"].line) == ("policy.yaml", 2)
    assert tree.places[*at, "time"].file == "base.yaml"
    assert tree.notes[*at, "share"].source == "an idea"
    assert tree.notes[*at[:-1], 2].source == "seen"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("{gate: {share: 0.5}}", [{"stage": "gate", "share": 0.5}, SCAN, "papers", "release"]),
        ("{papers: {share: 0.5}}", ["gate", SCAN, {"stage": "papers", "share": 0.5}, "release"]),
        (
            "{scan: {share: null}}",
            ["gate", {"stage": "scan", "time": "5 min"}, "papers", "release"],
        ),
        ("{scan: null}", ["gate", "papers", "release"]),
        ("{scan: null, gate: null}", ["papers", "release"]),
        ("{scale: {after: gate}}", ["gate", "scale", SCAN, "papers", "release"]),
        ("{scale: {before: gate}}", ["scale", "gate", SCAN, "papers", "release"]),
        ("{scale: {after: release}}", ["gate", SCAN, "papers", "release", "scale"]),
        (
            "{scale: {after: papers, share: 0.2}, fee: {after: scale}}",
            ["gate", SCAN, "papers", {"stage": "scale", "share": 0.2}, "fee", "release"],
        ),
        ("{scan: {after: papers}}", ["gate", "papers", SCAN, "release"]),
        ("{release: {before: gate}}", ["release", "gate", SCAN, "papers"]),
        ("{gate: {}}", ["gate", SCAN, "papers", "release"]),
        ("[release]", ["release"]),
    ],
)
def test_changes_by_stage(route, change, expected):
    assert route(change) == expected


def test_a_stage_may_be_called_as_a_distribution(route):
    assert route("{uniform: {after: gate}}")[1] == "uniform"
    assert route("{uniform: {after: gate}}", "policy.yaml+more.yaml", more="{scan: null}") == [
        "gate", "uniform", "papers", "release",
    ]  # fmt: skip


def test_a_route_with_a_source_is_changed_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.yaml").write_text(
        "traffic: {tea: {route: {value: [gate, release], source: seen, confidence: A}}}\n"
    )
    (tmp_path / "policy.yaml").write_text(
        "extends: base.yaml\ntraffic: {tea: {route: {release: {share: 0.5}}}}\n"
    )
    tree = read_tree("policy.yaml")
    assert tree.data["traffic"]["tea"]["route"] == ["gate", {"stage": "release", "share": 0.5}]
    assert tree.notes["traffic", "tea", "route"].source == "seen"


def test_overlays_of_a_stack_change_steps_together(route):
    found = route(
        "{scan: {share: 0.1}}", "base.yaml+policy.yaml+more.yaml", more="{scale: {after: scan}}"
    )
    assert found == ["gate", {**SCAN, "share": 0.1}, "scale", "papers", "release"]


def test_overlays_that_disagree_about_a_step_collide(files):
    files("{scan: {share: 0.1}}", more="{scan: {share: 0.2}}")
    with pytest.raises(ScenarioError, match=r"traffic\.tea\.route\.scan\.share"):
        read_tree("base.yaml+policy.yaml+more.yaml")


@pytest.mark.parametrize(
    ("change", "path", "found", "hint"),
    [
        ("{scna: {share: 0.1}}", "scna", "`scna`", "did you mean `scan`?"),
        ("{scale: {share: 0.1}}", "scale", "`scale`", "to put it in: {after: release}"),
        ("{scale: null}", "scale", "`scale`", "delete the line"),
        ("{scale: {after: gat}}", "scale.after", "`gat`", "did you mean `gate`?"),
        ("{scale: {after: scale}}", "scale.after", "`scale`", ""),
        ("{scan: 0.1}", "scan", "`0.1`", ""),
        ("{fee: {after: gate, before: release}}", "fee.before", "`before` and `after`", ""),
    ],
)
def test_what_cannot_be_changed(files, change, path, found, hint):
    files(change)
    with pytest.raises(ScenarioError) as caught:
        read_tree("policy.yaml")
    (fault,) = caught.value.faults
    assert fault.path == f"traffic.tea.route.{path}"
    assert (fault.file, fault.line, fault.found) == ("policy.yaml", 2, found)
    assert hint in fault.hint
    if found in ("`scna`", "`gat`"):
        assert fault.expected == "a stage of the route: gate, scan, papers, release"


def test_the_base_of_a_policy_is_kept(files):
    files("{scan: null}", more="{gate: null}")
    tree = read_tree("policy.yaml")
    assert tree.base is not None
    assert len(tree.base.data["traffic"]["tea"]["route"]) == 4
    assert tree.base.files == ("base.yaml",)
    stacked = read_tree("policy.yaml+more.yaml")
    assert stacked.base is not None
    assert stacked.base.files == ("base.yaml", "policy.yaml")
    assert read_tree("base.yaml").base is None

"""A scenario that was changed in Python is another one: in the runs, the journal and the folder."""

import copy
import json
from concurrent.futures import ProcessPoolExecutor

import pandas as pd
import pytest

import portsim
from demand.ports import port
from experiment.small import BOTH, OUT, SMALL, results, written
from portsim.errors import InputError
from portsim.scenario.plain import plain


@pytest.fixture(scope="module")
def short(scenarios):
    return scenarios[0]


def with_lanes(scenario, count, **more):
    """The scenario with other lanes, by pydantic's own means."""
    lanes = scenario.resources["lanes"].model_copy(update={"capacity": count})
    return scenario.model_copy(update={"resources": {"lanes": lanes}, **more})


@pytest.fixture(scope="module")
def of_the_file(tmp_path_factory):
    """The results of a file that says what the changed scenario says."""
    folder = tmp_path_factory.mktemp("three")
    scenario = port(folder, ("lanes: {capacity: 1", "lanes: {capacity: 3"), text=SMALL)
    return written(portsim.run(scenario, jobs=1), folder / "out")


def stopped(scenario, folder):
    """A study of one scenario that Ctrl-C ends when its three runs are done."""

    def stop(done, total):
        if done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        portsim.run(scenario, jobs=1, journal=folder, on_progress=stop)


def same_but_for_sources(found, expected):
    """Whether two folders agree in all but who answers for the changed value."""
    found, expected = copy.deepcopy(found), copy.deepcopy(expected)
    for one in (found, expected):
        for scenario in one["manifest.json"]["scenarios"]:
            scenario.pop("sources")
            scenario.pop("inputs")
        one.pop("summary.xlsx", None)
    return found == expected


@pytest.mark.parametrize("changed", [
    lambda scenario: with_lanes(scenario, 3),
    lambda scenario: scenario.replace({"resources.lanes.capacity": 3}),
    lambda scenario: portsim.Scenario.from_dict(
        {**plain(scenario), "resources": {"lanes": {"capacity": 3, "label": "Gate lanes"}}}
    ),
], ids=["model_copy", "replace", "from_dict"])  # fmt: skip
def test_a_changed_scenario_runs_with_its_new_values_wherever_it_runs(
    short, of_the_file, tmp_path, changed
):
    scenario = changed(short)
    one = written(portsim.run(scenario, jobs=1), tmp_path / "one")
    with ProcessPoolExecutor(1) as pool:
        pooled = written(portsim.run(scenario, executor=pool, jobs=1), tmp_path / "pool")
    assert pooled["summary.csv"] == one["summary.csv"] == of_the_file["summary.csv"]
    assert pooled["replications.parquet"] == one["replications.parquet"]
    assert same_but_for_sources(one, of_the_file)
    (said,) = one["manifest.json"]["scenarios"]
    assert said["resolved"]["resources"]["lanes"]["capacity"] == 3


def test_both_can_be_compared_and_are_told_apart(short):
    study = portsim.compare([short, with_lanes(short, 3, name="more")], jobs=1)
    waits = study.summary.query(
        "measure == 'wait_open_mean_h' and place == '' and truck_class == 'all'"
    )
    assert waits["mean"].iloc[0] > 2 * waits["mean"].iloc[1] > 0
    hashes = [one.hash for one in study.manifest.scenarios]
    assert hashes[0] != hashes[1]


def test_the_journal_of_the_old_values_answers_for_no_new_ones(short, out, performed, of_the_file):
    stopped(short, out)
    assert len(performed) == 3
    said: list[str] = []
    study = portsim.run(with_lanes(short, 3), jobs=1, journal=out, say=said.append)
    assert len(performed) == 6
    assert "short has changed since 3 of its runs were done: they are done again" in said
    assert written(study, out)["summary.csv"] == of_the_file["summary.csv"]


def test_what_people_call_things_makes_no_run_again_and_another_folder(short, out, performed):
    stopped(short, out)
    lanes = short.resources["lanes"].model_copy(update={"label": "Lanes of the gate"})
    renamed = short.model_copy(update={"resources": {"lanes": lanes}, "summary": "Renamed."})
    study = portsim.run(renamed, jobs=1, journal=out)
    assert len(performed) == 3
    before = portsim.run(short, jobs=1)
    pd.testing.assert_frame_equal(study.replications, before.replications)
    assert study.manifest.fingerprint != before.manifest.fingerprint


def test_the_folder_of_the_old_values_is_not_written_over_without_force(short, tmp_path):
    out = tmp_path / "out"
    written(portsim.run(short, jobs=1), out)
    before = results(out)
    for changed in (with_lanes(short, 3), short.replace({"resources.lanes.capacity": 3})):
        study = portsim.run(changed, jobs=1)
        with pytest.raises(InputError, match="force"):
            study.write(out, figures=False)
        assert results(out) == before
    study.write(out, force=True, figures=False)
    (said,) = json.loads((out / "manifest.json").read_bytes())["scenarios"]
    assert said["resolved"]["resources"]["lanes"]["capacity"] == 3
    assert [one["source"] for one in said["sources"]] == ["set in Python"]


# ---- the command line --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("seed: 11", "seed: 11  # a comment"),
        ("time: 1 min", "time: {value: 60 s, source: a stop watch}"),
        ("rate: 40 per day", "rate: 280 per week"),
        ("load: 20 t", "load: {constant: 20000 kg}"),
    ],
)
def test_other_words_for_the_same_values_are_no_other_inputs(
    command, tmp_path, out, old, new, without_capacities
):
    words = (*BOTH, *OUT, "-n", 1, "--jobs", 1)
    assert command(*words).code == 0
    figures = (out / "replications.parquet").read_bytes()
    file = tmp_path / "short.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    ended = command(*words)
    assert ended.code == 0, ended.err
    assert (out / "replications.parquet").read_bytes() == figures


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("time: 1 min", "time: 61 s"),
        ("rate: 40 per day", "rate: 40.5 per day"),
        ("label: Gate lanes", "label: Lanes"),
        ("load: 20 t", "load: 20.5 t"),
        ("name: short", "name: brief"),
    ],
)
def test_other_values_are_refused_without_force(
    command, tmp_path, out, old, new, without_capacities
):
    words = (*BOTH, *OUT, "-n", 1, "--jobs", 1)
    assert command(*words).code == 0
    before = results(out)
    file = tmp_path / "short.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    ended = command(*words)
    assert ended.code == 2
    assert "--force" in ended.err
    assert results(out) == before
    assert command(*words, "--force").code == 0
    assert results(out) != before

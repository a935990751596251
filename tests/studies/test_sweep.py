"""A queue with constant service swept in two dimensions: its capacity is known by hand."""

import json

import numpy as np
import pandas as pd
import pytest

import portsim
from portsim.cli import main
from portsim.errors import InputError
from portsim.experiment.journal_file import FILE
from portsim.figures import draw_all
from portsim.results import read_record
from portsim.studies.sweep import ask
from portsim.wording.amounts import number

PORT = """\
name: queue
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-10}
replications: 3
seed: 5
resources:
  lanes: {capacity: 1}
stages:
  gate: {takes: {lanes: 1}, time: 30 min}
traffic:
  scale: 1
  tea:
    direction: export
    arrivals: {rate: 40 per day}
    route: [gate]
"""
# Not in alphabetical order, which the manifest's JSON would put them in.
VARIED = {"traffic.scale": (0.5, 1.0, 4.0), "resources.lanes.capacity": (1, 2, 3)}
MEASURES = ("throughput_per_day", "stay_mean_h")


@pytest.fixture(scope="module")
def queue(tmp_path_factory):
    file = tmp_path_factory.mktemp("sweep") / "port.yaml"
    file.write_text(PORT, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def done(queue):
    return portsim.sweep(queue, VARIED, measures=MEASURES, jobs=1)


@pytest.fixture(scope="module")
def folder(done, tmp_path_factory):
    path = tmp_path_factory.mktemp("written") / "out"
    done.write(path, figures=False)
    return path


def by_point(table, measure, column="mean"):
    port = table[
        table["truck_class"].eq("all") & table["place"].eq("") & table["measure"].eq(measure)
    ]
    return port.pivot(index="traffic.scale", columns="resources.lanes.capacity", values=column)


def test_constant_service_lets_48_trucks_a_day_through_each_lane(done):
    found = by_point(done.table, "throughput_per_day")
    assert list(found.index) == [0.5, 1.0, 4.0]
    # 160 trucks a day come: one lane passes 48, two pass 96, three 144, once there is a queue.
    np.testing.assert_allclose(found.loc[4.0], [48, 96, 144], rtol=0.02)
    # 20 come, and all pass, however many lanes there are.
    assert found.loc[0.5].max() - found.loc[0.5].min() < 0.3


def test_in_every_replication_another_lane_shortens_the_stay_and_none_is_below_the_service(done):
    runs = done.replications
    stay = runs[
        runs["measure"].eq("stay_mean_h") & runs["truck_class"].eq("all") & runs["place"].eq("")
    ]
    wide = stay.pivot(
        index=["replication", "traffic.scale"], columns="resources.lanes.capacity", values="value"
    )
    assert (wide[1.0] >= wide[2.0]).all()
    assert (wide[2.0] >= wide[3.0]).all()
    assert (wide >= 0.5 - 1e-9).all(axis=None)
    means = by_point(done.table, "stay_mean_h")
    assert (means.loc[4.0] > means.loc[1.0]).all()
    assert (means.loc[1.0] >= means.loc[0.5]).all()


def test_the_table_is_tidy_and_read_back_as_it_was_written(done, folder):
    read = portsim.read(folder)
    first = [
        "policy",
        "traffic.scale",
        "resources.lanes.capacity",
        "truck_class",
        "place",
        "measure",
    ]
    assert list(read.table.columns)[:6] == first
    assert len(read.table[read.table["measure"].eq("stay_mean_h")].drop_duplicates(first)) == len(
        read.table[read.table["measure"].eq("stay_mean_h")]
    )
    pd.testing.assert_frame_equal(
        read.table[[*first, "mean"]], done.table[[*first, "mean"]].astype(read.table[first].dtypes),
        check_exact=False, rtol=1e-9, check_categorical=False,
    )  # fmt: skip
    assert (folder / "sweep.csv").read_bytes().startswith(b"\xef\xbb\xbfpolicy,traffic.scale,")
    told = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert (told["kind"], len(told["scenarios"])) == ("sweep", 1)
    assert told["study"]["varied"]["resources.lanes.capacity"] == [1, 2, 3]


def test_jobs_and_an_interruption_change_no_byte(queue, folder, tmp_path):
    def stop(count, total):
        if count == 10:
            raise KeyboardInterrupt

    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        portsim.sweep(queue, VARIED, measures=MEASURES, jobs=1, journal=out, on_progress=stop)
    seen = []
    again = portsim.sweep(
        queue, VARIED, measures=MEASURES, jobs=2, journal=out,
        on_progress=lambda count, total: seen.append(count),
    )  # fmt: skip
    assert seen[0] == 10
    again.write(out, figures=False)
    for name in ("sweep.csv", "sweep_replications.parquet"):
        assert (out / name).read_bytes() == (folder / name).read_bytes()
    assert not (out / FILE).exists()


def test_a_folder_of_another_sweep_is_left_alone(done, folder, queue):
    other = portsim.sweep(
        queue, VARIED, measures=["inside_max"], jobs=1, replications=1, audit="none"
    )
    before = (folder / "sweep.csv").read_bytes()
    with pytest.raises(InputError, match="results of other inputs"):
        other.write(folder)
    assert (folder / "sweep.csv").read_bytes() == before


def test_pictures_are_drawn_from_the_folder_alone_and_the_same_again(done, folder):
    written = draw_all(read_record(folder, "sweep"), folder)
    assert {file.name for file in written} == {
        f"sweep_{measure}{kind}.{ending}"
        for measure in MEASURES for kind in ("", "_map") for ending in ("svg", "png")
    }  # fmt: skip
    before = {file: file.read_bytes() for file in written}
    again = draw_all(read_record(folder), folder)
    assert {file: file.read_bytes() for file in again} == before
    drawn = (folder / "figures" / "sweep_throughput_per_day_map.svg").read_text("utf-8")
    most = by_point(done.table, "throughput_per_day").loc[4.0, 3.0]
    assert f">{number(most)}" in drawn


def test_measures_that_are_none_are_refused(queue):
    with pytest.raises(InputError, match="did you mean stay_mean_h"):
        ask([queue], VARIED, measures=["stay_mean"])
    for measure in ("capacity_per_day", "wait_for_mean_h"):
        with pytest.raises(InputError, match=f"does not measure {measure}; portsim run does"):
            portsim.sweep(queue, VARIED, measures=[measure])


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "port.yaml").write_text(PORT, encoding="utf-8")

    def give(*words):
        monkeypatch.setattr("sys.argv", ["portsim", *words])
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code, *capsys.readouterr()

    return give


def test_the_command_prints_the_number_of_runs_and_a_row_a_point(command, tmp_path):
    code, out, err = command(
        "sweep", "port.yaml", "--vary", "traffic.scale=0.5..1:0.5", "-n", "2", "--jobs", "1",
        "--vary", "stages.gate.time=10 min,20 min", "--measure", "stay_mean_h", "--out", "out",
    )  # fmt: skip
    assert code == 0
    assert "4 points × 2 replications = 8 runs" in err
    assert out.count("20 min") == 2
    assert "the same trucks at every point" in out
    assert (tmp_path / "out" / "figures" / "sweep_stay_mean_h_map.png").exists()


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        ("traffic.skale=1..2", "did you mean `traffic.scale`?"),
        ("traffic.scale=2..1", "a range that rises"),
        ("traffic.scale=1,99", "traffic.scale = 99"),
    ],
)
def test_bad_input_ends_with_2_and_writes_nothing(command, tmp_path, vary, said):
    code, _, err = command("sweep", "port.yaml", "--vary", vary, "--out", "out")
    assert code == 2
    assert said in err
    assert not (tmp_path / "out").exists()

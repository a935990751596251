"""A sweep from end to end: figures that a sheet of paper gives, one table however it came about."""

import json

import pytest

import portsim
from portsim import studies
from portsim.errors import InputError
from portsim.experiment import common_draws
from portsim.results import read_record

SCALES, TIME = "resources.scales.capacity", "stages.weigh.time"
JOURNAL = ".portsim-journal.sqlite"
QUIET = {"jobs": 1, "audit": "none"}


def only(table, **where):
    for column, value in where.items():
        table = table[table[column].eq(value)]
    return table


def test_six_lorries_at_the_scales_stay_as_long_as_a_sheet_of_paper_says(yard):
    varied = {SCALES: (1, 2, 3), TIME: ("10 min", "20 min")}
    done = portsim.sweep(yard, varied, measures=("stay_mean_h", "utilisation"), **QUIET)
    stays = only(done.table, truck_class="export", place="", measure="stay_mean_h")
    assert stays[[SCALES, TIME]].values.tolist() == [
        [scales, time] for scales in (1.0, 2.0, 3.0) for time in ("10 min", "20 min")
    ]
    # With c scales the k-th of six is out after ⌈k / c⌉ weighings.
    minutes = [10 * (1 + 2 + 3 + 4 + 5 + 6) / 6, 10 * (2 + 4 + 6) / 6, 10 * (3 + 6) / 6]
    expected = [m * times / 60 for m in minutes for times in (1, 2)]
    # The clock of the engine counts whole seconds, so this is exact to the ten digits of a table.
    assert stays["mean"].tolist() == pytest.approx(expected, rel=5e-10)
    assert (stays["sd"] == 0).all()
    # An hour of weighing in a day of 24 h of scales a pair of days.
    used = only(done.table, place="scales", measure="utilisation")
    assert used["mean"].tolist() == pytest.approx([t / (24 * c) for c in (1, 2, 3) for t in (1, 2)])
    assert set(done.table["measure"]) == {"stay_mean_h", "utilisation"}


def test_more_clerks_never_make_the_same_cars_stay_longer(yard):
    varied = {"resources.clerks.capacity": (1, 2, 3), "traffic.cars.scale": (1, 2)}
    done = portsim.sweep([yard], varied, measures=["stay_mean_h"], **QUIET)
    cars = only(done.replications, truck_class="import", place="")
    for _, alike in cars.groupby(["traffic.cars.scale", "replication"]):
        assert alike.sort_values("resources.clerks.capacity")["value"].is_monotonic_decreasing
    assert cars["value"].nunique() > 12


def test_each_point_is_what_running_its_scenario_alone_gives_and_draws_are_shared(
    yard, monkeypatch
):
    varied = {"traffic.cars.scale": (0.5, 1, 2), "resources.clerks.capacity": (1, 2)}
    drawn = []
    draw = common_draws.draw
    monkeypatch.setattr(common_draws, "draw", lambda *words: drawn.append(words[2]) or draw(*words))
    done = portsim.sweep(yard, varied, measures=("stay_mean_h", "arrived"), **QUIET)
    assert sorted(drawn) == [1, 2, 3]
    monkeypatch.undo()
    for scale in (0.5, 2):
        values = {"traffic.cars.scale": scale, "resources.clerks.capacity": 2}
        alone = portsim.run(studies.vary(yard, values), **QUIET).summary
        alone = only(alone, place="").set_index(["truck_class", "measure"])["mean"]
        mine = only(done.table, place="", **{p: float(v) for p, v in values.items()})
        mine = mine.set_index(["truck_class", "measure"])["mean"]
        assert mine.to_dict() == alone[mine.index].to_dict()
    came = only(done.replications, truck_class="import", measure="arrived")
    by_scale = came.groupby("traffic.cars.scale")["value"].sum()
    assert by_scale.is_monotonic_increasing


# ---- the folder --------------------------------------------------------------------------------

WORDS = (
    *("sweep", "yard.yaml", "--vary", f"{SCALES}=1..3", "--vary", "traffic.cars.scale=1,0.5"),
    *("--vary", "stages.weigh.share=0.5", "--require", "stay_p95_h[export]<=9"),
)


def results(folder):
    found = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    manifest = json.loads(found["manifest.json"])
    del manifest["run"]
    return {**found, "manifest.json": manifest}


def test_the_folder_is_the_same_for_any_jobs_and_read_back_as_it_was(command, yard):
    one = command(*WORDS, "-j", 1, "--out", "one")
    assert one.code == 0, one.err
    assert "6 points × 3 replications = 18 runs" in one.err
    assert command(*WORDS, "-j", 2, "--out", "two").code == 0
    folder = yard.parent / "one"
    assert results(folder) == results(yard.parent / "two")
    assert set(results(folder)) == {
        "manifest.json", "sweep.csv", "sweep_replications.parquet", "frontier.csv"
    }  # fmt: skip
    assert (folder / "sweep.csv").read_bytes().startswith(b"\xef\xbb\xbfpolicy,")
    found = portsim.read(folder)
    # In the order asked for, not that of the alphabet.
    paths = [SCALES, "traffic.cars.scale", "stages.weigh.share"]
    assert list(found.table)[:4] == ["policy", *paths]
    assert list(found.frontier)[:5] == ["rank", "policy", *paths]
    assert found.table[paths].drop_duplicates().values.tolist() == [
        [c, scale, 0.5] for c in (1.0, 2.0, 3.0) for scale in (1.0, 0.5)
    ]
    where = [*paths, "truck_class", "place", "measure"]
    runs = found.replications.astype({"truck_class": str, "place": str, "measure": str})
    means = runs.groupby(where)["value"].mean().to_dict()
    assert found.table.set_index(where)["mean"].to_dict() == pytest.approx(means, nan_ok=True)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["kind"], len(manifest["scenarios"])) == ("sweep", 1)
    assert manifest["scenarios"][0]["name"] == "yard"


def test_a_sweep_goes_on_where_it_was_killed_and_no_run_is_done_twice(yard, tmp_path):
    asked = yard, {SCALES: (1, 2, 3)}
    required = ["stay_p95_h[export]<=1"]
    whole = portsim.sweep(*asked, require=required, **QUIET)
    whole.write(tmp_path / "whole", figures=False)

    def stop(done, total):
        if done == 5:
            raise KeyboardInterrupt

    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        portsim.sweep(*asked, require=required, **QUIET, journal=out, on_progress=stop)
    assert [file.name for file in out.iterdir()] == [JOURNAL]
    said, counted = [], []
    again = portsim.sweep(
        *asked, require=required, **QUIET, journal=out,
        say=said.append, on_progress=lambda done, total: counted.append((done, total)),
    )  # fmt: skip
    assert said == ["5 of 9 runs were done before; going on from there"]
    assert counted[0] >= (5, 9)
    again.write(out, figures=False)
    assert results(out) == results(tmp_path / "whole")


def test_pictures_are_drawn_again_from_the_folder_alone(yard, tmp_path, monkeypatch):
    varied = {"resources.clerks.capacity": (1, 2), "traffic.cars.scale": (1, 2)}
    required = ["stay_p95_h[import]<=1"]
    done = portsim.sweep(yard, varied, measures=["stay_mean_h"], require=required, **QUIET)
    out = tmp_path / "out"
    done.write(out)
    drawn = {file.name: file.read_bytes() for file in (out / "figures").iterdir()}
    assert set(drawn) == {
        f"{name}.{ending}"
        for name in ("sweep_stay_mean_h", "sweep_stay_mean_h_map", "sweep_stay_p95_h",
                     "sweep_stay_p95_h_map", "sweep_staffed_h_per_day",
                     "sweep_staffed_h_per_day_map", "frontier")
        for ending in ("svg", "png")
    }  # fmt: skip
    for file in (out / "figures").iterdir():
        file.unlink()
    from portsim.figures import draw_all  # noqa: PLC0415

    draw_all(read_record(out), out)
    assert {file.name: file.read_bytes() for file in (out / "figures").iterdir()} == drawn
    text = drawn["frontier.svg"].decode()
    assert "cars: multiple of the traffic = 2" in text
    # A sweep of other measures leaves no picture of the old ones behind.
    portsim.sweep(yard, varied, measures=["inside_max"], **QUIET).write(out, force=True)
    assert {file.stem for file in (out / "figures").iterdir()} == {
        "sweep_inside_max", "sweep_inside_max_map"
    }  # fmt: skip
    assert not (out / "frontier.csv").exists()


# ---- the screen --------------------------------------------------------------------------------


def test_the_screen_shows_every_point_and_the_cheapest_that_keeps_the_promise(command):
    ended = command(*WORDS, "--out", "out")
    assert ended.code == 0, ended.err
    out = " ".join(ended.out.split())
    assert (
        "What meets stay_p95_h[export]<=9 with 95 % confidence, the fewest staffed hours first"
        in out
    )
    assert "for each traffic by itself" in out
    assert "hold for all 6 points together (95 %, Bonferroni)" in out
    assert "No resource has a cost_per_staffed_hour" in out
    assert "traffic.cars.scale 0.5: 3 of 3 points" in out
    assert "1. yard, scales.capacity 1, weigh.share 0.5: 24.0 staffed hours a day" in out
    assert "agrees on" in out


def test_the_screen_says_so_when_no_point_keeps_the_promise(command):
    ended = command(
        *("sweep", "yard.yaml", "--vary", f"{SCALES}=1..2", "--require", "stay_mean_h[export]<=0.1")
    )
    assert "none of 2 points; the nearest: 1. yard, scales.capacity 2" in " ".join(
        ended.out.split()
    )


def test_the_study_section_is_the_command_unless_the_command_line_says_other(command, yard):
    study = (
        f"study:\n  vary: {{{SCALES}: 1..2}}\n  measures: [stay_mean_h]\n"
        '  require: "stay_mean_h[export]<=0.5"\n'
    )
    yard.write_text(yard.read_text(encoding="utf-8") + study, encoding="utf-8")
    assert command("sweep", "yard.yaml").code == 0
    found = portsim.read(yard.parent / "results" / "yard-sweep")
    assert set(found.table["measure"]) == {"stay_mean_h", "staffed_h_per_day"}
    assert found.frontier is not None
    assert found.frontier["rank"].tolist() == [1, 0]
    assert found.frontier["mean"].tolist() == pytest.approx([20 / 60, 35 / 60])
    other = command(
        "sweep", "yard.yaml", "--vary", "traffic.cars.scale=1,2", "--out", "other", "-n", 2
    )
    assert other.code == 0
    assert "4 runs" in other.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--vary", "resources.scale.capacity=1..2"), "did you mean `resources.scales.capacity`?"),
        (("--vary", "traffic.cars.scale=0.5..2"), "write the step"),
        (("--vary", "traffic.cars.scale=1", "--vary", "traffic.cars.scale=2"), "stands twice"),
        (("--vary", "traffic.cars.scale=1,9"), "yard.yaml with traffic.cars.scale = 9"),
        ((), "nothing is varied"),
        (("--vary", "traffic.cars.scale=1,2", "--measure", "stay"), "no measure is called stay"),
        (("--vary", "traffic.cars.scale=1,2", "--measure", "capacity_per_day"), "portsim run does"),
        (("--vary", "traffic.cars.scale=1,2", "--require", "stay_p95_h<24"), "write a measure"),
        (
            ("--vary", "traffic.cars.scale=1,2", "--require", "stay_p95_h<=24", "-n", "1"),
            "needs 2 replications or more",
        ),
    ],
)
def test_bad_input_ends_with_2_and_nothing_is_written(command, yard, words, said):
    before = set(yard.parent.rglob("*"))
    ended = command("sweep", "yard.yaml", *words)
    assert ended.code == 2
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert set(yard.parent.rglob("*")) == before


def test_a_folder_of_another_sweep_or_of_a_run_is_refused(command, yard):
    short = ("sweep", "yard.yaml", "-n", 1, "--out", "out", "--vary")
    assert command(*short, "traffic.cars.scale=1,2").code == 0
    refused = command(*short, "traffic.cars.scale=1,3")
    assert refused.code == 2
    assert "holds results of other inputs" in refused.err
    refused = command("run", "yard.yaml", "-n", 1, "--out", "out")
    assert refused.code == 2
    with pytest.raises(InputError, match="holds a sweep, not the results of a run"):
        read_record(yard.parent / "out", "")
    assert command("run", "yard.yaml", "-n", 1, "--out", "ran").code == 0
    with pytest.raises(InputError, match="holds the results of a run or a comparison, not a sweep"):
        read_record(yard.parent / "ran", "sweep")
    (yard.parent / "out" / "sweep.csv").unlink()
    with pytest.raises(InputError, match=r"sweep\.csv: missing"):
        portsim.read(yard.parent / "out")


def test_a_sweep_adds_no_replications_of_its_own(yard):
    with pytest.raises(TypeError, match="antithetic"):
        portsim.sweep(yard, {SCALES: (1, 2)}, antithetic=True, **QUIET)

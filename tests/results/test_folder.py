"""The result folder: whole or not at all, refusals that leave no trace, and the way back."""

import errno
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from filelock import FileLock

from folders import write_tables
from portsim.errors import InputError
from portsim.measures.curve import Curve
from portsim.results import (
    Manifest,
    Record,
    Run,
    ScenarioEntry,
    atomic_write,
    check_folder,
    digest,
    fingerprint,
    folder,
    read_record,
    write_record,
)
from portsim.results.tables import REPLICATIONS, to_csv
from portsim.statistics import band, compare, summarise

NAMES = ("base", "=new")
ALL = {
    *("manifest.json", "summary.csv", "replications.parquet", "comparison.csv", "curves.parquet"),
    "summary.xlsx",
}


def made(seed=1, overload=None, **changes):
    resolved = [{"name": name, "period": {"from": "2024-01-01"}} for name in NAMES]
    manifest = Manifest(
        scenarios=tuple(ScenarioEntry(r["name"], r, digest(r), overload or {}) for r in resolved),
        baseline="base",
        seed=seed,
        replications=3,
        engine="compiled",
        versions={"python": "3.11"},
        fingerprint=fingerprint([digest(r) for r in resolved], seed, 3, "base"),
        run=Run("2026-11-02T09:00:00+08:00", "2026-11-02T09:00:02+08:00", 2.0, 2),
    )
    return replace(manifest, **changes)


def figures():
    rng = np.random.default_rng(5)
    rows = [
        (name, r, "all", "", measure, rng.random(), 10, "")
        for name in NAMES
        for measure in ("stay_mean_h", "released")
        for r in (1, 2, 3)
    ]
    columns = [
        "scenario",
        "replication",
        "truck_class",
        "place",
        "measure",
        "value",
        "count",
        "note",
    ]
    frame = pd.DataFrame(rows, columns=columns)
    frame.loc[0, "value"] = np.nan
    return frame


def content(logs=None, compared=True):
    frame = figures()
    x = np.arange(4.0)
    curves = [[Curve("all", "", "queue", "h", "1", x, x + r)] for r in range(3)]
    return {
        "summary": summarise(frame, lambda _: "h"),
        "replications": frame,
        "curves": band((name, curves) for name in NAMES),
        **({"comparison": compare(frame, "base", lambda _: "h")} if compared else {}),
        **(logs or {}),
    }


def snapshot(path: Path) -> dict[str, bytes]:
    return {str(p.relative_to(path)): p.read_bytes() for p in path.rglob("*") if p.is_file()}


def test_folders_of_before_have_the_column_under_its_new_name(tmp_path):
    logs = {"trucks": pd.DataFrame({"truck_class": ["0107"], "arrival": [1]})}
    given = content(logs)
    given["summary"]["truck_class"] = "0107"
    write_tables(tmp_path, made(), **given)
    for name in ("summary", "comparison"):
        file = tmp_path / f"{name}.csv"
        head, _, rows = file.read_text("utf-8").partition("\n")
        file.write_text(head.replace("truck_class", "class") + "\n" + rows, "utf-8")
    for name in ("replications", "curves", "trucks"):
        file = tmp_path / f"{name}.parquet"
        pd.read_parquet(file).rename(columns={"truck_class": "class"}).to_parquet(file)
    back = read_record(tmp_path, "")
    assert set(back.tables["summary"]["truck_class"]) == {"0107"}
    assert list(back.tables["trucks"]["truck_class"]) == ["0107"]
    for name in ("comparison", "replications", "curves"):
        assert set(back.tables[name]["truck_class"]) == {"all"}


def test_there_and_back(tmp_path):
    out = tmp_path / "results" / "口岸"
    logs = {"trucks": pd.DataFrame({"arrival": [1, 2]}), "visits": pd.DataFrame({"stage": ["a"]})}
    given = content(logs)
    write_tables(out, made(), **given)
    assert set(snapshot(out)) == ALL | {"trucks.parquet", "visits.parquet"}
    back = read_record(out, "")
    assert back.manifest == made()
    for name in ("summary", "comparison"):
        found = back.tables[name]
        pd.testing.assert_frame_equal(found, given[name][list(found.columns)], rtol=1e-9)
    texts = dict.fromkeys(["scenario", "truck_class", "place", "measure"], str)
    found = back.tables["replications"].astype(texts)
    pd.testing.assert_frame_equal(found, given["replications"][list(found.columns)])
    pd.testing.assert_frame_equal(back.tables["curves"], given["curves"])
    pd.testing.assert_frame_equal(back.tables["trucks"], logs["trucks"])
    assert "base, =new; 3 replications, seed 1" in str(back)
    assert (out / "summary.csv").read_bytes().startswith(b"\xef\xbb\xbfscenario,truck_class,place")
    assert b"\n'=new,all,,stay_mean_h,h," in (out / "summary.csv").read_bytes()


def test_identical_runs_give_identical_bytes(tmp_path):
    write_tables(tmp_path / "a", made(), **content())
    write_tables(tmp_path / "b", made(), **content())
    first = snapshot(tmp_path / "a")
    assert snapshot(tmp_path / "b") == first
    check_folder(tmp_path / "a", made().fingerprint, force=False)
    write_tables(tmp_path / "a", made(), **content())
    assert snapshot(tmp_path / "a") == first


def test_what_an_earlier_run_left_is_removed_and_nothing_else(tmp_path):
    write_tables(tmp_path, made(), **content({"trucks": pd.DataFrame({"a": [1]})}))
    (tmp_path / "figures").mkdir()
    for name in ("queue.svg", "queue.png", "mine.txt"):
        (tmp_path / "figures" / name).write_text("x")
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "report.html").write_text("of the earlier run")
    (tmp_path / ".portsim-summary.csv-00.tmp").write_text("left by a power cut")
    write_tables(tmp_path, made(baseline=None), **content(compared=False))
    left = set(snapshot(tmp_path))
    assert left == (ALL - {"comparison.csv"}) | {"notes.txt", str(Path("figures", "mine.txt"))}
    assert not {"comparison", "trucks"} & set(read_record(tmp_path).tables)
    (tmp_path / "figures" / "mine.txt").unlink()
    write_tables(tmp_path, made(baseline=None), **content(compared=False))
    assert not (tmp_path / "figures").exists()


def test_a_write_that_fails_leaves_the_old_file_whole(tmp_path, monkeypatch):
    file = tmp_path / "a.csv"
    atomic_write(file, b"old")

    def fails(*_):
        raise KeyboardInterrupt

    for owner, name in ((os, "fsync"), (Path, "replace")):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, fails)
            with pytest.raises(KeyboardInterrupt):
                atomic_write(file, b"new")
        assert snapshot(tmp_path) == {"a.csv": b"old"}
    atomic_write(file, b"new")
    assert snapshot(tmp_path) == {"a.csv": b"new"}


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_a_result_can_be_read_by_those_whom_the_umask_lets(tmp_path):
    atomic_write(tmp_path / "a", b"")
    (tmp_path / "b").write_bytes(b"")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


@pytest.mark.parametrize("call", range(6))
def test_a_fault_while_laying_ready_leaves_the_old_folder(tmp_path, monkeypatch, call):
    write_tables(tmp_path, made(), **content())
    before = snapshot(tmp_path)
    calls = iter(range(100))
    real = os.fsync

    def fails(handle):
        if next(calls) == call:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(folder.os, "fsync", fails)
    logs = {"trucks": pd.DataFrame({"a": [1]})}
    with pytest.raises(OSError, match="No space"):
        write_tables(tmp_path, made(seed=2), **content(logs))
    assert snapshot(tmp_path) == before


def test_a_cut_between_the_renames_leaves_an_unfinished_folder(tmp_path, monkeypatch):
    write_tables(tmp_path, made(), **content())
    real = Path.replace

    def fails(self, target):
        if target.name == "curves.parquet":
            raise KeyboardInterrupt
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fails)
        with pytest.raises(KeyboardInterrupt):
            write_tables(tmp_path, made(seed=2), **content())
    assert not [name for name in snapshot(tmp_path) if name.startswith(".")]
    with pytest.raises(InputError, match=r"manifest\.json: missing; .* not whole"):
        read_record(tmp_path)
    with pytest.raises(InputError, match=r"were not finished.*--force"):
        check_folder(tmp_path, made().fingerprint, force=False)
    write_tables(tmp_path, made(), **content())
    assert read_record(tmp_path).manifest == made()


def test_a_second_writer_is_refused(tmp_path):
    write_tables(tmp_path, made(), **content())
    before = snapshot(tmp_path)
    with FileLock(tmp_path / ".portsim.lock"):
        with pytest.raises(InputError, match="another portsim is writing"):
            write_tables(tmp_path, made(seed=2), **content())
        check_folder(tmp_path, made().fingerprint, force=False)
    (tmp_path / ".portsim.lock").unlink(missing_ok=True)
    assert snapshot(tmp_path) == before


def test_folders_that_may_be_written(tmp_path):
    check_folder(tmp_path / "new" / "folder", "x", force=False)
    check_folder(tmp_path, "x", force=False)
    assert not list(tmp_path.iterdir())
    (tmp_path / ".DS_Store").write_text("")
    (tmp_path / ".portsim.lock").write_text("")
    check_folder(tmp_path, "x", force=False)


def test_foreign_folders_are_refused_and_untouched(tmp_path):
    other, foreign, damaged = tmp_path / "other", tmp_path / "foreign", tmp_path / "damaged"
    write_tables(other, made(), **content())
    foreign.mkdir()
    (foreign / "thesis.docx").write_text("mine")
    damaged.mkdir()
    (damaged / "manifest.json").write_text('{"name": "a web app"}')
    before = snapshot(tmp_path)
    for path, words in (
        (other, "results of other inputs.*replications: 3, seed: 1"),
        (foreign, "files of other origin"),
        (damaged, "not the manifest"),
    ):
        with pytest.raises(InputError, match=f"{words}.*--force"):
            check_folder(path, "another", force=False)
        check_folder(path, "another", force=True)
    assert snapshot(tmp_path) == before


def test_a_file_is_never_taken_for_a_folder(tmp_path):
    file = tmp_path / "a"
    file.write_text("mine")
    for path in (file, file / "deep" / "er"):
        with pytest.raises(InputError, match="is a file"):
            check_folder(path, "x", force=True)
        with pytest.raises(InputError, match="is a file"):
            write_tables(path, made(), **content())
    assert snapshot(tmp_path) == {"a": b"mine"}


def test_wrong_calls_write_nothing(tmp_path):
    out = tmp_path / "out"
    with pytest.raises(ValueError, match="comparison: the manifest says there is none"):
        Record(made(baseline=None), content())
    with pytest.raises(ValueError, match="comparison: the manifest says there is one"):
        Record(made(), content(compared=False))
    with pytest.raises(ValueError, match="observed: the manifest says there is none"):
        Record(made(), {**content(), "observed": pd.DataFrame()})
    with pytest.raises(ValueError, match="curves: the manifest says there is one"):
        Record(made(), {name: one for name, one in content().items() if name != "curves"})
    with pytest.raises(ValueError, match=r"named .*, trucks, visits, hours; found queue"):
        Record(made(), content({"queue": pd.DataFrame()}))
    with pytest.raises(ValueError, match=r"summary\.csv lacks the columns sd"):
        Record(made(), {**content(), "summary": content()["summary"].drop(columns="sd")})
    curves = content()["curves"].drop(columns="mean")
    with pytest.raises(ValueError, match=r"curves\.parquet lacks the columns mean"):
        write_record(out, Record(made(), {**content(), "curves": curves}), {})
    with pytest.raises(ValueError, match="JSON"):
        write_tables(out, made(seed=float("nan")), **content())
    assert not out.exists()


def test_reading_what_is_no_result_folder(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        read_record(tmp_path / "none")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is a file, not a result folder"):
        read_record(tmp_path / "file")
    with pytest.raises(InputError, match="not a result folder of portsim"):
        read_record(tmp_path)
    write_tables(tmp_path / "new", made(format=2), **content())
    with pytest.raises(InputError, match="newer portsim"):
        read_record(tmp_path / "new")


def test_a_folder_with_replications_as_csv_is_read_as_ever(tmp_path):
    write_tables(tmp_path, made(), **content())
    now = read_record(tmp_path).tables["replications"]
    data = to_csv(now, REPLICATIONS, "replications.csv")
    (tmp_path / "replications.parquet").unlink()
    (tmp_path / "replications.csv").write_bytes(data)
    once = read_record(tmp_path).tables["replications"]
    pd.testing.assert_frame_equal(once.astype(now.dtypes.to_dict()), now, rtol=1e-9)
    write_tables(tmp_path, made(), **content())
    assert not (tmp_path / "replications.csv").exists()


# The workbook is for people, who may save it as they like; it is not read.
@pytest.mark.parametrize("name", sorted(ALL - {"manifest.json", "summary.xlsx"}))
def test_reading_a_half_folder(tmp_path, name):
    write_tables(tmp_path, made(), **content())
    (tmp_path / name).write_bytes(b"rubbish")
    with pytest.raises(InputError, match=name):
        read_record(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(InputError, match=f"{name}: missing"):
        read_record(tmp_path)


def test_a_full_disk_names_the_file_and_leaves_nothing(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as raised:
        atomic_write(tmp_path / "queue.png", b"picture")
    assert raised.value.filename == str(tmp_path / "queue.png")
    assert list(tmp_path.iterdir()) == []

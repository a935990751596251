"""The journal: each finished run whole or absent, checked when it is read, and never mixed up."""

import random
import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest

import portsim
from experiment.small import JOURNAL, files, interrupted, written
from portsim.errors import InputError
from portsim.experiment import journal as journals
from portsim.experiment.journal import Journal
from portsim.experiment.tasks import RunResult
from portsim.measures import Curve, Strain

ALL = [(name, number) for number in (1, 2, 3) for name in ("short", "long")]


@pytest.fixture(scope="module")
def five_done(scenarios, tmp_path_factory):
    folder = tmp_path_factory.mktemp("five") / "out"
    interrupted(scenarios, folder, after=5)
    return folder


@pytest.fixture
def five(five_done, out):
    """A folder of the test's own in which five of six runs are kept."""
    shutil.copytree(five_done, out)
    return out


@pytest.fixture(scope="module")
def half_done(scenarios, tmp_path_factory):
    folder = tmp_path_factory.mktemp("half") / "out"
    interrupted(scenarios, folder, after=5, logs="first")
    return folder / JOURNAL


def change(folder: Path, statement: str, *words: object) -> None:
    base = sqlite3.connect(folder / JOURNAL)
    with base:
        assert base.execute(statement, words).rowcount > 0
    base.close()


def kept(folder: Path) -> list[tuple[str, int]]:
    base = sqlite3.connect(folder / JOURNAL)
    found = base.execute("SELECT scenario, replication FROM runs ORDER BY 2, 1 DESC").fetchall()
    base.close()
    return found


def again(scenarios, folder, **options):
    """The same call once more: its study and what it said."""
    said: list[str] = []
    study = portsim.compare(scenarios, jobs=1, journal=folder, say=said.append, **options)
    return study, said


# ---- what stands in it -------------------------------------------------------------------------


def test_a_finished_run_is_on_disk_before_the_next_is_reported(scenarios, out):
    counts = []

    def look(done, total):
        counts.append((done, total))
        if done:
            # Another process may not look in meanwhile; a copy of the file may be.
            copy = shutil.copytree(out, out.with_name(f"copy-{done}"))
            assert kept(copy) == ALL[:done] or len(kept(copy)) == done

    portsim.compare(scenarios, jobs=1, journal=out, on_progress=look)
    assert counts == [(done, 6) for done in range(7)]


def test_a_study_is_gathered_from_the_journal_alone(scenarios, undisturbed, five, performed):
    study, said = again(scenarios, five)
    assert performed == [ALL[5]]
    assert "5 of 6 runs were done before; going on from there" in said
    assert written(study, five) == undisturbed


def test_the_journal_is_gone_when_the_results_are_there(scenarios, five):
    study, _ = again(scenarios, five)
    assert study.journal == five / JOURNAL
    assert files(five) == {JOURNAL}
    written(study, five)
    assert "manifest.json" in files(five)
    assert JOURNAL not in files(five)


def test_results_written_elsewhere_leave_the_journal(scenarios, undisturbed, five, tmp_path):
    study, _ = again(scenarios, five)
    assert written(study, tmp_path / "elsewhere") == undisturbed
    assert (five / JOURNAL).exists()


def test_without_a_folder_nothing_is_left_anywhere(scenarios, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert portsim.compare(scenarios, jobs=1, replications=1).journal is None
    assert files(tmp_path) == set()


def test_a_second_writer_is_refused(scenarios, out):
    def second(done, total):
        if done == 2:
            with pytest.raises(InputError, match="another portsim is at work here; wait for it"):
                portsim.compare(scenarios, jobs=1, journal=out)

    study = portsim.compare(scenarios, jobs=1, journal=out, on_progress=second)
    assert len(kept(out)) == 6
    assert study.manifest.replications == 3


# ---- damage ------------------------------------------------------------------------------------


def flipped(folder: Path, column: str) -> None:
    base = sqlite3.connect(folder / JOURNAL)
    (value,) = base.execute(
        f"SELECT CAST({column} AS BLOB) FROM runs WHERE scenario = 'short' AND replication = 1"
    ).fetchone()
    base.close()
    data = bytearray(value)
    data[len(data) // 2] ^= 0xFF
    change(
        folder,
        f"UPDATE runs SET {column} = CAST(? AS {'TEXT' if column in TEXTS else 'BLOB'}) "
        "WHERE scenario = 'short' AND replication = 1",
        bytes(data),
    )


TEXTS = ("about", "labels", "audit", "hash")


@pytest.mark.parametrize(
    "column", ["about", "labels", "numbers", "curves", "trucks", "visits", "checksum"]
)
def test_a_damaged_run_is_done_again_and_that_is_said(
    scenarios, half_done, out, performed, column, undisturbed
):
    out.mkdir()
    shutil.copy(half_done, out)
    flipped(out, column)
    study, said = again(scenarios, out, logs="first")
    assert performed == [ALL[0], ALL[5]]
    assert "1 runs of the journal are damaged: they are done again" in said
    found = written(study, out)
    assert {name: found[name] for name in undisturbed} == undisturbed


@pytest.mark.parametrize(
    "mixed_up",
    [
        "UPDATE runs SET replication = 7 WHERE replication = 1 AND scenario = 'long'",
        "UPDATE runs SET replication = 3 WHERE replication = 2 AND scenario = 'long'",
        "UPDATE runs SET audit = 'default' WHERE replication = 2 AND scenario = 'long'",
    ],
)
def test_a_run_that_stands_under_another_name_is_damaged(
    scenarios, undisturbed, five, mixed_up, performed
):
    change(five, mixed_up)
    study, said = again(scenarios, five)
    assert any("damaged" in text for text in said)
    assert len(performed) == 2
    assert written(study, five) == undisturbed


@pytest.mark.parametrize(
    "damage",
    ["UPDATE labels SET x = substr(x, 9) || substr(x, 1, 8)",
     "UPDATE labels SET words = replace(words, 'cars', 'carts')",
     "UPDATE labels SET words = substr(words, 2)",
     "DELETE FROM labels"],
)  # fmt: skip
def test_what_names_the_numbers_is_checked_too(scenarios, undisturbed, five, damage, performed):
    change(five, damage)
    study, said = again(scenarios, five)
    assert any("damaged" in text for text in said)
    assert len(performed) == 6
    assert written(study, five) == undisturbed


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no journal at all" * 500, b"SQLite format 3"])
def test_a_file_that_is_no_journal_starts_anew_and_says_so(scenarios, undisturbed, out, damage):
    out.mkdir()
    (out / JOURNAL).write_bytes(damage)
    study, said = again(scenarios, out)
    assert any(f"{out / JOURNAL} is damaged: the study starts anew" in t for t in said) == bool(
        damage
    )
    assert written(study, out) == undisturbed


def test_a_damaged_identity_starts_anew_and_says_so(scenarios, undisturbed, five):
    change(five, "UPDATE about SET identity = substr(identity, 2)")
    study, said = again(scenarios, five)
    assert any("damaged: the study starts anew" in text for text in said)
    assert written(study, five) == undisturbed


@pytest.mark.parametrize("seed", range(16))
def test_bytes_changed_anywhere_in_the_file_change_no_result(
    scenarios, undisturbed, half_done, out, seed
):
    """Structure, indices and texts may be hit as well as numbers: never a wrong figure."""
    luck = random.Random(seed)
    data = bytearray(half_done.read_bytes())
    if seed % 8 == 7:
        del data[luck.randrange(len(data)) :]
    else:
        # Most of the file is numbers; half of the hits go for its first pages.
        for _ in range(luck.choice([1, 3, 30])):
            data[luck.randrange(luck.choice([len(data), 8192]))] ^= luck.randrange(1, 256)
    out.mkdir()
    (out / JOURNAL).write_bytes(data)
    study, _ = again(scenarios, out, logs="none")
    assert written(study, out) == undisturbed


def test_a_damaged_journal_is_closed_before_it_is_thrown_away(scenarios, out, monkeypatch):
    """Windows does not let go of a file that is open."""
    opened = []

    class Watched(sqlite3.Connection):
        closed = False

        def __init__(self, *words, **more):
            super().__init__(*words, **more)
            opened.append(self)

        def close(self):
            self.closed = True
            super().close()

    def unlink(path, missing_ok=False):
        assert all(base.closed for base in opened)
        original(path, missing_ok)

    original = Path.unlink
    connect = sqlite3.connect
    monkeypatch.setattr(
        journals.sqlite3, "connect", lambda *w, **more: connect(*w, factory=Watched, **more)
    )
    monkeypatch.setattr(Path, "unlink", unlink)
    out.mkdir()
    (out / JOURNAL).write_bytes(b"no journal at all" * 500)
    again(scenarios, out, replications=1)
    assert len(opened) == 2
    assert all(base.closed for base in opened)


# ---- reading -----------------------------------------------------------------------------------


def test_curves_read_in_many_parts_give_the_same_bytes(scenarios, undisturbed, five, monkeypatch):
    monkeypatch.setattr(journals, "_READ_AT_ONCE", 1)
    study, _ = again(scenarios, five)
    assert written(study, five) == undisturbed


def a_run(
    scenario: str, replication: int, places: tuple[str, ...], audit: str = "none"
) -> RunResult:
    """A run with a figure and a curve of each place, of different lengths."""
    rows = [("all", place, "served", replication + 0.1, 3, "few" * (n % 2))
            for n, place in enumerate(places)]  # fmt: skip
    return RunResult(
        scenario=scenario,
        replication=replication,
        rows=rows,
        curves=[
            Curve("all", place, "queue", "h", "trucks", np.arange(2.0 + n), np.full(2 + n, 0.5))
            for n, place in enumerate(places)
        ],
        strains=[
            Strain("servers", "lanes", np.array([9.0, 7.5]), np.array([8.0, 0.0]), 0.1),
            Strain("stage", "gate", np.array([1.0, 0.0]), np.array([2.0, 1e17 / 3]), 1.0),
        ],
        audit=audit,
        audited=12,
    )


def test_a_run_is_read_as_it_was_written(tmp_path):
    places = ("gate", "口岸")
    with Journal(tmp_path, {"seed": 1}) as journal:
        journal.expect({"a": "x"})
        journal.add(a_run("a", 2, places))
    with Journal(tmp_path, {"seed": 1}) as journal:
        journal.expect({"a": "x"})
        assert journal.remarks == []
        (one,) = journal.kept("a", 9)
        assert (one.scenario, one.replication, one.audited) == ("a", 2, 12)
        assert one.keys.to_numpy().tolist() == [["all", place, "served"] for place in places]
        assert one.values.tolist() == [2.1, 2.1]
        assert one.counts.tolist() == [3, 3]
        assert one.notes == {1: "few"}
        wanted = a_run("a", 2, places).strains
        for strain, kept in zip(wanted, one.strains, strict=True):
            assert (kept.kind, kept.place, kept.grain) == (strain.kind, strain.place, strain.grain)
            assert kept.demand.tolist() == strain.demand.tolist()
            assert kept.given.tolist() == strain.given.tolist()
        assert list(journal.kept("a", 1)) == []


def test_runs_with_different_curves_are_kept_apart(tmp_path, monkeypatch):
    monkeypatch.setattr(journals, "_READ_AT_ONCE", 1)
    with Journal(tmp_path, {}) as journal:
        journal.expect({"a": "x"})
        journal.add(a_run("a", 1, ("gate", "scale")))
        journal.add(a_run("a", 2, ("scale", "gate", "yard")))
        parts = list(journal.curves("a", 2))
    assert [[(c.place, len(c.x), len(c.y)) for c in run] for part in parts for run in part] == [
        [("gate", 2, 2)], [("gate", 3, 3)],
        [("scale", 3, 3)], [("scale", 2, 2)],
        [], [("yard", 4, 4)],
    ]  # fmt: skip


def test_a_run_written_again_takes_the_place_of_the_old_one(tmp_path):
    with Journal(tmp_path, {}) as journal:
        journal.expect({"a": "x"})
        journal.add(a_run("a", 1, ("gate",)))
        assert journal.has("a", 1, "none", logs=False)
        assert not journal.has("a", 1, "full", logs=False)
        assert not journal.has("a", 1, "none", logs=True)
        assert not journal.has("a", 2, "none", logs=False)
        journal.add(a_run("a", 1, ("gate", "yard"), audit="full"))
        assert journal.has("a", 1, "full", logs=False)
        (one,) = journal.kept("a", 1)
        assert len(one.values) == 2


def test_an_empty_journal_leaves_no_file_and_no_folder_of_its_own(tmp_path):
    with Journal(tmp_path / "a" / "b", {}) as journal:
        journal.expect({"a": "x"})
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "mine").mkdir()
    with Journal(tmp_path / "mine" / "b", {}) as journal:
        journal.expect({"a": "x"})
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert list((tmp_path / "mine").iterdir()) == []

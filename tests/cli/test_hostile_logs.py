"""Logs that are broken or mean harm, given to `portsim fit`: an error with the file, and nothing
written; what looks like a formula is text in every file that is."""

import csv
import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import openpyxl
import pytest

from typed import typed

GOOD = "plate,arrival,gate end\nA,2025-03-03 08:00,2025-03-03 08:10\n"
ENTITIES = (
    '<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    '<log xes.version="1.0"><trace><string key="concept:name" value="&b;"/></trace></log>'
)


def plain(data: bytes) -> Callable[[], bytes]:
    return lambda: data


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000_000)
    return stream.getvalue()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "empty.csv": plain(b""),
    "no-rows.csv": plain(b"plate,arrival,gate end\n"),
    "no-stamps.csv": plain(b"plate,colour\nA,red\nB,blue\n"),
    "nul.csv": plain(GOOD.encode() + b"B\0,2025-03-03 08:00,\n"),
    "wide.csv": lambda: GOOD.encode() + b"x" * 10_000_000 + b",2025-03-03 08:00,2025-03-03 08:10\n",
    "entities.xes": plain(ENTITIES.encode()),
    "bomb.xlsx": bomb,
    "bomb.csv.gz": lambda: gzip.compress(b"0" * 100_000_000),
    "damaged.xlsx": plain(b"PK\x03\x04" + b"x" * 100),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_log_is_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(HOSTILE[name]())
    ended = typed("fit", name, "--out", "told", cwd=tmp_path)
    assert ended.returncode == 2
    assert name in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr) < 3000
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("log", [".", "nothing.csv", ""])
def test_what_is_no_file_is_refused(tmp_path: Path, log: str) -> None:
    ended = typed("fit", log, "--out", "told", cwd=tmp_path)
    assert ended.returncode == 2
    assert not (tmp_path / "told").exists()


def gate(path: Path, plate: str = "A{}", header: str = "plate,cargo,arrival,gate end") -> Path:
    rows = [
        f'"{plate.format(n)}",general,2025-03-{n % 28 + 1:02} 08:00,2025-03-{n % 28 + 1:02} 08:30'
        for n in range(40)
    ]
    path.write_text("\n".join([header, *rows, rows[0]]) + "\n", encoding="utf-8")
    return path


def test_a_folder_that_cannot_be_written_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    (tmp_path / "shut").mkdir()
    words = ("fit", "nothing.csv", "--out")
    ended = typed(*words, "taken/deep", cwd=tmp_path)
    assert (ended.returncode, ended.stderr.count("taken: is a file")) == (2, 1)
    # Whoever runs the tests may write everywhere.
    with mock.patch("os.access", return_value=False):
        ended = typed(*words, "shut/told", cwd=tmp_path)
    assert (ended.returncode, ended.stderr.count("shut/told: cannot be written")) == (2, 1)
    assert not list((tmp_path / "shut").iterdir())


def test_nothing_that_is_written_begins_like_a_formula(tmp_path: Path) -> None:
    signs = ("=", "+", "-", "@", "\t=")
    harm = [f"{sign}cmd|'/c calc'!A{n}" for n in range(8) for sign in signs]
    rows = [
        f'"{plate}","{signs[n % 5]}SUM(1)",' + f"2025-03-{n % 28 + 1:02} 08:00," * 2
        for n, plate in enumerate(harm)
    ]
    head = 'plate,cargo,arrival,"=1+1 gate end"'
    (tmp_path / "gate.csv").write_text("\n".join([head, *rows, *rows[:5]]) + "\n")
    words = ("fit", "gate.csv", "--timezone", "UTC", "--hold-out", "0", "--out", "told")
    ended = typed(*words, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    tables = list((tmp_path / "told").rglob("*.csv"))
    assert {table.name for table in tables} >= {"fit.csv", "cleaning.csv"}
    cells = [
        cell
        for table in tables
        for row in csv.reader(io.StringIO(table.read_text(encoding="utf-8-sig")))
        for cell in row
    ]
    assert any("calc" in cell for cell in cells)
    for cell in cells:
        number = cell.removeprefix("-").replace(".", "", 1).isdigit()
        assert number or not cell.startswith(("=", "+", "-", "@", "\t")), cell


def test_a_formula_of_a_workbook_is_not_calculated(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["plate", "arrival", "gate end"])
    for n in range(20):
        end = f'=WEBSERVICE("http://127.0.0.1/{n}")'
        book.active.append([f"A{n}", f"2025-03-{n + 1:02} 08:00", end])
    book.save(tmp_path / "gate.xlsx")
    ended = typed("fit", "gate.xlsx", "--timezone", "UTC", "--out", "told", cwd=tmp_path)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "told").exists()

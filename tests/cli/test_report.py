"""`portsim report` as a user types it."""

import subprocess
from pathlib import Path

from click.testing import CliRunner

from folders import write
from portsim.cli.report import report as verb
from portsim.errors import InputError
from typed import typed


def report(*words: object) -> subprocess.CompletedProcess[str]:
    return typed("report", *words, cwd=Path())


def test_a_page_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    folder = write(tmp_path / "made", {"old": {"completed_within_limit": 0.5}})
    out = tmp_path / "отчёт.html"
    done = report(folder, "--lang", "ru", "--out", out)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, str(out), "")
    assert '<html lang="ru">' in out.read_text("utf-8")
    assert not (folder / "report.html").exists()


def test_bad_input_writes_nothing_and_says_why(tmp_path: Path) -> None:
    folder = write(tmp_path / "made", {"old": {"completed_within_limit": 0.5}})
    before = sorted(tmp_path.rglob("*"))
    for words, said in (
        ((tmp_path / "none",), "no such folder"),
        ((tmp_path,), "not a result folder of portsim"),
        ((folder, "--out", tmp_path / "no" / "page.html"), "no such folder; make it first"),
    ):
        done = CliRunner().invoke(verb, [str(word) for word in words])
        assert isinstance(done.exception, InputError)
        assert said in str(done.exception)
        assert done.output == ""
    done = report(folder, "--lang", "de")
    assert done.returncode == 2
    assert "'de' is not one of 'en', 'zh', 'ru'" in done.stderr
    assert sorted(tmp_path.rglob("*")) == before

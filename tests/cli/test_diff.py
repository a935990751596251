"""What policies change, and warnings, on the command line as typed."""

import json

import pytest
from openpyxl import load_workbook

from cli.test_command_line import LONGER, PORT, files, portsim

TWICE = "extends: port.yaml\nstages: {gate: {time: {exponential: {mean: 360 s}}}}\n"
SHARE = PORT.replace("route: [gate]", "route: [{stage: gate, share: 0.9}]")


@pytest.fixture
def port(tmp_path):
    for name, text in {
        "port": PORT,
        "longer": LONGER,
        "twice": TWICE,
        "share": SHARE,
        "dead": "extends: share.yaml\nstages: {gate: {share: 0.5}}\n",
        "wrong": "extends: port.yaml\nstages: {gate: {tiem: 5 min}}\n",
    }.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_diff_prints_hours_and_staff_and_writes_nothing(port):
    before = files(port)
    done = portsim("diff", "port.yaml", "longer.yaml", "twice.yaml", cwd=port)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["what", "longer", "changes", "port", "longer"] in lines
    words = " ".join(done.stdout.split())
    was, now = (
        "daily 09:00-18:00; 63 h in the period",
        "daily 08:00-20:00; 84 h in the period",
    )
    assert f"calendars.day {was} {now}" in words
    assert "resources.lanes 126.0 staffed h a week 168.0 staffed h a week" in words
    assert files(port) == before


def test_diff_of_what_says_the_same(port):
    done = portsim("diff", "port.yaml", "port.yaml", cwd=port)
    assert done.returncode == 0
    assert done.stdout.strip() == "port says the same as port"


def test_diff_as_json(port):
    done = portsim("diff", "share.yaml", "dead.yaml", "--json", cwd=port)
    assert done.returncode == 0
    (found,) = json.loads(done.stdout)
    assert (found["policy"], found["against"]) == ("dead", "share")
    (change,) = found["changes"]
    assert (change["path"], change["was"], change["now"]) == ("stages.gate.share", "1", "0.5")
    assert change["no_effect"] is True


@pytest.mark.parametrize("words", [("port.yaml",), ("port.yaml", "wrong.yaml"), ("no.yaml", "x")])
def test_diff_of_bad_input(port, words):
    done = portsim("diff", *words, cwd=port)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_validate_warns_with_place_and_hint_and_says_valid(port):
    done = portsim("validate", "dead.yaml", cwd=port)
    assert done.returncode == 0
    assert done.stdout.startswith("dead: valid")
    assert "dead.yaml:2:17: warning: stages.gate.share: " in done.stderr
    assert "dead.yaml: warning: found the very same plan as under share" in done.stderr
    assert done.stderr.count("hint:") == 2
    assert portsim("validate", "longer.yaml", cwd=port).stderr == ""


@pytest.mark.usefixtures("without_drawings")
def test_warnings_are_printed_once_and_kept_with_the_results(port):
    words = ("compare", "share.yaml", "dead.yaml", "--out", "out", "--jobs", 1)
    done = portsim(*words, cwd=port)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("dead.yaml:2:17: warning: stages.gate.share: ") == 1
    assert "    in: dead\n" in done.stderr
    assert done.stderr.count("the very same plan as under share") == 1
    entries = json.loads((port / "out" / "manifest.json").read_text("utf-8"))["scenarios"]
    assert entries[0]["warnings"] == []
    first, second = entries[1]["warnings"]
    assert (first["code"], first["path"], first["line"]) == ("unmet", "stages.gate.share", 2)
    assert (second["code"], second["path"], second["file"]) == ("no-effect", "", "dead.yaml")
    # The page and the workbook are made from the folder alone.
    page = (port / "out" / "report.html").read_text("utf-8")
    policies = page.partition('id="policies"')[2].partition("<section")[0]
    assert "What the files say and perhaps do not mean" in policies
    assert "No truck meets this value." in policies
    table = policies.partition("What each policy changes against share")[2]
    assert "stages.gate.share" in table
    assert ">none</td>" in table
    rows = list(load_workbook(port / "out" / "summary.xlsx")["policies"].values)
    assert rows[1] == ("dead", "stages.gate.share", "1", "0.5", "no effect")
    assert rows[2][:3] == ("dead", "stages.gate.share", "warning, dead.yaml:2")


@pytest.mark.usefixtures("without_drawings")
def test_a_run_without_doubts_says_nothing(port):
    done = portsim("run", "longer.yaml", "--out", "out", "--jobs", 1, "-n", 1, cwd=port)
    assert done.returncode == 0
    assert "warning" not in done.stderr
    page = (port / "out" / "report.html").read_text("utf-8")
    assert "perhaps do not mean" not in page
    assert "What each policy changes" not in page

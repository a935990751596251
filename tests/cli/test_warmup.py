"""The verb `warmup` as a user types it."""

import json

import pytest

from portsim import read
from typed import typed as portsim

PORT = """\
timezone: Asia/Shanghai
period: {from: 2024-09-02, to: 2024-09-08}
replications: 3
calendars:
  day: {hours: "09:00-18:00"}
resources:
  lanes: {capacity: 2, calendar: day}
stages:
  gate: {takes: {lanes: 1}, hours: day, at_close: finish, time: {exponential: {mean: 14 min}}}
traffic:
  lorries:
    direction: export
    arrivals: {rate: 60 per day, hours: {"08:00-17:00": 1}}
    route: [gate]
"""


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """The folder in which it was typed, and what came back."""
    folder = tmp_path_factory.mktemp("warmup")
    (folder / "port.yaml").write_text(PORT, encoding="utf-8")
    return folder, portsim("warmup", "port.yaml", "--up-to", 2, "-j", 1, cwd=folder)


def test_it_prints_a_table_and_an_answer_in_words(done):
    folder, ended = done
    assert ended.returncode == 0, ended.stderr
    out = " ".join(ended.stdout.split())
    assert "0* wk" in out
    assert "utilisation of lanes" in out
    assert "week" in out
    assert "MSER-5 is not asked: it wants a stationary scenario" in out
    assert "figures/warmup.png" in out
    written = folder / "results" / "port-warmup"
    assert not list(written.glob(".portsim*"))
    manifest = json.loads((written / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == "warmup"
    assert read(written).sentences[0] in out
    assert (written / "warmup.csv").read_bytes().startswith(b"\xef\xbb\xbfwarm_up_weeks,")


def test_the_bytes_are_alike_for_any_number_of_jobs(done):
    folder, _ = done
    ended = portsim("warmup", "port.yaml", "--up-to", 2, "-j", 3, "--out", "again", cwd=folder)
    assert ended.returncode == 0, ended.stderr
    one, other = folder / "results" / "port-warmup", folder / "again"
    names = sorted(file.relative_to(one) for file in one.rglob("*") if file.is_file())
    assert len(names) == 5
    for name in names:
        first, second = (one / name).read_bytes(), (other / name).read_bytes()
        if name.name == "manifest.json":
            first, second = (
                {k: v for k, v in json.loads(text).items() if k != "run"}
                for text in (first, second)
            )
        assert first == second, name


def test_the_picture_is_drawn_again(done):
    folder, _ = done
    picture = folder / "results" / "port-warmup" / "figures" / "warmup.png"
    before = picture.read_bytes()
    picture.unlink()
    assert portsim("plot", "results/port-warmup", cwd=folder).returncode == 0
    assert picture.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--up-to", 2, "--seed", 5], "holds results of other inputs"),
        (["-n", 1, "--out", "new"], "one replication has no half-width"),
        (["--up-to", "two", "--out", "new"], "not a valid integer"),
    ],
)
def test_bad_input_is_refused_and_writes_nothing(done, words, said):
    folder, _ = done
    ended = portsim("warmup", "port.yaml", *words, cwd=folder)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert not (folder / "new").exists()

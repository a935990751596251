"""What the page is told of a day: the hand-written days of `day_log`, as numbers."""

import datetime as dt
import sys
from bisect import bisect_right
from pathlib import Path
from typing import Any

import pytest

import day_log
from portsim.cli import main
from portsim.errors import InputError
from portsim.replay import write_replay
from portsim.replay.day import day_data
from portsim.results.logs import PortLog, read_log


@pytest.fixture
def log(tmp_path: Path) -> PortLog:
    return read_log(day_log.write(tmp_path / "made"))


def doing(data: dict[str, Any], second: int) -> list[str]:
    """Where each truck of a day is at a second, in words."""
    said = []
    for low, high in zip(data["first"], data["first"][1:], strict=False):
        i = bisect_right(data["at"], second, low, high) - 1
        code = data["code"][i] if i >= low else -1
        if code >= 0:
            said.append(f"{data['places'][code // 2]['name']}: {('waits', 'served')[code % 2]}")
    return said


def test_a_day_by_hand(log: PortLog) -> None:
    data = day_data(log, dt.date(2024, 3, 4))
    assert data["length"] == 86_400
    assert data["offsets"] == [[0, 28_800]]
    assert data["port"] == [[36_000, 64_800]]
    assert [one["name"] for one in data["places"]] == ["Check of papers", "Gate <1>", "post"]
    assert data["places"][0]["open"] == [[36_000, 46_800], [50_400, 64_800]]
    assert data["classes"] == [
        {"name": "cars", "direction": "import", "back": True, "metres": 20},
        {"name": "Tea & more", "direction": "export", "back": False, "metres": 20},
    ]
    hours = {
        8.99: [],
        9: ["Check of papers: waits"],
        10.25: ["Check of papers: served"],
        10.7: ["Gate <1>: served"],
        10.76: ["post: served"],
        11: [],
        12.05: ["post: waits"],
        12.2: ["Gate <1>: served"],
        12.6: ["Check of papers: waits"],
        13.5: ["Check of papers: served"],
        17.84: ["Gate <1>: waits"],
        23.99: ["Gate <1>: waits"],
    }
    assert {hour: doing(data, round(hour * 3600)) for hour in hours} == hours


def test_the_day_after_begins_with_who_stayed_overnight(log: PortLog) -> None:
    data = day_data(log, dt.date(2024, 3, 5))
    assert len(data["kind"]) == 1
    assert doing(data, 0) == ["Gate <1>: waits"]
    assert doing(data, 36_000) == ["Gate <1>: served"]
    assert doing(data, 36_600) == []


def test_a_day_on_which_clocks_change(tmp_path: Path) -> None:
    found = day_log.logs()
    for table, columns in (
        ("trucks", ("arrival", "left")),
        ("visits", ("queued", "admitted", "finished")),
        ("hours", ("begins", "ends")),
    ):
        for column in columns:
            # Seven hours and 27 days later, in Berlin: the night of the change is 31 March.
            moved = found[table][column] + dt.timedelta(days=27, hours=7)
            found[table][column] = moved.dt.tz_convert("Europe/Berlin")
    folder = day_log.write(tmp_path / "berlin", logs=found)
    manifest = folder / "manifest.json"
    text = manifest.read_text("utf-8").replace("2024-03-04T00:00:00+08", "2024-03-31T00:00:00+01")
    text = text.replace("2024-03-07T00:00:00+08", "2024-04-03T00:00:00+02")
    manifest.write_text(text.replace(day_log.ZONE, "Europe/Berlin"), "utf-8")
    data = day_data(read_log(folder), dt.date(2024, 3, 31))
    assert data["length"] == 23 * 3600
    assert data["offsets"] == [[0, 3600], [7200, 7200]]


def test_the_page_holds_no_word_that_ends_its_script_and_asks_for_nothing(tmp_path: Path) -> None:
    name = "</script><b>"
    found = day_log.logs()
    found["visits"]["stage"] = found["visits"]["stage"].replace({"post": name})
    page = write_replay(
        read_log(day_log.write(tmp_path / "odd", logs=found)), dt.date(2024, 3, 4)
    ).read_text("utf-8")
    assert name not in page
    assert page.count("</script>") == 2
    assert "\\u003c/script>\\u003cb>" in page
    assert "http:" not in page
    assert "https:" not in page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--day", "2024-03-07"], "not in the period, which goes from 2024-03-04 to 2024-03-06"),
        (["--day", "2024-03-04", "--out", "no/where.html"], "no such folder; make it first"),
        (["--day", "2024-03-04", "--scenario", "other"], "which holds by-hand"),
    ],
)
def test_what_cannot_be_played_is_said(
    log: PortLog,
    words: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["portsim", "replay", str(log.folder), *words])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert said in capsys.readouterr().err
    assert not list(log.folder.rglob("*.html"))


def test_the_page_is_written_the_same_twice_and_goes_with_the_next_run(
    log: PortLog, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["portsim", "replay", str(log.folder), "--day", "2024-03-04"]
    seen = []
    for _ in range(2):
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as end:
            main()
        assert end.value.code == 0
        path = Path(capsys.readouterr().out.strip())
        seen.append(path.read_bytes())
    assert seen[0] == seen[1]
    assert path == log.folder / "replay-2024-03-04-by-hand.html"
    day_log.write(log.folder)
    assert not path.exists()


def test_an_empty_day_is_refused(tmp_path: Path) -> None:
    found = day_log.logs()
    keep = found["trucks"]["truck"] == 4
    found["trucks"] = found["trucks"][keep]
    log = read_log(day_log.write(tmp_path / "late", logs=found))
    with pytest.raises(InputError, match="no truck of by-hand was at the port"):
        day_data(log, dt.date(2024, 3, 4))


@pytest.mark.parametrize(
    ("export", "imports", "said"),
    [
        ("export", "import", "Filled: export; hollow: import."),
        ("outbound", "inbound", "Filled: outbound; hollow: inbound."),
        ("north", "south", "Filled: north; hollow: south."),
        # All go one way: there is nothing to tell apart.
        ("import", "import", ""),
    ],
)
def test_the_legend_calls_directions_as_the_port_does(
    tmp_path: Path, export: str, imports: str, said: str
) -> None:
    found = day_log.logs()
    words = {"export": export, "import": imports}
    found["trucks"]["direction"] = found["trucks"]["direction"].map(words)
    folder = day_log.write(tmp_path / "made", logs=found)
    manifest = folder / "manifest.json"
    text = manifest.read_text("utf-8").replace('"export"', '"<out>"')
    text = text.replace('"import"', f'"{imports}"').replace("<out>", export)
    manifest.write_text(text, "utf-8")
    page = write_replay(read_log(folder), dt.date(2024, 3, 4)).read_text("utf-8")
    assert said in page
    assert ("Filled:" in page) is bool(said)


def test_a_port_without_hours_of_its_own_is_not_called_open(tmp_path: Path) -> None:
    folder = day_log.write(tmp_path / "made")
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"open_hours"', '"summary"'), "utf-8")
    assert day_data(read_log(folder), dt.date(2024, 3, 4))["port"] is None

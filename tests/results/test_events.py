"""The log as events: a day worked out by hand, and the file as other programs see it."""

import datetime as dt
import gzip
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import day_log
from portsim.cli import main
from portsim.errors import InputError
from portsim.results import read_record
from portsim.results.events import event_table, export_events
from portsim.results.logs import read_log

XES = "{http://www.xes-standard.org/}"
KINDS = {"string", "date", "int", "float", "boolean"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return day_log.write(tmp_path / "made")


def test_a_truck_by_hand(folder: Path) -> None:
    table = event_table(read_log(folder))
    mine = table[table["case:concept:name"] == "2"]
    assert [
        (row["concept:name"], row["lifecycle:transition"], row["time:timestamp"])
        for _, row in mine.iterrows()
    ] == [
        ("port: arrival", "complete", day_log.at("04 12:30")),
        ("check", "start", day_log.at("04 12:45")),
        ("check", "complete", day_log.at("04 14:15")),
        ("gate", "start", day_log.at("05 10:00")),
        ("gate", "complete", day_log.at("05 10:05")),
        ("post", "start", day_log.at("05 10:05")),
        ("post", "complete", day_log.at("05 10:10")),
        ("port: released", "complete", day_log.at("05 10:10")),
    ]
    gate = mine[mine["concept:name"] == "gate"].iloc[0]
    assert gate["waited_s"] == (19 * 60 + 45) * 60
    assert gate["waited_closed_s"] == 16 * 3600
    # The quota is no server: nobody does anything there.
    assert mine["org:resource"].tolist() == ["", "clerks", "clerks", "lanes", "lanes", "", "", ""]
    assert mine["activity_code"].tolist() == ["", "customs", "customs", "", "", "", "", ""]


def test_what_did_not_happen_has_no_event(folder: Path) -> None:
    table = event_table(read_log(folder))
    events = table.groupby("case:concept:name")["concept:name"].agg(list)
    assert events["3"] == ["port: arrival", "port: diverted"]
    assert events["4"] == ["port: arrival"]
    outcome = table.groupby("case:concept:name")["case:outcome"].first()
    assert outcome.tolist() == ["released", "released", "released", "diverted", "inside"]


def test_days_choose_trucks_by_their_arrival(folder: Path) -> None:
    log = read_log(folder)
    first = event_table(log, dt.date(2024, 3, 4), dt.date(2024, 3, 4))
    assert set(first["case:concept:name"]) == {"0", "1", "2", "3"}
    assert set(event_table(log, dt.date(2024, 3, 6))["case:concept:name"]) == {"4"}
    with pytest.raises(InputError, match="no truck arrived between 2024-03-05 and 2024-03-05"):
        event_table(log, dt.date(2024, 3, 5), dt.date(2024, 3, 5))


def test_the_xes_file_has_the_structure_of_the_standard(folder: Path) -> None:
    path, trucks, events = export_events(read_log(folder), "xes")
    assert (path, trucks, events) == (folder / "events-by-hand.xes", 5, 8 + 6 + 8 + 2 + 1)
    root = ET.parse(path).getroot()
    assert root.tag == f"{XES}log"
    assert root.attrib["xes.version"] == "1849-2016"
    order = [child.tag.removeprefix(XES) for child in root]
    head = ["extension", "global", "classifier"]
    ranks = [head.index(tag) if tag in head else 3 + (tag == "trace") for tag in order]
    assert ranks == sorted(ranks)
    prefixes = {one.attrib["prefix"] for one in root.iter(f"{XES}extension")}
    for one in root.iter():
        if one.tag.removeprefix(XES) in KINDS and ":" in one.attrib["key"]:
            assert one.attrib["key"].split(":")[0] in prefixes
    keys = {
        scope.attrib["scope"]: {one.attrib["key"] for one in scope}
        for scope in root.iter(f"{XES}global")
    }
    traces = list(root.iter(f"{XES}trace"))
    for trace in traces:
        assert keys["trace"] <= {one.attrib["key"] for one in trace if one.tag != f"{XES}event"}
        stamps = []
        for event in trace.iter(f"{XES}event"):
            found = {one.attrib["key"]: one.attrib["value"] for one in event}
            assert keys["event"] <= set(found)
            stamps.append(dt.datetime.fromisoformat(found["time:timestamp"]))
        assert stamps == sorted(stamps)
        assert all(stamp.utcoffset() == dt.timedelta(hours=8) for stamp in stamps)
    assert len(traces) == 5
    about = {one.attrib["key"]: one.attrib["value"] for one in traces[1] if "key" in one.attrib}
    assert about == {
        "concept:name": "1",
        "class": "cars",
        "direction": "import",
        "pieces": "1",
        "tonnes": "1.5",
        "outcome": "released",
        "warm_up": "false",
    }


def test_words_of_people_do_not_break_the_file(tmp_path: Path) -> None:
    found = day_log.logs()
    for frame, column in (("visits", "stage"), ("trucks", "truck_class"), ("visits", "activity")):
        found[frame][column] = found[frame][column].replace(
            {"gate": "a \"&\" <b> 'c'", "tea": '茶 "&<>', "customs": "=1+1"}
        )
    log = read_log(day_log.write(tmp_path / "odd", logs=found))
    path, _, events = export_events(log, "xes")
    values = {one.attrib["value"] for one in ET.parse(path).getroot().iter(f"{XES}string")}
    assert {"a \"&\" <b> 'c'", '茶 "&<>', "=1+1"} <= values
    path, _, rows = export_events(log, "csv")
    text = path.read_text("utf-8-sig")
    assert ",'=1+1," in text
    assert rows == events == len(pd.read_csv(path))


def test_every_format_holds_the_same_events_and_gives_the_same_bytes(folder: Path) -> None:
    log = read_log(folder)
    table = event_table(log)
    parquet = pd.read_parquet(export_events(log, "parquet")[0])
    assert (parquet["time:timestamp"].to_numpy() == table["time:timestamp"].to_numpy()).all()
    csv = pd.read_csv(export_events(log, "csv")[0])
    stamps = pd.to_datetime(csv["time:timestamp"])
    assert stamps.tolist() == table["time:timestamp"].tolist()
    assert csv["concept:name"].tolist() == table["concept:name"].tolist()
    plain = export_events(log, "xes")[0].read_bytes()
    packed = export_events(log, "xes", folder / "packed.xes.gz")[0].read_bytes()
    assert gzip.decompress(packed) == plain
    assert export_events(log, "xes", folder / "packed.xes.gz")[0].read_bytes() == packed
    with pytest.raises(InputError, match="packed already"):
        export_events(log, "parquet", folder / "packed.parquet.gz")


def test_process_mining_software_reads_it(folder: Path) -> None:
    pm4py = pytest.importorskip("pm4py")
    found = pm4py.read_xes(str(export_events(read_log(folder), "xes")[0]))
    assert len(found) == len(event_table(read_log(folder)))
    assert set(found["case:concept:name"]) == {"0", "1", "2", "3", "4"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--scenario", "other"], "--scenario other: not in made, which holds by-hand"),
        (["--replication", "2"], "holds no log of replication 2 of by-hand; replication 1 is kept"),
        (["--to", "2020-01-01"], "no truck arrived between the start and 2020-01-01"),
        (["--out", "no/where.xes"], "no such folder; make it first"),
    ],
)
def test_what_cannot_be_given_is_said(
    folder: Path,
    words: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = sorted(folder.iterdir())
    assert _command(monkeypatch, folder, "export", "made", *words) == 2
    assert said in capsys.readouterr().err
    assert sorted(folder.iterdir()) == before


def test_a_folder_without_a_log_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = day_log.write(tmp_path / "made", logs=None)
    assert _command(monkeypatch, folder, "export", "made") == 2
    assert "holds no log of single trucks (trucks.parquet); give the" in capsys.readouterr().err
    old = day_log.logs()
    del old["visits"]["wait_closed_s"]
    day_log.write(folder, logs=old)
    assert _command(monkeypatch, folder, "export", "made") == 2
    assert "written by an older portsim (wait_closed_s missing)" in capsys.readouterr().err


def test_the_command_names_the_file_and_results_of_a_new_run_remove_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _command(monkeypatch, folder, "export", "made", "--format", "csv") == 0
    said = capsys.readouterr()
    assert Path(said.out.strip()) == Path("made", "events-by-hand.csv")
    assert said.err.strip() == "by-hand: 25 events of 5 trucks"
    (folder / "mine.csv").write_text("mine")
    day_log.write(folder)
    left = {file.name for file in folder.iterdir()}
    assert "mine.csv" in left
    assert "events-by-hand.csv" not in left
    assert read_record(folder, "").tables.get("hours") is not None


def _command(monkeypatch: pytest.MonkeyPatch, folder: Path, *words: Any) -> int:
    monkeypatch.chdir(folder.parent)
    monkeypatch.setattr(sys, "argv", ["portsim", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        main()
    assert isinstance(end.value.code, int)
    return end.value.code

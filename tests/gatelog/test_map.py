"""The map: written with its evidence, read back to the same log, corrected by hand."""

import pandas as pd
import pytest

from portsim.errors import ScenarioError
from portsim.gatelog import read_log, read_map

TRUCKS = """plate;Cargo;Weight, kg;arrival;gate end;"yes: no";inspection start;inspection end
A1;tea;21000;3/13/25 8:00;3/13/25 8:20;x;;
B2;steel;9000;3/13/25 8:05;3/13/25 8:30;y;3/13/25 9:00;3/13/25 9:30
"""
EVENTS = """case,activity,lifecycle,timestamp,true
A,port: arrival,complete,2025-03-03T08:00+05:00,1
A,null,start,2025-03-03T08:10+05:00,2
A,null,complete,2025-03-03T08:30+05:00,3
A,#1: scan,start,2025-03-03T08:40+05:00,4
A,#1: scan,complete,2025-03-03T08:50+05:00,5
A,port: released,complete,2025-03-03T08:55+05:00,6
"""


def same(first, second):
    pd.testing.assert_frame_equal(first.trucks, second.trucks)
    pd.testing.assert_frame_equal(first.visits, second.visits)
    pd.testing.assert_frame_equal(first.cleaning, second.cleaning)
    for name in ("stages", "stamped", "resolution", "timezone", "first", "last", "sources"):
        assert getattr(first, name) == getattr(second, name)


@pytest.mark.parametrize("text", [TRUCKS, EVENTS])
@pytest.mark.parametrize("zone", [None, "Asia/Almaty"])
def test_the_written_map_reads_the_same_log(read, tmp_path, text, zone):
    log = read(text, timezone=zone)
    words = tmp_path / "map.yaml"
    log.write_map(words)
    again = read(text, mapping=words)
    same(log, again)
    again.write_map(tmp_path / "again.yaml")
    same(again, read(text, mapping=tmp_path / "again.yaml"))
    known, known_again = read_map(words), read_map(tmp_path / "again.yaml")
    assert known.columns == known_again.columns
    assert known.activities == known_again.activities


def test_what_the_file_looks_like(read, tmp_path):
    read(TRUCKS).write_map(tmp_path / "map.yaml")
    lines = (tmp_path / "map.yaml").read_text().splitlines()
    body = [" ".join(line.split()) for line in lines if not line.startswith("#")]
    assert body[:6] == [
        "form: trucks # 4 columns of stamps",
        "timezone: UTC # no stamp has an offset: the clock as it stands, of a place not known",
        "dates: month-first # the only order in which all dates exist",
        "stages: [gate, inspection] # in this order most trucks pass them",
        "always: [gate] # all trucks pass these: a blank is a missing stamp",
        "columns:",
    ]
    assert "gate end: {stage: gate, stamp: end} # the name says end" in body
    assert any(line.startswith("Weight, kg: {role: load, unit: kg} # ") for line in body)
    assert "'yes: no': ignore # nothing says what it is" in body


def test_activities_in_the_file(read):
    log = read(EVENTS)
    assert log.stages == ("null", "#1: scan")
    activities = {name: (one.stage, one.stamp) for name, one in log.mapping.activities.items()}
    assert activities == {
        "port: arrival": ("", "arrival"),
        "null": ("null", ""),
        "#1: scan": ("#1: scan", ""),
        "port: released": ("", "ignore"),
    }


def test_a_correction_is_all_that_need_be_said(read, tmp_path):
    """What a person writes holds; everything else is guessed as before."""
    words = tmp_path / "map.yaml"
    words.write_text('columns:\n  "gate end": {stage: barrier, stamp: end}\n  Cargo: ignore\n')
    log = read(TRUCKS, mapping=words)
    assert log.stages == ("barrier", "inspection")
    assert log.trucks["truck_class"].tolist() == ["truck", "truck"]
    assert log.mapping.columns["arrival"].role == "arrival"
    assert log.mapping.columns["Cargo"].evidence == "as the map says"


def test_stages_are_ordered_and_renamed_by_the_map(read, tmp_path):
    words = tmp_path / "map.yaml"
    words.write_text("activities:\n  'null': {stage: gate}\n  '#1: scan': ignore\n")
    assert read(EVENTS, mapping=words).stages == ("gate",)
    words.write_text("stages: [inspection, gate]\n")
    assert read(TRUCKS, mapping=words).stages == ("inspection", "gate")


@pytest.mark.parametrize(
    ("text", "line", "path", "found", "hint"),
    [
        ("columns:\n  plat: truck\n", 0, "columns.plat", "`plat`", "did you mean `plate`?"),
        ("columns:\n  plate: trucc\n", 2, "columns.plate", "`trucc`", "did you mean `truck`?"),
        ("colums: {}\n", 1, "colums", "`colums`", "did you mean `columns`?"),
        ("form: truck\n", 1, "form", "`truck`", "did you mean `trucks`?"),
        ("timezone: Asia/Almati\n", 1, "timezone", "`Asia/Almati`", "did you mean `Asia/Almaty`"),
        ("dates: day\n", 1, "dates", "`day`", ""),
        ("stages: gate\n", 1, "stages", "`gate`", ""),
        ("always: [gates]\n", 0, "always", "`gates`", "did you mean `gate`?"),
        ("columns:\n  plate: {stamp: ends}\n", 2, "columns.plate.stamp", "`ends`", ""),
        ("columns:\n  plate: {stage: gate}\n", 2, "columns.plate", "", ""),
        ("activities:\n  x: {stamp: end}\n", 2, "activities.x", "", ""),
        ("columns:\n  plate: [truck\n", 2, "", "a `[` that is not closed", ""),
    ],
)
def test_faults_of_a_map(tmp_path, text, line, path, found, hint):
    (tmp_path / "gate.csv").write_text(TRUCKS)
    words = tmp_path / "map.yaml"
    words.write_text(text)
    with pytest.raises(ScenarioError) as caught:
        read_log(tmp_path / "gate.csv", words)
    fault = caught.value.faults[0]
    assert fault.file == str(words)
    assert (fault.line, fault.path) == (line, path)
    assert fault.found.startswith(found)
    assert fault.hint.startswith(hint)


def test_the_sign_before_decimals_is_asked_for(read, refused, tmp_path):
    text = "plate;weight;arrival\nA;12,500;2025-03-03 08:00\nB;9,250;2025-03-03 08:10\n"
    ((code, line, found, _, hint),) = refused(text)
    assert (code, line) == ("decimal", 2)
    assert found.startswith("`12,500`, which may be 12500 or 12.500")
    assert hint == 'write into the map decimal: "." or decimal: ","'
    words = tmp_path / "map.yaml"
    for sign, load in ((",", 12.5), (".", 12500.0)):
        words.write_text(f'decimal: "{sign}"\ncolumns: {{weight: {{role: load, unit: t}}}}\n')
        assert read(text, mapping=words).trucks["load"][0] == load

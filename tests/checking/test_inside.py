"""States in which a port cannot be: what the message says, with the row that shows it."""

import pandas as pd
import pytest

from portsim.checking import load
from portsim.errors import ScenarioError

PORT = """\
name: small
timezone: Asia/Shanghai
period: {from: 2025-04-14 10:00, to: 2025-04-15 10:00}
completion: {limit: 12 h}
calendars: {always: {hours: round the clock}}
resources:
  yard: {capacity: 3}
  clerk: {capacity: 2}
  permit: {kind: budget, level: 20, refill: 00:00}
  tractor: {kind: store, level: 2}
stages:
  gate: {takes: {yard: {until: exit}}, time: 2 min, at_close: finish}
  desk: {takes: {clerk: 1}, spends: {permit: 1}, time: 20 min, at_close: finish}
  yard exit: {time: 1 min}
  shed: {offers: {tractor: 1}, spends: {tractor: 1}, time: 1 min}
traffic:
  vans: {direction: export, arrivals: {rate: 40 per day}, load: 3 t, route: [gate, desk, yard exit]}
  empties: {direction: import, arrivals: {rate: 20 per day}, route: [desk, shed]}
"""
HEAD = "truck,class,stage,status,since,holds"


@pytest.fixture
def port(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def of(inside, rows=None):
        (tmp_path / "port.yaml").write_text(f"{PORT}inside: {inside}\n")
        if rows is not None:
            (tmp_path / "state.csv").write_text("\n".join(rows) + "\n")
        return load("port.yaml")

    return of


@pytest.fixture
def fault(port):
    def of(inside, rows=None):
        with pytest.raises(ScenarioError) as caught:
            port(inside, rows)
        (only,) = caught.value.faults
        return only

    return of


def test_a_list_and_a_file_say_the_same(port, tmp_path):
    row = "truck: A, class: vans, stage: desk, status: working"
    row = f"{{{row}, since: 2025-04-14 09:40, holds: yard}}"
    listed = port(f"[{row}]").origin.inside
    rows = [HEAD, "A,vans,desk,working,2025-04-14T09:40:00+08:00,yard 1"]
    assert port("{file: state.csv}", rows).origin.inside.digest == listed.digest
    for ending in ("xlsx", "parquet"):
        frame = pd.DataFrame([rows[1].split(",")], columns=HEAD.split(","))
        getattr(frame, {"xlsx": "to_excel", "parquet": "to_parquet"}[ending])(
            tmp_path / f"state.{ending}", index=False
        )
        found = port(f"{{file: state.{ending}}}").origin.inside
        assert found.digest == listed.digest, ending
    assert listed.holds == ({"yard": 1},)
    assert listed.working.tolist() == [True]


@pytest.mark.parametrize(
    ("row", "found", "expected", "hint"),
    [
        ("A,van,desk,waiting,2025-04-14 09:40,", "`van` under class", "name of a class", "vans"),
        ("A,vans,dask,waiting,2025-04-14 09:40,", "`dask`", "the name of a stage", "desk"),
        ("A,vans,shed,waiting,2025-04-14 09:40,", "`shed`", "a stage that vans passes", "gate, "),
        ("A,vans,desk,at work,2025-04-14 09:40,", "`at work`", "`waiting` or `working`", ""),
        ("A,vans,desk,waiting,2025-04-14 10:01,", "10:01", "not after the beginning", "arrival"),
        ("A,vans,desk,waiting,2023-04-14 10:01,", "2023", "in the year before", "year right"),
        ("A,vans,desk,waiting,yesterday,", "`yesterday`", "a date-time such as", ""),
        ("A,vans,desk,waiting,2025-04-14 09:40,yards", "`yards`", "a resource", "yard"),
        ("A,vans,desk,waiting,2025-04-14 09:40,yard 2", "2 yard", "before at desk: 1 yard", ""),
        ("A,vans,desk,working,2025-04-14 09:40,clerk", "1 clerk", "1 yard", "under way"),
        ("A,vans,gate,waiting,2025-04-14 09:40,yard", "1 yard", "before at gate: nothing", ""),
    ],
)
def test_a_row_that_cannot_be(fault, row, found, expected, hint):
    bad = fault("{file: state.csv}", [HEAD, "Z,vans,gate,waiting,2025-04-14 09:59,", row])
    assert (bad.file, bad.line) == ("state.csv", 3)
    assert found in bad.found
    assert expected in bad.expected
    assert hint in bad.hint


def test_more_at_work_than_servers(fault):
    rows = [f"{n},empties,desk,working,2025-04-14 09:50," for n in "ABC"]
    bad = fault("{file: state.csv}", [HEAD, *rows])
    assert (bad.line, bad.found) == (4, "3 clerk in use with this truck under status")
    assert bad.expected == "at most 2, which is all there are"


def test_more_kept_than_servers_though_nobody_says_so(fault):
    """Each of the vans beyond the gate has a place in the yard, of which there are three."""
    rows = [f"{n},vans,desk,waiting,2025-04-14 09:50," for n in "ABCD"]
    bad = fault("{file: state.csv}", [HEAD, *rows])
    assert (bad.line, bad.found) == (5, "4 yard in use with this truck under stage")


OLD = (
    ("  clerk: {capacity: 2}\n", "  clerk: {capacity: 2}\n  junior: {capacity: 1}\n"),
    (
        "  desk: {takes: {clerk: 1},",
        "  desk: {takes: {clerk: 1}, instead_of: {clerk: {junior: 2}},",
    ),
    ("  gate: {takes: {yard: {until: exit}}", "  gate: {takes: {yard: 1}"),
    ("route: [gate, desk, yard exit]", "route: [{stage: gate, or_shorter: shed}, desk, yard exit]"),
)


@pytest.mark.parametrize(
    ("rows", "line", "found", "expected"),
    [
        (["A,empties,desk,working,2025-04-14 09:50,senior"], 2, "`senior`", "that may do in place"),
        (["A,empties,desk,working,2025-04-14 09:50,clerk"], 2, "`clerk`", "that may do in place"),
        (["A,vans,gate,working,2025-04-14 09:59,junior"], 2, "`junior`", "that may do in place"),
        (["A,empties,desk,waiting,2025-04-14 09:50,junior"], 2, "`junior`", "at work alone"),
        ([f"{n},empties,desk,working,2025-04-14 09:5{n}," for n in range(4)], 5, "3 clerk", "2,"),
        ([f"{n},empties,desk,working,2025-04-14 09:5{n},junior" for n in (1, 2)], 3, "2 junior",
         "at most 1, which"),
    ],
)  # fmt: skip
def test_servers_that_cannot_do_in_place_of_others(fault, monkeypatch, rows, line, found, expected):
    text = PORT
    for old, new in OLD:
        text = text.replace(old, new)
    monkeypatch.setitem(globals(), "PORT", text)
    bad = fault("{file: state.csv}", ["truck,class,stage,status,since,by", *rows])
    assert (bad.file, bad.line) == ("state.csv", line)
    assert found in bad.found
    assert expected in bad.expected


def test_who_stands_in_another_line_stands_on_the_route(port, monkeypatch):
    text = PORT
    for old, new in OLD:
        text = text.replace(old, new)
    monkeypatch.setitem(globals(), "PORT", text)
    there = port("[{class: vans, stage: shed, since: 2025-04-14 09:50}]").origin.inside
    assert there.stages == ("shed",)


def test_one_truck_in_two_rows(fault):
    rows = ["A,vans,gate,,2025-04-14 09:50,", "A,vans,desk,,2025-04-14 09:55,"]
    bad = fault("{file: state.csv}", [HEAD, *rows])
    assert (bad.line, bad.expected) == (3, "each truck in one row")


def test_a_row_of_a_list_is_shown_where_it_stands(fault):
    bad = fault("\n  - {class: vans, stage: desk, since: 2025-04-14 11:00}")
    assert (bad.file, bad.path) == ("port.yaml", "inside[0].since")
    assert bad.found == "`2025-04-14 11:00`"


@pytest.mark.parametrize(
    ("inside", "path", "found", "expected"),
    [
        ("{left: {permit: 21}}", "inside.left.permit", "21 permit left", "at most 20"),
        ("{left: {clerk: 1}}", "inside.left.clerk", "`clerk`, servers", "a budget or a store"),
        ("{left: {permits: 1}}", "inside.left.permits", "`permits`", "the name of a resource"),
        ("{counts: {dask: 4}}", "inside.counts.dask", "`dask`", "the name of a stage"),
        ("{counts: {shed: {vans: 4}}}", "inside.counts.shed.vans", "vans", "passes shed"),
        ("{file: state.csv}", "inside.file", "`state.csv`, no such file", "a CSV file"),
    ],
)
def test_what_is_left_and_counted(fault, inside, path, found, expected):
    bad = fault(inside)
    assert bad.path == path
    assert found in bad.found
    assert expected in bad.expected


def test_a_port_that_is_given_as_it_stands_has_no_warm_up(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = PORT.replace("10:00}", "10:00, warm_up: 1 week}", 1)
    (tmp_path / "port.yaml").write_text(f"{text}inside: {{counts: {{gate: 3}}}}\n")
    with pytest.raises(ScenarioError, match="no warm-up for a port that is given as it stands"):
        load("port.yaml")


def test_a_file_without_a_column_that_is_needed(fault):
    bad = fault("{file: state.csv}", ["truck,class,stage,status,from", "A,vans,gate,waiting,x"])
    assert (bad.line, bad.found) == (1, "no column `since`")


def test_that_waits_are_assumed_is_said(port):
    remarks = port("{counts: {gate: 12, desk: {empties: 3}}}").origin.warnings
    assert ("assumed", "15 trucks inside as mere counts") in [(r.code, r.found) for r in remarks]


def test_who_came_in_the_minute_of_the_beginning_is_inside(port):
    inside = port("[{class: vans, stage: gate, since: 2025-04-14 10:00}]").origin.inside
    assert inside.since.tolist() == [1744596000 - 1]


def test_a_stage_may_be_shut_for_all_of_the_next_hours(tmp_path, monkeypatch):
    """14 April 2025 is a Monday; a shed that opens on Sundays alone is no slip of the pen."""
    monkeypatch.chdir(tmp_path)
    text = PORT.replace(
        "round the clock}", 'round the clock}, sunday: {hours: {Sun: "08:00-12:00"}}'
    )
    text = text.replace("shed: {", "shed: {hours: sunday, at_close: finish, ")
    (tmp_path / "port.yaml").write_text(f"{text}inside: {{}}\n")
    assert load("port.yaml").stages["shed"].hours == ("sunday",)
    shut = text.replace("08:00-12:00", "closed")
    (tmp_path / "port.yaml").write_text(f"{shut}inside: {{}}\n")
    with pytest.raises(ScenarioError, match="never open"):
        load("port.yaml")


def test_work_that_has_lasted_for_too_long_is_said(port):
    """The desk takes 20 minutes, always: after 20 a truck may just be done, after 21 it is late."""
    rows = [f"{n},empties,desk,working,2025-04-14 09:{39 + n}," for n in (0, 1)]
    remarks = port("{file: state.csv}", [HEAD, *rows]).origin.warnings
    (said,) = [remark.found for remark in remarks if remark.code == "overdue"]
    assert said == "1 truck at work for longer than work can last there, such as 0 at desk"


OPENS = "clerk: {capacity: 2, opens: {when_waiting: {desk: 5}, until_waiting: 1, at_most: 2%s}}"


@pytest.mark.parametrize(
    ("opens", "opened", "path", "words"),
    [
        ("", "{clerks: 1}", "inside.opened.clerks", "did you mean `clerk`?"),
        ("", "{yard: 1}", "inside.opened.yard", "expected servers with `opens`"),
        ("", "{clerk: 3}", "inside.opened.clerk", "found 3 extra clerk; expected at most 2"),
        ("", "{clerk: {extra: 2, due_in: 5 min}}", "inside.opened.clerk", "found 3 extra clerk"),
        (
            ", within: evening",
            "{clerk: {due_in: 5 min}}",
            "inside.opened.clerk",
            "expected a period that begins while evening is open",
        ),
    ],
)
def test_openings_that_cannot_be(tmp_path, opens, opened, path, words):
    text = PORT.replace("clerk: {capacity: 2}", OPENS % opens)
    text = text.replace("clock}}", "clock}, evening: {hours: 17:00-22:00}}")
    if not opens:
        text = text.replace(", evening: {hours: 17:00-22:00}", "")
    (tmp_path / "port.yaml").write_text(f"{text}inside: {{opened: {opened}}}\n")
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "port.yaml")
    (only,) = caught.value.faults
    assert only.path == path
    assert words in str(only)


def test_extra_clerks_may_be_at_work_beside_the_roster(port, tmp_path):
    """Four of a desk of two, two of them opened; a fifth cannot be."""
    rows = [f"T {n},vans,desk,working,2025-04-14 09:5{n},yard" for n in range(5)]
    text = PORT.replace("yard: {capacity: 3}", "yard: {capacity: 9}")
    text = text.replace("clerk: {capacity: 2}", OPENS % "")
    for count in (4, 5):
        (tmp_path / "port.yaml").write_text(
            f"{text}inside: {{file: s.csv, opened: {{clerk: 1}}}}\n"
        )
        (tmp_path / "s.csv").write_text("\n".join([HEAD, *rows[:count]]) + "\n")
        if count == 4:
            assert len(load("port.yaml").origin.inside) == 4
        else:
            with pytest.raises(ScenarioError, match=r"5 clerk in use .* at most 4"):
                load("port.yaml")

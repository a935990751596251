"""Lists of trucks that tell more than arrivals: what is read of them, and what is refused."""

import math

import pytest

from portsim.checking import load
from portsim.scenario.identity import identity, run_identity

CAME = "{rate: 60 per day}"
LIST = """\
plate,cargo,way,arrival,tonnes,gate_min,check_s
A1,tea,export,2024-03-04 12:00,18.5,10,
B2,tin,import,2024-03-04 11:00,,,90
C3,tea,,2024-03-04 10:00,7,2.5,30
D4,,export,2024-03-04 10:00,3,4,
"""
WHOLE = (
    "{recorded: {file: came.csv, truck_class: cargo, direction: way, load: tonnes, "
    "work: {gate: gate_min, inspection: {column: check_s, unit: s}}, "
    "passes: {inspection: check_s}}}"
)
AT = "traffic.tea.arrivals.recorded"


def record(made, name):
    return made.origin.record(made.traffic.classes[name].arrivals.recorded)


def test_an_entry_becomes_the_classes_that_its_file_tells(scenario):
    text = LIST.replace("tea,", "black/green tea,")
    made = scenario((CAME, WHOLE), came_csv=text)
    classes = made.traffic.classes
    ways = {name: cls.direction for name, cls in classes.items()}
    assert ways == {"black-green tea": "export", "tea": "export", "tin": "import"}
    assert classes["tin"].arrivals.recorded.only == {"cargo": ("tin",), "way": ("import",)}
    assert {cls.patience.time.constant for cls in classes.values()} == {5 * 3600}
    assert record(made, "tea").tonnes.tolist() == [3.0]


def test_the_trucks_of_a_class_come_in_order_with_all_that_is_told_of_them(scenario):
    made = scenario((CAME, WHOLE), came_csv=LIST)
    told = record(made, "tea")
    assert told.arrival.tolist() == [1_709_517_600, 1_709_517_600, 1_709_524_800]
    assert told.tonnes.tolist() == [7.0, 3.0, 18.5]
    assert told.work["gate"].tolist() == [150.0, 240.0, 600.0]
    assert told.work["inspection"][0] == 30.0
    assert math.isnan(told.work["inspection"][1])
    assert told.passes["inspection"].tolist() == [True, False, False]
    assert math.isnan(record(made, "tin").tonnes[0])


def test_a_class_that_goes_both_ways_becomes_two(scenario):
    made = scenario((CAME, WHOLE), came_csv=LIST.replace("C3,tea,,", "C3,tea,import,"))
    ways = {name: cls.direction for name, cls in made.traffic.classes.items()}
    assert ways == {"tea export": "export", "tea import": "import", "tin": "import"}


def test_directions_alone_part_an_entry_as_well(scenario):
    words = "{recorded: {file: came.csv, direction: way, only: {cargo: [tea, tin]}}}"
    made = scenario((CAME, words), came_csv=LIST)
    ways = {name: cls.direction for name, cls in made.traffic.classes.items()}
    assert ways == {"tea export": "export", "tea import": "import"}
    assert len(record(made, "tea export").arrival) == 2


def test_what_was_expanded_is_written_and_read_again_as_it_is(scenario, tmp_path):
    made = scenario((CAME, WHOLE), came_csv=LIST)
    (tmp_path / "again.yaml").write_text(made.to_yaml(), encoding="utf-8")
    again = type(made).from_dict({"extends": "again.yaml", "name": "small"}, folder=tmp_path)
    assert identity(again) == identity(made)
    assert list(again.traffic.classes) == list(made.traffic.classes)


def test_what_is_told_of_a_truck_is_part_of_who_a_scenario_is(scenario):
    known = run_identity(scenario((CAME, WHOLE), came_csv=LIST))
    assert run_identity(scenario((CAME, WHOLE), came_csv=LIST.replace("A1", "A9"))) == known
    for old, new in (("18.5", "18.6"), ("2.5,30", "2.5,31"), ("4,\n", "4,9\n"), (",10,", ",11,")):
        assert run_identity(scenario((CAME, WHOLE), came_csv=LIST.replace(old, new))) != known


def test_mere_arrivals_are_read_as_ever(scenario):
    made = scenario((CAME, "{recorded: {file: came.csv}}"), came_csv=LIST)
    assert made.origin.records == {}
    assert (
        record(made, "tea").arrival.tolist() == made.origin.recorded["came.csv", "arrival"].tolist()
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "found", "expected"),
    [
        ("B2,tin,import", "B2,tin,imprt", 3, "`imprt`", "`export` or `import`"),
        (",,,90", ",,-4,90", 3, "`-4`", "a number of 0 or more in min"),
        ("7,2.5,30", "7,2.5,soon", 4, "`soon`", "a number of 0 or more in s"),
        ("18.5,10", "heavy,10", 2, "`heavy`", "a number of 0 or more in t"),
        ("3,4,", "300001,4,", 5, "`300001`", "a number of at most 100,000 t"),
        ("B2,tin", "B2,//", 3, "`//`", "the name of a class of trucks"),
    ],
)  # fmt: skip
def test_wrong_cells_with_their_lines_once(faults, old, new, line, found, expected):
    text = LIST.replace("C3,tea,,", "C3,tea,import,").replace(old, new)
    (fault,) = faults((CAME, WHOLE), came_csv=text)
    assert (fault.file, fault.line, fault.found, fault.expected) == (
        "came.csv",
        line,
        found,
        expected,
    )


def test_a_row_without_a_direction_where_none_is_written(faults):
    (fault,) = faults((CAME, WHOLE), ("    direction: export\n", ""), came_csv=LIST)
    assert (fault.file, fault.line, fault.found) == ("came.csv", 4, "an empty cell")
    assert fault.hint == "write direction: beside arrivals:, for rows without one"


@pytest.mark.parametrize(
    ("old", "new", "path", "found"),
    [
        ("truck_class: cargo", "truck_class: crago", f"{AT}.truck_class", "`crago`"),
        ("direction: way", "direction: wya", f"{AT}.direction", "`wya`"),
        ("load: tonnes", "load: tons", f"{AT}.load", "`tons`"),
        ("gate: gate_min", "gate: minutes", f"{AT}.work.gate", "`minutes`"),
        ("passes: {inspection", "passes: {inspektion", f"{AT}.passes.inspektion", "`inspektion`"),
        ("unit: s", "unit: parsec", f"{AT}.work.inspection.unit", "`parsec`"),
        ("load: tonnes", "only: {cargo: tee}", f"{AT}.only", "no such row in came.csv"),
        ("file: came.csv", "file: cmae.csv", f"{AT}.file", "`cmae.csv`, no such file"),
    ],
)
def test_wrong_words_are_told_once_where_they_were_written(faults, old, new, path, found):
    (fault,) = faults((CAME, WHOLE.replace(old, new)), came_csv=LIST)
    assert (fault.path, fault.found) == (path, found)
    assert fault.file == "x.yaml"
    assert fault.line > 0


def test_the_column_of_plates_is_none_of_classes(faults):
    rows = "".join(f"P{n},2024-03-04 10:00\n" for n in range(61))
    words = "{recorded: {file: came.csv, truck_class: plate}}"
    (fault,) = faults((CAME, words), came_csv=f"plate,arrival\n{rows}")
    assert fault.path == f"{AT}.truck_class"
    assert fault.hint == "is it the one of the plates?"


def test_a_fault_of_the_entry_is_one_fault_however_many_classes(faults):
    (fault,) = faults(
        (CAME, WHOLE), ("inspection, release]", "inspection, relaese]"), came_csv=LIST
    )
    assert (fault.path, fault.found) == ("traffic.tea.route[2]", "`relaese`")


@pytest.mark.parametrize(
    "words",
    ["truck_class: 5", "truck_class: [cargo]", "truck_class: {}", "only: [cargo]",
     "only: {cargo: 5}", "only: {cargo: [[tea]]}", "work: gate", "work: {gate: [gate_min]}",
     "passes: [gate]", "passes: {gate: 5}", "load: 20 t", "load: {unit: t}", "load: {}",
     "decimal: ';'"],
)  # fmt: skip
def test_words_of_another_form_are_refused_where_they_stand(faults, words):
    for way in ("", ", direction: way"):
        found = faults((CAME, f"{{recorded: {{file: came.csv, {words}{way}}}}}"), came_csv=LIST)
        assert {fault.file for fault in found} == {"x.yaml"}
        assert all(fault.path.startswith(AT) and fault.line == 40 for fault in found)


def test_an_overlay_changes_the_entry_and_so_every_class(scenario, tmp_path):
    scenario((CAME, WHOLE), came_csv=LIST)
    overlay = (
        "name: half\nextends: x.yaml\ntraffic: {tea: {scale: 0.5, arrivals: {recorded: "
        "{passes: null}}, route: {inspection: {share: 0.1}}}}\n"
    )
    (tmp_path / "half.yaml").write_text(overlay, encoding="utf-8")
    half = load("half.yaml")
    assert list(half.traffic.classes) == ["tea", "tin"]
    for name, cls in half.traffic.classes.items():
        assert (cls.scale, cls.route[1].share) == (0.5, 0.1)
        assert record(half, name).passes == {}
        assert set(record(half, name).work) == {"gate", "inspection"}

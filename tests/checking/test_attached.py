"""Tables that a scenario names: the file, its column, its cells, their unit."""

import pytest

OBSERVED = "time: {empirical: {file: seen.csv, column: minutes, unit: min}}"
PATH = "stages.gate.time.empirical"


def test_observed_values_are_read_in_seconds(scenario):
    made = scenario(("time: 5 min", OBSERVED), seen_csv="minutes,who\n5,a\n3.5,b\n")
    assert made.origin.observed["seen.csv", "minutes", "min"].tolist() == [210.0, 300.0]
    assert set(made.origin.digests) == {"seen.csv"}


def test_recorded_arrivals_are_read_in_utc(scenario):
    text = "arrival\n2024-03-04T08:00\n2024-03-04T08:00:00+06:00\n"
    made = scenario(("{rate: 60 per day}", "{recorded: {file: came.csv}}"), came_csv=text)
    assert made.origin.recorded["came.csv", "arrival"].tolist() == [1_709_510_400, 1_709_517_600]


def test_missing_file_and_the_nearest(says):
    new = OBSERVED.replace("seen", "sene")
    words = ("`sene.csv`, no such file", "a CSV file, relative to", "did you mean `seen.csv`?")
    says("time: 5 min", new, "sene.csv", f"{PATH}.file", *words, seen_csv="minutes\n1\n")


@pytest.mark.parametrize("name", ['"a\\0b.csv"', "/dev/null", "."])
def test_impossible_files(faults, name):
    (fault,) = faults(("time: 5 min", OBSERVED.replace("seen.csv", name)))
    assert (fault.path, fault.code) == (f"{PATH}.file", "missing-file")


def test_missing_column_and_the_nearest(says):
    words = ("`minutes`", "a column of seen.csv", "did you mean `minute`?")
    says("time: 5 min", OBSERVED, "minutes", f"{PATH}.column", *words, seen_csv="minute\n1\n")


def test_no_rows(says):
    words = ("no rows in seen.csv", "at least one row")
    says("time: 5 min", OBSERVED, "seen.csv", f"{PATH}.file", *words, seen_csv="minutes\n")


def test_bad_cells_with_their_lines(faults):
    text = "minutes\n5\nfive\n-1\n\n6\nnan\n"
    found = faults(("time: 5 min", OBSERVED), seen_csv=text)
    assert [(fault.file, fault.line, fault.found) for fault in found] == [
        ("seen.csv", 3, "`five`"),
        ("seen.csv", 4, "`-1`"),
        ("seen.csv", 7, "`nan`"),
    ]
    assert {fault.expected for fault in found} == {"a number of 0 or more in min"}


def test_many_bad_cells_are_counted(faults):
    found = faults(("time: 5 min", OBSERVED), seen_csv="minutes\n" + "x\n" * 50)
    assert len(found) == 11
    assert found[-1].found == "40 more such cells up to here"


def test_empty_cells(faults):
    (fault,) = faults(("time: 5 min", OBSERVED), seen_csv="minutes,a\n,1\n5,1\n")
    assert (fault.line, fault.found) == (2, "an empty cell")


def test_bad_instants(faults):
    text = "arrival\n2024-03-04T08:00\n4 March\n2024-03-04T25:00\n9999-12-31\n"
    found = faults(("{rate: 60 per day}", "{recorded: {file: came.csv}}"), came_csv=text)
    assert [fault.line for fault in found] == [3, 4, 5]
    assert found[0].found == "`4 March`"
    assert "such as 2024-09-21T08:15:00" in found[0].expected


@pytest.mark.parametrize(
    ("old", "key", "unit", "found", "expected"),
    [
        ("time: 5 min", "time", ", unit: t", "`t`", '"min"'),
        ("time: 5 min", "time", "", "no `unit`", '"min"'),
        ("load: 21 t", "load", ", unit: min", "`min`", '"t", "kg"'),
        ("load: 21 t", "residents", ", unit: t", "`t`", "no unit"),
    ],
)
def test_units_of_columns(faults, old, key, unit, found, expected):
    new = f"{key}: {{empirical: {{file: seen.csv, column: a{unit}}}}}"
    (fault,) = faults((old, new), seen_csv="a\n1\n")
    assert fault.path.endswith("empirical.unit")
    assert fault.found == found
    assert expected in fault.expected


def test_two_files_of_one_name(faults, tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "seen.csv").write_text("minutes\n9\n", encoding="utf-8")
    (tmp_path / "deep" / "base.yaml").write_text(
        f"stages:\n  release:\n    {OBSERVED}\n", encoding="utf-8"
    )
    (fault,) = faults(
        ("name: small", "name: small\nextends: deep/base.yaml"),
        ("    time: 1 min\n", ""),
        ("time: 5 min", OBSERVED),
        seen_csv="minutes\n1\n",
    )
    assert fault.expected == "one file of this name in the whole scenario"

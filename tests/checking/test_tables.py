"""CSV files as people save them: what is read rightly, and what is refused with its line."""

import pytest

from portsim.checking import load
from portsim.errors import ScenarioError

MINUTES = ("time: 5 min", "time: {empirical: {file: seen.csv, column: minutes, unit: min}}")
CAME = ("{rate: 60 per day}", "{recorded: {file: came.csv}}")
KEY = ("seen.csv", "minutes", "min")


@pytest.fixture
def minutes(write, tmp_path):
    """Minutes read from bytes or text."""

    def read(content, old="unit: min", new="unit: min"):
        write(("time: 5 min", MINUTES[1].replace(old, new)))
        data = content if isinstance(content, bytes) else content.encode()
        (tmp_path / "seen.csv").write_bytes(data)
        return (load("x.yaml").origin.observed[KEY] / 60).round(9).tolist()

    return read


@pytest.fixture
def refused(minutes):
    """Lines and words of the faults of a file."""

    def of(content, **changes):
        with pytest.raises(ScenarioError) as caught:
            minutes(content, **changes)
        return [(f.line, f.found, f.expected, f.hint) for f in caught.value.faults]

    return of


# ---- separators, quotes, rows ------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "id,minutes\n1,5\n2,7.5\n",
        "id;minutes\n1;5\n2;7,5\n",
        "id\tminutes\r\n1\t5\r\n2\t7,5\r\n",
        "id|minutes\n1|5\n2|7.5",
        "sep=;\nid;minutes\n1;5\n2;7,5\n",
        'id,minutes\n1,5\n2,"7,5"\n',
        "minutes\n5\n7,5\n",
        'minutes\n"5"\n"7,5"\n',
        "\n\nid,minutes,\n1,5,\n\n,,\n2,7.5,,\n",
        "Id ; minutes \n1; 5\n2; 7,5 \n",
        'id,minutes\n3" pipe,5\n"a ""b"", c",7.5\n',
        'id,minutes\n"two\nlines",5\n2,7.5\n',
    ],
)
def test_one_table_in_many_forms(minutes, text):
    assert minutes(text) == [5.0, 7.5]


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("id,minutes,remark\n1,12,5,ok\n2,7,ok,\n", 2, "a row of 4 cells"),
        ("id,minutes,remark\n1,12,ok\n2,7\n", 3, "a row of 2 cells"),
        (
            'id,minutes\n1,5\n"2,6\n3",7\n',
            3,
            'a quote `"` that is opened here and closed in line 4',
        ),
        ('id,minutes\n1,5\n"2,6\n3,7\n', 3, 'a quote `"` that is not closed'),
        ('id,minutes\n1,5\n"2" x,6\n', 3, 'text after a closing quote `"`'),
        ('minutes\n5\n"6\n7"\n', 3, 'a quote `"` that is opened here and closed in line 4'),
    ],
)
def test_broken_rows_are_named_by_their_line(refused, text, line, found):
    (fault,) = refused(text)
    assert fault[0] == line
    assert fault[1].startswith(found)


def test_a_decimal_comma_among_commas_is_told(refused):
    ((_, _, expected, hint),) = refused("id,minutes,remark\n1,12,5,ok\n")
    assert expected == "3 cells, as in the header"
    assert "belongs in quotes" in hint


def test_lines_count_what_is_skipped(refused):
    ((line, *_),) = refused("sep=;\n\nid;minutes\n1;5\n\n2;x\n")
    assert line == 6


def test_many_ragged_rows_are_counted(refused):
    found = refused("id,minutes\n" + "1\n" * 40)
    assert len(found) == 11
    assert found[-1][:2] == (41, "30 more such rows up to here")


def test_a_column_named_twice_is_refused(refused):
    ((_, found, *_),) = refused("minutes,minutes\n1,2\n")
    assert found == "2 columns of this name in seen.csv"


# ---- codings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "coding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk", "big5"],
)
def test_chinese_codings(minutes, coding):
    text = "\ufeff" if coding in ("utf-16-le", "utf-16-be") else ""
    text += "編號,查驗,minutes\n一,是,5\n二,否,7.5\n"
    assert minutes(text.encode(coding)) == [5.0, 7.5]


@pytest.mark.parametrize("coding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(minutes, coding):
    assert minutes("id\tminutes\n1\t5\n".encode(coding)) == [5.0]


@pytest.mark.parametrize(
    ("coding", "name"),
    [("gb18030", "分钟"), ("cp1251", "минуты"), ("koi8_r", "минуты"), ("utf-8", "分钟")],
)
def test_the_header_tells_the_coding(minutes, tmp_path, write, coding, name):
    """Few letters fit many codings; only one of them gives the column that is wanted."""
    write(("time: 5 min", MINUTES[1].replace("column: minutes", f"column: {name}")))
    (tmp_path / "seen.csv").write_bytes(f"№;{name}\n1;5\n2;7,5\n".replace("№", "n").encode(coding))
    read = load("x.yaml").origin.observed["seen.csv", name, "min"]
    assert read.tolist() == [300.0, 450.0]


def test_bytes_that_are_no_text(refused):
    assert refused(b"\xff\xfe\x00")[0][1] == "bytes that are no text"


def test_a_faulty_cell_of_an_old_coding_is_shown_as_it_stands(refused):
    ((line, found, *_),) = refused("编号,minutes\n一,五\n".encode("gb18030"))
    assert (line, found) == (2, "`五`")


# ---- numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        ("12,5 7,25", [7.25, 12.5]),
        ("12.5 1,234.5", [12.5, 1234.5]),
        ("12,5 1.234,5", [12.5, 1234.5]),
        ("1,234,567 1,234", [1234.0, 1234567.0]),
        ("1.234.567 1.234", [1234.0, 1234567.0]),
        ("0,125 1,234", [0.125, 1.234]),
        ("1234,567 1,234", [1.234, 1234.567]),
        ("1.234 2", [1.234, 2.0]),
        ("21\u00a0450 1\u202f000,5", [1000.5, 21450.0]),
        ("21'450 7", [7.0, 21450.0]),
        ("１２．５ 7", [7.0, 12.5]),
        ("1e3 1.5E2", [150.0, 1000.0]),
        (".5 5.", [0.5, 5.0]),
    ],
)
def test_decimals_and_thousands(minutes, cells, values):
    assert minutes("minutes\n" + "\n".join(cells.split(" ")) + "\n") == values


@pytest.mark.parametrize(("sign", "value"), [(".", 21450.0), (",", 21.45)])
def test_what_a_column_does_not_show_must_be_said(minutes, refused, sign, value):
    text = "minutes\n21,450\n20,980\n"
    ((line, found, expected, hint),) = refused(text)
    assert (line, found) == (2, "`21,450`, which may be 21450 or 21.450")
    assert expected == "a column that shows which sign stands before the decimals"
    assert 'decimal: ","' in hint
    assert minutes(text, new=f'unit: min, decimal: "{sign}"')[1] == value


def test_with_semicolons_a_point_may_part_thousands(minutes, refused):
    assert refused("id;minutes\n1;1.234\n")[0][1] == "`1.234`, which may be 1234 or 1.234"
    assert minutes("id;minutes\n1;1.234\n2;12,5\n") == [12.5, 1234.0]


@pytest.mark.parametrize(
    ("cells", "line", "found"),
    [
        ("12.5 12,5", 3, "`12,5` after `12.5` in line 2"),
        ("12.5 12,34,5", 3, "`12,34,5`"),
        ("1_000", 2, "`1_000`"),
        ("1e300", 2, "`1e300`"),
        ("1e400", 2, "`1e400`"),
        ("inf", 2, "`inf`"),
        ("-3", 2, "`-3`"),
        ("5min", 2, "`5min`"),
        ("12:30", 2, "`12:30`"),
        ("6000000", 2, "`6000000`"),
    ],
)
def test_no_numbers(refused, cells, line, found):
    ((at, said, *_),) = refused("minutes\n" + "\n".join(cells.split(" ")) + "\n")
    assert (at, said) == (line, found)


def test_one_column_is_read_in_one_way(write, faults):
    new = "time: {empirical: {file: seen.csv, column: minutes, unit: min, decimal: '.'}}"
    (fault,) = faults(
        MINUTES, ("time: {lognormal: {mean: 25 min, cv: 0.9}}", new), seen_csv="minutes\n5\n"
    )
    assert fault.expected == "one `decimal` for all that read this column"


def test_a_number_far_from_all_others_is_doubted(warning):
    only = warning(MINUTES, seen_csv="minutes\n" + "5\n" * 9 + "6,5\n40000\n")
    assert (only.line, only.code) == (12, "outlier")
    assert only.found == "a number `40000`, 8,000 times the median 5"

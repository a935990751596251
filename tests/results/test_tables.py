"""Tables to bytes and back."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portsim.errors import InputError
from portsim.results.tables import (
    COMPARISON,
    CURVES,
    REPLICATIONS,
    SUMMARY,
    from_csv,
    from_parquet,
    to_csv,
    to_parquet,
)
from portsim.statistics import comparison, curves, intervals
from thorough import cases

TABLE = {"name": "text", "value": "number", "count": "integer"}


def frame(names, values, counts):
    table = pd.DataFrame({"name": names, "value": values, "count": counts})
    return table.astype({"name": str, "value": np.float64, "count": np.int64})


def test_the_tables_of_statistics_are_those_of_the_folder():
    assert list(SUMMARY) == intervals.SUMMARY
    assert list(COMPARISON) == comparison.COMPARISON
    assert list(CURVES) == curves.CURVES


def test_the_text_of_a_csv():
    table = frame(
        ["", '中, "x"', "=1+1", "-a", "+b", "@c", "\td", "'=e", "'f", "NA"],
        [0.1 + 0.2, -1.5, -0.0, np.nan, 1e-12, 123456789012, 1 / 3, 100, 5e-324, 1e300],
        range(10),
    )
    data = to_csv(table, TABLE, "t.csv")
    assert data.startswith(b"\xef\xbb\xbfname,value,count\n")
    assert data.decode("utf-8-sig").split("\n")[1:] == [
        ",0.3,0",
        '"中, ""x""",-1.5,1',
        "'=1+1,0,2",
        "'-a,,3",
        "'+b,1e-12,4",
        "'@c,1.23456789e+11,5",
        "'\td,0.3333333333,6",
        "''=e,100,7",
        "'f,4.940656458e-324,8",
        "NA,1e+300,9",
        "",
    ]


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), max_size=8)
formulas = st.builds(str.__add__, st.sampled_from(["=", "'=", "''@", "-", "\t", "'", "nan"]), words)
rows = st.tuples(
    words | formulas,
    st.floats(allow_infinity=False, width=32),
    st.integers(-(2**63), 2**63 - 1),
)


@settings(max_examples=cases(60, 150), deadline=None)
@given(st.lists(rows, min_size=1, max_size=6))
def test_csv_there_and_back(found):
    table = frame(*map(list, zip(*found, strict=True)))
    data = to_csv(table, TABLE, "t.csv")
    back = from_csv(data, TABLE, "t.csv")
    assert back["name"].tolist() == table["name"].tolist()
    assert back["count"].tolist() == table["count"].tolist()
    np.testing.assert_allclose(back["value"], table["value"], rtol=1e-9)
    assert to_csv(back, TABLE, "t.csv") == data


def test_dtypes_after_reading_even_when_empty():
    for table in (frame([], [], []), frame(["", ""], [np.nan, np.nan], [1, 2])):
        back = from_csv(to_csv(table, TABLE, "t.csv"), TABLE, "t.csv")
        pd.testing.assert_frame_equal(back, table)


def test_a_carriage_return_becomes_a_line_end():
    data = to_csv(frame(["a\rb", "c\r\nd"], [1, 2], [1, 2]), TABLE, "t.csv")
    assert from_csv(data, TABLE, "t.csv")["name"].tolist() == ["a\nb", "c\nd"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"name;value;count\na;1;2\n",
        b"name,value,count\na,x,1\n",
        b"name,value,count\na,1,\n",
        b"name,value,count,more\na,1,1,1\n",
        b"name,value,count\na,1,2\na,1,2,3\n",
    ],
)
def test_a_damaged_csv_is_named(data):
    with pytest.raises(InputError, match=r"t\.csv: "):
        from_csv(data, TABLE, "t.csv")


def test_parquet_there_and_back():
    table = pd.DataFrame(
        {
            "scenario": pd.Categorical(["b", "a", "b"], categories=["b", "a"]),
            "x": [0.5, 1.5, np.nan],
            "y": np.array([1, 2, 3], dtype=np.float32),
            "n": np.array([1, 2, 3], dtype=np.int32),
            "name": ["", "中", "="],
        },
        index=[7, 8, 9],
    )
    data = to_parquet(table, None, "t.parquet")
    assert data == to_parquet(table.copy(), None, "t.parquet")
    pd.testing.assert_frame_equal(
        from_parquet(data, None, "t.parquet"), table.reset_index(drop=True)
    )


def test_missing_columns_and_damaged_parquet_are_named():
    with pytest.raises(ValueError, match=r"summary\.csv lacks the columns truck_class, place"):
        to_csv(pd.DataFrame({"scenario": ["a"]}), SUMMARY, "summary.csv")
    with pytest.raises(InputError, match=r"t\.parquet: cannot be read"):
        from_parquet(b"PAR1", CURVES, "t.parquet")
    data = to_parquet(pd.DataFrame({"a": [1]}), None, "t")
    with pytest.raises(InputError, match=r"t\.parquet: the columns must be scenario"):
        from_parquet(data, CURVES, "t.parquet")
    assert "note" not in REPLICATIONS

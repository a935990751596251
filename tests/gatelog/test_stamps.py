"""Stamps as people and spreadsheets write them, and the zones they are in."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatelog_known import at, cleaned
from portsim.errors import InputError
from portsim.gatelog.stamping import orders, parts_of, resolution, stamped
from portsim.tables.parts import text_array

HEADER = "plate,arrival,gate end\n"


def two(cell, end="2025-03-14 12:00"):
    return f'{HEADER}A,"{cell}","{end}"\n'


@pytest.mark.parametrize(
    "cell",
    [
        "2025-03-05 08:40",
        "2025-03-05T08:40:00.999",
        "2025-03-05T13:40+05:00",
        "2025/3/5 8:40 AM",
        "5.3.2025 8:40",
        "05.03.25 08:40:00",
        "5-Mar-2025 08:40",
        "05-MAR-25 08:40",
        "2025年3月5日8时40分",
        "２０２５-０３-０５　０８：４０",
        "20250305084000",
        "202503050840",
        "45721.361111111",
        "1741164000",
        "1741164000000",
        "2025-03-05T08:40Z",
    ],
)
def test_one_instant_in_many_forms(read, cell):
    assert read(two(cell)).trucks["arrival"][0] == at("2025-03-05 08:40")


def test_24_00_is_the_end_of_the_day(read):
    assert read(two("2025-03-05 24:00")).trucks["arrival"][0] == at("2025-03-06 00:00")


def test_a_whole_column_shows_what_the_day_is(read):
    text = HEADER + "A,3/4/2025 08:00,3/4/2025 09:00\nB,3/13/2025 08:00,3/14/2025 09:00\n"
    log = read(text)
    assert log.trucks["arrival"].tolist() == [at("2025-03-04 08:00"), at("2025-03-13 08:00")]
    assert log.mapping.dates == "month"


def test_another_column_of_the_table_may_show_it(read):
    log = read(HEADER + "A,12/3/2025 23:00,13/3/2025 01:00\n")
    assert log.trucks["arrival"][0] == at("2025-03-12 23:00")


def test_what_no_column_shows_is_asked_for(refused, read, tmp_path):
    text = HEADER + "A,3/4/2025 08:00,3/4/2025 09:00\nB,3/5/2025 08:00,3/5/2025 09:00\n"
    ((code, line, found, _, hint),) = refused(text)
    assert (code, line) == ("dates", 2)
    assert found.startswith("`3/4/2025 08:00`")
    assert hint.startswith("write into the map dates: day-first, or month-first")
    words = tmp_path / "map.yaml"
    for order, first in (("day-first", "2025-04-03 08:00"), ("month-first", "2025-03-04 08:00")):
        words.write_text(f"dates: {order}\n")
        assert read(text, mapping=words).trucks["arrival"][0] == at(first)


def test_two_orders_in_one_table_are_refused(refused):
    ((code, _, found, _, _),) = refused(HEADER + "A,13/4/2025 08:00,4/13/2025 09:00\n")
    assert code == "dates"
    assert "among dates of another order" in found


def test_each_file_has_its_own_order(read):
    first = HEADER + "A,13/3/2025 08:00,13/3/2025 09:00\n"
    second = HEADER + "B,3/14/2025 08:00,3/14/2025 09:00\n"
    log = read({"a.csv": first, "b.csv": second})
    assert log.trucks["arrival"].tolist() == [at("2025-03-13 08:00"), at("2025-03-14 08:00")]


def test_years_of_two_digits_may_stand_anywhere(read):
    text = HEADER + "A,25/03/13 08:00,25/03/13 09:00\nB,25/03/14 08:00,25/03/31 09:00\n"
    text += "".join(f"C{n},25/03/{n:02} 08:00,25/03/{n:02} 09:00\n" for n in range(1, 13))
    log = read(text)
    assert log.mapping.dates == "year"
    assert log.first == at("2025-03-01 08:00")


@given(st.dates(dt.date(2000, 1, 1), dt.date(2037, 12, 31)), st.integers(0, 86_399))
def test_what_is_written_is_read(date, second):
    """One form a cell; the order is told by a date that has but one."""
    clock = str(dt.timedelta(seconds=second))
    want = dt.datetime.combine(date, dt.time(), dt.UTC).timestamp() + second
    for form, other in (("%Y-%m-%d", ""), ("%d/%m/%Y", "31/12/2020"), ("%m/%d/%Y", "12/31/2020")):
        cells = [f"{date.strftime(form)} {clock}", f"{other or '2020-12-31'} 0:00"]
        parts = parts_of(text_array(cells))
        (order, *_) = [one for one, possible in orders(parts.dates).items() if possible]
        assert stamped(parts, order, "UTC").seconds[0] == want


def test_the_zone_is_that_of_the_offsets_unless_one_is_named(read):
    text = two("2025-03-05T13:40:30+05:00", "2025-03-05T14:00:00+05:00")
    log = read(text)
    assert log.timezone == "Etc/GMT-5"
    assert "offset" in log.mapping.evidence["timezone"]
    assert read(text, timezone="Asia/Almaty").timezone == "Asia/Almaty"
    assert read(two("2025-03-05T13:40+05:30", "2025-03-05T14:00+05:30")).timezone in (
        "Asia/Calcutta",
        "Asia/Colombo",
        "Asia/Kolkata",
    )


def test_clocks_without_offset_are_those_of_the_zone(read):
    text = two("2025-03-05 13:40", "2025-03-05 14:00")
    assert read(text).timezone == "UTC"
    assert read(text, timezone="Asia/Almaty").trucks["arrival"][0] == at("2025-03-05 08:40")
    with pytest.raises(InputError, match="no time zone is called"):
        read(text, timezone="Asia/Almati")


def test_a_zone_for_each_side(read, tmp_path):
    text = "plate,arrival,gate end,far gate end\n"
    text += "A,2025-03-05 08:00,2025-03-05 08:10,2025-03-05 06:00\n"
    text += "B,2025-03-05 09:00,2025-03-05 09:10,2025-03-05 07:00\n"
    words = tmp_path / "map.yaml"
    zone = "{stage: far gate, stamp: end, timezone: Asia/Almaty}"
    words.write_text(f"timezone: Asia/Shanghai\ncolumns:\n  far gate end: {zone}\n")
    log = read(text, mapping=words)
    assert log.stages == ("gate", "far gate")
    assert log.visits["end"].tolist()[:2] == [at("2025-03-05 00:10"), at("2025-03-05 01:00")]
    assert log.cleaning.empty


def test_clock_changes(read):
    """02:30 comes twice in October: the second time where the first is before its time."""
    text = HEADER + "A,2024-10-27 02:40,2024-10-27 02:30\nB,2024-10-27 02:10,2024-10-27 02:50\n"
    text += "C,2024-10-27 01:00,2024-10-27 04:00\n"
    log = read(text, timezone="Europe/Berlin")
    a, b = (log.trucks["truck"] == plate for plate in "AB")
    ends = log.visits.set_index("truck")["end"]
    assert log.trucks["arrival"][a].item() == at("2024-10-27 00:40")
    assert ends[log.trucks.index[a][0]] == at("2024-10-27 01:30")
    assert ends[log.trucks.index[b][0]] == at("2024-10-27 00:50")
    treatments = log.cleaning["treatment"].tolist()
    assert treatments.count("taken as the second, which comes after the stamps before it") == 1
    assert treatments.count("taken as the first") == 3
    skipped = read(HEADER + "A,2025-03-30 02:30,2025-03-30 04:00\n", timezone="Europe/Berlin")
    assert skipped.trucks["arrival"][0] == at("2025-03-30 01:00")
    assert cleaned(skipped) == [(2, "A", "arrival", "a time that the clock skips")]


def test_times_of_day_beside_a_date(read, refused):
    text = "date,plate,arrival,gate end\n2025-03-03,A,08:00,08:40\n2025-03-03,B,23:50,00:20\n"
    log = read(text)
    assert log.visits["end"].tolist() == [at("2025-03-03 08:40"), at("2025-03-04 00:20")]
    assert cleaned(log) == [(3, "B", "gate", "a time of day before the arrival")]
    ((code, _, _, _, hint),) = refused("plate,arrival\nA,08:00\n")
    assert (code, hint) == ("no-dates", "write into the map under columns: NAME: date")


def test_a_date_for_each_time_of_day(read, tmp_path):
    text = "Kennzeichen;Ankunft Datum;Ankunft Zeit;Ausfahrt Datum;Ausfahrt Zeit\n"
    text += "A;13.03.2025;23:00;14.03.2025;01:00\nB;14.03.2025;08:00;14.03.2025;09:00\n"
    log = read(text)
    assert log.visits["end"].tolist() == [at("2025-03-14 01:00"), at("2025-03-14 09:00")]
    assert log.cleaning.empty
    log.write_map(tmp_path / "map.yaml")
    assert read(text, mapping=tmp_path / "map.yaml").visits.equals(log.visits)


def test_a_clock_of_another_zone_is_suspected(read):
    rows = "".join(f"K{n},2025-03-05 08:{n:02},2025-03-05 06:{n + 9:02}\n" for n in range(20))
    log = read(HEADER + rows)
    ((*_, what),) = cleaned(log)
    assert what == "gate end before arrival in 20 of 20 trucks"
    assert "write timezone: beside the column" in log.cleaning["treatment"][0]


@pytest.mark.parametrize(
    ("clock", "step"),
    [
        ([60, 120, 3600], 60),
        ([60, 121], 1),
        ([-1, -1], 86_400),
        ([0, 0, 0], 86_400),
        ([900 * n for n in range(1, 30)], 900),
        ([], 86_400),
    ],
)
def test_resolution(clock, step):
    assert resolution(parts_clock(clock)) == step


def parts_clock(clock):
    import numpy as np  # noqa: PLC0415

    return np.array(clock, dtype=np.int64)


def test_an_unreadable_stamp_is_taken_as_blank(read):
    rows = "".join(f"K{n},2025-03-05 08:{n:02},2025-03-05 09:{n:02}\n" for n in range(10))
    log = read(HEADER + rows + "A,2025-02-30 08:00,2025-03-05 09:30\nB,2025-03-05 08:00,soon\n")
    assert (12, "A", "arrival", "unreadable stamp") in cleaned(log)
    assert (13, "B", "gate", "unreadable stamp") in cleaned(log)
    assert log.lost.stamps == 2

"""Holidays and make-up days against the notices of the two states."""

import datetime as dt

import pytest

from portsim.calendars import about_state, closed_days, make_up_days, swapped_days, undecided
from portsim.scenario.calendar import Holidays


def dates(*texts: str) -> set[dt.date]:
    return {dt.date.fromisoformat(text) for text in texts}


def days(year: int, month: int, first: int, last: int) -> set[dt.date]:
    return {dt.date(year, month, day) for day in range(first, last + 1)}


def holidays(**words: object) -> Holidays:
    return Holidays.model_validate(words)


def test_china_2024() -> None:
    """Weekdays off in the notice of the State Council of 2023-10-25."""
    off = {day for day in closed_days(holidays(country="CN"), [2024]) if day.weekday() < 5}

    assert off == (
        dates("2024-01-01", "2024-04-04", "2024-04-05", "2024-06-10", "2024-09-16", "2024-09-17")
        | days(2024, 2, 12, 16)
        | days(2024, 5, 1, 3)
        | days(2024, 10, 1, 4)
        | dates("2024-10-07")
    )


def test_china_makes_up_in_2024() -> None:
    assert make_up_days("CN", [2024]) == {
        dt.date(2024, 2, 4): 3,
        dt.date(2024, 2, 18): 4,
        dt.date(2024, 4, 7): 4,
        dt.date(2024, 4, 28): 3,
        dt.date(2024, 5, 11): 4,
        dt.date(2024, 9, 14): 0,
        dt.date(2024, 9, 29): 4,
        dt.date(2024, 10, 12): 0,
    }
    assert swapped_days("CN", [2024])[dt.date(2024, 9, 29)] == dt.date(2024, 10, 4)


def test_a_day_of_december_makes_up_for_one_of_january() -> None:
    assert swapped_days("CN", [2001])[dt.date(2001, 12, 29)] == dt.date(2002, 1, 2)
    assert swapped_days("CN", [2002]).keys().isdisjoint(dates("2001-12-29"))


def test_kazakhstan_2024() -> None:
    closed = closed_days(holidays(country="KZ"), [2024])

    assert {day for day in closed if day.month == 3} == dates("2024-03-08") | days(
        2024, 3, 21, 23
    ) | dates("2024-03-25")
    assert dt.date(2024, 5, 8) in closed
    assert make_up_days("KZ", [2024]) == {dt.date(2024, 5, 4): 2}


def test_kazakhstan_swaps_between_two_weekdays_make_nothing_up() -> None:
    assert dt.date(2020, 5, 11) not in make_up_days("KZ", [2020])
    assert dt.date(2020, 5, 11) not in closed_days(holidays(country="KZ"), [2020])


@pytest.mark.parametrize("country", ["CN", "KZ"])
def test_without_observed_only_the_holidays_themselves(country: str) -> None:
    strict = closed_days(holidays(country=country, observed=False), [2024, 2025])
    office = closed_days(holidays(country=country), [2024, 2025])

    assert strict.keys() < office.keys()
    assert not [name for name in strict.values() if "observed" in name or "Day off" in name]
    assert dt.date(2024, 1, 1) in strict


def test_only() -> None:
    spring = closed_days(holidays(country="CN", only=["spring festival"]), [2024])

    assert set(spring) == days(2024, 2, 10, 14)
    two = closed_days(holidays(country="CN", observed=False, only=["New Year's Day"]), [2024, 2025])
    assert set(two) == dates("2024-01-01", "2025-01-01")


def test_only_may_name_a_holiday_of_other_years() -> None:
    eve = holidays(country="CN", only=["New Year's Eve"])

    assert closed_days(eve, [2024]) == {}
    assert set(closed_days(eve, [2025])) == dates("2025-01-28")


def test_only_with_an_unknown_name_names_the_nearest() -> None:
    with pytest.raises(ValueError, match="Nowruz Holiday"):
        closed_days(holidays(country="KZ", only=["Nauryz Holiday"]), [2024])
    with pytest.raises(ValueError, match="its names are such as"):
        closed_days(holidays(country="KZ", only=["xyzzy"]), [2024])


def test_years_in_any_order_and_none() -> None:
    words = holidays(country="CN")

    assert list(closed_days(words, [2025, 2024])) == sorted(closed_days(words, [2024, 2025]))
    assert closed_days(words, []) == {}
    assert make_up_days("CN", []) == {}


def test_make_up_days_are_working_weekend_days() -> None:
    for country in ("CN", "KZ"):
        closed = closed_days(Holidays(country=country), range(2001, 2027))
        for worked, paid in swapped_days(country, range(2001, 2026)).items():
            assert worked.weekday() >= 5
            assert worked not in closed
            assert paid in closed


def test_years_not_yet_announced() -> None:
    assert undecided("CN", range(2001, 2027)) == []
    assert undecided("CN", [2060, 2024, 2059]) == [2059, 2060]
    assert undecided("KZ", [2060]) == []


def test_any_country_with_its_parts() -> None:
    """Poland has Christmas Eve off since 2025; Bavaria has Corpus Christi, Berlin has not."""
    poland = closed_days(holidays(country="PL"), [2024, 2025])
    assert dt.date(2025, 12, 24) in poland
    assert dt.date(2024, 12, 24) not in poland
    assert poland[dt.date(2025, 11, 11)] == "National Independence Day"
    corpus_christi = dt.date(2025, 6, 19)
    for part, off in (("BY", True), ("BE", False), (None, False)):
        state = holidays(country="DE", subdivision=part)
        assert (corpus_christi in closed_days(state, [2025])) is off
    (day,) = closed_days(holidays(country="DE", subdivision="BY", only=["Corpus"]), [2025])
    assert day == corpus_christi


@pytest.mark.parametrize("country", ["RU", "BY", "CN", "KZ", "MN", "IR", "TR", "IN", "US"])
def test_other_neighbours_have_holidays_and_swaps_are_on_weekends(country: str) -> None:
    assert closed_days(holidays(country=country), [2024])
    for worked in swapped_days(country, range(2015, 2025)):
        assert worked.weekday() in (4, 5, 6)


@pytest.mark.parametrize(
    ("country", "part", "wrong", "hint"),
    [
        ("PL", None, "", ""),
        ("DE", "BY", "", ""),
        ("Polska", None, "country", ""),
        ("Poland!", None, "country", "did you mean `PL`?"),
        ("哈萨克斯坦", None, "country", "did you mean `KZ`?"),
        ("Украина", None, "country", "did you mean `UA`?"),
        ("pl", None, "country", "did you mean `PL`?"),
        ("Atlantis", None, "country", "e.g. CN, KZ, PL, DE"),
        ("DE", "Bayern", "subdivision", "it has BB, BE, BW"),
        ("MC", "X", "subdivision", "it has none"),
    ],
)
def test_what_is_meant(country: str, part: str | None, wrong: str, hint: str) -> None:
    found, said = about_state(country, part)
    assert found == wrong
    assert said.startswith(hint)

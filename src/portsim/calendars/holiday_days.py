"""The room of calendars, its feasts: which dates a state closes and which it works instead.

The dates come from the ``holidays`` library, whose sources are the states' own notices; no hours
and no zones enter here.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import warnings
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

import holidays as library
from babel import Locale

from portsim.languages import LANGUAGES

if TYPE_CHECKING:
    from portsim.scenario.calendar import Holidays

__all__ = ["about_state", "closed_days", "make_up_days", "swapped_days", "undecided"]

State = tuple[str, str | None]
"""ISO 3166 code of a country, and of a part of it."""

_BRIDGE = re.compile(r"^Day off \(substituted from (\d{2})/(\d{2})/(\d{4})\)$")
_FIRST_CHINESE_SWAPS = 2001
_NAMED_YEARS = range(2000, 2031)


def _library(state: State, year: int, observed: bool = True) -> library.HolidayBase:
    country, subdivision = state
    with warnings.catch_warnings():
        # It warns of years of which it knows nothing; who asks is told in words of ours.
        warnings.simplefilter("ignore", UserWarning)
        return library.country_holidays(
            country,
            subdiv=subdivision,
            years=year,
            observed=observed,
            language="en_US",
            expand=False,
        )


@cache
def _names(state: State, year: int, observed: bool) -> tuple[tuple[dt.date, tuple[str, ...]], ...]:
    """Names of each day off of a year, in English if the library has them, ascending by date."""
    days_off = _library(state, year, observed)
    return tuple((date, tuple(names.split("; "))) for date, names in sorted(days_off.items()))


@cache
def _all_names(state: State) -> tuple[str, ...]:
    """Every name the library has for a state, without its remarks."""
    names = {
        re.sub(r" \((observed|estimated|observed, estimated)\)$", "", name)
        for year in _NAMED_YEARS
        for _, day in _names(state, year, True)
        for name in day
        if not _BRIDGE.match(name)
    }
    return tuple(sorted(names))


def _state(holidays: Holidays) -> State:
    return holidays.country, holidays.subdivision


def about_state(country: str, subdivision: str | None) -> tuple[str, str]:
    """Why the library knows no holidays of a country or of a part of it, and a hint.

    Out: ``country`` or ``subdivision`` for what is wrong, empty if nothing is; and what may be
    meant, empty if that cannot be told.
    """
    known = library.list_supported_countries(include_aliases=True)
    if country not in known:
        return "country", _country_meant(country, known)
    if subdivision is not None and subdivision not in known[country]:
        near = difflib.get_close_matches(subdivision, known[country], n=1)
        if near:
            return "subdivision", f"did you mean `{near[0]}`?"
        return "subdivision", f"it has {', '.join(known[country]) or 'none'}"
    return "", ""


def _country_meant(country: str, known: Iterable[str]) -> str:
    """A code for what may be a name, or another code."""
    names = {
        name.casefold(): code
        for language in LANGUAGES
        for code, name in Locale.parse(language).territories.items()
        if code in known
    }
    if country.upper() in known:
        return f"did you mean `{country.upper()}`?"
    near = difflib.get_close_matches(country.casefold(), names, n=1, cutoff=0.75)
    return f"did you mean `{names[near[0]]}`?" if near else "e.g. CN, KZ, PL, DE"


def _check_only(holidays: Holidays, years: Iterable[int]) -> None:
    """Refuse a text of `only` that fits no name of these years nor of any year around ours."""
    state = _state(holidays)
    of_years = {n for year in years for _, day in _names(state, year, True) for n in day}
    known = [*_all_names(state), *sorted(of_years), "Day off (substituted)"]
    for text in holidays.only or ():
        if any(text.casefold() in name.casefold() for name in known):
            continue
        names = {name.casefold(): name for name in _all_names(state)}
        near = difflib.get_close_matches(text.casefold(), names, cutoff=0.4)
        hint = ", ".join(names[name] for name in near) or ", ".join(_all_names(state))
        msg = f"no holiday of {holidays.country} is called {text!r}; its names are such as {hint}"
        raise ValueError(msg)


def closed_days(holidays: Holidays, years: Iterable[int]) -> dict[dt.date, str]:
    """The dates on which a calendar closes because a state celebrates.

    In: the words of the scenario; the years wanted, in any order. With ``observed`` the days on
    which a holiday is made good and the bridge days too, without it the holidays themselves alone;
    ``only`` keeps the days with a name that contains one of its texts, in either case of letters.
    Out: local date -> English name(s), ascending. Raises ValueError for a text of ``only`` that
    fits no holiday of that state; the message names the nearest.
    """
    wanted = sorted(set(years))
    _check_only(holidays, wanted)
    closed: dict[dt.date, str] = {}
    for year in wanted:
        for date, names in _names(_state(holidays), year, holidays.observed):
            kept = [name for name in names if holidays.observed or not _BRIDGE.match(name)]
            if holidays.only is not None:
                kept = [
                    name
                    for name in kept
                    if any(text.casefold() in name.casefold() for text in holidays.only)
                ]
            if kept:
                closed[date] = "; ".join(kept)
    return closed


def swapped_days(
    country: str, years: Iterable[int], subdivision: str | None = None
) -> dict[dt.date, dt.date | None]:
    """Weekend days that a state has declared working days, and the day off each makes up for.

    In: ISO 3166 code; the years of the working days; a part of the state. Out: working date -> the
    date off that it pays for, None where the library does not say; ascending.
    """
    wanted = set(years)
    state = country, subdivision
    swaps: dict[dt.date, dt.date | None] = {}
    # The end of December may pay for a bridge day in January.
    for year in sorted(wanted | {year + 1 for year in wanted}):
        days_off = _library(state, year)
        for date in days_off.weekend_workdays:
            swaps.setdefault(date, None)
        for off, names in _names(state, year, True):
            for match in filter(None, map(_BRIDGE.match, names)):
                worked = dt.date(int(match[3]), int(match[1]), int(match[2]))
                if worked.weekday() in days_off.weekend and worked not in days_off:
                    swaps[worked] = off
    return {date: swaps[date] for date in sorted(swaps) if date.year in wanted}


def make_up_days(country: str, years: Iterable[int]) -> dict[dt.date, int]:
    """Weekend days that a state has declared working days, with the weekday they stand for.

    In: ISO 3166 code; the years of the working days. Out: local date -> weekday, Monday = 0, of the
    day off it makes up for; Monday where the library does not say which day that is.
    """
    return {
        date: off.weekday() if off is not None else 0
        for date, off in swapped_days(country, years).items()
    }


def undecided(country: str, years: Iterable[int]) -> list[int]:
    """Years whose make-up days the library does not hold yet, ascending: their dates are a guess.

    China's State Council has moved working days in every year since 2001, announced each November
    for the next year; a year without any is a year not announced. Always empty for other states.
    """
    if country != "CN":
        return []
    return [
        year
        for year in sorted(set(years))
        if year >= _FIRST_CHINESE_SWAPS
        and not any(_BRIDGE.match(n) for _, day in _names((country, None), year, True) for n in day)
    ]

"""Checks of zones and holidays: they exist, and the years asked for are decided."""

import re

from portsim.calendars import UnknownZone, about_state, closed_days, undecided, zone, zone_names
from portsim.checking.findings import Findings, Path
from portsim.errors import MOST_SHOWN
from portsim.reading.text import short
from portsim.scenario.calendar import Holidays
from portsim.scenario.model import Scenario

__all__ = ["check_holidays", "check_zones"]

_PLACES = {
    **dict.fromkeys(
        ("beijing", "北京", "china", "cst", "prc", "bakhtu", "巴克图"), "Asia/Shanghai"
    ),
    **dict.fromkeys(("astana", "kazakhstan", "nur-sultan", "bakhty"), "Asia/Almaty"),
    "xinjiang": "Asia/Urumqi",
}
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*[+-]\s*\d{1,2}(?::?\d{2})?")


def check_zones(findings: Findings, scenario: Scenario) -> bool:
    """Zones that exist; whether all of them do."""
    places: list[tuple[Path, str]] = [(("timezone",), scenario.timezone)]
    places += [
        (("calendars", name, "timezone"), calendar.timezone)
        for name, calendar in scenario.calendars.items()
        if calendar.timezone is not None
    ]
    places += [
        (("resources", name, "refill", "timezone"), resource.refill.timezone)
        for name, resource in scenario.resources.items()
        if resource.refill is not None and resource.refill.timezone is not None
    ]
    if scenario.shifts is not None and scenario.shifts.timezone is not None:
        places.append((("shifts", "timezone"), scenario.shifts.timezone))
    hints: dict[str, str | None] = {}
    for path, name in places:
        if name not in hints and len(hints) < MOST_SHOWN:
            hints[name] = _hint_on(name)
        hint = hints.get(name, None if name in zone_names() else "")
        if hint is not None:
            findings.error(path, "unknown-zone", "an IANA time zone such as Asia/Almaty", hint)
    return all(name in zone_names() for _, name in places)


def _hint_on(name: str) -> str | None:
    """A hint on a zone that does not exist; None if it does."""
    try:
        zone(name)
    except UnknownZone as error:
        return _hint(name, error.nearest)
    return None


def _hint(name: str, nearest: tuple[str, ...]) -> str:
    words = name.strip().lower()
    meant = _PLACES.get(words.rpartition("/")[2])
    if meant:
        return f"did you mean `{meant}`?"
    if _OFFSET.fullmatch(name.strip()):
        return "name a city's zone: an offset does not know when its clocks change"
    names = [f"`{zone_name}`" for zone_name in nearest]
    return f"did you mean {' or '.join(names)}?" if names else ""


def check_holidays(findings: Findings, scenario: Scenario) -> None:
    """Holidays that exist, and a warning for years whose make-up days are not decided."""
    years = range(scenario.period.first_day.year - 1, scenario.period.last_day.year + 1)
    for name, calendar in scenario.calendars.items():
        for number, holidays in enumerate(calendar.holidays):
            where: Path = ("calendars", name, "holidays", number)
            key, hint = about_state(holidays.country, holidays.subdivision)
            if key:
                expected = "the ISO 3166 code of a country whose holidays are known"
                if key == "subdivision":
                    expected = f"a part of {holidays.country} with holidays of its own"
                findings.error((*where, key), "unknown-holiday", expected, hint)
                continue
            for item, text in enumerate(holidays.only or ()):
                try:
                    closed_days(holidays.model_copy(update={"only": (text,)}), years)
                except ValueError as error:
                    names = str(error).rpartition("such as ")[2]
                    findings.error(
                        (*where, "only", item),
                        "unknown-holiday",
                        f"part of the English name of a holiday of {holidays.country}",
                        f"names are such as {short(names, 300)}",
                    )
            of_period = range(scenario.period.first_day.year, scenario.period.last_day.year + 1)
            _check_empty(findings, where, holidays, of_period)
            for year in undecided(holidays.country, of_period) if holidays.make_up else ():
                findings.warn(
                    (*where, "country"),
                    "undecided",
                    f"make-up working days that {holidays.country} has decided",
                    f"those of {year} are not announced yet; the calendar takes none, and its "
                    "days off are a guess",
                    f"{holidays.country} in {year}",
                )


def _check_empty(findings: Findings, where: Path, holidays: Holidays, years: range) -> None:
    """Warn of years in which a country has no holiday: suspended by a law, or not known."""
    whole = holidays.model_copy(update={"only": None})
    empty = [str(year) for year in years if not closed_days(whole, [year])]
    if empty:
        findings.warn(
            (*where, "country"),
            "no-holidays",
            f"holidays of {holidays.country}",
            "the calendar closes on none: were they suspended, or are they not known? close the "
            "dates under `closed`",
            f"no holiday of {holidays.country} in {', '.join(empty)}",
        )

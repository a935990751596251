"""The words of shifts: who may work when, at which posts, and what an hour of theirs costs.

What people may be asked to work, as a roster is looked for; which roster is chosen, and what the
chosen one does to a port, may not enter. No run depends on it.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from portsim.scenario.base_model import Count, Listed, Name, Part, Several
from portsim.scenario.calendar import Spans
from portsim.scenario.clock import DAY_S, parse_days, parse_time_of_day
from portsim.scenario.labels import Label, by_language
from portsim.scenario.resources import Days
from portsim.scenario.units import Duration, Money, parse_duration
from portsim.scenario.validation_messages import ValueFault
from portsim.scenario.value_text import pen, spelt_time

__all__ = ["Break", "Night", "Overtime", "Pattern", "People", "Post", "Shifts", "Weekend"]

HOUR_S, WEEK_S = 3600, 7 * DAY_S
_STARTS = 'times of day such as [06:00, 14:00], or a range with its step, "06:00..20:00:1 h"'
_PATTERNS = '"5 on 2 off", "12 h on 24 off" or weekdays such as "Mon-Fri"'
_DAYS_ON = re.compile(r"(\d+)\s*(?:d|days?)?\s*on,?\s*(\d+)\s*(?:d|days?)?\s*off")
_HOURS_ON = re.compile(r"(\d+)\s*(?:h|hours?)\s*on,?\s*(\d+)\s*(?:h|hours?)?\s*off")


def parse_starts(value: Any) -> tuple[int, ...]:
    """Read times of day, or a range of them, into seconds after midnight, sorted.

    Raises:
        Wrong: no such times, a range that does not rise or whose step does not reach its end, or a
            time twice.
    """
    if isinstance(value, str) and ".." in value:
        first, _, rest = value.partition("..")
        match = re.fullmatch(r"\s*(\d{1,2}:\d{2})\s*(?::\s*(.+))?", rest)
        if match is None:
            raise ValueFault(expected=_STARTS, code="starts")
        low, high = parse_time_of_day(first), parse_time_of_day(match[1])
        step = round(parse_duration(match[2])) if match[2] else HOUR_S
        if step < 60 or high <= low or (high - low) % step:
            raise ValueFault(
                expected=_STARTS,
                hint="the range rises, and its steps of a minute or more reach the last time",
                code="starts",
            )
        times = list(range(low, high + 1, step))
    else:
        rows = value if isinstance(value, list | tuple) else [value]
        times = [row if type(row) is int else parse_time_of_day(row) for row in rows]
    if not times:
        raise ValueFault(expected=_STARTS, code="starts")
    if any(not 0 <= time < DAY_S for time in times):
        raise ValueFault(expected=_STARTS, hint="24:00 is the 00:00 of the next day", code="starts")
    if len(set(times)) < len(times):
        raise ValueFault(expected="each time once", code="starts")
    return tuple(sorted(times))


def _spelt_starts(times: tuple[int, ...]) -> list[str]:
    return [spelt_time(time) for time in times]


Starts = Annotated[
    tuple[int, ...],
    BeforeValidator(parse_starts),
    pen(_spelt_starts),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "examples": ["06:00..20:00:1 h", "08:00"]},
                {"type": "array", "items": {"type": "string", "examples": ["06:00"]}},
            ]
        }
    ),
]


@dataclass(frozen=True, slots=True)
class Pattern:
    """In which turn somebody works and is free.

    Attributes:
        on: seconds at work in a row; of whole days, days times 86,400.
        off: seconds free after them.
        days: weekdays, Monday = 0, of a pattern that is the same every week; else empty.
        by_hour: whether on and off are hours of the clock and no days.
    """

    on: int = 0
    off: int = 0
    days: tuple[int, ...] = ()
    by_hour: bool = False

    @classmethod
    def of(cls, text: str) -> Self:
        """The pattern that a text names.

        Raises:
            Wrong: no pattern, nothing on or nothing off, a shift longer than a day, or a turn of
                more than eight weeks.
        """
        plain = " ".join(text.lower().split())
        if match := _DAYS_ON.fullmatch(plain):
            made = cls(int(match[1]) * DAY_S, int(match[2]) * DAY_S)
        elif match := _HOURS_ON.fullmatch(plain):
            made = cls(int(match[1]) * HOUR_S, int(match[2]) * HOUR_S, by_hour=True)
            if made.on > DAY_S:
                raise ValueFault(
                    expected="a shift of at most a day",
                    hint=f"nobody works {match[1]} h without going home; write e.g. 24 h on 72 off",
                    found=f"{match[1]} h on",
                    code="shift",
                )
        else:
            try:
                return cls(days=tuple(sorted(set(parse_days(text)))))
            except ValueFault:
                raise ValueFault(expected=_PATTERNS, code="pattern") from None
        if not made.on or not made.off or made.on + made.off > 8 * WEEK_S:
            raise ValueFault(
                expected=_PATTERNS,
                hint="some of it is on and some off, and it comes round within eight weeks",
                code="pattern",
            )
        return made


def _check_pattern(text: str) -> str:
    Pattern.of(text)
    return text


Turn = Annotated[
    str,
    AfterValidator(_check_pattern),
    WithJsonSchema({"type": "string", "examples": ["5 on 2 off", "12 h on 24 off", "Mon-Fri"]}),
]
Factor = Annotated[float, Field(ge=1.0, le=10.0)]
"""How many times the wage is paid."""


class Break(Part):
    """Time in a shift in which somebody is away from the post."""

    after: Annotated[Several[Duration], Field(min_length=1)]
    """So long after the shift began; of several, each is a shift of its own."""
    lasts: Duration
    """How long it lasts."""
    covered: bool = True
    """Whether somebody else must stand in: the fewest on duty are then there without whoever has
    this break; else a break does not count against them."""
    paid: bool = True
    """Whether it is paid like work."""


class Night(Part):
    """Hours of the night, which are paid more."""

    hours: Annotated[Spans, Field(min_length=1)] = ((22 * HOUR_S, 30 * HOUR_S),)
    """Wall-clock hours that count as night."""
    times: Factor
    """So many times the wage is paid in them."""


class Weekend(Part):
    """Weekdays that are paid more."""

    days: Days = (5, 6)
    """Weekdays that count as weekend."""
    times: Factor
    """So many times the wage is paid on them."""


class Overtime(Part):
    """Hours of a week beyond a number, which are paid more."""

    over: Duration
    """Hours of a week that are paid as usual; of a pattern of several weeks, on the average."""
    times: Factor
    """So many times the wage is paid beyond them."""


class People(Part):
    """People who may be asked to work alike, and what they cost."""

    label: Annotated[Label, by_language] = Label()
    """What they are called, for tables."""
    posts: Annotated[Several[Name], Field(min_length=1)]
    """The servers whose work they can do; somebody does one of them in a shift."""
    starts: Starts
    """When shifts may begin, wall clock of the shifts' zone."""
    lengths: Annotated[Several[Duration], Field(min_length=1)]
    """How long a shift may be, breaks in it included."""
    breaks: Listed[Break] = ()
    """Breaks of every shift that is longer than they are late."""
    patterns: Annotated[Several[Turn], Field(min_length=1)]
    """In which turns days, or hours, are worked and free: 5 on 2 off, 12 h on 24 off, Mon-Fri."""
    most: Count | None = None
    """How many people there are at most; as many as are needed, if left out."""
    wage: Money
    """What an hour of one of them costs."""
    night: Night | None = None
    """What is paid at night; as by day, if left out."""
    weekend: Weekend | None = None
    """What is paid at weekends; as on other days, if left out."""
    overtime: Overtime | None = None
    """What is paid beyond the hours of a week; the same, if left out."""

    @model_validator(mode="after")
    def _shifts_of_a_day(self) -> Self:
        for number, length in enumerate(self.lengths):
            if not 0 < length <= DAY_S:
                hours = f"{length / HOUR_S:g} h"
                raise ValueFault(
                    found=f"a shift of {hours}",
                    expected="a shift of more than 0 h, of at most a day",
                    hint="what goes on longer is several shifts: write lengths: [12 h] and a "
                    "pattern such as 12 h on 24 off",
                    code="shift",
                    at=("lengths", number),
                )
        longest = max(self.lengths)
        for number, pause in enumerate(self.breaks):
            if pause.lasts <= 0 or max(pause.after) + pause.lasts > longest:
                raise ValueFault(
                    expected=f"a break within the longest shift, of {longest / HOUR_S:g} h",
                    hint="it begins `after` so long and `lasts` so long; both lie in the shift",
                    code="break",
                    at=("breaks", number),
                )
        for number, text in enumerate(self.patterns):
            turn = Pattern.of(text)
            if turn.by_hour and turn.on not in self.lengths:
                raise ValueFault(
                    found=f"`{text}`",
                    expected=f"a pattern whose shift is one of the lengths "
                    f"{', '.join(f'{length / HOUR_S:g} h' for length in self.lengths)}",
                    hint=f"add {turn.on // HOUR_S} h to lengths",
                    code="pattern",
                    at=("patterns", number),
                )
        return self


class Post(Part):
    """Servers for whom a roster is looked for."""

    fewest: Count = 0
    """So many must be on duty while the calendar below is open."""
    within: Name | None = None
    """When the fewest must be there; whenever a stage that takes these servers is open, if left
    out."""
    most: Count | None = None
    """So many at most are on duty at a time: there is room for no more."""


class Shifts(Part):
    """Who may work when, for `portsim roster`; no run depends on it."""

    timezone: str | None = None
    """IANA zone of the wall clock of all shifts; the port's if left out."""
    people: Annotated[dict[Name, People], Field(min_length=1)]
    """The people there are, by what they can do and what they may be asked."""
    posts: dict[Name, Post] = Field(default_factory=dict)
    """Servers with a word of their own on how many are on duty; the others that people can do
    stand for themselves."""

    @property
    def staffed(self) -> tuple[str, ...]:
        """Names of the posts for which a roster is looked for, in the order of the file."""
        named = [*self.posts, *(post for people in self.people.values() for post in people.posts)]
        return tuple(dict.fromkeys(named))

"""The room of results: what was cleaned of a log and what a fit leaves open, in the language being
spoken; the lists themselves are data and stay English.

Each sentence of a list has its pattern here; one that has none is said as it stands.
"""

import re
from collections.abc import Iterator
from functools import cache

import pandas as pd

from portsim.wording import later, say

__all__ = ["in_words", "listed"]

_ALIKE = 3
"""Oddities found once and treated alike that are listed one by one."""

_SENTENCES = (
    later("a day entered twice"),
    later("a row twice"),
    later("dropped, the first stays"),
    later("an arrival in two rows"),
    later("dropped, the row with more stamps stays"),
    later("an event of no truck"),
    later("blank"),
    later("no stamp"),
    later("a stamp twice with two times"),
    later("the first is taken"),
    later("two stamps swapped"),
    later("swapped back, which makes the order right"),
    later("a stamp out of order"),
    later("the stamp is dropped"),
    later("a clock {hours} h fast"),
    later("a clock {hours} h slow"),
    later("moved back by {hours} h"),
    later("moved on by {hours} h"),
    later("perhaps the clock of {stages} {hours} h fast from {first} to {last}"),
    later("perhaps the clock of {stages} {hours} h slow from {first} to {last}"),
    later("perhaps the clocks of {stages} {hours} h fast from {first} to {last}"),
    later("perhaps the clocks of {stages} {hours} h slow from {first} to {last}"),
    later("left as it is: waits may have been as long, or hours others"),
    later("a stay of more than a week"),
    later("kept"),
    later("a stay that no other truck comes near"),
    later("the stamp far from the others is dropped"),
    later("the truck is dropped"),
    later("a row months away from all others"),
    later("unfinished when the log ends"),
    later("nothing after the first stages, long before the log ends"),
    later("kept, without its last stamps"),
    later("inside when the log begins"),
    later("kept, without its arrival"),
    later("{stage} not stamped in {lacking} of {count} trucks that got beyond it"),
    later("taken as not passed; write it into always: of the map if all pass it"),
    later("taken as passed, not stamped"),
    later("taken as not known"),
    later("{first} before {second} in {wrong} of {count} trucks"),
    later("left as it is; a clock of another zone? write timezone: beside the column"),
    later("a time that the clock shows twice"),
    later("taken as the first"),
    later("taken as the second, which comes after the stamps before it"),
    later("a time that the clock skips"),
    later("taken as the next that it shows"),
    later("a time of day before the arrival"),
    later("taken as that of the next day"),
    later("unreadable stamp"),
    later("taken as not stamped"),
    later("a row of {cells} cells where the header has {count}"),
    later("left out"),
    later("a table without a column of stamps"),
    later("a row without a stamp"),
    later("the column `{name}` is now called `{other}`"),
    later("read as one"),
    later("the column `{name}` is there no more"),
    later("taken as blank"),
    later("a column `{name}` that was not there before"),
    later("taken as blank before"),
    later("no record on {date}"),
    later("no arrival on {date}"),
    later("taken as closed: {count} of {all} {weekdays} have none"),
    later("taken as closed: {count} trucks were inside all day"),
    later("taken as lost: other {weekdays} have {count}"),
    later("{name} unreadable"),
    later("{name} blank"),
)

_NOTES = (
    later("more fit alike: say --servers if you know"),
    later("fits alike: say --servers {stage}=N if you know"),
    later(
        "no truck tells of the rest: as on other weekdays or at other stages where they tell, or at"
        " a half hour"
    ),
    later("too few to tell whether at random"),
    later("nobody stood before it then"),
    later("assumed: no work reaches over a closing"),
    later(
        "no truck left without being served; whoever turned away before the first stamp is not in"
        " the log"
    ),
    later("p = {value}; it may be chance, and stands in no factor"),
)
"""Why a value of a fit is not surely told, as `fit.csv` notes it."""

_WEEKDAYS = (
    later("Mondays"),
    later("Tuesdays"),
    later("Wednesdays"),
    later("Thursdays"),
    later("Fridays"),
    later("Saturdays"),
    later("Sundays"),
)


def in_words(text: str) -> str:
    """A sentence of `GateLog.cleaning`, or a note of a fit, in the language being spoken.

    Args:
        text: what was found, or how it was treated, as `GateLog.counts` has it.
    """
    for sentence, pattern in _patterns():
        told = pattern.fullmatch(text)
        if told:
            named = told.groupdict()
            if named.get("weekdays") in _WEEKDAYS:
                named["weekdays"] = say(named["weekdays"])
            return say(sentence, **named)
    return text


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (sentence, re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(sentence))))
        for sentence in (*_SENTENCES, *_NOTES)
    )


def listed(counts: pd.DataFrame) -> Iterator[tuple[list[str], str, int]]:
    """What was cleaned, how and how often; of many that were found once and treated alike, such as
    the Sundays of years, the first and the last. In: `GateLog.counts`."""
    once = counts[counts["n"].groupby(counts["treatment"]).transform("max").eq(1)]
    alike = {
        str(treatment): oddities.tolist()
        for treatment, oddities in once["what"].groupby(once["treatment"])
        if len(oddities) > _ALIKE
    }
    for oddity, treatment, n in counts.to_numpy(object).tolist():
        if treatment not in alike:
            yield [oddity], treatment, n
        elif oddity == alike[treatment][0]:
            yield [oddity, alike[treatment][-1]], treatment, len(alike[treatment])

"""What was cleaned, in the language being spoken: the list itself is data and stays English.

Each sentence of the list has its pattern here; one that has none is said as it stands.
"""

import re
from functools import cache

from portsim.wording import later, say

__all__ = ["in_words"]

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
    """A sentence of `GateLog.cleaning` in the language being spoken.

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
        for sentence in _SENTENCES
    )

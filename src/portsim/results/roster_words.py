"""The room of results: the cells of a roster as people read them, in the language being spoken.

Tables keep them as a scenario writes them; what is worked out of them may not enter.
"""

import re
from collections.abc import Mapping
from typing import Any

from portsim.scenario.clock import DAY_S
from portsim.scenario.shifts import HOUR_S, Pattern
from portsim.wording import say, weekdays

__all__ = ["breaks_text", "day_text", "pattern_text", "shift_text"]

_BREAK = re.compile(r"([\d.]+) h \+([\d.]+) min")


def breaks_text(row: Mapping[Any, Any]) -> str:
    """After which work which break is, of a row of roster.csv; empty without any."""
    return _BREAK.sub(
        lambda found: say("{hours} h +{minutes} min", hours=found[1], minutes=found[2]),
        str(row["breaks"] or ""),
    )


def shift_text(row: Mapping[Any, Any]) -> str:
    """From when to when and the breaks, of a row of roster.csv, in one line."""
    breaks = breaks_text(row)
    return f"{row['shift']} ({breaks})" if breaks else str(row["shift"])


def pattern_text(written: str) -> str:
    """In which turn somebody works and is free: ``5 on 2 off``, ``Mon-Fri``."""
    turn = Pattern.of(written)
    if turn.days:
        return weekdays(turn.days)
    unit = HOUR_S if turn.by_hour else DAY_S
    numbers = {"on": turn.on // unit, "off": turn.off // unit}
    if turn.by_hour:
        return say("{on} h on {off} h off", **numbers)
    return say("{on} on {off} off", **numbers)


def day_text(written: str, labels: Mapping[str, Any]) -> str:
    """When somebody works on a day, of people.csv; where there is a choice, at which post.

    Args:
        written: shifts, each with the name of its post before it or without.
        labels: what posts are called, by name.
    """
    parts = []
    for part in filter(None, written.split(", ")):
        post, _, shift = part.rpartition(" ")
        parts.append(f"{labels.get(post, post)} {shift}" if post else shift)
    return say(", ").join(parts)

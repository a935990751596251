"""The gate log of a row a truck: its columns of stamps become the trucks of a draft.

Rows that stand twice and stamps that cannot be read are found here; what is odd among stamps that
can be read is found later.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from portsim.gatelog.cleaning import Cleaning
from portsim.gatelog.draft import ARRIVAL, Draft, Key
from portsim.gatelog.mapping import STAMPS, LogMap
from portsim.gatelog.rows import Rows, Taken, column_names, numbers_of, stamps_of, texts_of
from portsim.gatelog.sheets import Sheet
from portsim.gatelog.stamping import Stamped

__all__ = ["SKIPPED", "UNREAD", "facts_of_rows", "from_trucks", "no_again"]

UNREAD = ("unreadable stamp", "taken as not stamped")
NEXT_DAY = ("a time of day before the arrival", "taken as that of the next day")
_DAY_S = 86_400
SKIPPED = ("a time that the clock skips", "taken as the next that it shows")


def from_trucks(
    sheets: Sequence[Sheet],
    words: LogMap,
    taken: Taken,
    order: Sequence[str],
    zone: str,
    cleaning: Cleaning,
) -> tuple[Draft, dict[Key, int]]:
    """The trucks of a log of a row a truck, and the resolution of each stamp in seconds."""
    rows = Rows.of(sheets)
    n = len(rows.line)
    names: dict[Key, list[str]] = {}
    for name, column in words.columns.items():
        if column.role == "arrival":
            names.setdefault(ARRIVAL, []).append(name)
        elif column.role == "stamp":
            names.setdefault((column.stage, column.stamp), []).append(name)
    keys = sorted(names, key=lambda key: (key != ARRIVAL, STAMPS.index(key[1]) if key[0] else 0))
    seconds, doubled = np.full((n, len(keys)), np.nan), np.zeros((n, len(keys)), dtype=bool)
    steps: dict[Key, int] = {}
    for number, key in enumerate(keys):
        stamped, steps[key] = stamps_of(sheets, taken, order, words, names[key], zone)
        seconds[:, number], doubled[:, number] = stamped.seconds, stamped.doubled
        note_stamps(stamped, key[0] or "arrival", cleaning)
        if keys[0] == ARRIVAL:
            # Of a time of day alone nobody knows the day but by what came before.
            next_day = stamped.bare & (stamped.seconds < seconds[:, 0])
            seconds[next_day, number] += _DAY_S
            cleaning.add(np.flatnonzero(next_day), key[0], *NEXT_DAY)
    resources = {
        column.stage: texts_of(sheets, [name])
        for name, column in words.columns.items()
        if column.role == "resource" and column.stage
    }
    where = np.where(np.isnan(seconds), -1, np.arange(n)[:, None])
    facts = facts_of_rows(sheets, words, cleaning)
    draft = Draft(tuple(keys), seconds, doubled, where, np.arange(n), facts, resources, no_again())
    return draft, steps


def note_stamps(stamped: Stamped, stage: str, cleaning: Cleaning) -> None:
    """What could not be read, and what no clock shows."""
    cleaning.add(np.flatnonzero(stamped.unread), stage, *UNREAD)
    cleaning.add(np.flatnonzero(stamped.skipped), stage, *SKIPPED)


def no_again() -> pd.DataFrame:
    """No visit of a stage that was passed before."""
    return pd.DataFrame(
        {
            "truck": np.zeros(0, dtype=np.int64),
            "stage": np.zeros(0, dtype=object),
            **{stamp: np.zeros(0) for stamp in STAMPS},
            "resource": np.zeros(0, dtype=object),
        }
    )


def facts_of_rows(sheets: Sequence[Sheet], words: LogMap, cleaning: Cleaning) -> pd.DataFrame:
    """What each row of the log says of a truck besides its stamps."""
    facts: dict[str, Any] = {}
    for role in ("truck", "truck_class", "direction"):
        facts[role] = texts_of(sheets, column_names(words.columns, role))
    for role in ("load", "value"):
        each = column_names(words.columns, role)
        facts[role] = numbers_of(sheets, each, role, words, cleaning)
    if any(words.columns[name].unit == "kg" for name in column_names(words.columns, "load")):
        facts["load"] = facts["load"] / 1000.0
    return pd.DataFrame(facts)

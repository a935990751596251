"""The gate log's files held against each other: columns that come, go, or change their name.

Only names of columns and what they are may enter.
"""

from collections.abc import Sequence
from itertools import pairwise

from portsim.gatelog.cleaning import Cleaning
from portsim.gatelog.mapping import Column, LogMap
from portsim.gatelog.sheets import Sheet
from portsim.reading.text import short

__all__ = ["note_changes"]


def note_changes(sheets: Sequence[Sheet], words: LogMap, cleaning: Cleaning) -> None:
    """Note tables whose columns are not those of the table before.

    Args:
        sheets: the tables, in their order.
        words: what the columns are.
        cleaning: notes each column.
    """
    for before, after in pairwise(sheets):
        gone = [name for name in before.names if name not in after.names]
        come = [name for name in after.names if name not in before.names]
        for name in gone:
            column = words.columns[name]
            other = next((each for each in come if _same(words.columns[each], column)), "")
            if other:
                come.remove(other)
                oddity = f"the column `{short(name)}` is now called `{short(other)}`"
                cleaning.say(after.file, after.line, oddity, "read as one")
            else:
                oddity = f"the column `{short(name)}` is there no more"
                cleaning.say(after.file, after.line, oddity, "taken as blank")
        for name in come:
            oddity = f"a column `{short(name)}` that was not there before"
            cleaning.say(after.file, after.line, oddity, "taken as blank before")


def _same(first: Column, second: Column) -> bool:
    meaning, other_meaning = (
        (each.role, each.stage.casefold(), each.stamp) for each in (first, second)
    )
    return meaning == other_meaning and first.role != "ignore"

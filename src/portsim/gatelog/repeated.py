"""The gate log's copies: rows that stand twice, and days that were entered twice.

Of copies the first stays. Without plates two equal rows may be two trucks: then only whole days go.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.gatelog.cleaning import Cleaning
from portsim.gatelog.draft import ARRIVAL, Draft

__all__ = ["DAY", "GONE", "ROW", "drop_copies", "whole_days"]

_FEWEST = 6
"""So many rows make a day that is told from chance."""
_NEARLY = 0.95
ROW = "a row twice"
DAY = "a day entered twice"
GONE = "dropped, the first stays"


def whole_days(day: Ints, copies: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which copies are of a day of which (nearly) every row has one.

    Args:
        day: int64[n], number of the day of each row; negative for none.
        copies: bool[n], rows that stood there before.
    """
    days, which = np.unique(day, return_inverse=True)
    again = np.bincount(which, weights=copies, minlength=len(days))
    once = np.bincount(which, weights=~copies, minlength=len(days))
    whole = (again >= _FEWEST) & (again >= _NEARLY * once) & (days >= 0)
    return np.asarray(copies & whole[which])


def drop_copies(draft: Draft, days: Ints, plates: bool, cleaning: Cleaning) -> Draft:
    """Drop copies, and of two rows of one arrival the one that tells less.

    Args:
        draft: the trucks.
        days: int64[n], number of the local day of the first stamp.
        plates: whether trucks can be told apart.
        cleaning: notes what goes.
    """
    copies = _copies(draft)
    of_days = whole_days(days, copies)
    cleaning.add(draft.first[of_days], "", DAY, GONE)
    gone = of_days
    if plates:
        cleaning.add(draft.first[copies & ~of_days], "", ROW, GONE)
        gone = copies | _lesser(draft, ~copies, cleaning)
    return draft.take(~gone) if gone.any() else draft


def _copies(draft: Draft) -> NDArray[np.bool_]:
    table = {f"fact {name}": _codes(draft.facts[name]) for name in draft.facts}
    table |= {f"stamp {number}": column for number, column in enumerate(draft.seconds.T)}
    return np.asarray(pd.DataFrame(table).duplicated())


def _codes(column: pd.Series) -> Ints | Reals:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return np.asarray(column.cat.codes, dtype=np.int64)
    return column.to_numpy(np.float64)


def _lesser(draft: Draft, among: NDArray[np.bool_], cleaning: Cleaning) -> NDArray[np.bool_]:
    """Rows of a plate that arrives at the same second as in another row that tells more."""
    column = draft.at(ARRIVAL)
    gone = np.zeros(len(among), dtype=bool)
    if column < 0:
        return gone
    plate = _codes(draft.facts["truck"])
    stamps = (~np.isnan(draft.seconds)).sum(axis=1)
    rows = np.flatnonzero(among & (plate >= 0) & ~np.isnan(draft.seconds[:, column]))
    rows = rows[np.argsort(-stamps[rows], kind="stable")]
    table = pd.DataFrame({"plate": plate[rows], "arrival": draft.seconds[rows, column]})
    gone[rows[table.duplicated().to_numpy()]] = True
    oddity = "an arrival in two rows"
    cleaning.add(draft.first[gone], "", oddity, "dropped, the row with more stamps stays")
    return gone

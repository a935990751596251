"""Putting whole numbers in order, in time proportional to how many there are."""

import numpy as np

from portsim.arrays import Ints, own
from portsim.compiling import runs_compiled

__all__ = ["argsort_ints", "at_ranks"]

_MOST = 63
"""Bits of the largest number."""
_FEW = 13
"""Bits of numbers that one pass puts in order: counts of so many values lie in the fastest memory.
"""


def argsort_ints(keys: Ints) -> Ints:
    """What ``np.argsort(keys, kind="stable")`` gives, int64[k], for int64[k] of 0 or more.

    Small numbers are put in order by how many of each there are (Knuth, The Art of Computer
    Programming 3, section 5.2); large ones with their places as their last digits, as plain numbers
    are sorted several at a time.
    """
    # Whoever only reads results need not wait until Numba is loaded.
    from portsim.measures.passes import by_digit  # noqa: PLC0415

    bits = max(1, int(keys.max(initial=0)).bit_length())
    if bits <= _FEW and runs_compiled(by_digit):
        order, counts = np.empty(len(keys), dtype=np.int64), np.zeros((1 << bits) + 1, np.int64)
        by_digit(own(keys), order, counts)
        return order
    place = len(keys).bit_length()
    if bits + place > _MOST:
        return np.argsort(keys, kind="stable")
    both = keys << place
    both |= np.arange(len(keys))
    both.sort()
    both &= (1 << place) - 1
    return both


def at_ranks(row: Ints, rising: Ints, ranks: Ints) -> Ints:
    """Numbers that have some ranks in their rows.

    Args:
        row: int64[k], the row of each number.
        rising: int64[k], the numbers, none below the one before it.
        ranks: int64[m, rows], from 0 up; those that a row does not have are 0.
    """
    # Whoever only reads results need not wait until Numba is loaded.
    from portsim.measures.passes import pick_ranks  # noqa: PLC0415

    picked = np.zeros_like(ranks)
    pick_ranks(own(row), own(rising), own(ranks), np.zeros(ranks.shape[1], np.int64), picked)
    return picked

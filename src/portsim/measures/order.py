"""Putting whole numbers in order, in time proportional to how many there are."""

import numpy as np

from portsim.arrays import Ints, own
from portsim.compiling import runs_compiled

__all__ = ["argsort_ints"]

_DIGIT = 13
"""Bits of a digit: counts of so many values lie in the fastest memory."""


def argsort_ints(keys: Ints) -> Ints:
    """What ``np.argsort(keys, kind="stable")`` gives, int64[k], for int64[k] of 0 or more.

    numpy compares numbers of 64 bits. Digit by digit, two passes order the seconds of a year
    whatever their order was, and one pass small numbers (Knuth, The Art of Computer Programming 3,
    section 5.2.5).
    """
    # Whoever only reads results need not wait until Numba is loaded.
    from portsim.measures.passes import by_digit  # noqa: PLC0415

    if not runs_compiled(by_digit):
        return np.argsort(keys, kind="stable")
    bits = max(1, int(keys.max(initial=0)).bit_length())
    order, spare, keys = np.arange(len(keys)), np.empty(len(keys), dtype=np.int64), own(keys)
    for shift in range(0, bits, _DIGIT):
        place = np.zeros((1 << min(_DIGIT, bits - shift)) + 1, dtype=np.int64)
        by_digit(keys, order, spare, shift, place)
        order, spare = spare, order
    return order

"""Compiled passes over whole numbers, quicker than numpy's: one digit in order, sums by row.

Nothing but loops over arrays that the caller made; when they are used is said in `order` and
`sums`, which load this room only when they need it.
"""

from portsim.arrays import Ints, Reals
from portsim.compiling import compiled

__all__ = ["add_up", "by_digit"]


@compiled
def by_digit(keys: Ints, order: Ints, sorted_: Ints, shift: int, place: Ints) -> None:
    """Put numbers in order of one binary digit of their keys; those alike stay as they stood.

    Args:
        keys: int64[n] of 0 or more.
        order: int64[k], the numbers of some keys as they stand.
        sorted_: int64[k], becomes these numbers in order.
        shift: lowest bit of the digit.
        place: int64[2**bits + 1] of 0, is used up.
    """
    mask = len(place) - 2
    for rank in range(len(order)):
        place[((keys[order[rank]] >> shift) & mask) + 1] += 1
    for digit in range(mask):
        place[digit + 1] += place[digit]
    for rank in range(len(order)):
        number = order[rank]
        digit = (keys[number] >> shift) & mask
        sorted_[place[digit]] = number
        place[digit] += 1


@compiled
def add_up(row: Ints, values: Ints, sums: Reals) -> None:
    """Add int64[k] values to their rows of float64 sums."""
    for number in range(len(row)):
        sums[row[number]] += values[number]

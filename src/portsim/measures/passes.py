"""Compiled passes over whole numbers, quicker than numpy's: order, sums by row, the most at a time.

Nothing but loops over arrays that the caller made; when they are used is said in `order`,
`sums` and `presences`, which load this room only when they need it.
"""

from portsim.arrays import Ints, Reals
from portsim.compiling import compiled

__all__ = ["add_up", "by_digit", "most_present", "pick_ranks"]


@compiled
def by_digit(keys: Ints, order: Ints, place: Ints) -> None:
    """Put small numbers in order; those alike stay as they stood.

    Args:
        keys: int64[n] of 0 or more.
        order: int64[n], becomes their places in order.
        place: int64[m] of 0, is used up; m − 2 is the largest number there may be.
    """
    for number in range(len(keys)):
        place[keys[number] + 1] += 1
    for key in range(len(place) - 1):
        place[key + 1] += place[key]
    for number in range(len(keys)):
        order[place[keys[number]]] = number
        place[keys[number]] += 1


@compiled
def add_up(row: Ints, values: Ints, sums: Reals) -> None:
    """Add int64[k] values to their rows of float64 sums."""
    for number in range(len(row)):
        sums[row[number]] += values[number]


@compiled
def most_present(
    order: Ints, row: Ints, weight: Ints, sortings: Ints, sums: Ints, peaks: Ints
) -> None:
    """Find the largest weight that is present at a time.

    Args:
        order: int64[2k], by time: number n < k is presence n that goes, n + k is one that comes.
        row, weight: int64[k], of each presence.
        sortings: int64[s, rows], sorts of each row; no two sortings share one.
        sums, peaks: int64[sorts] of 0; `peaks` becomes the largest weight of each sort.
    """
    for event in order:
        comes = event >= len(row)
        number = event - len(row) if comes else event
        for sorting in range(len(sortings)):
            sort = sortings[sorting, row[number]]
            sums[sort] += weight[number] if comes else -weight[number]
            peaks[sort] = max(peaks[sort], sums[sort])


@compiled
def pick_ranks(row: Ints, rising: Ints, ranks: Ints, count: Ints, picked: Ints) -> None:
    """Pick numbers by their ranks, see `order.at_ranks`; `count` is int64[rows] of 0."""
    for number in range(len(row)):
        here = row[number]
        for rank in range(len(ranks)):
            if ranks[rank, here] == count[here]:
                picked[rank, here] = rising[number]
        count[here] += 1

"""What trucks pass under shares that may still change: the words, without any share or luck.

Visits are laid out for every share at once, where somebody moves shares while looking at the
answer. Who asks for that works out here what chance may give; nothing is drawn here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints

__all__ = ["Reach", "Variants"]

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Reach:
    """What chance gives the m trucks of a class on the steps of its route."""

    possible: Bools
    """bool[m, steps], whether each truck passes each step under some of the shares, as far as
    chance is asked."""
    together: Bools
    """bool[k, steps], the steps that chance lets a truck pass together; each case once."""


@dataclass(frozen=True, eq=False, slots=True)
class Variants:
    """The visits of the m trucks of a class in each case."""

    group: Ints
    """int64[m], trucks of which all is alike but their luck."""
    legs: Sequence[Sequence[int]]
    """Of each group the legs of the route of which visits are laid out; some of them may never be
    driven together."""
    kinds: Sequence[Mapping[tuple[int, ...], Sequence[int]]]
    """Of each group, by the legs of the route that are driven, the kinds of these visits."""

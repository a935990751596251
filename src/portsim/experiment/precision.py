"""Goals of a study as objects: how precise a figure is to be.

They say in Python what ``--precision`` says in words; what the words mean is read in one place,
`portsim.experiment.goals`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from portsim.errors import InputError

__all__ = ["Precision", "in_words"]


@dataclass(frozen=True, slots=True)
class Precision:
    """How narrow the 95 % interval of a figure is to be: replications are added until it is.

    Attributes:
        measure: of the whole port, all classes, such as ``throughput_per_day``.
        half_width: largest half-width, in the unit of the measure; shares are 0 to 1.
        relative: largest half-width as a share of the mean, of a difference as a share of the
            baseline's mean: 0.01 is 1 %. One of the two must be given.
        difference: of the paired differences to the baseline, not of each scenario's value.

    Raises:
        InputError: neither `half_width` nor `relative` is given, or both.
    """

    measure: str
    half_width: float | None = None
    relative: float | None = None
    difference: bool = False

    def __post_init__(self) -> None:
        if (self.half_width is None) == (self.relative is None):
            raise InputError(
                f"Precision({self.measure!r}): give half_width, in the unit of the measure, or "
                "relative, as a share of the mean"
            )

    def __str__(self) -> str:
        """The goal as ``--precision`` spells it."""
        of = "difference:" if self.difference else ""
        if self.relative is None:
            return f"{of}{self.measure}={self.half_width!r}"
        # In decimals, so that 0.07 is the same goal as 7 %.
        return f"{of}{self.measure}={Decimal(repr(self.relative)) * 100}%"


def in_words(precision: str | Precision | Iterable[Precision] | None) -> str | None:
    """Goals as one text, as ``--precision`` takes it; None where nothing is asked."""
    if precision is None or isinstance(precision, str):
        return precision
    goals = [precision] if isinstance(precision, Precision) else list(precision)
    return ",".join(map(str, goals)) or None

"""Goals of a sweep and a search as objects: what must be kept, and what is to be small.

They say in Python what ``--require`` and ``--minimise`` say in words; what the words mean, and
whether there is such a class or place, is read in one place, `portsim.studies.promises`.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from portsim.errors import InputError

__all__ = ["Objective", "Require", "Requirement", "several_required"]


@dataclass(frozen=True, slots=True)
class _Located:
    """A measure of a class or a place."""

    measure: str
    truck_class: str = "all"
    place: str = ""

    @property
    def of(self) -> str:
        """The measure with its class and place, as it stands left of a sign."""
        cls = self.truck_class if self.truck_class != "all" else ""
        where = [word for word in (cls, self.place) if word]
        return f"{self.measure}[{', '.join(where)}]" if where else self.measure


@dataclass(frozen=True, slots=True)
class Objective(_Located):
    """What a search makes as small as it can: a measure, of a class or a place if one is named.

    Attributes:
        measure: such as ``stay_mean_h``; also ``cost`` or ``staffed_hours``, of the whole port.
        truck_class: class of trucks, a direction, or ``all``.
        place: a stage or a resource; empty for the whole port.
    """

    def __str__(self) -> str:
        """The objective as ``--minimise`` spells it."""
        return self.of


@dataclass(frozen=True, slots=True)
class Requirement(_Located):
    """A promise: a measure that must reach a value, or must not exceed one.

    Attributes:
        measure: such as ``completed_within_limit``.
        truck_class: class of trucks, a direction, or ``all``.
        place: a stage or a resource; empty for the whole port.
        at_least: the least that keeps the promise, in the unit of the measure; shares are 0 to 1.
        at_most: the most that keeps it. One of the two must be given.

    Raises:
        InputError: neither `at_least` nor `at_most` is given, or both, or no finite number.
    """

    at_least: float | None = None
    at_most: float | None = None

    def __post_init__(self) -> None:
        if (self.at_least is None) == (self.at_most is None):
            raise InputError(
                f"Requirement({self.of!r}): give at_least or at_most, in the unit of the measure"
            )
        if not math.isfinite(self.value):
            raise InputError(f"Requirement({self.of!r}): {self.value} is no number to hold it to")

    @property
    def value(self) -> float:
        """Where the promise ends to be kept, in the unit of the measure."""
        limit = self.at_most if self.at_least is None else self.at_least
        assert limit is not None
        return float(limit)

    @property
    def sign(self) -> float:
        """1 where more is better, −1 where less is."""
        return -1.0 if self.at_least is None else 1.0

    def __str__(self) -> str:
        """The promise as ``--require`` spells it."""
        number = f"{self.value:g}"
        # Two promises are never written alike: the text stands for them in a fingerprint.
        if float(number) != self.value:
            number = repr(self.value)
        return f"{self.of}{'<=' if self.at_least is None else '>='}{number}"


Require = str | Requirement | Iterable[str | Requirement]
"""One promise or several, in words or as objects."""


def several_required(require: Require) -> list[str | Requirement]:
    """Promises as a list; empty where nothing is required."""
    return [require] if isinstance(require, str | Requirement) else list(require)

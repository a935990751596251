"""The words of chance: distributions by their usual names and moments.

Only names, parameters and their limits live here; drawing from them is the business of
`portsim.demand`.
"""

import math
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Generic, Literal, Self, TypeVar

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from portsim.arrays import Reals
from portsim.scenario.base_model import Listed, Part
from portsim.scenario.validation_messages import ValueFault

__all__ = [
    "Distribution",
    "Empirical",
    "Law",
    "MeanCv",
    "Triangular",
    "TruncatedNormal",
    "Weibull",
    "Weighted",
    "check_gap",
    "spread",
]

Q = TypeVar("Q")
Positive = Annotated[float, Field(gt=0.0, le=100.0)]


class MeanCv(Part, Generic[Q]):
    """A distribution given by its mean and its coefficient of variation."""

    mean: Q
    """Mean."""
    cv: Positive
    """Standard deviation over mean."""


class Exponential(Part, Generic[Q]):
    """The memoryless distribution."""

    mean: Q
    """Mean."""


class Erlang(Part, Generic[Q]):
    """The sum of k exponentials."""

    mean: Q
    """Mean of the sum."""
    k: Annotated[int, Field(ge=1, le=1000)]
    """Number of phases; cv = 1/sqrt(k)."""


class Triangular(Part, Generic[Q]):
    """Least, most likely and largest value."""

    low: Q
    """Least value."""
    mode: Q
    """Most likely value."""
    high: Q
    """Largest value."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.mode <= self.high:  # type: ignore[operator]
            raise ValueFault(expected="low, mode and high in rising order", code="order")
        return self


class Uniform(Part, Generic[Q]):
    """Every value between two limits equally likely."""

    low: Q
    """Least value."""
    high: Q
    """Largest value."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.high:  # type: ignore[operator]
            raise ValueFault(expected="low and high in rising order", code="order")
        return self


_LEAST_PART = 1e-3
"""So much of a normal distribution must lie within its ends: the tail beyond has other laws."""


class TruncatedNormal(Part, Generic[Q]):
    """The normal distribution within two ends: what lies beyond is drawn again."""

    mean: Q
    """Mean of the whole normal distribution: what is cut away on one side moves the mean of the
    rest."""
    sd: Q
    """Standard deviation of the whole normal distribution."""
    low: Q | None = None
    """Least value; 0 if left out."""
    high: Q | None = None
    """Largest value; without end if left out."""

    @model_validator(mode="after")
    def _some_between(self) -> Self:
        low, high = self.ends
        if not self.sd > 0:  # type: ignore[operator]
            raise ValueFault(
                expected="a standard deviation above 0",
                hint="a value without spread is written as it is",
                code="distribution",
                at=("sd",),
            )
        if not low < high:
            raise ValueFault(expected="a low below the high", code="order", at=("high",))
        a, b = ((end - self.mean) / self.sd for end in (low, high))  # type: ignore[operator]
        # Of the two tails the smaller one is told exactly.
        part = math.erfc(a / 2**0.5) - math.erfc(b / 2**0.5)
        if a < 0.0:
            part = math.erfc(-b / 2**0.5) - math.erfc(-a / 2**0.5)
        if abs(part) / 2.0 < _LEAST_PART:
            raise ValueFault(
                found=f"{abs(part) / 2.0:.2g} of the normal distribution between low and high",
                expected=f"{_LEAST_PART} of it or more",
                hint="a mean so far outside of the ends leaves a tail only; write a distribution "
                "that has its values there, such as triangular or exponential",
                code="distribution",
            )
        return self

    @property
    def ends(self) -> tuple[float, float]:
        """Least and largest value, the second perhaps infinite."""
        low = 0.0 if self.low is None else float(self.low)  # type: ignore[arg-type]
        high = math.inf if self.high is None else float(self.high)  # type: ignore[arg-type]
        return low, high


class Weibull(Part, Generic[Q]):
    """The distribution of failures, given by its mean and shape."""

    mean: Q
    """Mean."""
    shape: Positive
    """Shape; 1 is the exponential, above 1 failures of age."""


class Empirical(Part, Generic[Q]):
    """Values observed, each equally likely: listed here, or from a column of a CSV file."""

    values: Annotated[Listed[Q], Field(max_length=1000)] = ()
    """The values, in place of a file."""
    file: str = ""
    """CSV file, relative to the scenario file that names it."""
    column: str = ""
    """Column of numbers."""
    unit: str = ""
    """Unit of the column, e.g. "min"; empty for plain numbers."""
    decimal: Literal[".", ","] | None = None
    """Sign before the decimals, where the column does not show it: is 21,450 more than 21,000?"""

    @model_validator(mode="after")
    def _from_one_place(self) -> Self:
        strange = {"column", "unit", "decimal"} & self.model_fields_set
        if self.values and not self.file and not strange:
            return self
        if self.file and self.column and not self.values:
            return self
        raise ValueFault(
            expected="either `values`, or a `file` and its `column`",
            hint="write {values: [2 min, 3 min]}, or {file: times.csv, column: minutes, unit: min}",
            code="distribution",
        )

    def rising(self, observed: Mapping[tuple[str, str, str], Reals]) -> Reals:
        """The values in rising order, float64[n]: those listed, or those of the file.

        Args:
            observed: contents of the files, by (file, column, unit); empty where not read.
        """
        if self.values:
            return np.sort(np.array(self.values, dtype=np.float64))
        return observed.get((self.file, self.column, self.unit), np.zeros(0))


class Law(Part, Generic[Q]):
    """The distributions that can be parts of a mixture, of which one is given."""

    constant: Q | None = None
    """Always this value."""
    exponential: Exponential[Q] | None = None
    """Memoryless, by its mean."""
    lognormal: MeanCv[Q] | None = None
    """Lognormal, by mean and cv."""
    gamma: MeanCv[Q] | None = None
    """Gamma, by mean and cv."""
    erlang: Erlang[Q] | None = None
    """Erlang, by mean and k."""
    weibull: Weibull[Q] | None = None
    """Weibull, by mean and shape."""
    triangular: Triangular[Q] | None = None
    """Triangular, by low, mode and high."""
    uniform: Uniform[Q] | None = None
    """Uniform, by low and high."""
    empirical: Empirical[Q] | None = None
    """Observed values, listed or from a CSV file."""
    truncated_normal: TruncatedNormal[Q] | None = None
    """Normal between two ends, by mean, sd, low and high."""

    @property
    def kind(self) -> str:
        """Name of the distribution that is given, e.g. ``lognormal``."""
        return next(name for name in _names(type(self)) if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = sorted(self.model_fields_set & set(_names(type(self))))
        if len(given) != 1:
            raise ValueFault(
                expected="exactly one distribution, e.g. {lognormal: {mean: …, cv: …}}",
                hint=f"these stand together: {', '.join(given)}" if given else "",
                code="distribution",
            )
        if getattr(self, given[0]) is None:
            raise ValueFault(
                expected=f"parameters of `{given[0]}`", at=(given[0],), code="distribution"
            )
        return self


class Weighted(Law[Q], Generic[Q]):
    """One of the distributions of a mixture, and how often it is the one."""

    weight: Annotated[float, Field(gt=0.0, le=1e6)]
    """How much of the mixture is drawn from it, in proportion to the other weights."""


class Distribution(Law[Q], Generic[Q]):
    """One distribution, named; a plain value stands for a constant."""

    short_form: ClassVar[str] = "constant"

    mixture: Annotated[Listed[Weighted[Q]], Field(min_length=2, max_length=20)] | None = None
    """Several distributions, each for its part of the draws: [{weight: 0.9, lognormal: {mean: …,
    cv: …}}, {weight: 0.1, constant: …}]."""

    @property
    def parts(self) -> tuple[tuple[float, Law[Q]], ...]:
        """Parts of the draws, with a sum of 1, and their distributions; one without a mixture."""
        if self.mixture is None:
            return ((1.0, self),)
        whole = math.fsum(part.weight for part in self.mixture)
        return tuple((part.weight / whole, part) for part in self.mixture)


def _names(law: type[Law[Any]]) -> list[str]:
    """The distributions that a model knows, by name."""
    return [name for name in law.model_fields if name != "weight"]


_PARAMETERS = {
    *("mean", "cv", "k", "shape", "low", "mode", "high", "file", "column", "values", "sd", "std")
}


def _spread(value: Any) -> Any:
    if value is None or isinstance(value, Distribution):
        return value
    names = list(Distribution.model_fields)
    if isinstance(value, str) and value.strip().lower() in names:
        hint = f"write {{{value.strip().lower()}: {{…}}}} with its parameters"
        raise ValueFault(
            expected="a distribution with its parameters", hint=hint, code="distribution"
        )
    if not isinstance(value, dict):
        return {"constant": value}
    if value and not _PARAMETERS.isdisjoint(value) and set(value).isdisjoint(names):
        inside = ", ".join(f"{key}: …" for key in value)
        raise ValueFault(
            expected="a distribution by its name, e.g. {lognormal: {mean: …, cv: …}}",
            hint=f"name the distribution: {{<name>: {{{inside}}}}}, one of {', '.join(names)}",
            code="distribution",
        )
    return value


_LEAST_GAP_S = 60.0


def _about(law: Law[float]) -> float:
    """The mean of a distribution, or what is near enough: half the sum of two ends."""
    words = getattr(law, law.kind)
    if law.constant is not None:
        return law.constant
    if law.empirical is not None:
        # Of a file nobody knows yet.
        return float(np.mean(words.values)) if words.values else math.inf
    if law.triangular is not None or law.uniform is not None:
        return float(words.low + words.high) / 2
    if law.truncated_normal is not None:
        return float(min(max(words.mean, words.ends[0]), words.ends[1]))
    return float(words.mean)


def check_gap(every: Distribution[float]) -> None:
    """Refuse a time between two events that is so short that nothing else would happen.

    Raises:
        Wrong: less than a minute on average.
    """
    if math.fsum(part * _about(law) for part, law in every.parts) < _LEAST_GAP_S:
        raise ValueFault(expected="a minute or more between two of them", code="gap", at=("every",))


spread = BeforeValidator(_spread)
"""Reads a plain value as a constant: ``Annotated[Distribution[Duration], spread]``."""

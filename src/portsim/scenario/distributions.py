"""The words of chance: distributions by their usual names and moments.

Only names, parameters and their limits live here; drawing from them is the business of
`portsim.demand`.
"""

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
    "MeanCv",
    "Triangular",
    "Weibull",
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


class Distribution(Part, Generic[Q]):
    """One distribution, named; a plain value stands for a constant."""

    short_form: ClassVar[str] = "constant"

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

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = sorted(self.model_fields_set)
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

    @property
    def kind(self) -> str:
        """Name of the distribution that is given, e.g. ``lognormal``."""
        return next(name for name in Distribution.model_fields if getattr(self, name) is not None)


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


def check_gap(every: Distribution[float]) -> None:
    """Refuse a time between two events that is so short that nothing else would happen.

    Raises:
        Wrong: less than a minute on average.
    """
    for way in (every.triangular, every.uniform):
        # Of both the mean lies between the ends: half their sum is near enough.
        if way is not None and (way.low + way.high) / 2 < _LEAST_GAP_S:
            raise _gap()
    if every.constant is not None and every.constant < _LEAST_GAP_S:
        raise _gap()
    for family in (every.exponential, every.lognormal, every.gamma, every.erlang, every.weibull):
        if family is not None and family.mean < _LEAST_GAP_S:
            raise _gap()


def _gap() -> ValueFault:
    return ValueFault(expected="a minute or more between two of them", code="gap", at=("every",))


spread = BeforeValidator(_spread)
"""Reads a plain value as a constant: ``Annotated[Distribution[Duration], spread]``."""

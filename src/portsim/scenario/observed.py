"""The words of observed figures: what somebody has published about the port, to hold beside it.

Only words; nothing here enters a draw or a measure. Faults between parts are found in
`portsim.checking`.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from portsim.scenario.base_model import Listed, Name, Part
from portsim.scenario.labels import Label, by_language
from portsim.scenario.units import Number
from portsim.scenario.validation_messages import ValueFault

__all__ = ["Observed"]


class Observed(Part):
    """A published figure, and the measure of the results it is held beside."""

    name: Name
    """Name of the figure, unique in the list."""
    label: Annotated[Label, by_language] = Label()
    """What people call it, for tables."""
    measure: str
    """Measure of the results, e.g. residents_per_day; of one month: throughput_per_day[2024-09]."""
    class_: Annotated[str, Field(alias="class")] = "all"
    """all, export, import, or a class of the traffic."""
    classes: Listed[Name] = ()
    """Several classes whose flows are summed, in place of one class."""
    place: str = ""
    """Empty for the whole port, else a stage or a resource."""
    total: bool = False
    """The figure is of the whole period: the measure per day times the days of the period."""
    role: Literal["input", "prediction"]
    """input: the scenario was given this figure, so that agreement proves nothing; prediction: it
    was not."""
    value: Number
    """The published figure, in the unit of the measure (times days with `total`)."""

    @model_validator(mode="after")
    def _one_class(self) -> Self:
        if self.classes and "class_" in self.model_fields_set:
            raise ValueFault(
                found="`class` beside `classes`",
                expected="either one `class` or several `classes`",
                code="class",
                at=("classes",),
                key=True,
            )
        return self

    @property
    def group(self) -> tuple[str, ...]:
        """The classes whose rows of the results make up the measure."""
        return self.classes or (self.class_,)

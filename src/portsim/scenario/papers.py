"""The words of papers: what is done for a truck beside it, by whom, from when on, and what waits.

Only words; whose papers are drawn how, and when they begin, is laid out with the visits.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from portsim.scenario.base_model import Listed, Name, Part, Several, Share
from portsim.scenario.distributions import Distribution, spread
from portsim.scenario.labels import Label, by_language
from portsim.scenario.units import Duration
from portsim.scenario.validation_messages import ValueFault

__all__ = ["Papers"]

_BEGINNINGS = ("before_arrival", "begins_at", "begins_after")


class Papers(Part):
    """Papers of a truck that are seen to beside it: a declaration, a payment, a laboratory's
    finding. They pass stages of their own while the truck is on its way, queues or is at work.
    """

    label: Annotated[Label, by_language] = Label()
    """What people call them, for pictures and tables."""
    route: Annotated[Listed[Name], Field(min_length=1)]
    """Stages that the papers pass, in this order: desks and clerks, with queues, hours and servers
    as at any stage. Their time is that of the stage, and so is the share that passes."""
    share: Share = 1.0
    """Share of the trucks of the class that have such papers, drawn for each."""
    channels: Annotated[Several[Name], Field(min_length=1)] = ()
    """Only trucks of these channels have them."""
    before_arrival: Annotated[Distribution[Duration] | None, spread] = None
    """How long before its arrival the papers of a truck are handed in. The truck is not counted as
    inside by that."""
    begins_at: Name | None = None
    """They begin when the truck joins the queue of this stage; on its arrival if none of these
    three words is there."""
    begins_after: Name | None = None
    """They begin when the truck is done at this stage."""
    needed_at: Name
    """The stage of the truck's route that does not admit it until they are done. Who does not pass
    it needs them at the first one after it."""

    @model_validator(mode="after")
    def _one_beginning(self) -> Self:
        said = [word for word in _BEGINNINGS if getattr(self, word) is not None]
        if len(said) > 1:
            raise ValueFault(
                found=" and ".join(f"`{word}`" for word in said) + " together",
                expected="one beginning",
                hint="keep one of them",
                code="papers",
                at=(said[1],),
                key=True,
            )
        return self

"""The words that sort the trucks of a class: risk channels, and trucks that go first.

Only words; the luck that sorts single trucks is drawn with their visits.
"""

import math
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from portsim.scenario.base_model import Name, Part, Several, Share
from portsim.scenario.validation_messages import ValueFault

__all__ = ["Channels", "Preferred"]

_SLACK = 1e-9


def _whole(shares: dict[str, float]) -> dict[str, float]:
    """Refuse channels nobody can be in, and shares that leave trucks over or are too many."""
    for name, share in shares.items():
        if share == 0.0:
            raise ValueFault(
                expected="a share above 0",
                hint=f"nobody can be in it; leave it out, in an overlay with `{name}: null`",
                code="channels",
                at=(name,),
            )
    total = math.fsum(shares.values())
    if abs(total - 1.0) > _SLACK:
        raise ValueFault(
            found=f"shares with a sum of {total:.10g}",
            expected="shares with a sum of 1",
            hint=f"{abs(1.0 - total):.4g} {'is missing' if total < 1.0 else 'is too much'}; "
            "each truck is in exactly one channel",
            code="channels",
        )
    return shares


Channels = Annotated[dict[Name, Share], Field(min_length=1), AfterValidator(_whole)]
"""Shares of the trucks of a class by channel, with a sum of 1."""


class Preferred(Part):
    """A share of the trucks of a class that goes first, or goes by some stages."""

    share: Share
    """Share of the trucks, drawn for each."""
    priority: Annotated[int, Field(ge=-1000, le=1000)] | None = None
    """Their priority, the smaller goes first; that of the class if left out."""
    skips: Several[Name] = ()
    """Stages of the route that they do not pass."""

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.priority is None and not self.skips:
            raise ValueFault(
                found="neither",
                expected="a `priority` or `skips`",
                hint="write e.g. priority: -2",
                code="preferred",
            )
        return self

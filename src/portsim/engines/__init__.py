"""The engines: each a deterministic function from a plan to a log, and nothing more."""

from collections.abc import Callable

from portsim.engines import simpy
from portsim.engines.log import DIVERTED, GAVE_UP, INSIDE, RELEASED, Log
from portsim.engines.stuck import check_stuck, stuck
from portsim.plan.contract import Plan

__all__ = [
    "DIVERTED",
    "ENGINES",
    "GAVE_UP",
    "INSIDE",
    "RELEASED",
    "Log",
    "check_stuck",
    "engine",
    "stuck",
]

ENGINES = ("simpy",)
"""Names of the engines; they differ in speed, never in a result."""


def engine(name: str) -> Callable[[Plan], Log]:
    """The engine of a name.

    Raises:
        KeyError: there is no such engine.
    """
    return {"simpy": simpy.run}[name]

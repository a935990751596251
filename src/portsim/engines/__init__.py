"""The engines: each a deterministic function from a plan to a log, and nothing more.

`simpy` is the reference, the one to read; `compiled` runs the same rules in compiled code. Their
logs are equal, integer by integer, so that choosing one never changes a result.
"""

from collections.abc import Callable
from importlib import import_module

from portsim.engines.beginning import continued, leaving_at, levels_at, opened_at
from portsim.engines.came import as_it_came, comings
from portsim.engines.log import DIVERTED, GAVE_UP, INSIDE, RELEASED, STAYED_AWAY, Log
from portsim.engines.stuck import check_stuck, stuck
from portsim.engines.went import as_it_went
from portsim.plan.contract import Plan

__all__ = [
    "DIVERTED",
    "ENGINES",
    "GAVE_UP",
    "INSIDE",
    "RELEASED",
    "STAYED_AWAY",
    "Log",
    "as_it_came",
    "as_it_went",
    "check_stuck",
    "comings",
    "continued",
    "engine",
    "leaving_at",
    "levels_at",
    "opened_at",
    "stuck",
]

ENGINES = ("compiled", "simpy")
"""Names of the engines; they differ in speed, never in a result."""


def engine(name: str) -> Callable[[Plan], Log]:
    """The engine of a name; it is loaded when it is first asked for.

    Raises:
        KeyError: there is no such engine.
        ImportError, RuntimeError: the compiled engine cannot be loaded on this machine.
    """
    if name not in ENGINES:
        raise KeyError(name)
    run: Callable[[Plan], Log] = import_module(f"portsim.engines.{name}").run
    return run

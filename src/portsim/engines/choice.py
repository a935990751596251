"""Choosing an engine: the compiled one where it can be loaded, else SimPy, and saying so."""

import threading
from collections.abc import Callable

import numpy as np

from portsim.plan.contract import Plan

__all__ = ["choose", "nothing"]

_WORTH_A_WORD_S = 1.0


def choose(name: str, say: Callable[[str], None], also: Callable[[], None] = lambda: None) -> str:
    """Make an engine ready to run.

    Args:
        name: ``compiled`` or ``simpy``.
        say: is told, in a sentence, if the engine must be compiled first or cannot be loaded.
        also: makes ready what else is compiled, whichever engine runs.

    Returns:
        The engine that will run: ``simpy`` where the compiled one cannot be loaded.
    """
    waiting = threading.Timer(
        _WORTH_A_WORD_S,
        say,
        ["getting the compiled engine ready: about twenty seconds at its first use"],
    )
    waiting.daemon = True
    waiting.start()
    try:
        also()
        if name != "compiled":
            return name
        from portsim.engines import compiled  # noqa: PLC0415 - numba may be missing

        compiled.run(nothing())
    except Exception as error:
        say(
            "the compiled engine cannot be loaded here "
            f"({type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no reason'}"
            "); SimPy runs in its place: the same results, about a hundred times slower"
            f"{_mend(error)}"
        )
        return "simpy"
    finally:
        waiting.cancel()
    return name


def _mend(error: Exception) -> str:
    """What helps, where it is known: mostly the folder of compiled code cannot be written."""
    if isinstance(error, OSError) or "cache" in str(error):
        return (
            "; set the environment variable NUMBA_CACHE_DIR to a folder that can be written, for "
            "the compiled code is kept there"
        )
    if isinstance(error, ImportError):
        return "; install numba, or portsim anew, with pip"
    return ""


def nothing() -> Plan:
    """The smallest plan: no truck comes to a port without stages."""
    none = np.zeros(0, dtype=np.int64)
    start = np.zeros(1, dtype=np.int64)
    flags = np.zeros(0, dtype=bool)
    intervals = np.zeros((0, 2), dtype=np.int64)
    return Plan(
        end=1,
        arrival=none,
        priority=none,
        first_visit=start,
        visit_kind=none,
        visit_work=none,
        visit_patience=none,
        visit_tolerance=none,
        kind_stage=none,
        kind_take=none,
        kind_give_in=none,
        kind_give_out=none,
        list_start=np.zeros(2, dtype=np.int64),
        list_resource=none,
        list_count=none,
        resource_kind=none,
        resource_initial=none,
        change_time=none,
        change_resource=none,
        change_value=none,
        stage_pause=flags,
        stage_claims=flags,
        stage_overtaking=flags,
        admit_start=start,
        admit=intervals,
        work_start=start,
        work=intervals,
    )

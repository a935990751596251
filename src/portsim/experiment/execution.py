"""How runs are done: engine, workers, audit, where finished ones are kept, who is told.

Nothing here changes a figure. What is run may not enter.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from portsim.engines import ENGINES
from portsim.errors import InputError

__all__ = ["Execution", "Progress", "Say", "logged", "told_nobody"]

Progress = Callable[[int, int], None]
"""Called with the runs done and their number."""
Say = Callable[[str], None]
"""Called with a sentence on what else is worth knowing meanwhile."""
_AUDITS = ("default", "full", "none")


def told_nobody(done: int, total: int) -> None:
    """Progress of which nobody wants to hear."""


def logged(text: str) -> None:
    """A sentence to the logger ``portsim``."""
    logging.getLogger("portsim").info(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """How the runs of a study are done.

    Attributes:
        engine: ``compiled``, or ``simpy``.
        jobs: how many runs go on side by side; as many as there are cores if None.
        executor: any `concurrent.futures.Executor` to run them, with `jobs` workers.
        audit: ``default``: SimPy also runs the warm-up and two weeks of replication 1, and every
            entry of the logs is compared; ``full``: all of every replication; ``none``.
        journal: folder of the results to be, in which finished runs are kept, so that the same
            call goes on after an interruption; a temporary file if None.
        on_progress: called with the runs done and their number; if None, a bar in notebooks.
        say: called with a sentence on what else is worth knowing meanwhile.

    Raises:
        InputError: there is no such engine or audit, or fewer than one job.
    """

    engine: str = "compiled"
    jobs: int | None = None
    executor: Executor | None = None
    audit: str = "default"
    journal: str | Path | None = None
    on_progress: Progress | None = None
    say: Say = logged

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise InputError(f"no engine is called {self.engine}; there are {', '.join(ENGINES)}")
        if self.audit not in _AUDITS:
            raise InputError(f"audit must be one of {', '.join(_AUDITS)}, not {self.audit}")
        if self.jobs is not None and self.jobs < 1:
            raise InputError(f"a study needs 1 job or more, not {self.jobs}")

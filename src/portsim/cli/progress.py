"""How far a run is: a moving bar on a terminal, a plain line for each tenth elsewhere."""

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

__all__ = ["Bar"]


class Bar:
    """A progress callback on stderr: call it with the runs done and their number."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._moving = console.is_terminal and not console.is_dumb_terminal
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:.0f} of {task.total:.0f} runs"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not self._moving,
        )
        self._task: TaskID | None = None
        self.done = self.total = 0
        self._tenths = 0
        self._started = time.monotonic()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` runs are done."""
        if total != self.total:
            # More replications were asked for, or these are the first.
            self._tenths = 10 * done // total if self.total else 0
        self.done, self.total = done, total
        if self._moving:
            if self._task is None:
                self._task = self._progress.add_task("simulating", total=total)
            self._progress.update(self._task, completed=done, total=total)
            return
        tenths = 10 * done // total if total else 0
        if tenths > self._tenths:
            self._tenths = tenths
            passed = time.monotonic() - self._started
            print(f"{10 * tenths} % of {total} runs, {passed:.0f} s", file=sys.stderr, flush=True)

    def say(self, text: str) -> None:
        """Say what goes on besides the runs."""
        if self._moving:
            self._progress.console.print(text, markup=False, highlight=False)
        else:
            print(text, file=sys.stderr, flush=True)

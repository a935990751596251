"""Painters: processes that draw beside this one, where there are cores for them.

A painter is a Python that takes studies and jobs from its standard input and gives back what came
of them. It is no worker of `multiprocessing`, so it asks nothing of the script that runs here: no
guard of the main module, on Windows neither. What a painter cannot do is done here, and what is
drawn is the same bytes whoever draws it.

    with Painters.beside(jobs) as painters:
        draw_all(folder, painters)

No picture enters here, and nothing heavy is imported: painters are best started first of all.
"""

import gc
import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from threading import Condition, Event, Thread
from types import TracebackType
from typing import IO, Any, Generic, Self, TypeVar

from portsim.wording import speaking, tongue

__all__ = ["Painters", "cores", "serve"]

S = TypeVar("S")
T = TypeVar("T")

_MOST = 3
_SERVE = "from portsim.figures.painters import serve; serve()"
_WAIT_S = 0.02


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Painters:
    """Some painters, none by default: then everything is drawn here."""

    def __init__(self, count: int = 0) -> None:
        self._painters = [painter for _ in range(count) if (painter := _start()) is not None]

    @classmethod
    def beside(cls, jobs: int | None = None) -> Self:
        """As many painters as find a core free while this process draws too.

        Args:
            jobs: how many processes may work side by side; as many as there are cores if None.
        """
        return cls(min(cores() if jobs is None else min(jobs, cores()), _MOST + 1) - 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        for painter in self._painters:
            painter.dismiss()

    def paint(self, study: S, jobs: Sequence[Callable[[S], T]]) -> list[T]:
        """Do jobs on a study, here and by the painters that are ready in time.

        Args:
            study: what each job is given; it and the jobs can be pickled.
            jobs: what to do, in the language being spoken.

        Returns:
            What came of each job, in their order.
        """
        board = _Board(jobs)
        if self._painters:
            message = pickle.dumps((tongue().language, tongue().on_page, study))
            for painter in self._painters:
                Thread(target=painter.work, args=(message, board), daemon=True).start()
        board.work(study)
        return board.results(study)


class _Board(Generic[S, T]):
    """Jobs to be taken, and what came of them."""

    def __init__(self, jobs: Sequence[Callable[[S], T]]) -> None:
        self._jobs = jobs
        self._left = deque(range(len(jobs)))
        self._taken = 0
        self._done: dict[int, T] = {}
        self._change = Condition()

    @property
    def empty(self) -> bool:
        return not self._left

    def take(self) -> tuple[int, Callable[[S], T]] | None:
        with self._change:
            if not self._left:
                return None
            self._taken += 1
            number = self._left.popleft()
            return number, self._jobs[number]

    def give(self, number: int, results: Iterable[T]) -> None:
        """Hand in what came of a job; nothing if it failed."""
        with self._change:
            self._taken -= 1
            for result in results:
                self._done[number] = result
            self._change.notify_all()

    def work(self, study: S) -> None:
        while (taken := self.take()) is not None:
            number, job = taken
            results: list[T] = []
            try:
                results.append(job(study))
            finally:
                self.give(number, results)

    def results(self, study: S) -> list[T]:
        with self._change:
            self._change.wait_for(lambda: not self._taken)
        # What failed elsewhere is tried here, so that its error is raised where it can be read.
        for number, job in enumerate(self._jobs):
            if number not in self._done:
                self._done[number] = job(study)
        return [self._done[number] for number in range(len(self._jobs))]


class _Painter:
    def __init__(self, process: "subprocess.Popen[bytes]", into: IO[bytes], out: IO[bytes]) -> None:
        self._process, self._into, self._out = process, into, out
        self._ready = Event()
        Thread(target=self._greet, daemon=True).start()

    def _greet(self) -> None:
        with suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):
            # Another portsim that happens to be on the path would draw other pictures.
            if pickle.load(self._out) == __file__:
                self._ready.set()

    def work(self, message: bytes, board: _Board[Any, Any]) -> None:
        """Have jobs done while there are any."""
        while not self._ready.wait(_WAIT_S):
            if board.empty:
                return
        taken = None
        with suppress(EOFError, OSError, ValueError, pickle.PickleError):
            if not board.empty:
                self._send(message)
            while (taken := board.take()) is not None:
                number, job = taken
                self._send(pickle.dumps(job))
                results = pickle.load(self._out)
                taken = None
                board.give(number, results)
        if taken is not None:
            self._ready.clear()
            board.give(taken[0], [])

    def _send(self, message: bytes) -> None:
        self._into.write(message)
        self._into.flush()

    def dismiss(self) -> None:
        """Let it go; it has nothing to finish."""
        self._process.kill()
        self._process.wait()
        for stream in (self._into, self._out):
            with suppress(OSError, ValueError):
                stream.close()


def _start() -> _Painter | None:
    """A painter that is getting ready; None where no Python can be started."""
    if not sys.executable or getattr(sys, "frozen", False):
        return None
    try:
        # Its path is ours; the folder of the moment may hold anything and is no part of it.
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", _SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError:
        return None
    assert process.stdin is not None
    assert process.stdout is not None
    return _Painter(process, process.stdin, process.stdout)


def serve() -> None:
    """Be a painter: do the jobs that come in until no more can come."""
    gc.set_threshold(50_000, 20, 50)
    # Ctrl-C reaches the whole group; one voice is enough to say so.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    take, give = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library prints is no answer.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    import portsim.figures.pictures  # noqa: F401, PLC0415 - slow, so before the first job

    language, on_page, study = "en", False, None
    answer: Any = __file__
    while True:
        give.write(pickle.dumps(answer))
        give.flush()
        try:
            message = pickle.load(take)
            while isinstance(message, tuple):
                language, on_page, study = message
                message = pickle.load(take)
        except (EOFError, OSError):
            return
        try:
            with speaking(language, on_page=on_page):
                answer = [message(study)]
        except Exception:
            answer = []

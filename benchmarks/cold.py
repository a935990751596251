"""What the first call costs in a fresh process, where code has to be compiled.

    python benchmarks/cold.py

Each model is started in a process of its own on a plan of one day, so nearly all of the time goes
into imports and compilation. The compiled engine starts twice: with an empty NUMBA_CACHE_DIR, and
again with the cache the first start has left. Cimba keeps no cache between processes.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from report import NOTHING, table

COMPILED, DESKS, LIVES = "compiled", "desks", "lives"
NAMES = {
    COMPILED: "portsim, compiled engine",
    DESKS: "Cimba, a process a desk",
    LIVES: "Cimba, a process a truck",
}


def section() -> str:
    """Start the processes and lay their seconds out as a table."""
    rows = []
    for model, name in NAMES.items():
        with TemporaryDirectory() as cache:
            rows.append(_row(f"{name}, nothing compiled yet", _start(model, cache)))
            if model == COMPILED:
                rows.append(_row(f"{name}, cache on disk", _start(model, cache)))
    head = ("process", "import s", "first call s", "second call s")
    return f"## First call in a fresh process\n\nA plan of one day.\n\n{table(head, rows)}"


def _row(name: str, seconds: list[float]) -> tuple[str, ...]:
    return (name, *(f"{x:.4f}" for x in seconds or []), *[NOTHING] * (3 - len(seconds)))


def _start(model: str, cache: str) -> list[float]:
    """Seconds to import, of the first call and of the second; none where there is no engine."""
    child = subprocess.run(
        [sys.executable, str(Path(__file__)), model],
        env={**os.environ, "NUMBA_CACHE_DIR": cache},
        check=True,
        capture_output=True,
        text=True,
    )
    seconds: list[float] = json.loads(child.stdout.splitlines()[-1])
    return seconds


def _measure(model: str) -> list[float]:
    """In the fresh process. Imports stand here because they are what is measured."""
    from workload import round_the_clock  # noqa: PLC0415

    case = round_the_clock(days=1)
    start = perf_counter()
    if model == COMPILED:
        from plans import engine, plan_of  # noqa: PLC0415

        run = engine(COMPILED)
        if run is None:
            return []
        seconds = [perf_counter() - start]
        plan = plan_of(case)
        jobs = [lambda: run(plan)] * 2
    else:
        from peers import with_cimba  # noqa: PLC0415

        seconds = [perf_counter() - start]
        way = with_cimba.Desks if model == DESKS else with_cimba.Lives
        jobs = [with_cimba.prepare(case, way), with_cimba.prepare(case, way)]
    for job in jobs:
        start = perf_counter()
        job()
        seconds.append(perf_counter() - start)
    return seconds


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(_measure(sys.argv[1])))
    else:
        print(section())


if __name__ == "__main__":
    main()

"""A whole study: seven policies of Bakhtu, from the scenario files to the pictures.

    python benchmarks/study.py [--replications N]

The same command once with the compiled engine and once, with two replications, with SimPy; what its
runs took is taken times as many replications as the other had. Then where the time goes, and what
memory it takes with more and more replications.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, sleep

import portsim
from portsim import experiment
from portsim.experiment import batch, common_draws, journal, tasks
from report import table

SCENARIOS = Path(__file__).parents[1] / "scenarios" / "bakhtu"
POLICIES = tuple(
    SCENARIOS / f"hours-{name}.yaml"
    for name in (
        *("5x8", "7x8", "7x8-after-clock-change", "2026", "7x12-yard-only", "7x12", "7x24"),
    )
)
FEW = 2
"""Replications through SimPy."""
MEMORY = (5, 20, 60)
"""Replications of two policies, to see what memory they take."""


def compare(policies: tuple[Path, ...], replications: int, *words: str) -> tuple[float, float, int]:
    """Seconds of the whole command, seconds of its runs, and its peak memory in bytes."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "portsim", "compare", *map(str, policies)]
        command += ["--out", f"{folder}/out", "-n", str(replications), *words]
        start = perf_counter()
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        memory = 0
        while running.poll() is None:
            memory = max(memory, _peak(running.pid))
            sleep(0.1)
        seconds = perf_counter() - start
        if running.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {running.returncode}")
        manifest = json.loads(Path(folder, "out", "manifest.json").read_text(encoding="utf-8"))
    return seconds, manifest["run"]["seconds"], memory


def _peak(process: int) -> int:
    """Most memory a process had so far, bytes. What wait() tells counts that of its parent too."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return sum(
        int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")
    )


def whole(replications: int) -> str:
    """The comparison through both engines."""
    seconds, runs, memory = compare(POLICIES, replications)
    _, slow, _ = compare(POLICIES, FEW, "--engine", "simpy")
    rest = seconds - runs
    through_simpy = slow / FEW * replications + rest
    rows = [
        ["compiled, audited by SimPy", f"{runs:.0f}", f"{rest:.0f}", f"{seconds:.0f}", "1"],
        [
            f"SimPy, from {FEW} replications",
            f"{slow / FEW * replications:,.0f}",
            f"{rest:.0f}",
            f"{through_simpy:,.0f}",
            f"{through_simpy / seconds:.1f}",
        ],
    ]
    head = ["engine", "runs, s", "tables, pictures, start, s", "in all, s", "ratio"]
    return (
        f"## A whole study\n\n`portsim compare` of {len(POLICIES)} policies, {replications} "
        "replications of eleven months each and the capacity of each policy, with the "
        f"default audit, measures, tables and pictures, on all cores. Peak memory with the "
        f"compiled engine {memory / 1e6:,.0f} MB.\n\n" + table(head, rows)
    )


def shares(replications: int) -> str:
    """Where the time of a comparison goes, one run after the other."""
    spent: dict[str, float] = defaultdict(float)

    def timed(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def call(*words: object, **named: object) -> object:
            start = perf_counter()
            try:
                return function(*words, **named)
            finally:
                spent[name] += perf_counter() - start

        return call

    run = tasks.engine("compiled")
    tasks.engine = lambda name: timed("engine", run)
    places = [
        ("draws", common_draws, "draw"),
        ("visits", common_draws, "draft"),
        ("calendars", common_draws, "timetable"),
        ("plans", tasks.Site, "at"),
        ("check afterwards", tasks, "check_stuck"),
        ("audit by SimPy", tasks, "audit"),
        ("measures and curves", tasks, "measure"),
        ("journal", journal.Journal, "add"),
        ("means, intervals, bands", batch, "_figures"),
        ("means, intervals, bands", batch, "summarise"),
        ("means, intervals, bands", batch, "paired"),
        ("means, intervals, bands", batch, "band"),
        ("means, intervals, bands", batch, "judged"),
        ("tables and pictures", experiment.Study, "write"),
    ]
    for name, where, attribute in places:
        setattr(where, attribute, timed(name, getattr(where, attribute)))
    scenarios = [portsim.load(policy) for policy in POLICIES]
    start = perf_counter()
    study = portsim.compare(scenarios, replications=replications, jobs=1)
    with tempfile.TemporaryDirectory() as folder:
        study.write(f"{folder}/out")
    total = perf_counter() - start
    spent["all else"] = total - sum(spent.values())
    rows = [
        [name, f"{seconds:.2f}", f"{seconds / total:.0%}"]
        for name, seconds in sorted(spent.items(), key=lambda item: -item[1])
    ]
    return (
        f"## Where the time goes\n\nThe same comparison with {replications} replications, one run "
        f"after the other, {total:.1f} s in all.\n\n" + table(["part", "seconds", "share"], rows)
    )


def memory() -> str:
    """Peak memory of a comparison against the number of replications."""
    rows = []
    for replications in MEMORY:
        _, _, peak = compare((POLICIES[1], POLICIES[5]), replications)
        rows.append([f"{replications}", f"{peak / 1e6:,.0f}"])
    return (
        "## Memory\n\nPeak memory of the process that compares two policies, by replications: what "
        "is kept of a run waits on disk; of each replication only a row a figure stays.\n\n"
        + table(["replications", "peak, MB"], rows)
    )


def sections(replications: int) -> list[Callable[[], str]]:
    return [lambda: whole(replications), lambda: shares(max(2, replications // 10)), memory]


def main() -> None:
    parser = argparse.ArgumentParser(description="a whole study through both engines")
    parser.add_argument("--replications", type=int, default=30)
    options = parser.parse_args()
    for section in sections(options.replications):
        print(section(), end="\n\n", flush=True)


if __name__ == "__main__":
    main()

"""One question after the other of the same trucks: this tree against an older one, turn by turn.

    python benchmarks/again.py OLD [--rounds N]

OLD is the folder ``src`` of another checkout. Each tree is asked in a process of its own, which has
drawn the trucks of eleven months of Bakhtu before: the headline figures with another opening hour,
and with another number of clerks. Both must give the same figures. An older tree without
`portsim.Draws` does what a study does for one run, with calendars, visits and trucks shared.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from report import table

PORT = Path(__file__).parents[1] / "scenarios" / "bakhtu" / "hours-7x12.yaml"
MEASURES = ("throughput_per_day", "completed_within_limit", "stay_mean_h", "stay_p95_h")
CLERKS = "resources.declaration-clerks.capacity"
HERE = Path(__file__).parents[1] / "src"


def questions(turn: int) -> dict[str, dict[str, Any]]:
    """What is asked in a turn; every turn something else, so that no answer can be remembered."""
    return {
        "another opening hour": {"calendars.gate-cn.hours": f"10:{turn:02}-21:30"},
        "another number of clerks": {CLERKS: 15 + turn},
    }


class Tree:
    """A process that answers with one tree of the source."""

    def __init__(self, source: Path) -> None:
        self._child = subprocess.Popen(
            [sys.executable, __file__, "--answer"],
            env={**os.environ, "PYTHONPATH": str(source)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.ask({})

    def ask(self, changes: dict[str, Any]) -> tuple[float, list[float]]:
        """Seconds and figures."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps(changes) + "\n")
        self._child.stdin.flush()
        seconds, figures = json.loads(self._child.stdout.readline())
        return seconds, figures


def answer() -> None:
    """In the child: imports stand here because they differ."""
    import portsim  # noqa: PLC0415

    if hasattr(portsim, "Draws"):
        draws = portsim.Draws(PORT)

        def figures(changes: dict[str, Any]) -> list[float]:
            return draws.ask(changes, measures=MEASURES).iloc[0].tolist()
    else:
        from portsim.demand import draw  # noqa: PLC0415
        from portsim.experiment.common_draws import Lazy, SharedDraws  # noqa: PLC0415
        from portsim.experiment.tasks import Task, run_one  # noqa: PLC0415
        from portsim.plan import draft, timetable  # noqa: PLC0415

        port = portsim.load(PORT)
        laid_out = draft(port, draw(port, port.seed, 1))
        kept = Lazy(lambda: laid_out)

        def figures(changes: dict[str, Any]) -> list[float]:
            scenario = port.replace(changes)
            shared = SharedDraws(Lazy(timetable, scenario), kept)
            words = {"counterfactuals": False, "curves": False, "measures": frozenset(MEASURES)}
            found = run_one(Task(scenario, 1, shared, "compiled", **words)).figures
            found = found[(found["truck_class"] == "all") & (found["place"] == "")]
            return found.set_index("measure")["value"].loc[list(MEASURES)].tolist()

    for line in sys.stdin:
        changes = json.loads(line)
        start = perf_counter()
        found = figures(changes)
        print(json.dumps([perf_counter() - start, found]), flush=True)


def section(old: Path, rounds: int) -> str:
    """Ask both trees in turns."""
    trees = Tree(old), Tree(HERE)
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in questions(0)}
    for turn in range(rounds):
        for name, changes in questions(turn).items():
            (before, told), (now, tells) = (tree.ask(changes) for tree in trees)
            if told != tells:
                raise SystemExit(f"{name}: {told} there and {tells} here")
            seconds[name].append((before, now))
    rows = []
    for name, pairs in seconds.items():
        before, now = (median(column) for column in zip(*pairs, strict=True))
        ratios = sorted(one / other for one, other in pairs)
        rows.append(
            [name, f"{before * 1000:.0f}", f"{now * 1000:.0f}", f"{median(ratios):.1f}",
             f"{ratios[0]:.1f} to {ratios[-1]:.1f}"]
        )  # fmt: skip
    head = ["question", "there, ms", "here, ms", "there / here", "of all rounds"]
    return (
        f"## One question after the other\n\nFour headline figures of eleven months of Bakhtu, "
        f"draws kept, {rounds} rounds in turns; medians.\n\n{table(head, rows)}"
    )


def main() -> None:
    if sys.argv[1:] == ["--answer"]:
        answer()
        return
    parser = argparse.ArgumentParser(description="one question after the other, in two trees")
    parser.add_argument("old", type=Path, help="the folder src of an older checkout")
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    print(section(options.old, options.rounds))


if __name__ == "__main__":
    main()

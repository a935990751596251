"""The two headline claims on trial: "within 24 hours", and "+40 % of cargo".

Sweeps the seven schedules of Bakhtu over the demand, under both readings of it (arrivals that
ignore the hours, drivers that follow them), and writes what follows: up to which demand each
schedule keeps the promise, the ceiling that hours set even with unlimited staff, the demand at
which each schedule saturates, its capacity, and how much of the +40 % hours can explain. Nothing is
tuned.

    python claims/trial.py [--replications 8] [--out results/bakhtu-claims] [--force]
"""

import argparse
from pathlib import Path

import answers
import pictures

from portsim.checking import load
from portsim.experiment import Execution, Keep, run_all
from portsim.studies.sweep import ask

HOURS = ("5x8", "7x8", "7x8-after-clock-change", "2026", "7x12-yard-only", "7x12", "7x24")
SCENARIOS = Path("scenarios/bakhtu")
FOLLOW, ACCEPTED, UNLIMITED = (
    "drivers-follow-hours.yaml",
    "clock-from-acceptance.yaml",
    "unlimited-staff.yaml",
)
SCALES = [0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0]
MEASURES = ("throughput_per_day", "throughput_tonnes_per_day", "completed_within_limit", "arrived")
SWEEPS = {
    "from-arrival": ([], SCALES),
    "from-acceptance": ([ACCEPTED], SCALES),
    "unlimited-from-arrival": ([UNLIMITED], [1.0]),
    "unlimited-from-acceptance": ([UNLIMITED, ACCEPTED], [1.0]),
}
"""What is laid over every schedule, and the demand, as multiples of that of 2024."""
CAPACITY = frozenset({"capacity_per_day"})
CAPACITY_REPLICATIONS = 4


def policies(overlays: list[str]) -> list[str]:
    """Every schedule under both readings of demand, with these overlays."""
    return [
        "+".join(str(SCENARIOS / file) for file in (f"hours-{hours}.yaml", *reading, *overlays))
        for hours in HOURS
        for reading in ([], [FOLLOW])
    ]


def main() -> None:
    """Sweep, answer, draw."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--replications", type=int, default=8)
    parser.add_argument("--out", type=Path, default=Path("results/bakhtu-claims"))
    parser.add_argument("--force", action="store_true")
    words = parser.parse_args()
    for name, (overlays, scales) in SWEEPS.items():
        folder = words.out / "sweeps" / name
        asked = ask(
            policies(overlays),
            {"traffic.scale": scales},
            measures=MEASURES,
            replications=words.replications,
        )
        print(f"{name}: {len(asked.points.points)} points", flush=True)
        done = asked.conduct(Execution(journal=folder, say=print))
        done.write(folder, force=words.force, figures=False)
    print("capacities", flush=True)
    found = run_all(
        [load(policy) for policy in policies([])],
        Keep(curves=False, measures=CAPACITY),
        replications=CAPACITY_REPLICATIONS,
        how=Execution(audit="none", journal=words.out / "sweeps" / "capacities", say=print),
    )
    answers.gather(words.out, list(SWEEPS), found)
    tables = answers.write(words.out)
    answers.fill(Path("docs/bakhtu/claims.md"), tables)
    pictures.draw(words.out / "figures", tables)


if __name__ == "__main__":
    main()

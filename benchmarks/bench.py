"""Measure everything and write benchmarks/RESULTS.md.

    make bench
    python benchmarks/bench.py [--days N] [--rounds K] [--replications N] [--out FILE]

A full run takes some minutes; leave the machine alone meanwhile.
"""

import argparse
from pathlib import Path

import cold
import compare
import growth
import study
from report import surroundings
from workload import DAYS, in_the_daytime, round_the_clock

RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> None:
    parser = argparse.ArgumentParser(description="measure everything")
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument(
        "--rounds", type=int, default=4, help="quick models get three times as many, slow ones half"
    )
    parser.add_argument("--replications", type=int, default=30, help="of the whole study")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()

    parts = [
        "# Results of the benchmarks\n\nWritten by `make bench`; how: see benchmarks/*.py.",
        surroundings(),
        compare.INTRODUCTION,
    ]
    print(*parts, sep="\n\n", end="\n\n", flush=True)
    days, rounds = options.days, options.rounds
    slow = max(1, rounds // 2)
    measures = [
        lambda: compare.agreement(min(days, compare.DAYS_OF_AGREEMENT)),
        lambda: compare.section(round_the_clock(days), rounds),
        lambda: compare.section(in_the_daytime(days), rounds),
        cold.section,
        lambda: "## How the cost grows\n\nIn brackets the ratio to the smallest size.",
        *growth.sections(days, slow),
        *study.sections(options.replications),
    ]
    for measure in measures:
        parts.append(measure())
        print(parts[-1], end="\n\n", flush=True)
    options.out.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    print(f"written to {options.out}")


if __name__ == "__main__":
    main()

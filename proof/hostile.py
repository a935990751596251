"""Hostile input: files as nobody should write them, and right ones as nobody would think of.

Tens of thousands of mutations of the shipped scenarios, the starter and the manual's examples must
be read, or refused in words with a place, within seconds; thousands of random right scenarios over
the whole language must run, and what the compiled engine says of them must be what SimPy says.
Writes docs/proof/hostile.md. Ends with 1 at anything else, after telling which seeds show it.

    python proof/hostile.py [--mutations 20000] [--ports 3000] [--seed 1] [--out docs/proof]
"""

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from page import heading

import any_port
import damage

BATCH = 250
WHOLE = 10
"""One port of so many is measured and written as a user would."""


@dataclass
class Tally:
    """What came of a batch."""

    counts: Counter[str] = field(default_factory=Counter)
    bytes: int = 0
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Add what came of another."""
        self.counts.update(other.counts)
        self.bytes = max(self.bytes, other.bytes)
        self.slowest = max(self.slowest, other.slowest)
        self.wrong += other.wrong

    def fails(self, what: str, error: BaseException) -> None:
        """Note what should not be."""
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}:{last.lineno}"
        self.wrong.append(f"{what}: {type(error).__name__} at {where}: {str(error)[:200]}")
        self.counts["wrong"] += 1


def read(first: int, count: int) -> Tally:
    """Read so many mutated files."""
    tally, all_ = Tally(), damage.seeds()
    with tempfile.TemporaryDirectory() as folder:
        damage.lay_out(Path(folder))
        for number in range(first, first + count):
            file, name = damage.put(number, all_, Path(folder))
            began = time.process_time()
            try:
                with damage.limited(damage.LONGEST_S):
                    tally.counts[damage.outcome(file)] += 1
            except (Exception, damage.TooSlowError, RecursionError) as error:
                tally.fails(f"mutation {number} of {name}", error)
            tally.slowest = max(tally.slowest, time.process_time() - began)
            tally.bytes = max(tally.bytes, file.stat().st_size)
    return tally


def run(first: int, count: int) -> Tally:
    """Check and run so many random ports; those that are refused are counted beside them."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        number = first
        while tally.counts["run"] + tally.counts["stuck"] + tally.counts["wrong"] < count:
            began = time.process_time()
            try:
                file = any_port.write(number, Path(folder))
                tally.counts[any_port.outcome(file, whole=number % WHOLE == 0)] += 1
            except Exception as error:
                tally.fails(f"port {number}", error)
            tally.slowest = max(tally.slowest, time.process_time() - began)
            number += 1
    return tally


def batches(first: int, count: int, apart: int) -> Iterator[tuple[int, int]]:
    """Seeds and sizes of the batches that make up so many."""
    for number, done in enumerate(range(0, count, BATCH)):
        yield first + number * apart, min(BATCH, count - done)


def main() -> int:
    """Read and run; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--mutations", type=int, default=20_000)
    parser.add_argument("--ports", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("docs/proof"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    ask = parser.parse_args()
    files, ports = Tally(), Tally()
    with ProcessPoolExecutor(ask.jobs) as pool:
        for tally, work, count in ((files, read, ask.mutations), (ports, run, ask.ports)):
            # Ports that are refused take seeds too: batches of them lie further apart.
            asked = batches(ask.seed, count, BATCH if work is read else 10 * BATCH)
            for found in pool.map(work, *zip(*asked, strict=True)):
                tally.add(found)
                print(f"{work.__name__}: {dict(tally.counts)}", *found.wrong, sep="\n", flush=True)
    ask.out.mkdir(parents=True, exist_ok=True)
    text = "\n".join(page(files, ports)) + "\n"
    (ask.out / "hostile.md").write_text(text, encoding="utf-8")
    return int(bool(files.wrong or ports.wrong))


def page(files: Tally, ports: Tally) -> list[str]:
    """The page in Markdown."""
    read_, tried = sum(files.counts.values()), ports.counts
    sources = len(damage.seeds())
    lines = heading(
        "Hostile input",
        f"{read_:,} files made from {sources} right ones (the shipped scenarios, the starter and "
        "the YAML of this manual) by one to six changes each: words put in the place of others, "
        "lines moved, bytes cut, doubled, flipped and put in, control characters, other encodings, "
        "parts of other files, deep and endless nesting, aliases that multiply. Each must be read, "
        f"or refused in words that name a place, within {damage.LONGEST_S:g} s.",
    )
    lines += [
        "| files | |",
        "| --- | --: |",
        f"| refused with file, line and words | {files.counts['refused']:,} |",
        f"| read as a valid scenario | {files.counts['valid']:,} |",
        f"| a traceback, a fault without a place, or too slow | {files.counts['wrong']:,} |",
        f"| the largest, kB | {files.bytes / 1000:,.0f} |",
        f"| the slowest, s of the processor | {files.slowest:.1f} |",
        "",
        (
            "Random right scenarios over the whole language (calendars, rosters, budgets, stores, "
            "channels, booked and recorded arrivals, convoys, claims, pause, patience, tolerance, "
            "every distribution), each checked as `portsim validate` does and, if valid, run by "
            "both engines for its whole period, whose logs must be equal in every entry. One in "
            "ten is written to a folder too, with its counterfactual runs."
        ),
        "",
        "| scenarios | |",
        "| --- | --: |",
        f"| valid, run, the engines agree | {tried['run']:,} |",
        f"| valid, run, and found in a circular wait, which is said | {tried['stuck']:,} |",
        f"| valid and not run, or the engines disagree | {tried['wrong']:,} |",
        f"| refused by the checks, not counted | {tried['refused']:,} |",
        f"| the slowest, s of the processor | {ports.slowest:.1f} |",
    ]
    return lines


if __name__ == "__main__":
    sys.exit(main())

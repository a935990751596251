"""The engines against each other, far beyond what the tests take time for.

Tens of thousands of random plans through both engines and the slow one that is written after the
rules alone, with the share of plans in which each rule came to matter; then every whole scenario of
Bakhtu through both. Ends with 1 at the first difference, after telling it.

    python proof/parity.py [--plans 50000] [--seed 1] [--jobs 2]
"""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings

from engines.agreed import agreed
from engines.bakhtu import FOLLOWED, POLICIES, plan_of
from engines.reached import RULES, reached
from plans_strategy import days

BATCH = 1000
LEAST = 0.01


def random_plans(number: int, count: int) -> tuple[Counter[str], str]:
    """A batch of plans: how often what mattered, and the first difference if there is one."""
    mattered: Counter[str] = Counter()

    @seed(number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(days(shrink=True))
    def look(day):
        plan = day.plan()
        by_word, branches = reached(day, plan)
        log = agreed(plan)
        assert log == by_word
        mattered.update({"plans", *branches})
        mattered["visits"] += len(log.queued)
        mattered["most visits"] = max(mattered["most visits"], len(log.queued))

    try:
        look()
    except AssertionError as difference:
        # Hypothesis notes the smallest day on which it happens.
        return mattered, "\n".join([str(difference), *getattr(difference, "__notes__", ())])
    return mattered, ""


def whole(policy: str) -> tuple[str, str]:
    """All eleven months of a scenario: what was compared, and the first difference."""
    plan = plan_of(policy)
    try:
        log = agreed(plan)
    except AssertionError as difference:
        return "", f"{policy}: {difference}"
    begun = np.count_nonzero(log.admitted >= 0)
    return (
        f"{policy:34} {plan.trucks:8,} trucks, {plan.visits:8,} visits, {begun:8,} begun",
        "",
    )


def batches(plans: int) -> Iterator[int]:
    """Sizes of the batches that make up so many plans."""
    for done in range(0, plans, BATCH):
        yield min(BATCH, plans - done)


def main() -> int:
    """Compare; 1 if anything differs or the plans are toys."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--plans", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1, help="of the first batch of 1,000")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    ask = parser.parse_args()
    began = time.monotonic()
    mattered: Counter[str] = Counter()
    with ProcessPoolExecutor(ask.jobs) as pool:
        tasks = [
            pool.submit(random_plans, ask.seed + k, n) for k, n in enumerate(batches(ask.plans))
        ]
        for task in as_completed(tasks):
            counts, difference = task.result()
            most = max(mattered["most visits"], counts["most visits"])
            mattered.update(counts)
            mattered["most visits"] = most
            if difference:
                pool.shutdown(cancel_futures=True)
                print(difference)
                return 1
            passed = time.monotonic() - began
            print(f"{mattered['plans']:8,} plans equal, {passed:5.0f} s", flush=True)
        toys = show(mattered)
        for task in [pool.submit(whole, policy) for policy in (*POLICIES, FOLLOWED)]:
            line, difference = task.result()
            print(line or difference, flush=True)
            if difference:
                pool.shutdown(cancel_futures=True)
                return 1
    print("the engines tell the same of all of them")
    return int(toys)


def show(mattered: Counter[str]) -> bool:
    """Print the share of plans in which each rule mattered; whether any is too small."""
    plans = mattered["plans"]
    print(f"\n{mattered['visits']:,} visits, {mattered['most visits']} in a plan at most")
    toys = False
    for rule, branches in RULES.items():
        for branch in branches:
            share = mattered[branch] / max(1, plans)
            toys |= share < LEAST
            print(f"{rule:16} {branch:36} {share:6.1%}{'  too few' if share < LEAST else ''}")
    print(flush=True)
    return toys


if __name__ == "__main__":
    sys.exit(main())

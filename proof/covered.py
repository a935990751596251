"""Coverage: of a thousand studies of a queue with a known answer, how many intervals contain it.

Three border posts with one officer each, on the same trucks, studied as a user would: compared with
thirty replications, a thousand times with other seeds; and with --precision, until it says that it
is precise. What ten replications would have said is told beside it. Writes docs/proof/coverage.md.
Ends with 1 where the share of intervals that contain the truth does not agree with the level that
the program states.

    python proof/covered.py [--studies 1000] [--out docs/proof] [--jobs 2]
"""

import argparse
import math
import os
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import pandas as pd
from page import heading
from scipy import stats

import portsim
from portsim.measures import unit_of
from portsim.scenario.model import Scenario
from portsim.statistics import compare, summarise
from theory.cases import Case, scenario

RATE = 2.0
"""Trucks an hour."""
MEANS = {"slow": 18.0, "middle": 16.0, "fast": 15.0}
"""Minutes of service, exponential."""
LIMIT = 2.0
LEVEL = 0.95
MANY, FEW = 30, 10
"""Replications of a study, as in the scenarios that are shipped, and of a hasty one."""
MEASURES = {
    "stay_mean_h": ("mean stay", ""),
    "throughput_per_day": ("throughput", ""),
    "inside_mean": ("mean number inside", ""),
    "completed_within_limit": ("share completed within 2 h", ""),
    "utilisation": ("utilisation", "officers"),
    "stay_p50_h": ("median stay", ""),
    "stay_p95_h": ("95 % quantile of the stay", ""),
}
PRECISION = "stay_mean_h=5%,completed_within_limit=0.01"
"""What is asked of the sequential rule."""
DELTA = 0.01
"""Smallest difference in the share completed that a selection has to see."""
MISSES = 0.01
QUIET = {"audit": "none", "jobs": 1, "counterfactuals": False, "curves": False}


def truth(name: str, measure: str) -> float:
    """M/M/1 (Gross, Shortle, Thompson, Harris: Fundamentals of Queueing Theory, section 2.2)."""
    spare = 60.0 / MEANS[name] - RATE
    return {
        "stay_mean_h": 1 / spare,
        "throughput_per_day": 24 * RATE,
        "inside_mean": RATE / spare,
        "completed_within_limit": 1 - math.exp(-spare * LIMIT),
        "utilisation": RATE * MEANS[name] / 60,
        "stay_p50_h": math.log(2) / spare,
        "stay_p95_h": math.log(20) / spare,
    }[measure]


@cache
def ports() -> dict[str, Scenario]:
    """The three posts, over four weeks."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, minutes in MEANS.items():
            port = f"""\
resources:
  officers: {{capacity: 1}}
stages:
  desk: {{takes: {{officers: 1}}, time: {{exponential: {{mean: {minutes} min}}}}}}
traffic:
  lorries: {{direction: export, arrivals: {{rate: {24 * RATE} per day}}, route: [desk]}}
"""
            text = scenario(Case(name, "", port, ()), MANY, 1, 28)
            file = Path(folder) / f"{name}.yaml"
            file.write_text(text.replace("name: port", f"name: {name}"), encoding="utf-8")
            found[name] = portsim.load(file)
    return found


def one(seed: int) -> Counter[tuple]:
    """Which intervals of one comparison contain the truth: (kind, what) of those that do."""
    study = portsim.compare(list(ports().values()), seed=seed, **QUIET)
    held = _held(study.summary, study.comparison)
    first = study.replications[study.replications["replication"] <= FEW]
    hasty = _held(summarise(first, unit_of), compare(first, "slow", unit_of))
    # A sum of counters would drop what never was right.
    held.update({(*what, FEW): count for what, count in hasty.items()})
    return held


def _held(summary: pd.DataFrame, table: pd.DataFrame | None) -> Counter[tuple]:
    held: Counter[tuple] = Counter()
    rows = summary[summary["truck_class"] == "all"].set_index(["scenario", "measure", "place"])
    for measure, (label, place) in MEASURES.items():
        row = rows.loc[("slow", measure, place)]
        held["value", label] += row["ci_low"] <= truth("slow", measure) <= row["ci_high"]
    assert table is not None
    pairs = table[table["truck_class"] == "all"].set_index(["scenario", "measure", "place"])
    for measure in ("stay_mean_h", "completed_within_limit", "stay_p95_h"):
        label, place = MEASURES[measure]
        base = truth("slow", measure)
        joint = True
        for name in ("middle", "fast"):
            row, exact = pairs.loc[(name, measure, place)], truth(name, measure)
            joint &= bool(row["joint_low"] <= exact - base <= row["joint_high"])
        row, exact = pairs.loc[("fast", measure, place)], truth("fast", measure)
        held["difference", label] += row["ci_low"] <= exact - base <= row["ci_high"]
        held["ratio", label] += row["ratio_low"] <= exact / base <= row["ratio_high"]
        held["both differences at once", label] += joint
    return held


def until_precise(seed: int) -> Counter[tuple[str, str]]:
    """Whether what the sequential rule claims is true, and the intervals printed after it."""
    study = portsim.run(
        ports()["slow"], seed=seed, precision=PRECISION, max_replications=1000, **QUIET
    )
    said = study.manifest.statistics["precision"]
    rows = study.summary[study.summary["truck_class"] == "all"].set_index(["measure", "place"])
    held: Counter[tuple[str, str]] = Counter(
        replications=sum(goal["observations"] for goal in said) // len(said)
    )
    claims = True
    for goal in said:
        measure = goal["measure"]
        exact, row = truth("slow", measure), rows.loc[(measure, "")]
        assert goal["met"]
        reach = goal["asked"] * (exact if goal["relative"] else 1.0)
        claims &= abs(row["mean"] - exact) <= reach
        label = MEASURES[measure][0]
        held["value after the rule", label] += row["ci_low"] <= exact <= row["ci_high"]
    held["claim of the rule", PRECISION] += claims
    return held


def selected(seed: int) -> Counter[tuple[str, str]]:
    """Whether the best post is selected."""
    study = portsim.compare(
        list(ports().values()), seed=seed, replications=FEW, select=f"delta={DELTA}", **QUIET
    )
    best = study.manifest.statistics["best"]["selected"]
    return Counter({("best selected", f"completed within 2 h, delta {DELTA}"): best == "fast"})


EXACT = {"value", "difference", "ratio"}
"""Kinds whose level is 95 %; of the others it is 95 % at least."""


def main() -> int:
    """Count; 1 if a share does not agree with its level."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--studies", type=int, default=1000)
    parser.add_argument("--out", type=Path, default=Path("docs/proof"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    ask = parser.parse_args()
    held: Counter = Counter()
    with ProcessPoolExecutor(ask.jobs) as pool:
        for what in (one, until_precise, selected):
            for count in pool.map(what, range(1, ask.studies + 1), chunksize=10):
                held.update(count)
            print(f"{what.__name__}: {ask.studies:,} studies", flush=True)
    spent = held.pop("replications") / ask.studies
    lines = heading(
        "Coverage: how often the intervals are right",
        f"{ask.studies:,} studies of three posts with one officer each (M/M/1, loads "
        + ", ".join(f"{truth(name, 'utilisation'):.2f}" for name in MEANS)
        + f"; the known answers are those of theory), each with a seed of its own, {MANY} "
        "replications of four weeks, conducted as a user would. The share of studies whose 95 % "
        "interval has the known answer, with its own 95 % interval (Clopper and Pearson 1934); in "
        f"the last column the share if only the first {FEW} replications are looked at. "
        "Differences and ratios are those of the fast to the slow post on the same trucks. The "
        f"sequential rule stopped after {spent:.0f} replications on average; the selection began "
        f"with {FEW}.",
    )
    lines += [
        f"| what | of | share right | its interval | stated | with {FEW} |",
        "| --- | --- | --: | --- | --- | --: |",
    ]
    wrong, outside = 0, []
    hasty = {what[:2]: held.pop(what) for what in list(held) if len(what) > 2}
    for (kind, of), count in held.items():
        test = stats.binomtest(count, ask.studies)
        near, far = test.proportion_ci(LEVEL), test.proportion_ci(1 - MISSES / len(held))
        exactly = kind in EXACT
        fails = far.high < LEVEL or (exactly and far.low > LEVEL)
        wrong += fails
        if near.high < LEVEL or (exactly and near.low > LEVEL):
            outside.append(f"{kind}, {of}")
        lines.append(
            f"| {kind} | {of} | {count / ask.studies:.1%} | {near.low:.1%} to {near.high:.1%} "
            f"| {'' if exactly else 'at least '}95 %{' **no**' if fails else ''} "
            f"| {_share(hasty.get((kind, of)), ask.studies)} |"
        )
        print(lines[-1], flush=True)
    lines += [
        "",
        (
            "Lines whose own interval leaves out the level stated, of which one in twenty would by "
            f"chance: {'; '.join(outside) or 'none'}. With {FEW} replications intervals are a "
            "little too narrow, because stays are skewed and a mean of few is not normal: the "
            f"scenarios shipped ask for {MANY}."
        ),
        "",
        (
            "A line fails where even an interval that would miss one of all lines in a hundred "
            f"proofs does not reach the stated level; {wrong or 'none'} did."
        ),
    ]
    ask.out.mkdir(parents=True, exist_ok=True)
    (ask.out / "coverage.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return int(wrong > 0)


def _share(count: int | None, studies: int) -> str:
    return "" if count is None else f"{count / studies:.1%}"


if __name__ == "__main__":
    sys.exit(main())

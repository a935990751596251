"""Theory beside simulation: every queue of tests/theory through the whole chain, at full length.

Writes docs/proof/theory.md with the exact value, the simulated mean with its 95 % interval and how
far they are apart. Ends with 1 if an interval that should miss one of all values in a thousand runs
misses one.

    python proof/exact.py [--replications 200] [--out docs/proof]
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import numpy as np
from page import heading
from scipy import stats

import portsim
from peers import ciw_cases
from theory.cases import CASES, Case, scenario
from theory.rules import RULES

MISSES = 0.001


def simulated(case: Case, replications: int, folder: Path):
    """The summary of a case, by class, place and measure; and the figures of each replication."""
    file = folder / "port.yaml"
    file.write_text(scenario(case, replications, seed=20261125), encoding="utf-8")
    study = portsim.run(portsim.load(file), audit="none")
    keys = ["truck_class", "place", "measure"]
    return study.summary.set_index(keys), study.replications.set_index(keys)


def main() -> int:
    """Compare; 1 if theory and simulation disagree."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--replications", type=int, default=200)
    parser.add_argument("--out", type=Path, default=Path("docs/proof"))
    ask = parser.parse_args()
    count = sum(len(make().known) for make in (*CASES, *RULES))
    limit = stats.t.ppf(1 - MISSES / count / 2, ask.replications - 1)
    lines = heading(
        "Theory beside simulation",
        f"{ask.replications} replications of 16 weeks after 4 weeks of warm-up. t is the distance "
        f"in standard errors; beyond ±{limit:.2f} the proof fails (one of all {count} values in a "
        "thousand proofs). All stays and waits are in hours.",
    )
    lines += ["| queue | measure | theory | simulated | t |", "| --- | --- | --: | --: | --: |"]
    inside = misses = 0
    with tempfile.TemporaryDirectory() as folder:
        for make in (*CASES, *RULES):
            case = make()
            rows, _ = simulated(case, ask.replications, Path(folder))
            for known in case.known:
                row = rows.loc[(known.cls, known.place, known.measure)]
                t = (row["mean"] - known.value) / (row["sd"] / np.sqrt(ask.replications))
                inside += row["ci_low"] <= known.value <= row["ci_high"]
                misses += abs(t) > limit
                half = (row["ci_high"] - row["ci_low"]) / 2
                what = " ".join(filter(None, (known.measure, known.place, known.cls)))
                what = what.removesuffix(" all")
                lines.append(
                    f"| {case.name} | {what} | {known.value:.4f} | {row['mean']:.4f} ± {half:.4f} "
                    f"| {t:+.2f} |"
                )
                print(lines[-1], flush=True)
        lines += ["", f"{inside} of {count} values lie within the 95 % interval."]
        lines += [
            "",
            "Sources (GSTH: Gross, Shortle, Thompson and Harris, Fundamentals of Queueing Theory):",
        ]
        lines += ["", *(f"- {make().name}: {make().source}" for make in (*CASES, *RULES))]
        table, differ = ciw_cases(Path(folder))
        lines += table
        print("\n".join(table), flush=True)
    ask.out.mkdir(parents=True, exist_ok=True)
    (ask.out / "theory.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{inside} of {count} within 95 %, {misses} too far, {differ} unlike Ciw")
    return int(misses + differ > 0)


if __name__ == "__main__":
    sys.exit(main())

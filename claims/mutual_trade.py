"""What each of the eight measures of mutual trade is worth, and the article beside its simulation.

Adds each measure to none, takes each from all eight, and takes each away at both ends of the ranges
of its minutes, on the same trucks throughout; fills the tables of docs/bakhtu/mutual-trade.md. The
article is not simulated again: its table is read from results/mutual-trade-2024.

    python claims/mutual_trade.py [--replications 10] [--jobs 2] [--out results/bakhtu-measures]
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from portsim.checking import load
from portsim.experiment import Execution, Keep, run_all
from portsim.experiment.conduct import check_and_fingerprint
from portsim.results import atomic_write
from portsim.scenario.model import Scenario
from portsim.statistics.intervals import Figures, figures, moments, t_factor

FOLDER = Path("scenarios/bakhtu/mutual-trade")
OBSERVED = Path("results/mutual-trade-2024/observed.csv")
PAGE = Path("docs/bakhtu/mutual-trade.md")
GOODS = "mutual-trade-goods"
EIGHT = (
    *("app", "direct", "entrusted", "exempt"),
    *("laboratory", "linked-gates", "pooling", "pre-review"),
)
LOW, NOMINAL, HIGH = "base-low", "base", "base-high"
ALL = "all-eight"
STAY = "stay_mean_h"
SHOWN = ("residents", "value", "trucks", "tonnes-printed", "tonnes-of-rows")
UNITS = {"residents": "person-times of residents", "value": "value, yuan", "trucks": "trucks",
         "tonnes-printed": "tonnes, total as printed",
         "tonnes-of-rows": "tonnes, sum of the rows"}  # fmt: skip
COLUMNS = (
    (GOODS, STAY, "mean stay, h", 1.0, ""),
    (GOODS, "stay_p50_h", "median stay, h", 1.0, ""),
    (GOODS, "completed_within_limit", "out within 24 h, pp", 100.0, " %"),
    (GOODS, "residents_per_day", "residents a day", 1.0, ""),
    ("all", STAY, "mean stay of all, h", 1.0, ""),
)
"""Class, measure, heading, factor, and the unit that follows a value (not a difference)."""


def without(measure: str, base: str = NOMINAL) -> str:
    """The stack of the seven others."""
    return "+".join(f"{name}.yaml" for name in (base, *EIGHT) if name != measure)


def scenarios() -> dict[str, str]:
    """Name in the tables to the stack of files; pooling has no minutes, so it has no ends."""
    found = {NOMINAL: f"{NOMINAL}.yaml", ALL: f"{ALL}.yaml"}
    found |= {name: f"{name}.yaml" for name in EIGHT}
    for base in (NOMINAL, LOW, HIGH):
        found |= {
            f"{base} but {name}": without(name, base)
            for name in EIGHT
            if base == NOMINAL or name != "pooling"
        }
    return found


class Runs:
    """Figures of all scenarios, and the paired differences between two of them."""

    def __init__(self, replications: pd.DataFrame, names: dict[str, str]) -> None:
        """In: replications of `experiment.run_all`; name in the tables to name of the scenario."""
        port = replications[replications["place"].eq("")]
        table: Figures = figures(port)
        keys = table.keys[["scenario", "truck_class", "measure"]].itertuples(index=False, name=None)
        self._row = {key: row for row, key in enumerate(keys)}
        self._table, self._names = table, names
        stays = port[port["truck_class"].eq(GOODS) & port["measure"].eq(STAY)]
        # Overload is judged over all replications, so that each row of a scenario says the same.
        found = stays[stays["note"].str.contains("overloaded")]
        self._overloaded = set(found["scenario"].astype(str))

    def _at(self, name: str, cls: str, measure: str) -> int:
        return self._row[self._names[name], cls, measure]

    def value(self, name: str, cls: str, measure: str) -> tuple[float, float]:
        """Mean and half the width of its 95 % interval."""
        return _interval(self._table.values[self._at(name, cls, measure)])

    def rise(self, name: str, over: str, cls: str, measure: str) -> tuple[float, float]:
        """Mean of the paired differences and half the width of its 95 % interval."""
        rows = [self._table.values[self._at(which, cls, measure)] for which in (name, over)]
        return _interval(rows[0] - rows[1])

    def mark(self, name: str) -> str:
        """`` (o)`` for a port that is overloaded."""
        return " (o)" if self._names[name] in self._overloaded else ""


def _interval(values: np.ndarray) -> tuple[float, float]:
    m = moments(values[None, :])
    return float(m.mean[0]), float((t_factor(m.n) * m.sd)[0])


def worth(runs: Runs, state: str, others: dict[str, str], last: str | None = None) -> str:
    """A state, and paired differences to it, the greatest fall or rise of the mean stay first.

    In: the runs; the state; name of a scenario to what the row is called; one kept for the end.
    """
    first = [
        f"{number(mean * factor)} ± {number(half * factor)}{unit}"
        for cls, measure, _, factor, unit in COLUMNS
        for mean, half in [runs.value(state, cls, measure)]
    ]
    title = {NOMINAL: "none", ALL: "all eight"}[state]
    lines = [[title + runs.mark(state), *first]]
    sign = 1.0 if state == NOMINAL else -1.0
    stay = {name: sign * runs.rise(name, state, GOODS, STAY)[0] for name in others}
    for name in sorted(others, key=lambda name: (name == last, stay[name])):
        cells = [
            _change(*(factor * number for number in runs.rise(name, state, cls, measure)))
            for cls, measure, _, factor, _ in COLUMNS
        ]
        lines.append([others[name] + runs.mark(name), *cells])
    return markdown(["in force", *(column[2] for column in COLUMNS)], lines)


def ends(runs: Runs) -> str:
    """Rise of the mean stay when one is taken from all eight, at the ends and in the middle."""
    rows = {}
    for name in EIGHT:
        cells = []
        for base in (LOW, NOMINAL, HIGH):
            but = f"{NOMINAL if name == 'pooling' else base} but {name}"
            mean, half = runs.rise(but, ALL, GOODS, STAY)
            cells.append((mean, f"{number(mean)} ± {number(half)}{runs.mark(but)}"))
        rows[name] = cells
    return markdown(
        ["measure", "low ends", "as assumed", "high ends"],
        [
            [name + (" (has no minutes)" if name == "pooling" else ""), *(text for _, text in row)]
            for name, row in sorted(rows.items(), key=lambda item: -item[1][1][0])
        ],
    )


def article(observed: pd.DataFrame) -> str:
    """What was published beside what came out: the totals of observed.csv."""
    lines = []
    for row in observed.set_index("name").loc[list(SHOWN)].itertuples():
        places = 2 if row.unit == "t" else 0
        half = row.mean - row.ci_low
        lines.append(
            [
                f"{UNITS[row.Index]} ({row.confidence})",
                row.role,
                f"{row.published:,.{places}f}",
                f"{row.mean:,.{places}f}, in each replication"
                if half == 0.0
                else f"{row.mean:,.{places}f} ± {half:,.{places}f}",
                "0"
                if row.gap == 0.0
                else f"{number(row.gap, places)}, {number(row.gap_percent, 2)} %",
                row.inside,
            ]
        )
    return markdown(
        ["published", "role", "published value", "simulated, 95 % interval", "gap", "inside"], lines
    )


def number(value: float, places: int = 1) -> str:
    """A number with a true minus sign, and none before a zero."""
    text = f"{value:,.{places}f}"
    if float(text.replace(",", "")) == 0.0:
        return text.removeprefix("-")
    return text.replace("-", "−")


def _change(mean: float, half: float) -> str:
    text = number(mean)
    return ("+" if mean > 0 and text != "0.0" else "") + f"{text} ± {number(half)}"


def markdown(head: list[str], rows: list[list[str]]) -> str:
    """A table of a page; the first column holds words, the others figures."""
    right = ["--:" if head[0] != "published" or 2 <= at < 5 else "---" for at in range(len(head))]
    lines = [head, ["---", *right[1:]], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def fill(page: Path, tables: dict[str, str]) -> None:
    """Put the tables between the marks of a page."""
    text = page.read_text(encoding="utf-8")
    for name, table in tables.items():
        begin, end = f"<!-- table: {name} -->\n", f"<!-- end: {name} -->"
        before, rest = text.split(begin)
        text = f"{before}{begin}{table}\n{end}{rest.split(end, 1)[1]}"
    atomic_write(page, text.encode("utf-8"))


def load_all() -> dict[str, Scenario]:
    """The scenarios by their name in the tables."""
    return {
        name: load("+".join(str(FOLDER / file) for file in stack.split("+")))
        for name, stack in scenarios().items()
    }


def made_from(studies: Iterable[Iterable[Scenario]], replications: int) -> str:
    """A line that holds what the tables of a page were made from."""
    prints = (
        check_and_fingerprint(list(study), None, replications, None)[2][:12] for study in studies
    )
    return f"<!-- made from {' '.join(prints)}, {replications} replications -->"


def main() -> None:
    """Run, and fill the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--replications", type=int, default=10)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("results/bakhtu-measures"))
    ask = parser.parse_args()
    loaded = load_all()
    measures = frozenset(column[1] for column in COLUMNS)
    study = run_all(
        list(loaded.values()),
        Keep(counterfactuals=False, curves=False, measures=measures),
        replications=ask.replications,
        how=Execution(
            jobs=ask.jobs,
            audit="none",
            journal=ask.out,
            on_progress=lambda done, total: print(f"{done} of {total}", flush=True),
            say=print,
        ),
    )
    text = study.replications.to_csv(index=False, float_format="%.10g", lineterminator="\n")
    atomic_write(ask.out / "replications.csv", text.encode("utf-8-sig"))
    runs = Runs(study.replications, {name: found.name for name, found in loaded.items()})
    taken = {f"{NOMINAL} but {name}": f"all but {name}" for name in EIGHT}
    tables = {
        "article": article(pd.read_csv(OBSERVED)),
        "added": worth(runs, NOMINAL, {name: name for name in EIGHT} | {ALL: "all eight"}, ALL),
        "taken": worth(runs, ALL, taken),
        "ends": ends(runs),
        "made": made_from([loaded.values()], ask.replications),
    }
    fill(PAGE, tables)
    if study.journal is not None:
        study.journal.unlink(missing_ok=True)


if __name__ == "__main__":
    main()

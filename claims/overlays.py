"""What the files laid over Bakhtu's schedules change: the tables of four pages under docs/bakhtu.

Oversized loads, sizes of yards and strip, the clock change, the electronic queue, drop and pull,
release against a guarantee, separate clerks: each beside the schedule without it, on the same
trucks.

    python claims/overlays.py [--replications 20] [--jobs 2]
"""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from mutual_trade import fill, made_from, markdown, number

from portsim.checking import load
from portsim.experiment import Execution, Keep
from portsim.experiment.conduct import ask
from portsim.experiment.study import Study
from portsim.scenario.model import Scenario
from portsim.studies import vary

FOLDER = Path("scenarios/bakhtu")
DOCS = Path("docs/bakhtu")
OVERSIZED, SIDES, INSPECTION, CROWDING = PAGES = tuple(
    DOCS / f"{name}.md" for name in ("oversized-loads", "both-sides", "inspection", "crowding")
)
SIZES = {
    "yards half": {"yard-export": 150, "yard-import": 100},
    "yards double": {"yard-export": 600, "yard-import": 400},
    "strip 25": {"strip-export": 25, "strip-import": 25},
    "strip 80": {"strip-export": 80, "strip-import": 80},
}
LONG, SHIFTED = "hours-7x12", "hours-7x8-after-clock-change"
CLERKS, CROWDED = "separate-clerks", ("hours-2026", "hours-7x12", "hours-7x24")
SEPTEMBER = {"from": "2024-09-02", "to": "2024-09-29", "warm_up": "4 weeks"}
BUSY, WIDE = "busy month", "busy month, wide lane"
OVERLAYS = {
    BUSY: ["wind-busy-month"],
    WIDE: ["wind-busy-month", "wind-wide-lane"],
    "electronic queue": ["kazakh-electronic-queue"],
    "drop and pull": ["drop-and-pull"],
    "guarantee": ["release-against-guarantee"],
}
GROUPS = {
    "all": "all other trucks",
    "general": "general goods",
    "fruit-vegetables": "fruit and vegetables",
    "new-vehicles": "new vehicles",
    "empty": "empty trucks, inwards",
    "mutual-trade-goods": "mutual trade",
}
BLADES = "wind-blades"
IN_TIME = "completed_within_limit"
MEASURES = frozenset(
    {
        *("stay_mean_h", "stay_p95_h", "wait_open_mean_h", "wait_closed_mean_h", "queue_max"),
        *("capacity_per_day", "capacity_multiple", "beyond_capacity_per_day"),
        *("oversized_delay_h", "oversized_late_per_day", "given_up"),
        *("arrived", IN_TIME, "paused_mean_h", "service_mean_h"),
    }
)


def studies() -> dict[str, dict[str, Scenario]]:
    """The comparisons: scenarios by their name in the tables, the baseline first."""

    def file(*names: str) -> str:
        return "+".join(str(FOLDER / f"{name}.yaml") for name in names)

    def sizes(hours: str) -> dict[str, Scenario]:
        return {
            name: vary(
                file(hours),
                {
                    "name": f"{hours}-{name.replace(' ', '-')}",
                    **{f"resources.{what}.capacity": n for what, n in places.items()},
                },
            )
            for name, places in SIZES.items()
        }

    return {
        "long": {
            "": load(file(LONG)),
            **{name: load(file(LONG, *over)) for name, over in OVERLAYS.items()},
            **sizes(LONG),
        },
        "clock": {
            "": load(file("hours-7x8")),
            "clock change": load(file("clock-change-2024")),
            "after it": load(file(SHIFTED)),
        },
        "shifted": {"": load(file(SHIFTED)), **sizes(SHIFTED)},
        "crowded": {
            name: load(file(*name.split("+"))).replace({"period": SEPTEMBER})
            for hours in CROWDED
            for name in (hours, f"{hours}+{CLERKS}")
        },
    }


class Found:
    """Figures and differences of one comparison."""

    def __init__(self, study: Study, scenarios: dict[str, Scenario]) -> None:
        """In: a finished comparison; its scenarios by their name in the tables."""
        assert study.comparison is not None
        self._names = {name: scenario.name for name, scenario in scenarios.items()}
        key = ["scenario", "truck_class", "place", "measure"]
        self._values, self._changes = (
            frame.astype(dict.fromkeys(key, str)).set_index(key)
            for frame in (study.summary, study.comparison)
        )

    def value(self, name: str, *where: str, **how: Any) -> str:
        """A figure (class, measure, place) with its 95 % interval; empty if there is none."""
        key = (self._names[name], *_key(*where))
        if key not in self._values.index:
            return ""
        row = self._values.loc[key]
        return _text(row, ("mean", "ci_low", "ci_high"), **how)

    def change(self, name: str, *where: str, **how: Any) -> str:
        """The difference of a figure to the baseline with its joint 95 % interval."""
        row = self._changes.loc[(self._names[name], *_key(*where))]
        return _text(row, ("difference", "joint_low", "joint_high"), signed=True, **how)


def _key(cls: str, measure: str, place: str = "") -> tuple[str, str, str]:
    return cls, place, measure


def _text(
    row: pd.Series,
    columns: Sequence[str],
    *,
    factor: float = 1.0,
    digits: int = 1,
    signed: bool = False,
) -> str:
    mean, low, high = (float(row[column]) * factor for column in columns)
    plus = "+" if signed and mean > 0 else ""
    return f"{plus}{number(mean, digits)} ({number(low, digits)} … {number(high, digits)})"


def _changes(found: Found, name: str, wanted: Iterable[tuple[str, ...]]) -> str:
    """Rows of label, value without, difference; `wanted` has label, class, measure, place."""
    rows = []
    for label, cls, measure, place in wanted:
        share = measure == IN_TIME
        how = {"factor": 100.0 if share else 1.0, "digits": 2}
        rows.append(
            [
                label,
                found.value("", cls, measure, place, **how) + (" %" if share else ""),
                found.change(name, cls, measure, place, **how) + (" pp" if share else ""),
            ]
        )
    return markdown(["what", "without", "difference with it"], rows)


def oversized(found: Found) -> str:
    """What wind loads cost each class, in minutes of its mean stay."""
    columns = ("", BUSY, WIDE)
    rows = [
        [
            label,
            *(found.value(name, cls, "oversized_delay_h", factor=60.0) for name in columns),
        ]
        for cls, label in GROUPS.items()
    ]
    rows.append(
        [
            "more not out within 24 h, trucks a day",
            *(found.value(name, "all", "oversized_late_per_day", digits=2) for name in columns),
        ]
    )
    return markdown(["longer stay, minutes", "as in port.yaml", BUSY, WIDE], rows)


def blades(found: Found) -> str:
    """What the blades go through themselves."""
    columns = ("", BUSY, WIDE)
    wanted = (
        ("mean stay, h", "stay_mean_h", 1.0),
        ("of it waiting while open, h", "wait_open_mean_h", 1.0),
        ("of it waiting while closed, h", "wait_closed_mean_h", 1.0),
        ("out within 24 h, %", IN_TIME, 100.0),
    )
    rows = [
        [label, *(found.value(name, BLADES, measure, factor=factor) for name in columns)]
        for label, measure, factor in wanted
    ]
    return markdown(["blades", "as in port.yaml", BUSY, WIDE], rows)


def sizes(long: Found, shifted: Found) -> str:
    """Sizes of yards and strip."""
    rows = [
        [
            name,
            long.change(name, "all", "stay_mean_h", digits=2),
            long.change(name, "all", "capacity_per_day"),
            shifted.change(name, "all", "capacity_per_day"),
        ]
        for name in SIZES
    ]
    first = [
        "as in port.yaml",
        long.value("", "all", "stay_mean_h", digits=2),
        long.value("", "all", "capacity_per_day"),
        shifted.value("", "all", "capacity_per_day"),
    ]
    heads = ["size", "mean stay, h, 7×12", "trucks a day it could release, 7×12"]
    return markdown([*heads, "the same, 7×8 after the clock change"], [first, *rows])


def clock(found: Found) -> str:
    """What the clock change took."""
    rows = [
        ["7×8, both sides in step", found.value("", "all", "capacity_per_day"),
         found.value("", "all", IN_TIME, factor=100.0) + " %"],
        *(
            [label, found.change(name, "all", "capacity_per_day"),
             found.change(name, "all", IN_TIME, factor=100.0) + " pp"]
            for name, label in (("clock change", "8 h of overlap, then 6 from 1 March on"),
                                ("after it", "6 h of overlap all year"))
        ),
    ]  # fmt: skip
    return markdown(["hours", "trucks a day it could release", "out within 24 h"], rows)


def crowding(found: Found) -> str:
    """Clerks shared by all, and some of their own for imports and for documents."""
    columns = (
        ("out within 24 h, %", IN_TIME, {"factor": 100.0}),
        ("capacity, trucks a day", "capacity_per_day", {"digits": 0}),
        ("at so many times the demand", "capacity_multiple", {"digits": 1}),
        ("at twice that demand", "beyond_capacity_per_day", {"digits": 0}),
    )
    rows = [
        [
            name.removeprefix("hours-").replace(f"+{CLERKS}", ", separate clerks"),
            *(found.value(name, "all", measure, **how) for _, measure, how in columns),
        ]
        for hours in CROWDED
        for name in (hours, f"{hours}+{CLERKS}")
    ]
    return markdown(["schedule", *(label for label, *_ in columns)], rows)


def tables(found: dict[str, Found]) -> dict[Path, dict[str, str]]:
    """The tables of each page."""
    long = found["long"]
    queue = (
        ("mean stay of imports, h", "import", "stay_mean_h", ""),
        ("mean stay of exports, h", "export", "stay_mean_h", ""),
        ("most waiting before the Kazakh post, imports", "all", "queue_max", "kz-post-import"),
        ("out within 24 h", "all", IN_TIME, ""),
    )
    drop = (
        ("mean stay of general goods, h", "general", "stay_mean_h", ""),
        ("95th percentile of it, h", "general", "stay_p95_h", ""),
        ("general goods out within 24 h", "general", IN_TIME, ""),
        ("tractors that left without a trailer", "empty", "given_up", ""),
    )
    guarantee = (
        ("mean stay of mutual trade, h", "mutual-trade-goods", "stay_mean_h", ""),
        ("mutual trade out within 24 h", "mutual-trade-goods", IN_TIME, ""),
        ("mean stay of general goods, h", "general", "stay_mean_h", ""),
    )
    return {
        OVERSIZED: {"oversized": oversized(long), "blades": blades(long)},
        SIDES: {
            "sizes": sizes(long, found["shifted"]),
            "clock": clock(found["clock"]),
            "queue": _changes(long, "electronic queue", queue),
            "drop": _changes(long, "drop and pull", drop),
        },
        INSPECTION: {"guarantee": _changes(long, "guarantee", guarantee)},
        CROWDING: {"crowding": crowding(found["crowded"])},
    }


def main() -> None:
    """Run, and fill the pages."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--replications", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2)
    words = parser.parse_args()
    found = {}
    for name, scenarios in studies().items():
        print(f"{name}: {len(scenarios)} scenarios", flush=True)
        policies = list(scenarios.values())
        asked = ask(
            policies,
            policies[0].name,
            replications=words.replications,
            keep=Keep(curves=False, measures=MEASURES),
        )
        study = asked.conduct(Execution(jobs=words.jobs, audit="none", say=print))
        found[name] = Found(study, scenarios)
    made = made_from((one.values() for one in studies().values()), words.replications)
    for page, filled in tables(found).items():
        fill(page, {**filled, "made": made})


if __name__ == "__main__":
    main()

"""Overload: how often the remark is wrong, and how much excess it sees.

Studies of random ports with a known load are conducted and judged as every study is. Some are
stationary, with a load of 0.90 to 0.95 at what limits them and whatever else may look like growth:
nights and Sundays, days with few trucks and days with many, uneven days, no warm-up. In others more
comes than can pass. Writes docs/proof/overload.md. Ends with 1 where false alarms are not rarer
than stated, or where too few of the excesses are seen.

    python proof/overload.py [--studies 1000] [--out docs/proof] [--jobs 2]
"""

import argparse
import datetime as dt
import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from page import heading
from scipy import stats

from portsim.demand import draw
from portsim.engines import engine
from portsim.experiment.overload import overloads
from portsim.measures import measure
from portsim.plan import Site, draft, timetable
from portsim.scenario.model import Scenario

STATED = 0.01
"""False alarms are rarer than this."""
SEEN = 0.90
"""So many of the excesses are seen."""
MONDAY = dt.date(2024, 1, 8)
STRIP = 255.0
"""Trucks a day that a strip of 40 places before a post of nine hours lets through, measured."""
HOURS = (
    ("00:00-24:00", "daily"), ("08:00-16:00", "daily"), ("09:00-18:00", "Mon-Fri"),
    ("06:00-22:00", "Mon-Sat"),
)  # fmt: skip
TIMES = ("constant", "exponential", "lognormal")
Look = tuple[str, float, int, int, int]
"""What limits, excess, days, trucks a day, replications."""
EXCESSES = ((0.10, 7), (0.03, 14))
SIZES = ((100, 5), (100, 30), (300, 5), (1000, 1))
"""Trucks a day and replications at which excesses are sought."""
ENOUGH = 500
"""So many trucks a day, over all replications, show them."""


def port(rng: np.random.Generator, kind: str, rate: float, load: float, **more: Any) -> dict:
    """A port of which a known share of what it can do is asked.

    Args:
        rng: for its shape.
        kind: post, quota or strip; the last has no resource with a load near 1.
        rate: trucks a day.
        load: asked over given, in the long run.
        more: ``days`` of the period; ``calm``: neither hours, patterns nor uneven days, and
            ``warm`` weeks before them.
    """
    calm, days = more.get("calm", False), more["days"]
    hours, on = ("00:00-24:00", "daily") if calm or kind == "strip" else HOURS[rng.integers(4)]
    first = MONDAY + dt.timedelta(days=int(0 if calm else rng.integers(7)))
    arrivals: dict[str, Any] = {"rate": f"{rate:.6f} per day"}
    if not calm and rng.integers(2):
        arrivals["weekdays"] = {"Sat": 0.3, "Sun": float(rng.choice([0.0, 0.3, 2.0]))}
    if not calm and rng.integers(2):
        arrivals["hours"] = {"06:00-12:00": 3, "12:00-20:00": 1}
    weekdays = [arrivals.get("weekdays", {}).get(day, 1.0) for day in
                ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")]  # fmt: skip
    coming = rate * sum(weekdays) / 7
    traffic: dict[str, Any] = {}
    if not calm and rng.integers(3) == 0:
        traffic["day_factor"] = {"lognormal": {"mean": 1, "cv": 0.2}}
    warm = int(more.get("warm", 0) if calm else rng.choice([0, 0, 1, 4]))
    text: dict[str, Any] = {
        "name": "port",
        "timezone": "Asia/Almaty",
        "period": {"from": first, "to": first + dt.timedelta(days=days - 1),
                   "warm_up": f"{warm} weeks"},
    }  # fmt: skip
    if kind == "post":
        opens, closes = (int(clock[:2]) for clock in hours.split("-"))
        week = (closes - opens) * {"daily": 7, "Mon-Fri": 5, "Mon-Sat": 6}[on] * 60
        servers = int(rng.integers(1, 5))
        closures = []
        if not calm and rng.integers(4) == 0:
            # Storms of two days in thirty: days hang together.
            every, lasts = {"exponential": {"mean": "28 d"}}, "2 d"
            closures = [{"name": "storm", "every": every, "lasts": lasts}]
            load *= 28 / 30
        mean = f"{load * week * servers / (7 * coming):.6f} min"
        shape = TIMES[rng.integers(3)]
        time = mean if shape == "constant" else {shape: {"mean": mean}}
        if shape == "lognormal":
            time[shape]["cv"] = 1
        text |= {
            "calendars": {"day": {"hours": {on: hours}}},
            "resources": {"officers": {"capacity": servers}},
            "stages": {"post": {"takes": {"officers": 1}, "hours": "day", "at_close": "pause",
                                "time": time, "closures": closures}},
        }  # fmt: skip
        route = ["post"]
    elif kind == "quota":
        # A whole number of permits: the rate gives way.
        level = max(1, round(coming / load))
        arrivals["rate"] = f"{rate * level * load / coming:.6f} per day"
        text |= {
            "resources": {"quota": {"kind": "budget", "level": level, "refill": "00:00"}},
            "stages": {"office": {"spends": {"quota": 1}, "time": "5 min"}},
        }
        route = ["office"]
    else:
        arrivals["rate"] = f"{STRIP * load * rate / coming:.6f} per day"
        text |= {
            "calendars": {"day": {"hours": "09:00-18:00"}},
            "resources": {"near": {"capacity": 3}, "strip": {"capacity": 40},
                          "far": {"capacity": 7, "calendar": "day"}},
            "stages": {
                "near-side": {"takes": {"near": 1, "strip": {"until": "far-side"}},
                              "at_close": "finish", "time": {"uniform": {"low": "5 min",
                                                                         "high": "10 min"}}},
                "far-side": {"takes": {"far": 1}, "hours": "day", "at_close": "finish",
                             "time": {"exponential": {"mean": "10 min"}}},
            },
        }  # fmt: skip
        route = ["near-side", "far-side"]
    traffic["trucks"] = {"direction": "export", "arrivals": arrivals, "route": route}
    return text | {"traffic": traffic}


def remarks(text: dict, replications: int, seed: int) -> list[str]:
    """What a study would call overloaded, as kind and place."""
    scenario, run = Scenario.model_validate(text), engine("compiled")
    table, strains = timetable(scenario), []
    for number in range(1, replications + 1):
        trucks = draw(scenario, seed, number).at(scenario)
        plan = Site(table, draft(scenario, trucks)).all()
        strains.append(measure(plan, run(plan), with_curves=False).strains)
    return [f"{one.kind} {one.place}" for one in overloads(strains)]


def stationary(seed: int) -> tuple[str, bool]:
    """Whether a random port that can do its work is called overloaded, and what port it is."""
    rng = np.random.default_rng([1, seed])
    kind = ("post", "post", "quota", "strip")[seed % 4]
    days, many = int(rng.choice([7, 14, 28, 56])), int(rng.choice([1, 1, 2, 3, 5, 10, 30]))
    rate = float(np.exp(rng.uniform(np.log(20), np.log(400))))
    text = port(rng, kind, rate, float(rng.uniform(0.90, 0.95)), days=days)
    found = remarks(text, many, seed)
    return f"{kind}; {'one replication' if many == 1 else 'two to thirty'}", bool(found)


def excessive(seed: int, kind: str, excess: float, days: int, rate: float, many: int) -> bool:
    """Whether an excess is seen."""
    rng = np.random.default_rng([2, seed])
    # From empty on, the places of a strip suffice for days: at night they fill up later.
    warm = 4 if kind == "strip" and days > 7 else 0
    text = port(rng, kind, rate, 1 + excess, days=days, calm=True, warm=warm)
    return bool(remarks(text, many, seed))


def interval(hits: int, of: int) -> tuple[float, float]:
    """Clopper and Pearson 1934, 95 %."""
    low = stats.beta.ppf(0.025, hits, of - hits + 1) if hits else 0.0
    high = stats.beta.ppf(0.975, hits + 1, of - hits) if hits < of else 1.0
    return float(low), float(high)


def page(
    alarms: Counter[str], count: Counter[str], power: dict[Look, int], few: int
) -> tuple[list[str], bool]:
    """The page, and whether something on it is not as stated."""
    hits, of = sum(alarms.values()), sum(count.values())
    low, high = interval(hits, of)
    bad = low > STATED
    text = (
        f"{of:,} studies of random ports that can do their work, with a load of 0.90 to 0.95 at "
        "what limits them (officers, a daily quota, or a strip before a post of nine hours): open "
        "round the clock, by day or on working days, with rushes, quiet or busy Sundays, uneven "
        "days, storms of two days, over 1, 2, 4 or 8 weeks, half of them without a warm-up, with 1 "
        "to 30 replications. Called overloaded were "
        f"{hits}, a share of {hits / of:.2%} ({low:.2%} to {high:.2%}, Clopper and Pearson 1934); "
        f"stated is less than {STATED:.0%}."
    )
    lines = heading("Overload: how often the remark is wrong, and what it sees", text)
    lines += ["| what limits; replications | studies | false alarms |", "| --- | --: | --: |"]
    lines += [f"| {name} | {count[name]} | {alarms[name]} |" for name in sorted(count)]
    seen_in = (
        f"Excess that was seen, of {few} studies each, from an empty port on (3 % at the strip: "
        "with a warm-up of four weeks; before, its queue still clears once a day). The remark "
        f"rests on all replications together: with {ENOUGH:,} trucks a day over all of them, at "
        f"least {SEEN:.0%} is seen. With fewer no test can see as much: a week of 100 trucks a "
        "day is itself uneven by 4 %."
    )
    lines += [
        "",
        seen_in,
        "",
        "| what limits | excess | days | trucks a day | replications | seen |",
        "| --- | --: | --: | --: | --: | --: |",
    ]
    for (kind, excess, days, rate, many), seen in power.items():
        lines.append(f"| {kind} | {excess:.0%} | {days} | {rate} | {many} | {seen / few:.0%} |")
        bad |= rate * many >= ENOUGH and interval(seen, few)[1] < SEEN
    return lines, bad


def main() -> int:
    """Conduct the studies, write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=1000)
    parser.add_argument("--out", type=Path, default=Path("docs/proof"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    asked = parser.parse_args()
    with ProcessPoolExecutor(asked.jobs) as pool:
        alarms: Counter[str] = Counter()
        count: Counter[str] = Counter()
        for name, alarm in pool.map(stationary, range(asked.studies), chunksize=5):
            alarms[name] += alarm
            count[name] += 1
        few = max(20, asked.studies // 20)
        power: dict[Look, int] = {}
        for kind in ("post", "quota", "strip"):
            for excess, days in EXCESSES:
                for rate, many in SIZES:
                    if kind == "strip" and rate != 300:
                        continue
                    look = partial(excessive, kind=kind, excess=excess, days=days, rate=rate,
                                   many=many)  # fmt: skip
                    hits = sum(pool.map(look, range(few), chunksize=5))
                    power[kind, excess, days, rate, many] = hits
    lines, bad = page(alarms, count, power, few)
    (asked.out / "overload.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

"""What one more is worth on known ports, by `portsim worth` and by the ports themselves.

The ports are those of `known_ports`, which share no code with portsim; each is cut to four weeks.
Its truth is written down as a scenario, and `portsim worth` says what one more server of each stage
and, where work pauses when a stage closes, an hour more saves. The port itself is simulated as it
is and with the same thing more, on the same trucks. Writes docs/proof/worth.md.

    python proof/worth.py [--ports 50] [--replications 20]
"""

import argparse
import copy
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from held import scenario_of
from known_ports import Port, known_port
from page import heading

from portsim.experiment import Execution
from portsim.studies.worth import ask

PAGE = Path(__file__).parents[1] / "docs/proof/worth.md"
_DAYS = 28
_FIRST = 300
"""Number of the first port; the fit was built on lower ones."""
_MANY = 40
"""Periods of the port itself: so many that its own mean is told better than that of portsim."""
_SURE = 2.0
"""Standard errors beyond which a difference of the port itself counts as told."""

Truth = dict[str, Any]
Row = dict[str, Any]
One = tuple[str, str]
"""What there is one more of, as `portsim worth` names it, and the stage."""


def short(truth: Mapping[str, Any]) -> Truth:
    """The truth with a period of four weeks at the most."""
    # Stages may share their hours as one object: written out, each has its own.
    words = json.loads(json.dumps(truth))
    first = dt.date.fromisoformat(words["period"]["from"])
    last = dt.date.fromisoformat(words["period"]["to"])
    words["period"]["to"] = min(last, first + dt.timedelta(days=_DAYS - 1)).isoformat()
    return words


def with_server(truth: Truth, name: str) -> Truth:
    """A server more in every group of a stage, for all dates."""
    words = copy.deepcopy(truth)
    stage = next(each for each in words["stages"] if each["stage"] == name)
    groups = list(stage["servers"])
    if words["step"] and words["step"]["stage"] == name:
        groups += words["step"]["servers"]
    for group in groups:
        group["count"] += bool(group["count"])
    return words


def with_hour(truth: Truth, name: str, later: bool) -> Truth | None:
    """An hour more at the end or the beginning of each day of a stage; None if a day lacks room."""
    words = copy.deepcopy(truth)
    stage = next(each for each in words["stages"] if each["stage"] == name)
    (group,) = stage["servers"]
    for spans in group["hours"].values():
        if not spans:
            continue
        if later:
            spans[-1][1] += 1
        else:
            spans[0][0] -= 1
        if not (spans[0][0] >= 0 and spans[-1][1] <= 24):
            return None
    return words


def others(truth: Truth) -> dict[One, Truth]:
    """The port with one thing more each."""
    found: dict[One, Truth] = {}
    for stage in truth["stages"]:
        name = stage["stage"]
        found["server", name] = with_server(truth, name)
        stepped = truth["step"] and truth["step"]["stage"] == name
        if stage["at_close"] == "pause" and len(stage["servers"]) == 1 and not stepped:
            for kind, later in (("hour later", True), ("hour earlier", False)):
                words = with_hour(truth, name, later)
                if words is not None:
                    found[kind, name] = words
    return found


def hours_a_day(truth: Truth, draw: int) -> float:
    """Hours that trucks are at the port, a day of the period, in one period of it."""
    port = Port(truth)
    begin, end = port.span
    trucks = port.simulate(draw, warm_up=True)
    inside = np.minimum(trucks["released"], end) - np.maximum(trucks["arrival"], begin)
    return float(inside.clip(lower=0).sum() / 3600 / ((end - begin) / 86400))


def row_of(seed: int, replications: int) -> Row:
    """What portsim says of a port, and what the port says of itself."""
    truth = short(known_port(seed).truth)
    more = others(truth)
    base = np.array([hours_a_day(truth, draw) for draw in range(1, _MANY + 1)])
    known = {
        one: base - [hours_a_day(words, draw) for draw in range(1, _MANY + 1)]
        for one, words in more.items()
    }
    scenario = scenario_of(truth)
    period = {**truth["period"], "warm_up": f"{truth['warm_up_days']} days"}
    period = {name: period[name] for name in ("from", "to", "warm_up")}
    spec = ask(scenario.replace({"period": period}), replications=replications)
    study = spec.conduct(Execution(jobs=1, audit="none"))
    told = {
        (line["kind"], _stage(line["place"])): line
        for line in study.record.tables["worth"].to_dict("records")
    }
    things = [
        {
            "what": f"{kind}: {stage}",
            "true": float(known[kind, stage].mean()),
            "error": float(known[kind, stage].std(ddof=1) / _MANY**0.5),
            "told": float(told[kind, stage]["truck_hours"]),
            "low": float(told[kind, stage]["joint_low"]),
            "high": float(told[kind, stage]["joint_high"]),
        }
        for kind, stage in more
        if (kind, stage) in told
    ]
    pairs = []
    for one, two in combinations([key for key in more if key in told], 2):
        apart = known[one] - known[two]
        if abs(apart.mean()) > _SURE * apart.std(ddof=1) / _MANY**0.5:
            said = told[one]["truck_hours"] - told[two]["truck_hours"]
            pairs.append(bool(np.sign(said) == np.sign(apart.mean())))
    return {
        "seed": seed,
        "stages": len(truth["stages"]),
        "trucks_a_day": float(truth["arrivals"]["rate"]),
        "load": max(truth["load"].values()),
        "inside": float(base.mean()),
        "things": things,
        "pairs": pairs,
        "lacking": [" ".join(key) for key in more if key not in told],
    }


def _stage(place: str) -> str:
    """The stage of servers or of a calendar, as `held.scenario_of` names them."""
    return place.removesuffix(" servers").removesuffix(" 0 0")


def summary(rows: list[Row]) -> list[str]:
    """The lines of the page."""
    things = [thing for row in rows for thing in row["things"]]
    sure = [each for each in things if abs(each["true"]) > _SURE * each["error"]]
    sign = sum(np.sign(each["told"]) == np.sign(each["true"]) for each in sure)
    opposite = sum(
        (each["low"] > 0 and each["true"] < -_SURE * each["error"])
        or (each["high"] < 0 and each["true"] > _SURE * each["error"])
        for each in things
    )
    held = sum(
        each["low"] - _SURE * each["error"] <= each["true"] <= each["high"] + _SURE * each["error"]
        for each in things
    )
    pairs = [pair for row in rows for pair in row["pairs"]]
    first = 0
    for row in rows:
        best = max(row["things"], key=lambda each: each["told"])
        top = max(row["things"], key=lambda each: each["true"])
        first += best is top or best["true"] >= top["true"] - _SURE * (best["error"] + top["error"])
    return [
        f"- Sign: {sign} of {len(sure)} that the port itself tells apart from nothing.",
        f"- A sign told surely and wrongly: {opposite} of {len(things)}.",
        f"- Inside the joint interval, as far as the port tells it: {held} of {len(things)}.",
        f"- Order of two things that the port tells apart: {sum(pairs)} of {len(pairs)}.",
        f"- What is named as worth most is so, or not told apart from it: {first} of {len(rows)}.",
    ]


def page(rows: list[Row], replications: int) -> str:
    """The page in Markdown."""
    lines = heading(
        "What one more is worth, on known ports",
        f"{len(rows)} random ports of one to five stages, cut to {_DAYS} days, simulated by code "
        f"of their own. `portsim worth` with {replications} replications is given the truth of "
        "each as a scenario; the port itself is simulated "
        f"{_MANY} times as it is and with the same thing more, on the same trucks. Worth is what "
        "one more server of a stage, or an hour more of one that pauses at closing, saves of the "
        f"hours that trucks are at the port. Told apart means beyond {_SURE:g} standard errors.",
    )
    lines += summary(rows)
    head = (
        "| port | stages | trucks a day | largest load | truck-hours a day | one more | worth told"
        " | joint interval | worth of the port itself | ± |"
    )
    lines += ["", head, "| --: | --: | --: | --: | --: | --- | --: | --- | --: | --: |"]
    for row in rows:
        start = [str(row["seed"]), str(row["stages"]), f"{row['trucks_a_day']:.0f}"]
        start += [f"{row['load']:.2f}", f"{row['inside']:,.0f}"]
        for thing in sorted(row["things"], key=lambda each: -each["told"]):
            cells = [
                *start,
                thing["what"],
                f"{thing['told']:.1f}",
                f"{thing['low']:.1f} to {thing['high']:.1f}",
                f"{thing['true']:.1f}",
                f"{_SURE * thing['error']:.1f}",
            ]
            lines.append("| " + " | ".join(cells) + " |")
            start = [""] * len(start)
    return "\n".join(lines) + "\n"


def rows_of(seeds: Iterable[int], replications: int, kept: Path | None) -> list[Row]:
    """A row a port; those that are kept are read."""
    known = {}
    if kept is not None and kept.exists():
        known = {row["seed"]: row for row in map(json.loads, kept.read_text().splitlines())}
    rows = []
    for seed in seeds:
        row = known.get(seed) or row_of(seed, replications)
        if seed not in known and kept is not None:
            with kept.open("a") as file:
                file.write(json.dumps(row) + "\n")
        rows.append(row)
        print(
            seed,
            *(f"{t['what']} {t['told']:.1f} {t['true']:.1f}" for t in row["things"]),
            sep="; ",
            flush=True,
        )
    return rows


def main() -> None:
    """Ask all ports and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--ports", type=int, default=50)
    parser.add_argument("--replications", type=int, default=20)
    parser.add_argument("--kept", type=Path, help="file of what is done, to go on later")
    parser.add_argument("--page", type=Path, default=PAGE)
    asked = parser.parse_args()
    seeds = range(_FIRST, _FIRST + asked.ports)
    text = page(rows_of(seeds, asked.replications, asked.kept), asked.replications)
    print(text)
    asked.page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

"""Known ports told from their dirty logs by all that `portsim fit` does, held against the ports.

Writes docs/proof/fitted-ports.md. The ports are those of `known_ports`, which share no code with
portsim. Each is told from a file with every kind of dirt; the weeks before the last quarter are
held against the log of that quarter and against the port itself, simulated by its own code.

    python proof/fitted_ports.py [--ports 100] [--kept rows.jsonl] [--seconds 3600]

Those with the fewest trucks come first; what `--seconds` leaves out the page names.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from fitted_stages import scores_of
from held import renamed, scenario_of
from known_ports import known_port
from page import heading
from scipy.stats import wasserstein_distance
from told_ports import Told, told_port

import portsim
from portsim.errors import PortsimError
from portsim.held import Held, held_against

PAGE = Path(__file__).parents[1] / "docs/proof/fitted-ports.md"
PORTS = 100
LIMIT_H = 24.0
_DRAWS = 10
"""Periods of either port."""
_REPLICATIONS = 20
_LONGEST_H = 14 * 24.0
"""Stays beyond two weeks count as so long: a truck that is never out has no stay."""
_POINTS, _MEDIAN, _NINTH = 0.015, 1.5, 2.5

Row = dict[str, Any]


def share_of(frame: pd.DataFrame, period: tuple[float, float]) -> float:
    """Share out within the limit of the trucks that came in a period."""
    return float((_stays(frame, period) <= LIMIT_H).mean())


def _stays(frame: pd.DataFrame, period: tuple[float, float]) -> np.ndarray:
    rows = frame["arrival"].between(*period, "left")
    return np.minimum(frame.loc[rows, "stay_h"].to_numpy(dtype=float), _LONGEST_H)


def beside_the_port(
    mine: list[pd.DataFrame], truth: list[pd.DataFrame], period: tuple[float, float]
) -> Row:
    """Shares and stays of simulated periods of a told port beside those of the known one.

    The distance is the median Wasserstein-1 distance over all pairs of a period of either, its
    floor the median over all pairs of periods of the known port.
    """
    a, b = ([_stays(frame, period) for frame in frames] for frames in (mine, truth))
    shares = [np.array([float((each <= LIMIT_H).mean()) for each in some]) for some in (a, b)]
    between = np.median([wasserstein_distance(x, y) for x in a for y in b])
    floor = np.median([wasserstein_distance(x, y) for x, y in combinations(b, 2)])
    return {
        "share": float(shares[0].mean()),
        "share_true": float(shares[1].mean()),
        "share_chance": float(shares[1].std(ddof=1)),
        "stay_h": float(np.mean([each.mean() for each in a])),
        "stay_true_h": float(np.mean([each.mean() for each in b])),
        "multiple": float(between / floor) if floor > 0 else np.nan,
    }


def held_out(told: Told) -> Row:
    """What the check of the held-out weeks says, of the told port and of the port itself; nothing
    of a log too short for it."""
    out = told.fit.held_out
    if out is None:
        return {}
    row: Row = {"suspected": [(fault["kind"], fault["stage"]) for fault in out.held.faults]}
    row |= _of_check(out.held, "held")
    log = renamed(told.log, told.port.truth)
    itself = held_against(scenario_of(told.port.truth), log, period=(out.first, out.last))
    row["false_alarms"] = [(fault["kind"], fault["stage"]) for fault in itself.faults]
    return row | _of_check(itself, "itself")


def _of_check(held: Held, name: str) -> Row:
    """Share out and stays of a check, with the trucks of the log and with those of the port."""
    row: Row = {}
    rows = held.table[held.table["truck_class"].eq("all")]
    rows = rows[rows["measure"].eq("completed_within_limit") & rows["place"].eq("")]
    for kind in ("log", "own"):
        mine = rows[rows["arrivals"].eq(kind)]
        if len(mine):
            row[f"{name}_share_{kind}"] = float(mine["simulated"].iloc[0])
            row[f"{name}_share"] = float(mine["log"].iloc[0])
        stays = held.distances[held.distances["measure"].eq("stay")]
        stays = stays[stays["arrivals"].eq(kind)]
        if len(stays):
            row[f"{name}_multiple_{kind}"] = float(stays["multiple"].iloc[0])
            row[f"{name}_distance_{kind}"] = float(stays["distance"].iloc[0])
    return row


def _silent(*words: object) -> None:
    """Nobody looks on."""


def effects(told: Told, truth: list[pd.DataFrame], replications: int) -> list[Row]:
    """Effects of policies on the told port, with their intervals, beside those on the port."""
    rows = []
    for words in told.port.truth["policies"]:
        policy = told.policy(words)
        name = json.dumps(words)
        if policy is None:
            rows.append({"policy": name, "measure": "", "why": "cannot be put"})
            continue
        study = portsim.compare(
            [told.earlier.scenario, policy], replications=replications, uncertain=True,
            marks="ABCDE", jobs=1, audit="none", say=_silent, on_progress=_silent,
        )  # fmt: skip
        table = study.uncertainty
        table = table[table["baseline"].ne("") & table["truck_class"].eq("all")]
        table = table[table["place"].eq("")].set_index("measure")
        changed = [told.port.simulate(seed + 1, **words) for seed in range(len(truth))]
        for measure in ("completed_within_limit", "stay_mean_h"):
            true = [
                measured(after, measure, told.port.span) - measured(before, measure, told.port.span)
                for before, after in zip(truth, changed, strict=True)
            ]
            row = table.loc[measure]
            sd = float(np.std(true, ddof=1)) / np.sqrt(len(true))
            rows.append({
                "policy": name, "measure": measure, "true": float(np.mean(true)), "true_se": sd,
                "told": float(row["mean"]), "low": float(row["low"]), "high": float(row["high"]),
            })  # fmt: skip
    return rows


def measured(frame: pd.DataFrame, measure: str, span: tuple[float, float]) -> float:
    """A measure of a period as portsim has it: of trucks that came up to the limit before its end,
    stays that last longer cut there."""
    until = span[1] - LIMIT_H * 3600
    rows = frame[frame["arrival"] < until]
    stay = np.minimum(rows["stay_h"], (span[1] - rows["arrival"]) / 3600)
    return float((stay <= LIMIT_H).mean() if measure == "completed_within_limit" else stay.mean())


def port_row(seed: int, folder: Path, *, policies: bool, draws: int = _DRAWS) -> Row:
    """All that is said of one port."""
    row: Row = {"seed": seed}
    began = time.process_time()
    try:
        told = told_port(seed, folder)
    except PortsimError as error:
        return {**row, "refused": str(error)}
    log = told.port.truth["log"]
    row |= {
        "kind": log["kind"], "weeks": told.port.truth["period"]["weeks"],
        "overload": told.port.truth["overload"], "trucks": len(told.log.trucks),
        "read_s": told.read_s, "fit_s": told.fit_s,
        "stages": len(told.port.truth["stages"]), "stages_found": len(told.stages),
    }  # fmt: skip
    row["scores"] = scores_of(told)
    truth = [told.port.simulate(seed_) for seed_ in range(1, draws + 1)]
    try:
        row |= beside_the_port(told.simulated(range(1, draws + 1)), truth, told.period)
        row |= held_out(told)
        if policies:
            row["effects"] = effects(told, truth, _REPLICATIONS)
    except PortsimError as error:
        row["failed"] = str(error)
    return {**row, "seconds": time.process_time() - began}


def smallest_first(seeds: Iterable[int]) -> list[int]:
    """Numbers of ports by how many trucks they expect at all their stages together."""

    def visits(seed: int) -> float:
        truth = known_port(seed).truth
        return float(truth["arrivals"]["rate"] * truth["period"]["weeks"] * len(truth["stages"]))

    return sorted(seeds, key=visits)


def rows_of(
    seeds: Iterable[int],
    *,
    policies: bool = True,
    draws: int = _DRAWS,
    kept: Path | None = None,
    seconds: float = np.inf,
) -> list[Row]:
    """All ports, one after the other, no more of them begun after so many seconds.

    What is done is kept in a file, a line each, and not done again.
    """
    began = time.monotonic()
    lines = kept.read_text("utf-8").splitlines() if kept is not None and kept.exists() else []
    done = {row["seed"]: row for row in map(json.loads, lines)}
    for seed in seeds:
        if seed in done or time.monotonic() - began > seconds:
            continue
        with tempfile.TemporaryDirectory() as folder:
            done[seed] = port_row(seed, Path(folder), policies=policies, draws=draws)
        if kept is not None:
            with kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps(done[seed], ensure_ascii=False, default=float) + "\n")
    return [done[seed] for seed in seeds if seed in done]


def summary(rows: list[Row]) -> list[str]:
    """The page's tables."""
    read = [row for row in rows if "refused" not in row]
    ran = [row for row in read if "share" in row]
    lines = ["| what | right | of | share | asked |", "| --- | --: | --: | --: | --: |"]

    def line(what: str, right: float, n: float, asked: str = "") -> None:
        share = f"{right / n:.1%}" if n else "–"
        lines.append(f"| {what} | {right:,.0f} | {n:,.0f} | {share} | {asked} |")

    line("logs read and ports told", len(read), len(rows))
    line("ports that run", len(ran), len(read))
    counts: dict[str, list[float]] = {}
    for row in read:
        for what, (right, n) in row["scores"].items():
            have = counts.setdefault(what, [0, 0])
            have[0], have[1] = have[0] + right, have[1] + n
    for what, (right, n) in counts.items():
        line(what, right, n, ASKED.get(what, ""))
    near = [abs(row["share"] - row["share_true"]) <= _POINTS for row in ran]
    line("share out within 24 h of the last quarter within 1.5 points of the port's", sum(near),
         len(near))  # fmt: skip
    held = [row for row in ran if "held_share_log" in row]
    for name, whose in (("held", ""), ("itself", ", by the truth of the port")):
        near = [abs(row[f"{name}_share_log"] - row["held_share"]) <= _POINTS for row in held]
        line(f"the same of the log, with its trucks{whose}", sum(near), len(near))
    for name, whose in (("suspected", ""), ("false_alarms", ", of the truth of the port")):
        silent = [not row[name] for row in held]
        line(f"checks of the last quarter that say nothing{whose}", sum(silent), len(silent))
    for measure, what in (("completed_within_limit", "share out"), ("stay_mean_h", "mean stay")):
        some = [e for row in ran for e in row.get("effects", ()) if e["measure"] == measure]
        inside = [_inside(effect) for effect in some]
        line(
            f"effects of policies on the {what} in their interval", sum(inside), len(inside), "90 %"
        )
    lines += ["", "| stays, in multiples of the floor | median | 90th percentile | ports |",
              "| --- | --: | --: | --: |"]  # fmt: skip
    for key, what in (
        ("multiple", "of the port's own simulation"),
        ("held_multiple_log", "of the log, with its trucks"),
        ("itself_multiple_log", "of the log, with its trucks, by the truth of the port"),
        ("held_multiple_own", "of the log, with the told port's trucks"),
        ("itself_multiple_own", "of the log, with the port's trucks, by its truth"),
    ):
        values = [row[key] for row in ran if np.isfinite(row.get(key, np.nan))]
        if values:
            ends = np.percentile(values, [50, 90])
            lines.append(f"| {what} | {ends[0]:.2f} | {ends[1]:.2f} | {len(values)} |")
    lines.append(f"| asked | {_MEDIAN} | {_NINTH} | |")
    if read:
        per = [10_000 * (row["read_s"] + row["fit_s"]) / row["trucks"] for row in read]
        text = (
            f"Reading, telling twice and checking take {np.median(per):.0f} s of processor time "
            f"for 10,000 trucks (median; the slowest {max(per):.0f} s)."
        )
        lines += ["", text]
    return lines


ASKED: Mapping[str, str] = {
    "weekdays open or closed": "95 %",
    "days with all openings and closings within five minutes": "95 %",
    "days with openings and closings right, where all are said to be sure": "95 %",
    "days with openings and closings right, where some are unsure": "95 %",
    "stage-hours with servers exact, where said to be sure": "95 %",
    "stage-hours with servers in the range, elsewhere": "95 %",
    "mean work times in their 95 % interval": "93–97 %",
}


def _inside(effect: Row) -> bool:
    """Whether the interval holds the true effect, known to two standard errors."""
    slack = 2 * effect["true_se"]
    return bool(effect["low"] - slack <= effect["true"] <= effect["high"] + slack)


def page(rows: list[Row]) -> str:
    """The page in Markdown."""
    numbers = sorted(row["seed"] for row in rows)
    missing = [seed for seed in range(PORTS) if seed not in numbers]
    which = f"numbers {', '.join(map(str, numbers))}"
    if len(numbers) > len(missing):
        which = f"the first {PORTS}"
        if missing:
            which += (
                " without those that there was no time for, mostly such with many trucks: "
                f"{', '.join(map(str, missing))}"
            )
    lines = heading(
        "Known ports told from dirty logs",
        f"{len(rows)} random ports ({which}) of 2 to 20 weeks and 1 to 5 stages, made by "
        "a simulation that shares no code with portsim, their logs as CSV, XES or xlsx in four "
        "languages, with blanks, copies, swapped stamps, lost days and shifted clocks. Each is "
        "read and told by `portsim fit`; what is told of all weeks but the last quarter is held "
        "against the log of that quarter, and against the port itself, simulated by its own code. "
        "Logs of less than four weeks have no such quarter: all of their weeks are told and held "
        "against the port. An effect counts as right where its `--uncertain` interval holds the "
        "true one, as far as ten periods of the port tell it (two standard errors). Stays have the "
        "median distance (Wasserstein-1) of the told port's periods over that of two periods of "
        "the port. The truth of each port is written down as a scenario and held against the same "
        "dirty log as well: no fit can be nearer to a log than that.",
    )
    lines += [*summary(rows), "", *_beside_truth(rows)]
    odd = [row for row in rows if _odd(row)]
    if odd:
        head = (
            "| port | log | weeks | share told | true | stays × floor | mean stay told, h | true |"
            " suspected |"
        )
        rule = "| --: | --- | --: | --: | --: | --: | --: | --: | --- |"
        lines += ["Ports that are told worst:", "", head, rule]
    for row in sorted(odd, key=lambda each: -each.get("multiple", np.inf)):
        if "share" not in row:
            why = row.get("refused", row.get("failed", "")).splitlines()[0]
            lines.append(f"| {row['seed']} | {row.get('kind', '')} | | | | | | | {why} |")
            continue
        suspected = ", ".join(f"{kind} {stage}".strip() for kind, stage in row.get("suspected", ()))
        lines.append(
            f"| {row['seed']} | {row['kind']} | {row['weeks']} | {row['share']:.3f} | "
            f"{row['share_true']:.3f} | {row['multiple']:.2f} | {row['stay_h']:.2f} | "
            f"{row['stay_true_h']:.2f} | {suspected} |"
        )
    return "\n".join(lines) + "\n"


def _beside_truth(rows: list[Row]) -> list[str]:
    """A row a port: its held-out weeks with the trucks of the log, told and by its truth."""
    text = (
        "Held-out weeks with the trucks of the log, by the told port and by the truth of the port; "
        "the floor of work that is always the same is a minute or none, and nothing is near it:"
    )
    head = (
        "| port | share out in the log | told | truth | distance of stays, h: told | truth |"
        " × floor: told | truth | said of the told port | said of the truth |"
    )
    rule = "| --: | --: | --: | --: | --: | --: | --: | --: | --- | --- |"
    lines = [text, "", head, rule]
    known = [row for row in rows if "itself_share_log" in row]
    for row in sorted(known, key=lambda each: -each["held_distance_log"]):
        said = [
            ", ".join(f"{kind} {stage}".strip() for kind, stage in row[name])
            for name in ("suspected", "false_alarms")
        ]
        shares = [row["held_share"], row["held_share_log"], row["itself_share_log"]]
        away = [row[f"{name}_distance_log"] for name in ("held", "itself")]
        times = [row[f"{name}_multiple_log"] for name in ("held", "itself")]
        cells = [
            str(row["seed"]),
            *(f"{each:.3f}" for each in shares),
            *(f"{each:.2f}" for each in (*away, *times)),
            *said,
        ]
        lines.append("| " + " | ".join(cells).replace("nan", "–") + " |")
    return [*lines, ""] if known else []


def _odd(row: Row) -> bool:
    if "share" not in row:
        return True
    return bool(abs(row["share"] - row["share_true"]) > _POINTS or row["multiple"] > _NINTH)


def main() -> None:
    """Tell all ports and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--ports", type=int, default=PORTS)
    parser.add_argument("--seeds", default="", help="such as 3,4,5")
    parser.add_argument("--kept", type=Path, help="file of what is done, to go on later")
    parser.add_argument("--seconds", type=float, default=np.inf, help="begin no port after them")
    parser.add_argument("--page", type=Path, default=PAGE)
    asked = parser.parse_args()
    seeds = [int(seed) for seed in asked.seeds.split(",") if seed] or range(asked.ports)
    text = page(rows_of(smallest_first(seeds), kept=asked.kept, seconds=asked.seconds))
    print(text)
    asked.page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

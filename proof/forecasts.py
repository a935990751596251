"""Forecasts of the past of known ports: how often their bands are right, how near they are.

Each port is forecast by the scenario that says its truth, from its own gate log, cut at 200 minutes
of its past. Writes docs/proof/forecasts.md:

    python proof/forecasts.py [--ports 12] [--origins 200] [--futures 100] [--kept rows.jsonl]
"""

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from held import gate_log, scenario_of
from known_ports import known_port
from page import heading

import portsim

Row = dict[str, Any]
PAGE = Path(__file__).parent.parent / "docs" / "proof" / "forecasts.md"
WEEKS = 4
"""Logs that are shorter are left out: two weeks must be known before the first forecast."""
_FAR_H = (4, 24)
_BASELINES = ["crps_weekly_profile", "crps_last_value", "crps_fluid"]


def row_of(seed: int, origins: int, futures: int) -> Row | None:
    """Scores of one port; None if its log is too short."""
    port = known_port(seed)
    log = gate_log(port)
    weeks = (log.last - log.first) / (7 * 86_400)
    if weeks < WEEKS:
        return None
    clock = time.process_time()
    study = portsim.score_forecasts(
        scenario_of(port.truth), log, origins=origins, futures=futures, hours=24
    )
    return {
        "seed": seed,
        "weeks": round(weeks),
        "trucks": len(log.trucks),
        "stages": len(log.stages),
        "step": bool(port.truth["step"]),
        "seconds": time.process_time() - clock,
        "origins": study.manifest.study["origins"],
        "scores": study.table.to_dict("records"),
    }


def main() -> None:
    """Score known ports and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ports", type=int, default=12, help="ports whose log is long enough")
    parser.add_argument("--origins", type=int, default=200)
    parser.add_argument("--futures", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=np.inf, help="begin no port after them")
    parser.add_argument("--kept", type=Path, help="file of what is done, to go on later")
    parser.add_argument("--page", type=Path, default=PAGE)
    asked = parser.parse_args()
    began, kept = time.monotonic(), asked.kept
    lines = kept.read_text("utf-8").splitlines() if kept is not None and kept.exists() else []
    done = {row["seed"]: row for row in map(json.loads, lines)}
    rows, seed = [], asked.seed
    while len(rows) < asked.ports:
        if seed not in done:
            if time.monotonic() - began > asked.seconds:
                break
            found = row_of(seed, asked.origins, asked.futures)
            done[seed] = found or {"seed": seed, "scores": []}
            if kept is not None:
                with kept.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(done[seed]) + "\n")
        if done[seed]["scores"]:
            rows.append(done[seed])
        seed += 1
    text = page(rows)
    print(text)
    asked.page.write_text(text, encoding="utf-8")


def page(rows: Sequence[Row]) -> str:
    """The page in Markdown."""
    table = pd.concat([pd.DataFrame(row["scores"]).assign(port=row["seed"]) for row in rows])
    whole = table[table["stage"].eq("")]
    lines = heading(
        "Forecasts of the past of known ports",
        f"{len(rows)} random known ports, made by a simulation that shares no code with portsim "
        f"(the first numbers whose logs have {WEEKS} weeks or more). Each is forecast by the "
        "scenario that says its truth, from its own gate log: at each of "
        f"{max(row['origins'] for row in rows)} minutes of its past with what was known then, "
        "with arrivals as in the recent days. Shares are of what was later seen inside the port, "
        "means over ports, in brackets the lowest and the highest of a port. Nearer: by how much "
        "the CRPS is less than that of the best of three forecasts without a model (earlier weeks, "
        "the last value, a fluid), of all ports together.",
    )
    lines += [
        "| hours ahead | in 50 % | in 80 % | in 95 % | off by, trucks | best without | nearer |",
        "| --: | --: | --: | --: | --: | --: | --: |",
        *(_line(hours, part) for hours, part in whole.groupby("horizon_h")),
    ]
    far = whole[whole["horizon_h"].between(*_FAR_H)]
    lines += [
        "",
        f"{_FAR_H[0]} to {_FAR_H[1]} hours ahead, by port:",
        "",
        "| port | weeks | trucks | stages | in 80 % | in 95 % | nearer |",
        "| --: | --: | --: | --: | --: | --: | --: |",
    ]
    for row in rows:
        part = far[far["port"].eq(row["seed"])]
        number = f"{row['seed']}{' (a change at a date)' if row['step'] else ''}"
        cells = (number, row["weeks"], f"{row['trucks']:,}", row["stages"])
        shares = (part["coverage_80"].mean(), part["coverage_95"].mean(), _nearer(part))
        lines.append(" | ".join(["|", *map(str, cells), *(f"{s:.0%}" for s in shares), "|"]))
    stages = table[table["stage"].ne("") & table["horizon_h"].between(*_FAR_H)]
    held = [f"{stages[f'coverage_{band}'].mean():.0%}" for band in (80, 95)]
    seconds = sum(row["seconds"] for row in rows) / sum(row["origins"] for row in rows)
    of_stages = (
        f"Of single stages, {_FAR_H[0]} to {_FAR_H[1]} hours ahead, {held[0]} of what was seen lay "
        f"in the bands of 80 %, {held[1]} in those of 95 %; forecasts were {_nearer(stages):.0%} "
        "nearer."
    )
    took = f"A forecast took {seconds:.2f} s of processor time, with the cut of the log."
    lines += ["", of_stages, "", took]
    return "\n".join(lines).replace("| |", "|") + "\n"


def _line(hours: Any, part: pd.DataFrame) -> str:
    shares = (
        f"{part[c].mean():.0%} ({part[c].min():.0%} to {part[c].max():.0%})"
        for c in ("coverage_50", "coverage_80", "coverage_95")
    )
    best = part[_BASELINES].min(axis=1)
    figures = (f"{part['crps'].mean():.2f}", f"{best.mean():.2f}", f"{_nearer(part):.0%}")
    return " | ".join(["|", str(hours), *shares, *figures, "|"]).replace("| |", "|")


def _nearer(part: pd.DataFrame) -> float:
    return float(1 - part["crps"].sum() / part[_BASELINES].min(axis=1).sum())


if __name__ == "__main__":
    main()

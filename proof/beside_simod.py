"""Known ports told by Simod, beside portsim: stays, share out within 24 h, and time.

Simod lives in an environment of its own, which this script makes (it needs Java). It is given what
it asks for and no gate log has, the start of every work and who did it, without dirt; portsim gets
the dirty file. Writes docs/proof/beside-simod.md.

    python proof/beside_simod.py [--seeds 27,23] [--environment .venv-simod] [--kept rows.jsonl]
"""

import argparse
import heapq
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from fitted_ports import beside_the_port
from known_ports import Port, known_port
from page import heading
from stage_hours import of_rosters, of_simod, right, tasks_of
from told_ports import told_port

VERSION = "5.2.1"
PAGE = Path(__file__).parents[1] / "docs/proof/beside-simod.md"
SEEDS = "79,81,60,27,30,42,35,57,69,23"
"""The ten of the first hundred with the fewest trucks: Simod takes minutes for each."""
_DRAWS = 5
_MOST_S = 1800.0


def environment(folder: Path) -> Path:
    """Its folder of programs, made if it is not there."""
    programs = folder / "bin"
    if not (programs / "simod").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        install = [programs / "python", "-m", "pip", "install", "--quiet", f"simod=={VERSION}"]
        subprocess.run(install, check=True)
    return programs


def events(port: Port) -> pd.DataFrame:
    """The clean log as Simod asks for it, with more than a gate log has: the true start of every
    work, and a name for each server. Times are those of the local clock."""
    whole, stop = port.whole, port.span[1]
    parts = []
    for stage in port.truth["stages"]:
        name = stage["stage"]
        rows = whole[whole[f"{name} end"] < stop]
        start, end = (rows[f"{name} {stamp}"].to_numpy(float) for stamp in ("start", "end"))
        parts.append(pd.DataFrame(
            {"case_id": rows["truck"], "activity": name, "start_time": start, "end_time": end,
             "resource": [f"{name} {number}" for number in _servers(start, end)]}
        ))  # fmt: skip
    work, trucks = pd.concat(parts), whole[["truck", "arrival"]]
    arrivals = pd.DataFrame(
        {"case_id": trucks["truck"], "activity": "arrival", "resource": "arrival",
         "start_time": trucks["arrival"], "end_time": trucks["arrival"]}
    )  # fmt: skip
    log = pd.concat([arrivals, work]).sort_values(["start_time", "case_id"], ignore_index=True)
    for name in ("start_time", "end_time"):
        local = pd.to_datetime(log[name], unit="s", utc=True).dt.tz_convert(port.zone)
        log[name] = local.dt.tz_localize(None).dt.tz_localize("UTC").map(pd.Timestamp.isoformat)
    return log


def _servers(start: np.ndarray, end: np.ndarray) -> list[int]:
    """A server for each work, the one of the smallest number that is free."""
    numbers = [0] * len(start)
    free: list[int] = []
    busy: list[tuple[float, int]] = []
    most = 0
    for work in np.argsort(start, kind="stable").tolist():
        while busy and busy[0][0] <= start[work]:
            heapq.heappush(free, heapq.heappop(busy)[1])
        if not free:
            most += 1
            free.append(most)
        numbers[work] = heapq.heappop(free)
        heapq.heappush(busy, (end[work], numbers[work]))
    return numbers


def simulated(programs: Path, model: Path, port: Port, cases: int, out: Path) -> pd.DataFrame:
    """One period of what Simod has told: arrivals and stays, as the known port gives them."""
    first = pd.Timestamp(port.truth["period"]["from"], tz="UTC")
    process = next(model.glob("*.bpmn"))
    subprocess.run(
        [programs / "prosimos", "start-simulation", "--bpmn_path", process,
         "--json_path", process.with_suffix(".json"), "--total_cases", str(cases),
         "--log_out_path", out, "--starting_at", first.isoformat()],
        check=True, capture_output=True, text=True, timeout=_MOST_S,
    )  # fmt: skip
    log = pd.read_csv(out)
    begin, end = (
        pd.to_datetime(log[n], utc=True, format="ISO8601") for n in ("start_time", "end_time")
    )
    enabled = pd.to_datetime(log["enable_time"], utc=True, format="ISO8601")
    cases_ = pd.DataFrame({"case": log["case_id"], "begin": np.minimum(begin, enabled), "end": end})
    each = cases_.groupby("case").agg({"begin": "min", "end": "max"})
    shift = pd.Timestamp(port.span[0], unit="s", tz="UTC") - first
    return pd.DataFrame(
        {
            "arrival": ((each["begin"] + shift) - pd.Timestamp(0, tz="UTC")).dt.total_seconds(),
            "stay_h": (each["end"] - each["begin"]).dt.total_seconds() / 3600,
        }
    )


def _children_s() -> float:
    """Seconds of processor time of programs that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def row_of(seed: int, programs: Path) -> dict[str, Any]:
    """A port, told by both."""
    port = known_port(seed)
    truth = [port.simulate(draw) for draw in range(1, _DRAWS + 1)]
    row: dict[str, Any] = {"seed": seed, "trucks": len(port.whole)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        told = told_port(seed, folder)
        mine = beside_the_port(told.simulated(range(1, _DRAWS + 1)), truth, port.span)
        row |= {"portsim": mine, "portsim_s": told.read_s + told.fit_s}
        row["portsim"] |= right(port, of_rosters(told.stages, port))
        events(port).to_csv(folder / "log.csv", index=False)
        began = _children_s()
        try:
            subprocess.run(
                ["nice", "-n", "10", programs / "simod", "--one-shot", "--event-log",
                 folder / "log.csv", "--output", folder / "simod"],
                check=True, capture_output=True, text=True, timeout=_MOST_S,
            )  # fmt: skip
            row["simod_s"] = _children_s() - began
            model = next((folder / "simod").rglob("best_result"))
            frames = [
                simulated(programs, model, port, len(port.whole), folder / f"{draw}.csv")
                for draw in range(_DRAWS)
            ]
            row["simod"] = beside_the_port(frames, truth, port.span)
            process = next(model.glob("*.bpmn"))
            found = json.loads(process.with_suffix(".json").read_text("utf-8"))
            row["simod"] |= right(port, of_simod(found, tasks_of(process), port))
            row["model"] = {**found, "tasks": tasks_of(process)}
        except (subprocess.SubprocessError, StopIteration) as error:
            text = getattr(error, "stderr", "") or str(error)
            row["failed"] = str(text).strip().splitlines()[-1][:200]
    return row


def page(rows: list[dict[str, Any]]) -> str:
    """The page in Markdown."""
    lines = heading(
        f"Known ports told by Simod {VERSION}, beside portsim",
        f"The {len(rows)} of the first hundred known ports with the fewest trucks, told by both "
        "and simulated by what was told. portsim reads the dirty file, most without the start of "
        "the work; Simod (one shot, without its search) gets a clean log with what it asks for and "
        "no gate log has: the start of every work, and which server did it.",
        "simod",
    )
    lines += [*_stays(rows), "", *_weeks(rows)]
    return "\n".join(lines) + "\n"


def _stays(rows: list[dict[str, Any]]) -> list[str]:
    text = (
        "Share out within 24 h, mean stay in hours, the median distance of stays (Wasserstein-1) "
        "in multiples of that of two periods of the port, and seconds of processor time from log "
        "to model; those of portsim with its check."
    )
    head = (
        "| port | trucks | share true | portsim | Simod | stay true | portsim | Simod | × floor: "
        "portsim | Simod | s: portsim | Simod |"
    )
    lines = [text, "", head, "| --: |" + " --: |" * 11]
    for row in rows:
        mine, other = row["portsim"], row.get("simod")
        cells = [row["seed"], f"{row['trucks']:,}"]
        for key, true, digits in (("share", "share_true", 3), ("stay_h", "stay_true_h", 2)):
            cells += [f"{mine[true]:.{digits}f}", f"{mine[key]:.{digits}f}"]
            cells.append(f"{other[key]:.{digits}f}" if other else row.get("failed", ""))
        cells += [f"{mine['multiple']:.2f}", f"{other['multiple']:.2f}" if other else ""]
        cells += [f"{row['portsim_s']:.0f}", f"{row['simod_s']:.0f}" if "simod_s" in row else ""]
        lines.append(_line(cells))
    lines.append(_line(["median", *[""] * 7, *_medians(rows, "multiple", "{:.2f}"), "", ""]))
    return lines


def _weeks(rows: list[dict[str, Any]]) -> list[str]:
    text = (
        "Hours: share of all stage-hours that are rightly told as open or closed. Servers: share "
        "of those in which the stage is open or told to be with the exact number of servers, "
        "whether or not portsim says that they are surely told; of what Simod tells, as many as "
        "there are resources of the task by their calendars."
    )
    head = "| port | stages | hours: portsim | Simod | servers: portsim | Simod |"
    lines = [text, "", head, "| --: |" + " --: |" * 5]
    for row in rows:
        cells = [row["seed"], len(known_port(row["seed"]).truth["stages"])]
        for key in ("hours", "servers"):
            cells += [f"{row[who][key]:.1%}" if who in row else "" for who in ("portsim", "simod")]
        lines.append(_line(cells))
    medians = [each for key in ("hours", "servers") for each in _medians(rows, key, "{:.1%}")]
    lines.append(_line(["median", "", *medians]))
    return lines


def _medians(rows: list[dict[str, Any]], key: str, form: str) -> list[str]:
    """Of portsim and of Simod."""
    told = [[row[who][key] for row in rows if who in row] for who in ("portsim", "simod")]
    return [form.format(np.median(each)) if each else "" for each in told]


def _line(cells: list[Any]) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def main() -> None:
    """Tell all ports by both and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seeds", default=SEEDS)
    parser.add_argument("--environment", type=Path, default=Path(".venv-simod"))
    parser.add_argument("--kept", type=Path, help="file of what is done, to go on later")
    parser.add_argument("--page", type=Path, default=PAGE)
    asked = parser.parse_args()
    programs = environment(asked.environment)
    kept = asked.kept
    lines = kept.read_text("utf-8").splitlines() if kept is not None and kept.exists() else []
    done = {row["seed"]: row for row in map(json.loads, lines)}
    for seed in map(int, asked.seeds.split(",")):
        if seed not in done:
            done[seed] = row_of(seed, programs)
            print(f"port {seed} of {asked.seeds}", flush=True)
            if kept is not None:
                with kept.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(done[seed], default=float) + "\n")
    asked.page.write_text(page(list(done.values())), encoding="utf-8")


if __name__ == "__main__":
    main()

"""What the sweeps say of the two claims: tables made from their replications, nothing else."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from portsim.experiment import Study
from portsim.results import Manifest, atomic_write, read_record, tables
from portsim.statistics.comparison import fieller
from portsim.statistics.intervals import moments, t_factor
from portsim.statistics.shares import share_limits

SCALE = "traffic.scale"
PROMISE = 0.95
NEW = "hours-7x12"
FOLLOW = "+drivers-follow-hours"
CLAIMED = 0.40
RECOVERY = 627.0 / 345.6 - 1.0
"""Freight of 2023 over that of 2022 (627 kt, 345.6 kt): the recovery after the epidemic."""
SATURATED = 0.99
"""A schedule is saturated when it releases less than this share of what arrives."""


RUNS, MADE_FROM = "runs.parquet", "made-from.json"
CAPACITIES = "capacities"
"""Name in runs.parquet of the runs that tell the capacities."""


def gather(folder: Path, names: list[str], capacities: Study) -> None:
    """Keep of the sweeps and of the capacities what the answers need, and what they were made from.

    Writes runs.parquet (a row a sweep, schedule, reading of demand, scale, replication, class and
    measure of the whole port) and made-from.json (fingerprint, replications and seed by sweep).
    """
    parts, made = [], {}
    for name in names:
        read = read_record(folder / "sweeps" / name, "sweep")
        parts.append(_kept(name, read.tables["replications"], "policy"))
        made[name] = _made(read.manifest)
    parts.append(_kept(CAPACITIES, capacities.replications.assign(**{SCALE: 1.0}), "scenario"))
    made[CAPACITIES] = _made(capacities.manifest)
    table = pd.concat(parts, ignore_index=True)
    atomic_write(folder / RUNS, tables.to_parquet(table, None, RUNS))
    text = json.dumps(made, indent=1, sort_keys=True) + "\n"
    atomic_write(folder / MADE_FROM, text.encode())


def _kept(name: str, runs: pd.DataFrame, policies: str) -> pd.DataFrame:
    """What is kept of a table of replications, whose column `policies` names the policy."""
    runs = runs[runs["place"].eq("") & runs["truck_class"].isin(["all", "export"])]
    policy = runs[policies].astype(str)
    return pd.DataFrame(
        {
            "sweep": name,
            "schedule": policy.str.partition("+")[0],
            "demand": np.where(policy.str.contains(FOLLOW, regex=False), "follow", "ignore"),
            SCALE: runs[SCALE],
            "replication": runs["replication"].astype(np.int32),
            "truck_class": runs["truck_class"].astype(str),
            "measure": runs["measure"].astype(str),
            "value": runs["value"],
        }
    )


def _made(manifest: Manifest) -> dict[str, Any]:
    return {
        "fingerprint": manifest.fingerprint,
        "replications": manifest.replications,
        "seed": manifest.seed,
    }


def write(folder: Path) -> dict[str, pd.DataFrame]:
    """Read runs.parquet; write promise.csv, curve.csv, tonnes.csv and hours.csv beside it."""
    every = pd.read_parquet(folder / RUNS)
    by_sweep = {str(name): some for name, some in every.groupby("sweep", sort=False)}
    clocks = {"arrival": "from-arrival", "acceptance": "from-acceptance"}
    runs = {clock: by_sweep[name] for clock, name in clocks.items()}
    plenty = {clock: by_sweep[f"unlimited-{name}"] for clock, name in clocks.items()}
    found = {
        "promise": _promise(runs, plenty),
        "curve": pd.concat([_curve(r).assign(clock=c) for c, r in runs.items()]),
        "tonnes": _tonnes(runs["arrival"]),
    }
    found["hours"] = _hours(found["tonnes"], by_sweep[CAPACITIES])
    for name, table in found.items():
        text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
        atomic_write(folder / f"{name}.csv", text.encode("utf-8-sig"))
    return found


def _values(runs: pd.DataFrame, cls: str, measure: str) -> pd.DataFrame:
    """A row a schedule, reading and scale; a column a replication."""
    some = runs[runs["truck_class"].eq(cls) & runs["measure"].eq(measure)]
    return some.pivot_table(
        index=["schedule", "demand", SCALE], columns="replication", values="value", sort=False
    )


def _curve(runs: pd.DataFrame) -> pd.DataFrame:
    """Share of exports out in time over demand, with joint limits over the scales of a schedule."""
    table = _values(runs, "export", "completed_within_limit")
    arrived = _values(runs, "all", "arrived").mean(axis=1)
    days = _days(runs)
    m = moments(table.to_numpy())
    scales = table.index.get_level_values(SCALE).nunique()
    low, high = share_limits(m.mean, t_factor(m.n, comparisons=scales) * m.sd)
    found = pd.DataFrame({"share": m.mean, "low": low, "high": high}, index=table.index)
    found["trucks_a_day"] = arrived.reindex(table.index) / days
    return found.reset_index()


def _days(runs: pd.DataFrame) -> float:
    """Days of the period: what arrived over what was released a day, where nothing is left."""
    arrived = _values(runs, "all", "arrived").mean(axis=1)
    a_day = _values(runs, "all", "throughput_per_day").mean(axis=1)
    return float(round((arrived / a_day).min()))


def _promise(runs: dict[str, pd.DataFrame], plenty: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Up to which demand each schedule keeps 95 % of exports within 24 h, and its ceiling."""
    rows = []
    for clock, some in runs.items():
        curve = _curve(some)
        ceiling = _curve(plenty[clock]).set_index(["schedule", "demand"])
        for (schedule, demand), points in curve.groupby(["schedule", "demand"], sort=False):
            line = points.sort_values(SCALE)
            kept = (line["low"] >= PROMISE).cummin()
            at_2024 = line[line[SCALE].eq(1.0)].iloc[0]
            top = ceiling.loc[(schedule, demand)]
            last = line[kept].iloc[-1] if kept.any() else None
            rows.append(
                {
                    "clock_from": clock,
                    "schedule": schedule,
                    "demand": demand,
                    "share_2024": at_2024["share"],
                    "low_2024": at_2024["low"],
                    "high_2024": at_2024["high"],
                    "kept_up_to_scale": last[SCALE] if last is not None else np.nan,
                    "kept_up_to_trucks_a_day": (
                        last["trucks_a_day"] if last is not None else np.nan
                    ),
                    "ceiling": top["share"],
                    "ceiling_low": top["low"],
                    "ceiling_high": top["high"],
                }
            )
    return pd.DataFrame(rows)


def _tonnes(runs: pd.DataFrame) -> pd.DataFrame:
    """Tonnes of 7×12 over those of each schedule by demand; what hours can explain of +40 %."""
    tonnes = _values(runs, "all", "throughput_tonnes_per_day")
    released = _values(runs, "all", "throughput_per_day")
    arrived = _values(runs, "all", "arrived") / _days(runs)
    rows = []
    for schedule, demand, scale in tonnes.index:
        new = tonnes.loc[(NEW, demand, scale)].to_numpy()[None, :]
        old = tonnes.loc[(schedule, demand, scale)].to_numpy()[None, :]
        ratio = fieller(new, old)
        gone = released.loc[(schedule, demand, scale)].mean()
        came = arrived.loc[(schedule, demand, scale)].mean()
        rows.append(
            {
                "schedule": schedule,
                "demand": demand,
                "scale": scale,
                "trucks_arrive_a_day": came,
                "trucks_released_a_day": gone,
                "tonnes_a_day": float(old.mean()),
                "tonnes_7x12_a_day": float(new.mean()),
                "ratio": ratio.ratio[0],
                "ratio_low": ratio.low[0],
                "ratio_high": ratio.high[0],
                "saturated": "yes" if gone < SATURATED * came else "no",
            }
        )
    return pd.DataFrame(rows)


def _hours(tonnes: pd.DataFrame, capacities: pd.DataFrame) -> pd.DataFrame:
    """For each older schedule the three numbers of the +40 %, and the recovery beside them."""
    passes = _values(capacities, "all", "capacity_per_day")
    rows = []
    for (schedule, demand), points in tonnes.groupby(["schedule", "demand"], sort=False):
        if schedule == NEW:
            continue
        line = points.sort_values("scale")
        full = line[line["saturated"].eq("yes")]
        below = line[line["saturated"].eq("no")]
        at_2024 = line[line["scale"].eq(1.0)].iloc[0]
        most, least = (
            passes.loc[(name, demand, 1.0)].to_numpy()[None, :] for name in (NEW, schedule)
        )
        ratio = fieller(most, least)
        rows.append(
            {
                "schedule": schedule,
                "demand": demand,
                "not_saturated_at_trucks_a_day": below["trucks_arrive_a_day"].max(),
                "saturated_at_trucks_a_day": full["trucks_arrive_a_day"].min(),
                "capacity_7x12_a_day": float(most.mean()),
                "capacity_a_day": float(least.mean()),
                "capacity_ratio": ratio.ratio[0],
                "capacity_ratio_low": ratio.low[0],
                "capacity_ratio_high": ratio.high[0],
                "gain_2024": at_2024["ratio"] - 1.0,
                "gain_2024_low": at_2024["ratio_low"] - 1.0,
                "gain_2024_high": at_2024["ratio_high"] - 1.0,
                "share_of_40_explained": (at_2024["ratio"] - 1.0) / CLAIMED,
                "share_low": (at_2024["ratio_low"] - 1.0) / CLAIMED,
                "share_high": (at_2024["ratio_high"] - 1.0) / CLAIMED,
                "recovery_2022_23": RECOVERY,
            }
        )
    return pd.DataFrame(rows)


def page_tables(answers: dict[str, pd.DataFrame]) -> dict[str, str]:
    """The tables of docs/bakhtu/claims.md in Markdown, by the name of their mark."""
    return {
        "promise": _markdown(
            ["clock starts at", "schedule", "arrivals", "out within 24 h in 2024",
             "keeps 95 % up to", "ceiling of the hours"],
            [
                [
                    row.clock_from,
                    row.schedule.removeprefix("hours-"),
                    row.demand,
                    f"{row.share_2024:.1%} ({row.low_2024:.1%} to {row.high_2024:.1%})",
                    "no demand tried"
                    if pd.isna(row.kept_up_to_scale)
                    else f"{row.kept_up_to_trucks_a_day:.0f} trucks a day "
                    f"({row.kept_up_to_scale:g} × 2024)",
                    f"{row.ceiling:.1%}",
                ]
                for row in answers["promise"].itertuples()
            ],
        ),
        "hours": _markdown(
            ["older schedule", "arrivals", "saturates at", "capacity, trucks a day",
             "ratio of capacities",
             "gain at 2024's demand", "share of the +40 % explained"],
            [
                [
                    row.schedule.removeprefix("hours-"),
                    row.demand,
                    _from_to(
                        f"{row.not_saturated_at_trucks_a_day:.0f}",
                        f"{row.saturated_at_trucks_a_day:.0f} trucks a day",
                    ),
                    f"{row.capacity_a_day:.0f}",
                    f"{row.capacity_ratio:.2f} "
                    + _from_to(f"({row.capacity_ratio_low:.2f}", f"{row.capacity_ratio_high:.2f})"),
                    f"{row.gain_2024:+.2%}",
                    f"{row.share_of_40_explained:.1%} "
                    + _from_to(f"({row.share_low:.1%}", f"{row.share_high:.1%})"),
                ]
                for row in answers["hours"].itertuples()
                if row.schedule != "hours-7x24"
            ],
        ),
    }  # fmt: skip


def _from_to(low: str, high: str) -> str:
    return f"{low} to {high}"


def _markdown(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def fill(page: Path, answers: dict[str, pd.DataFrame]) -> None:
    """Put the tables between the marks of a page."""
    text = page.read_text(encoding="utf-8")
    for name, table in page_tables(answers).items():
        begin, end = f"<!-- table: {name} -->\n", f"<!-- end: {name} -->"
        before, rest = text.split(begin)
        text = f"{before}{begin}\n{table}\n\n{end}{rest.split(end, 1)[1]}"
    atomic_write(page, text.encode("utf-8"))

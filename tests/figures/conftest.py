"""A small queueing port, good enough to draw: folders as the results room writes them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from folders import write_tables
from portsim.results import Manifest, Run, ScenarioEntry
from portsim.results import tables as layout

START = pd.Timestamp("2024-01-01", tz="Asia/Shanghai")
DAYS = 335
LANES_PER_HOUR = 62.0
MONTHLY = {1: 165, 2: 165, 3: 165, 4: 165, 5: 165, 6: 186, 7: 186, 8: 186, 9: 460, 10: 232, 11: 232}

Hours = list[tuple[float, float]]
CHINA, KAZAKH = ("gate-cn", "Chinese gate", "China"), ("post-kz", "Kazakh post", "Kazakhstan")
YARD = ("yard-cn", "Yard and customs", "China")
OLD: Hours = [(10, 14), (15, 19)]


POSTS = {name: {"label": f"Post of {name}", "calendar": "day"} for name in ("officers", "clerks")}
CLASSES = {"cars": 0.5, "fruit": 0.3, "everything that has no class of its own yet": 0.2}
"""Trucks by class, and their share of all; how long they stay goes with it, for variety."""
TRAFFIC = {kind: {"label": f"Trucks with {kind}"} for kind in CLASSES}
OF_CLASSES = {
    "inside_mean",
    *("wait_open_mean_h", "wait_closed_mean_h", "service_mean_h", "paused_mean_h"),
}


@dataclass(frozen=True)
class Schedule:
    days: int
    calendars: dict[tuple[str, str, str], Hours]


SCHEDULES = {
    "hours-5x8": Schedule(5, {CHINA: OLD, YARD: OLD, KAZAKH: OLD}),
    "hours-7x8": Schedule(7, {CHINA: OLD, YARD: OLD, KAZAKH: OLD}),
    "hours-7x8-after-clock-change": Schedule(
        7, {CHINA: OLD, YARD: OLD, KAZAKH: [(11, 15), (16, 20)]}
    ),
    "hours-2026": Schedule(7, {CHINA: [(10, 19)], YARD: [(10, 19)], KAZAKH: [(10, 22)]}),
    "hours-7x12-yard-only": Schedule(7, {CHINA: [(10, 19)], YARD: [(10, 22)], KAZAKH: [(10, 22)]}),
    "hours-7x12": Schedule(7, {CHINA: [(10, 22)], YARD: [(10, 22)], KAZAKH: [(10, 22)]}),
    "hours-7x24": Schedule(7, {CHINA: [(0, 24)], YARD: [(0, 24)], KAZAKH: [(0, 24)]}),
}


def open_week(schedule: Schedule, hours: Hours) -> list[list[float]]:
    return [[24 * d + a, 24 * d + b] for d in range(schedule.days) for a, b in hours]


def open_share(schedule: Schedule) -> np.ndarray:
    """Share of each hour of the week in which all calendars are open."""
    grid = np.arange(168 * 4) / 4
    mask = np.ones(len(grid), bool)
    for hours in schedule.calendars.values():
        inside = np.zeros(len(grid), bool)
        for begin, end in open_week(schedule, hours):
            inside |= (grid >= begin) & (grid < end)
        mask &= inside
    return mask.reshape(168, 4).mean(axis=1)


def simulate(schedule: Schedule, replication: int, days: int) -> dict[str, Any]:
    """Hourly arrivals, releases and stays of one replication; the same luck for every schedule."""
    rng = np.random.default_rng(replication)
    stamps = START + pd.to_timedelta(np.arange(days * 24), unit="h")
    rate = np.array([MONTHLY[m] for m in stamps.month], float)
    profile = np.interp(
        np.arange(24), [0, 6, 9, 11, 14, 18, 23], [0.2, 0.6, 2.2, 2.6, 1.4, 0.8, 0.3]
    )
    came = rng.poisson(rate / 24 * (profile / profile.mean())[stamps.hour])
    can = LANES_PER_HOUR * np.tile(open_share(schedule), days // 7 + 2)[: days * 24]
    can = np.floor(np.cumsum(can * rng.uniform(0.97, 1.03, len(can))))
    can = np.diff(can, prepend=0)
    queue = np.zeros(len(came))
    left = np.zeros(len(came))
    waiting = 0.0
    for hour in range(len(came)):
        left[hour] = min(waiting + came[hour] / 2, can[hour])
        waiting += came[hour] - left[hour]
        queue[hour] = waiting
    arrivals, releases = np.cumsum(came), np.cumsum(left)
    trucks = np.arange(0.5, arrivals[-1])
    arrived = np.interp(trucks, np.concatenate([[0], arrivals]), np.arange(len(came) + 1))
    out = np.interp(trucks, np.concatenate([[0], releases + 1e-9 * np.arange(len(releases))]),
                    np.arange(len(came) + 1.0), right=len(came))  # fmt: skip
    stay = np.maximum(out - arrived, 0) + rng.lognormal(0.1, 0.6, len(trucks))
    return {
        "stamps": stamps, "came": came, "left": left, "queue": queue, "arrivals": arrivals,
        "releases": releases, "arrived": arrived, "stay": stay, "inside": queue + left * 1.2,
    }  # fmt: skip


def figures_of(run: dict[str, Any], share_open: np.ndarray) -> dict[tuple[str, str, str], float]:
    """(place, measure, unit) to value for one run."""
    stamps, stay = run["stamps"], run["stay"]
    values: dict[tuple[str, str, str], float] = {}
    values["", "throughput_per_day", "1/d"] = run["left"].sum() * 24 / len(stamps)
    values["", "completed_within_limit", "share"] = float(np.mean(stay <= 24))
    values["", "inside_mean", "1"] = float(run["inside"].mean())
    values["", "stay_p50_h", "h"] = float(np.quantile(stay, 0.5))
    values["", "stay_p95_h", "h"] = float(np.quantile(stay, 0.95))
    values["", "capacity_per_day", "1/d"] = float(share_open.sum() / 7 * LANES_PER_HOUR)
    months = np.asarray(stamps.strftime("%Y-%m"))
    truck_months = months[np.minimum(run["arrived"].astype(int), len(months) - 1)]
    for month in np.unique(months):
        chosen = months == month
        values["", f"throughput_per_day[{month}]", "1/d"] = run["left"][chosen].mean() * 24
        values["", f"completed_within_limit[{month}]", "share"] = float(
            np.mean(stay[truck_months == month] <= 24)
        )
    closed = 1 - share_open.mean()
    parts = {"wait_open_mean_h": (1 - closed), "wait_closed_mean_h": closed}
    shares = {
        "gate": 0.7,
        "declaration": 0.05,
        "inspection": 0.05,
        "release": 0.02,
        "kz-post": 0.18,
    }
    waited = max(float(stay.mean()) - 1.4, 0.01)
    for measure, part in parts.items():
        values["", measure, "h"] = waited * part
        for stage, share in shares.items():
            values[stage, measure, "h"] = waited * part * share
    roots = {"gate-lanes": 1 - closed, "gate: hours": 0.6 * closed, "kz-post: hours": 0.4 * closed}
    for root, part in roots.items():
        for place, share in {"": 1.0, **shares}.items():
            values[place, f"wait_root_mean_h[{root}]", "h"] = waited * part * share
    values["", "service_mean_h", "h"], values["", "paused_mean_h", "h"] = 1.3, 0.1
    for stage, time in zip(shares, (0.05, 0.5, 0.55, 0.05, 0.15), strict=True):
        values[stage, "service_mean_h", "h"] = time
        values[stage, "paused_mean_h", "h"] = 0.1 if stage == "inspection" else 0.0
    return values


def late_of(run: dict[str, Any]) -> np.ndarray:
    """Late trucks by day; the last day cannot be judged."""
    day = (run["arrived"] // 24).astype(int)
    late = np.bincount(day, run["stay"] > 24, len(run["stamps"]) // 24).astype(float)
    late[-1] = np.nan
    return late


def curves_of(
    runs: list[dict[str, Any]], share_open: np.ndarray
) -> dict[tuple[str, str, str, str], tuple[Any, np.ndarray]]:
    """(place, curve, x unit, unit) to x and the values of each run."""
    stamps = runs[0]["stamps"]
    hours = np.arange(len(stamps), dtype=float)
    of_week = np.asarray(stamps.day_of_week * 24 + stamps.hour)
    weeks = [
        np.bincount(of_week, r["queue"], 168) / np.bincount(of_week, minlength=168) for r in runs
    ]
    hours_left = np.geomspace(0.05, 4000.0, 400)
    many: Callable[[str], np.ndarray] = lambda key: np.array([r[key] for r in runs], float)  # noqa: E731
    days = many("left").reshape(len(runs), -1, 24).sum(axis=2)
    came = np.bincount(of_week, many("came").mean(axis=0), 168) / np.bincount(of_week)
    late = np.array([late_of(run) for run in runs])
    # A post with its own hours, and one that the hours of the other keep idle.
    posts = {
        (place, f"week_{name}", "h", "1"): (np.arange(168.0), np.array([row] * len(runs)))
        for place, size in (("officers", 2.0), ("clerks", 0.4))
        for name, row in (
            ("work", size * came / 20),
            ("work_most", size * came / 7),
            ("rostered", share_open),
        )
    }
    return posts | {
        ("", "late", "d", "1"): (np.arange(late.shape[1], dtype=float), late),
        ("", "queue", "h", "1"): (hours, many("queue")),
        ("", "inside", "h", "1"): (hours, many("inside")),
        ("", "arrivals", "h", "1"): (hours + 1, many("arrivals")),
        ("", "releases", "h", "1"): (hours + 1, many("releases")),
        ("", "throughput", "d", "1/d"): (np.arange(days.shape[1], dtype=float), days),
        ("", "week", "h", "1"): (np.arange(168.0), np.array(weeks)),
        ("", "stay", "h", "share"): (
            hours_left,
            np.array(
                [np.searchsorted(np.sort(r["stay"]), hours_left) / len(r["stay"]) for r in runs]
            ),
        ),
    }


def write_folder(path: Path, schedules: dict[str, Schedule], replications: int, days: int) -> Path:
    """Write a result folder of ``schedules`` as design section 8 lays it out."""
    path.mkdir(parents=True, exist_ok=True)
    scenarios, summary, raw, curves = [], [], [], []
    end = START + pd.Timedelta(days=days)
    samples: dict[str, dict[tuple[str, str, str], np.ndarray]] = {}
    for name, schedule in schedules.items():
        runs = [simulate(schedule, k, days) for k in range(replications)]
        share_open = open_share(schedule)
        tables = [figures_of(run, share_open) for run in runs]
        samples[name] = {key: np.array([t[key] for t in tables]) for key in tables[0]}
        over = runs[0]["queue"][-24 * 61 :].max() > 1500
        for (place, measure, unit), values in samples[name].items():
            half = interval(values, 0.95)
            noted = over and measure in {"throughput_per_day", "completed_within_limit"}
            summary.append([name, "all", place, measure, unit, values.mean(), values.mean() - half,
                            values.mean() + half, values.std(), replications,
                            "overloaded" if noted else ""])  # fmt: skip
            raw += [[name, k, "all", place, measure, v, 1] for k, v in enumerate(values, 1)]
            for kind, factor in CLASSES.items() if not place and measure in OF_CLASSES else ():
                of_class = values.mean() * factor
                summary.append([name, kind, "", measure, unit, of_class, np.nan, np.nan, np.nan,
                                replications, ""])  # fmt: skip
        for (place, curve, x_unit, unit), (x, values) in curves_of(runs, share_open).items():
            quantiles = np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0).T
            frame = pd.DataFrame(quantiles, columns=["q05", "q25", "q50", "q75", "q95"])
            heads = {"scenario": name, "truck_class": "all", "place": place, "curve": curve, "x": x,
                     "x_unit": x_unit, "unit": unit, "mean": values.mean(axis=0)}  # fmt: skip
            for column, (key, value) in enumerate(heads.items()):
                frame.insert(column, key, value)
            curves.append(frame.assign(replications=replications))
        scenarios.append({
            "name": name, "hash": "0", "note": "", "limit_h": 24,
            "resolved": {"name": name, "resources": POSTS, "traffic": TRAFFIC},
            "period": {"from": START.isoformat(), "to": end.isoformat(),
                       "timezone": "Asia/Shanghai"},
            "timetable": {"zone": "Asia/Shanghai", "week_of": "2024-09-02", "calendars": [
                {"name": c[0], "label": c[1], "side": c[2], "open": open_week(schedule, hours)}
                for c, hours in schedule.calendars.items()]},
        })  # fmt: skip
    baseline = next(iter(schedules)) if len(schedules) > 1 else None
    head = list(layout.SUMMARY)
    long = list(layout.REPLICATIONS)
    texts = [column for column, kind in layout.CURVES.items() if kind == "text"]
    write_tables(
        path,
        Manifest(
            scenarios=tuple(ScenarioEntry(s["name"], s["resolved"], "0") for s in scenarios),
            baseline=baseline, seed=1, replications=replications, engine="simpy", versions={},
            fingerprint="0", run=Run("", "", 0.0, 1),
        ),
        summary=pd.DataFrame(summary, columns=head),
        replications=pd.DataFrame(raw, columns=long),
        comparison=compare(samples, baseline) if baseline else None,
        curves=pd.concat(curves).astype(dict.fromkeys(texts, "category")),
    )  # fmt: skip
    manifest = json.loads((path / "manifest.json").read_text("utf-8"))
    manifest["scenarios"] = scenarios
    (path / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return path


def interval(values: np.ndarray, level: float) -> float:
    if len(values) < 2:
        return float("nan")
    quantile = stats.t.ppf((1 + level) / 2, len(values) - 1)
    return float(quantile * values.std(ddof=1) / np.sqrt(len(values)))


def compare(samples: dict[str, dict[tuple[str, str, str], np.ndarray]], base: str) -> pd.DataFrame:
    rows = []
    for name, found in samples.items():
        if name == base:
            continue
        for (place, measure, unit), values in found.items():
            pairs = values - samples[base][place, measure, unit]
            half, joint = interval(pairs, 0.95), interval(pairs, 1 - 0.05 / (len(samples) - 1))
            mean = pairs.mean()
            rows.append([base, name, "all", place, measure, unit, mean, mean - half, mean + half,
                         mean - joint, mean + joint, np.nan, np.nan, np.nan, len(pairs), "paired t",
                         ""])  # fmt: skip
    return pd.DataFrame(rows, columns=list(layout.COMPARISON))


@pytest.fixture(scope="session")
def schedules() -> dict[str, Schedule]:
    """Seven opening-hour policies, the two oldest overloaded in September."""
    return SCHEDULES


@pytest.fixture(scope="session")
def folder_of() -> Callable[..., Path]:
    """A function that simulates policies and writes their result folder."""
    return write_folder

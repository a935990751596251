"""Made-up result folders with figures chosen by the test, and a cut of the real ones."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from portsim.results import Manifest, Record, Run, ScenarioEntry, read_record, write_record
from portsim.results import tables as layout
from portsim.results.folder import WORKBOOK
from portsim.results.workbook import to_xlsx

REAL = Path(__file__).parents[1] / "results" / "bakhtu"
SHARES = ("completed_within_limit", "completion_ceiling")

Means = Mapping[str, Mapping[str, float]]


def write_tables(path: Path, manifest: Manifest, **tables: pd.DataFrame | None) -> Path:
    """The result folder of a run or a comparison with these tables; those that are None are not
    there."""
    there = {name: table for name, table in tables.items() if table is not None}
    record = Record(manifest, there)
    book = to_xlsx(manifest, there["summary"], there.get("comparison"))
    write_record(path, record, {WORKBOOK: book})
    return path


def write(
    path: Path,
    means: Means,
    *,
    half: float = 1.0,
    replications: int = 10,
    entries: Mapping[str, Mapping[str, Any]] | None = None,
    notes: Mapping[str, str] | None = None,
    failures: tuple[str, ...] = (),
) -> Path:
    """A result folder of scenarios with these means of port measures; the first is the baseline.

    ``half`` is half of every interval; shares have a hundredth of it. A measure of a place has its
    name behind it: ``staffed_h_per_day@clerks``.
    """
    base = next(iter(means))
    summary, comparison = [], []
    for name, figures in means.items():
        for named, mean in figures.items():
            measure, _, place = named.partition("@")
            width = half / 100 if measure in SHARES else half
            width = width if replications > 1 else np.nan
            note = (notes or {}).get(name, "")
            summary.append([name, "all", place, measure, "1", mean, mean - width, mean + width,
                            width, replications, note])  # fmt: skip
            if name != base and named in means[base]:
                change = mean - means[base][named]
                ends = [change - width, change + width]
                ratio = [np.nan] * 3
                comparison.append([base, name, "all", place, measure, "1", change, *ends, *ends,
                                   *ratio, replications, "paired t", ""])  # fmt: skip
    curves = pd.DataFrame({column: [] for column in layout.CURVES})
    kinds = {"text": "category", "number": "float64", "integer": "int64"}
    several = len(means) > 1
    scenarios = []
    for name in means:
        entry = {
            "resolved": {"name": name},
            "limit_h": 24.0,
            "period": {"from": "2024-01-01T00:00:00+08:00", "to": "2024-02-01T00:00:00+08:00",
                       "timezone": "Asia/Shanghai"},
            **((entries or {}).get(name, {})),
        }  # fmt: skip
        scenarios.append(ScenarioEntry(name=name, hash="0", **entry))
    manifest = Manifest(
        scenarios=tuple(scenarios),
        baseline=base if several else None,
        seed=1,
        replications=replications,
        engine="simpy",
        versions={"portsim": "0"},
        fingerprint="0123456789abcdef",
        run=Run("", "", 0.0, 1),
        failures=failures,
    )
    return write_tables(
        path,
        manifest,
        summary=pd.DataFrame(summary, columns=list(layout.SUMMARY)),
        replications=pd.DataFrame({c: [] for c in layout.REPLICATIONS}),
        comparison=pd.DataFrame(comparison, columns=list(layout.COMPARISON)) if several else None,
        curves=curves.astype({c: kinds[kind] for c, kind in layout.CURVES.items()}),
    )


def cut(path: Path, names: list[str]) -> Path:
    """Write a folder of the real results with these scenarios only."""
    read = read_record(REAL, "")

    def chosen(frame: pd.DataFrame) -> pd.DataFrame:
        kept = frame[frame["scenario"].isin(names)].copy()
        for column in kept.select_dtypes("category"):
            kept[column] = kept[column].cat.remove_unused_categories()
        return kept

    made = read.manifest
    manifest = Manifest(
        **{
            **{key: getattr(made, key) for key in Manifest.__dataclass_fields__},
            "scenarios": tuple(s for s in made.scenarios if s.name in names),
            "baseline": names[0] if len(names) > 1 else None,
            # What was judged of all policies holds for no part of them.
            "statistics": {
                key: value
                for key, value in made.statistics.items()
                if key not in ("verdicts", "class_changes", "best")
            },
        }
    )
    return write_tables(
        path,
        manifest,
        summary=chosen(read.tables["summary"]),
        replications=chosen(read.tables["replications"]).head(10),
        observed=read.tables.get("observed"),
        comparison=chosen(read.tables["comparison"]) if len(names) > 1 else None,
        curves=chosen(read.tables["curves"]),
    )

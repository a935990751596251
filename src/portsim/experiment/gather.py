"""Gathering: what the journal kept becomes one study; every number comes from there."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from portsim.errors import Fault
from portsim.experiment.beside import beside
from portsim.experiment.by_cause import with_causes
from portsim.experiment.capacity import Capacity
from portsim.experiment.describe import entry
from portsim.experiment.journal import Journal, Kept
from portsim.experiment.overload import overloads
from portsim.experiment.study import Study
from portsim.experiment.verdicts import judged
from portsim.measures import Curve, unit_of
from portsim.results import Audit, Manifest, Run, versions
from portsim.scenario.measured import VALUE, of_this_period
from portsim.scenario.model import Scenario
from portsim.statistics import band, summarise
from portsim.statistics import compare as paired
from portsim.statistics.intervals import unite_notes

__all__ = ["gather"]


def gather(
    journal: Journal,
    scenarios: Sequence[Scenario],
    baseline: str | None,
    many: int,
    seed: int,
    engine: str,
    audit: str,
    logs: str,
    fingerprint: str,
    failures: Sequence[str],
    run: Run,
    statistics: Mapping[str, Any] = MappingProxyType({}),
    doubted: Mapping[str, Sequence[Fault]] = MappingProxyType({}),
    capacities: Sequence[Capacity] = (),
) -> Study:
    """Put a study together from the runs that were kept.

    Args:
        journal: holds the first `many` replications of each scenario, but for failed ones.
        scenarios: in the order of the tables.
        baseline: the scenario the others are compared with, or None.
        many: replications asked for.
        seed: root seed.
        engine: the engine that ran.
        audit: how it was audited.
        logs: ``none``, ``first`` or ``all``; the journal may hold more of them than are asked for.
        fingerprint: of the inputs.
        failures: the runs that failed, in words.
        run: when and how.
        statistics: for the manifest, see `portsim.experiment.looks.Looks.said`.
        doubted: what each scenario says and perhaps does not mean, by its name.
        capacities: of the scenarios, where they were looked for.
    """
    antithetic = bool(statistics.get("antithetic"))
    kept = {scenario.name: list(journal.kept(scenario.name, many)) for scenario in scenarios}
    over = {name: overloads([one.strains for one in runs]) for name, runs in kept.items()}
    found = {capacity.scenario: capacity for capacity in capacities}
    figures = _figures(
        [
            *with_causes([one for runs in kept.values() for one in runs]),
            *(one for name in kept if name in found for one in _as_kept(found[name])),
        ],
        {name for name, places in over.items() if places},
    )
    figures = _valued(figures, scenarios)
    currency = next((one.currency for one in scenarios if one.currency), "")
    unit = partial(unit_of, currency=currency)
    summary = summarise(figures, unit, antithetic)
    if baseline is not None:
        classes = list(dict.fromkeys(name for one in scenarios for name in one.traffic.classes))
        best = statistics.get("best", {}).get("measure")
        statistics = {**statistics, **judged(figures, baseline, best, classes, antithetic, unit)}
    manifest = Manifest(
        scenarios=tuple(
            entry(
                scenario,
                over[scenario.name],
                doubted.get(scenario.name, ()),
                len(kept[scenario.name]),
                found[scenario.name].said if scenario.name in found else {},
            )
            for scenario in scenarios
        ),
        baseline=baseline,
        seed=seed,
        replications=many,
        engine=engine,
        versions=versions(),
        fingerprint=fingerprint,
        run=run,
        audit=Audit(audit, sum(one.audited for runs in kept.values() for one in runs)),
        failures=tuple(failures),
        statistics=statistics,
    )
    return Study(
        manifest=manifest,
        summary=summary,
        replications=figures,
        comparison=None if baseline is None else paired(figures, baseline, unit, antithetic),
        curves=band(_curves(journal, scenarios, many)),
        logs=journal.logs(
            [scenario.name for scenario in scenarios], {"none": 0, "first": 1, "all": many}[logs]
        ),
        journal=journal.path,
        observed=beside(scenarios, figures, summary, baseline, antithetic),
    )


def _as_kept(found: Capacity) -> Iterator[Kept]:
    """The figures of a capacity by replication, as if runs had brought them."""
    keys: dict[tuple[tuple[str, ...], ...], pd.DataFrame] = {}
    for replication in dict.fromkeys(row[0] for row in found.rows):
        rows = [row for row in found.rows if row[0] == replication]
        named = tuple(row[1:4] for row in rows)
        if named not in keys:
            keys[named] = pd.DataFrame(named, columns=["class", "place", "measure"], dtype=str)
        yield Kept(
            scenario=found.scenario,
            replication=replication,
            keys=keys[named],
            values=np.array([row[4] for row in rows]),
            counts=np.array([row[5] for row in rows], dtype=np.int64),
            notes={number: row[6] for number, row in enumerate(rows) if row[6]},
            strains=[],
            audited=0,
            causes=[],
        )


def _valued(figures: pd.DataFrame, scenarios: Sequence[Scenario]) -> pd.DataFrame:
    """The figures without the value of goods of those that do not say what theirs are worth."""
    known = {
        (scenario.name, group)
        for scenario in scenarios
        for name, cls in scenario.traffic.classes.items()
        if cls.value is not None or cls.price is not None
        for group in ("all", cls.direction, name)
    }
    values = figures["measure"].eq(VALUE)
    rows = zip(figures["scenario"][values], figures["class"][values], strict=True)
    keep = np.ones(len(figures), dtype=bool)
    keep[values.to_numpy()] = [row in known for row in rows]
    return figures[keep].reset_index(drop=True)


def _curves(
    journal: Journal, scenarios: Sequence[Scenario], many: int
) -> Iterator[tuple[str, list[list[Curve]]]]:
    for scenario in scenarios:
        for some in journal.curves(scenario.name, many):
            yield scenario.name, some


def _figures(kept: Sequence[Kept], overloaded: Collection[str] = ()) -> pd.DataFrame:
    """Figures of all runs in one frame; its text columns are categoricals, for it is long.

    What has no steady state under the overloaded scenarios is noted.
    """
    if not kept:
        words = {name: pd.Categorical([]) for name in ("scenario", "class", "place", "measure")}
        empty = {**words, "replication": [], "value": [], "count": [], "note": pd.Categorical([])}
        return pd.DataFrame(empty)
    rows = [len(one.values) for one in kept]
    columns: dict[str, object] = {
        "scenario": _categories([one.scenario for one in kept], rows),
        "replication": np.repeat([one.replication for one in kept], rows),
    }
    for name in ("class", "place", "measure"):
        words = pd.Index(pd.unique(pd.concat([keys[name] for keys in _distinct(kept)])))
        codes = {id(keys): words.get_indexer(pd.Index(keys[name])) for keys in _distinct(kept)}
        columns[name] = pd.Categorical.from_codes(
            np.concatenate([codes[id(one.keys)] for one in kept]), categories=words
        )
    said = dict.fromkeys(["", *(note for one in kept for note in one.notes.values())])
    notes = list(dict.fromkeys([*said, *(unite_notes([note, "overloaded"]) for note in said)]))
    code = {note: number for number, note in enumerate(notes)}
    more = np.array([code[unite_notes([note, "overloaded"])] for note in notes])
    passing = {
        id(keys): np.array([of_this_period(measure) for measure in keys["measure"]], dtype=bool)
        for keys in _distinct(kept)
    }
    noted = np.zeros(sum(rows), dtype=np.int64)
    for first, one in zip(np.cumsum([0, *rows]).tolist(), kept, strict=False):
        for row, note in one.notes.items():
            noted[first + row] = code[note]
        if one.scenario in overloaded:
            mine = noted[first : first + len(one.values)]
            mine[:] = np.where(passing[id(one.keys)], more[mine], mine)
    columns["value"] = np.concatenate([one.values for one in kept])
    columns["count"] = np.concatenate([one.counts for one in kept])
    columns["note"] = pd.Categorical.from_codes(noted, categories=pd.Index(notes, dtype=str))
    return pd.DataFrame(columns)


def _distinct(kept: Sequence[Kept]) -> list[pd.DataFrame]:
    return list({id(one.keys): one.keys for one in kept}.values())


def _categories(words: Sequence[str], rows: Sequence[int]) -> "pd.Categorical[str]":
    names = list(dict.fromkeys(words))
    code = {name: number for number, name in enumerate(names)}
    codes = np.repeat([code[word] for word in words], rows)
    return pd.Categorical.from_codes(codes, categories=pd.Index(names, dtype=str))

"""A batch of runs: what the journal kept of some scenarios, as figures, curves and differences.

Every number comes from there; nothing is run here.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from portsim.arrays import Reals
from portsim.errors import Fault
from portsim.experiment.by_cause import with_causes
from portsim.experiment.capacity import Capacity
from portsim.experiment.describe import entry
from portsim.experiment.journal import Journal, Kept
from portsim.experiment.overload import Overload, overloads
from portsim.experiment.published import compare_with_published
from portsim.experiment.verdicts import judged
from portsim.measures import Curve
from portsim.results import ScenarioEntry
from portsim.scenario.figure_notes import OVERLOADED, unite_notes
from portsim.scenario.measure_catalogue import VALUE, measure_of, unit_of
from portsim.scenario.model import Scenario
from portsim.statistics import band, summarise
from portsim.statistics import compare as paired

__all__ = ["Batch", "figures_of"]


def figures_of(runs: Sequence[Kept], scenarios: Sequence[Scenario]) -> pd.DataFrame:
    """The figures of runs, as those of a batch.

    Args:
        runs: each under the name of one of the scenarios.
        scenarios: whose runs they are.

    Returns:
        The columns of replications.csv, and note; text as categoricals.
    """
    return _valued(_figures(with_causes(runs)), scenarios)


class Batch:
    """Some scenarios, replication by replication; each thing is put together when asked for.

    Attributes:
        scenarios: in the order of the tables.
        replications: how many were asked for.
        kept: the runs of each scenario, by its name; failed ones are missing.
        capacities: of the scenarios, where they were looked for, by name.
        currency: in which they reckon; empty if in none.
    """

    def __init__(
        self,
        journal: Journal,
        scenarios: Sequence[Scenario],
        replications: int,
        antithetic: bool,
        capacities: int = 0,
    ) -> None:
        """Take the runs out of the journal.

        Args:
            journal: holds the replications of each scenario, but for failed ones.
            scenarios: which.
            replications: how many, from the first on.
            antithetic: whether a pair of replications is one observation.
            capacities: those found from so many replications are taken too; 0: none.
        """
        self._journal, self._antithetic = journal, antithetic
        self.scenarios, self.replications = scenarios, replications
        self.kept = {s.name: list(journal.kept(s.name, replications)) for s in scenarios}
        looked_up = [journal.capacity(s.name, capacities) for s in scenarios] if capacities else []
        self.capacities = {
            capacity.scenario: capacity for capacity in looked_up if capacity is not None
        }
        self.currency = next((scenario.currency for scenario in scenarios if scenario.currency), "")

    @cached_property
    def overloads(self) -> dict[str, list[Overload]]:
        """Where each scenario is overloaded, the worst first."""
        return {name: overloads([run.strains for run in r]) for name, r in self.kept.items()}

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The columns of replications.csv, and note; text as categoricals."""
        table = _figures(
            [
                *with_causes([run for runs in self.kept.values() for run in runs]),
                *(
                    run
                    for name in self.kept
                    if name in self.capacities
                    for run in _as_kept(self.capacities[name])
                ),
            ],
            {name for name, places in self.overloads.items() if places},
        )
        return _valued(table, self.scenarios)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """The columns of summary.csv."""
        return summarise(self.figures, self._unit, self._antithetic)

    @property
    def curves(self) -> pd.DataFrame:
        """The columns of curves.parquet."""
        return band(_curves(self._journal, self.scenarios, self.replications))

    def logs(self, which: str) -> dict[str, pd.DataFrame]:
        """The logs by ``trucks``, ``visits`` and ``hours``, as far as they were kept.

        The journal may hold more of them than are asked for: ``none``, ``first`` or ``all``.
        """
        most = {"none": 0, "first": 1, "all": self.replications}[which]
        return self._journal.logs([scenario.name for scenario in self.scenarios], most)

    def comparison(self, baseline: str) -> pd.DataFrame:
        """The columns of comparison.csv."""
        rows = paired(self.figures, baseline, self._unit, self._antithetic)
        base = next(scenario for scenario in self.scenarios if scenario.name == baseline)
        others = [
            scenario.name for scenario in self.scenarios if scenario.completion != base.completion
        ]
        apart = _of_promise(rows["measure"]) & rows["scenario"].isin(others)
        return rows[~apart].reset_index(drop=True)

    def observed(self, baseline: str | None) -> pd.DataFrame | None:
        """The columns of observed.csv; None if no scenario names published figures."""
        return compare_with_published(
            self.scenarios, self.figures, self.summary, baseline, self._antithetic
        )

    def verdicts(self, baseline: str, best: str | None) -> dict[str, Any]:
        """What each policy is best and worst at; see `portsim.experiment.verdicts`."""
        classes = list(
            dict.fromkeys(name for scenario in self.scenarios for name in scenario.traffic.classes)
        )
        figures = self.figures
        if any(scenario.completion != self.scenarios[0].completion for scenario in self.scenarios):
            # Shares of unlike promises are no measure that policies have in common.
            figures = figures[~_of_promise(figures["measure"])]
        planned = [s.name for s in self.scenarios if s.role != "bound" or s.name == baseline]
        if len(planned) > 1:
            # What nobody plans is neither best nor worst of what can be chosen.
            figures = figures[figures["scenario"].isin(planned)]
        return judged(figures, baseline, best, classes, self._antithetic, self._unit)

    def entries(self, doubted: Mapping[str, Sequence[Fault]]) -> list[ScenarioEntry]:
        """What the manifest says of each scenario.

        Args:
            doubted: what each says and perhaps does not mean, by its name.
        """
        return [
            entry(
                scenario,
                self.overloads[scenario.name],
                doubted.get(scenario.name, ()),
                len(self.kept[scenario.name]),
                self.capacities[scenario.name].facts if scenario.name in self.capacities else {},
            )
            for scenario in self.scenarios
        ]

    def values(self, cls: str = "all") -> dict[str, dict[tuple[str, str], Reals]]:
        """Figures of a class by scenario, then by place and measure.

        Returns:
            float64[many] each, NaN where it is undefined or the run failed.
        """
        rows = self.figures[self.figures["truck_class"].eq(cls)]
        by_scenario: dict[str, dict[tuple[str, str], Reals]] = {
            scenario.name: {} for scenario in self.scenarios
        }
        keys = ["scenario", "place", "measure"]
        for (scenario, place, measure), group in rows.groupby(keys, observed=True, sort=False):
            values = np.full(self.replications, np.nan)
            values[group["replication"].to_numpy(np.int64) - 1] = group["value"].to_numpy(
                np.float64
            )
            by_scenario[str(scenario)][str(place), str(measure)] = values
        return by_scenario

    def _unit(self, measure: str) -> str:
        return unit_of(measure, self.currency)


def _as_kept(capacity: Capacity) -> Iterator[Kept]:
    """The figures of a capacity by replication, as if runs had brought them."""
    keys: dict[tuple[tuple[str, ...], ...], pd.DataFrame] = {}
    for replication in dict.fromkeys(row[0] for row in capacity.rows):
        rows = [row for row in capacity.rows if row[0] == replication]
        named = tuple(row[1:4] for row in rows)
        if named not in keys:
            keys[named] = pd.DataFrame(
                named, columns=["truck_class", "place", "measure"], dtype=str
            )
        yield Kept(
            scenario=capacity.scenario,
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
    rows = zip(figures["scenario"][values], figures["truck_class"][values], strict=True)
    keep = np.ones(len(figures), dtype=bool)
    keep[values.to_numpy()] = [row in known for row in rows]
    return figures[keep].reset_index(drop=True)


def _of_promise(measures: "pd.Series[str]") -> "pd.Series[bool]":
    """Which of some measures depend on the promise of the scenario."""
    return measures.isin([name for name in measures.unique() if measure_of(name).of_promise])


def _curves(
    journal: Journal, scenarios: Sequence[Scenario], replications: int
) -> Iterator[tuple[str, list[list[Curve]]]]:
    for scenario in scenarios:
        for some in journal.curves(scenario.name, replications):
            yield scenario.name, some


def _figures(kept: Sequence[Kept], overloaded: Collection[str] = ()) -> pd.DataFrame:
    """Figures of all runs in one frame; its text columns are categoricals, for it is long.

    What has no steady state under the overloaded scenarios is noted.
    """
    if not kept:
        words = {
            name: pd.Categorical([]) for name in ("scenario", "truck_class", "place", "measure")
        }
        empty = {**words, "replication": [], "value": [], "count": [], "note": pd.Categorical([])}
        return pd.DataFrame(empty)
    rows = [len(run.values) for run in kept]
    columns: dict[str, object] = {
        "scenario": _categories([run.scenario for run in kept], rows),
        "replication": np.repeat([run.replication for run in kept], rows),
    }
    for name in ("truck_class", "place", "measure"):
        words = pd.Index(pd.unique(pd.concat([keys[name] for keys in _distinct(kept)])))
        codes = {id(keys): words.get_indexer(pd.Index(keys[name])) for keys in _distinct(kept)}
        columns[name] = pd.Categorical.from_codes(
            np.concatenate([codes[id(run.keys)] for run in kept]), categories=words
        )
    distinct = dict.fromkeys(["", *(note for run in kept for note in run.notes.values())])
    notes = list(
        dict.fromkeys([*distinct, *(unite_notes([note, OVERLOADED]) for note in distinct)])
    )
    code = {note: number for number, note in enumerate(notes)}
    more = np.array([code[unite_notes([note, OVERLOADED])] for note in notes])
    passing = {
        id(keys): np.array(
            [measure_of(measure).of_period for measure in keys["measure"]], dtype=bool
        )
        for keys in _distinct(kept)
    }
    noted = np.zeros(sum(rows), dtype=np.int64)
    for first, run in zip(np.cumsum([0, *rows]).tolist(), kept, strict=False):
        for row, note in run.notes.items():
            noted[first + row] = code[note]
        if run.scenario in overloaded:
            codes_of_run = noted[first : first + len(run.values)]
            codes_of_run[:] = np.where(passing[id(run.keys)], more[codes_of_run], codes_of_run)
    columns["value"] = np.concatenate([run.values for run in kept])
    columns["count"] = np.concatenate([run.counts for run in kept])
    columns["note"] = pd.Categorical.from_codes(noted, categories=pd.Index(notes, dtype=str))
    return pd.DataFrame(columns)


def _distinct(kept: Sequence[Kept]) -> list[pd.DataFrame]:
    return list({id(run.keys): run.keys for run in kept}.values())


def _categories(words: Sequence[str], rows: Sequence[int]) -> "pd.Categorical[str]":
    names = list(dict.fromkeys(words))
    code = {name: number for number, name in enumerate(names)}
    codes = np.repeat([code[word] for word in words], rows)
    return pd.Categorical.from_codes(codes, categories=pd.Index(names, dtype=str))

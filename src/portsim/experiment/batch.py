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

__all__ = ["Batch"]


class Batch:
    """Some scenarios, replication by replication; each thing is put together when asked for.

    Attributes:
        scenarios: in the order of the tables.
        many: replications asked for.
        kept: the runs of each scenario, by its name; failed ones are missing.
        capacities: of the scenarios, where they were looked for, by name.
        currency: in which they reckon; empty if in none.
    """

    def __init__(
        self,
        journal: Journal,
        scenarios: Sequence[Scenario],
        many: int,
        antithetic: bool,
        capacities: int = 0,
    ) -> None:
        """Take the runs out of the journal.

        Args:
            journal: holds the first `many` replications of each scenario, but for failed ones.
            scenarios: which.
            many: replications.
            antithetic: whether a pair of replications is one observation.
            capacities: those found from so many replications are taken too; 0: none.
        """
        self._journal, self._antithetic = journal, antithetic
        self.scenarios, self.many = scenarios, many
        self.kept = {s.name: list(journal.kept(s.name, many)) for s in scenarios}
        found = [journal.capacity(s.name, capacities) for s in scenarios] if capacities else []
        self.capacities = {one.scenario: one for one in found if one is not None}
        self.currency = next((one.currency for one in scenarios if one.currency), "")

    @cached_property
    def overloads(self) -> dict[str, list[Overload]]:
        """Where each scenario is overloaded, the worst first."""
        return {name: overloads([one.strains for one in r]) for name, r in self.kept.items()}

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The columns of replications.csv, and note; text as categoricals."""
        found = _figures(
            [
                *with_causes([one for runs in self.kept.values() for one in runs]),
                *(
                    one
                    for name in self.kept
                    if name in self.capacities
                    for one in _as_kept(self.capacities[name])
                ),
            ],
            {name for name, places in self.overloads.items() if places},
        )
        return _valued(found, self.scenarios)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """The columns of summary.csv."""
        return summarise(self.figures, self._unit, self._antithetic)

    @property
    def curves(self) -> pd.DataFrame:
        """The columns of curves.parquet."""
        return band(_curves(self._journal, self.scenarios, self.many))

    def logs(self, which: str) -> dict[str, pd.DataFrame]:
        """The logs by ``trucks``, ``visits`` and ``hours``, as far as they were kept.

        The journal may hold more of them than are asked for: ``none``, ``first`` or ``all``.
        """
        most = {"none": 0, "first": 1, "all": self.many}[which]
        return self._journal.logs([scenario.name for scenario in self.scenarios], most)

    def comparison(self, baseline: str) -> pd.DataFrame:
        """The columns of comparison.csv."""
        found = paired(self.figures, baseline, self._unit, self._antithetic)
        base = next(one for one in self.scenarios if one.name == baseline)
        others = [one.name for one in self.scenarios if one.completion != base.completion]
        apart = _of_promise(found["measure"]) & found["scenario"].isin(others)
        return found[~apart].reset_index(drop=True)

    def observed(self, baseline: str | None) -> pd.DataFrame | None:
        """The columns of observed.csv; None if no scenario names published figures."""
        return compare_with_published(
            self.scenarios, self.figures, self.summary, baseline, self._antithetic
        )

    def verdicts(self, baseline: str, best: str | None) -> dict[str, Any]:
        """What each policy is best and worst at; see `portsim.experiment.verdicts`."""
        classes = list(
            dict.fromkeys(name for one in self.scenarios for name in one.traffic.classes)
        )
        figures = self.figures
        if any(one.completion != self.scenarios[0].completion for one in self.scenarios):
            # Shares of unlike promises are no measure that policies have in common.
            figures = figures[~_of_promise(figures["measure"])]
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
                self.capacities[scenario.name].said if scenario.name in self.capacities else {},
            )
            for scenario in self.scenarios
        ]

    def values(self, cls: str = "all") -> dict[str, dict[tuple[str, str], Reals]]:
        """Figures of a class by scenario, then by place and measure.

        Returns:
            float64[many] each, NaN where it is undefined or the run failed.
        """
        rows = self.figures[self.figures["truck_class"].eq(cls)]
        found: dict[str, dict[tuple[str, str], Reals]] = {one.name: {} for one in self.scenarios}
        keys = ["scenario", "place", "measure"]
        for (scenario, place, measure), mine in rows.groupby(keys, observed=True, sort=False):
            values = np.full(self.many, np.nan)
            values[mine["replication"].to_numpy(np.int64) - 1] = mine["value"].to_numpy(np.float64)
            found[str(scenario)][str(place), str(measure)] = values
        return found

    def _unit(self, measure: str) -> str:
        return unit_of(measure, self.currency)


def _as_kept(found: Capacity) -> Iterator[Kept]:
    """The figures of a capacity by replication, as if runs had brought them."""
    keys: dict[tuple[tuple[str, ...], ...], pd.DataFrame] = {}
    for replication in dict.fromkeys(row[0] for row in found.rows):
        rows = [row for row in found.rows if row[0] == replication]
        named = tuple(row[1:4] for row in rows)
        if named not in keys:
            keys[named] = pd.DataFrame(
                named, columns=["truck_class", "place", "measure"], dtype=str
            )
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
    rows = zip(figures["scenario"][values], figures["truck_class"][values], strict=True)
    keep = np.ones(len(figures), dtype=bool)
    keep[values.to_numpy()] = [row in known for row in rows]
    return figures[keep].reset_index(drop=True)


def _of_promise(measures: "pd.Series[str]") -> "pd.Series[bool]":
    """Which of some measures depend on the promise of the scenario."""
    return measures.isin([name for name in measures.unique() if measure_of(name).of_promise])


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
        words = {
            name: pd.Categorical([]) for name in ("scenario", "truck_class", "place", "measure")
        }
        empty = {**words, "replication": [], "value": [], "count": [], "note": pd.Categorical([])}
        return pd.DataFrame(empty)
    rows = [len(one.values) for one in kept]
    columns: dict[str, object] = {
        "scenario": _categories([one.scenario for one in kept], rows),
        "replication": np.repeat([one.replication for one in kept], rows),
    }
    for name in ("truck_class", "place", "measure"):
        words = pd.Index(pd.unique(pd.concat([keys[name] for keys in _distinct(kept)])))
        codes = {id(keys): words.get_indexer(pd.Index(keys[name])) for keys in _distinct(kept)}
        columns[name] = pd.Categorical.from_codes(
            np.concatenate([codes[id(one.keys)] for one in kept]), categories=words
        )
    said = dict.fromkeys(["", *(note for one in kept for note in one.notes.values())])
    notes = list(dict.fromkeys([*said, *(unite_notes([note, OVERLOADED]) for note in said)]))
    code = {note: number for number, note in enumerate(notes)}
    more = np.array([code[unite_notes([note, OVERLOADED])] for note in notes])
    passing = {
        id(keys): np.array(
            [measure_of(measure).of_period for measure in keys["measure"]], dtype=bool
        )
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

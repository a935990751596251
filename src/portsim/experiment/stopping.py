"""Looks at a study under way: are there replications enough for what was asked?

Figures come from the journal alone, so that interruptions and the number of workers change no
decision. Nothing is run here.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from portsim.arrays import Reals
from portsim.errors import InputError
from portsim.experiment.goals import MOST, Goals, Target
from portsim.experiment.journal import Journal
from portsim.experiment.verdicts import leaders
from portsim.scenario.measure_catalogue import headings, measure_of, unit_of
from portsim.statistics.intervals import paired_up
from portsim.statistics.precision import FEWEST, Goal, Reached, more, needs, reached, settled
from portsim.statistics.selection import Selected, kn
from portsim.statistics.shares import may_differ
from portsim.statistics.variance import antithetic_gain, common_gain

__all__ = ["StoppingRule"]


class _Held(NamedTuple):
    """A target held against one scenario."""

    target: Target
    scenario: str
    reached: Reached


class StoppingRule:
    """What was asked of a study, and what each look at its figures said."""

    def __init__(
        self,
        goals: Goals,
        scenarios: Sequence[str],
        baseline: str | None,
        replications: int,
        currency: str = "",
    ) -> None:
        """Begin.

        Args:
            goals: what is asked.
            scenarios: their names, in the order of the tables.
            baseline: the one the others are compared with, or None.
            replications: replications to begin with.
            currency: in which the scenarios reckon, if they do.

        Raises:
            InputError: numbers of replications that cannot be.
        """
        self._goals, self._names, self._baseline = goals, list(scenarios), baseline
        self._currency = currency
        self._per = 2 if goals.antithetic else 1
        self._met: list[list[bool]] = []
        self._held: list[_Held] = []
        self._selected: Selected | None = None
        if goals.adds:
            replications += replications % self._per
        elif replications % self._per:
            raise InputError(
                f"antithetic pairs need an even number of replications, not {replications}; "
                f"for example --replications {replications + 1}"
            )
        self.first = max(replications, FEWEST * self._per) if goals.adds else replications
        """Replications before the first look."""
        most = max(MOST, self.first) if goals.most is None else goals.most
        self._most = most - most % self._per
        if goals.adds and self._most < self.first:
            raise InputError(
                f"--max-replications {most}: fewer than the {self.first} to begin with; raise it, "
                "or lower --replications"
            )

    def look(self, journal: Journal, replications: int) -> int | None:
        """How many replications there shall be next; None if they are enough.

        Args:
            journal: holds the replications of each scenario, but for failed ones.
            replications: how many so far.
        """
        goals = self._goals
        if not goals.adds:
            return None
        n = replications // self._per
        table = self._table(journal, replications, self._needed())
        self._held = list(self._hold(table))
        self._met.append([held.reached.met for held in self._held])
        # One look alone may be lucky.
        met = not goals.targets or (
            len(self._met) > 1 and all(settled(row) for row in zip(*self._met, strict=True))
        )
        self._selected = self._select(table)
        chosen = goals.delta is None or (
            self._selected is not None and self._selected.best is not None
        )
        if (met and chosen) or replications >= self._most:
            return None
        outcomes = [held.reached for held in self._held]
        return self._per * more(outcomes, n, self._most // self._per)

    def report(self, journal: Journal, replications: int) -> dict[str, Any]:
        """What the manifest says: JSON types only, None where a number is not defined.

        Args:
            journal: as for `look`.
            replications: replications in the end.
        """
        goals, n = self._goals, replications // self._per
        measures = list(dict.fromkeys([*headings(money=False), goals.best, *self._needed()]))
        table = self._table(journal, replications, measures)
        report: dict[str, Any] = {"antithetic": goals.antithetic, "observations": n}
        if goals.targets:
            report["precision"] = list(self._precision())
        if goals.adds:
            report["max_replications"] = self._most
        alike = list(self._alike(table))
        if alike:
            report["no_spread"] = alike
        if self._baseline is not None:
            report["best"] = self._best(table)
            report["common_random_numbers"] = list(self._common(table))
        if goals.antithetic:
            report["antithetic_pairs"] = list(self._pairs(journal, replications))
        return report

    # ---- figures -------------------------------------------------------------------------------

    def _needed(self) -> list[str]:
        measures = [target.measure for target in self._goals.targets]
        if self._goals.delta is not None:
            measures.append(self._goals.best)
        return list(dict.fromkeys(measures))

    def _singles(
        self, journal: Journal, replications: int, measures: Sequence[str]
    ) -> dict[str, Reals]:
        """Of each measure float64[scenarios, many], NaN where a replication failed."""
        table = {name: np.full((len(self._names), replications), np.nan) for name in measures}
        for row, scenario in enumerate(self._names):
            for run in journal.kept(scenario, replications):
                for measure, figure in _of_the_port(run.keys, measures):
                    table[measure][row, run.replication - 1] = run.values[figure]
            capacity = journal.capacity(scenario)
            for replication, cls, place, measure, value, *_ in capacity.rows if capacity else ():
                if measure in table and (cls, place) == ("all", "") and replication <= replications:
                    table[measure][row, replication - 1] = value
        return table

    def _table(
        self, journal: Journal, replications: int, measures: Sequence[str]
    ) -> dict[str, Reals]:
        """Of each measure float64[scenarios, observations]."""
        singles = self._singles(journal, replications, measures)
        if not self._goals.antithetic:
            return singles
        numbers = np.arange(1, replications + 1)
        return {name: paired_up(values, numbers)[0] for name, values in singles.items()}

    # ---- precision -----------------------------------------------------------------------------

    def _subjects(self, target: Target) -> list[int]:
        base = self._names.index(self._baseline) if self._baseline is not None else None
        rows = range(len(self._names))
        return [row for row in rows if not (target.difference and row == base)]

    def _hold(self, table: dict[str, Reals]) -> Iterator[_Held]:
        """Every target against every scenario; all these intervals hold together."""
        together = sum(len(self._subjects(target)) for target in self._goals.targets)
        for target in self._goals.targets:
            values = table[target.measure]
            share = measure_of(target.measure).share
            goal = Goal(target.half_width, target.relative, share and not target.difference)
            for row in self._subjects(target):
                if target.difference:
                    assert self._baseline is not None
                    base = values[self._names.index(self._baseline)]
                    outcome = reached(values[row] - base, goal, together, scale=base)
                else:
                    outcome = reached(values[row], goal, together)
                yield _Held(target, self._names[row], outcome)

    def _precision(self) -> Iterator[dict[str, Any]]:
        history = zip(*self._met, strict=True)
        for held, met in zip(self._held, history, strict=True):
            yield {
                "measure": held.target.measure,
                "unit": unit_of(held.target.measure, self._currency),
                "scenario": held.scenario,
                "difference": held.target.difference,
                "asked": held.target.half_width,
                "relative": held.target.relative,
                "half_width": _number(held.reached.half_width),
                "largest": _number(held.reached.allowed),
                "met": settled(met),
                "alike": held.reached.alike,
                "observations": held.reached.n,
                "needs": needs(held.reached),
            }

    def _alike(self, table: dict[str, Reals]) -> Iterator[dict[str, Any]]:
        """Shares among the headline figures that were the same in every replication."""
        for measure in headings(money=False):
            if not measure_of(measure).share:
                continue
            for row, values in enumerate(table[measure]):
                known = values[~np.isnan(values)]
                if len(known) > 1 and np.ptp(known) == 0.0:
                    yield {
                        "scenario": self._names[row],
                        "measure": measure,
                        "value": _number(float(known[0])),
                        "may_differ": _number(may_differ(len(known))),
                    }

    # ---- selection -----------------------------------------------------------------------------

    def _turned(self, table: dict[str, Reals]) -> Reals:
        """The measure of --best, turned so that more is better, where all scenarios have it."""
        best = self._goals.best
        values = table[best] * measure_of(best).better
        return values[:, ~np.isnan(values).any(axis=0)]

    def _select(self, table: dict[str, Reals]) -> Selected | None:
        if self._goals.delta is None:
            return None
        values = self._turned(table)
        first = min(self.first // self._per, values.shape[1])
        return kn(values, first, self._goals.delta) if first > 1 else None

    def _best(self, table: dict[str, Reals]) -> dict[str, Any]:
        assert self._baseline is not None
        measure = self._goals.best
        base = self._names.index(self._baseline)
        facts: dict[str, Any] = {
            "measure": measure,
            "observations": self._turned(table).shape[1],
            "may_be_best": [self._names[row] for row in leaders(table[measure], measure, base)],
        }
        if self._goals.delta is not None:
            selected = self._selected
            best = None if selected is None else selected.best
            facts["delta"] = self._goals.delta
            facts["selected"] = None if best is None else self._names[best]
            facts["decided_with"] = None if selected is None else selected.decided_with
            left = range(len(self._names)) if selected is None else selected.left
            facts["left"] = [self._names[row] for row in left]
        return facts

    # ---- variance ------------------------------------------------------------------------------

    def _common(self, table: dict[str, Reals]) -> Iterator[dict[str, Any]]:
        assert self._baseline is not None
        base = self._names.index(self._baseline)
        for row, scenario in enumerate(self._names):
            for measure in headings(money=False):
                if row != base:
                    gain = common_gain(table[measure][row], table[measure][base])
                    yield {
                        "scenario": scenario,
                        "measure": measure,
                        "variance_ratio": _number(gain.ratio),
                        "correlation": _number(gain.correlation),
                    }

    def _pairs(self, journal: Journal, replications: int) -> Iterator[dict[str, Any]]:
        singles = self._singles(journal, replications, list(headings(money=False)))
        numbers = np.arange(1, replications + 1)
        for measure, values in singles.items():
            for row, pairs in enumerate(paired_up(values, numbers)[1]):
                yield {
                    "scenario": self._names[row],
                    "measure": measure,
                    "variance_ratio": _number(antithetic_gain(pairs)),
                }


def _of_the_port(keys: pd.DataFrame, measures: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Where the figures of the whole port, all classes, stand."""
    port = keys[
        (keys["truck_class"] == "all") & (keys["place"] == "") & keys["measure"].isin(measures)
    ]
    for row, measure in zip(port.index.tolist(), port["measure"].tolist(), strict=True):
        yield measure, row


def _number(value: float | None) -> float | None:
    """To ten digits, as in the tables: the last bits may differ from machine to machine."""
    return float(f"{value:.10g}") if value is not None and np.isfinite(value) else None

"""One assumption at a time: how far each moves the answer within its range, and where it turns.

How tables are printed and pictures drawn may not enter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from portsim.arrays import Reals
from portsim.errors import ScenarioError
from portsim.results.sensitivity import ONE_AT_A_TIME
from portsim.results.tables import Schema
from portsim.scenario.assumptions import Assumption, NotVaried, refusal
from portsim.scenario.measure_catalogue import unit_of
from portsim.statistics.intervals import moments, t_factor
from portsim.studies.rounds import Rounds

__all__ = ["HALVINGS", "Pair", "estimate", "head", "one_at_a_time", "pairs", "tidied"]

HALVINGS = 6
"""A tipping point of a real number is known to 1/64 of the way from its base to the turning end."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What is asked: a policy by itself, or its difference to the baseline."""

    policy: str
    baseline: str | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over replications with its 95 % interval; NaN where there is none."""

    mean: float
    low: float
    high: float

    @property
    def verdict(self) -> int:
        """−1 or 1 for a difference that is clear, 0 for one that cannot be told from none.

        Without an interval, one replication decides.
        """
        if np.isnan(self.low):
            return 0 if np.isnan(self.mean) else int(np.sign(self.mean))
        return 1 if self.low > 0 else -1 if self.high < 0 else 0


@dataclass(slots=True)
class _Search:
    """A bisection: the verdict of ``base`` still holds at ``holds``, and not at ``turned``."""

    pair: Pair
    assumption: Assumption
    end: float
    holds: float
    turned: float
    rounds: int = 0

    def middle(self) -> float | None:
        """The next value to try; None if the bracket is narrow enough."""
        if self.assumption.whole:
            between = (self.holds + self.turned) // 2
            return None if abs(self.turned - self.holds) <= 1 else between
        return None if self.rounds >= HALVINGS else (self.holds + self.turned) / 2


def pairs(policies: Sequence[str], baseline: str) -> list[Pair]:
    """What is asked of some policies: each against the baseline, or the only one by itself."""
    if len(policies) == 1:
        return [Pair(policies[0], None)]
    return [Pair(policy, baseline) for policy in policies if policy != baseline]


def estimate(values: Reals) -> Estimate:
    """Mean and 95 % t interval of float64[r], NaN left out. Source: Law 2015, section 9.4.1."""
    sample = moments(values[None, :])
    half = float((t_factor(sample.n) * sample.sd)[0])
    mean = float(sample.mean[0])
    return Estimate(mean, mean - half, mean + half)


def one_at_a_time(
    rounds: Rounds,
    questions: Sequence[Pair],
    varied: Sequence[Assumption],
    left: Sequence[NotVaried],
    measure: str,
    cls: str,
) -> pd.DataFrame:
    """Put each assumption at the ends of its range, all others as written.

    Where policies are compared and an end changes the verdict on a difference, from clear to
    unclear, from unclear to clear, or from one sign to the other, the value at which it changes is
    found by bisection on the same trucks. A verdict that changes to and fro inside a range is not
    looked for: only the ends decide.

    Args:
        rounds: the policies, not yet run.
        questions: from `pairs`.
        varied: what is varied.
        left: what is listed only.
        measure: name of the measure.
        cls: class of trucks.

    Returns:
        The columns of sensitivity.csv, of each pair the largest swing first.

    Raises:
        PortsimError: as `Rounds.run`.
    """
    work = _Work(rounds)
    for policy in rounds.policies:
        rounds.want(policy, {})
    refused: dict[tuple[str, float], str] = {}
    for assumption in varied:
        for end in assumption.ends:
            try:
                work.want(assumption, end)
            except ScenarioError as error:
                refused[assumption.path, end] = refusal(assumption, end, error)
    rounds.run()
    searches = []
    for pair in questions:
        if pair.baseline is None:
            continue
        base = work.base(pair)
        for assumption in varied:
            for end in assumption.ends:
                if (assumption.path, end) not in refused:
                    there = work.at(pair, assumption, end)
                    if there.verdict != base.verdict:
                        searches.append(_Search(pair, assumption, end, assumption.base, end))
    if searches:
        rounds.say(f"ends that turn the answer: {len(searches)}; looking for the tipping points")
    _bisect(work, searches)
    rows = []
    for pair in questions:
        rows_of_pair = [_row(work, pair, assumption, refused, searches) for assumption in varied]
        rows_of_pair.sort(key=lambda row: -row["swing"] if np.isfinite(row["swing"]) else np.inf)
        rows += rows_of_pair
        rows += [_left(pair, assumption) for assumption in left]
    return tidied(rows, ONE_AT_A_TIME, measure, cls)


class _Work:
    """Figures of assumptions at values."""

    def __init__(self, rounds: Rounds) -> None:
        self._rounds = rounds

    def want(self, assumption: Assumption, value: float) -> None:
        for policy in assumption.places:
            self._name(policy, assumption, value)

    def run(self) -> None:
        self._rounds.run()

    def _name(self, policy: str, assumption: Assumption, value: float) -> str:
        return self._rounds.want(
            policy, {path: assumption.written(value) for path in assumption.places.get(policy, ())}
        )

    def base(self, pair: Pair) -> Estimate:
        return estimate(self._rounds.values(pair.policy, pair.baseline))

    def at(self, pair: Pair, assumption: Assumption, value: float) -> Estimate:
        names = [
            None if policy is None else self._name(policy, assumption, value)
            for policy in (pair.policy, pair.baseline)
        ]
        assert names[0] is not None
        return estimate(self._rounds.values(names[0], names[1]))


def _bisect(work: _Work, searches: Sequence[_Search]) -> None:
    """All searches at once, round by round, so that their runs go on side by side."""
    active = list(searches)
    while active:
        tried: list[tuple[_Search, float]] = []
        for search in active:
            value = search.middle()
            if value is None:
                continue
            try:
                work.want(search.assumption, value)
            except ScenarioError:
                # Between two values that hold together lies one that does not; leave it there.
                continue
            tried.append((search, value))
        work.run()
        for search, value in tried:
            search.rounds += 1
            there = work.at(search.pair, search.assumption, value).verdict
            if there == work.base(search.pair).verdict:
                search.holds = value
            else:
                search.turned = value
        active = [search for search, _ in tried]


def _row(
    work: _Work,
    pair: Pair,
    assumption: Assumption,
    refused: dict[tuple[str, float], str],
    searches: Sequence[_Search],
) -> dict[str, Any]:
    base = work.base(pair)
    row = {**head(pair, assumption), **_estimates("base", base)}
    means, notes = [base.mean], []
    for side, end in (("low", assumption.low), ("high", assumption.high)):
        if (assumption.path, end) in refused:
            notes.append(refused[assumption.path, end])
            continue
        there = base if end == assumption.base else work.at(pair, assumption, end)
        row |= _estimates(f"at_{side}", there)
        means.append(there.mean)
    row["swing"] = np.ptp([mean for mean in means if np.isfinite(mean)] or [np.nan])
    for search in searches:
        if search.pair == pair and search.assumption is assumption:
            side = "low" if search.end == assumption.low else "high"
            there = work.at(pair, assumption, search.end)
            row[f"turns_{side}"] = _turn(base.verdict, there.verdict)
            row |= {f"holds_{side}": search.holds, f"turned_{side}": search.turned}
    row["note"] = "; ".join(notes)
    return row


def _turn(base: int, there: int) -> str:
    if there == 0:
        return "unclear"
    return "clear" if base == 0 else "other sign"


def _left(pair: Pair, assumption: NotVaried) -> dict[str, Any]:
    return {**head(pair, assumption), "note": f"not varied: {assumption.why}"}


def head(pair: Pair, assumption: Assumption | NotVaried) -> dict[str, Any]:
    """The columns that say what is varied, alike for all methods."""
    row = {
        "scenario": pair.policy,
        "baseline": pair.baseline or "",
        "assumption": assumption.path,
        "places": len(assumption.paths),
        "confidence": assumption.confidence,
        "source": assumption.source if isinstance(assumption, Assumption) else "",
        "file": assumption.place.file,
        "line": assumption.place.line,
    }
    if isinstance(assumption, Assumption):
        row |= {
            "input_unit": assumption.unit,
            "base_input": assumption.base,
            "low_input": assumption.low,
            "high_input": assumption.high,
        }
    return row


def tidied(rows: list[dict[str, Any]], schema: Schema, measure: str, cls: str) -> pd.DataFrame:
    """Rows as a table of a schema: empty texts and NaN where a row says nothing."""
    table = pd.DataFrame(rows, columns=list(schema))
    table["measure"], table["truck_class"], table["unit"] = measure, cls, unit_of(measure)
    for column, kind in schema.items():
        table[column] = (
            pd.Series([cell if isinstance(cell, str) else "" for cell in table[column]], dtype=str)
            if kind == "text"
            else table[column].astype(np.float64 if kind == "number" else np.int64)
        )
    return table


def _estimates(name: str, interval: Estimate) -> dict[str, float]:
    return {name: interval.mean, f"{name}_ci_low": interval.low, f"{name}_ci_high": interval.high}

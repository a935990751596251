"""The second run of each replication, with drawn inputs, and what the pairs of runs say.

Why an input is not known may not enter.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from portsim.experiment.batch import Batch, figures_of
from portsim.experiment.drawn_inputs import Draw, Ignorance, refuse_none
from portsim.experiment.execution import Say
from portsim.experiment.runner import Runner
from portsim.results.uncertainty import UNCERTAIN
from portsim.scenario.model import Scenario
from portsim.statistics.ignorance import uncertainty

__all__ = ["DrawnRuns"]


class DrawnRuns:
    """Runs with drawn inputs beside those of a study; none at all if nothing is drawn."""

    def __init__(
        self,
        ignorance: Ignorance | None,
        seed: int,
        replications: int,
        antithetic: bool,
        say: Say,
    ) -> None:
        """Draw the inputs of the replications to begin with.

        Args:
            ignorance: what is drawn; None: nothing.
            seed: root seed.
            replications: to begin with.
            antithetic: an even replication is the mirror of the one before it.
            say: told what is drawn, and of values that cannot stand together.

        Raises:
            InputError: of a policy hardly a draw can stand.
        """
        self._ignorance, self._seed, self._antithetic = ignorance, seed, antithetic
        self._say = say
        self._draws: list[Draw] = []
        self._done = 0
        self._draw(replications)
        refuse_none(self._draws)

    def expected(self, scenarios: Sequence[Scenario]) -> int:
        """How many runs a study of these scenarios has with those of the draws; 0 without any."""
        if self._ignorance is None:
            return 0
        possible = sum(draw.scenario is not None for draw in self._draws)
        return len(scenarios) * self._done + possible

    def outcome(
        self, runner: Runner, batch: Batch, comparison: pd.DataFrame | None
    ) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
        """Run what was drawn, and hold it against the runs with inputs as written.

        Args:
            runner: does the runs.
            batch: the runs with inputs as written.
            comparison: their differences, the columns of comparison.csv, or None.

        Returns:
            What the manifest's statistics say, and the tables by name; both empty if nothing is
            drawn.

        Raises:
            AuditError: the engines disagree.
        """
        ignorance = self._ignorance
        if ignorance is None:
            return {}, {}
        self._draw(batch.replications)
        by_number: dict[int, list[Scenario]] = {}
        for draw in self._draws:
            if draw.scenario is not None:
                by_number.setdefault(draw.replication, []).append(draw.scenario)
        runner.run_once(by_number)
        kept = [
            replace(run, scenario=draw.policy)
            for draw in self._draws
            if draw.scenario is not None
            for run in runner.journal.kept(draw.scenario.name, draw.replication)
        ]
        # What is drawn nowhere in a policy moves none of its figures: they are as they are.
        drawn = {draw.policy for draw in self._draws}
        kept += [run for name, runs in batch.kept.items() if name not in drawn for run in runs]
        table = uncertainty(
            batch.figures,
            figures_of(kept, batch.scenarios),
            batch.summary,
            comparison,
            ignorance.inputs(self._draws, self._seed, self._antithetic),
        )
        return (
            {UNCERTAIN: ignorance.facts(self._draws)},
            {"uncertainty": table, "drawn_inputs": ignorance.table(self._draws)},
        )

    def _draw(self, replications: int) -> None:
        """Draw for replications up to so many, where that was not done yet."""
        if self._ignorance is None or replications <= self._done:
            return
        count = len(self._ignorance.drawn)
        self._say(f"drawing {count} inputs within their ranges, for {replications} replications")
        numbers = range(self._done + 1, replications + 1)
        draws = self._ignorance.draws(self._seed, numbers, self._antithetic)
        self._draws += draws
        self._done = replications
        refused = [draw for draw in draws if draw.refused]
        if refused:
            first = refused[0]
            missed = sum(draw.scenario is None for draw in refused)
            self._say(
                f"{sum(draw.refused for draw in refused)} of {sum(d.attempt for d in draws)} draws "
                "of inputs are refused, for their values cannot stand together, and drawn again; "
                f"replication {first.replication} of {first.policy}: {first.refusal}"
                + f"; runs left out, for no draw can stand: {missed}"
                * bool(missed)
            )

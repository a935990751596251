"""The experiment room, its quick desk: the same trucks are kept, and asked about again and again.

For notebooks. One figure a measure and replication; what takes many runs (intervals, capacity,
overload) is for a study.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from html import escape
from math import nan
from pathlib import Path
from typing import Any

import pandas as pd

from portsim.checking import Scenario, assured, load
from portsim.demand import draw
from portsim.engines import ENGINES, check_stuck, engine
from portsim.engines.choice import choose
from portsim.errors import InputError, ScenarioError
from portsim.experiment.common_draws import demand_key
from portsim.experiment.costs import RECKONED, money_rows, needed
from portsim.experiment.goals import known
from portsim.measures import Measurement, Wanted, figures
from portsim.plan import Draft, Site, Timetable, draft, draft_key, timetable
from portsim.scenario import model
from portsim.scenario.measure_catalogue import VALUE, headings, measure_of, named

__all__ = ["HEADLINE", "Draws"]

HEADLINE = tuple(name for name in headings(money=False) if measure_of(name).of_a_run)
"""The headline figures of a study that one run tells."""
_KEPT = 4
"""So many layings-out of the visits are kept: each takes some 10 MB a replication for a year."""


class Draws:
    """The trucks of some replications with all their luck, for one question after the other.

    Drawing the trucks takes longer than anything else; it is done once. Each question then takes
    what it changes: calendars, the run, the measures that are asked for.
    """

    def __init__(
        self,
        scenario: model.Scenario | str | Path,
        replications: int = 1,
        *,
        seed: int | None = None,
        antithetic: bool = False,
        engine: str = "compiled",
    ) -> None:
        """Draw the trucks.

        Args:
            scenario: who comes; a scenario or the path of one, see `portsim.load`.
            replications: how often they are drawn, each time with other luck.
            seed: root seed; that of the scenario if None.
            antithetic: replication 2k mirrors the luck of 2k − 1.
            engine: ``compiled``, or ``simpy``; no figure depends on it.

        Raises:
            ScenarioError: the scenario is at fault.
            InputError: fewer than one replication, or no engine of that name.
        """
        if replications < 1:
            raise InputError(f"draws need 1 replication or more, not {replications}")
        if engine not in ENGINES:
            raise InputError(f"no engine is called {engine}; there are {', '.join(ENGINES)}")
        self.scenario = _read(scenario)
        self.seed = self.scenario.seed if seed is None else seed
        self._engine = choose(engine, lambda text: None)
        self._demand = demand_key(self.scenario)
        self._trucks = [
            draw(self.scenario, self.seed, number + 1, antithetic) for number in range(replications)
        ]
        self._drafts: OrderedDict[tuple[object, ...], list[Draft]] = OrderedDict()

    def ask(
        self,
        changes: Mapping[str, Any] | model.Scenario | None = None,
        *,
        measures: str | Sequence[str] = HEADLINE,
    ) -> pd.DataFrame:
        """Let the same trucks come to the port with something changed.

        Args:
            changes: other values by dotted path, see `portsim.Scenario.replace`, or another
                scenario; the port as it stands if None. Hours, staff, stages, routes, work times
                and the scale of the demand may be others.
            measures: which figures of the whole port and all its trucks; a month in brackets gives
                that month's, as in ``throughput_per_day[2024-09]``.

        Returns:
            float64: a row a replication (index ``replication``, from 1), a column a measure, in
            its unit; NaN where it is not defined. They are the figures that `portsim.run` gives
            for this scenario in these replications.

        Raises:
            InputError: the changes bring other trucks than those drawn, or there is no such
                measure or month, or it takes runs of its own.
            ScenarioError: the changes are refused, see `portsim.Scenario.replace`.
            StuckError: trucks ended in a circular wait.
        """
        wanted = (measures,) if isinstance(measures, str) else measures
        names = tuple(_answerable(name) for name in wanted)
        scenario = self._changed(changes)
        table = timetable(scenario)
        for name in names:
            _in_period(name, table.context.month_names)
        rows = [self._run(table, drawn, names) for drawn in self._laid_out(scenario)]
        index = pd.RangeIndex(1, len(rows) + 1, name="replication")
        return pd.DataFrame(rows, index=index, columns=list(names), dtype="float64")

    def _changed(self, changes: Mapping[str, Any] | model.Scenario | None) -> model.Scenario:
        """The scenario that is asked about.

        Raises:
            InputError: other trucks come to it.
        """
        if changes is None:
            return self.scenario
        if isinstance(changes, model.Scenario):
            scenario, paths = assured(changes), None
        else:
            scenario, paths = self.scenario.replace(changes), changes
        if scenario.seed != self.scenario.seed:
            raise InputError(
                "the seed decides which trucks come, and these are drawn: make other draws, with "
                f"portsim.Draws(..., seed={scenario.seed})"
            )
        if demand_key(scenario) != self._demand:
            cause = scenario.name if paths is None else self._moving(paths)
            raise InputError(
                f"other trucks come with {cause}, and these draws would not be theirs: make draws "
                "of the changed scenario, with portsim.Draws(scenario.replace(...))"
            )
        return scenario

    def _moving(self, changes: Mapping[str, Any]) -> str:
        """Which of some changes bring other trucks; all of them where none does alone."""
        moving = []
        for path, value in changes.items():
            try:
                alone = self.scenario.replace({path: value})
            except ScenarioError:
                continue
            if demand_key(alone) != self._demand:
                moving.append(path)
        return ", ".join(moving or changes)

    def _laid_out(self, scenario: model.Scenario) -> list[Draft]:
        """The visits of those who come, kept for the next question that has the same."""
        classes = scenario.traffic.classes.values()
        scales = (scenario.traffic.scale, *(cls.scale for cls in classes))
        key = (draft_key(scenario), *scales)
        if key not in self._drafts:
            self._drafts[key] = [draft(scenario, trucks.at(scenario)) for trucks in self._trucks]
        self._drafts.move_to_end(key)
        while len(self._drafts) > _KEPT:
            self._drafts.popitem(last=False)
        return self._drafts[key]

    def _run(self, table: Timetable, drawn: Draft, names: Sequence[str]) -> list[float]:
        """Figures of one replication."""
        plan = Site(table, drawn).all()
        log = engine(self._engine)(plan)
        check_stuck(plan, log)
        run = Measurement(plan, log)
        rows = figures(run, Wanted(frozenset(names) - RECKONED, port_only=True))
        if parts := needed(names):
            rows += money_rows(table.scenario, figures(run, Wanted(parts)))
        values = {row[2]: row[3] for row in rows if (row[0], row[1]) == ("all", "")}
        if not any(cls.value or cls.price for cls in table.scenario.traffic.classes.values()):
            values.pop(VALUE, None)
        return [float(values.get(name, nan)) for name in names]

    def __repr__(self) -> str:
        count = len(self._trucks)
        replications = "1 replication" if count == 1 else f"{count} replications"
        come = sum(int(trucks.come(self.scenario).sum()) for trucks in self._trucks)
        return f"Draws({self.scenario.name}: {replications}, {come:,} trucks)"

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>"


def _read(scenario: model.Scenario | str | Path) -> Scenario:
    read = load(scenario) if isinstance(scenario, str | Path) else assured(scenario)
    if not isinstance(read, Scenario):
        raise InputError("draws need a portsim.Scenario, or the path of one")
    return read


def _answerable(measure: str) -> str:
    """The name of a measure that one run tells of the whole port."""
    name = known(measure, "measures")
    if not measure_of(name).of_a_run:
        raise InputError(f"measures {measure}: it takes runs of its own; portsim.run gives it")
    return name


def _in_period(measure: str, months: Sequence[str]) -> None:
    """Refuse a month that is not looked at."""
    month = named(measure).inside
    if month and month not in months:
        raise InputError(
            f"measures {measure}: not in the period, whose months are {', '.join(months)}"
        )

"""What one more is worth: of each post, lane, place and quota, and an hour of each calendar.

The same trucks come to the port as it is and to ports with one thing more; what is gained is the
time that trucks are inside. What it costs to have one more may not enter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from portsim.checking import Scenario, Spec, read_in
from portsim.errors import InputError, ScenarioError
from portsim.experiment.comparable import check_and_fingerprint
from portsim.experiment.describe import entry
from portsim.experiment.execution import Execution
from portsim.experiment.runner import Keep, Runner
from portsim.experiment.study import Study
from portsim.reading.text import dotted
from portsim.results import Record, digest
from portsim.results.worth import KIND, WORTH
from portsim.scenario.calendar import Span
from portsim.scenario.clock import DAY_S
from portsim.scenario.value_text import spelt_week
from portsim.statistics.intervals import t_factor

__all__ = ["One", "Worth", "ask", "ones"]

_INSIDE, _RELEASED, _WAIT = "inside_mean", "throughput_per_day", "wait_root_mean_h["
_HOURS = 24.0
_HOUR_S = 3600
Week = Sequence[Sequence[Span]]


@dataclass(frozen=True, slots=True)
class One:
    """One thing more.

    Attributes:
        kind: ``server``, ``quota``, ``hour later`` or ``hour earlier``.
        place: resource or calendar.
        values: what is written for it, by dotted path.
    """

    kind: str
    place: str
    values: Mapping[str, Any]


def ones(scenario: Scenario) -> list[One]:
    """All there can be one more of, in the order of the file.

    One more server is there whenever the others are: one more in every shift of a roster. An hour
    more is one later at the last closing of each day, or earlier at its first opening, where the
    day leaves room for it.
    """
    additions: list[One] = []
    values: dict[str, Any]
    for name, resource in scenario.resources.items():
        if resource.kind == "servers":
            path = ("resources", name)
            if resource.roster:
                values = {
                    dotted((*path, "roster", number, "count")): shift.count + 1
                    for number, shift in enumerate(resource.roster)
                }
            else:
                values = {dotted((*path, "capacity")): (resource.capacity or 0) + 1}
            additions.append(One("server", name, values))
        elif resource.kind == "budget":
            values = {dotted(("resources", name, "level")): (resource.level or 0) + 1}
            for number, level in enumerate(resource.levels):
                values[dotted(("resources", name, "levels", number, "level"))] = level.level + 1
            additions.append(One("quota", name, values))
    used = dict.fromkeys(name for stage in scenario.stages.values() for name in stage.hours)
    for name in used:
        calendar = scenario.calendars[name]
        for kind, longer in (("hour later", _later), ("hour earlier", _earlier)):
            values = {}
            if (week := longer(calendar.hours)) is not None:
                values[dotted(("calendars", name, "hours"))] = spelt_week(week)
            for number, period in enumerate(calendar.periods):
                if (week := longer(period.hours)) is not None:
                    path_ = ("calendars", name, "periods", number, "hours")
                    values[dotted(path_)] = spelt_week(week)
            if values:
                additions.append(One(kind, name, values))
    return additions


def _later(week: Week) -> list[list[Span]] | None:
    """The week with every last closing an hour later; None where no day has room for it."""
    longer = [list(spans) for spans in week]
    for day, spans in enumerate(week):
        if not spans:
            continue
        start, end = spans[-1]
        following = week[(day + 1) % 7]
        room = following[0][0] + DAY_S if following else 2 * DAY_S
        if end + _HOUR_S <= room and end + _HOUR_S - start < DAY_S:
            longer[day][-1] = (start, end + _HOUR_S)
    return None if longer == [list(spans) for spans in week] else longer


def _earlier(week: Week) -> list[list[Span]] | None:
    """The week with every first opening an hour earlier; None where no day has room for it."""
    longer = [list(spans) for spans in week]
    for day, spans in enumerate(week):
        if not spans:
            continue
        start, end = spans[0]
        before = week[(day - 1) % 7]
        room = max(before[-1][1] - DAY_S, 0) if before else 0
        if start - _HOUR_S >= room and end - start + _HOUR_S < DAY_S:
            longer[day][0] = (start - _HOUR_S, end)
    return None if longer == [list(spans) for spans in week] else longer


@dataclass(frozen=True, eq=False, slots=True)
class Worth:
    """A study of what one more is worth; see `portsim.experiment.design.Design`.

    Attributes:
        scenario: the port as it is.
        ones: what there is one more of.
        variants: the port with each of them.
        replications: of each.
        seed: root seed.
    """

    scenario: Scenario
    ones: tuple[One, ...]
    variants: tuple[Scenario, ...]
    replications: int
    seed: int

    @property
    def policies(self) -> list[Scenario]:
        """The port as it stands in its file."""
        return [self.scenario]

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of all that the outcome depends on."""
        *_, runs = check_and_fingerprint([self.scenario], None, self.replications, self.seed)
        asked = [[one.kind, one.place, dict(one.values)] for one in self.ones]
        return digest({"kind": KIND, "runs": runs, "ones": asked})

    def conduct(self, how: Execution) -> Study:
        """Run the port as it is and with one more of each.

        Truck-hours a day are the mean number inside, times 24, less with one more than without, on
        the same trucks (Little's law, exact in every run). The limits hold for all of them
        together (95 %, Bonferroni on paired t intervals; Law 2015, sections 10.2 and 10.3).

        Raises:
            PortsimError: as `portsim.run`.
        """
        keep = Keep(counterfactuals=False, curves=False)
        with Runner(how, self.seed, keep, audited=[self.scenario.name]) as runner:
            batch = runner.run([self.scenario, *self.variants], self.replications)
            figures = batch.figures
            table = self._table(figures)
            manifest = runner.manifest(
                [entry(self.scenario, [])],
                self.replications,
                self.fingerprint,
                kind=KIND,
                study={
                    "labels": _labels(self.scenario.stages) | _labels(self.scenario.resources),
                    "calendars": _labels(self.scenario.calendars),
                    "limits": _limit(figures, self.scenario.name),
                },
            )
            return Study(Record(manifest, {"worth": table}), runner.journal.path)

    def _table(self, figures: pd.DataFrame) -> pd.DataFrame:
        port = figures[figures["place"].eq("") & figures["truck_class"].eq("all")]
        inside = port[port["measure"].eq(_INSIDE)].pivot(
            index="replication", columns="scenario", values="value"
        )
        passed = port[port["measure"].eq(_RELEASED)].pivot(
            index="replication", columns="scenario", values="value"
        )
        base, rows = self.scenario.name, []
        for one, variant in zip(self.ones, self.variants, strict=True):
            saved = (inside[base] - inside[variant.name]).to_numpy() * _HOURS
            more = (passed[variant.name] - passed[base]).to_numpy()
            low, high = _limits(saved, len(self.ones))
            rows.append(
                {
                    "kind": one.kind,
                    "place": one.place,
                    "truck_hours": float(saved.mean()),
                    "joint_low": low,
                    "joint_high": high,
                    "released": float(more.mean()),
                    "next": _limit(figures, variant.name),
                }
            )
        table = pd.DataFrame(rows, columns=list(WORTH)[1:])
        table = table.sort_values("truck_hours", ascending=False, kind="stable")
        table.insert(0, "rank", np.arange(1, len(table) + 1))
        return table.reset_index(drop=True)


def _labels(parts: Mapping[str, Any]) -> dict[str, Any]:
    """What people call some parts of a port."""
    return {name: part.label.or_name(name) for name, part in parts.items()}


def _limits(values: np.ndarray, together: int) -> tuple[float, float]:
    """Limits of a mean that hold with `together` others."""
    half = float(t_factor(np.array([len(values)]), comparisons=together)[0] * values.std(ddof=1))
    mean = float(values.mean())
    return mean - half, mean + half


def _limit(figures: pd.DataFrame, scenario: str) -> str:
    """What the waits of a port go back to most; empty where nobody waits."""
    waits = figures[
        figures["scenario"].eq(scenario)
        & figures["place"].eq("")
        & figures["truck_class"].eq("all")
        & figures["measure"].astype(str).str.startswith(_WAIT)
    ]
    if not len(waits):
        return ""
    means = waits.groupby("measure", observed=True)["value"].mean()
    if not (means > 0).any():
        return ""
    return str(means.idxmax())[len(_WAIT) : -1]


def ask(spec: Spec, *, replications: int | None = None, seed: int | None = None) -> Worth:
    """Put the study together and check it before anything is run.

    Args:
        spec: a scenario, or its file or stack.
        replications: of each port; the scenario's number if None.
        seed: root seed; the scenario's if None.

    Raises:
        ScenarioError: the file is at fault.
        InputError: there is nothing to have one more of, or fewer than two replications.
    """
    (scenario,) = read_in(spec)
    repeated = scenario.replications if replications is None else replications
    if repeated < 2:
        raise InputError("limits need 2 replications or more")
    kept: list[tuple[One, Scenario]] = []
    # Which shifts there may be says nothing here, and might not cover an hour more.
    apart = {"shifts": None} if scenario.shifts is not None else {}
    for number, one in enumerate(ones(scenario), 1):
        try:
            kept.append(
                (one, scenario.replace({**one.values, **apart}, name=f"{scenario.name}-{number}"))
            )
        except ScenarioError:
            # An hour more may meet another rule, of lunch or of the day after.
            continue
    if not kept:
        raise InputError(f"{scenario.name}: there is nothing to have one more of")
    chosen, variants = zip(*kept, strict=True)
    root = scenario.seed if seed is None else seed
    return Worth(scenario, chosen, variants, repeated, root)

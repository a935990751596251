"""States: who is inside at a second of a run, as a list with which another scenario can begin.

One run is conducted and cut; what becomes of the trucks afterwards is for other runs to say.
"""

import datetime as dt
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from portsim.calendars import intersect, to_utc, total, zone
from portsim.checking import Scenario, Spec, load
from portsim.checking.inside import COLUMNS
from portsim.demand import Trucks, draw
from portsim.engines import Log, as_it_went, comings, engine, levels_at, opened_at
from portsim.errors import InputError
from portsim.plan import NEVER, SERVERS, Plan, Site, draft, timetable
from portsim.results import atomic_write
from portsim.scenario.legs import legs
from portsim.scenario.moments import parse_moment, spelt_moment
from portsim.scenario.traffic import TruckClass
from portsim.scenario.validation_messages import ValueFault
from portsim.scenario.value_text import spelt_number

__all__ = ["State", "state", "state_file"]

_ENDINGS = (".csv", ".xlsx", ".parquet")


@dataclass(frozen=True, eq=False, slots=True)
class State:
    """How a port stands at a minute.

    Attributes:
        port: the scenario whose run was cut.
        at: the minute, local time.
        trucks: a row a truck inside, with the columns of `inside.trucks`; empty cells for what
            is not told. `since` and `arrived` have their offset.
        left: what is left of each budget and store.
        drawn: whether the trucks keep their luck.
        opened: servers that the queue has opened, or decided, as `inside.opened` says it.
    """

    port: Scenario
    at: dt.datetime
    trucks: pd.DataFrame
    left: dict[str, int]
    opened: dict[str, dict[str, int | str]]
    drawn: bool = False

    def scenario(self, to: str | None = None, *, name: str | None = None) -> Scenario:
        """The scenario that begins with this state.

        Args:
            to: end of its period, as in a file; that of the scenario that was cut if None.
            name: of the new scenario; that of the old one if None.

        Raises:
            ScenarioError: the period would be too short, or the state cannot be.
            InputError: the trucks have their luck, and those of another year are drawn otherwise.
        """
        year = self.port.period.first_day.year
        if self.drawn and self.at.year != year:
            raise InputError(
                "trucks are drawn from 1 January of the year before the period on: a scenario that "
                f"begins in {self.at.year} has others than one of {year}, and cannot go on as its "
                "run; cut the state without drawn=True"
            )
        rows = [
            {str(column): cell for column, cell in row.items() if cell != ""}
            for row in self.trucks.to_dict("records")
        ]
        period = {"from": spelt_moment(self.at), "to": to or spelt_moment(self.port.period.to)}
        inside = {"trucks": [_words(row) for row in rows], "left": self.left}
        if self.opened:
            inside["opened"] = self.opened
        return self.port.replace({"period": period, "inside": inside}, name=name)

    def write(self, file: str | Path) -> Path:
        """Write the trucks as CSV, xlsx or parquet, by the ending of the file's name.

        Raises:
            InputError: it has another ending.
        """
        path = state_file(file)
        if path.suffix == ".csv":
            data = self.trucks.to_csv(index=False).encode("utf-8-sig")
        else:
            # As texts: a workbook shortens long numbers.
            texts, buffer = self.trucks.astype(str), io.BytesIO()
            if path.suffix == ".xlsx":
                texts.to_excel(buffer, index=False)
            else:
                texts.to_parquet(buffer, index=False)
            data = buffer.getvalue()
        atomic_write(path, data)
        return path


def state_file(file: str | Path) -> Path:
    """The path of a file of a state.

    Raises:
        InputError: its name has none of the endings by which it is written.
    """
    path = Path(file)
    if path.suffix not in _ENDINGS:
        raise InputError(f"{path.name}: a state is written as {', '.join(_ENDINGS)}")
    return path


def _words(row: dict[str, Any]) -> dict[str, Any]:
    """A row as a mapping of a scenario file."""
    words = dict(row)
    if "load" in words:
        words["load"] = f"{words['load']} t"
    if "remaining" in words:
        words["remaining"] = f"{words['remaining']} min"
    if "holds" in words:
        words["holds"] = _held(str(words["holds"]))
    return words


def _held(text: str) -> dict[str, int]:
    parts = [] if text == "-" else text.split("; ")
    return {name: int(count) for name, _, count in (part.rpartition(" ") for part in parts)}


def state(
    scenario: Spec,
    at: str | dt.datetime,
    *,
    replication: int = 1,
    seed: int | None = None,
    drawn: bool = False,
    engine_name: str = "compiled",
) -> State:
    """Cut the state at a minute out of a run.

    Args:
        scenario: what is run, or its file.
        at: the minute, local time of the port, after the start of the warm-up and before the end;
            what happens in it has not happened yet.
        replication: which one.
        seed: root seed; the scenario's own if None.
        drawn: note each truck's number among the drawn ones, so that it keeps its luck: in the same
            replication a run that begins with the state goes on as this one. Else what is left of
            works and patience is drawn anew, given what has passed, in every replication.
        engine_name: ``compiled`` or ``simpy``.

    Raises:
        InputError: no minute, or one outside of the run; or trucks have papers.
        ScenarioError: the scenario has faults.
    """
    port = scenario if isinstance(scenario, Scenario) else load(scenario)
    try:
        minute = parse_moment(at)
    except ValueFault as wrong:
        raise InputError(f"at: found {at}; expected {wrong.expected}") from None
    if not isinstance(minute, dt.datetime):
        minute = dt.datetime.combine(minute, dt.time())
    if any(cls.papers for cls in port.traffic.classes.values()):
        raise InputError(
            f"{port.name}: no state can be cut out of a run in which trucks have papers: it would "
            "not tell how far these are"
        )
    again = [name for name, cls in port.traffic.classes.items() if cls.comes_again is not None]
    if drawn and again:
        raise InputError(
            f"drawn: trucks of {' and '.join(again)} come again, and a state does not tell which "
            "are away; cut it without drawn=True"
        )
    breaks = [
        name
        for name, resource in port.resources.items()
        if resource.handover == "overlap"
        or any(breakdowns.work != "finished" for breakdowns in resource.breakdowns)
    ]
    if drawn and breaks:
        raise InputError(
            f"drawn: of {' and '.join(breaks)} a state does not tell which works stand still, or "
            "whose shift has ended; cut it without drawn=True"
        )
    trucks = draw(port, port.seed if seed is None else seed, replication).at(port)
    plan = Site(timetable(port), draft(port, trucks)).at()
    assert plan.context is not None
    place = zone(port.timezone)
    of_day = minute.hour * 3600 + minute.minute * 60
    second = to_utc(minute.date(), of_day, place, later=False) - plan.context.origin
    if not plan.begin <= second < plan.end:
        span = f"{port.period.text}" + (", warm-up included" if port.period.warm_up else "")
        raise InputError(f"at: {spelt_moment(minute)} is outside of the run, {span}")
    log = engine(engine_name)(plan)
    plan = as_it_went(plan, log)
    rows = [
        _row(port, trucks, plan, log, truck, second, drawn) for truck in _inside(plan, log, second)
    ]
    levels = levels_at(plan, log, second).tolist()
    left = {
        name: level
        for name, level, kind in zip(port.resources, levels, plan.resource_kind, strict=True)
        if kind != SERVERS
    }
    table = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    opened = _opened(port, plan, log, second)
    return State(port, minute, table, left, opened, drawn)


def _opened(port: Scenario, plan: Plan, log: Log, second: int) -> dict[str, dict[str, int | str]]:
    """What the queue has opened before a second, and what is due."""
    opened: dict[str, dict[str, int | str]] = {}
    for name, extra, due in zip(
        port.resources, *(column.tolist() for column in opened_at(plan, log, second)), strict=True
    ):
        if extra or due != NEVER:
            opened[name] = {"extra": extra}
            if due != NEVER:
                opened[name]["due_in"] = f"{due - second} s"
    return opened


def _inside(plan: Plan, log: Log, second: int) -> list[int]:
    gone = (log.left != NEVER) & (log.left < second)
    came = comings(plan, log)
    return [int(truck) for truck in np.flatnonzero((came != NEVER) & (came < second) & ~gone)]


def _drawn_as(plan: Plan, truck: int) -> int:
    """The truck that was drawn, of one that comes in its place when it comes again."""
    while plan.again is not None and len(before := np.flatnonzero(plan.again.next == truck)):
        truck = int(before[0])
    return truck


def _row(
    port: Scenario, trucks: Trucks, plan: Plan, log: Log, truck: int, second: int, drawn: bool
) -> dict[str, Any]:
    context = plan.context
    assert context is not None
    who = _drawn_as(plan, truck)
    own = bool(trucks.own_luck(np.array([who]))[0])
    first, beyond = int(plan.first_visit[truck]), int(plan.first_visit[truck + 1])
    done = (log.finished[first:beyond] != NEVER) & (log.finished[first:beyond] < second)
    visit = first + int(done.sum())
    admitted = int(log.admitted[visit])
    working = NEVER != admitted < second
    name = context.class_names[int(context.truck_class[truck])]
    cls = port.traffic.classes[name]

    def instant(seconds: int) -> str:
        return dt.datetime.fromtimestamp(seconds + context.origin, zone(port.timezone)).isoformat()

    kept, luck = _kept(plan, first, visit, working), drawn and not own
    passed = [context.stage_names[number] for number in plan.visit_stage[first : visit + 1]]
    tonnes = spelt_number(context.tonnes[truck])
    resources = context.resource_names
    return {
        "truck": _called(trucks, who, name, own),
        "class": name,
        "stage": context.stage_names[int(plan.visit_stage[visit])],
        "status": "working" if working else "waiting",
        "since": instant(admitted if working else int(log.queued[visit])),
        "arrived": instant(int(comings(plan, log)[truck])),
        "direction": cls.direction,
        # That of a drawn truck is in its luck.
        "load": tonnes if cls.loaded and not luck else "",
        "holds": "; ".join(f"{resources[resource]} {n}" for resource, n in sorted(kept.items()))
        or "-",
        "remaining": _remaining(plan, log, visit, second) if working else "",
        "passing": _passing(cls, passed),
        "by": _by(port, plan, visit) if working else "",
        "drawn": int(trucks.index[who]) if luck else "",
    }


def _remaining(plan: Plan, log: Log, visit: int, second: int) -> str:
    """Minutes of work to be done, where a breakdown has stopped it; else that is drawn."""
    rows = log.stops[(log.stops[:, 1] == visit) & (log.stops[:, 0] < second)]
    if not len(rows):
        return ""
    since, _, left, goes = rows[-1].tolist()
    if goes:
        stage, edges = int(plan.visit_stage[visit]), np.array([[since, second]])
        worked = intersect(plan.works(stage), edges) if plan.stage_pause[stage] else edges
        left -= total(worked)
    return spelt_number(left / 60)


def _passing(cls: TruckClass, stages: Sequence[str]) -> int | str:
    """The how-manieth of the legs that may lead through it a truck is at, by the stages that it has
    passed, that one as the last; empty for the first."""
    may = iter([(leg.stage, *cls.route[leg.step].others) for leg in legs(cls)])
    number = sum(
        stages[-1] in leg for leg in (next(leg for leg in may if name in leg) for name in stages)
    )
    return number if number > 1 else ""


def _by(port: Scenario, plan: Plan, visit: int) -> str:
    """The servers that do in place of those named, of work under way."""
    assert plan.context is not None
    stage = port.stages[plan.context.stage_names[int(plan.visit_stage[visit])]]
    taken = plan.tokens(int(plan.visit_take[visit]))
    names = (plan.context.resource_names[resource] for resource, _ in taken)
    return next((name for name in names if name in stage.instead), "")


def _called(trucks: Trucks, truck: int, cls: str, own: bool) -> str:
    """What a truck is called: as the list did with which the run began, or by its number."""
    standing = trucks.standing
    if standing is not None and truck < len(standing) and standing.names[truck]:
        return standing.names[truck]
    return f"{cls} {'inside ' if own else ''}{int(trucks.index[truck])}"


def _kept(plan: Plan, first: int, visit: int, working: bool) -> dict[int, int]:
    """Servers that a truck keeps from stages before the one at which it stands."""
    kept: Counter[int] = Counter()
    for number in range(first, visit):
        kept.update(dict(plan.tokens(int(plan.visit_take[number]))))
        for given in (plan.visit_give_in, plan.visit_give_out):
            kept.subtract(dict(plan.tokens(int(given[number]))))
    if working:
        kept.subtract(dict(plan.tokens(int(plan.visit_give_in[visit]))))
    return {
        resource: n
        for resource, n in kept.items()
        if n > 0 and plan.resource_kind[resource] == SERVERS
    }

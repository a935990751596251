"""A whole port told from records: the scenario, and a table that says of each value how surely.

What is told of stages and arrivals comes from the modules beside this one; here it becomes one
scenario.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from portsim.arrays import Reals
from portsim.checking import Scenario
from portsim.checking.names import RESERVED
from portsim.errors import InputError
from portsim.fitting.arrivals import ArrivalsTold, arrivals
from portsim.fitting.blank_rows import write_blanks
from portsim.fitting.closings import at_close
from portsim.fitting.cut_works import CutWorks, left_at_closing, under_way
from portsim.fitting.draws import draws
from portsim.fitting.evidence import evidence_of, left_out
from portsim.fitting.in_keeping import in_keeping
from portsim.fitting.likelihood import Evidence
from portsim.fitting.order import order_of
from portsim.fitting.precedence import in_turn, precedence
from portsim.fitting.roster import Roster
from portsim.fitting.rosters import rosters
from portsim.fitting.sheet import Sheet
from portsim.fitting.stage_values import StageTold, StageWriter
from portsim.fitting.traffic import TrafficWriter
from portsim.fitting.ways import both_ways
from portsim.gatelog import GateLog

__all__ = ["Port", "port"]

_WEEK, _LONGEST = dt.timedelta(days=6), dt.timedelta(days=3650)
_NO_SIGNS = re.compile(r"[,+\[\]:/\\\s]+")


@dataclass(frozen=True, slots=True, eq=False)
class Port:
    """A port as some records tell it."""

    scenario: Scenario
    """The scenario; every fitted value says from what, and how surely."""
    table: pd.DataFrame
    """A row a value: path, value, low, high (95 %), unit, method, n, identifiable (yes, partly,
    no), note."""
    log: GateLog
    """The records, cleaned."""
    stages: tuple[StageTold, ...]
    arrivals: ArrivalsTold
    classes: Mapping[str, int]
    """Number of each class of the scenario in the works of the stages."""
    given: frozenset[str]
    """Stages of the scenario whose servers somebody knows."""

    def draws(self) -> pd.DataFrame:
        """The values that have a range, drawn together: see `portsim.fitting.draws.draws`."""
        return draws(self.scenario, self.stages, self.classes, self.given)


def port(log: GateLog, servers: Mapping[str, int], name: str) -> Port:
    """Tell a port from all of some records.

    Args:
        log: the records.
        servers: how many servers a stage has while it is open, where somebody knows.
        name: of the scenario.

    Raises:
        InputError: a stage that the log does not have, or a log from which no port can be told.
    """
    for stage in servers.keys() - set(log.stages):
        raise InputError(
            f"--servers: found `{stage}`; expected a stage of the log: {', '.join(log.stages)}"
        )
    if not log.stages or not len(log.visits):
        raise InputError("a log without a stage: found no visits; expected stamps of a stage")
    files = ", ".join(Path(source.file).name for source in log.sources)
    sheet = Sheet(files)
    written = StageWriter(sheet)
    whole = log
    log = both_ways(whole)
    evidence = evidence_of(log)
    stages = _stages(log, evidence, servers, written)
    seen = {stage: each.known for stage, each in evidence.items()}
    told = arrivals(log, stages[0].closed)
    taken = {"all", "export", "import", "scale", "day_factor", *RESERVED["traffic"]}
    classes = sorted(log.trucks["truck_class"].astype(str).unique())
    names = {own: _named(own, taken) for own in classes}
    traffic = TrafficWriter(sheet, log, names, stages, seen).written(told)
    write_blanks(sheet, whole)
    # A share that is completed within a day needs a period of some days, however short the log.
    last = max(told.last, told.first + _WEEK)
    # No scenario has a longer period: of a longer log the last years are run.
    first = max(told.first, last - _LONGEST)
    values = {
        "name": name,
        "summary": f"Told from {files}: {len(log.trucks):,} trucks.",
        "timezone": log.timezone,
        "period": {"from": first.isoformat(), "to": last.isoformat(), "warm_up": "1 week"},
        "replications": 10,
        "open_hours": next(iter(written.values["calendars"])),
        **written.values,
        "traffic": traffic,
    }
    return Port(
        Scenario.from_dict(values),
        sheet.table,
        whole,
        tuple(stages),
        told,
        {names[own]: number for number, own in enumerate(classes)},
        frozenset(
            each.name for each, own in zip(stages, log.stages, strict=True) if own in servers
        ),
    )


def _named(text: str, taken: set[str]) -> str:
    """A name that a scenario may have."""
    plain = _NO_SIGNS.sub("-", text.strip()).strip("-")[:40] or "stage"
    name, number = plain, 1
    # Names of places that tables have anyway: the stage `exit` becomes `exit-2`.
    while name in taken:
        number += 1
        name = f"{plain}-{number}"
    taken.add(name)
    return name


def _stages(
    log: GateLog,
    told_from: Mapping[str, Evidence],
    servers: Mapping[str, int],
    written: StageWriter,
) -> list[StageTold]:
    """Tell the stages of a log, and write them."""
    stages = []
    taken: set[str] = set().union(*RESERVED.values())
    classes_there = log.trucks["truck_class"].nunique()
    missing = left_out(log, told_from)
    lost = {day.date for day in log.lost.days if day.kind == "lost"}
    names = sorted(log.trucks["truck_class"].astype(str).unique())
    served_in = {
        stage: in_turn(evidence, precedence(evidence.known, classes_there))
        for stage, evidence in told_from.items()
    }
    rosters_of = in_keeping({
        stage: rosters(served, log.timezone, servers.get(stage), lost, _moved(log, stage))
        for stage, served in served_in.items()
    })  # fmt: skip
    for stage, evidence in told_from.items():
        name = _named(stage, taken)
        served, known = served_in[stage], rosters_of[stage]
        works = np.concatenate([each.works for each in known]) if known else np.zeros(0)
        classes = np.concatenate([each.classes for each in known]) if known else np.zeros(0)
        opened = np.concatenate([each.opened for each in known]) if known else np.zeros(0, bool)
        doubted = np.concatenate([each.doubted for each in known]) if known else np.zeros(0, bool)
        there = np.isfinite(works) & ~doubted
        cut = under_way(log, stage)
        if known:
            left, until = left_at_closing(known, log.timezone)
            cut = CutWorks(
                np.append(cut.seconds, until[left]),
                np.append(cut.classes, classes[left].astype(np.int64)),
            )
            there &= ~left
        # Visits that stand in the order of their works overtake nobody any more.
        order = order_of(known if served is evidence else (), names, log.timezone)
        stages.append(
            StageTold(
                name, tuple(known), works[there], classes[there].astype(np.int64),
                opened[there], _others(known, there), order, evidence.has_starts, cut,
                at_close(known, log.timezone) if known else None,
            )
        )  # fmt: skip
        written.write(stages[-1], stage, missing=missing[stage], given=stage in servers)
    return stages


def _moved(log: GateLog, stage: str) -> dict[dt.date, int]:
    """Dates on which the hours of a stage were so many seconds later, or its clock fast."""
    return {
        date: clock.fast
        for clock in log.lost.clocks
        if clock.hours and stage in clock.stages
        for date in clock.dates
    }


def _others(known: Sequence[Roster], there: NDArray[np.bool_]) -> dict[int, Reals]:
    """Works with other servers that fit alike, by how many more, of all rosters of a stage."""
    changes = sorted({more for each in known for more in each.others})
    return {
        more: np.concatenate([each.others.get(more, each.works) for each in known])[there]
        for more in changes
    }

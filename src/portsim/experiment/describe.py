"""What a manifest says of a scenario besides its values: period, timetable, sources, overload."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from portsim.calendars import local_seconds, zone
from portsim.demand import Window, calendar_intervals, window
from portsim.errors import Fault
from portsim.experiment.common_draws import trucks_digest
from portsim.experiment.costs import unpriced
from portsim.experiment.overload import Overload
from portsim.reading.merging import Tree
from portsim.reading.text import dotted
from portsim.results import ScenarioEntry
from portsim.scenario.current import current
from portsim.scenario.identity import identity
from portsim.scenario.model import Scenario
from portsim.scenario.plain import named_files, plain
from portsim.scenario.provenance import counts, inputs

__all__ = ["entry", "resolved", "sources"]

_DAY_S, _WEEK_S, _MONDAY = 86_400, 604_800, 4 * 86_400
_HOUR_S = 3600.0


def resolved(scenario: Scenario) -> dict[str, Any]:
    """What a scenario says, bases and overlays merged, in one spelling: JSON types only.

    What a study asks is left out: it changes no run. The SHA-256 of each attached file is beside
    it under ``attached files``.
    """
    values = plain(scenario, {"study": True})
    named = {str(words["file"]) for _, words in named_files(values)}
    digests = {name: sha for name, sha in scenario.origin.digests.items() if name in named}
    return {**values, "attached files": digests} if digests else values


def entry(
    scenario: Scenario,
    overloaded: Sequence[Overload],
    doubted: Sequence[Fault] = (),
    replications: int | None = None,
    capacity: Mapping[str, Any] | None = None,
) -> ScenarioEntry:
    """What the manifest says of a scenario.

    Args:
        scenario: as it was run.
        overloaded: where it was overloaded, the worst first.
        doubted: what it says and perhaps does not mean.
        replications: how many came to an end.
        capacity: what is said of its capacity, see `portsim.experiment.capacity.Capacity`.
    """
    run = window(scenario)
    place = zone(scenario.timezone)
    tree, _ = current(scenario)
    return ScenarioEntry(
        name=scenario.name,
        resolved=resolved(scenario),
        hash=identity(scenario),
        overload=_overload(scenario, overloaded),
        period={
            "from": dt.datetime.fromtimestamp(run.start, place).isoformat(),
            "to": dt.datetime.fromtimestamp(run.stop, place).isoformat(),
            "timezone": scenario.timezone,
        },
        limit_h=scenario.completion.limit / _HOUR_S,
        clock=scenario.completion.clock,
        timetable=_timetable(scenario, run),
        sources=_sources(tree),
        inputs=counts(inputs(tree)) if scenario.origin.tree else {},
        warnings=[_warning(fault) for fault in doubted],
        replications=replications,
        capacity=capacity or {},
        unpriced=unpriced(scenario),
        trucks=trucks_digest(scenario),
        currency=scenario.currency,
    )


def _warning(fault: Fault) -> dict[str, Any]:
    """A warning for the manifest; of its file the name alone, wherever it lies on this machine."""
    return {
        "file": Path(fault.file).name,
        "line": fault.line,
        "path": fault.path,
        "code": fault.code,
        "found": fault.found,
        "expected": fault.expected,
        "hint": fault.hint,
        **({"against": fault.against} if fault.against else {}),
    }


def _overload(scenario: Scenario, overloaded: Sequence[Overload]) -> dict[str, Any]:
    """Where a scenario is overloaded most; empty if it is not."""
    if not overloaded:
        return {}
    worst = overloaded[0]
    place = (scenario.stages if worst.kind == "stage" else scenario.resources)[worst.place]
    return {
        "kind": worst.kind,
        "place": worst.place,
        "label": place.label.or_name(worst.place),
        "load": float(f"{worst.load:.10g}") if np.isfinite(worst.load) else None,
        "from": (scenario.period.first_day + dt.timedelta(days=worst.first_day)).isoformat(),
        "days": worst.days,
    }


def _timetable(scenario: Scenario, run: Window) -> dict[str, Any]:
    """Open hours of the calendars with a side, in the first of the most frequent weeks.

    Of these only the ones under ``open_hours``, if any are: the office of a laboratory neither
    opens nor closes a port.
    """
    names = [
        name
        for name, calendar in scenario.calendars.items()
        if calendar.side and name in (scenario.open_hours or scenario.calendars)
    ]
    place = zone(scenario.timezone)
    local_start = int(local_seconds(np.array([run.start]), place)[0])
    monday = run.start + (_MONDAY - local_start) % _WEEK_S
    weeks = range(monday, run.stop - _WEEK_S + 1, _WEEK_S)
    if not names or not weeks:
        return {}
    patterns = []
    for name in names:
        open_ = calendar_intervals(scenario, name, run.start, run.stop)
        patterns.append(
            [
                tuple(
                    (max(a, week) - week, min(b, week + _WEEK_S) - week)
                    for a, b in open_[
                        (open_[:, 1] > week) & (open_[:, 0] < week + _WEEK_S)
                    ].tolist()
                )
                for week in weeks
            ]
        )
    together = list(zip(*patterns, strict=True))
    usual, _ = Counter(together).most_common(1)[0]
    week = weeks[together.index(usual)]
    return {
        "zone": scenario.timezone,
        "week_of": dt.datetime.fromtimestamp(week, place).date().isoformat(),
        "calendars": [
            {
                "name": name,
                "label": scenario.calendars[name].label.or_name(name),
                "side": scenario.calendars[name].side,
                "open": [[a / _HOUR_S, b / _HOUR_S] for a, b in pattern],
            }
            for name, pattern in zip(names, usual, strict=True)
        ],
    }


def sources(scenario: Scenario) -> list[Mapping[str, Any]]:
    """Where values of a scenario come from: path, value, source, confidence, range, note."""
    return _sources(current(scenario)[0])


def _sources(tree: Tree) -> list[Mapping[str, Any]]:
    return [
        {
            "path": dotted(path),
            "value": note.value,
            "source": note.source,
            "confidence": note.confidence,
            "range": None if note.range is None else list(note.range),
            **({} if note.shape is None else {"shape": note.shape}),
            "note": note.note,
        }
        for path, note in tree.notes.items()
        if path[:1] != ("study",)
    ]

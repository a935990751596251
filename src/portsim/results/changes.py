"""The room of results: what a policy says otherwise than the one it is held against.

Two resolved scenarios go in, as manifests keep them; values come out as they are written, with
hours, routes and staff in words. Whether a change has an effect is not judged here.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from portsim.calendars import UnknownZone, clip, total
from portsim.checking.hours import Hours
from portsim.reading.text import dotted
from portsim.scenario import shapes
from portsim.scenario.distributions import Distribution
from portsim.scenario.identity import SHOWN
from portsim.scenario.model import Scenario
from portsim.wording import amounts, decimal, say

__all__ = ["NOTHING", "Change", "changes", "hours_of", "idle_paths", "is_idle"]

NOTHING = "–"
"""Stands for what one of the two does not have."""
_NO_CHANGES = SHOWN | {"attached files", "observed"}
_SECTIONS = ("calendars", "resources", "stages", "channels", "slots", "traffic")
_HOURS = {
    *("hours", "lunch", "holidays", "closed", "valid_from", "valid_to", "periods", "daylight"),
    "timezone",
}
_WHOLE = {"months", "weekdays", "hours", "refill", "roster", "closures", "breakdowns", "fits"}
_WHOLE |= {"levels", "quota"}
_DISTRIBUTIONS = frozenset(Distribution.model_fields)
_LONGEST = 160
_HOUR_S = 3600

Path = tuple[str | int, ...]
Sources = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a policy says otherwise.

    Attributes:
        path: dotted path of what is changed; of staff in all, ``staff``.
        was: the value of the other, as written; `NOTHING` if it says nothing.
        now: the value of the policy.
        was_from: who says so and how sure it is, where marks are given.
        now_from: the same of the policy.
        kind: ``value``, ``hours`` of a calendar in an ordinary week, ``route``, or ``staff``.
    """

    path: str
    was: str
    now: str
    was_from: str = ""
    now_from: str = ""
    kind: str = "value"


def changes(
    base: Mapping[str, Any],
    policy: Mapping[str, Any],
    base_sources: Sources = (),
    policy_sources: Sources = (),
) -> list[Change]:
    """All that a policy says otherwise than a base.

    Args:
        base: a resolved scenario, as a manifest keeps it.
        policy: another.
        base_sources: ``sources`` of the base's entry in the manifest.
        policy_sources: those of the policy.

    Returns:
        Hours first, then routes, then values in the order of the file, then staffed hours. Titles,
        published figures and what a sweep tries are left out. A file of a newer or older language
        gives its values without hours and staff.
    """
    notes = [
        _marks(data, sources) for data, sources in ((base, base_sources), (policy, policy_sources))
    ]
    ports = _scenario(base), _scenario(policy)
    differences = [
        *_hours(base, policy, *ports),
        *_routes(base, policy),
        *_values(base, policy, ()),
        *_staff(*ports),
    ]
    return [_with_marks(change, *notes) for change in differences]


def idle_paths(warnings: Iterable[Mapping[str, Any]], baseline: str) -> list[str]:
    """Paths of the keys of a policy without an effect; an empty one stands for all of them.

    Args:
        warnings: of its entry in the manifest.
        baseline: name of what it is held against; a value that changes nothing against the base of
            the policy changes nothing against another port either that says it as the base does.
    """
    return [
        str(warning.get("path") or "")
        for warning in warnings
        if warning.get("code") in ("unmet", "no-effect")
        and (warning.get("path") or warning.get("against") == baseline)
    ]


def is_idle(change: Change, idle: Iterable[str]) -> bool:
    """Whether a change is among those without an effect, or a part of one.

    Args:
        change: a change; staffed hours cost what they cost and are never idle.
        idle: dotted paths of keys without an effect; an empty one stands for all.
    """
    return change.kind != "staff" and any(
        not path or f"{change.path}.".startswith(f"{path}.") or path.startswith(f"{change.path}.")
        for path in idle
    )


def _marks(data: Mapping[str, Any], sources: Sources) -> dict[str, str]:
    """Marks by path; steps of routes by the names of their stages."""
    names = {
        f"traffic.{name}.route[{number}]": f"traffic.{name}.route.{stage}"
        for name, cls in _classes(data).items()
        for number, stage in enumerate(_steps(cls["route"]))
    }
    marks = {}
    for source in sources:
        path = str(source.get("path"))
        step, bracket, rest = path.partition("]")
        if f"{step}{bracket}" in names:
            path = names[f"{step}{bracket}"] + rest
        marks[path] = _mark(source)
    return marks


def _with_marks(change: Change, were: Mapping[str, str], are: Mapping[str, str]) -> Change:
    path = f"{change.path}.hours" if change.kind == "hours" else change.path
    was_from, now_from = were.get(path, ""), are.get(path, "")
    if was_from == now_from or change.kind == "staff":
        return change
    return replace(change, was_from=was_from, now_from=now_from)


def _mark(source: Mapping[str, Any]) -> str:
    mark, who = str(source.get("confidence") or ""), str(source.get("source") or "")
    return ", ".join(filter(None, (mark, " ".join(who.split()))))


def _scenario(data: Mapping[str, Any]) -> Scenario | None:
    known = {key: value for key, value in data.items() if key in Scenario.model_fields}
    try:
        return Scenario.model_validate({"name": "unnamed", **known})
    except ValidationError:
        return None


def _hours(
    base: Mapping[str, Any],
    policy: Mapping[str, Any],
    was: Scenario | None,
    now: Scenario | None,
) -> Iterator[Change]:
    """Calendars that are open at other hours."""
    ours, theirs = (data.get("calendars") or {} for data in (policy, base))
    for name in dict.fromkeys((*theirs, *ours)):
        same_zone = base.get("timezone") == policy.get("timezone")
        if _part(theirs.get(name)) == _part(ours.get(name)) and same_zone:
            continue
        before, after = (
            NOTHING if name not in data or port is None else hours_of(port, name)
            for data, port in ((theirs, was), (ours, now))
        )
        if before != after:
            yield Change(f"calendars.{name}", before, after, kind="hours")


def _part(calendar: Any) -> dict[str, Any]:
    return {k: v for k, v in calendar.items() if k in _HOURS} if isinstance(calendar, dict) else {}


def hours_of(scenario: Scenario, calendar: str) -> str:
    """Hours of a calendar in an ordinary week, on the port's clock, and those of the period."""
    try:
        hours = Hours(scenario)
        open_ = hours.calendar(calendar)
    except UnknownZone:
        open_ = None
    if open_ is None:
        return NOTHING
    start = hours.start + round(scenario.period.warm_up)
    inside = total(clip(open_, start, hours.stop)) / _HOUR_S
    return say(
        "{hours}; {number} h in the period",
        hours=hours.usual(open_) or say("never"),
        number=decimal(inside, 0),
    )


def _routes(base: Mapping[str, Any], policy: Mapping[str, Any]) -> Iterator[Change]:
    """Steps that the routes of classes have lost or won, or that stand elsewhere or say more."""
    ours, theirs = (_classes(data) for data in (policy, base))
    for name in (name for name in theirs if name in ours):
        old, new = (_steps(classes[name].get("route")) for classes in (theirs, ours))
        where = f"traffic.{name}.route"
        lost = [stage for stage in old if stage not in new]
        won = [stage for stage in new if stage not in old]
        if lost:
            yield Change(where, ", ".join(lost), NOTHING, kind="route")
        if won:
            yield Change(where, NOTHING, ", ".join(won), kind="route")
        orders = [
            [stage for stage in steps if stage in old and stage in new] for steps in (old, new)
        ]
        if orders[0] != orders[1]:
            before, after = (", ".join(order) for order in orders)
            yield Change(where, before, after, kind="route")
        for stage in orders[1]:
            for change in _values(old[stage], new[stage], ()):
                path = f"{where}.{stage}.{change.path}"
                was, now = (
                    _stage_value(data, stage, change.path) if value == NOTHING else value
                    for data, value in ((base, change.was), (policy, change.now))
                )
                yield Change(path, was, now, kind="route")


def _stage_value(data: Mapping[str, Any], stage: str, key: str) -> str:
    """What holds at a step that does not say it: what its stage says."""
    words = (data.get("stages") or {}).get(stage)
    if isinstance(words, dict) and key in words:
        return say("{value} (of the stage)", value=_written(words[key]))
    return "1" if key == "share" else NOTHING


def _classes(data: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    traffic = data.get("traffic") or {}
    return {name: cls for name, cls in traffic.items() if isinstance(cls, dict) and "route" in cls}


def _steps(route: Any) -> dict[str, dict[str, Any]]:
    """What is said of each step, by its stage; of one that comes again, with which time it is."""
    steps: dict[str, dict[str, Any]] = {}
    times: Counter[str] = Counter()
    for step in route if isinstance(route, list) else ():
        words = dict(step) if isinstance(step, dict) else {"stage": step}
        stage = str(words.pop("stage", ""))
        times[stage] += 1
        steps[stage if times[stage] == 1 else f"{stage} ({times[stage]})"] = words
    return steps


def _values(base: Any, policy: Any, path: Path) -> Iterator[Change]:
    """Values that differ, as they are written, but for hours and routes."""
    for key in dict.fromkeys((*base, *policy)):
        inner = (*path, key)
        was, now = base.get(key), policy.get(key)
        if was == now or (not path and key in _NO_CHANGES) or _elsewhere(inner, base, policy):
            continue
        if isinstance(was, dict) and isinstance(now, dict) and not _is_whole(inner, was, now):
            yield from _values(was, now, inner)
        else:
            texts = [
                _written(value) if value is not None else _default(inner) for value in (was, now)
            ]
            if texts[0] != texts[1]:
                yield Change(dotted(inner), *texts)


def _elsewhere(path: Path, base: Any, policy: Any) -> bool:
    """Whether hours or routes say it already."""
    if path[0] == "calendars" and len(path) > 1:
        # A calendar that only one of them has is told by its hours.
        return (len(path) == 2 and not (path[1] in base and path[1] in policy)) or (
            len(path) == 3 and path[2] in _HOURS
        )
    return (
        len(path) == 3
        and (path[0], path[2]) == ("traffic", "route")
        and "route" in base
        and "route" in policy
    )


def _is_whole(path: Path, *values: dict[str, Any]) -> bool:
    """Whether a mapping is one value: a distribution, a profile."""
    if len(path) > 2 and any(not _DISTRIBUTIONS.isdisjoint(value) for value in values):
        return True
    return len(path) > 2 and path[-1] in _WHOLE


def _default(path: Path) -> str:
    """What holds where nothing is written, if that is a plain value."""
    if len(path) <= 2 and path[0] in _SECTIONS:
        return NOTHING
    shape: shapes.Shape = [Scenario]
    for part in path[:-1]:
        shape = shapes.step(shape, part)
    for model in shapes.models(shape):
        field = model.model_fields.get(str(path[-1]))
        if field is not None and not field.is_required():
            default = field.get_default(call_default_factory=True)
            if isinstance(default, bool | int | float) or (default and isinstance(default, str)):
                return _written(default)
    return NOTHING


def _staff(was: Scenario | None, now: Scenario | None) -> Iterator[Change]:
    """Staffed hours a week, of each who has a calendar or a roster, and of all; not of places."""
    if was is None or now is None:
        return
    weeks = [_staffed(port) for port in (was, now)]
    for name in dict.fromkeys((*weeks[0], *weeks[1])):
        before, after = (_a_week(week[name]) if name in week else NOTHING for week in weeks)
        if before != after:
            yield Change(f"resources.{name}", before, after, kind="staff")
    before, after = (_a_week(sum(week.values())) for week in weeks)
    if before != after:
        yield Change("staff", before, after, kind="staff")


def _staffed(scenario: Scenario) -> dict[str, float]:
    """Server-hours a week of the period, of those who come and go."""
    try:
        hours = Hours(scenario)
        start = hours.start + round(scenario.period.warm_up)
        # By the calendar: a week has seven days, though one of them may have 23 hours or 25.
        weeks = scenario.period.days / 7
        return {
            name: hours.staffed(name, start) / _HOUR_S / weeks
            for name, resource in scenario.resources.items()
            if (resource.calendar is not None or resource.roster) and not resource.places
        }
    except UnknownZone:
        return {}


def _a_week(hours: float) -> str:
    return say("{hours} staffed h a week", hours=decimal(hours, 1))


def _written(value: Any) -> str:
    """A value as it could stand in a scenario, on one line, not too long."""
    if isinstance(value, bool | dict | list):
        text = json.dumps(value, ensure_ascii=False).replace('"', "")
    else:
        text = " ".join(amounts.given(value).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"

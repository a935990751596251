"""The room of the replay: where the places of a port stand on its schematic map; no truck enters.

The road runs along the map. One direction goes along it, the other comes back; a border line, where
there is one, crosses it. One unit is the room of one place: along the road (x), and away from it
(y): rows 1, 2, … lie below the road, −1, −2, … above it, and 0 is on it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from portsim.scenario.map import PortMap

__all__ = ["Port", "port_of"]

_COME_IN = ("import", "inbound", "entry")
"""Directions that are drawn from right to left."""
_COLUMNS = 4
"""So many columns of places that are no gates, on one side, before rows are added."""
_LEFT, _BORDER, _RIGHT = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Port:
    """The map of a port without words: nothing in it depends on a language.

    Attributes:
        places: of each place: ``stage``; ``x``, ``y``; ``side``, −1 left of the border, 1 right
            of it, 0 both; ``gate``, whether trucks pass the border from it or to it; ``way``, 1 if
            only those that go along pass it, −1 if only those that come back do, else 0.
        map: ``border``, its x or None; ``low`` and ``high``, the ends of the road; ``truck``, how
            long a truck with its gap is drawn, m.
        sides: what the left and the right side are called in the scenario; empty for unknown.
        other: of the side whose clock is another than the port's, if there is one: 0 for the left
            side, 1 for the right one, and its zone.
        forward: direction that goes along the road, empty for none.
        back: direction that comes back, empty for none.
    """

    places: list[dict[str, Any]]
    map: dict[str, Any]
    sides: tuple[str, str]
    other: tuple[int, str] | None
    forward: str
    back: str


def port_of(resolved: Mapping[str, Any], visited: Iterable[str]) -> Port:
    """Lay out a port.

    Args:
        resolved: what a scenario says, as a manifest keeps it.
        visited: the stages that some truck visits; others are left out.
    """
    forward, back = _directions(resolved)
    routes = _routes(resolved, back)
    sides = _sides(resolved)
    left, right = _left_and_right([route for _, route in routes], sides)
    group = _groups(routes, sides, (left, right))
    stages = sorted(dict.fromkeys(visited), key=lambda name: (_mean(routes, name), name))
    own = PortMap.model_validate(resolved.get("map") or {})
    known = bool(right) or back in _COME_IN or forward in ("export", "outbound", "exit")
    known = known or own.border is not None
    gates = _gates(routes, group, set(stages), two=bool(right)) if known else set()
    ways = {name: _way(routes, name) for name in stages}
    placed, drawn = _placed(stages, group, gates, ways, bordered=known)
    if own.places and placed:
        placed, drawn = _as_said(own, placed, group, gates, bordered=known)
    drawn["truck"] = own.truck
    places = [
        {
            "stage": name,
            "x": x,
            "y": y,
            "side": group.get(name, _LEFT) - 1,
            "gate": name in gates,
            "way": ways[name],
        }
        for name, (x, y) in placed.items()
    ]
    other = _other_zone(resolved, (left, right))
    return Port(places, drawn, (left, right), other, forward, back)


def _other_zone(resolved: Mapping[str, Any], ends: tuple[str, str]) -> tuple[int, str] | None:
    """That of the first calendar which stages keep and which goes by another clock."""
    calendars = resolved.get("calendars") or {}
    kept = {name for words in (resolved.get("stages") or {}).values() for name in _hours(words)}
    for name, words in calendars.items():
        if name not in kept or not isinstance(words, Mapping):
            continue
        zone, side = words.get("timezone"), words.get("side")
        if zone and zone != resolved.get("timezone") and side and str(side) in ends:
            return ends.index(str(side)), str(zone)
    return None


def _directions(resolved: Mapping[str, Any]) -> tuple[str, str]:
    """The direction that goes along the road and the one that comes back; empty for none."""
    written = {str(words.get("direction") or "") for _, words in _classes(resolved)}
    ways = sorted(written - {""})
    back = next((way for way in _COME_IN if way in ways), ways[1] if len(ways) > 1 else "")
    return next((way for way in ways if way != back), ""), back


def _classes(resolved: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    traffic = resolved.get("traffic") or {}
    return [
        (str(name), words)
        for name, words in traffic.items()
        if isinstance(words, Mapping) and "route" in words
    ]


def _routes(resolved: Mapping[str, Any], back: str) -> list[tuple[bool, list[str]]]:
    """Of each class: whether it comes back, and its stages from left to right."""
    routes = []
    for _, words in _classes(resolved):
        stages = [
            str(step["stage"]) if isinstance(step, Mapping) else str(step)
            for step in words["route"]
        ]
        comes = words.get("direction") == back
        routes.append((comes, stages[::-1] if comes else stages))
    return routes


def _sides(resolved: Mapping[str, Any]) -> dict[str, set[str]]:
    """By stage: on which sides of the border the calendars are that it keeps."""
    calendars = resolved.get("calendars") or {}
    by_stage: dict[str, set[str]] = {}
    for stage, words in (resolved.get("stages") or {}).items():
        by_stage[str(stage)] = {
            str(calendars[name]["side"])
            for name in _hours(words)
            if isinstance(calendars.get(name), Mapping) and calendars[name].get("side")
        }
    return by_stage


def _hours(words: Any) -> list[str]:
    """The calendars that a stage keeps."""
    hours = words.get("hours") if isinstance(words, Mapping) else None
    return [hours] if isinstance(hours, str) else hours if isinstance(hours, list) else []


def _left_and_right(
    routes: Sequence[Sequence[str]], sides: Mapping[str, set[str]]
) -> tuple[str, str]:
    """The side on which most routes begin when told from left to right, and where they end."""
    votes: Counter[tuple[str, str]] = Counter()
    alone: Counter[str] = Counter()
    for route in routes:
        sure = [next(iter(sides[one])) for one in route if len(sides.get(one, ())) == 1]
        alone.update(sure[:1])
        if sure and sure[0] != sure[-1]:
            votes[sure[0], sure[-1]] += 1
    if votes:
        return max(votes, key=lambda ends: (votes[ends], ends))
    return (max(alone, key=lambda side: (alone[side], side)) if alone else "", "")


def _groups(
    routes: Iterable[tuple[bool, Sequence[str]]],
    sides: Mapping[str, set[str]],
    ends: tuple[str, str],
) -> dict[str, int]:
    """On which side each stage stands: that of its calendars, else of its neighbours."""
    left, right = ends
    known = {
        stage: _BORDER if {left, right} <= of else _RIGHT if right in of else _LEFT
        for stage, of in sides.items()
        if right and of & {left, right}
    }
    if not right:
        return {}
    votes: dict[str, Counter[int]] = {}
    for _, route in routes:
        for at, stage in enumerate(route):
            near = sorted(
                (abs(other - at), other < at, known[name])
                for other, name in enumerate(route)
                if known.get(name, _BORDER) != _BORDER
            )
            if stage not in known and near:
                votes.setdefault(stage, Counter())[near[0][2]] += 1
    return {
        **{stage: max(n, key=lambda one: (n[one], -one)) for stage, n in votes.items()},
        **known,
    }


def _gates(
    routes: Iterable[tuple[bool, Sequence[str]]],
    group: Mapping[str, int],
    visited: set[str],
    two: bool,
) -> set[str]:
    """The last stage before the border and the first behind it, of routes that cross it."""
    gates: set[str] = set()
    for _, route in routes:
        kept = [name for name in route if name in visited]
        if not two:
            # All of it lies on this side: the border is where the road leaves the port.
            gates |= set(kept[-1:])
            continue
        # The first step to the right: papers may be shown on this side before a truck sets out on
        # the other, so that a route that comes back ends here once more.
        for one, other in pairwise(kept):
            if group.get(one, _LEFT) != _RIGHT and group.get(other, _LEFT) == _RIGHT:
                gates |= {name for name in (one, other) if group.get(name, _LEFT) != _BORDER}
                break
    return gates


def _way(routes: Iterable[tuple[bool, Sequence[str]]], stage: str) -> int:
    ways = {-1 if comes else 1 for comes, route in routes if stage in route}
    return ways.pop() if len(ways) == 1 else 0


def _mean(routes: Iterable[tuple[bool, Sequence[str]]], stage: str) -> float:
    """The mean of its places in the routes, the first of a route at 0 and its last at 1."""
    places = [route.index(stage) / max(len(route) - 1, 1) for _, route in routes if stage in route]
    return float(np.mean(places)) if places else 0.5


def _halves(stages: Iterable[str], ways: Mapping[str, int]) -> dict[int, list[str]]:
    """Which stand below the road (1) and which above it (−1), those of both where fewer are."""
    halves: dict[int, list[str]] = {1: [], -1: []}
    own = Counter(ways[name] for name in stages)
    for name in stages:
        fewer = 1 if own[1] <= own[-1] else -1
        half = ways[name] or fewer
        if not ways[name]:
            own[half] += 1
        halves[half].append(name)
    return halves


def _block(stages: list[str], ways: Mapping[str, int], most: int) -> tuple[int, dict[str, Any]]:
    """So many columns, and column and row of each stage, the columns evenly filled."""
    halves = _halves(stages, ways)
    larger = max(map(len, halves.values()))
    # Two rows deep before it grows longer, and no longer than `most`.
    columns = min(-(-larger // 2), most)
    spots = {}
    for half, names in halves.items():
        for column, some in enumerate(np.array_split(names, columns) if names else ()):
            for row, name in enumerate(some):
                spots[str(name)] = (column, half * (row + 1))
    return columns, spots


def _placed(
    stages: list[str],
    group: Mapping[str, int],
    gates: set[str],
    ways: Mapping[str, int],
    bordered: bool,
) -> tuple[dict[str, tuple[float, float]], dict[str, Any]]:
    """x and y of each stage, and the rest of the map."""
    placed: dict[str, tuple[float, float]] = {}
    at = 0.0

    def put(names: list[str], most: int) -> None:
        nonlocal at
        columns, block = _block(names, ways, most) if names else (0, {})
        placed.update({name: (at + column, y) for name, (column, y) in block.items()})
        at += columns

    def of(which: int, gate: bool) -> list[str]:
        chosen = (name for name in stages if (name in gates) is gate)
        return [name for name in chosen if group.get(name, _LEFT) == which]

    put(of(_LEFT, gate=False), _COLUMNS)
    left = at
    put(of(_LEFT, gate=True), 1)
    # The strip between the two gates is one unit long, and on it stands what belongs to both sides.
    border = at if bordered else None
    strip = at
    put([*of(_BORDER, gate=False), *of(_BORDER, gate=True)], 1)
    at = max(at, strip + 1) if bordered else at
    put(of(_RIGHT, gate=True), 1)
    right = at
    put(of(_RIGHT, gate=False), _COLUMNS)
    # Whoever waits before a gate stands on the road: there is a piece of it at either end.
    low = -0.5 - max(0.0, 1.0 - left)
    high = at - 0.5 + max(0.0, 1.0 - (at - right)) * bordered
    return placed, {"border": border, "low": low, "high": high}


def _as_said(
    own: PortMap,
    placed: Mapping[str, tuple[float, float]],
    group: Mapping[str, int],
    gates: set[str],
    bordered: bool,
) -> tuple[dict[str, tuple[float, float]], dict[str, Any]]:
    """The same where the scenario says: stages that it does not name stand below the others."""
    said = {name: (own.places[name].x, own.places[name].y) for name in placed if name in own.places}
    first = min((x for x, _ in said.values()), default=0.0)
    columns = int(max((x for x, _ in said.values()), default=0.0) - first) + 1
    below = max(0.0, *(y for _, y in said.values())) + 1 if said else 1.0
    rest = [name for name in placed if name not in said]
    for at, name in enumerate(rest):
        said[name] = (first + at % columns, below + at // columns)
    left = [x for name, (x, _) in said.items() if group.get(name, _LEFT) == _LEFT]
    right = [x for name, (x, _) in said.items() if group.get(name, _LEFT) == _RIGHT]
    border = own.border
    if bordered and border is None:
        border = (max(left) + min(right)) / 2 if left and right else max([*left, *right]) + 1
    xs = [x for x, _ in said.values()]
    at_gates = [said[name][0] for name in said if name in gates]
    # The road goes on behind what stands last, so that whoever waits there is seen.
    ends = [*at_gates, *([] if border is None else [border])]
    low = min([min(xs) - 0.5, *(x - 1.5 for x in at_gates)])
    high = max([max(xs) + 0.5, *(x + 1.5 for x in ends)])
    return said, {"border": border, "low": low, "high": high}

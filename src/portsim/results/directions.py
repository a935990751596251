"""The room of results: from which side of the border to which a direction goes.

What a scenario says goes in; no figure enters.
"""

from collections.abc import Mapping
from typing import Any

from portsim.wording import direction, say

__all__ = ["directions"]


def directions(resolved: Mapping[str, Any]) -> dict[str, str]:
    """What each direction of a port is called in the language being spoken, by its name.

    It is said as ``China → Kazakhstan`` where that can be seen: some class of it is seen to on one
    side first and on another one last, by the calendars of the stages that it passes, all such
    classes agree, and no other direction goes the same way. Else the word for it is said.

    Args:
        resolved: what a scenario says, its labels in the language being spoken; see
            `portsim.results.shown`.
    """
    crossings: dict[str, set[tuple[str, str]]] = {}
    traffic = resolved.get("traffic")
    for words in traffic.values() if isinstance(traffic, Mapping) else ():
        if not isinstance(words, Mapping) or "direction" not in words:
            continue
        ends = crossings.setdefault(str(words["direction"]), set())
        sides = _sides(resolved, words.get("route"))
        if sides and sides[0] != sides[-1]:
            ends.add((sides[0], sides[-1]))
    said: dict[str, str] = {}
    for way, ends in sorted(crossings.items()):
        others = {end for other, these in crossings.items() if other != way for end in these}
        if len(ends) == 1 and not ends & others:
            ((first, last),) = ends
            said[way] = say("{side} → {other}", side=first, other=last)
        else:
            said[way] = direction(way)
    return said


def _sides(resolved: Mapping[str, Any], route: Any) -> list[str]:
    """The sides of the stages of a route that keep the hours of one side, in their order."""
    stages, calendars = resolved.get("stages") or {}, resolved.get("calendars") or {}
    passed = []
    for step in route if isinstance(route, list) else ():
        stage = step.get("stage") if isinstance(step, Mapping) else step
        words = stages.get(stage)
        hours = words.get("hours") if isinstance(words, Mapping) else None
        names = [hours] if isinstance(hours, str) else hours if isinstance(hours, list) else []
        sides = {
            str(calendars[name]["side"])
            for name in names
            if isinstance(calendars.get(name), Mapping) and calendars[name].get("side")
        }
        if len(sides) == 1:
            passed.append(sides.pop())
    return passed

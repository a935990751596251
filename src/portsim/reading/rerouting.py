"""The reading room's points: one step of a base's route is changed by the name of its stage.

Only the order of the steps and what is written for each is looked at; what a step means may not
enter.
"""

from collections.abc import Callable, Iterable

from portsim.errors import Fault
from portsim.reading.annotations import Path, is_annotated
from portsim.reading.nodes import Entry, Node
from portsim.reading.text import dotted, nearest, short

__all__ = ["changes_a_route", "reroute"]

_PLACES = ("before", "after")
_EXAMPLE = "a mapping such as {share: 0.2} or {after: gate}, or `null` to take it out"

Merge = Callable[[Node, Node, Path], Node]


def changes_a_route(base: Node, over: Node, path: Path) -> bool:
    """Whether ``over`` is a mapping by stages that changes the steps of a route, a list."""
    return (
        len(path) == 3
        and (path[0], path[2]) == ("traffic", "route")
        and isinstance(over.value, dict)
        and not is_annotated(over, path)
        and isinstance(_steps(base, path).value, list)
    )


def reroute(base: Node, over: Node, path: Path, merge: Merge, faults: list[Fault]) -> Node:
    """Change steps of a route by the names of their stages, in the order in which they are written.

    A mapping under a stage of the route changes that step; with ``before`` or ``after`` it is put
    beside another stage, and a stage that was not on the route is put in there; ``null`` takes a
    step out.

    Args:
        base: the route as it was, a list of steps, annotated or not.
        over: a mapping of stages to changes.
        path: where both stand.
        merge: lays a mapping on another, see `portsim.reading.merging`.
        faults: gets what cannot be done; the rest is.
    """
    if isinstance(base.value, dict):
        inside = base.value["value"]
        changed = reroute(inside.node, over, path, merge, faults)
        return Node({**base.value, "value": Entry(inside.key_place, changed)}, base.place)
    assert isinstance(base.value, list)
    assert isinstance(over.value, dict)
    steps = list(base.value)
    for name, entry in over.value.items():
        here = (*path, name)
        index = _find(name, steps)
        if index is not None and _find(name, steps[index + 1 :]) is not None:
            expected = "a stage that the route passes once"
            hint = "write the whole route as a list"
            faults.append(_fault(entry, here, f"`{short(name)}`, twice on it", expected, hint))
            continue
        if entry.node.value is None:
            if index is None:
                faults.append(_not_passed(entry, here, steps, "delete the line"))
            else:
                del steps[index]
            continue
        if not isinstance(entry.node.value, dict):
            words = (f"`{short(str(entry.node.value))}`", _EXAMPLE)
            faults.append(_fault(entry, here, *words))
            continue
        words_of_step = dict(entry.node.value)
        beside = {key: words_of_step.pop(key) for key in _PLACES if key in words_of_step}
        if index is None and not beside:
            faults.append(_not_passed(entry, here, steps, f"to put it in: {{{_beside(steps)}}}"))
            continue
        old = steps[index] if index is not None else Node(name, entry.key_place)
        step = old
        if words_of_step:
            # A step of its own names its stage already; its place is the base's.
            whole = old if _is_step(old) else _long(old)
            step = merge(whole, Node(words_of_step, entry.node.place), (*path, index or 0))
        if not beside:
            assert index is not None
            steps[index] = step
            continue
        rest = [other for number, other in enumerate(steps) if number != index]
        goal = _goal(beside, rest, here, faults)
        if goal is not None:
            rest.insert(goal, step)
            steps = rest
    return Node(steps, base.place)


def _goal(
    beside: dict[str, Entry], steps: list[Node], path: Path, faults: list[Fault]
) -> int | None:
    """Where a step is put in among the others; None with a fault if that is not said rightly."""
    word, entry = next(iter(beside.items()))
    if len(beside) > 1:
        faults.append(_fault(entry, (*path, word), "`before` and `after`", "one of the two"))
        return None
    name = str(entry.node.value)
    index = _find(name, steps)
    if index is None:
        faults.append(_not_passed(entry, (*path, word), steps, "", name))
        return None
    return index + (word == "after")


def _steps(base: Node, path: Path) -> Node:
    if is_annotated(base, path):
        assert isinstance(base.value, dict)
        return base.value["value"].node
    return base


def _is_step(step: Node) -> bool:
    return isinstance(step.value, dict) and "stage" in step.value


def _long(step: Node) -> Node:
    return Node({"stage": Entry(step.place, step)}, step.place)


def _stage(step: Node) -> str:
    """Name of the stage of a step, however it is written; empty if that cannot be told."""
    while isinstance(step.value, dict):
        inside = step.value.get("stage") or step.value.get("value")
        if inside is None:
            return ""
        step = inside.node
    return step.value if isinstance(step.value, str) else ""


def _find(name: str, steps: Iterable[Node]) -> int | None:
    return next((number for number, step in enumerate(steps) if _stage(step) == name), None)


def _beside(steps: list[Node]) -> str:
    return f"after: {short(_stage(steps[-1]))}" if steps else "after: …"


def _not_passed(
    entry: Entry, path: Path, steps: list[Node], hint: str, name: str | None = None
) -> Fault:
    """The fault of a stage that the route does not pass."""
    passed = [stage for stage in map(_stage, steps) if stage]
    stage_name = str(path[-1]) if name is None else name
    like = nearest(stage_name, passed)
    advice = "; ".join(filter(None, (f"did you mean `{like}`?" if like else "", hint)))
    expected = f"a stage of the route: {', '.join(passed) or 'none is left'}"
    return _fault(entry, path, f"`{short(stage_name)}`", expected, advice, key=name is None)


def _fault(
    entry: Entry, path: Path, found: str, expected: str, hint: str = "", key: bool = True
) -> Fault:
    place = entry.key_place if key else entry.node.place
    return place.fault(dotted(path), "route-change", found, expected, hint)

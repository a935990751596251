"""Where the hours go: from the classes of trucks through work and waiting to what is waited for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from portsim.figures import style, text_layout
from portsim.figures.causes import cause_text
from portsim.figures.sheet import WIDTH, Sheet
from portsim.figures.stages import pause_text
from portsim.figures.study import Policy, Study
from portsim.results.waiting import splits
from portsim.wording import amounts, say, sentences

_CLASSES, _CAUSES = 8, 7
_SIDE, _NODE, _BETWEEN = 2.7, 0.12, 1.5
_LEAST = 0.005
"""Share of the waiting below which a cause has no line of its own."""
_GAP = 0.02
_PARTS = (
    (("service_mean_h",), "#b9b3bd"),
    (("wait_open_mean_h", "wait_closed_mean_h"), style.ORANGE),
    (("paused_mean_h",), style.PURPLE),
)
"""Measures that add up to a part of the stay, and its colour."""


@dataclass(frozen=True, slots=True)
class _Node:
    text: str
    size: float
    colour: str


@dataclass(frozen=True, slots=True)
class _Class:
    text: str
    hours: tuple[float, ...]
    """Truck-hours a day of each part."""


def draw(study: Study) -> Sheet | None:
    """Truck-hours a day of the baseline as bands: classes, work and waiting, causes of waiting."""
    policy = study.base
    classes = _classes(study, policy)
    parts = np.array([each.hours for each in classes]).sum(axis=0) if classes else np.zeros(3)
    if not parts.sum() > 0:
        return None
    texts = (say("being served"), say("waiting"), pause_text(study))
    whole = float(parts.sum())
    middle = [
        _Node(
            text_layout.wrap(
                f"{text}: {amounts.percent(float(part) / whole)}", _BETWEEN, style.SMALL, bold=True
            ),
            float(part),
            colour,
        )
        for text, part, (_, colour) in zip(texts, parts, _PARTS, strict=True)
    ]
    causes = _causes(study, policy, float(parts[1]))
    left = [_Node(each.text, sum(each.hours), "#7d7d84") for each in classes]
    lines = max(sum(n.text.count("\n") + 1 for n in side) for side in (left, causes, middle))
    tall = max(3.6, 0.22 * lines + 0.6)
    sheet = Sheet(
        _title(study, policy, parts),
        sentences(
            say(
                "Height is hours that trucks spend in the port a day, all trucks together, under"
                " {policy}; the figures are hours a truck of each class, and hours a truck of all"
                " trucks at the right.",
                policy=policy.label,
            ),
            say(
                "Each second of waiting counts for what the first in the line lacks, to the end of"
                " the chain."
            ),
            study.overload_note if policy.overloaded else "",
        ),
        tall + 0.45,
    )
    for x, text, align in (
        (0.14, say("who"), "left"),
        (WIDTH / 2, say("does what"), "center"),
        (WIDTH - 0.14, say("waiting for what"), "right"),
    ):
        sheet.text(x, 0.0, text, bold=True, align=align)
    if policy.overloaded:
        over = say(text_layout.OVERLOADED)
        sheet.text(0.7, 0.02, over, size=style.SMALL, colour=style.ALARM)
    axes = sheet.axes(0.14, 0.42, WIDTH - 0.28, tall)
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH - 0.28)
    axes.set_ylim(1.01, -0.01)
    _flow(axes, classes, left, middle, causes, tall)
    return sheet


def _flow(
    axes: Axes,
    classes: Sequence[_Class],
    left: Sequence[_Node],
    middle: Sequence[_Node],
    causes: Sequence[_Node],
    tall: float,
) -> None:
    xs = _SIDE, (WIDTH - 0.28) / 2 - _NODE / 2, WIDTH - 0.28 - _SIDE - _NODE
    sides = left, middle, causes
    labels = [[_lines(node) / tall for node in side] for side in sides]
    unit = _unit(sides, labels)
    tops = [_stack(*each, unit) for each in zip(sides, labels, (False, True, False), strict=True)]
    into = [top for top, _ in zip(tops[1], middle, strict=True)]
    for each, top in zip(classes, tops[0], strict=True):
        y = top
        for part, hours in enumerate(each.hours):
            high = hours * unit
            _band(axes, (xs[0] + _NODE, y), (xs[1], into[part]), high, middle[part].colour)
            y += high
            into[part] += high
    y = tops[1][1]
    for node, top in zip(causes, tops[2], strict=True):
        _band(axes, (xs[1] + _NODE, y), (xs[2], top), node.size * unit, node.colour)
        y += node.size * unit
    places = ["before"] * len(left), _places(middle, labels[1], unit), ["behind"] * len(causes)
    for x, side, each_top, where in zip(xs, sides, tops, places, strict=True):
        _nodes(axes, x, side, each_top, unit, where)


def _lines(node: _Node) -> float:
    """Inches that the words of a node need; one of nothing is not drawn."""
    if not node.size > 0:
        return 0.0
    return 0.14 * (node.text.count("\n") + 1) + 0.02


def _unit(sides: Sequence[Sequence[_Node]], labels: Sequence[Sequence[float]]) -> float:
    """Height of a truck-hour, so that on each side nodes and the words beside them have room."""
    low, high = 0.0, 1.0 / sum(node.size for node in sides[0])
    for _ in range(40):
        middle = (low + high) / 2
        fits = all(
            sum(_rooms(side, words, middle, between)) + _GAP * (len(side) - 1) <= 1
            for side, words, between in zip(sides, labels, (False, True, False), strict=True)
        )
        low, high = (middle, high) if fits else (low, middle)
    return low


def _rooms(
    nodes: Sequence[_Node], labels: Sequence[float], unit: float, between: bool
) -> list[float]:
    """What nodes and their words need: words stand beside, in the middle above or below."""
    sizes = [unit * node.size for node in nodes]
    if between:
        return [size + label for size, label in zip(sizes, labels, strict=True)]
    return [max(size, label) for size, label in zip(sizes, labels, strict=True)]


def _places(nodes: Sequence[_Node], labels: Sequence[float], unit: float) -> list[str]:
    """Where the words of nodes with bands on both sides stand: on bands of their own if these are
    as high as two lines, else where no other bands come: above the first, below the last.
    """
    there = [number for number, node in enumerate(nodes) if node.size > 0]
    return [
        "on"
        if unit * node.size > 2 * label
        else "above"
        if number < max(there, default=0) or len(there) == 1
        else "below"
        for number, (node, label) in enumerate(zip(nodes, labels, strict=True))
    ]


def _stack(
    nodes: Sequence[_Node], labels: Sequence[float], between: bool, unit: float
) -> list[float]:
    """Tops of nodes one below the other, each in the middle of what it or its words need."""
    rooms = _rooms(nodes, labels, unit, between)
    where = _places(nodes, labels, unit) if between else ["on"] * len(nodes)
    # Of the room beside it a node has this much above it.
    above = {"above": 1.0, "on": 0.5, "below": 0.0}
    gap = min((1 - sum(rooms)) / max(len(nodes) - 1, 1), 2.5 * _GAP)
    y = (1 - sum(rooms) - gap * (len(nodes) - 1)) / 2
    tops = []
    for node, room, place in zip(nodes, rooms, where, strict=True):
        tops.append(y + (room - unit * node.size) * above[place])
        y += room + gap
    return tops


def _nodes(
    axes: Axes,
    x: float,
    nodes: Sequence[_Node],
    tops: Sequence[float],
    unit: float,
    where: Sequence[str],
) -> None:
    for node, top, place in zip(nodes, tops, where, strict=True):
        if not node.size > 0:
            continue
        axes.add_patch(
            Rectangle((x, top), _NODE, max(unit * node.size, 0.002), fc=node.colour, ec=style.INK,
                      lw=0.5, zorder=3)
        )  # fmt: skip
        high = unit * node.size
        at, y, align, stand = {
            "before": (x - 0.06, top + high / 2, "right", "center"),
            "on": (x - 0.06, top + high / 2, "right", "center"),
            "behind": (x + _NODE + 0.06, top + high / 2, "left", "center"),
            "above": (x + _NODE / 2, top - 0.008, "center", "bottom"),
            "below": (x + _NODE / 2, top + high + 0.008, "center", "top"),
        }[place]
        between = place not in ("before", "behind")
        axes.text(at, y, node.text, ha=align, va=stand, fontsize=style.SMALL, gid="direct-label",
                  bbox={"fc": "white", "ec": "none", "alpha": 0.8, "pad": 0.6}
                  if between and place != "on" else None,
                  fontweight="bold" if between else "normal", zorder=4)  # fmt: skip


def _band(
    axes: Axes, begin: tuple[float, float], end: tuple[float, float], high: float, colour: str
) -> None:
    if not high > 0:
        return
    (x, y), (u, v) = begin, end
    bend = (x + u) / 2
    points = [(x, y), (bend, y), (bend, v), (u, v), (u, v + high), (bend, v + high),
              (bend, y + high), (x, y + high), (x, y)]  # fmt: skip
    curve = Path.CURVE4
    codes = [Path.MOVETO, curve, curve, curve, Path.LINETO, curve, curve, curve, Path.CLOSEPOLY]
    axes.add_patch(PathPatch(Path(points, codes), fc=colour, ec="none", alpha=0.45))


def _classes(study: Study, policy: Policy) -> list[_Class]:
    """Classes by truck-hours a day, the most first; small ones together."""
    traffic = (policy.entry.get("resolved") or {}).get("traffic") or {}
    names = [name for name, words in traffic.items() if isinstance(words, dict)]
    rows: list[tuple[str, float, tuple[float, ...]]] = []
    for number, name in enumerate(names, start=1):
        inside = study.estimate(policy, "inside_mean", "", name)
        hours = tuple(
            sum(_hours(study, policy, m, name) for m in measures) for measures, _ in _PARTS
        )
        if inside is None or not inside.mean > 0 or not sum(hours) > 0:
            continue
        text = text_layout.drawable(study.kind(name), say("class {number}", number=number))
        # By those inside and not those released: of a class that nobody lets out all hours count.
        trucks = 24.0 * inside.mean / sum(hours)
        rows.append((_hours_text(text, sum(hours)), trucks, hours))
    rows.sort(key=lambda each: -each[1] * sum(each[2]))
    classes = [
        _Class(text, tuple(count * hours for hours in each))
        for text, count, each in rows[:_CLASSES]
    ]
    rest = rows[_CLASSES:]
    if rest:
        summed = tuple(sum(count * each[part] for _, count, each in rest) for part in range(3))
        mean = sum(summed) / sum(count for _, count, _ in rest)
        classes.append(_Class(_hours_text(say("other classes"), mean), summed))
    return classes


def _hours(study: Study, policy: Policy, measure: str, kind: str) -> float:
    estimate = study.estimate(policy, measure, "", kind)
    return max(estimate.mean, 0.0) if estimate is not None else 0.0


def _causes(study: Study, policy: Policy, waited: float) -> list[_Node]:
    """Causes of the waiting, which together are as high as it."""
    split = splits(study.summary).get(policy.name)
    if split is None or not split.parts or not split.hours > 0:
        return []
    # What is no more than nothing beside the others has no line of its own.
    told = [part for part in split.parts if part.hours > _LEAST * split.hours]
    shown, rest = told[:_CAUSES], told[_CAUSES:]
    nodes = [(cause_text(study, p.cause, n), p.hours) for n, p in enumerate(shown, start=1)]
    others = max(split.hours - sum(hours for _, hours in nodes), 0.0)
    if rest or others > _LEAST * split.hours:
        nodes.append((say("other causes"), others))
    return [
        _Node(_hours_text(name, hours), waited * hours / split.hours, style.ORANGE)
        for name, hours in nodes
    ]


def _hours_text(name: str, hours: float) -> str:
    """A name and its hours, on as many lines as they need: no line ends amid the hours."""
    text = say("{name}: {hours} h", name="{}", hours=amounts.number(hours))
    room = _SIDE - 0.15
    if text_layout.width(text.format(name), style.SMALL) <= room:
        return text.format(name)
    before, after = text.split("{}")
    name = text_layout.wrap(before + name, room, style.SMALL)
    last = name.rsplit("\n", 1)[-1]
    fits = text_layout.width(last + after, style.SMALL) <= room
    return name + after if fits else f"{name}\n{after.lstrip(': ：')}"


def _title(study: Study, policy: Policy, parts: np.ndarray) -> str:
    shares = [amounts.percent(float(part / parts.sum())) for part in parts]
    split = splits(study.summary).get(policy.name)
    text = say(
        "Of the hours that trucks spend under {policy}, {served} is work on them and {waited}"
        " waiting",
        policy=policy.label,
        served=shares[0],
        waited=shares[1],
    )
    if split is None or not split.worth_telling:
        return text
    return say(
        "{statement}, most of it in the end for: {cause}",
        statement=text,
        cause=cause_text(study, split.parts[0].cause),
    )

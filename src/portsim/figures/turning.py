"""A load in a bend, seen from above and to scale: what it sweeps, and where the lane ends.

The one picture that needs no result folder: it shows a verdict of `portsim.geometry`.
"""

import math
from collections.abc import Iterable, Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch, Polygon
from matplotlib.path import Path as Outline

from portsim.arrays import Reals
from portsim.figures import style, text_layout
from portsim.figures.sheet import WIDTH, Sheet
from portsim.geometry import Fit, Lane, Sweep, Turn, Vehicle
from portsim.wording import amounts, decimal, say, sentences

__all__ = ["draw"]

_ROAD, _APRON, _OVERSAIL = "#e9e9ed", "#d3d3da", "#f8f4ea"
_LOAD = "#a5c0fb"
_TALLEST, _LEFT, _RIGHT = 6.2, 0.62, 0.2
_EVERY_M = 0.5
_SHOWN = 4


def draw(load: str, lane: str, fit: Fit) -> Sheet | None:
    """Draw a load's way through the bend of a lane.

    Args:
        load: what the load is called.
        lane: what the lane is called.
        fit: the verdict.

    Returns:
        The picture; None without a bend, without axles, or where the bend is tighter than the
        front wheels turn, so that there is no way to draw.
    """
    vehicle, road, swept = fit.vehicle, fit.lane, fit.swept
    if vehicle is None or road is None or swept is None or swept.turn is None:
        return None
    way = swept.turn
    bodies = list(_bodies(vehicle, way, swept.path, range(0, len(way.front), _stride(way))))
    low, high = _frame(bodies, road, vehicle)
    size = high - low
    width = WIDTH - _LEFT - _RIGHT
    height = width * size[1] / size[0]
    if height > _TALLEST:
        width, height = width * _TALLEST / height, _TALLEST
    sheet = Sheet(
        _title(
            text_layout.drawable(load, say("the load")),
            text_layout.drawable(lane, say("the lane")),
            fit,
        ),
        _caption(vehicle, road, swept, fit),
        height + 0.5,
        _key(road),
    )
    axes = sheet.axes(_LEFT, 0.1, width, height)
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    axes.set_aspect("equal")
    axes.set_xlabel(say("metres"))
    _draw_lane(axes, road, float(2.0 * size.sum()))
    # All bodies turn the same way round, so that together they fill what was swept.
    area = Outline.make_compound_path_from_polys(np.stack(bodies))
    axes.add_patch(PathPatch(area, fc=_LOAD, ec=_LOAD, lw=0.4))
    _draw_edges(axes, road, float(2.0 * size.sum()))
    _draw_tyres(axes, vehicle, way, swept.path)
    _draw_outlines(axes, vehicle, way, swept.path)
    if not way.folded:
        _mark_innermost(axes, vehicle, swept, road)
    return sheet


def _stride(way: Turn) -> int:
    steps = np.hypot(*np.diff(way.front, axis=0).T)
    return max(1, math.floor(_EVERY_M / float(np.median(steps))))


def _corners(vehicle: Vehicle, way: Turn, path: float) -> tuple[Reals, Reals]:
    """Corners of tractor and load at every place, each float64[n, 4, 2], in the edge's frame."""
    half = (vehicle.track if vehicle.trailer else vehicle.width) / 2.0
    tail = -vehicle.wheelbase - (0.8 if vehicle.trailer else vehicle.rear_overhang)
    nose = vehicle.front_overhang
    ends = ((nose, half), (nose, -half), (tail, -half), (tail, half))
    tractor = np.stack([way.on_tractor(ahead, left) for ahead, left in ends], axis=1)
    broad, far = vehicle.width / 2.0, vehicle.trailer + vehicle.rear_overhang
    ahead = vehicle.load_ahead
    sides = ((-ahead, broad), (-ahead, -broad), (far, -broad), (far, broad))
    load = np.stack([way.on_trailer(vehicle, offset, left) for offset, left in sides], axis=1)
    lift = np.array([0.0, path])
    return tractor + lift, load + lift


def _bodies(vehicle: Vehicle, way: Turn, path: float, places: Iterable[int]) -> Iterator[Reals]:
    tractor, load = _corners(vehicle, way, path)
    for place in places:
        yield tractor[place]
        if vehicle.trailer:
            yield load[place]


def _frame(bodies: list[Reals], road: Lane, vehicle: Vehicle) -> tuple[Reals, Reals]:
    """Lower left and upper right corner of what is shown: the arc, and the load around it."""
    points = np.vstack(bodies)
    arc = road.outer.offset(-road.oversail_outer, 0.0, 0.0)
    least, most = np.vstack([points, arc]).min(axis=0), np.vstack([points, arc]).max(axis=0)
    # Far down the last straight nothing happens any more.
    end = np.array(road.outer.at(road.radius * road.angle)[:2])
    reach = end + 0.75 * vehicle.length * np.array([math.cos(road.angle), math.sin(road.angle)])
    most = np.minimum(most, np.maximum(arc.max(axis=0), reach))
    least = np.maximum(least, np.minimum(arc.min(axis=0), reach - [vehicle.length, 0.0]))
    least[0] = min(least[0], -vehicle.back)
    room = 0.04 * (most - least).max() + 1.0
    return least - room, most + room


def _strip(road: Lane, outer: float, inner: float, long: float) -> Reals:
    out, back = (road.outer.offset(depth, long, long) for depth in (outer, inner))
    return np.vstack([out, back[::-1]])


def _draw_lane(axes: Axes, road: Lane, long: float) -> None:
    inner = road.width + road.apron
    for outer, end, face, hatch in (
        (-road.oversail_outer, 0.0, _OVERSAIL, "\\\\"),
        (inner, inner + road.oversail_inner, _OVERSAIL, "\\\\"),
        (road.width, inner, _APRON, "////"),
        (0.0, road.width, _ROAD, ""),
    ):
        if end > outer:
            strip = _strip(road, outer, end, long)
            axes.add_patch(Polygon(strip, fc=face, ec=style.FAINT, hatch=hatch, lw=0.0, zorder=0.5))


def _draw_edges(axes: Axes, road: Lane, long: float) -> None:
    inner = road.width + road.apron
    edges = {0.0: "-", road.width: "-"}
    if road.oversail_outer:
        edges[-road.oversail_outer] = ":"
    if road.oversail_inner:
        edges[inner + road.oversail_inner] = ":"
    for depth, line in edges.items():
        points = road.outer.offset(depth, long, long)
        axes.plot(*points.T, color=style.INK, lw=1.3 if line == "-" else 1.0, ls=line, zorder=3)


def _draw_tyres(axes: Axes, vehicle: Vehicle, way: Turn, path: float) -> None:
    half = vehicle.track / 2.0
    last = (
        way.on_trailer(vehicle, vehicle.trailer, half)
        if vehicle.trailer
        else way.on_tractor(-vehicle.wheelbase, half)
    )
    for points, look in (
        (way.on_tractor(0.0, -half), (style.BLUE, (0, (7, 2)))),
        (last, (style.RED, (0, (1.6, 1.2)))),
    ):
        axes.plot(points[:, 0], points[:, 1] + path, color=look[0], ls=look[1], lw=1.5, zorder=3.2)


def _draw_outlines(axes: Axes, vehicle: Vehicle, way: Turn, path: float) -> None:
    arc = way.lead.radius * way.lead.angle
    gone = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(way.front, axis=0).T))])
    stops = np.linspace(0.0, min(arc + vehicle.length * 0.6, gone[-1]), _SHOWN)
    places = [int(np.argmin(np.abs(gone - stop))) for stop in stops]
    for body in _bodies(vehicle, way, path, places):
        axes.add_patch(Polygon(body, fc="none", ec=style.INK, lw=0.9, zorder=4))


def _mark_innermost(axes: Axes, vehicle: Vehicle, swept: Sweep, road: Lane) -> None:
    """Point at the innermost part of the load and say how far in it may be."""
    assert swept.turn is not None
    way, edge = swept.turn, road.outer
    if vehicle.trailer:
        flank = np.linspace(-vehicle.load_ahead, vehicle.trailer + vehicle.rear_overhang, 200)
        body = way.on_trailer(vehicle, flank, vehicle.width / 2.0).reshape(-1, 2)
    else:
        body = way.on_tractor(-vehicle.wheelbase, vehicle.width / 2.0)
    body = body + np.array([0.0, swept.path])
    x, y = body[int(np.argmax(edge.depth(body[:, 0], body[:, 1])))]
    limit = road.width + road.apron + road.oversail_inner
    axes.plot(x, y, marker="D", ms=6, mfc="white", mec=style.INK, mew=1.2, zorder=5)
    axes.annotate(
        say(
            "innermost part of the load:\n{reach} m from the outer edge,\nup to {limit} m are free",
            reach=decimal(swept.body, 1),
            limit=amounts.plain(limit),
        ),
        (x, y),
        xytext=(0.03, 0.97),
        textcoords="axes fraction",
        va="top",
        fontsize=style.SIZE,
        arrowprops={"arrowstyle": "-", "color": style.INK, "lw": 0.8, "shrinkB": 5},
        zorder=6,
    )


def _key(road: Lane) -> list[Patch | Line2D]:
    key: list[Patch | Line2D] = [Patch(fc=_ROAD, ec=style.INK, label=say("lane"))]
    if road.apron:
        key.append(Patch(fc=_APRON, ec=style.MUTED, hatch="////", label=say("apron")))
    if road.oversail_inner or road.oversail_outer:
        key.append(Patch(fc=_OVERSAIL, ec=style.MUTED, hatch="\\\\", label=say("oversail")))
    key.append(Patch(fc=_LOAD, ec=style.INK, label=say("swept")))
    key.append(Line2D([], [], color=style.BLUE, ls=(0, (7, 2)), label=say("outer front tyre")))
    key.append(Line2D([], [], color=style.RED, ls=(0, (1.6, 1.2)), label=say("inner rear tyre")))
    mark = {"marker": "D", "mfc": "white", "mec": style.INK, "ls": "none"}
    key.append(Line2D([], [], label=say("innermost"), **mark))  # type: ignore[arg-type]
    return key


def _title(load: str, lane: str, fit: Fit) -> str:
    assert fit.lane is not None
    wide, bend = amounts.plain(fit.lane.width), amounts.plain(fit.lane.radius)
    names = {"load": load, "lane": lane}
    if math.isinf(fit.width):
        return say("{load} in {lane}: cannot make the turn of {bend} m radius", **names, bend=bend)
    names |= {"need": decimal(fit.width, 1), "off": decimal(abs(fit.clearance), 1)}
    if fit.clearance < 0.0:
        return say(
            "{load} in {lane}: does not clear, {off} m are missing to the {need} m it needs",
            **names,
        )
    return say(
        "{load} in {lane}: clears with {off} m to spare, {need} m of {wide} m needed",
        **names,
        wide=wide,
    )


def _caption(vehicle: Vehicle, road: Lane, swept: Sweep, fit: Fit) -> str:
    if vehicle.follow:
        steered = say("rear axles steered by a crew along the way of the front axle")
    elif vehicle.steer:
        ratio = amounts.plain(vehicle.steer)
        steered = say("rear axles linked to the kingpin by {ratio}", ratio=ratio)
    else:
        steered = say("rear axles not steered")
    parts = [
        say(
            "Seen from above, to scale. {length} m over all, {width} m wide, {steered}; bend of "
            "{angle} degrees, {radius} m to its outer edge. The front axle keeps as far out as "
            "tyres and swinging tail allow, at walking pace.",
            length=decimal(vehicle.length, 1),
            width=amounts.plain(vehicle.width),
            steered=steered,
            angle=decimal(math.degrees(road.angle), 0),
            radius=amounts.plain(road.radius),
        )
    ]
    if swept.turn is not None and not math.isinf(fit.width):
        tyres, bodies = road.width + road.apron, road.width + road.apron + road.oversail_inner
        parts.append(
            say(
                "The innermost tyre comes {wheels} m from the outer edge ({tyres} m are paved), "
                "the load {body} m ({bodies} m are free).",
                wheels=decimal(swept.wheels, 1),
                tyres=amounts.plain(tyres),
                body=decimal(swept.body, 1),
                bodies=amounts.plain(bodies),
            )
        )
    elif swept.turn is not None:
        parts.append(say("The picture ends where a unit stands across the one before it."))
    return sentences(*parts, say("The load is drawn as a box of its greatest width."))

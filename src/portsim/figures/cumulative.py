"""Trucks in against trucks out, counted up: the gap between the lines is the port's stock.

Whoever leaves is told apart by how: released, turned away, given up waiting. What is drawn as a gap
is the number inside, and nothing else.
"""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from portsim.figures import scales, style
from portsim.figures.sheet import Sheet, policy_panels
from portsim.figures.study import Dates, Floats, Policy, Study
from portsim.wording import amounts, later, say, sentences

_GAP = "#fbd9a6"
_DASHED = (0, (4, 1.5))
_WINDOW = np.timedelta64(5, "D")


class _Line(NamedTuple):
    """How trucks leave: the curve, what it is called when counted up with those before it, its
    look, and the name and hatching of the area between it and the one before.
    """

    curve: str
    label: str
    colour: str
    dash: Any
    area: str = ""
    hatch: str = ""


_LEAVING = (
    _Line("releases", later("released"), style.BLUE, "-"),
    _Line(
        "diverted", later("released or turned away"), style.PURPLE, (0, (6, 1.5, 1.2, 1.5)),
        later("turned away"), "////",
    ),
    _Line(
        "given_up", later("released, turned away or gave up"), style.RED, (0, (1.2, 1.2)),
        later("gave up waiting"), "....",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Count:
    """What came, and what left counted up line by line: float64[3, n], the last is all of it."""

    dates: Dates
    arrived: Floats
    left: Floats

    @property
    def gap(self) -> Floats:
        """Trucks inside, mean over the simulated periods."""
        return np.asarray(self.arrived - self.left[-1])

    @property
    def worst(self) -> int:
        return int(np.argmax(self.gap))

    @property
    def thinned(self) -> "_Count":
        """Every sixth hour, if there are more than a month of them."""
        kept = slice(None, None, 6 if len(self.dates) > 24 * 31 else 1)
        return _Count(self.dates[kept], self.arrived[kept], self.left[:, kept])

    def within(self, first: np.datetime64, last: np.datetime64) -> "_Count":
        """The part between two instants, each line counted from its start."""
        kept = (self.dates >= first) & (self.dates <= last)
        left = self.left[:, kept]
        base = left[:, :1]
        return _Count(self.dates[kept], self.arrived[kept] - base[-1], left - base)

    def loses(self, line: int) -> bool:
        """Whether a line parts from the one below it: whether any truck left in that way."""
        return line == 0 or bool(self.left[line, -1] - self.left[line - 1, -1] > 0)


def draw(study: Study) -> Sheet | None:
    """Cumulated arrivals, and all that left by how; one panel a policy."""
    counts = {p.name: count for p in study.policies if (count := _count(study, p)) is not None}
    rows = [p for p in study.policies if p.name in counts]
    if not rows:
        return None
    most = {p.name: _most(study, p, counts[p.name]) for p in rows}
    worst = max(rows, key=lambda p: most[p.name])
    shown, where = _zoomed(counts)
    lines = [n for n in range(len(_LEAVING)) if any(c.loses(n) for c in shown.values())]
    tops = scales.tops(rows, {name: float(c.arrived[-1]) for name, c in shown.items()})
    came = say("arrivals and stock at start")
    panels = policy_panels(
        rows,
        _title(rows, worst, most),
        sentences(
            say(
                "The vertical gap between arrivals and the highest of the other lines is the number"
                " of trucks inside the port at that time, mean of the simulated periods; lines"
                " that lie on each other mean that trucks leave as fast as they come."
            ),
            say(
                "The number is the most at once in a period, mean of the periods; the upright mark"
                " is where the gap is widest on average."
            ),
            where,
            study.overload_note,
        ),
        (say("date ({clock})", clock=rows[0].clock), say("cumulative trucks")),
        key=_key(lines, came),
        height=1.6,
        own=scales.own_scale(tops),
    )
    for policy, axes in zip(rows, panels.axes, strict=True):
        count = shown[policy.name]
        _lines(axes, count, lines, came)
        panels.sheet.point(axes, "date", "count")
        scales.date_axis(axes, count.dates[0], count.dates[-1], panels.width)
        scales.count_axis(axes, tops[policy.name], headroom=1.3)
        _mark(axes, count, counts[policy.name].dates, most[policy.name])
    return panels.sheet


def _count(study: Study, policy: Policy) -> _Count | None:
    """What the folder has of a policy; None if it lacks curves of trucks that left."""
    came = study.dated(policy, "arrivals", whole=True)
    curves = [study.curve(policy, line.curve) for line in _LEAVING]
    if came is None or curves[0] is None:
        return None
    lost = sum(
        e.mean for m in ("diverted", "given_up") if (e := study.estimate(policy, m)) is not None
    )
    if lost and None in curves:
        return None
    none = np.zeros_like(came[1].mean)
    each = [none if curve is None else curve.mean for curve in curves]
    return _Count(came[0], came[1].mean, np.cumsum(each, axis=0))


def _most(study: Study, policy: Policy, count: _Count) -> float:
    """The most inside at any second, mean over the periods: never less than what is drawn."""
    estimate = study.estimate(policy, "inside_max")
    return estimate.mean if estimate is not None else float(count.gap.max())


def _key(lines: list[int], came: str) -> list[Line2D | Patch]:
    key: list[Line2D | Patch] = [Line2D([], [], color=style.INK, lw=1.2, ls=_DASHED, label=came)]
    key.append(Patch(fc=_GAP, label=say("gap: trucks inside")))
    for line in (_LEAVING[n] for n in reversed(lines)):
        key.append(Line2D([], [], color=line.colour, lw=1.8, ls=line.dash, label=say(line.label)))
        if line.hatch:
            key.append(Patch(fc="white", ec=style.FAINT, hatch=line.hatch, label=say(line.area)))
    return key


def _lines(axes: Axes, count: _Count, lines: list[int], came: str) -> None:
    thin = count.thinned
    axes.fill_between(thin.dates, thin.left[-1], thin.arrived, color=_GAP, lw=0)
    for line in filter(count.loses, lines):
        left, height = _LEAVING[line], thin.left[line]
        if left.hatch:
            under = thin.left[line - 1]
            axes.fill_between(
                thin.dates, under, height, fc="white", ec=style.FAINT, hatch=left.hatch, lw=0
            )
        axes.plot(
            thin.dates, height, color=left.colour, ls=left.dash, lw=1.8, label=say(left.label)
        )
    axes.plot(thin.dates, thin.arrived, color=style.INK, lw=1.2, ls=_DASHED, label=came)


def _mark(axes: Axes, count: _Count, period: Dates, most: float) -> None:
    """Name the most inside, and the day in the whole period on which the gap is widest."""
    dates, widest = count.dates, count.worst
    when, ends = scales.position(dates[widest]), (count.left[-1, widest], count.arrived[widest])
    axes.plot([when, when], ends, color=style.ALARM, lw=2.0, zorder=5)
    axes.annotate(
        scales.worst_day(most, dates[widest] - np.timedelta64(1, "s"), period),
        (when, sum(ends) / 2),
        xytext=(0.04, 0.94),
        textcoords="axes fraction",
        va="top",
        fontsize=style.SMALL,
        gid="direct-label",
        bbox={"fc": "white", "ec": "none", "pad": 1.0},
        zorder=6,
        arrowprops={"arrowstyle": "-", "color": style.MUTED, "lw": 0.8, "shrinkB": 2},
    )


def _zoomed(counts: dict[str, _Count]) -> tuple[dict[str, _Count], str]:
    """Ten days around the widest gap of each, where a longer period would hide it."""
    periods = [(count.dates[0], count.dates[-1]) for count in counts.values()]
    if all(last - first <= 3 * _WINDOW for first, last in periods):
        return counts, ""
    zoomed = {}
    for name, count in counts.items():
        dates = count.dates
        middle = dates[count.worst].astype("datetime64[D]")
        first = min(max(middle - _WINDOW, dates[0]), max(dates[-1] - 2 * _WINDOW, dates[0]))
        zoomed[name] = count.within(first, first + 2 * _WINDOW)
    text = say(
        "Shown are the ten days around the widest gap of each policy, counted from the first."
    )
    return zoomed, text


def _title(rows: list[Policy], worst: Policy, most: dict[str, float]) -> str:
    highest = amounts.count(most[worst.name])
    if len(rows) == 1:
        return say("Up to {most} trucks are in the port at once ({worst})",
                   most=highest, worst=worst.label)  # fmt: skip
    best = min(rows, key=lambda p: most[p.name])
    lowest = amounts.count(most[best.name])
    if math.isclose(most[best.name], most[worst.name]):
        return say("Up to {most} trucks are in the port at once, whatever the policy", most=highest)
    return say(
        "Up to {most} trucks are in the port at once under {worst}, up to {least} under {best}",
        most=highest,
        worst=worst.label,
        least=lowest,
        best=best.label,
    )

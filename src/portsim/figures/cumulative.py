"""Trucks in against trucks out, counted up: the gap between the lines is the port's stock."""

from dataclasses import dataclass

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from portsim.figures import scales, style, words
from portsim.figures.sheet import Sheet, policy_panels
from portsim.figures.study import Dates, Floats, Policy, Study
from portsim.wording import say, sentences

_GAP = "#fbd9a6"
_DASHED = (0, (4, 1.5))
_WINDOW = np.timedelta64(45, "D")


@dataclass(frozen=True, slots=True)
class _Count:
    dates: Dates
    arrived: Floats
    released: Floats

    @property
    def gap(self) -> Floats:
        return self.arrived - self.released

    @property
    def worst(self) -> int:
        return int(np.argmax(self.gap))

    @property
    def thinned(self) -> "_Count":
        """Every sixth hour, if there are more than a month of them."""
        kept = slice(None, None, 6 if len(self.dates) > 24 * 31 else 1)
        return _Count(self.dates[kept], self.arrived[kept], self.released[kept])

    def within(self, first: np.datetime64, last: np.datetime64) -> "_Count":
        """The part between two instants, counted from the releases at its start."""
        kept = (self.dates >= first) & (self.dates <= last)
        base = self.released[kept][0]
        return _Count(self.dates[kept], self.arrived[kept] - base, self.released[kept] - base)


def draw(study: Study) -> Sheet | None:
    """Cumulated arrivals and releases, one panel a policy, the largest gap named."""
    counts: dict[str, _Count] = {}
    for policy in study.policies:
        arrived = study.dated(policy, "arrivals", whole=True)
        released = study.dated(policy, "releases", whole=True)
        if arrived is not None and released is not None:
            counts[policy.name] = _Count(arrived[0], arrived[1].mean, released[1].mean)
    rows = [p for p in study.policies if p.name in counts]
    if not rows:
        return None
    worst = max(rows, key=lambda p: float(counts[p.name].gap.max()))
    shown, where = _zoomed(counts, counts[worst.name])
    came, left = say("arrivals and stock at start"), say("releases")
    panels = policy_panels(
        rows,
        _title(rows, worst, counts),
        sentences(
            say(
                "The vertical gap between the lines is the number of trucks inside the port at that"
                " time, the horizontal gap is roughly how long a truck stays; lines that lie on"
                " each other mean that trucks leave as fast as they come."
            ),
            where,
            study.overload_note,
        ),
        (say("date ({clock})", clock=rows[0].clock), say("trucks counted up")),
        key=[
            Line2D([], [], color=style.INK, lw=1.2, ls=_DASHED, label=came),
            Line2D([], [], color=style.BLUE, lw=1.8, label=left),
            Patch(fc=_GAP, label=say("gap: trucks inside")),
        ],
        height=1.6,
    )
    top = max(float(count.arrived[-1]) for count in shown.values())
    for policy, axes in zip(rows, panels.axes, strict=True):
        count = shown[policy.name]
        dates, at = count.dates, count.worst
        thin = count.thinned
        axes.fill_between(thin.dates, thin.released, thin.arrived, color=_GAP, lw=0)
        axes.plot(thin.dates, thin.released, color=style.BLUE, lw=1.8, label=left)
        axes.plot(thin.dates, thin.arrived, color=style.INK, lw=1.2, ls=_DASHED, label=came)
        panels.sheet.point(axes, "date", "count")
        scales.date_axis(axes, dates[0], dates[-1], panels.width)
        scales.count_axis(axes, top, headroom=1.08)
        when, ends = scales.position(dates[at]), (count.released[at], count.arrived[at])
        axes.plot([when, when], ends, color=style.ALARM, lw=2.0, zorder=5)
        axes.annotate(
            say(
                "most: {count} inside\non {day}",
                count=words.count(float(count.gap[at])),
                day=scales.day_text(dates[at] - np.timedelta64(1, "s")),
            ),
            (when, sum(ends) / 2),
            xytext=(0.04, 0.94),
            textcoords="axes fraction",
            va="top",
            fontsize=style.SMALL,
            gid="direct-label",
            arrowprops={"arrowstyle": "-", "color": style.MUTED, "lw": 0.8, "shrinkB": 2},
        )
    return panels.sheet


def _zoomed(counts: dict[str, _Count], worst: _Count) -> tuple[dict[str, _Count], str]:
    """Three months around the largest gap of all, where a longer period would hide it."""
    dates = worst.dates
    if dates[-1] - dates[0] <= 3 * _WINDOW:
        return counts, ""
    first = min(max(worst.dates[worst.worst] - _WINDOW, dates[0]), dates[-1] - 2 * _WINDOW)
    last = first + 2 * _WINDOW
    text = say(
        "Shown are the three months around the largest gap, counted from {day}; the largest gap of"
        " each policy is that of these months.",
        day=scales.day_text(first),
    )
    return {name: count.within(first, last) for name, count in counts.items()}, text


def _title(rows: list[Policy], worst: Policy, counts: dict[str, _Count]) -> str:
    most = words.count(float(counts[worst.name].gap.max()))
    if len(rows) == 1:
        return say(
            "Up to {most} trucks pile up in the port ({worst})", most=most, worst=worst.label
        )
    best = min(rows, key=lambda p: float(counts[p.name].gap.max()))
    return say(
        "Up to {most} trucks pile up in the port under {worst}, up to {least} under {best}",
        most=most,
        worst=worst.label,
        least=words.count(float(counts[best.name].gap.max())),
        best=best.label,
    )

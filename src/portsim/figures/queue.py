"""How many trucks wait, and how many are inside, hour by hour or day by day."""

from typing import NamedTuple

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from portsim.figures import scales, style
from portsim.figures.sheet import Sheet, policy_panels
from portsim.figures.study import Study
from portsim.wording import amounts, later, say, sentences

_WIDE, _NARROW = "#dbe6fe", "#9dbcfd"


class _Words(NamedTuple):
    measure: str
    most: str
    height: str
    label: str


_WAITING = _Words(
    "queue_max",
    later("Up to {count} trucks wait in queues at once"),
    later("Height is the number of trucks waiting in queues ({each})."),
    later("trucks waiting in queues"),
)
_INSIDE = _Words(
    "inside_max",
    later("Up to {count} trucks are inside the port at once"),
    later("Height is the number of trucks inside the port ({each})."),
    later("trucks inside the port"),
)


def draw(study: Study) -> Sheet | None:
    """Queue length over the period, one panel a policy."""
    return _draw(study, "queue", _WAITING)


def draw_inside(study: Study) -> Sheet | None:
    """Trucks inside the port over the period, one panel a policy."""
    return _draw(study, "inside", _INSIDE)


def _draw(study: Study, name: str, words: _Words) -> Sheet | None:
    dated = {p.name: study.dated(p, name) for p in study.policies}
    rows = [p for p in study.policies if dated[p.name] is not None]
    if not rows:
        return None
    curves = {p.name: value for p in rows if (value := dated[p.name]) is not None}
    peaks = {p.name: scales.most_at_once(study, p, words.measure, curves[p.name][1]) for p in rows}
    most = {k: float((c.bands if c.spread else c.mean).max()) for k, (_, c) in curves.items()}
    tops = scales.tops(rows, most)
    own = scales.own_scale(tops)
    spread = any(curve.spread for _, curve in curves.values())
    daily = study.long(rows[0])
    each = say("mean of each day") if daily else say("mean of each hour")
    key: list[Patch | Line2D] = [Line2D([], [], color=style.INK, lw=1.2, label=each)]
    if spread:
        key.append(Patch(fc=_NARROW, label=say("50 % of the simulated periods")))
        key.append(Patch(fc=_WIDE, label=say("90 % of them")))
    worst = max(rows, key=lambda p: peaks[p.name])
    title = say(words.most, count=amounts.count(peaks[worst.name]))
    if len(rows) > 1:
        best = min((p for p in rows if p is not worst), key=lambda p: peaks[p.name])
        title = say(
            "{statement} under {worst}, up to {least} under {best}",
            statement=title,
            worst=worst.label,
            least=amounts.count(peaks[best.name]),
            best=best.label,
        )
    caption = sentences(
        say(words.height, each=each),
        scales.one_scale(own),
        scales.at_once(daily=daily),
        study.overload_note,
    )
    labels = say("date ({clock})", clock=rows[0].clock), say(words.label)
    panels = policy_panels(rows, title, caption, labels, key=key, own=own)
    for policy, axes in zip(rows, panels.axes, strict=True):
        dates, curve = curves[policy.name]
        if curve.spread:
            axes.fill_between(dates, curve.bands[:, 0], curve.bands[:, 4], color=_WIDE, lw=0)
            axes.fill_between(dates, curve.bands[:, 1], curve.bands[:, 3], color=_NARROW, lw=0)
        axes.plot(dates, curve.mean, color=style.INK, lw=1.0, label=each)
        panels.sheet.point(axes, "date", "count")
        scales.date_axis(axes, dates[0], dates[-1], panels.width)
        scales.count_axis(axes, tops[policy.name], headroom=1.22)
        worst_at = int(np.argmax(curve.mean))
        text = scales.worst_day(peaks[policy.name], dates[worst_at], dates)
        place = scales.position(dates[worst_at]), float(curve.mean[worst_at])
        scales.point_label(axes, *place, text, width=panels.width)
    return panels.sheet

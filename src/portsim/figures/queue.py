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
    worst_day: str
    worst_hour: str
    height: str
    label: str


_WAITING = _Words(
    later("On the worst day {count} trucks are waiting in queues"),
    later("In the worst hour {count} trucks are waiting in queues"),
    later("Height is the number of trucks waiting in queues ({each})."),
    later("trucks waiting in queues"),
)
_INSIDE = _Words(
    later("On the worst day {count} trucks are inside the port"),
    later("In the worst hour {count} trucks are inside the port"),
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
    peaks = {key: float(curve.mean.max()) for key, (_, curve) in curves.items()}
    top = max(float(c.bands.max()) if c.spread else peaks[k] for k, (_, c) in curves.items())
    spread = any(curve.spread for _, curve in curves.values())
    daily = study.long(rows[0])
    each = say("mean of each day") if daily else say("mean of each hour")
    key: list[Patch | Line2D] = [Line2D([], [], color=style.INK, lw=1.2, label=each)]
    if spread:
        key.append(Patch(fc=_NARROW, label=say("50 % of the simulated periods")))
        key.append(Patch(fc=_WIDE, label=say("90 % of them")))
    worst = max(rows, key=lambda p: peaks[p.name])
    title = say(
        words.worst_day if daily else words.worst_hour, count=amounts.count(peaks[worst.name])
    )
    if len(rows) > 1:
        best = min((p for p in rows if p is not worst), key=lambda p: peaks[p.name])
        title = say(
            "{statement} under {worst}, {least} under {best}",
            statement=title,
            worst=worst.label,
            least=amounts.count(peaks[best.name]),
            best=best.label,
        )
    caption = sentences(
        say(words.height, each=each),
        say("All panels share one scale, and the circle marks the worst day of each policy.")
        if daily
        else say("All panels share one scale, and the circle marks the worst hour of each policy."),
        study.overload_note,
    )
    labels = say("date ({clock})", clock=rows[0].clock), say(words.label)
    panels = policy_panels(rows, title, caption, labels, key=key)
    for policy, axes in zip(rows, panels.axes, strict=True):
        dates, curve = curves[policy.name]
        if curve.spread:
            axes.fill_between(dates, curve.bands[:, 0], curve.bands[:, 4], color=_WIDE, lw=0)
            axes.fill_between(dates, curve.bands[:, 1], curve.bands[:, 3], color=_NARROW, lw=0)
        axes.plot(dates, curve.mean, color=style.INK, lw=1.0, label=each)
        panels.sheet.point(axes, "date", "count")
        scales.date_axis(axes, dates[0], dates[-1], panels.width)
        scales.count_axis(axes, top, headroom=1.22)
        busiest = dates[int(np.argmax(curve.mean))]
        scales.peak_label(axes, dates, busiest, peaks[policy.name], width=panels.width)
    return panels.sheet

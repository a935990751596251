"""How many trucks wait, and how many are inside, hour by hour or day by day."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from portsim.figures import scales, style, words
from portsim.figures.sheet import Sheet, policy_panels
from portsim.figures.study import Study

_WIDE, _NARROW = "#dbe6fe", "#9dbcfd"


def draw(study: Study) -> Sheet | None:
    """Queue length over the period, one panel a policy."""
    return _draw(study, "queue", "waiting in queues")


def draw_inside(study: Study) -> Sheet | None:
    """Trucks inside the port over the period, one panel a policy."""
    return _draw(study, "inside", "inside the port")


def _draw(study: Study, name: str, what: str) -> Sheet | None:
    found = {p.name: study.dated(p, name) for p in study.policies}
    rows = [p for p in study.policies if found[p.name] is not None]
    if not rows:
        return None
    curves = {p.name: value for p in rows if (value := found[p.name]) is not None}
    peaks = {key: float(curve.mean.max()) for key, (_, curve) in curves.items()}
    top = max(float(c.bands.max()) if c.spread else peaks[k] for k, (_, c) in curves.items())
    spread = any(curve.spread for _, curve in curves.values())
    daily = study.long(rows[0])
    each = "each day" if daily else "each hour"
    key: list[Patch | Line2D] = [Line2D([], [], color=style.INK, lw=1.2, label=f"mean of {each}")]
    if spread:
        key.append(Patch(fc=_NARROW, label="50 % of the simulated periods"))
        key.append(Patch(fc=_WIDE, label="90 % of them"))
    worst = max(rows, key=lambda p: peaks[p.name])
    best = min(rows, key=lambda p: peaks[p.name])
    unit = "day" if daily else "hour"
    when = f"On the worst {unit}" if daily else f"In the worst {unit}"
    title = f"{when} {words.count(peaks[worst.name])} trucks are {what}"
    if len(rows) > 1:
        title += f" under {worst.label}, {words.count(peaks[best.name])} under {best.label}"
    caption = (
        f"Height is the number of trucks {what} (mean of {each}); all panels share one scale, and"
        f" the circle marks the worst {unit} of each policy.{study.overload_note}"
    )
    label = f"trucks {what}"
    panels = policy_panels(rows, title, caption, (f"date ({rows[0].clock})", label), key=key)
    for policy, axes in zip(rows, panels.axes, strict=True):
        dates, curve = curves[policy.name]
        if curve.spread:
            axes.fill_between(dates, curve.bands[:, 0], curve.bands[:, 4], color=_WIDE, lw=0)
            axes.fill_between(dates, curve.bands[:, 1], curve.bands[:, 3], color=_NARROW, lw=0)
        axes.plot(dates, curve.mean, color=style.INK, lw=1.0)
        scales.date_axis(axes, dates[0], dates[-1], panels.width)
        scales.count_axis(axes, top, headroom=1.22)
        at = int(np.argmax(curve.mean))
        text = f"{words.count(peaks[policy.name])} on {scales.day_text(dates[at])}"
        scales.point_label(
            axes, scales.position(dates[at]), peaks[policy.name], text, width=panels.width
        )
    return panels.sheet

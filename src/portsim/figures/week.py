"""The mean week: at which hour of which weekday trucks wait."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from portsim.figures import style, text_layout
from portsim.figures.sheet import Sheet, policy_panels
from portsim.figures.study import Floats, Policy, Study
from portsim.wording import amounts, days, say, sentences

_BAR = 1.15
_DIGITS = 6.5
_CELL = 0.28
"""Inches that a cell of a panel alone is wide."""


def draw(study: Study) -> Sheet | None:
    """Mean queue by hour and weekday as a heat map, one panel a policy, one colour scale."""
    weeks: dict[str, Floats] = {}
    for policy in study.policies:
        curve = study.curve(policy, "week")
        if curve is not None and len(curve.x) == 168:
            weeks[policy.name] = curve.mean.reshape(7, 24)
    rows = [p for p in study.policies if p.name in weeks]
    if not rows:
        return None
    top = max(float(week.max()) for week in weeks.values())
    bottom = min(float(week.min()) for week in weeks.values())
    logarithmic = top > 1 and (
        top > 30 * max(bottom, 1.0) or top > 20 * min(w.max() for w in weeks.values())
    )
    norm: Normalize = (
        LogNorm(max(bottom, top / 3000, 0.1), top) if logarithmic else Normalize(0, top)
    )
    if top <= 0:
        norm = Normalize(0, 1)
    # Of one policy alone there is room for the number of each hour.
    widest = max(text_layout.width(amounts.count(v), _DIGITS) for v in weeks[rows[0].name].flat)
    inside = len(rows) == 1 and widest < _CELL
    clock = rows[0].clock
    panels = policy_panels(
        rows,
        _title(rows, weeks),
        sentences(
            say(
                "Each cell is the mean number of trucks waiting in that hour of the week; brighter"
                " is more."
            ),
            say(
                "All panels share one colour scale, which is logarithmic: each step up is a"
                " multiple."
            )
            if logarithmic
            else say("All panels share one colour scale.")
            if len(rows) > 1
            else "",
            say("The number beside a day is the most in any of its hours.") if not inside else "",
            say("The ring marks the worst hour of each policy.") if top > 0 else "",
            study.overload_note,
        ),
        (say("hour of the day ({clock})", clock=clock), ""),
        height=1.15,
        left=0.55,
        right=_BAR,
    )
    for policy, axes in zip(rows, panels.axes, strict=True):
        week = weeks[policy.name]
        mesh = axes.imshow(
            np.maximum(week, norm.vmin or 0),
            cmap=style.HEAT,
            norm=norm,
            aspect="auto",
            extent=(0, 24, 6.5, -0.5),
            interpolation="nearest",
        )
        # The last would touch the first of the next panel.
        hours = range(0, 25 if len(rows) == 1 else 24, 2 if panels.width > 5 else 6)
        axes.set_xticks(hours, [f"{hour:02d}:00" for hour in hours])
        axes.set_yticks(range(7), days())
        _numbers(axes, week, norm, inside=inside)
        axes.grid(visible=False)
        axes.spines[["top", "right"]].set_visible(True)
        day, hour = divmod(int(np.argmax(week)), 24)
        if week.max() > 0:
            # The most of an emptier policy may lie below the scale of all.
            bright = float(norm(max(week.max(), norm.vmin or 0.0))) > 0.6
            edge = "black" if bright else "white"
            axes.plot(
                [hour + 0.5], [day], "o", ms=17 if inside else 6, mfc="none", mec=edge, mew=1.3
            )
    height = panels.sheet.height
    last = panels.axes[0].get_position()
    right = max(axes.get_position().x1 for axes in panels.axes)
    bottom_axes = panels.axes[-1].get_position()
    low = bottom_axes.y0 if len(rows) <= 3 else max(bottom_axes.y0, last.y1 - 3.6 / height)
    colour_axes = panels.sheet.figure.add_axes((right + 0.045, low, 0.016, last.y1 - low))
    bar = panels.sheet.figure.colorbar(mesh, cax=colour_axes)
    if logarithmic:
        steps = [m * 10.0**e for e in range(-1, 7) for m in (1, 3)]
        bar.ax.yaxis.set_major_locator(FixedLocator(steps))
        bar.ax.yaxis.set_minor_locator(NullLocator())
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: amounts.plain(float(value))))
    bar.set_label(say("trucks waiting (mean of the hour)"))
    return panels.sheet


def _numbers(axes: Axes, week: Floats, norm: Normalize, *, inside: bool) -> None:
    """The number of each hour inside its cell, else the most of each day beside it."""
    if inside:
        for (day, hour), value in np.ndenumerate(week):
            dark = float(norm(max(value, norm.vmin or 0.0))) < 0.5
            axes.text(hour + 0.5, day, amounts.count(float(value)), ha="center", va="center",
                      fontsize=_DIGITS, color="white" if dark else style.INK)  # fmt: skip
        return
    for day, most in enumerate(week.max(axis=1)):
        axes.text(24.3, day, amounts.count(float(most)), ha="left", va="center",
                  fontsize=_DIGITS, gid="direct-label")  # fmt: skip


def _title(rows: list[Policy], weeks: dict[str, Floats]) -> str:
    worst = max(rows, key=lambda p: float(weeks[p.name].max()))
    week = weeks[worst.name]
    if not week.max() > 0:
        return say("Nobody waits in the mean week")
    day, hour = divmod(int(np.argmax(week)), 24)
    when = f"{days()[day]} {hour:02d}:00–{hour + 1:02d}:00"
    most = amounts.count(float(week.max()))
    if len(rows) == 1:
        return say("Most trucks wait on {when}: {most} on average", when=when, most=most)
    best = min((p for p in rows if p is not worst), key=lambda p: float(weeks[p.name].max()))
    return say(
        "Most trucks wait on {when}: {most} on average under {worst}; {best} never has more than"
        " {least} in its mean week",
        when=when,
        most=most,
        worst=worst.label,
        best=best.label,
        least=amounts.count(float(weeks[best.name].max())),
    )

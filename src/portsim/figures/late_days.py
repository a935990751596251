"""A calendar of late trucks: a square a day, with the days on which nobody was released."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from matplotlib.ticker import FuncFormatter

from portsim.figures import style, text_layout
from portsim.figures.scales import FLATTENS
from portsim.figures.sheet import WIDTH, Sheet
from portsim.figures.study import Floats, Policy, Study
from portsim.wording import amounts, day_month_year, days, month, say, sentences

_NAME, _BAR = 0.55, 0.75
_WEEKS = 53
_CELL = (WIDTH - 0.28 - _NAME - _BAR) / _WEEKS
_HEAD, _FOOT = 0.24, 0.34
_SHADES = 20
"""So many colours a calendar has: the squares of one are one shape, which keeps a page light."""


@dataclass(frozen=True, eq=False, slots=True)
class _Days:
    """Late trucks of each day, mean of the periods; NaN where a day cannot be judged."""

    policy: Policy
    first: dt.date
    late: Floats
    shut: np.ndarray
    """bool[d], nobody was released in any period."""

    @property
    def dates(self) -> list[dt.date]:
        return [self.first + dt.timedelta(days=n) for n in range(len(self.late))]


def draw(study: Study) -> Sheet | None:
    """Late trucks by the day they come, one calendar a policy; the last year of a longer period."""
    rows = [days_ for policy in study.policies if (days_ := _days(study, policy)) is not None]
    if not rows:
        return None
    most = {row.policy.name: float(np.nanmax(row.late)) for row in rows}
    calm = max((most[r.policy.name] for r in rows if not r.policy.overloaded), default=0.0)
    longest = max(most.values())
    cut = 0 < FLATTENS * calm < longest
    most_shown = max(calm if cut else longest, 1e-9)
    norm = Normalize(0, most_shown)
    names = [text_layout.wrap(r.policy.label, 4.5, style.SIZE, bold=True) for r in rows]
    step = _HEAD + 7 * _CELL + _FOOT
    sheet = Sheet(
        _title(rows),
        sentences(
            say(
                "Each square is a day, coloured by the late trucks that came on it, mean of the"
                " simulated periods; below each month is their sum."
            ),
            say("White squares with a dotted frame cannot be judged.")
            if any(np.isnan(row.late).any() for row in rows)
            else "",
            say("An overloaded policy goes beyond the end of the scale.") if cut else "",
            study.promise_note,
            study.overload_note,
        ),
        step * len(rows) - 0.06,
        [Patch(fc="white", ec=style.INK, hatch="xxxx", lw=0.5,
               label=say("no truck is released on that day"))],
    )  # fmt: skip
    for number, (row, name) in enumerate(zip(rows, names, strict=True)):
        top = step * number
        sheet.text(_NAME + 0.14, top, name.split("\n")[0], bold=True)
        if row.policy.overloaded:
            sheet.text(_NAME + 4.9, top + 0.01, say(text_layout.OVERLOADED), size=style.SMALL,
                       colour=style.ALARM)  # fmt: skip
        _calendar(sheet, row, most_shown, top + _HEAD)
    _bar(sheet, norm, step, beyond=cut)
    return sheet


def _calendar(sheet: Sheet, row: _Days, most: float, top: float) -> None:
    axes = sheet.axes(_NAME + 0.14, top, _WEEKS * _CELL, 7 * _CELL)
    dates = row.dates
    monday = dates[0] - dt.timedelta(days=dates[0].weekday())
    colours = style.pale_map(Normalize(0, most)).to_rgba
    shades = np.ceil(np.clip(row.late / most, 0, 1) * _SHADES)
    squares: dict[float, list[tuple[int, int]]] = {}
    crossed: dict[str, list[tuple[int, int]]] = {}
    sums: dict[tuple[int, int], float] = {}
    places: dict[tuple[int, int], float] = {}
    for date, late, shut, shade in zip(dates, row.late, row.shut, shades, strict=True):
        week = (date - monday).days // 7
        place = week, date.weekday()
        known = bool(np.isfinite(late))
        squares.setdefault(float(shade) if known else -1.0, []).append(place)
        if shut:
            ink = "white" if known and late > 0.55 * most else style.INK
            crossed.setdefault(ink, []).append(place)
        key = date.year, date.month
        places.setdefault(key, week + 0.5)
        if known:
            sums[key] = sums.get(key, 0.0) + float(late)
    for shade, some in squares.items():
        known, middle = shade >= 0, max(shade - 0.5, 0.0) / _SHADES * most
        colour = colours(np.array([middle]))[0] if known else "white"
        _squares(axes, some, fc=colour, ec=style.FAINT, ls="-" if known else ":")
    for ink, some in crossed.items():
        _squares(axes, some, fc="none", ec=ink, hatch="xxxx")
    axes.set_xlim(0, _WEEKS)
    axes.set_ylim(7, 0)
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set_yticks([0.5, 2.5, 4.5, 6.5], [days()[n] for n in (0, 2, 4, 6)])
    axes.tick_params(length=0, pad=2)
    shown = {k: x for k, x in places.items() if k in sums}
    texts = [f"{month(k[1])}\n{amounts.count(sums[k])}" for k in shown]
    axes.set_xticks([min(x + 1.6, _WEEKS - 1.5) for x in shown.values()], texts)
    # The sums of neighbours that share few weeks would meet.
    last = -9.0
    for label, x in zip(axes.get_xticklabels(), shown.values(), strict=True):
        label.set_visible(x - last >= 2.5)
        last = x if x - last >= 2.5 else last


def _squares(axes: Axes, places: Sequence[tuple[int, int]], **look: Any) -> None:
    """Days by week and weekday, drawn as one shape."""
    corners = np.array([(0.06, 0.06), (0.94, 0.06), (0.94, 0.94), (0.06, 0.94), (0.06, 0.06)])
    codes = [Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY]
    points = (np.array(places)[:, None, :] + corners).reshape(-1, 2)
    axes.add_patch(PathPatch(Path(points, codes * len(places)), lw=0.4, **look))


def _bar(sheet: Sheet, norm: Normalize, step: float, *, beyond: bool) -> None:
    tall = step - _FOOT - _HEAD
    axes = sheet.axes(WIDTH - 0.14 - _BAR + 0.18, _HEAD, 0.13, tall)
    more = "max" if beyond else "neither"
    bar = sheet.figure.colorbar(style.pale_map(norm), cax=axes, extend=more)
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: amounts.plain(float(value))))
    bar.ax.set_title(say("late"), fontsize=style.SMALL, pad=8)


def _days(study: Study, policy: Policy) -> _Days | None:
    curve, out = study.curve(policy, "late"), study.curve(policy, "throughput")
    if curve is None or policy.start is None or not np.isfinite(curve.mean).any():
        return None
    count = int(curve.x[-1]) + 1
    late = np.full(count, np.nan)
    late[curve.x.astype(int)] = curve.mean
    shut = np.zeros(count, dtype=bool)
    if out is not None:
        there = out.x.astype(int)
        inside = there < count
        shut[there[inside]] = out.mean[inside] == 0
    skipped = max(count - 7 * (_WEEKS - 1), 0)
    first = policy.start.date() + dt.timedelta(days=skipped)
    return _Days(policy, first, late[skipped:], shut[skipped:])


def _title(rows: list[_Days]) -> str:
    worst = {row.policy.name: int(np.nanargmax(row.late)) for row in rows}
    row = max(rows, key=lambda each: float(np.nanmax(each.late)))
    most = float(np.nanmax(row.late))
    if not most > 0:
        return say("No truck is late on any day")
    words = {
        "policy": row.policy.label,
        "count": amounts.count(most),
        "day": day_month_year(row.dates[worst[row.policy.name]]),
    }
    first = say("Most late trucks of a day under {policy}: {count}, of {day}", **words)
    if len(rows) == 1:
        return first
    best = min(rows, key=lambda each: float(np.nanmax(each.late)))
    if best is row:
        return first
    return say(
        "{statement}; under {policy} never more than {count}",
        statement=first,
        policy=best.policy.label,
        count=amounts.count(float(np.nanmax(best.late))),
    )

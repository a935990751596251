"""Axes that read well: dates in the port's local time, months, labels that never overlap."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator

from portsim.figures import style, text_layout
from portsim.figures.study import Curve, Dates, Policy, Study
from portsim.wording import amounts, day_month, day_month_year, month, say, sentences

_TICK = 0.42
FLATTENS = 2.0
"""So many times what the others need flattens them."""


class Stamp(NamedTuple):
    """A day on the calendar, with how it is written."""

    day: np.datetime64
    text: str


def day_text(day: np.datetime64, first: np.datetime64, last: np.datetime64) -> str:
    """``28 Sep``, as local dates are written on a picture; ``28 Sep 2024`` where what is
    shown, from ``first`` to ``last``, lies in more than one year.
    """
    named = dt.date.fromisoformat(str(day.astype("datetime64[D]")))
    ends = {str(end.astype("datetime64[Y]")) for end in (first, last - np.timedelta64(1, "s"))}
    return day_month(named) if len(ends) == 1 else day_month_year(named)


def position(instant: np.datetime64) -> float:
    """Where a local instant lies on a date axis."""
    seconds = instant.astype("datetime64[s]").astype(np.int64)
    return float(seconds) / 86_400


def date_axis(axes: Axes, first: np.datetime64, last: np.datetime64, width: float) -> None:
    """Put ticks on year or month starts, Mondays or midnights, as many as ``width`` inches can
    hold; every year that is seen is named once.
    """
    begin, end = first.astype("datetime64[D]"), last.astype("datetime64[D]")
    axes.set_xlim(position(begin), position(last))
    days = max(int((end - begin).astype(int)), 1)
    room = max(int(width / _TICK), 2)
    if days > 70:
        stamps = _month_starts(begin, last, room)
    else:
        step = next((n for n in (1, 2, 7, 14, 28) if days / n <= room), 28)
        monday = begin - np.timedelta64((int(begin.astype(int)) + 3) % 7, "D")
        start = monday if step >= 7 else begin
        all_days = np.arange(start, end + np.timedelta64(1, "D"), np.timedelta64(step, "D"))
        stamps = _with_years([Stamp(day, _short(day)) for day in all_days if begin <= day <= last])
    # A label at the very end would reach into the next panel.
    edge = (position(last) - position(begin)) * (1 - 0.19 / width)
    stamps = [stamp for stamp in stamps if position(stamp.day) - position(begin) <= edge]
    axes.set_xticks([position(stamp.day) for stamp in stamps])
    axes.set_xticklabels([stamp.text for stamp in stamps])


def _short(day: np.datetime64) -> str:
    return day_month(dt.date.fromisoformat(str(day)))


def _with_years(stamps: list[Stamp]) -> list[Stamp]:
    """The stamps with the year below the first of each, if there is more than one."""
    years = [str(stamp.day.astype("datetime64[Y]")) for stamp in stamps]
    if len(set(years)) < 2:
        return stamps
    return [
        Stamp(stamp.day, f"{stamp.text}\n{year}") if years.index(year) == number else stamp
        for number, (stamp, year) in enumerate(zip(stamps, years, strict=True))
    ]


def _month_starts(begin: np.datetime64, last: np.datetime64, room: int) -> list[Stamp]:
    after = last.astype("datetime64[M]") + np.timedelta64(1, "M")
    months = np.arange(begin.astype("datetime64[M]"), after)
    starts = [start for start in months if begin <= start.astype("datetime64[D]") <= last]
    step = next((n for n in (1, 2, 3, 6) if len(starts) / n <= room), 12)
    # From January on in steps, so that a year never lacks its first month among the ticks.
    starts = [start for start in starts if (int(str(start)[5:]) - 1) % step == 0]
    if step == 12:
        every = next((n for n in (1, 2, 5, 10) if len(starts) / n <= room), 20)
        starts = [start for start in starts if int(str(start)[:4]) % every == 0]
        return [Stamp(start.astype("datetime64[D]"), str(start)[:4]) for start in starts]
    stamps: list[Stamp] = []
    for start in starts:
        year, number = str(start).split("-")
        text = month(int(number))
        if not stamps or number == "01":
            text += f"\n{year}"
        stamps.append(Stamp(start.astype("datetime64[D]"), text))
    return stamps


def month_axis(axes: Axes, months: Sequence[str], width: float) -> None:
    """Ticks at 0, 1, 2 … named after ``months`` (``2024-09``), thinned to ``width`` inches."""
    room = max(int(width / (_TICK - 0.06)), 2)
    step = -(-len(months) // room)
    ticks = list(range(0, len(months), step))
    texts = []
    for tick in ticks:
        year, number = months[tick].split("-")
        text = month(int(number))
        if tick == 0 or months[tick - step].split("-")[0] != year:
            text += f"\n{year}"
        texts.append(text)
    axes.set_xticks(ticks, texts)
    axes.set_xlim(-0.6, len(months) - 0.4)


def count_axis(axes: Axes, top: float, *, ticks: int = 4, headroom: float = 1.18) -> None:
    """A vertical axis from 0 to a little above ``top``, its numbers written in full."""
    axes.set_ylim(0, max(top, 1e-9) * headroom)
    axes.yaxis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: amounts.plain(float(value))))


def tops(policies: Sequence[Policy], most: Mapping[str, float]) -> dict[str, float]:
    """How far the axis of each policy reaches: as far for all as any needs, but that an overloaded
    policy has a scale of its own where it would flatten the others.

    Args:
        policies: whose values are drawn.
        most: the largest value of each, by name.
    """
    calm = max((most[p.name] for p in policies if not p.overloaded), default=0.0)
    own = {p.name for p in policies if p.overloaded and calm > 0 and most[p.name] > FLATTENS * calm}
    common = max((most[p.name] for p in policies if p.name not in own), default=0.0)
    return {p.name: most[p.name] if p.name in own else common for p in policies}


def own_scale(tops: Mapping[str, float]) -> list[str]:
    """Names of the policies whose axis is not that of the others."""
    if not tops:
        return []
    common = min(tops.values())
    return [name for name, top in tops.items() if top > common]


def one_scale(own: Collection[str]) -> str:
    """A sentence for captions on the scale of the panels."""
    if own:
        return say("All panels share one scale, but for overloaded policies, which have their own.")
    return say("All panels share one scale.")


def most_at_once(study: Study, policy: Policy, measure: str, curve: Curve) -> float:
    """The most at once in a period, mean of the periods: the figure of the table, else the top of
    the curve where the table lacks it.
    """
    estimate = study.estimate(policy, measure)
    return estimate.mean if estimate is not None else float(curve.mean.max())


def at_once(*, daily: bool) -> str:
    """A sentence for captions on what is written where a curve is highest."""
    number = say("The number is the most at once in a period, mean of the periods.")
    circle = (
        say("The circle marks the day that is worst on average.")
        if daily
        else say("The circle marks the hour that is worst on average.")
    )
    return sentences(number, circle)


def worst_day(most: float, instant: np.datetime64, dates: Dates) -> str:
    """The most at once, and the day that is worst on average."""
    when = day_text(instant, dates[0], dates[-1])
    return say("up to {count}; worst on {day}", count=amounts.count(most), day=when)


def share_axis(axes: Axes, *, upright: bool = True, beyond: float = 1.0) -> None:
    """An axis of shares from 0 to 100 %."""
    axis = axes.yaxis if upright else axes.xaxis
    (axes.set_ylim if upright else axes.set_xlim)(0, beyond)
    axis.set_major_locator(MultipleLocator(0.25))
    axis.set_major_formatter(FuncFormatter(lambda value, _: amounts.percent(float(value))))


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Centres as near to ``wanted`` as they can be while things of ``sizes`` do not touch.

    They keep their order and stay between ``low`` and ``high`` as long as there is room.
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    placed = list(wanted)
    floor = low
    for index in order:
        placed[index] = max(wanted[index], floor + sizes[index] / 2)
        floor = placed[index] + sizes[index] / 2
    ceiling = high
    for index in reversed(order):
        placed[index] = min(placed[index], ceiling - sizes[index] / 2)
        ceiling = placed[index] - sizes[index] / 2
    return placed


def peak_label(
    axes: Axes, dates: np.ndarray, day: np.datetime64, peak: float, *, width: float
) -> None:
    """Name the largest value of a panel ``width`` inches wide, and the day of it."""
    when = day_text(day, dates[0], dates[-1])
    text = say("{count} on {day}", count=amounts.count(peak), day=when)
    point_label(axes, position(day), peak, text, width=width)


def point_label(axes: Axes, x: float, y: float, text: str, *, width: float) -> None:
    """Name the point (x, y) of a panel ``width`` inches wide, with the text inside the panel."""
    low, high = axes.get_xlim()
    where = (x - low) / (high - low)
    need = text_layout.width(text, style.SMALL) / width
    right = where + need + 0.05 < 1
    axes.plot(
        [x], [y], marker="o", ms=4, mfc="white", mec=style.INK, mew=1, clip_on=False, zorder=6
    )
    axes.annotate(
        text,
        (x, y),
        xytext=(5 if right else -5, 3),
        textcoords="offset points",
        ha="left" if right else "right",
        va="bottom",
        fontsize=style.SMALL,
        gid="direct-label",
        zorder=7,
    )

"""How many trucks pass: by month beside what came, and by day."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from portsim.figures import scales, style
from portsim.figures.overview import framed
from portsim.figures.sheet import Sheet, policy_panels
from portsim.figures.study import Estimate, Policy, Study
from portsim.wording import amounts, month_year, say, sentences

_WEEK = 7


def draw_month(study: Study) -> Sheet | None:
    """Releases a day in each month against arrivals and capacity, one panel a policy."""
    tables = {p.name: study.months(p, "throughput_per_day") for p in study.policies}
    # A single month says no more than the overview does.
    rows = [p for p in study.policies if len(tables[p.name]) > 1]
    if not rows:
        return None
    came = {p.name: arrivals_by_month(study, p) for p in rows}
    capacity = {
        p.name: most
        for p in rows
        if (most := study.estimate(p, "capacity_per_day")) is not None and not most.at_least
    }
    # A mean over all days of the period is no limit of a month in which more passed.
    busy = {
        name: most
        for name, most in capacity.items()
        if not all(framed(most, month) for month in tables[name].values())
    }
    months = sorted({month for p in rows for month in tables[p.name]})
    flows = [e.high if e.sure else e.mean for p in rows for e in tables[p.name].values()]
    top = max([*flows, *(value for table in came.values() for value in table.values())])
    sure = any(e.sure for p in rows for e in tables[p.name].values())
    key: list[Patch | Line2D] = [
        Patch(
            fc=style.PALE,
            ec=style.BLUE,
            label=say("released (tick: 95 % interval)") if sure else say("released"),
        )
    ]
    if any(came.values()):
        key.append(
            Line2D([], [], color=style.INK, marker="_", ms=9, mew=1.6, ls="", label=say("arrived"))
        )
    if capacity.keys() - busy.keys():
        key.append(
            Line2D(
                [],
                [],
                color=style.ALARM,
                ls=(0, (5, 2)),
                lw=1.1,
                label=say("capacity of the period"),
            )
        )
    panels = policy_panels(
        rows,
        _month_title(rows, tables, came),
        sentences(
            say(
                "Bars are trucks released a day, black dashes trucks that arrived a day in that"
                " month. A bar below its dash means trucks are left for later; a bar above it means"
                " an older queue is worked off. Where no capacity line is seen it lies above the"
                " panel."
            ),
            say(
                "There is none where a month with more open days, lighter trucks or an older queue"
                " passed more than the mean day of the period can: {policies}.",
                policies=say(", ").join(p.label for p in rows if p.name in busy),
            )
            if busy
            else "",
        ),
        (say("month"), say("trucks a day")),
        key=key,
        height=1.4,
    )
    for policy, axes in zip(rows, panels.axes, strict=True):
        for index, month in enumerate(months):
            passed = tables[policy.name].get(month)
            if passed is None:
                continue
            axes.bar(index, passed.mean, 0.72, fc=style.PALE, ec=style.BLUE)
            if passed.sure:
                axes.plot([index] * 2, [passed.low, passed.high], "_-", c=style.BLUE, ms=4, lw=1.1)
            if month in came[policy.name]:
                ends = [index - 0.42, index + 0.42]
                axes.plot(ends, [came[policy.name][month]] * 2, c=style.INK, lw=1.6)
        most = None if policy.name in busy else capacity.get(policy.name)
        scales.count_axis(axes, top, headroom=1.14)
        scales.month_axis(axes, months, panels.width)
        axes.grid(visible=False, axis="x")
        if most is not None and most.mean < top * 1.14:
            axes.axhline(most.mean, color=style.ALARM, ls=(0, (5, 2)), lw=1.1)
    return panels.sheet


def arrivals_by_month(study: Study, policy: Policy) -> dict[str, float]:
    """Arrivals a day in each month, from the cumulated curve."""
    curve = study.curve(policy, "arrivals")
    if curve is None or policy.start is None or len(curve.x) < 2:
        return {}
    begins = policy.dates(curve.x - 1.0)
    months = begins.astype("datetime64[M]")
    hourly = np.diff(curve.mean, prepend=np.nan)
    result: dict[str, float] = {}
    for month in np.unique(months):
        inside = hourly[months == month]
        inside = inside[np.isfinite(inside)]
        if len(inside) >= 24:
            result[str(month)] = float(inside.mean() * 24)
    return result


def _month_title(
    rows: list[Policy], tables: dict[str, dict[str, Estimate]], came: dict[str, dict[str, float]]
) -> str:
    short = {
        (p.name, month): arrived - tables[p.name][month].mean
        for p in rows
        for month, arrived in came[p.name].items()
        if month in tables[p.name]
    }
    peak = max(((e.mean, m) for p in rows for m, e in tables[p.name].items()))
    if not short:
        return say(
            "At most {count} trucks a day pass, in {month}",
            count=amounts.number(peak[0]),
            month=month_year(peak[1]),
        )
    name, month = max(short, key=lambda key: short[key])
    arrived = came[name][month]
    if short[name, month] < 0.03 * arrived:
        every = say("Every policy") if len(rows) > 1 else rows[0].label
        return say(
            "{every} releases what arrives in every month, up to {count} trucks a day in {month}",
            every=every,
            count=amounts.number(peak[0]),
            month=month_year(peak[1]),
        )
    worst = next(p for p in rows if p.name == name)
    text = say(
        "In {month} {worst} releases {count} of the {arrived} trucks that arrive a day",
        month=month_year(month),
        worst=worst.label,
        count=amounts.number(tables[name][month].mean),
        arrived=amounts.number(arrived),
    )
    others = [p for p in rows if p is not worst and month in tables[p.name]]
    if not others:
        return text
    best = max(others, key=lambda p: tables[p.name][month].mean)
    return say(
        "{statement}, {best} {count}",
        statement=text,
        best=best.label,
        count=amounts.number(tables[best.name][month].mean),
    )


def draw_day(study: Study) -> Sheet | None:
    """Releases on each day with their mean over seven days, one panel a policy."""
    daily = {p.name: study.curve(p, "throughput") for p in study.policies}
    rows = [p for p in study.policies if daily[p.name] is not None and p.start is not None]
    curves = {p.name: curve for p in rows if (curve := daily[p.name]) is not None}
    if not rows:
        return None
    tops = {name: float(curve.mean.max()) for name, curve in curves.items()}
    spread = any(curve.spread for curve in curves.values())
    top = max(float(c.bands.max()) if c.spread else tops[n] for n, c in curves.items())
    key: list[Patch | Line2D] = [
        Line2D([], [], color=style.BLUE, lw=0.8, label=say("each day")),
        Line2D([], [], color=style.INK, lw=1.6, label=say("mean of seven days")),
    ]
    if spread:
        key.append(Patch(fc="#dbe6fe", label=say("90 % of the simulated periods")))
    best = max(rows, key=lambda p: tops[p.name])
    title = say(
        "On its busiest day {best} releases {count} trucks",
        best=best.label,
        count=amounts.count(tops[best.name]),
    )
    if len(rows) > 1:
        least = min((p for p in rows if p is not best), key=lambda p: tops[p.name])
        title = say(
            "{statement}, {best} {count}",
            statement=title,
            best=least.label,
            count=amounts.count(tops[least.name]),
        )
    panels = policy_panels(
        rows,
        title,
        say(
            "The thin line is the number of trucks released on each day (mean of the simulated"
            " periods); it falls to zero on closed days. The thick line smooths it over seven days."
        ),
        (say("date ({clock})", clock=rows[0].clock), say("trucks released a day")),
        key=key,
    )
    for policy, axes in zip(rows, panels.axes, strict=True):
        curve = curves[policy.name]
        dates = policy.dates(curve.x * 24 + 12)
        if curve.spread:
            axes.fill_between(dates, curve.bands[:, 0], curve.bands[:, 4], color="#dbe6fe", lw=0)
        axes.plot(dates, curve.mean, color=style.BLUE, lw=0.7)
        if len(curve.mean) >= 2 * _WEEK:
            smooth = np.convolve(curve.mean, np.full(_WEEK, 1 / _WEEK), "valid")
            axes.plot(dates[3:-3], smooth, color=style.INK, lw=1.5)
        scales.date_axis(axes, dates[0], dates[-1], panels.width)
        scales.count_axis(axes, top, headroom=1.22)
        busiest = dates[int(np.argmax(curve.mean))]
        scales.peak_label(axes, dates, busiest, tops[policy.name], width=panels.width)
    return panels.sheet

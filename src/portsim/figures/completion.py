"""The promise month by month: the share of trucks that leave in time."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from portsim.figures import scales, style
from portsim.figures.sheet import Sheet, policy_panels
from portsim.figures.study import Estimate, Policy, Study
from portsim.wording import amounts, month_year, say, sentences

_BASE = (0, (3, 1.5))


def draw(study: Study) -> Sheet | None:
    """Completion within the limit by month with 95 % intervals, one panel a policy."""
    tables = {p.name: study.months(p, "completed_within_limit") for p in study.policies}
    # A single month says no more than the overview does.
    rows = [p for p in study.policies if len(tables[p.name]) > 1]
    if not rows:
        return None
    months = sorted({month for p in rows for month in tables[p.name]})
    base = study.base if tables[study.base.name] and len(rows) > 1 else None
    limit = study.limit_text
    sure = any(e.sure for p in rows for e in tables[p.name].values())
    key = [
        Line2D(
            [],
            [],
            color=style.BLUE,
            marker="o",
            ms=4.5,
            mec=style.INK,
            mew=0.6,
            label=say("this policy (bar: 95 % interval)") if sure else say("this policy"),
        )
    ]
    if base:
        key.append(
            Line2D(
                [],
                [],
                color=style.MUTED,
                ls=_BASE,
                lw=1.1,
                label=say("baseline {base}", base=base.label),
            )
        )
    panels = policy_panels(
        rows,
        _title(study, rows, tables, limit),
        sentences(
            say(
                "Each point is the share of the trucks arriving in that month that left within"
                " {limit}; trucks turned away or never released count as not completed. The worst"
                " month of each policy is written out.",
                limit=limit,
            ),
            study.promise_note,
            study.overload_note,
        ),
        (say("month of arrival"), say("out within {limit}, %", limit=limit)),
        key=key,
        height=1.4,
    )
    for policy, axes in zip(rows, panels.axes, strict=True):
        table = tables[policy.name]
        positions = [index for index, month in enumerate(months) if month in table]
        known = [table[months[index]] for index in positions]
        if base and policy is not base:
            other = tables[base.name]
            there = [index for index, month in enumerate(months) if month in other]
            axes.plot(
                there, [other[months[i]].mean for i in there], c=style.MUTED, ls=_BASE, lw=1.1
            )
        for index, month_share in zip(positions, known, strict=True):
            if month_share.sure:
                ends = np.clip([month_share.low, month_share.high], 0, 1)
                axes.plot([index, index], ends, "_-", c=style.INK, ms=5, lw=1.1)
        means = [month_share.mean for month_share in known]
        axes.plot(
            positions, means, "o-", c=style.BLUE, ms=4.5, mec=style.INK, mew=0.6, clip_on=False,
            zorder=5, label=policy.label,
        )  # fmt: skip
        panels.sheet.point(axes, "names", "share", [month_year(month) for month in months])
        scales.share_axis(axes, beyond=1.06)
        scales.month_axis(axes, months, panels.width)
        below = tables[base.name] if base else {}
        _name_worst(axes, positions, known, months, below)
    return panels.sheet


def _name_worst(
    axes: Axes,
    positions: list[int],
    known: list[Estimate],
    months: list[str],
    below: Mapping[str, Estimate],
) -> None:
    worst = min(range(len(known)), key=lambda index: known[index].mean)
    mean = known[worst].mean
    left = positions[worst] > (len(months) - 1) / 2
    low = known[worst].low if known[worst].sure else mean
    # The words reach over some months, and no line may cross them.
    near = [positions[worst] + step * (-1 if left else 1) for step in range(5)]
    lines = [below[months[n]].mean for n in near if 0 <= n < len(months) and months[n] in below]
    lines += [each.mean for place, each in zip(positions, known, strict=True) if place in near]
    low = min([low, *lines])
    text = say(
        "{month}: {share}", month=month_year(months[positions[worst]]), share=amounts.percent(mean)
    )
    place, shift = (float(positions[worst]), max(mean, 0.07)), (-7 if left else 7, 0)
    under = mean > 0.35
    if mean > 0.99:
        text, left = say("never below {share}", share=amounts.percent(mean)), False
        text = say("100 % in every month") if mean == 1 else text
        place, shift = (float(positions[0]), 0.95), (0, -2)
    elif under:
        place, shift = (float(positions[worst]), max(low, 0.0)), (0, -5)
    axes.annotate(
        text,
        place,
        xytext=shift,
        textcoords="offset points",
        ha="right" if left else "left",
        va="top" if under else "center",
        fontsize=style.SMALL,
        gid="direct-label",
        zorder=7,
    )


def _title(
    study: Study, rows: list[Policy], tables: dict[str, dict[str, Estimate]], limit: str
) -> str:
    worst = {p.name: min(e.mean for e in tables[p.name].values()) for p in rows}
    best = max(rows, key=lambda p: worst[p.name])
    if len(rows) == 1:
        return say(
            "In its worst month {policy} lets {share} of the trucks out within {limit}",
            policy=best.label,
            share=amounts.percent(worst[best.name]),
            limit=limit,
        )
    base = study.base if study.base.name in worst else rows[0]
    if base is best:
        base = min((p for p in rows if p is not best), key=lambda p: worst[p.name])
    return say(
        "In its worst month {policy} lets {share} of the trucks out within {limit}, {best} {most}",
        policy=base.label,
        share=amounts.percent(worst[base.name]),
        limit=limit,
        best=best.label,
        most=amounts.percent(worst[best.name]),
    )

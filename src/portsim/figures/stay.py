"""How long trucks stay: the share that has left after so many hours."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from portsim.figures import scales, style, text_layout
from portsim.figures.sheet import WIDTH, Sheet
from portsim.figures.study import Curve, Estimate, Policy, Study
from portsim.wording import amounts, later, say, sentences

_LEFT, _LABELS = 0.72, 2.55
_HEIGHT, _STEP = 2.35, 2.75
_BASE = (style.INK, "-")
_FIRST = 0.02
"""Share of the trucks with which the axis begins."""
_STEPS = (0.1, 0.25, 0.5, 1, 2, 4, 8, 24, 72, 168, 336, 720, 1440, 2880, 8760)
_NAMES = {
    72: later("3 days"),
    168: later("1 week"),
    336: later("2 weeks"),
    720: later("30 days"),
    1440: later("60 days"),
    2880: later("120 days"),
    8760: later("1 year"),
}


def draw(study: Study) -> Sheet | None:
    """ECDF of the stay with the promised limit, the baseline and three policies a panel."""
    curves = {p.name: c for p in study.policies if (c := study.curve(p, "stay")) is not None}
    rows = [p for p in study.policies if p.name in curves]
    if not rows:
        return None
    base = study.base if study.base.name in curves else rows[0]
    others = [p for p in rows if p is not base]
    groups = [[base, *others[start : start + 3]] for start in range(0, max(len(others), 1), 3)]
    # Hours from another clock than the arrival have no place on an axis of stays.
    limit = study.limit if study.from_arrival else math.nan
    width = WIDTH - 0.28 - _LEFT - _LABELS
    sheet = Sheet(
        _title(study, rows, base),
        sentences(
            say(
                "A line shows what share of the trucks has left after so many hours: the higher and"
                " the further left, the better. The horizontal axis is logarithmic. Trucks still"
                " inside at the end count as not yet out, so that a line may end below 100 %."
            ),
            say("Trucks that turned away or gave up are not among them.") if _lost(study) else "",
            say("The baseline is drawn again in each panel.") if len(groups) > 1 else "",
            study.overload_note,
        ),
        _STEP * len(groups) + 0.12,
    )
    # A policy has one look in all panels, and no other has it.
    looks = {base.name: _BASE}
    looks |= {policy.name: style.look(number) for number, policy in enumerate(others)}
    ends = [_ends(curve) for curve in curves.values()]
    low = max(min(first for first, _ in ends) * 0.8, 0.05)
    high = max(last for _, last in ends) * 1.08
    high = max(high, 1.3 * limit if math.isfinite(limit) else 0.0, low * 4)
    for index, group in enumerate(groups):
        axes = sheet.axes(_LEFT, 0.08 + _STEP * index, width, _HEIGHT)
        axes.set_xscale("log")
        axes.set_xlim(low, high)
        _panel(
            axes, [(policy, looks[policy.name]) for policy in group], curves, study, limit, width
        )
        sheet.point(axes, "hours", "share")
        if index == len(groups) - 1:
            axes.set_xlabel(say("stay from arrival to release, hours"))
    return sheet


def _panel(
    axes: Axes,
    group: list[tuple[Policy, style.Look]],
    curves: dict[str, Curve],
    study: Study,
    limit: float,
    width: float,
) -> None:
    low, high = axes.get_xlim()
    steps = _apart([step for step in _STEPS if low <= step <= high], math.log(high / low), width)
    axes.xaxis.set_major_locator(FixedLocator(steps))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: _named(float(x))))
    scales.share_axis(axes, beyond=1.04)
    axes.set_ylabel(say("share of trucks out, %"))
    if math.isfinite(limit):
        axes.axvline(limit, color=style.ALARM, lw=1.2, ls=(0, (1, 1)), zorder=3)
        text = say("{number} h promised", number=amounts.plain(limit))
        axes.text(
            limit, 0.03, f" {text}", color=style.ALARM,
            fontsize=style.SMALL, ha="left", va="bottom", gid="direct-label",
        )  # fmt: skip
    texts, ends = [], []
    for policy, (colour, line) in group:
        curve = curves[policy.name]
        shown = curve.x <= _ends(curve)[1]
        axes.plot(curve.x[shown], curve.mean[shown], c=colour, ls=line, lw=1.9, label=policy.label)
        share = _share(study, policy, curve, limit)
        text = text_layout.wrap(policy.label, _LABELS - 0.62, style.SIZE, bold=True)
        note = (
            say(
                "{share} within {limit} h", share=amounts.percent(share), limit=amounts.plain(limit)
            )
            if share >= 0
            else ""
        )
        if policy.overloaded:
            over = text_layout.wrap(say(text_layout.OVERLOADED), _LABELS - 0.3, style.SMALL)
            note += ("\n" if note else "") + over
        texts.append((text, note))
        ends.append(_at(curve, high) if not share >= 0 else share)
    sizes = [
        (0.16 * (t.count("\n") + 1) + (0.14 * (n.count("\n") + 1) if n else 0) + 0.08) / _HEIGHT
        for t, n in texts
    ]
    centres = scales.spread(ends, sizes, 0.0, 1.04)
    for (text, note), end, centre, size, (policy, (colour, line)) in zip(
        texts, ends, centres, sizes, group, strict=True
    ):
        _label(axes, (text, note), (end, centre, size), colour, line, overloaded=policy.overloaded)


def _named(hours: float) -> str:
    known = _NAMES.get(round(hours))
    return say(known) if known else say("{number} h", number=amounts.plain(hours))


def _apart(steps: list[float], span: float, width: float) -> list[float]:
    """The steps whose names do not touch on an axis ``width`` inches and ``span`` e-folds wide."""
    kept: list[float] = []
    for step in reversed(steps):
        half = text_layout.width(_named(step), style.SMALL) / 2 + 0.04
        if not kept:
            room = math.inf
        else:
            room = math.log(kept[-1] / step) / span * width
            room -= text_layout.width(_named(kept[-1]), style.SMALL) / 2 + 0.04
        if half < room:
            kept.append(step)
    return kept[::-1]


def _label(
    axes: Axes,
    texts: tuple[str, str],
    place: tuple[float, float, float],
    colour: str,
    line: object,
    *,
    overloaded: bool,
) -> None:
    _, centre, size = place
    beside = axes.get_yaxis_transform()
    y = centre / 1.0
    top = y + size / 2 - 0.02
    axes.plot(
        [1.015, 1.075], [top - 0.03] * 2, color=colour, ls=line, lw=1.9,
        transform=beside, clip_on=False,
    )  # fmt: skip
    axes.text(1.09, top, texts[0], transform=beside, va="top", fontweight="bold",
              fontsize=style.SIZE, gid="direct-label")  # fmt: skip
    lines = texts[0].count("\n") + 1
    if texts[1]:
        axes.text(1.09, top - 0.16 * lines / _HEIGHT * 1.04, texts[1], transform=beside, va="top",
                  fontsize=style.SMALL, color=style.ALARM if overloaded else style.MUTED,
                  linespacing=1.15, gid="direct-label")  # fmt: skip


def _at(curve: Curve, hours: float) -> float:
    return float(np.interp(hours, curve.x, curve.mean))


def _lost(study: Study) -> bool:
    """Whether trucks turn away or give up under some policy."""
    estimates = (study.estimate(p, m) for p in study.policies for m in ("diverted", "given_up"))
    return any(estimate is not None and estimate.mean > 0 for estimate in estimates)


def _ends(curve: Curve) -> tuple[float, float]:
    """Hours after which the first 2 % of the trucks have left, and after which nobody leaves."""
    most = float(curve.mean.max())
    if not most > 0.0:
        return float(curve.x[0]), float(curve.x[0])
    first = int(np.argmax(curve.mean >= min(_FIRST, most)))
    return float(curve.x[first]), float(curve.x[int(np.argmax(curve.mean >= most))])


def _share(study: Study, policy: Policy, curve: Curve, limit: float) -> float:
    """The official share out within the limit, else the curve's; ``nan`` without a limit."""
    if not math.isfinite(limit):
        return math.nan
    estimate = study.estimate(policy, "completed_within_limit")
    return estimate.mean if estimate is not None else _at(curve, limit)


def _title(study: Study, rows: list[Policy], base: Policy) -> str:
    most = {p.name: stay for p in rows if (stay := study.estimate(p, "stay_p95_h")) is not None}
    if base.name not in most:
        return say("How long trucks stay")
    half = study.estimate(base, "stay_p50_h")
    if len(rows) == 1 or len(most) < len(rows):
        return say(
            "Half of the trucks leave within {half} h, 95 % within {most} h ({base})",
            half=_hours(half) if half is not None else "–",
            most=_hours(most[base.name]),
            base=base.label,
        )
    best = min(rows, key=lambda p: most[p.name].mean)
    other = base
    if base is best:
        other = max((p for p in rows if p is not best), key=lambda p: most[p.name].mean)
    return say(
        "19 trucks of 20 leave within {most} h under {other}, within {least} h under {best}",
        most=_hours(most[other.name]),
        other=other.label,
        least=_hours(most[best.name]),
        best=best.label,
    )


def _hours(stay: Estimate) -> str:
    text = amounts.number(stay.mean)
    return amounts.at_least(text) if stay.at_least else text

"""What changes against the baseline, and whether the change can be told from none."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from portsim.figures import scales, style, text_layout
from portsim.figures.difference import Difference
from portsim.figures.sheet import WIDTH, Sheet
from portsim.figures.study import Policy, Study
from portsim.scenario.measure_catalogue import measure_of
from portsim.wording import amounts, later, say, sentences

_NAME = 1.72
_ROW = 0.58


@dataclass(frozen=True, slots=True)
class _Measure:
    name: str
    title: str
    unit: str


_MEASURES = (
    _Measure("throughput_per_day", later("Trucks released a day"), later("trucks a day")),
    _Measure("completed_within_limit", later("On-time share"), later("percentage points")),
    _Measure("stay_p95_h", later("Stay of the slowest 5 %"), later("hours (95th percentile)")),
)


def draw(study: Study) -> Sheet | None:
    """Paired differences to the baseline with joint 95 % intervals, one row a policy."""
    table = _read(study)
    rows = [p for p in study.policies if any((p.name, m.name) in table for m in _MEASURES)]
    shown = [m for m in _MEASURES if any((p.name, m.name) in table for p in rows)]
    if not rows:
        return None
    row = max(_ROW, 0.14 * max(_lines(p) for p in rows) + 0.08)
    height = row * len(rows)
    sheet = Sheet(
        _title(study, rows, table),
        sentences(
            say(
                "Each point is the difference to {base}; the line is the 95 % interval that holds"
                " for all comparisons of a panel at once. Where it covers 0, the simulated periods"
                " cannot tell the policy from the baseline in that respect.",
                base=study.base.label,
            ),
            say("An arrow points to an overloaded policy that lies further off.")
            if any(_far(rows, table, measure.name) for measure in shown)
            else "",
            study.trucks_note,
            study.overload_note,
        ),
        height + 0.80,
    )
    left = 0.14 + _NAME
    gap = 0.28
    width = (WIDTH - left - 0.24 - gap * (len(shown) - 1)) / len(shown)
    for index, policy in enumerate(rows):
        name = text_layout.wrap(policy.label, _NAME - 0.1, style.SIZE, bold=True)
        y = 0.26 + row * index + (row - 0.14 * _lines(policy)) / 2 - 0.01
        sheet.text(0.14, y, name, bold=True)
        if policy.overloaded:
            y += 0.145 * (name.count("\n") + 1)
            short = say(text_layout.OVERLOADED_SHORT)
            sheet.text(0.14, y, short, size=6.8, colour=style.ALARM, room=_NAME - 0.12)
    for column, measure in enumerate(shown):
        x = left + column * (width + gap)
        sheet.text(x, 0.02, say(measure.title), bold=True)
        axes = sheet.axes(x, 0.26, width, height)
        changes = [table.get((p.name, measure.name)) for p in rows]
        _panel(axes, changes, [p.overloaded for p in rows], measure, width)
    return sheet


def _far(rows: Sequence[Policy], table: Mapping[tuple[str, str], Difference], measure: str) -> bool:
    """Whether a difference lies beyond what the axis of a measure shows."""
    changes = [table.get((p.name, measure)) for p in rows]
    low, high = _range(changes, [p.overloaded for p in rows])
    return any(change is not None and not low <= change.mean <= high for change in changes)


def _lines(policy: Policy) -> int:
    name = text_layout.wrap(policy.label, _NAME - 0.1, style.SIZE, bold=True)
    return name.count("\n") + 1 + policy.overloaded


def _read(study: Study) -> dict[tuple[str, str], Difference]:
    return {
        (policy.name, measure.name): change.times(100.0 if measure_of(measure.name).share else 1.0)
        for policy in study.policies
        for measure in _MEASURES
        if (change := study.difference(policy, measure.name)) is not None
    }


def _ends(rows: Sequence[Difference]) -> tuple[float, float]:
    values = [v for r in rows for v in (r.mean, r.low, r.high) if math.isfinite(v)]
    return min(values, default=0.0), max(values, default=0.0)


def _range(rows: Sequence[Difference | None], overloaded: Sequence[bool]) -> tuple[float, float]:
    """What the axis shows: 0 and all differences, but that an overloaded policy flattens none."""
    low, high = _ends([row for row in rows if row is not None])
    calm = [row for row, over in zip(rows, overloaded, strict=True) if row is not None and not over]
    least, most = _ends(calm)
    near = scales.FLATTENS * max(most, -least)
    if near > 0:
        low, high = max(low, min(least, -near)), min(high, max(most, near))
    return min(low, 0.0), max(high, 0.0)


def _panel(
    axes: Axes,
    rows: list[Difference | None],
    overloaded: Sequence[bool],
    measure: _Measure,
    width: float,
) -> None:
    low, high = _range(rows, overloaded)
    room = high - low if high - low > 1e-9 else 1.0
    low, high = low - 0.06 * room, high + 0.06 * room
    axes.set_xlim(low, high)
    axes.axvline(0, color=style.INK, lw=1.0, zorder=1)
    for index, row in enumerate(rows):
        if row is None:
            continue
        colour = style.BLUE if row.clear else style.MUTED
        beyond = row.mean < low or row.mean > high
        if beyond:
            # It lies so far off that the others would be flat: only where to is drawn.
            edge, mark = (low, "<") if row.mean < low else (high, ">")
            axes.plot([0, edge], [index - 0.2] * 2, c=colour, lw=1.8, ls=(0, (2, 1.5)))
            axes.plot([edge], [index - 0.2], mark, ms=7, mec=style.INK, mew=0.8, mfc=style.BLUE,
                      zorder=5, clip_on=False)  # fmt: skip
        elif row.sure:
            axes.plot([row.low, row.high], [index - 0.2] * 2, "|-", c=colour, ms=6, lw=1.8)
        if not beyond:
            axes.plot([row.mean], [index - 0.2], "o", ms=6, mec=style.INK, mew=0.8,
                      mfc=style.BLUE if row.clear else "white", zorder=5)  # fmt: skip
        text = _words(row)
        size = style.SMALL - 0.2
        half = max(text_layout.width(line, size) for line in text.split("\n")) / width / 2
        where = min(max((row.mean - low) / (high - low), half + 0.015), 0.985 - half)
        axes.text(
            where, index - 0.02, text, transform=axes.get_yaxis_transform(), ha="center", va="top",
            fontsize=size, color=style.INK if row.clear else style.MUTED, gid="direct-label",
            bbox={"fc": "white", "ec": "none", "pad": 0.6},
        )  # fmt: skip
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks([])
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda x, _: amounts.signed(float(x), write=amounts.plain))
    )
    better = (
        say("right is better") if measure_of(measure.name).better > 0 else say("left is better")
    )
    axes.set_xlabel(say("difference, {unit}", unit=say(measure.unit)) + f"\n({better})")


def _words(row: Difference) -> str:
    if not row.sure:
        return say("{change} (one period: no interval)", change=amounts.signed(row.mean))
    inside = amounts.span(amounts.signed(row.low), amounts.signed(row.high))
    if row.low == row.high == 0:
        return say("0: the same in every period")
    if row.clear:
        return f"{amounts.signed(row.mean)} ({inside})"
    return f"{amounts.signed(row.mean)} ({inside})\n" + say("covers 0: no clear change")


def _title(study: Study, rows: list[Policy], table: dict[tuple[str, str], Difference]) -> str:
    base = study.base.label
    if not any(row.sure for row in table.values()):
        return say("Differences to {base}, seen in one simulated period only", base=base)
    parts = []
    shares = [(r, p) for p in rows if (r := table.get((p.name, "completed_within_limit")))]
    if shares:
        # What nobody plans is drawn, and no title praises it.
        planned = [pair for pair in shares if not pair[1].bound] or shares
        best, policy = max(planned, key=lambda pair: pair[0].mean)
        if best.clear and best.mean > 0:
            words = {"gain": amounts.number(best.mean), "policy": policy.label}
            if len(planned) < len(shares):
                parts.append(
                    say(
                        "of what is planned, {policy} raises the on-time share most, by {gain}"
                        " percentage points",
                        **words,
                    )
                )
            else:
                parts.append(
                    say(
                        "the on-time share is up to {gain} percentage points higher ({policy})",
                        **words,
                    )
                )
        elif len(rows) > 1:
            parts.append(say("no policy clearly gets more trucks out in time"))
        else:
            parts.append(
                say("{policy} does not clearly get more trucks out in time", policy=policy.label)
            )
    flows = [r for p in rows if (r := table.get((p.name, "throughput_per_day")))]
    if flows:
        low, high = min(r.mean for r in flows), max(r.mean for r in flows)
        if not any(r.clear for r in flows):
            parts.append(say("trucks a day do not clearly change"))
        else:
            change = amounts.signed(low)
            if amounts.signed(high) != change:
                change = amounts.span(change, amounts.signed(high))
            parts.append(say("trucks a day change by {change}", change=change))
    if not parts:
        return say("Differences to {base}", base=base)
    return say("Against {base}: {changes}", base=base, changes=say("; ").join(parts))

"""The pictures of a sweep: a measure along a varied value, and over two of them as a map."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize

from portsim.figures import scales, style, text_layout
from portsim.figures.measures import measure_name
from portsim.figures.sheet import Sheet, policy_panels
from portsim.figures.study import Estimate, Policy
from portsim.figures.varied import Varied
from portsim.scenario.figure_notes import OVERLOADED, noted
from portsim.scenario.measure_catalogue import measure_of
from portsim.wording import amounts, say, sentences

__all__ = ["draw_curves", "draw_map"]

_LINES = 4
_PANELS = 12
_LOOKS = ((style.INK, "-", "o"), *((*look, m) for look, m in zip(style.CURVES, "sD^", strict=True)))


@dataclass(frozen=True, slots=True)
class _Line:
    label: str
    x: list[float]
    estimates: list[Estimate]
    reach: list[tuple[float, float]]
    """With what is not known, of each; empty where no inputs were drawn."""


@dataclass(frozen=True, slots=True)
class _Panel:
    title: str
    lines: list[_Line]


def draw_curves(study: Varied, measure: str) -> Sheet | None:
    """The measure along the first numeric dimension, with 95 % intervals as bands."""
    if not study.numeric:
        return None
    along = study.numeric[0]
    axis = study.dimensions[along]
    every = [panel for panel in _panels(study, along, measure) if panel.lines]
    shown = every[:_PANELS]
    if not shown:
        return None
    policies = [Policy(str(n), panel.title, False, {}) for n, panel in enumerate(shown)]
    rows = policy_panels(
        policies,
        _range_title(study, measure),
        _caption(study, shown, len(every)),
        (axis.label, _named(study, measure)),
        height=2.0,
        left=0.78,
    )
    drawn = [e for panel in shown for line in panel.lines for e in line.estimates]
    far = [end for panel in shown for line in panel.lines for ends in line.reach for end in ends]
    for panel, axes in zip(shown, rows.axes, strict=True):
        _scale(axes, measure, drawn, far)
        ends = min(axis.numbers), max(axis.numbers)
        room = max(
            (text_layout.width(line.label, style.SMALL) for line in panel.lines), default=0.0
        )
        share = min(0.6, (room + 0.14) / rows.width) if _labelled(panel) else 0.03
        span = ends[1] - ends[0]
        axes.set_xlim(ends[0] - 0.03 * span, ends[0] + span / (1 - share))
        ticks = sorted(axis.numbers)
        step = math.ceil(len(ticks) / max(2, int(rows.width * (1 - share) / 0.45)))
        axes.set_xticks(ticks[::step], list(map(amounts.given, ticks[::step])))
        for look, line in zip(_LOOKS, panel.lines, strict=False):
            _draw_line(axes, line, look)
        if _labelled(panel):
            _label_ends(axes, panel)
    return rows.sheet


def _labelled(panel: _Panel) -> bool:
    return len(panel.lines) > 1


def _panels(study: Varied, along: int, measure: str) -> Iterator[_Panel]:
    """At most four lines a panel: everything, or the policies at one choice of other values."""
    others = study.others(along)
    several = len(study.policies) > 1
    if len(study.policies) * len(others) <= _LINES or not several:
        series = [(policy, chosen) for policy in study.policies for chosen in others]
        for first in range(0, len(series), _LINES):
            lines = []
            for policy, chosen in series[first : first + _LINES]:
                parts = [policy.label] * (several or not chosen) + [
                    study.values_text(chosen)
                ] * bool(chosen)
                lines += _line(study, along, measure, policy, chosen, say(", ").join(parts))
            title = study.policies[0].label if not several else ""
            if len(lines) == 1:
                title = lines[0].label
            yield _Panel(title, lines)
        return
    for chosen in others:
        for first in range(0, len(study.policies), _LINES):
            lines = []
            for policy in study.policies[first : first + _LINES]:
                lines += _line(study, along, measure, policy, chosen, policy.label)
            yield _Panel(study.values_text(chosen), lines)


def _line(
    study: Varied, along: int, measure: str, policy: Policy, chosen: dict[int, int], name: str
) -> list[_Line]:
    numbers = study.dimensions[along].numbers
    order = _rising(numbers)
    known = [(n, study.estimate(policy, study.at(chosen, {along: n}), measure)) for n in order]
    there = [(n, estimate) for n, estimate in known if estimate is not None]
    if not there:
        return []
    far = [study.reach(policy, study.at(chosen, {along: n}), measure) for n, _ in there]
    reach = [each for each in far if each is not None]
    return [
        _Line(
            name,
            [numbers[n] for n, _ in there],
            [e for _, e in there],
            reach if len(reach) == len(there) else [],
        )
    ]


def _rising(numbers: Sequence[float]) -> list[int]:
    return sorted(range(len(numbers)), key=lambda n: numbers[n])


def _draw_line(axes: Axes, line: _Line, look: Sequence[object]) -> None:
    colour, dashes, marker = look
    means = [estimate.mean for estimate in line.estimates]
    if line.reach:
        low, high = [low for low, _ in line.reach], [high for _, high in line.reach]
        axes.fill_between(line.x, low, high, color=colour, alpha=0.09, lw=0, gid="ignorance")
        axes.plot(line.x, low, color=colour, lw=0.6, ls=":")
        axes.plot(line.x, high, color=colour, lw=0.6, ls=":")
    if all(estimate.sure for estimate in line.estimates):
        low, high = [f.low for f in line.estimates], [f.high for f in line.estimates]
        axes.fill_between(line.x, low, high, color=colour, alpha=0.18, lw=0)
    axes.plot(line.x, means, color=colour, ls=dashes, zorder=5)
    for x, point in zip(line.x, line.estimates, strict=True):
        full = "white" if noted(point.note, OVERLOADED) else colour
        axes.plot(
            [x], [point.mean], ls="", marker=marker, ms=4.2, mfc=full, mec=colour, mew=1,
            clip_on=False, zorder=6,
        )  # fmt: skip


def _label_ends(axes: Axes, panel: _Panel) -> None:
    low, high = axes.get_ylim()
    box = axes.get_position()
    inches = box.height * axes.figure.get_figure(root=True).get_figheight()
    each = 0.15 * (high - low) / inches
    wanted = [line.estimates[-1].mean for line in panel.lines]
    placed = scales.spread(wanted, [each] * len(wanted), low, high)
    for look, line, y in zip(_LOOKS, panel.lines, placed, strict=False):
        axes.annotate(
            line.label,
            (line.x[-1], line.estimates[-1].mean),
            xytext=(7, (y - line.estimates[-1].mean) / (high - low) * inches * 72),
            textcoords="offset points",
            va="center",
            fontsize=style.SMALL,
            color=style.INK if look[0] == style.INK else style.MUTED,
            gid="direct-label",
            zorder=7,
            # No line of the grid goes through a word.
            bbox={"fc": "white", "ec": "none", "alpha": 0.85, "pad": 0.5},
        )


def draw_map(study: Varied, measure: str) -> Sheet | None:
    """The measure over the first two numeric dimensions, its value written in each cell."""
    if len(study.numeric) < 2:
        return None
    across, up = study.numeric[:2]
    every = [(policy, chosen) for chosen in study.others(across, up) for policy in study.policies]
    grids = [
        _grid(study, across, up, measure, policy, chosen) for policy, chosen in every[:_PANELS]
    ]
    values = np.array([[[c.mean if c else math.nan for c in row] for row in g] for g in grids])
    if np.isnan(values).all():
        return None
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    norm = Normalize(low, high if high > low else low + 1)
    policies = [
        Policy(
            str(n), say(", ").join(filter(None, (p.label, study.values_text(chosen)))), False, {}
        )
        for n, (p, chosen) in enumerate(every[:_PANELS])
    ]
    x, y = study.dimensions[across], study.dimensions[up]
    rows = policy_panels(
        policies,
        _range_title(study, measure),
        sentences(
            say(
                "{measure}: means ({count}); brighter is more, and all panels share one colour"
                " scale.",
                measure=_named(study, measure),
                count=study.replications,
            ),
            say("An asterisk: overloaded, holds for this period only."),
            _cut(len(every)),
            say("Intervals: sweep.csv."),
        ),
        (x.label, y.label),
        height=max(1.6, 0.27 * len(y.cells)),
        left=0.78,
    )
    orders = [_rising(x.numbers), _rising(y.numbers)]
    for grid, axes in zip(grids, rows.axes, strict=True):
        means = np.array([[c.mean if c else math.nan for c in row] for row in grid])
        axes.imshow(
            means, cmap=style.HEAT, norm=norm, aspect="auto", origin="lower",
            interpolation="nearest",
        )  # fmt: skip
        axes.grid(visible=False)
        for ticks, order, dimension in zip(
            (axes.set_xticks, axes.set_yticks), orders, (x, y), strict=True
        ):
            ticks(range(len(order)), [amounts.given(dimension.numbers[n]) for n in order])
        _write_cells(axes, grid, measure, norm, rows.width / len(x.cells))
    return rows.sheet


def _grid(
    study: Varied, across: int, up: int, measure: str, policy: Policy, chosen: dict[int, int]
) -> list[list[Estimate | None]]:
    """Rows from the lowest to the highest value of the second dimension."""
    first, second = (_rising(study.dimensions[number].numbers) for number in (across, up))
    return [
        [study.estimate(policy, study.at(chosen, {across: n, up: m}), measure) for n in first]
        for m in second
    ]


def _write_cells(
    axes: Axes, grid: list[list[Estimate | None]], measure: str, norm: Normalize, wide: float
) -> None:
    for row, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            if cell is None:
                continue
            text = _value(measure, cell.mean).replace(" %", "%")
            text += "*" * noted(cell.note, OVERLOADED)
            size = style.SMALL * min(1.0, 0.92 * wide / text_layout.width(text, style.SMALL))
            if size >= 4.0:
                ink = "black" if float(norm(cell.mean)) > 0.55 else "white"
                axes.text(column, row, text, ha="center", va="center", fontsize=size, color=ink)


def _range_title(study: Varied, measure: str) -> str:
    """Where the measure is least, and where it is most."""
    known = [
        (estimate.mean, policy, place)
        for policy in study.policies
        for place in (study.at(chosen) for chosen in study.others())
        if (estimate := study.estimate(policy, place, measure)) is not None
    ]
    least, most = min(known, key=lambda k: k[0]), max(known, key=lambda k: k[0])
    name = measure_name(measure)

    def value(mean: float) -> str:
        text = _value(measure, mean)
        return say("{number} h", number=text) if study.units[measure] == "h" else text

    def point(end: tuple[float, Policy, list[int]]) -> str:
        where = [end[1].label] * (len(study.policies) > 1)
        where.append(study.values_text(dict(enumerate(end[2]))))
        return say("{name} ({value})", name=value(end[0]), value=say(", ").join(where))

    if least[0] == most[0]:
        return say("{measure}: {value} at every point", measure=name, value=value(least[0]))
    return say(
        "{measure}: from {least} to {most}", measure=name, least=point(least), most=point(most)
    )


def _caption(study: Varied, panels: Sequence[_Panel], count: int) -> str:
    drawn = [e for panel in panels for line in panel.lines for e in line.estimates]
    return sentences(
        say("Each line is a mean with the same trucks ({count}).", count=study.replications),
        say("Bands are 95 % intervals, each for itself.") if any(e.sure for e in drawn) else "",
        say("Dotted: with what is not known too.")
        if any(line.reach for panel in panels for line in panel.lines)
        else "",
        say("Hollow: overloaded, holds for this period only.")
        if any(noted(e.note, OVERLOADED) for e in drawn)
        else "",
        _cut(count),
    )


def _cut(count: int) -> str:
    if count <= _PANELS:
        return ""
    return say("Panels shown: the first {shown} of {count}.", shown=_PANELS, count=count)


def _named(study: Varied, measure: str) -> str:
    name, unit = measure_name(measure), study.units[measure]
    if unit not in ("share", "h", "h/d"):
        return name
    return say("{measure}, {unit}", measure=name, unit=amounts.unit_words(unit))


def _value(measure: str, value: float) -> str:
    return amounts.percent(value) if measure_of(measure).share else amounts.number(value)


def _scale(axes: Axes, measure: str, drawn: Sequence[Estimate], far: Sequence[float]) -> None:
    if measure_of(measure).share:
        scales.share_axis(axes, beyond=1.06)
        return
    top = max([*(max(e.mean, e.high if e.sure else e.mean) for e in drawn), *far])
    low = min([*(min(e.mean, e.low if e.sure else e.mean) for e in drawn), *far])
    scales.count_axis(axes, top)
    if low < 0:
        axes.set_ylim(1.1 * low, max(top * 1.18, 1e-9))

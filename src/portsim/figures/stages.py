"""Where a truck's time goes: waiting while open, waiting while closed, being served, paused."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from portsim.figures import scales, style, text_layout
from portsim.figures.sheet import WIDTH, Sheet
from portsim.figures.study import Floats, Policy, Study
from portsim.wording import amounts, later, say, sentences

_PAUSED = later("work paused while closed")
_PARTS = (
    ("wait_open_mean_h", later("waiting while open"), style.BLUE, ""),
    ("wait_closed_mean_h", later("waiting while closed"), style.ORANGE, "////"),
    ("service_mean_h", later("being served"), "#e9e4ec", ""),
    ("paused_mean_h", _PAUSED, style.PURPLE, "xxxx"),
)
_NAME = 1.72
_ROW = 0.25
_MOST = 8


def draw(study: Study) -> Sheet | None:
    """Stacked bars of the stay, for the whole port and for each stage, one row a policy."""
    rows = [p for p in study.policies if _parts(study, p, "").sum() > 0]
    if not rows:
        return None
    used = [part for part in _PARTS if _used(study, rows, part[0])]
    places = _places(study, rows)
    return stacked(
        study,
        rows,
        places,
        [(_called(study, text), colour, hatch) for _, text, colour, hatch in used],
        lambda policy, place: np.array([_hours(study, policy, m, place) for m, *_ in used]),
        _title(study, rows),
        sentences(
            say(
                "Bars add up the mean hours of a truck; the number at the end is their sum. Hours"
                " still running at the end of the period are cut there. Upper panels: per truck,"
                " all stages together, in hours and as shares of the stay. Lower panels: per visit"
                " to a stage, each with a scale of its own."
            ),
            left_out(places),
            study.overload_note,
        ),
        (say("The same as shares of the stay"), say("share of the stay, %")),
    )


def pause_text(study: Study) -> str:
    """What paused work is called: it pauses while the stage is closed, and in some ports while a
    server is broken or nobody is on duty.
    """
    for policy in study.policies:
        resolved = policy.entry.get("resolved") or {}
        if any(stage.get("attended") for stage in (resolved.get("stages") or {}).values()):
            return say("work paused")
        for resource in (resolved.get("resources") or {}).values():
            if any(each.get("work", "finished") != "finished" for each in _breaks(resource)):
                return say("work paused")
    return say("work paused while closed")


def _breaks(resource: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return resource.get("breakdowns") or ()


def _called(study: Study, text: str) -> str:
    return pause_text(study) if text == _PAUSED else say(text)


Look = tuple[str, str, str]
"""What a part of a bar is called, its colour and its hatch."""


def stacked(
    study: Study,
    rows: list[Policy],
    places: Sequence[str],
    looks: Sequence[Look],
    parts: Callable[[Policy, str], Floats],
    title: str,
    caption: str,
    share: tuple[str, str],
) -> Sheet:
    """Stacked bars for the whole port and for each stage, one row a policy.

    Args:
        study: for the names of the stages.
        rows: the policies.
        places: the stages, of which the first eight are shown.
        looks: of each part of a bar.
        parts: hours of each part, float64[parts], of a policy at a place, empty for the port.
        title, caption: of the sheet.
        share: what the panel of shares and its axis are called.
    """
    shown = places[:_MOST]
    over = [policy.overloaded for policy in rows]
    if any(
        _limit(np.array([parts(p, place) for p in rows]).sum(axis=1), over) < math.inf
        for place in ("", *shown)
    ):
        caption = sentences(
            caption,
            say(
                "A broken bar is longer than it is drawn, its parts in their true shares: its"
                " policy is overloaded."
            ),
        )
    upper = max(_ROW, 0.135 * max(_lines(p) + p.overloaded for p in rows) + 0.06)
    lower = max(_ROW, 0.135 * max(_lines(p) for p in rows) + 0.03)
    head, block = upper * len(rows), lower * len(rows)
    across = 3
    down = math.ceil(len(shown) / across)
    sheet = Sheet(
        title,
        caption,
        head + 0.78 + (block + 0.70) * down - 0.1,
        key=[Patch(fc=c, ec=style.INK, lw=0.5, hatch=h, label=text) for text, c, h in looks],
    )
    left = 0.14 + _NAME
    room = WIDTH - 0.28 - _NAME
    wide = (room - 0.25) / 2
    total = np.array([parts(p, "") for p in rows])
    hours = sheet.axes(left, 0.22, wide - 0.1, head)
    sheet.text(left, 0.0, say("Whole port, per truck"), bold=True)
    _bars(hours, total, looks, over, written=True)
    hours.set_xlabel(say("hours"))
    shares = sheet.axes(left + wide + 0.25, 0.22, wide - 0.2, head)
    sheet.text(left + wide + 0.25, 0.0, share[0], bold=True)
    _bars(shares, total / total.sum(axis=1, keepdims=True), looks, over, written=False)
    shares.set_xlim(0, 1)
    shares.xaxis.set_major_formatter(FuncFormatter(lambda x, _: amounts.percent(float(x))))
    shares.set_xlabel(share[1])
    _names(sheet, rows, 0.22, upper, mark=True)
    width = (room - 0.22 * (across - 1)) / across
    for index, place in enumerate(shown):
        line, column = divmod(index, across)
        top = head + 0.78 + (block + 0.70) * line
        x = left + column * (width + 0.22)
        axes = sheet.axes(x, top + 0.22, width - 0.06, block)
        name = text_layout.drawable(study.place(place), say("stage {number}", number=index + 1))
        wrapped = text_layout.wrap(name, width - 0.1, style.SIZE, bold=True)
        sheet.text(x, top - 0.14 * wrapped.count("\n"), wrapped, bold=True)
        _bars(axes, np.array([parts(p, place) for p in rows]), looks, over, written=True)
        if index + across >= len(shown):
            axes.set_xlabel(say("hours per visit"))
        if column == 0:
            _names(sheet, rows, top + 0.22, lower, mark=False)
    return sheet


def left_out(places: Sequence[str]) -> str:
    """How many stages are not shown, in a sentence; empty if all are."""
    if not places[_MOST:]:
        return ""
    return say("Stages with less time that are left out: {count}.", count=len(places) - _MOST)


def longest(names: Sequence[str], times: Mapping[str, float]) -> list[str]:
    """The stages that take any time, in their order, but those with least after all shown ones."""
    some = [name for name in names if times[name] > 0]
    kept = sorted(some, key=lambda name: -times[name])[:_MOST]
    return [*(name for name in some if name in kept), *(n for n in some if n not in kept)]


def _used(study: Study, rows: list[Policy], measure: str) -> bool:
    estimates = (study.estimate(policy, measure) for policy in rows)
    return any(estimate is not None and estimate.mean > 0 for estimate in estimates)


def _hours(study: Study, policy: Policy, measure: str, place: str) -> float:
    estimate = study.estimate(policy, measure, place)
    return max(estimate.mean, 0.0) if estimate is not None else 0.0


def _parts(study: Study, policy: Policy, place: str) -> Floats:
    return np.array([_hours(study, policy, part[0], place) for part in _PARTS])


def _places(study: Study, rows: list[Policy]) -> list[str]:
    """The stages that take any time, in the order of the summary; the longest if too many."""
    table = study.summary
    chosen = table["measure"].isin([part[0] for part in _PARTS]) & (table["place"] != "")
    names = list(dict.fromkeys(table.loc[chosen, "place"].astype(str)))
    return longest(names, {n: max(float(_parts(study, p, n).sum()) for p in rows) for n in names})


def _lines(policy: Policy) -> int:
    name = text_layout.wrap(policy.label, _NAME - 0.12, style.SMALL, bold=True)
    return name.count("\n") + 1


def _names(sheet: Sheet, rows: list[Policy], top: float, row: float, *, mark: bool) -> None:
    for index, policy in enumerate(rows):
        name = text_layout.wrap(policy.label, _NAME - 0.12, style.SMALL, bold=True)
        lines = _lines(policy) + (mark and policy.overloaded)
        y = top + row * index + (row - 0.125 * lines) / 2 - 0.01
        sheet.text(0.14, y, name, bold=True, size=style.SMALL)
        if mark and policy.overloaded:
            y += 0.13 * (name.count("\n") + 1)
            short = say(text_layout.OVERLOADED_SHORT)
            sheet.text(0.14, y, short, size=6.8, colour=style.ALARM, room=_NAME - 0.12)


def _limit(totals: Floats, overloaded: Sequence[bool]) -> float:
    """Where bars are broken off, so that an overloaded policy does not flatten the others."""
    calm = max((t for t, over in zip(totals, overloaded, strict=True) if not over), default=0.0)
    longest = float(totals.max(initial=0.0))
    return 1.15 * float(calm) if 0 < scales.FLATTENS * calm < longest else math.inf


def _bars(
    axes: Axes, parts: Floats, looks: Sequence[Look], overloaded: Sequence[bool], *, written: bool
) -> None:
    count = len(parts)
    begin = np.zeros(count)
    whole = parts.sum(axis=1)
    limit = _limit(whole, overloaded)
    # What is broken is shortened as a whole: its parts keep their shares.
    shorter = np.divide(limit, whole, out=np.ones(count), where=whole > limit)
    parts = parts * shorter[:, np.newaxis]
    for (_, colour, hatch), value in zip(looks, parts.T, strict=True):
        axes.barh(
            range(count), value, 0.62, left=begin, fc=colour, ec=style.INK, lw=0.5, hatch=hatch
        )
        begin += value
    axes.set_ylim(count - 0.5, -0.5)
    axes.set_yticks([])
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    top = max(float(begin.max()), 1e-6)
    if written:
        axes.set_xlim(0, top * 1.24)
        for index, value in enumerate(whole):
            text = say("{number} h", number=amounts.number(float(value)))
            end = float(min(value, limit))
            if value > limit:
                for shift in (0.94, 0.97):
                    axes.plot([shift * end - 0.012 * top, shift * end + 0.012 * top],
                              [index + 0.4, index - 0.4], color="white", lw=1.6)  # fmt: skip
            axes.annotate(
                text, (end, index), xytext=(3, 0),
                textcoords="offset points", va="center", fontsize=style.SMALL, gid="direct-label",
            )  # fmt: skip
        ticks = axes.xaxis.get_major_locator().tick_values(0, top)
        axes.set_xticks([t for t in ticks if t <= top * 1.12])


def _title(study: Study, rows: list[Policy]) -> str:
    sums = {p.name: _parts(study, p, "") for p in rows}
    base = study.base if study.base.name in sums else rows[0]
    parts = sums[base.name]
    biggest = int(np.argmax(parts))
    share = amounts.percent(float(parts[biggest] / parts.sum()))
    text = say(
        "A truck stays {hours} h under {base}, {share} of it {part}",
        hours=_stay_text(study, base, parts),
        base=base.label,
        share=share,
        part=say(_PARTS[biggest][1]),
    )
    best = min(rows, key=lambda p: float(sums[p.name].sum()))
    if best is base:
        return text
    return say(
        "{statement}; {hours} h under {best}",
        statement=text,
        hours=_stay_text(study, best, sums[best.name]),
        best=best.label,
    )


def _stay_text(study: Study, policy: Policy, parts: Floats) -> str:
    stay, text = study.estimate(policy, "stay_mean_h"), amounts.number(float(parts.sum()))
    return amounts.at_least(text) if stay is not None and stay.at_least else text

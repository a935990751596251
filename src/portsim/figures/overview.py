"""The one picture: what each policy does, in two bars and three numbers."""

import math
from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from portsim.figures import scales, style, text_layout
from portsim.figures.causes import limiter_text
from portsim.figures.sheet import WIDTH, Sheet
from portsim.figures.study import Estimate, Policy, Study
from portsim.figures.verdicts import judged, verdict_of
from portsim.results.capacities import limit_of
from portsim.results.findings import caps
from portsim.wording import amounts, say, sentences

_NAME, _GAP = 1.72, 0.12
_TEXT = 1.02
_STAY = 0.98
_ROW = 0.52
_HATCH = "////"
_SAME = 0.99
"""A capacity this close to what was released is as large."""


def draw(study: Study) -> Sheet | None:
    """Throughput with capacity, and the on-time share, one row a policy."""
    passed = {p.name: study.estimate(p, "throughput_per_day") for p in study.policies}
    shares = {p.name: study.estimate(p, "completed_within_limit") for p in study.policies}
    rows = [p for p in study.policies if passed[p.name] is not None]
    if not rows:
        return None
    width = (WIDTH - 0.28 - _NAME - 2 * (_TEXT + _GAP) - 0.1 - _STAY) / 2
    row = max(_ROW, 0.142 * max(_lines(p) for p in rows) + 0.06)
    height = row * len(rows)
    capacity = {p.name: study.estimate(p, "capacity_per_day") for p in rows}
    ceilings = ((p.name, study.estimate(p, "completion_ceiling")) for p in rows)
    ceiling = {name: most for name, most in ceilings if _caps(most, shares[name])}
    key = _key(rows, passed, bounded=any(capacity.values()), capped=bool(ceiling))
    open_ended = any(
        most is not None and not framed(most, passed[n]) for n, most in capacity.items()
    )
    caption = _caption(study, rows, open_ended=open_ended)
    sheet = Sheet(_title(study, rows, passed, shares), caption, height + 0.75, key)
    left = 0.14 + _NAME
    second = left + width + _TEXT + 2 * _GAP
    sheet.text(left, 0.02, say("Trucks released a day"), bold=True, room=width + _TEXT)
    first_axes = sheet.axes(left, 0.26, width, height)
    share_axes = sheet.axes(second, 0.26, width, height)
    sheet.text(second, 0.02, _heading(study), bold=True, room=width + _TEXT)
    _stays(sheet, row, [study.estimate(p, "stay_mean_h") for p in rows])
    top = max(_top(e) for table in (passed, capacity) for e in table.values() if e)
    for index, policy in enumerate(rows):
        y = 0.26 + row * index
        _name(sheet, y + (row - 0.142 * _lines(policy)) / 2, policy)
        y += (row - _ROW) / 2
        throughput, most = passed[policy.name], capacity[policy.name]
        share = shares[policy.name]
        if throughput:
            _bar(first_axes, index, throughput, overloaded=policy.overloaded)
            _value(sheet, (left + width + _GAP, y), throughput, amounts.number)
        if most:
            _capacity(sheet, first_axes, index, (left + width + _GAP, y), most, throughput)
        if share:
            _bar(share_axes, index, share, overloaded=policy.overloaded)
            _value(sheet, (second + width + _GAP, y), share, _closely)
            _ceiling(sheet, share_axes, index, (second + width + _GAP, y), ceiling.get(policy.name))
        else:
            sheet.text(second + width + _GAP, y + 0.18, say("no figure"), size=style.SMALL)
    first_axes.set_xlim(0, max(top, 1e-6) * 1.04)
    first_axes.xaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    first_axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: amounts.plain(float(x))))
    first_axes.set_xlabel(say("trucks a day"))
    scales.share_axis(share_axes, upright=False)
    share_axes.set_xlabel(say("share of arrivals, %"))
    for axes in (first_axes, share_axes):
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_yticks([])
        axes.grid(visible=False, axis="y")
    return sheet


def _key(
    rows: list[Policy], passed: dict[str, Estimate | None], *, bounded: bool, capped: bool
) -> list[Patch | Line2D]:
    """What the marks mean, for those that occur."""
    key: list[Patch | Line2D] = [Patch(fc=style.PALE, ec=style.BLUE, label=say("simulated"))]
    if any(e is not None and e.sure for e in passed.values()):
        key.append(
            Line2D([], [], color=style.INK, marker="|", ms=5, lw=1.3, label=say("95 % interval"))
        )
    if bounded:
        key.append(
            Patch(fc="white", ec=style.MUTED, label=say("capacity: the most that could pass"))
        )
    if capped:
        label = say("at most, with no end of staff, lanes and places")
        key.append(Line2D([], [], marker="|", ms=9, ls="", mew=1.4, c=style.PURPLE, label=label))
    if any(p.overloaded for p in rows):
        key.append(
            Patch(fc="white", ec=style.ALARM, hatch=_HATCH, label=say(text_layout.OVERLOADED))
        )
    return key


def _closely(share: float) -> str:
    """With a digit more than elsewhere, for a share may lie close to the most that it could be."""
    return amounts.percent(share, 1)


def _stays(sheet: Sheet, row: float, stays: list[Estimate | None]) -> None:
    """The mean stays, a column of numbers."""
    x = WIDTH - 0.14 - _STAY
    sheet.text(x, 0.02, say("Mean stay, h"), bold=True, room=_STAY + 0.1)
    for index, stay in enumerate(stays):
        if stay is not None:
            _value(sheet, (x, 0.26 + row * index + (row - _ROW) / 2), stay, amounts.number)


def _caps(ceiling: Estimate | None, share: Estimate | None) -> bool:
    """Whether not even servers without end would get all trucks out in time."""
    return ceiling is not None and caps(ceiling.mean, math.nan if share is None else share.mean)


def _heading(study: Study) -> str:
    if study.from_arrival:
        return say("Out within {limit} of arriving", limit=study.limit_text)
    return say("Out within {limit}", limit=study.limit_text)


def _top(estimate: Estimate) -> float:
    return max(estimate.mean, estimate.high if estimate.sure else 0.0)


def _lines(policy: Policy) -> int:
    return _wrapped(policy).count("\n") + 1 + 2 * policy.overloaded


def _wrapped(policy: Policy) -> str:
    return text_layout.wrap(policy.label, _NAME - 0.1, style.SIZE, bold=True)


def _name(sheet: Sheet, top: float, policy: Policy) -> None:
    name = _wrapped(policy)
    sheet.text(0.14, top, name, bold=True)
    if policy.overloaded:
        under = "\n".join((say("overloaded:"), say("holds for this period only")))
        top += 0.147 * (name.count("\n") + 1)
        sheet.text(0.14, top, under, size=style.SMALL - 0.5, colour=style.ALARM, room=_NAME - 0.1)


def _bar(axes: Axes, row: int, estimate: Estimate, *, overloaded: bool) -> None:
    if overloaded:
        axes.barh(row, estimate.mean, 0.56, fc="white", ec=style.ALARM, hatch=_HATCH, zorder=2.5)
    else:
        axes.barh(row, estimate.mean, 0.56, fc=style.PALE, ec=style.BLUE, zorder=2.5)
    if estimate.sure:
        axes.plot(
            [estimate.low, estimate.high], [row, row], "|-", c=style.INK, ms=7, lw=1.3, zorder=5
        )


def _capacity(
    sheet: Sheet,
    axes: Axes,
    row: int,
    place: tuple[float, float],
    most: Estimate,
    released: Estimate | None,
) -> None:
    if framed(most, released):
        end = max(most.mean, released.mean if released else 0.0)
        axes.barh(row, end, 0.7, fc="white", ec=style.MUTED, lw=0.9, zorder=1.5)
    number = amounts.number(most.mean)
    number = f"≥ {number}" if most.at_least else number
    text = say("capacity {number}", number=number)
    sheet.text(place[0], place[1] + 0.33, text, size=style.SMALL, colour=style.MUTED, room=_TEXT)


def _ceiling(
    sheet: Sheet, axes: Axes, row: int, place: tuple[float, float], most: Estimate | None
) -> None:
    if most is None:
        return
    axes.vlines(most.mean, row - 0.4, row + 0.4, colors=style.PURPLE, lw=1.4, zorder=4)
    text = say("at most {share}", share=_closely(most.mean))
    sheet.text(place[0], place[1] + 0.33, text, size=style.SMALL, colour=style.MUTED)


def _value(
    sheet: Sheet, place: tuple[float, float], estimate: Estimate, write: Callable[[float], str]
) -> None:
    x, y = place
    text = write(estimate.mean)
    sheet.text(x, y + 0.04, f"≥ {text}" if estimate.at_least else text, bold=True)
    if estimate.sure:
        low, high = (max(value, 0.0) for value in (estimate.low, estimate.high))
        high = min(high, 1.0) if write is _closely else high
        inside = amounts.span(write(low), write(high))
        sheet.text(x, y + 0.195, inside, size=style.SMALL, colour=style.MUTED, room=_TEXT - 0.08)
    elif estimate.alike:
        sheet.text(x, y + 0.195, say("no interval"), size=style.SMALL, colour=style.MUTED)


def _title(
    study: Study,
    rows: list[Policy],
    passed: dict[str, Estimate | None],
    shares: dict[str, Estimate | None],
) -> str:
    alike = len({policy.promise for policy in rows}) == 1
    known = [(e.mean, p) for p in rows if alike and (e := shares[p.name]) is not None]
    rates = sorted(e.mean for e in passed.values() if e is not None)
    slow, fast = amounts.number(rates[0]), amounts.number(rates[-1])
    if len(rows) == 1:
        if not known:
            return say("{policy} releases {count} trucks a day", policy=rows[0].label, count=fast)
        return say(
            "{policy} releases {count} trucks a day; {share} are out within {limit}",
            policy=rows[0].label,
            count=fast,
            share=amounts.percent(known[0][0]),
            limit=study.limit_text,
        )
    through = say(
        "{count} trucks a day pass", count=amounts.span(slow, fast) if slow != fast else fast
    )
    if not known:
        return say("{statement}, whatever the policy", statement=through)
    best = max(known, key=lambda pair: pair[0])
    base = next((pair for pair in known if pair[1] is study.base), known[0])
    worst = base if base[0] < best[0] else min(known, key=lambda pair: pair[0])
    through = _staying(study) or through
    verdict = verdict_of(study, "completed_within_limit")
    if verdict is not None and not verdict.told_apart and not verdict.alike:
        return say(
            "Out within {limit}: {span} of the trucks, which tells no policy from another;"
            " {statement}",
            limit=study.limit_text,
            span=amounts.span(*(amounts.percent(end(s for s, _ in known)) for end in (min, max))),
            statement=through,
        )
    if amounts.percent(worst[0]) == amounts.percent(best[0]):
        return say(
            "Whatever the policy, {share} of the trucks are out within {limit}; {statement}",
            share=amounts.percent(best[0]),
            limit=study.limit_text,
            statement=through,
        )
    return say(
        "Out within {limit}: {low} of the trucks under {worst}, {high} under {best}; {statement}",
        limit=study.limit_text,
        low=amounts.percent(worst[0]),
        worst=worst[1].label,
        high=amounts.percent(best[0]),
        best=best[1].label,
        statement=through,
    )


def framed(capacity: Estimate, released: Estimate | None) -> bool:
    """Whether a capacity may be shown as the most: a period may have released more than that.

    An older queue, or a season with trucks that take less time, lets more pass than the port keeps
    up with the mix of the whole period.
    """
    return released is None or capacity.mean >= _SAME * released.mean


def _staying(study: Study) -> str:
    """What happens to the mean stay, where policies are told apart by it; else nothing."""
    verdict = verdict_of(study, "stay_mean_h")
    if verdict is None or not verdict.told_apart:
        return ""
    labels = {p.name: p.label for p in study.policies}
    worst, best = verdict.worst[0], verdict.best[0]
    stays = {p.name: study.estimate(p, "stay_mean_h") for p in study.policies}

    def hours(policy: str) -> str:
        estimate, text = stays[policy], amounts.number(verdict.means[policy])
        return amounts.at_least(text) if estimate is not None and estimate.at_least else text

    return say(
        "mean stay {most} h under {worst}, {least} h under {best}",
        most=hours(worst),
        worst=labels[worst],
        least=hours(best),
        best=labels[best],
    )


def _no_interval(study: Study) -> str:
    shares = (study.estimate(p, "completed_within_limit") for p in study.policies)
    if not any(share is not None and share.alike for share in shares):
        return ""
    return say(
        "No interval: the share was the same in every simulated period, so none can be given."
    )


def _caption(study: Study, rows: list[Policy], *, open_ended: bool) -> str:
    limits: dict[str, list[str]] = {}
    for policy in rows:
        if places := limit_of(policy.capacity).places:
            limiter = say(" and ").join(limiter_text(study, place) for place in places)
            limits.setdefault(limiter, []).append(policy.label)
    comma = say(", ")
    ample = [policy for policy in rows if study.demand_limited(policy)]
    parts = [
        limiter
        if len(limits) == 1
        else say("{what} ({policies})", what=limiter, policies=comma.join(of))
        for limiter, of in limits.items()
    ]
    return sentences(
        say("Each row is one policy; longer bars are better."),
        say(
            "The number of trucks that came was the limit, not the port, under {policies}: the bar"
            " is well short of its capacity frame.",
            policies=comma.join(policy.label for policy in ample),
        )
        if ample
        else "",
        say("What limits the capacity: {parts}.", parts=comma.join(parts)) if parts else "",
        say(
            "No frame is drawn where more was released than can be kept up with the trucks of the"
            " whole period."
        )
        if open_ended
        else "",
        study.trucks_note,
        judged(study),
        _no_interval(study),
        study.promise_note,
        study.overload_note,
    )

"""How much traffic until it breaks: every policy of a sweep over the demand in one panel."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from portsim.figures import scales, style, text_layout
from portsim.figures.measures import measure_name
from portsim.figures.sheet import WIDTH, Sheet
from portsim.figures.study import Estimate, Policy
from portsim.figures.varied import Varied
from portsim.scenario.figure_notes import OVERLOADED, noted
from portsim.scenario.measure_catalogue import measure_of
from portsim.wording import amounts, say, sentences

__all__ = ["PATH", "draw"]

PATH = "traffic.scale"
"""What is varied where the demand is."""
_SHARE = "completed_within_limit"
_LEFT, _LABELS, _TALL = 0.72, 2.75, 3.4
_LINE = 0.155


@dataclass(frozen=True, slots=True)
class _Line:
    """A policy along the traffic, from the least on."""

    policy: Policy
    scale: tuple[float, ...]
    estimates: tuple[Estimate, ...]

    @property
    def breaks(self) -> int | None:
        """Number of the first point at which it is overloaded."""
        over = (n for n, each in enumerate(self.estimates) if noted(each.note, OVERLOADED))
        return next(over, None)

    @property
    def text(self) -> str:
        """Between which points it breaks, in words."""
        first = self.breaks
        if first is None:
            return say("holds up to {most} ×", most=amounts.plain(self.scale[-1]))
        if first == 0:
            return say("is overloaded from {least} × on", least=amounts.plain(self.scale[0]))
        return say(
            "breaks between {low} and {high} ×",
            low=amounts.plain(self.scale[first - 1]),
            high=amounts.plain(self.scale[first]),
        )


def draw(study: Varied) -> Sheet | None:
    """The on-time share, else the first measure, over the traffic; None where other values are
    varied too, or the traffic is not.
    """
    if [dimension.path for dimension in study.dimensions] != [PATH] or not study.numeric:
        return None
    measure = _SHARE if _SHARE in study.measures else study.measures[0]
    lines = [line for policy in study.policies if (line := _line(study, policy, measure))]
    if not lines:
        return None
    today = _today(study)
    sheet = Sheet(
        _title(lines, today),
        sentences(
            say(
                "A policy breaks where it is first called overloaded: for a time at least, the"
                " demand reaches or exceeds what can be given. Only the marked points were tried;"
                " hollow ones are overloaded and hold for this period only."
            ),
            say("The upright line is the traffic that the scenarios say.") if today else "",
            say("Each line is a mean with the same trucks ({count}).", count=study.replications),
        ),
        _TALL + 0.55,
    )
    width = WIDTH - _LEFT - _LABELS
    axes = sheet.axes(_LEFT, 0.1, width, _TALL)
    every = [scale for line in lines for scale in line.scale]
    # Of a single point that is known the axis has some room to either side.
    span = max(every) - min(every) or 1.0
    axes.set_xlim(min(every) - 0.03 * span, max(every) + 0.02 * span)
    values = [each.mean for line in lines for each in line.estimates]
    if measure_of(measure).share:
        scales.share_axis(axes, beyond=1.04)
    else:
        scales.count_axis(axes, max(values))
    ticks = sorted(set(every))
    step = -(-len(ticks) // int(width / 0.45))
    axes.set_xticks(ticks[::step], [f"{amounts.plain(tick)} ×" for tick in ticks[::step]])
    axes.set_xlabel(say("traffic, as a multiple of what is written"))
    axes.set_ylabel(measure_name(measure))
    if today:
        axes.axvline(today, color=style.MUTED, lw=1.0, ls=(0, (1, 1)), zorder=1)
        axes.annotate(say("today"), (today, 0.02), xycoords=("data", "axes fraction"),
                      xytext=(3, 0), textcoords="offset points", fontsize=style.SMALL,
                      color=style.MUTED, gid="direct-label")  # fmt: skip
    low, high = axes.get_ylim()
    texts = [
        text_layout.wrap(line.policy.label, _LABELS - 0.45, style.SMALL, bold=True)
        for line in lines
    ]
    sizes = [(_LINE * (t.count("\n") + 2) + 0.05) / _TALL * (high - low) for t in texts]
    ends = [line.estimates[-1].mean for line in lines]
    centres = scales.spread(ends, sizes, low, high)
    for number, (line, text, centre, size) in enumerate(
        zip(lines, texts, centres, sizes, strict=True)
    ):
        colour, dash = (style.INK, "-") if number == 0 else style.look(number - 1)
        means = np.array([each.mean for each in line.estimates])
        axes.plot(line.scale, means, color=colour, ls=dash, lw=1.7, label=line.policy.label)
        over = np.array([noted(each.note, OVERLOADED) for each in line.estimates])
        for face, some in (("white", over), (colour, ~over)):
            axes.plot(np.array(line.scale)[some], means[some], "o", ms=4.5, mfc=face, mec=colour,
                      ls="", zorder=5, clip_on=False)  # fmt: skip
        beside = axes.get_yaxis_transform()
        top = centre + size / 2
        inch = (high - low) / _TALL
        axes.plot([1.015, 1.06], [top - 0.09 * inch] * 2, color=colour, ls=dash, lw=1.7,
                  transform=beside, clip_on=False)  # fmt: skip
        axes.text(1.07, top, text, transform=beside, va="top", fontweight="bold",
                  fontsize=style.SMALL, gid="direct-label")  # fmt: skip
        under = top - _LINE * (text.count("\n") + 1) * inch
        axes.text(1.07, under, line.text, transform=beside, va="top", fontsize=style.SMALL,
                  color=style.MUTED, gid="direct-label")  # fmt: skip
    return sheet


def _line(study: Varied, policy: Policy, measure: str) -> _Line | None:
    numbers = study.dimensions[0].numbers
    order = sorted(range(len(numbers)), key=lambda n: numbers[n])
    known = [(numbers[n], study.estimate(policy, [n], measure)) for n in order]
    there = [(scale, each) for scale, each in known if each is not None]
    if not there:
        return None
    return _Line(policy, tuple(s for s, _ in there), tuple(each for _, each in there))


def _today(study: Varied) -> float:
    """The traffic that the scenarios say; 0 where they say different, or it lies outside."""
    said = {float((words.get("traffic") or {}).get("scale", 1.0)) for words in study.as_written}
    numbers = study.dimensions[0].numbers
    today = said.pop() if len(said) == 1 else 0.0
    return today if min(numbers) <= today <= max(numbers) else 0.0


def _title(lines: Sequence[_Line], today: float) -> str:
    first = lines[0]
    if len(lines) == 1:
        return say("{policy} {breaks}", policy=first.policy.label, breaks=first.text)

    def held(line: _Line) -> float:
        last = line.breaks
        return line.scale[-1] if last is None else line.scale[last - 1] if last else 0.0

    most, least = max(lines, key=held), min(lines, key=held)
    if held(most) == held(least):
        return say("Every policy {breaks}", breaks=first.text)
    return say(
        "{least} {breaks}, {most} {holds}",
        least=least.policy.label,
        breaks=least.text,
        most=most.policy.label,
        holds=most.text,
    )

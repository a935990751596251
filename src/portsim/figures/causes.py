"""What trucks wait for in the end: the waiting by its root cause, for the port and each stage."""

import numpy as np

from portsim.figures import style, text_layout
from portsim.figures.sheet import Sheet
from portsim.figures.stages import left_out, longest, stacked
from portsim.figures.study import Floats, Policy, Study
from portsim.results.called import cause_words
from portsim.results.waiting import splits
from portsim.scenario.measure_catalogue import WAITS, Cause
from portsim.wording import amounts, say, sentences

_ROOT = WAITS[1]
_WAITED = ("wait_open_mean_h", "wait_closed_mean_h")
_LOOKS = (
    (style.ORANGE, "////"),
    (style.BLUE, ""),
    (style.PURPLE, "xxxx"),
    (style.PALE, "...."),
    (style.RED, "\\\\\\\\"),
    ("#cfcfd4", "||||"),
)
"""Colour and hatch of each cause that is named, the most waited for first."""
_REST = ("#f4f2f6", "")


def limiter_text(study: Study, text: str) -> str:
    """What limits a capacity, as a planner would name it: in the manifest a cause is a text."""
    cause = Cause.read(f"{_ROOT}[{text}]")
    return text if cause is None else cause_text(study, cause)


def cause_text(study: Study, cause: Cause, number: int = 1) -> str:
    """A root cause as a planner would name it; by a number if no font has its letters."""
    otherwise = text_layout.drawable(cause.name, say("cause {number}", number=number))
    label = text_layout.drawable(study.place(cause.name), otherwise)
    return cause_words(cause, label)


def draw(study: Study) -> Sheet | None:
    """Stacked bars of the waiting by root cause, for the port and each stage, one row a policy."""
    waiting = splits(study.summary)
    rows = [p for p in study.policies if p.name in waiting and waiting[p.name].parts]
    if not rows:
        return None
    most: dict[Cause, float] = {}
    for policy in rows:
        for cause, hours in waiting[policy.name].parts:
            most[cause] = max(most.get(cause, 0.0), hours)
    causes = sorted(most, key=lambda cause: -most[cause])
    named = causes[: len(_LOOKS)]
    looks = [
        (cause_text(study, cause, number), *look)
        for number, (cause, look) in enumerate(zip(named, _LOOKS, strict=False), start=1)
    ]
    if causes[len(named) :]:
        looks.append((say("other causes"), *_REST))

    def parts(policy: Policy, place: str) -> Floats:
        by_cause = [_hours(study, policy, cause.of(_ROOT), place) for cause in named]
        waited = sum(_hours(study, policy, measure, place) for measure in _WAITED)
        rest = [max(waited - sum(by_cause), 0.0)] * (len(looks) - len(named))
        return np.array([*by_cause, *rest])

    names = _places(study)
    places = longest(names, {n: max(float(parts(p, n).sum()) for p in rows) for n in names})
    return stacked(
        study,
        rows,
        places,
        looks,
        parts,
        _title(study, rows, named),
        sentences(
            say(
                "Each second of waiting counts for what the first in the line lacks, and that for"
                " what those who keep it from others wait for, to the end of the chain: a strip"
                " that is full because the far side is shut counts for the hours of the far side."
            ),
            say(
                "Upper panels: per truck, all stages together. Lower panels: per visit to a stage,"
                " each with a scale of its own."
            ),
            left_out(places),
            study.overload_note,
        ),
        (say("The same as shares of the waiting"), say("share of the waiting, %")),
    )


def _hours(study: Study, policy: Policy, measure: str, place: str) -> float:
    estimate = study.estimate(policy, measure, place)
    return max(estimate.mean, 0.0) if estimate is not None else 0.0


def _places(study: Study) -> list[str]:
    table = study.summary
    chosen = table["measure"].isin(_WAITED) & (table["place"] != "")
    return list(dict.fromkeys(table.loc[chosen, "place"].astype(str)))


def _title(study: Study, rows: list[Policy], named: list[Cause]) -> str:
    waiting = splits(study.summary)
    base = study.base if study.base in rows else rows[0]
    split = waiting[base.name]
    cause, hours = split.parts[0]
    text = say(
        "A truck waits {hours} h under {base}, {share} of it in the end for: {cause}",
        hours=split.text,
        base=base.label,
        share=amounts.percent(hours / split.hours),
        cause=cause_text(study, cause, named.index(cause) + 1 if cause in named else len(named)),
    )
    best = min(rows, key=lambda policy: waiting[policy.name].hours)
    if best is base:
        return text
    return say(
        "{statement}; {hours} h under {best}",
        statement=text,
        hours=waiting[best.name].text,
        best=best.label,
    )

"""The room of results: the tables of a forecast, and what it says in words.

What its futures come to is worked out elsewhere; facts come in as the manifest holds them.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from portsim.results.scores import record_sentences
from portsim.results.tables import Schema
from portsim.wording import amounts, day_month, say

__all__ = [
    "COUNTS",
    "FORECAST",
    "LEVELS",
    "SAVED",
    "TRUCKS",
    "closing_sentence",
    "forecast_sentences",
    "forgotten_sentence",
    "label_of",
    "moment",
    "opening_sentences",
    "remark_sentences",
    "saving_sentence",
]

_LEAST_SAVED_H = 1 / 60

COUNTS = ("waiting", "inside", "released")
LEVELS = (
    (0.025, "q025"),
    (0.1, "q10"),
    (0.25, "q25"),
    (0.5, "q50"),
    (0.75, "q75"),
    (0.9, "q90"),
    (0.975, "q975"),
)
"""Probabilities of quantiles and what their columns are called."""
FORECAST: Schema = {
    "policy": "text",
    "stage": "text",
    "time": "text",
    **{
        f"{name}_{suffix}": "number" if suffix == "mean" else "integer"
        for name in COUNTS
        for suffix in ("mean", *(suffix for _, suffix in LEVELS))
    },
}
"""By quarter of an hour and stage, empty for the whole port: trucks waiting, inside, and released
since the beginning; of a stage those whose work there is done."""
TRUCKS: Schema = {
    "policy": "text",
    "truck": "text",
    "class": "text",
    "stage": "text",
    "status": "text",
    "since": "text",
    **dict.fromkeys(("out_mean", "out_q10", "out_q50", "out_q90"), "text"),
    "within_limit": "number",
    "before_closing": "number",
    "out_in_period": "number",
    "futures": "integer",
}
"""``status``: waiting or working, of a truck inside; ``announced``; ``arriving``, of one that would
come in the hour from ``since`` on."""
SAVED: Schema = {
    "baseline": "text",
    "policy": "text",
    "class": "text",
    "trucks": "integer",
    **dict.fromkeys(("saved_mean_h", "saved_q10_h", "saved_q90_h", "earlier", "later"), "number"),
}
"""Hours that a policy saves each truck that is inside, on the same luck, and which share of them is
out earlier and later by a minute or more."""


def forecast_sentences(study: Mapping[str, Any], scores: pd.DataFrame | None) -> list[str]:
    """What a forecast says: three sentences of the first policy, then what the others save.

    In: the ``study`` of the manifest, see `portsim.forecasting.forecast`, and the scores of earlier
    ones, if any are known.
    """
    return [
        *opening_sentences(study, study["policies"][0]),
        *(saving_sentence(study, saved) for saved in study["saved"]),
        *remark_sentences(study),
        *record_sentences(study, scores),
    ]


def opening_sentences(study: Mapping[str, Any], facts: Mapping[str, Any]) -> list[str]:
    """How long the queue is at closing, when the last one is out, what is about to go wrong."""
    return [closing_sentence(facts), _last_sentence(study, facts), _trouble_sentence(study, facts)]


def closing_sentence(facts: Mapping[str, Any]) -> str:
    """How long the queue is when the port closes."""
    closing = facts["closing"]
    if not closing:
        return say(
            "The port does not close in these hours; {count} {count:truck is|trucks are} waiting"
            " now.",
            count=amounts.count(facts["waiting_now"]),
        )
    low, middle, high = closing["waiting"]
    return say(
        "When the port closes at {time}, {count} trucks are waiting ({low} to {high} in 80 % of the"
        " futures); now there are {now}.",
        time=moment(closing["at"]),
        count=amounts.count(middle),
        low=amounts.count(low),
        high=amounts.count(high),
        now=amounts.count(facts["waiting_now"]),
    )


def _last_sentence(study: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    last = facts["last_out"]
    if not last:
        return say("Nobody is inside now.")
    low, middle, high = last["band"]
    count = amounts.count(facts["inside_now"])
    if not middle:
        return say(
            "The last of the {count} trucks now inside is out after {hours} h or more: in {share}"
            " of the futures they are all out before.",
            count=count,
            hours=amounts.plain(study["hours"]),
            share=amounts.percent(last["share"]),
        )
    if not high:
        return say(
            "The last of the {count} trucks now inside is out at {time} (10 % of the futures:"
            " before {low}; in {share} before the forecast ends).",
            count=count,
            time=moment(middle),
            low=moment(low),
            share=amounts.percent(last["share"]),
        )
    return say(
        "The last of the {count} trucks now inside is out at {time} (80 % of the futures: {low} to"
        " {high}).",
        count=count,
        time=moment(middle),
        low=moment(low),
        high=moment(high),
    )


def _trouble_sentence(study: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    trouble = facts["trouble"]
    if not trouble:
        return say("Nothing is about to go wrong: no promise breaks, and no queue grows by much.")
    if trouble["kind"] == "promise":
        low, middle, high = trouble["trucks"]
        words = {
            "count": amounts.count(middle),
            "low": amounts.count(low),
            "high": amounts.count(high),
            "limit": amounts.plain(study["limit_h"]),
        }
        if trouble["already"]:
            return say(
                "About to go wrong: {count} of the trucks now inside ({low} to {high} in 80 % of"
                " the futures) are not out within the promised {limit} h; {already} are over it"
                " already.",
                already=amounts.count(trouble["already"]),
                **words,
            )
        return say(
            "About to go wrong: {count} of the trucks now inside ({low} to {high} in 80 % of the"
            " futures) are not out within the promised {limit} h, the first from {time} on.",
            time=moment(trouble["at"]),
            **words,
        )
    low, middle, high = trouble["peak"]
    return say(
        "About to go wrong: the queue at {stage} grows from {now} trucks to {count} ({low} to"
        " {high} in 80 % of the futures) at {time}.",
        stage=label_of(study, trouble["stage"]),
        now=amounts.count(trouble["now"]),
        count=amounts.count(middle),
        low=amounts.count(low),
        high=amounts.count(high),
        time=moment(trouble["at"]),
    )


def saving_sentence(study: Mapping[str, Any], saved: Mapping[str, Any]) -> str:
    """What a policy saves, and whom, on the same luck; `saved` is one of those of the study."""
    name = saved["policy"]
    hours = amounts.number(saved["hours"])
    whom = saved["most"]
    if saved["hours"] <= -_LEAST_SAVED_H:
        return say(
            "{policy} costs each truck now inside {hours} h on average; {share} of them are out"
            " later.",
            policy=name,
            hours=amounts.number(-saved["hours"]),
            share=amounts.percent(saved["later"]),
        )
    if saved["hours"] < _LEAST_SAVED_H:
        return say("{policy} saves the trucks now inside nothing.", policy=name)
    if not whom:
        return say(
            "{policy} saves each truck now inside {hours} h on average; {share} of them are out"
            " earlier.",
            policy=name,
            hours=hours,
            share=amounts.percent(saved["earlier"]),
        )
    return say(
        "{policy} saves each truck now inside {hours} h on average, most of all {whom}, {most} h;"
        " {share} of them are out earlier.",
        policy=name,
        hours=hours,
        whom=study["class_labels"].get(whom["class"], whom["class"]),
        most=amounts.number(whom["hours"]),
        share=amounts.percent(saved["earlier"]),
    )


def remark_sentences(study: Mapping[str, Any]) -> list[str]:
    """Where the arrivals of the coming hours are from, and what is assumed."""
    arrivals = study["arrivals"]
    texts = [
        say(
            "{count} futures of {hours} h, each with luck of its own; policies meet the same luck.",
            count=study["futures"],
            hours=amounts.plain(study["hours"]),
        )
    ]
    if arrivals["from"] == "scenario":
        texts.append(say("Trucks come as the scenario says."))
    elif arrivals["from"] == "recent":
        texts.append(
            say(
                "Trucks come as in the {days} days of the log before; today {came} came where"
                " {usual} were usual, so that today's level is {level} of the usual one.",
                days=amounts.count(arrivals["days"]),
                came=amounts.count(arrivals["came"]),
                usual=amounts.number(arrivals["usual"]),
                level=amounts.percent(arrivals["level"]),
            )
        )
    if arrivals.get("announced"):
        texts.append(
            say(
                "{count} trucks are announced; of their classes no others come.",
                count=amounts.count(arrivals["announced"]),
            )
        )
    if study["assumed"]:
        texts.append(
            say(
                "Since when {count} of the trucks inside wait is assumed.",
                count=amounts.count(study["assumed"]),
            )
        )
    if study["forgotten"]:
        texts.append(forgotten_sentence(study["forgotten"]))
    if study["unsure"]:
        texts.append(
            say(
                "Of {count} trucks the log leaves open at which of the next stages they are: they"
                " are put where it is likely, as many at each as are likely to be there.",
                count=amounts.count(study["unsure"]),
            )
        )
    return texts


def forgotten_sentence(count: int) -> str:
    """How many trucks are taken to have left a log unseen."""
    return say(
        "{count} {count:truck|trucks} that the log never shows leaving {count:has|have} been in for"
        " longer than any other ever was; {count:it is|they are} taken to have left.",
        count=amounts.count(count),
    )


def label_of(study: Mapping[str, Any], stage: str) -> str:
    """What a stage is called."""
    return str(study["stage_labels"].get(stage, stage))


def moment(text: str) -> str:
    """An instant as people write it: date and time of the port."""
    if not text:
        return "?"
    instant = dt.datetime.fromisoformat(text)
    return say("{date} {time}", date=day_month(instant.date()), time=instant.strftime("%H:%M"))

"""The room of results: the tables of a scenario held against a gate log, and the verdict in words.

Facts come in as the manifest holds them; nothing is judged here.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from portsim.results.tables import Schema
from portsim.wording import amounts, date, later, period, say, sentences, tongue

__all__ = [
    "CHECK",
    "CURVES",
    "DISTANCES",
    "check_sentences",
    "fault_sentence",
    "measure_label",
    "remark_sentences",
    "stage_label",
    "verdict_sentence",
]

CHECK: Schema = {
    "arrivals": "text",
    "truck_class": "text",
    "place": "text",
    "measure": "text",
    "unit": "text",
    **dict.fromkeys(("log", "simulated", "low", "high"), "number"),
    "inside": "text",
    "n": "integer",
}
"""``arrivals``: ``log``, the scenario with the trucks of the log, or ``own``, with its own; ``low``
and ``high`` hold 95 % of single simulated periods; ``n``: trucks or visits of the log."""
DISTANCES: Schema = {
    "arrivals": "text",
    "measure": "text",
    "place": "text",
    "unit": "text",
    **dict.fromkeys(("distance", "floor", "multiple"), "number"),
}
CURVES: Schema = {
    "arrivals": "text",
    "curve": "text",
    "place": "text",
    **dict.fromkeys(("x", "log", "mean", "low", "high"), "number"),
}
"""``queue_week`` and ``arrivals_week`` by hour of the week, ``throughput`` by day of the period
from 0, ``stay`` by quantile; the band holds 95 % of single simulated periods."""

_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "arrivals_per_day": later("arrivals a day"),
        "throughput_per_day": later("trucks through a day"),
        "completed_within_limit": later("out within the limit"),
        "completed_within_6h": later("out within 6 h"),
        "stay_mean_h": later("stay, mean"),
        "stay_p50_h": later("stay, median"),
        "stay_p95_h": later("stay, 95th percentile"),
        "passing": later("share that passes"),
        "wait_mean_h": later("waiting, mean"),
        "work_mean_h": later("work, mean"),
        "queue_mean": later("trucks there, mean"),
        "stay": later("stays"),
        "waiting": later("waiting"),
        "queue_by_hour": later("trucks there by hour of the week"),
        "arrivals_by_hour": later("arrivals by hour of the week"),
    }
)
_DAY_S, _MINUTE_S = 86_400, 60
_NAMED_DATES = 5

Fault = Mapping[str, Any]


def measure_label(measure: str) -> str:
    """What a measure or a distance is called."""
    return say(_LABELS[measure])


def stage_label(facts: Mapping[str, Any], stage: str) -> str:
    """What the scenario calls a stage."""
    return str(facts["labels"].get(stage, stage))


def check_sentences(facts: Mapping[str, Any]) -> list[str]:
    """The verdict, then what must be known beside it.

    Args:
        facts: the ``study`` of the manifest, see `portsim.held.Held.facts`.
    """
    told = [fault_sentence(fault, facts) for fault in facts["faults"]]
    return [verdict_sentence(facts), *told, *remark_sentences(facts)]


def verdict_sentence(facts: Mapping[str, Any]) -> str:
    """Whether the log lies within what chance does to the scenario."""
    days = period(_date(facts["from"]), _date(facts["to"]))
    if not facts["faults"]:
        return say(
            "The log of {days} lies within what chance does: nothing in it speaks against the"
            " scenario.",
            days=days,
        )
    return say("The log of {days} is not what the scenario would have left:", days=days)


def fault_sentence(fault: Fault, facts: Mapping[str, Any]) -> str:
    """One thing that the log has otherwise, with its evidence."""
    tell = _TELLERS[str(fault["kind"])]
    return tell(fault, facts)


def remark_sentences(facts: Mapping[str, Any]) -> list[str]:
    """What was compared with what, and what could not be."""
    labels = facts["labels"]
    texts = [
        say(
            "{count} simulated periods, each once with the trucks of the log and once with those of"
            " the scenario; of a right scenario one check in {checks} says anything, all {looks}"
            " looks together.",
            count=facts["replications"],
            checks=round(1 / facts["false_alarms"]),
            looks=facts["looks"],
        ),
        say(
            "Trucks of the {days} days before fill the port and are not counted.",
            days=facts["warm_up_days"],
        )
        if facts["warm_up_days"]
        else say(
            "The log is too short for a warm-up: with its trucks the port starts empty, and its"
            " first days look better than they were."
        ),
    ]
    if facts["without_starts"]:
        names = say(", ").join(labels.get(name, name) for name in facts["without_starts"])
        texts.append(
            say(
                "The log does not say when work begins at: {stages}. There only whole stays,"
                " waiting and work together, are compared.",
                stages=names,
            )
        )
    if facts["fuller"]:
        names = say(", ").join(labels.get(name, name) for name in facts["fuller"])
        texts.append(
            say(
                "As the period begins, the trucks of the log do not explain how many stand at:"
                " {stages}. Waits and stays there are no evidence.",
                stages=names,
            )
        )
    if facts["lone_stages"]:
        names = say(", ").join(labels.get(name, name) for name in facts["lone_stages"])
        texts.append(say("Not in the log, so not compared: {stages}.", stages=names))
    if facts["strange_stages"]:
        names = say(", ").join(facts["strange_stages"])
        texts.append(say("In the log only, so not compared: {stages}.", stages=names))
    if facts["strange_classes"]:
        names = say(", ").join(facts["strange_classes"])
        texts.append(
            say(
                "Classes of the log that the scenario does not have: {classes}. Their trucks come"
                " as trucks of its classes, in the proportion in which these are drawn.",
                classes=names,
            )
        )
    if facts["dropped_trucks"]:
        texts.append(
            say(
                "Trucks of the log that could not be read: {count}. So many more came.",
                count=amounts.count(facts["dropped_trucks"]),
            )
        )
    if facts["clock"] != "arrival":
        texts.append(
            say(
                "The clock of the promise starts later in the scenario ({clock}); here it starts at"
                " the arrival, of log and simulation alike.",
                clock=facts["clock"],
            )
        )
    return texts


def _work(fault: Fault, facts: Mapping[str, Any]) -> str:
    log, mean = fault["log"], fault["simulated"]
    values = {
        "stage": stage_label(facts, fault["stage"]),
        "share": amounts.percent(abs(log / mean - 1.0), 0),
        "log": _minutes(log),
        "mean": _minutes(mean),
        "between": _between(fault, _minutes),
        "n": amounts.count(fault["n"]),
    }
    slower = later(
        "{stage}: work takes {share} longer than modelled: {log} on average in {n} works, {mean} in"
        " the scenario ({between} in 95 % of its periods)."
    )
    quicker = later(
        "{stage}: work takes {share} less time than modelled: {log} on average in {n} works, {mean}"
        " in the scenario ({between} in 95 % of its periods)."
    )
    text = say(slower if log > mean else quicker, **values)
    if fault["stamped"]:
        return text
    how = say("Measured on trucks that found a server free, for starts are not stamped.")
    return sentences(text, how)


def _servers(fault: Fault, facts: Mapping[str, Any]) -> str:
    log, mean = fault["log"], fault["simulated"]
    values = {
        "stage": stage_label(facts, fault["stage"]),
        "log": _servers_text(log),
        "mean": _servers_text(mean),
        "between": _between(fault, _servers_text),
        "count": max(1, round(abs(log - mean))),
        "waited": amounts.quantity(fault["waited_h"], "h"),
    }
    fewer = later(
        "{stage}: {count} fewer at work than modelled: while trucks wait, {log} are worked on at"
        " once, {mean} in the scenario ({between} in 95 % of its periods)."
    )
    more = later(
        "{stage}: {count} more at work than modelled: while trucks wait, {log} are worked on at"
        " once, {mean} in the scenario ({between} in 95 % of its periods)."
    )
    now_and_then = later(
        "{stage}: at times another number at work than modelled: while trucks wait, {log} are"
        " worked on at once, {mean} in the scenario ({between} in 95 % of its periods)."
    )
    whole = abs(log - mean) >= 0.6
    text = say((fewer if log < mean else more) if whole else now_and_then, **values)
    return sentences(text, _in_hours(fault))


def _no_work(fault: Fault, facts: Mapping[str, Any]) -> str:
    return say(
        "{stage}: no work in these hours though trucks wait and the scenario works: {hours}.",
        stage=stage_label(facts, fault["stage"]),
        hours=_hour_ranges(fault["hours"]),
    )


def _pace(fault: Fault, facts: Mapping[str, Any]) -> str:
    log, mean = fault["log"], fault["simulated"]
    values = {
        "stage": stage_label(facts, fault["stage"]),
        "share": amounts.percent(abs(log / mean - 1.0), 0),
        "log": amounts.number(log),
        "mean": amounts.number(mean),
        "hours": amounts.count(fault["n"]),
    }
    less = later(
        "{stage}: {share} fewer trucks an hour than modelled while more wait than all servers could"
        " take: {log} an hour in {hours} such hours, {mean} in the scenario."
    )
    more = later(
        "{stage}: {share} more trucks an hour than modelled while more wait than all servers could"
        " take: {log} an hour in {hours} such hours, {mean} in the scenario."
    )
    text = say(less if log < mean else more, **values)
    if fault["work"] == "single":
        return sentences(text, say("With the one server there is, that is slower work or absence."))
    if fault["work"] == "servers":
        slow = later("Trucks that find a server free are as quick as modelled: fewer servers.")
        quick = later("Trucks that find a server free are as slow as modelled: more servers.")
        return sentences(text, say(slow if log < mean else quick))
    if fault["work"] == "unknown":
        either = later(
            "Slower work or fewer servers: without starts of work the log cannot tell which."
        )
        other = later(
            "Quicker work or more servers: without starts of work the log cannot tell which."
        )
        return sentences(text, say(either if log < mean else other))
    return text


def _door(fault: Fault, facts: Mapping[str, Any]) -> str:
    shift = fault["log"] - fault["simulated"]
    words = {
        ("first", True): later(
            "{stage}: the first work comes {shift} later than modelled{days}: at {clock} as a rule,"
            " at {usual} in the scenario."
        ),
        ("first", False): later(
            "{stage}: the first work comes {shift} earlier than modelled{days}: at {clock} as a"
            " rule, at {usual} in the scenario."
        ),
        ("last", True): later(
            "{stage}: the last work comes {shift} later than modelled{days}: at {clock} as a rule,"
            " at {usual} in the scenario."
        ),
        ("last", False): later(
            "{stage}: the last work comes {shift} earlier than modelled{days}: at {clock} as a"
            " rule, at {usual} in the scenario."
        ),
    }
    days = _weekdays(fault.get("weekdays", ()))
    return say(
        words[(str(fault["kind"]), shift > 0)],
        stage=stage_label(facts, fault["stage"]),
        shift=_minutes(abs(shift)),
        clock=_clock(fault["hour"]),
        usual=_clock(fault["usual"]),
        days=say(" ({days})", days=days) if days else "",
    )


def _shut(fault: Fault, facts: Mapping[str, Any]) -> str:
    closed = later("{stage}: no work on days on which the scenario works: {days}.")
    open_ = later("{stage}: work on days on which the scenario does not: {days}.")
    dates = [date(_date(text)) for text in fault["dates"][:_NAMED_DATES]]
    rest = len(fault["dates"]) - len(dates)
    parts = [_weekdays(fault["weekdays"]), *dates]
    if rest:
        parts.append(say("{count} more", count=rest))
    return say(
        closed if fault["kind"] == "shut" else open_,
        stage=stage_label(facts, fault["stage"]),
        days=say(", ").join(filter(None, parts)),
    )


def _passing(fault: Fault, facts: Mapping[str, Any]) -> str:
    return say(
        "{stage}: {log} of the trucks pass here, {mean} in the scenario ({between} in 95 % of its"
        " periods).",
        stage=stage_label(facts, fault["stage"]),
        log=amounts.percent(fault["log"], 1),
        mean=amounts.percent(fault["simulated"], 1),
        between=_between(fault, lambda value: amounts.percent(value, 1)),
    )


def _arrivals(fault: Fault, facts: Mapping[str, Any]) -> str:
    cls = str(fault["truck_class"])
    more = later(
        "More trucks come than modelled: {log} a day, {mean} in the scenario ({between} in 95 % of"
        " its periods).{who}"
    )
    fewer = later(
        "Fewer trucks come than modelled: {log} a day, {mean} in the scenario ({between} in 95 % of"
        " its periods).{who}"
    )
    name = facts["class_labels"].get(cls, cls)
    return say(
        more if fault["log"] > fault["simulated"] else fewer,
        log=amounts.number(fault["log"]),
        mean=amounts.number(fault["simulated"]),
        between=_between(fault, amounts.number),
        who="" if cls == "all" else say(" Class: {name}.", name=name),
    )


def _wait(fault: Fault, facts: Mapping[str, Any]) -> str:
    longer = later(
        "{stage}: longer than modelled ({what}): {log}, {mean} in the scenario ({between} in 95 %"
        " of its periods); neither hours nor servers nor work of this stage or those before show"
        " why."
    )
    shorter = later(
        "{stage}: shorter than modelled ({what}): {log}, {mean} in the scenario ({between} in 95 %"
        " of its periods); neither hours nor servers nor work of this stage or those before show"
        " why."
    )
    return say(
        longer if fault["log"] > fault["simulated"] else shorter,
        stage=stage_label(facts, fault["stage"]),
        what=measure_label("wait_mean_h" if fault["stamped"] else "stay_mean_h"),
        log=_minutes(fault["log"]),
        mean=_minutes(fault["simulated"]),
        between=_between(fault, _minutes),
    )


_TELLERS: Mapping[str, Callable[[Fault, Mapping[str, Any]], str]] = MappingProxyType(
    {
        "work": _work, "servers": _servers, "no_work": _no_work, "pace": _pace, "first": _door,
        "last": _door, "shut": _shut, "worked": _shut, "passing": _passing,
        "arrivals": _arrivals, "wait": _wait,
    }
)  # fmt: skip


def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _minutes(seconds: float) -> str:
    minutes = seconds / _MINUTE_S
    if minutes >= 2 * _MINUTE_S:
        return amounts.quantity(minutes / _MINUTE_S, "h")
    return say("{number} min", number=amounts.number(minutes))


def _servers_text(value: float) -> str:
    return amounts.plain(round(value, 2))


def _between(fault: Fault, write: Callable[[float], str]) -> str:
    return amounts.span(write(max(fault["low"], 0.0)), write(fault["high"]))


def _clock(seconds: float) -> str:
    minutes = round(seconds / _MINUTE_S) % (24 * _MINUTE_S)
    return f"{minutes // _MINUTE_S:02d}:{minutes % _MINUTE_S:02d}"


def _weekdays(numbers: Sequence[int]) -> str:
    names = tongue().locale.days["stand-alone"]["wide"]
    return say(", ").join(str(names[number]) for number in sorted(numbers))


def _in_hours(fault: Fault) -> str:
    if not fault["hours"]:
        return ""
    return say("In these hours: {hours}.", hours=_hour_ranges(fault["hours"]))


def _hour_ranges(hours: Sequence[int]) -> str:
    ranges: list[list[int]] = []
    for hour in sorted(hours):
        if ranges and ranges[-1][1] == hour:
            ranges[-1][1] = hour + 1
        else:
            ranges.append([hour, hour + 1])
    return say(", ").join(f"{first:02d}:00–{last:02d}:00" for first, last in ranges)

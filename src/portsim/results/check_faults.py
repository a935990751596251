"""The room of results: each thing that a gate log has otherwise than a scenario, in a sentence.

Facts come in as the manifest holds them; nothing is judged here.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from portsim.results.check_labels import measure_label, stage_label
from portsim.wording import amounts, date, later, say, sentences, tongue

__all__ = ["fault_sentence"]

_DAY_S, _MINUTE_S = 86_400, 60
_NAMED_DATES = 5

Fault = Mapping[str, Any]


def fault_sentence(fault: Fault, facts: Mapping[str, Any]) -> str:
    """One thing that the log has otherwise, with its evidence."""
    tell = _TELLERS[str(fault["kind"])]
    text = tell(fault, facts)
    if not fault.get("since"):
        return text
    day = date(_date(fault["since"]))
    return sentences(text, say("Since {day}; before that it was as modelled.", day=day))


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
        "{stage}: work takes {share} longer than modelled: {log} in {n} works, {mean} in"
        " the scenario ({between} in 95 % of its periods)."
    )
    quicker = later(
        "{stage}: work takes {share} less time than modelled: {log} in {n} works, {mean}"
        " in the scenario ({between} in 95 % of its periods)."
    )
    text = say(slower if log > mean else quicker, **values)
    if fault["stamped"]:
        return text
    how = say(
        "Measured on the middle 80 % of trucks that found a server free: starts are not stamped."
    )
    return sentences(text, how)


def _implied(fault: Fault, facts: Mapping[str, Any]) -> str:
    """Works that are told first come first served by the servers of the scenario."""
    log, mean = fault["log"], fault["simulated"]
    if fault["cause"] != "servers":
        text = _work({**fault, "stamped": True}, facts)
        how = say("As first come first served tells: starts are not stamped.")
        return sentences(text, how, *_either(fault["cause"], slower=log > mean))
    fewer = later(
        "{stage}: a server fewer than modelled: with as many as the scenario has, work would take"
        " {log} in {n} works, {mean} in the scenario ({between} in 95 % of its periods); with one"
        " fewer it takes as long as modelled."
    )
    more = later(
        "{stage}: a server more than modelled: with as many as the scenario has, work would take"
        " {log} in {n} works, {mean} in the scenario ({between} in 95 % of its periods); with one"
        " more it takes as long as modelled."
    )
    return say(
        fewer if log > mean else more,
        stage=stage_label(facts, fault["stage"]),
        log=_minutes(log),
        mean=_minutes(mean),
        between=_between(fault, _minutes),
        n=amounts.count(fault["n"]),
    )


def _either(cause: str, *, slower: bool) -> list[str]:
    """What cannot be told apart where starts are not stamped."""
    if cause == "single":
        return [say("With the one server there is, that is slower work or absence.")]
    if cause != "unknown":
        return []
    either = later(
        "Slower work or fewer servers: without starts of work the log cannot tell which."
    )
    other = later("Quicker work or more servers: without starts of work the log cannot tell which.")
    return [say(either if slower else other)]


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
    if fault["work"] == "servers":
        slow = later("Trucks that find a server free are as quick as modelled: fewer servers.")
        quick = later("Trucks that find a server free are as slow as modelled: more servers.")
        return sentences(text, say(slow if log < mean else quick))
    return sentences(text, *_either(fault["work"], slower=log < mean))


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
        "work": _work, "implied": _implied, "servers": _servers, "no_work": _no_work,
        "pace": _pace, "first": _door, "last": _door, "shut": _shut, "worked": _shut,
        "passing": _passing, "arrivals": _arrivals, "wait": _wait,
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
    low, high = write(max(fault["low"], 0.0)), write(fault["high"])
    return low if low == high else amounts.span(low, high)


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

"""The room of the report: what is assumed, in the topics a director asks for.

    topics(facts)   of each topic how many inputs are assumed, and some of these by name

Marks, values and ranges are those of the manifest; nothing is judged here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portsim.report.facts import Facts
from portsim.report.inputs import marked_inputs
from portsim.wording import amounts, later, say

__all__ = ["Topic", "topics"]

_MOST = 5
"""So many assumptions of a topic are named at most."""
_TOPICS = {
    "resources": later("Staff, lanes and places"),
    "stages": later("Work at the stages"),
    "channels": later("Work at the stages"),
    "calendars": later("Hours and closed days"),
    "traffic": later("The trucks"),
    "value_of_time": later("The value of time"),
}
_NAMED = {"capacity", "level", "share", "time", "load"}
"""What an input may be called by the name of its stage, resource or class alone."""
_PARTS = {"mean", "lognormal", "erlang"}
"""What may stand below it and still say how large it is."""
_NOTHING = {"0", "0.0", "0 s"}


@dataclass(frozen=True, slots=True)
class Topic:
    """Inputs of one kind.

    Attributes:
        name: of the topic.
        text: how many of its inputs are assumed, in words.
        share: of its inputs with a mark, those assumed; 0 to 1.
        named: some of the assumed ones with value and range; empty if none has a plain value.
    """

    name: str
    text: str
    share: float
    named: str


def topics(facts: Facts) -> tuple[Topic, ...]:
    """The topics in which something is assumed, in the order of a scenario; none without marks."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    marked = marked_inputs(facts.base)
    for key, name in _TOPICS.items():
        named = [each for each in marked if _first(each) == key]
        groups.setdefault(say(name), []).extend(named)
    groups[say("Everything else")] = [each for each in marked if _first(each) not in _TOPICS]
    return tuple(
        _topic(facts, name, group)
        for name, group in groups.items()
        if any(each["confidence"] == "E" for each in group)
    )


def _first(source: Mapping[str, Any]) -> str:
    return str(source.get("path") or "").split(".", 1)[0]


def _topic(facts: Facts, name: str, group: Sequence[Mapping[str, Any]]) -> Topic:
    assumed = [each for each in group if each["confidence"] == "E"]
    named = list(dict.fromkeys(_named(facts, assumed)))
    shown = say(", ").join(named[:_MOST])
    if len(named) > _MOST:
        shown = say("{examples} and others", examples=shown)
    return Topic(
        name=name,
        text=say("{assumed} of {marked} assumed", assumed=len(assumed), marked=len(group)),
        share=len(assumed) / len(group),
        named=shown,
    )


def _named(facts: Facts, assumed: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Inputs that are one number of something with a name: ``gate officers: 4 (4 to 8)``."""
    for source in assumed:
        parts = str(source.get("path") or "").split(".")
        if len(parts) < 3 or parts[2] not in _NAMED or not set(parts[3:]) <= _PARTS:
            continue
        value = source.get("value")
        if isinstance(value, list | dict | bool) or value is None or str(value) in _NOTHING:
            continue
        share = parts[2] == "share"
        thing = facts.study.kind(parts[1]) if parts[0] == "traffic" else facts.study.place(parts[1])
        ends = source.get("range")
        words = {"thing": thing, "value": _written(value, share=share)}
        if isinstance(ends, list) and len(ends) == 2:
            low, high = (_written(end, share=share) for end in ends)
            yield say("{thing} {value} ({range})", **words, range=amounts.span(low, high))
        else:
            yield say("{thing} {value}", **words)


def _written(value: Any, *, share: bool) -> str:
    if share:
        try:
            return amounts.percent(float(value))
        except ValueError:
            pass
    return str(value)

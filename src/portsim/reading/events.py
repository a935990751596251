"""The reading room's ear: what a YAML parser hears in a text, one thing after the other.

libyaml is quick, ruamel.yaml reads YAML 1.2 and says what is wrong: what libyaml hears without
stumbling, of a text without signs that YAML 1.1 takes otherwise, ruamel.yaml hears as well. Any
other text is ruamel.yaml's. What an event means may not enter.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

import yaml
from ruamel.yaml import YAML

__all__ = ["Event", "events"]

_MOST = 400_000
"""Of more events in one text only the first are wanted, and those one by one."""
_UNLIKE = re.compile(
    r"[\t\u2028\u2029\ufeff]|^(?:---|\.\.\.)|[|>][-+0-9]*#|[\"']:\S|"
    r"(?:^|[\s,\[{?:-])(?:[!?]|[&*](?![A-Za-z0-9_-]+(?:[\s,\]}]|$)))",
    re.MULTILINE,
)
"""Where the two part: tabs, line ends, beginnings of documents and of blocks of text, tags, keys
after `?`, values right behind a quote, anchors of unusual names."""


class Event(NamedTuple):
    """One thing that a parser met."""

    kind: str
    """``document``, ``mapping``, ``sequence``, ``scalar``, ``alias``, or ``end`` of whatever was
    begun last; other things are ``other``."""
    line: int
    """1-based line where it begins."""
    column: int
    """1-based column, in characters."""
    value: str = ""
    """The text of a scalar."""
    tag: str | None = None
    """Its tag, where one was written."""
    anchor: str | None = None
    """Its anchor, or whom an alias means."""
    plain: bool = False
    """Whether a scalar stands there without quotes and without a tag."""


_KINDS = (
    ("Alias", "alias"),
    ("Scalar", "scalar"),
    ("MappingStart", "mapping"),
    ("SequenceStart", "sequence"),
    ("DocumentStart", "document"),
    ("MappingEnd", "end"),
    ("SequenceEnd", "end"),
)


def events(text: str) -> Iterator[Event]:
    """The events of a text, as they are asked for.

    Raises:
        ruamel.yaml.error.MarkedYAMLError: the text is not in form; events before the fault were
            given.
    """
    quick = _by_libyaml(text)
    if quick is None:
        quick = YAML(typ="safe", pure=True).parse(text)
    kinds = dict(_KINDS)
    for event in quick:
        mark = event.start_mark
        name = type(event).__name__.removesuffix("Event")
        tag = getattr(event, "tag", None)
        yield Event(
            kinds.get(name, "other"),
            mark.line + 1,
            mark.column + 1,
            str(getattr(event, "value", "")),
            None if tag is None else str(tag),
            getattr(event, "anchor", None),
            name == "Scalar" and bool(event.implicit[0]),
        )


def _by_libyaml(text: str) -> list[Any] | None:
    """What libyaml hears; None if it is not there, stumbles or may hear something else."""
    if not yaml.__with_libyaml__ or _UNLIKE.search(text):
        return None
    try:
        parsed = list(islice(yaml.parse(text, Loader=yaml.CLoader), _MOST + 1))
    except Exception:  # foreign code; the other parser says what is wrong
        return None
    return parsed if len(parsed) <= _MOST else None

"""The live page put together and written whole; nothing is run here."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from portsim.errors import InputError
from portsim.languages import FACTS
from portsim.livepage.contents import Contents
from portsim.livepage.policies import state_of
from portsim.livepage.replays import replay_of
from portsim.livepage.words import words_of_page
from portsim.results.folder import atomic_write
from portsim.scenario.model import Scenario
from portsim.scenario.provenance import inputs
from portsim.wording import LANGUAGES, say, speaking, tongue

__all__ = ["marks_kept", "page", "write_page"]

Marks = Mapping[str, Mapping[str, Any]]
"""Where values that can be moved come from: by path, its mark, source and range."""

_SHARED = ("calendars.js", "engine.js", "loads.js", "measures.js", "day.js", "worker.js")
"""What a worker runs; the page itself runs the first of them."""
_OWN = ("overlay.js", "strip.js", "charts.js", "page.js")


def write_page(text: str, out: Path) -> Path:
    """Write a page, whole or not at all; return its path.

    Raises:
        InputError: there is no such folder.
        OSError: the file cannot be written.
    """
    if not out.absolute().parent.is_dir():
        msg = f"{out.parent}: no such folder; make it first or choose another --out"
        raise InputError(msg)
    atomic_write(out, text.encode())
    return out


def page(
    made: Contents,
    language: str,
    file: str = "",
    policies: Sequence[Scenario] = (),
    marks: Marks | None = None,
) -> str:
    """The page as text.

    Args:
        made: what stands in it.
        language: the one in which it opens; it can be switched.
        file: name of the scenario's file, which an overlay from the page extends.
        policies: pinned beside it from the beginning.
        marks: where its values come from; as its files say if None.

    Raises:
        InputError: a policy differs in what cannot be moved.
    """
    scenario = made.scenario
    words, labels, signs, scripts = {}, {}, {}, []
    for tongue_ in LANGUAGES:
        with speaking(tongue_, on_page=True):
            words[tongue_] = words_of_page()
            labels[tongue_] = _labels(scenario, policies)
            symbols = tongue().locale.number_symbols["latn"]
            signs[tongue_] = [symbols["decimal"], symbols["group"]]
            scripts.append(say("This page needs scripts; they are in the page itself."))
    data = {
        **made.data,
        "name": scenario.name,
        "summary": scenario.summary,
        "file": file or f"{scenario.name}.yaml",
        "labels": labels,
        "signs": signs,
        "marks": _marks(scenario) if marks is None else marks,
        "timezone": scenario.timezone,
        "currency": scenario.currency,
        "language": language,
        "words": words,
        "visited": sorted(made.visited),
        "replay": replay_of(scenario, made.visited),
        "policies": [[policy.name, state_of(scenario, policy)] for policy in policies],
    }
    text: str = _template().render(
        language=language,
        title=labels[language]["name"],
        languages={code: facts.own for code, facts in FACTS.items()},
        scripts=" ".join(scripts),
        data=Markup(_in_script(data)),
        style=Markup(_read("page.css")),
        shared=[(name.removesuffix(".js"), Markup(_read(name))) for name in _SHARED],
        script=Markup("\n".join(_read(name) for name in _OWN)),
    )
    return text


@cache
def _template() -> Template:
    env = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return env.from_string(_read("page.html.j2"))


def _in_script(data: Mapping[str, Any]) -> str:
    # No word of a scenario may end the script it stands in.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def _labels(scenario: Scenario, policies: Sequence[Scenario]) -> dict[str, Any]:
    """What everything is called in the language being spoken."""
    sides = {name: words.label.said(name) for name, words in scenario.sides.items()}
    parts = (
        ("resources", scenario.resources),
        ("stages", scenario.stages),
        ("classes", scenario.traffic.classes),
        ("policies", {policy.name: policy for policy in policies}),
    )
    return {
        "name": scenario.label.said(scenario.name),
        "calendars": {
            name: [words.label.said(name), sides.get(words.side, words.side)]
            for name, words in scenario.calendars.items()
        },
        **{
            part: {name: words.label.said(name) for name, words in things.items()}
            for part, things in parts
        },
    }


def marks_kept(sources: Iterable[Mapping[str, Any]]) -> Marks:
    """Where values that can be moved come from, given what a manifest keeps of it."""
    return {
        path: _mark(each["confidence"], each["source"], each["range"])
        for each in sources
        if _moved(_PARTS.split(path := str(each["path"])))
    }


def _marks(scenario: Scenario) -> Marks:
    tree = scenario.origin.tree
    return {
        entry.dotted: _mark(entry.confidence, entry.source, entry.range)
        for entry in (inputs(tree) if tree is not None else ())
        if _moved(list(map(str, entry.path))) and (entry.confidence or entry.source)
    }


_PARTS = re.compile(r"[.\[\]]+")
_MOVED = {"hours", "capacity", "roster", "closed", "lunch"}


def _moved(path: Sequence[str]) -> bool:
    """Whether a value can be moved on the page, by the parts of its path."""
    of_post = path[0] in {"calendars", "resources"} and bool(_MOVED & set(path))
    return of_post or bool({"channels", "share"} & set(path))


def _mark(mark: str | None, source: str | None, within: Sequence[Any] | None) -> dict[str, Any]:
    return {"mark": mark or "", "source": source or "", "range": [str(end) for end in within or ()]}


def _read(name: str) -> str:
    return (resources.files("portsim.livepage") / name).read_text("utf-8")

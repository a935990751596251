"""The live page put together and written whole; nothing is run here."""

import json
from collections.abc import Mapping, Sequence
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

__all__ = ["page", "write_page"]

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


def page(made: Contents, language: str, file: str = "", policies: Sequence[Scenario] = ()) -> str:
    """The page as text.

    Args:
        made: what stands in it.
        language: the one in which it opens; it can be switched.
        file: name of the scenario's file, which an overlay from the page extends.
        policies: pinned beside it from the beginning.

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
        "marks": _marks(scenario),
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


def _marks(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """Where values that can be moved come from: by path, its mark, source and range."""
    tree = scenario.origin.tree
    if tree is None:
        return {}
    found = {}
    for entry in inputs(tree):
        said = set(map(str, entry.path))
        kept = (
            entry.path[0] in {"calendars", "resources"}
            and {"hours", "capacity", "roster", "closed", "lunch"} & said
        ) or {"channels", "share"} & said
        if kept and (entry.confidence or entry.source):
            found[entry.dotted] = {
                "mark": entry.confidence or "",
                "source": entry.source or "",
                "range": [str(part) for part in entry.range or ()],
            }
    return found


def _read(name: str) -> str:
    return (resources.files("portsim.livepage") / name).read_text("utf-8")

"""The public names of portsim in Markdown: signatures and docstrings, so that the page can forget
none. Nothing about Sphinx enters here."""

import inspect
import re
import textwrap
from collections.abc import Iterator
from types import ModuleType

from pydantic import BaseModel

import portsim

__all__ = ["python"]

_PATH = re.compile(r"\b(?:[a-z_]+\.)+(?=[A-Za-z_])")
_SECTION = re.compile(r"(Args|Attributes|Returns|Yields|Raises|Example):$")
_ITEM = re.compile(r"([\w*, ]+?): (.+)$")
_DEFAULT = re.compile(r"<function (?:[\w.<>]+\.)?<?(\w+)>? at 0x[0-9a-f]+>")


def python() -> str:
    """A section for each public name; what is a module, or no function and no class, comes last."""
    # What a reader calls comes before what it gives; functions are written small.
    ordered = sorted(portsim.__all__, key=str.swapcase)
    return "\n".join(line for name in sorted(ordered, key=_is_rest) for line in _entry(name))


def _is_rest(name: str) -> bool:
    return not callable(getattr(portsim, name))


def _entry(name: str) -> Iterator[str]:
    thing = getattr(portsim, name)
    yield from (f"## portsim.{name}", "")
    if isinstance(thing, str):
        yield from ("The version of portsim, as text.", "")
    elif isinstance(thing, ModuleType):
        yield from _prose(thing)
        for member in thing.__all__:
            yield from (f"### {name}.{member}", "", *_prose(getattr(thing, member)))
    elif isinstance(thing, type):
        # The keys of a scenario have a reference of their own.
        if not issubclass(thing, BaseModel):
            yield from _signature(name, thing)
        yield from _prose(thing)
        yield from _members(thing)
    else:
        yield from (*_signature(name, thing), *_prose(thing))


def _signature(name: str, thing: object) -> Iterator[str]:
    """How it is called, an argument a line where there are several."""
    assert callable(thing)
    signature = inspect.signature(thing)
    parts = [_short(str(value)) for value in signature.parameters.values()]
    keywords = [
        number
        for number, value in enumerate(signature.parameters.values())
        if value.kind is inspect.Parameter.KEYWORD_ONLY
    ]
    if keywords:
        parts.insert(keywords[0], "*")
    given = signature.return_annotation
    says = given is not inspect.Signature.empty and not isinstance(thing, type)
    gives = f" -> {_short(inspect.formatannotation(given))}" if says else ""
    whole = f"{name}({', '.join(parts)}){gives}"
    if len(whole) > 96:
        whole = "\n".join([f"{name}(", *(f"    {part}," for part in parts), f"){gives}"])
    yield from ("```python", whole, "```", "")


def _short(text: str) -> str:
    """Without the modules that types live in."""
    return _PATH.sub("", _DEFAULT.sub(r"\1", text)).replace("'", '"')


def _members(thing: type) -> Iterator[str]:
    for name, member in vars(thing).items():
        plain = member.__func__ if isinstance(member, classmethod | staticmethod) else member
        if name.startswith("_") or not inspect.getdoc(plain) or isinstance(plain, type):
            continue
        if inspect.isfunction(plain):
            yield from (f"### {thing.__name__}.{name}", "", *_signature(name, plain))
            yield from _prose(plain)
        elif isinstance(plain, property) or hasattr(plain, "func"):
            yield from (f"### {thing.__name__}.{name}", "", *_prose(plain))


def _prose(thing: object) -> Iterator[str]:
    """A docstring: its sections become lists."""
    section = ""
    for block in re.split(r"\n(?=\S)", inspect.getdoc(thing) or ""):
        first, _, rest = block.partition("\n")
        matched = _SECTION.match(first)
        if not matched:
            yield from (_code(block), "") if block.strip() else ()
            continue
        section = matched[1]
        body = textwrap.dedent(rest).strip("\n")
        if section == "Example":
            yield from ("```python", body, "```", "")
        elif section in ("Returns", "Yields"):
            yield from (f"**{section}**", "", _code(body), "")
        else:
            yield from (f"**{section}**", "", *_items(body), "")


def _items(body: str) -> Iterator[str]:
    for item in re.split(r"\n(?=\S)", body):
        flat = re.sub(r"\n(?!\s*\n)\s+", " ", item)
        matched = _ITEM.match(flat.partition("\n")[0])
        yield (
            f"- `{matched[1]}`: {_code(flat[matched.start(2) :])}"
            if matched
            else f"- {_code(flat)}"
        )


def _code(text: str) -> str:
    return text.replace("``", "`")

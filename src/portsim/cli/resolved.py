"""The resolved scenario on the terminal: what its values are, and where each of them comes from."""

from collections.abc import Iterator
from typing import Any

import click

from portsim.reading.merging import Tree
from portsim.scenario.current import current, respelt
from portsim.scenario.model import Scenario
from portsim.scenario.writing import means_text

__all__ = ["flow", "show_resolved"]

_COMMENT_AT = 56


def show_resolved(scenario: Scenario) -> None:
    """Print a scenario as YAML in the one spelling of its values, with a comment behind each that
    says where it comes from.
    """
    tree = respelt(current(scenario)[0])
    for line, comment in _lines(tree, tree.data, (), 0):
        click.echo(f"{line:<{_COMMENT_AT}} # {comment}" if comment else line)


def _lines(
    tree: Tree, value: Any, path: tuple[str | int, ...], depth: int
) -> Iterator[tuple[str, str]]:
    indent = "  " * depth
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in items:
        head = f"{indent}{key}:" if isinstance(key, str) else f"{indent}-"
        here = (*path, key)
        if isinstance(part, dict | list) and part and not _short(part):
            yield head, _note(tree, here)
            yield from _lines(tree, part, here, depth + 1)
        else:
            yield f"{head} {flow(part)}", _where(tree, here)


def _short(value: Any) -> bool:
    """Whether a list is plain enough for one line."""
    return isinstance(value, list) and not any(isinstance(part, dict | list) for part in value)


def flow(value: Any) -> str:
    """A value as it could stand in a scenario, on one line."""
    if isinstance(value, list):
        return "[" + ", ".join(flow(part) for part in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(part)}" for key, part in value.items()) + "}"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    plain = text and not set(text) & set(":#{}[],&*!|>'\"%@`") and text == text.strip()
    plain = plain and means_text(text)
    return text if plain or not isinstance(value, str) else '"' + text.replace('"', '\\"') + '"'


def _where(tree: Tree, path: tuple[str | int, ...]) -> str:
    place = tree.places.get(path)
    where = f"{place.file}:{place.line}" if place is not None and place.line else "file name"
    note = _note(tree, path)
    return f"{where}  {note}" if note else where


def _note(tree: Tree, path: tuple[str | int, ...]) -> str:
    note = tree.notes.get(path)
    if note is None:
        return ""
    shape = f" ({note.shape})" if note.shape else ""
    limits = f"range {note.range[0]} to {note.range[1]}{shape}" if note.range else ""
    return "; ".join(filter(None, [f"[{note.confidence or '?'}] {note.source or ''}", limits]))

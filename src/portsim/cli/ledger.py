"""The ledger of inputs on the terminal: as a table, as CSV, and its sum in a sentence."""

from collections.abc import Mapping

import click
import pandas as pd

from portsim.cli.resolved import flow
from portsim.reading.text import dotted, short
from portsim.results import tables
from portsim.scenario.provenance import GROUPS, Input, counts
from portsim.wording import later, say

__all__ = ["as_csv", "count_sentence", "show_inputs"]

_COLUMNS = ("path", "value", "confidence", "range_low", "range_high", "range_of", "source", "note")
_GROUPS = {
    "measured": later("measured"),
    "second_hand": later("second-hand"),
    "derived": later("derived"),
    "assumed": later("assumed"),
    "unmarked": later("unmarked"),
}
_SCHEMA: tables.Schema = {**dict.fromkeys((*_COLUMNS, "file"), "text"), "line": "integer"}


def count_sentence(name: str, numbers: Mapping[str, int]) -> str:
    """The counts of a scenario's inputs in a sentence, without the full stop."""
    parts = []
    for group, number in numbers.items():
        marks = f" ({', '.join(GROUPS[group])})" if GROUPS[group] else ""
        parts.append(f"{say(_GROUPS[group])}{marks} {number}")
    return say(
        "Inputs of {policy}: {count}; {groups}",
        policy=name,
        count=sum(numbers.values()),
        groups=say(", ").join(parts),
    )


def as_csv(listed: list[Input]) -> bytes:
    """One row an input: UTF-8 with BOM, as in the tables of a result folder."""
    rows = [
        {
            "path": entry.dotted,
            "value": _written(entry),
            "confidence": entry.confidence or "",
            "range_low": str(entry.range[0]) if entry.range else "",
            "range_high": str(entry.range[1]) if entry.range else "",
            "range_of": dotted(entry.noted or ()) if entry.range else "",
            "source": entry.source or "",
            "note": entry.note or "",
            "file": entry.place.file,
            "line": entry.place.line,
        }
        for entry in listed
    ]
    return tables.to_csv(pd.DataFrame(rows, columns=list(_SCHEMA)), _SCHEMA, "provenance")


def show_inputs(name: str, listed: list[Input]) -> None:
    """Print each input with its mark and line, and who says so below it; then the counts."""
    width = max((len(_head(entry)) for entry in listed), default=0)
    for entry in listed:
        line = f"{entry.place.file}:{entry.place.line}"
        click.echo(f"{entry.confidence or '-'}  {_head(entry):<{width}}  {line}")
        remarks = "; ".join(filter(None, (_limits(entry), entry.source or "", entry.note or "")))
        if remarks:
            click.echo(f"       {remarks}")
    click.echo(f"\n{count_sentence(name, counts(listed))}.")
    places = len({entry.place for entry in listed})
    if places < len(listed):
        click.echo(
            f"They stand in {places} places of the files: an anchor counts wherever it is used."
        )


def _written(entry: Input) -> str:
    return entry.value if isinstance(entry.value, str) else flow(entry.value)


def _head(entry: Input) -> str:
    return f"{entry.dotted} = {short(_written(entry), 40)}"


def _limits(entry: Input) -> str:
    if not entry.range:
        return ""
    of = f" (of {dotted(entry.noted or ())})" if entry.noted != entry.path else ""
    shape = f" ({entry.shape})" if entry.shape else ""
    return f"range {entry.range[0]} to {entry.range[1]}{shape}{of}"

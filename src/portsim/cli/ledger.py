"""The ledger of inputs on the terminal: as a table, as CSV, and its sum in a sentence."""

from collections.abc import Mapping

import click
import pandas as pd

from portsim.cli.resolved import flow
from portsim.reading.text import dotted, short
from portsim.results import tables
from portsim.scenario.provenance import GROUPS, Input, counts

__all__ = ["as_csv", "count_sentence", "show_inputs"]

_COLUMNS = ("path", "value", "confidence", "range_low", "range_high", "range_of", "source", "note")
_SCHEMA: tables.Schema = {**dict.fromkeys((*_COLUMNS, "file"), "text"), "line": "integer"}


def count_sentence(name: str, many: Mapping[str, int]) -> str:
    """The counts of a scenario's inputs in a sentence, without the full stop."""
    said = []
    for group, number in many.items():
        marks = f" ({', '.join(GROUPS[group])})" if GROUPS[group] else ""
        said.append(f"{group.replace('_', '-')}{marks} {number}")
    return f"Inputs of {name}: {sum(many.values())}; {', '.join(said)}"


def as_csv(found: list[Input]) -> bytes:
    """One row an input: UTF-8 with BOM, as in the tables of a result folder."""
    rows = [
        {
            "path": one.dotted,
            "value": _written(one),
            "confidence": one.confidence or "",
            "range_low": str(one.range[0]) if one.range else "",
            "range_high": str(one.range[1]) if one.range else "",
            "range_of": dotted(one.noted or ()) if one.range else "",
            "source": one.source or "",
            "note": one.note or "",
            "file": one.place.file,
            "line": one.place.line,
        }
        for one in found
    ]
    return tables.to_csv(pd.DataFrame(rows, columns=list(_SCHEMA)), _SCHEMA, "provenance")


def show_inputs(name: str, found: list[Input]) -> None:
    """Print each input with its mark and line, and who says so below it; then the counts."""
    width = max((len(_head(one)) for one in found), default=0)
    for one in found:
        click.echo(
            f"{one.confidence or '-'}  {_head(one):<{width}}  {one.place.file}:{one.place.line}"
        )
        told = "; ".join(filter(None, (_limits(one), one.source or "", one.note or "")))
        if told:
            click.echo(f"       {told}")
    click.echo(f"\n{count_sentence(name, counts(found))}.")
    places = len({one.place for one in found})
    if places < len(found):
        click.echo(
            f"They stand in {places} places of the files: an anchor counts wherever it is used."
        )


def _written(one: Input) -> str:
    return one.value if isinstance(one.value, str) else flow(one.value)


def _head(one: Input) -> str:
    return f"{one.dotted} = {short(_written(one), 40)}"


def _limits(one: Input) -> str:
    if not one.range:
        return ""
    of = f" (of {dotted(one.noted or ())})" if one.noted != one.path else ""
    return f"range {one.range[0]} to {one.range[1]}{of}"

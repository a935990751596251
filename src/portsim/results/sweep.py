"""The room of results: the columns of points, of a sweep over them, and of what is cheapest."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from portsim.results import tables, uncertainty
from portsim.results.tables import Schema

__all__ = [
    "COST",
    "DRAWN_INPUTS",
    "FRONTIER",
    "LEAST",
    "REPLICATIONS",
    "STAFFED",
    "TABLE",
    "UNCERTAINTY",
    "circumstances",
    "columns",
    "frontier_columns",
    "keys",
    "label",
    "measure_in",
    "point_columns",
    "varied",
]

TABLE: Schema = {name: kind for name, kind in tables.SUMMARY.items() if name != "scenario"}
REPLICATIONS: Schema = {name: k for name, k in tables.REPLICATIONS.items() if name != "scenario"}
UNCERTAINTY: Schema = {
    name: k for name, k in uncertainty.UNCERTAINTY.items() if name not in ("scenario", "baseline")
}
DRAWN_INPUTS: Schema = {n: k for n, k in uncertainty.DRAWN_INPUTS.items() if n != "scenario"}
"""Columns beside policy and varied paths."""
_SHIFT = re.compile(r"resources\.(.+)\.roster\[(.*\D.*)\]\.count")
COST, STAFFED = "cost_per_day", "staffed_h_per_day"
LEAST = "minimise "
"""Stands before a measure that is to be small, where others have a requirement."""
FRONTIER: Schema = {
    "rank": "integer",
    COST: "number",
    STAFFED: "number",
    "requirement": "text",
    "mean": "number",
    "low": "number",
    "high": "number",
    "met": "text",
    "frontier": "text",
}
"""Columns of frontier.csv beside policy and varied paths, which stand after the rank."""


def measure_in(requirement: str) -> str:
    """The measure of a requirement, with its class and place: ``stay_p95_h[export]``."""
    return re.split("[<>]", requirement.removeprefix(LEAST))[0]


def columns(schema: Schema, paths: Sequence[str]) -> list[str]:
    """Names of the columns of a table of a sweep over some paths, in their order."""
    return ["policy", *paths, *schema]


def varied(study: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What the ``study`` of a manifest says was varied: values by path, in the order asked for."""
    return {path: study["varied"][path] for path in study["paths"]}


def circumstances(paths: Sequence[str]) -> list[str]:
    """The varied paths that no port can choose: those of its traffic."""
    return [path for path in paths if path.partition(".")[0] == "traffic"]


def label(path: str) -> str:
    """A varied path as it is written where room is short: without the section it stands in; how
    many work in a shift by the shift."""
    if shift := shift_of(path):
        return f"{shift[0]}, {shift[1]}"
    section, _, rest = path.partition(".")
    return rest if section in ("resources", "stages", "calendars") and "." in rest else path


def shift_of(path: str) -> tuple[str, str] | None:
    """Resource and shift of a path that varies how many work in it; None of any other."""
    match = _SHIFT.fullmatch(path)
    return None if match is None else (match[1], match[2])


def keys(values: Sequence[Any], varied: Mapping[str, Sequence[Any]]) -> list[float | str]:
    """Cells of a point's values: numbers where all values of a path are numbers, else text."""
    return [
        float(value) if _numeric(all_) else _text(value)
        for value, all_ in zip(values, varied.values(), strict=True)
    ]


def frontier_columns(study: Mapping[str, Any]) -> Schema:
    """The schema of frontier.csv, given what the manifest says was varied."""
    rank, *rest = FRONTIER.items()
    return dict([rank, *point_columns(dict(rest), study).items()])


def point_columns(schema: Schema, study: Mapping[str, Any]) -> Schema:
    """The schema of a table of points: policy and varied paths, then the columns given."""
    paths: Schema = {
        path: "number" if _numeric(values) else "text" for path, values in varied(study).items()
    }
    return {"policy": "text", **paths, **schema}


def _numeric(values: Sequence[Any]) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

"""The room of results: the columns of a search for the cheapest."""

from collections.abc import Mapping
from typing import Any

from portsim.results.sweep import COST, STAFFED
from portsim.results.tables import Schema

__all__ = ["PROOF", "TRIED", "winner"]

TRIED: Schema = {
    COST: "number",
    STAFFED: "number",
    "requirement": "text",
    "mean": "number",
    "low": "number",
    "high": "number",
    "met": "text",
    "feasible": "text",
    "best": "text",
    "note": "text",
}
"""Columns of optimise.csv behind the number of the trial, the policy and the varied paths."""
PROOF: Schema = {
    COST: "number",
    STAFFED: "number",
    "requirement": "text",
    **{
        f"{when}_{part}": "number"
        for when in ("searched", "fresh")
        for part in ("mean", "low", "high")
    },
    "met": "text",
    "proven": "text",
    "winner": "text",
}
"""Columns of proof.csv behind the place in the search, the policy and the varied paths."""


def winner(study: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the ``study`` of a manifest says of the winner: its values by path; None without one."""
    values = study["winner"]
    return None if values is None else {path: values[path] for path in study["paths"]}

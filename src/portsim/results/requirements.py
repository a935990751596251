"""The room of results: what is required of a study, as it was asked and as a planner reads it."""

from portsim.results.sweep import measure_in
from portsim.scenario.measure_catalogue import label_of, unit_of
from portsim.wording import amounts

__all__ = ["read_promise", "requirement_text"]


def read_promise(requirement: str) -> tuple[str, bool, float]:
    """Measure, whether it must reach the value (or not exceed it), and the value."""
    where = measure_in(requirement)
    sign = requirement[len(where) : len(where) + 2]
    return where, sign == ">=", float(requirement[len(where) + 2 :])


def requirement_text(requirement: str) -> str:
    """A requirement in the language being spoken: ``On-time share ≥ 95 %``."""
    where, at_least, value = read_promise(requirement)
    amount, label = amounts.promised(value, unit_of(where)), label_of(where)
    return f"{label[:1].upper()}{label[1:]} {'≥' if at_least else '≤'} {amount}"

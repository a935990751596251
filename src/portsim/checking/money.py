"""Checks of money: all amounts of a scenario are in one currency."""

from portsim.checking.findings import Findings, Path
from portsim.reading.text import dotted
from portsim.scenario.currency import amounts
from portsim.scenario.model import Scenario

__all__ = ["check_money", "check_value_of_time"]


def check_money(findings: Findings, scenario: Scenario) -> None:
    """Refuse a second currency, and bare numbers where none is named; warn of others."""
    listed = list(amounts(scenario))
    named = {code: path for path, code in reversed(listed) if code}
    first = next((code for _, code in listed if code), "")
    for code, path in named.items():
        if code != first:
            findings.error(
                _written(findings, path),
                "currencies",
                f"{first}, as at {dotted(_written(findings, named[first]))}",
                "write all amounts of a scenario in one currency; portsim knows no rates of "
                "exchange",
                f"an amount in {code}",
            )
    for path in (path for path, code in listed if not code):
        where = _written(findings, path)
        if first:
            findings.warn(
                where,
                "currency",
                f"an amount with its currency, {first}",
                f"it is read as {first}, like the other amounts",
                "a bare number",
            )
        else:
            hint = "write the currency by its code of ISO 4217, too: 22 EUR, 8000 CNY"
            findings.error(where, "unit-missing", "an amount of money with its unit", hint)


def check_value_of_time(findings: Findings, scenario: Scenario) -> None:
    """Refuse a value of time of a class that there is not."""
    for name in scenario.value_of_time:
        known = ["all", *scenario.traffic.classes]
        if name not in known:
            findings.known(("value_of_time", name), name, known, "traffic", key=True)


def _written(findings: Findings, path: Path) -> Path:
    """The part of a path that stands in the files: a plain value is short for a constant."""
    while path and not findings.written(*path):
        path = path[:-1]
    return path

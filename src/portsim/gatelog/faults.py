"""The gate log's faults: how a file that cannot be read is refused. Nothing is read here."""

from typing import NoReturn

from portsim.errors import Fault, ScenarioError

__all__ = ["refuse"]


def refuse(
    file: str, code: str, found: str, expected: str, hint: str = "", line: int = 0, path: str = ""
) -> NoReturn:
    """Refuse a file.

    Raises:
        ScenarioError: always, with this one fault.
    """
    raise ScenarioError([Fault(file, line, 0, path, code, found, expected, hint)])

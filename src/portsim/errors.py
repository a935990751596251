"""The faults portsim can report: every exception class of the package, and nothing else.

PortsimError                 anything portsim raises on purpose; exit code 1
├── InputError               the user's input is wrong; exit code 2, nothing was written
│   └── ScenarioError        one or more faults in scenario files, all reported together
├── StuckError               trucks in a circular wait were found after a run
├── AuditError               the engines disagree about a run; nothing of it may be trusted
└── JournalError             finished runs cannot be kept, e.g. because the disk is full
"""

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = [
    "MOST_SHOWN",
    "AuditError",
    "Fault",
    "InputError",
    "JournalError",
    "PortsimError",
    "ScenarioError",
    "StuckError",
]


class PortsimError(Exception):
    """Anything portsim raises on purpose. The message is written for the person at the keyboard."""


class InputError(PortsimError):
    """The user's input or usage is wrong; nothing has been written."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a scenario file, as a person needs it to mend the file.

    Attributes:
        file: path of the file as the user wrote it.
        line: 1-based line, 0 if the fault belongs to the file as a whole.
        column: 1-based column, 0 if unknown.
        path: dotted path of the value, e.g. ``stages.gate.time``; empty for the file itself.
        code: short kebab-case name of the kind of fault, e.g. ``unknown-key``.
        found: what stands there, in the user's words; empty if nothing does.
        expected: what could stand there.
        hint: how to mend it; may be empty.
        level: ``error`` or ``warning``.
        against: name of the scenario that it holds against; empty if against none.
    """

    file: str
    line: int
    column: int
    path: str
    code: str
    found: str
    expected: str
    hint: str = ""
    level: str = "error"
    against: str = ""

    def __str__(self) -> str:
        where = self.file
        if self.line:
            where += f":{self.line}"
            if self.column:
                where += f":{self.column}"
        text = f"{where}: {self.level}: "
        if self.path:
            text += f"{self.path}: "
        text += f"found {self.found}; " if self.found else ""
        text += f"expected {self.expected}" if self.expected else ""
        if self.hint:
            text += f"\n    hint: {self.hint}"
        return text


MOST_SHOWN = 50
"""So many faults are told in words; of a file with more of them the rest is counted."""


class ScenarioError(InputError):
    """One or more faults of scenario files. Mend each place named in ``faults``.

    Attributes:
        faults: all of them, in the order of the files.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(filter(None, [*map(str, self.shown), self.rest])))

    @property
    def shown(self) -> tuple[Fault, ...]:
        """The first faults, so many as a person reads."""
        return self.faults[:MOST_SHOWN]

    @property
    def rest(self) -> str:
        """How many more there are, in words; empty if all of them are shown."""
        more = len(self.faults) - MOST_SHOWN
        return f"and {more:,} more" if more > 0 else ""


class StuckError(PortsimError):
    """Trucks wait for each other in a circle. The message names what they hold and want."""


class AuditError(PortsimError):
    """The engines disagree. The message shows the first visit; a bug of portsim: please report."""


class JournalError(PortsimError):
    """Finished runs cannot be kept. Make room on the disk; what was kept before is still there."""

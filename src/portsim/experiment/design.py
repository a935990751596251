"""What a study of any kind has in common before it is conducted: it is checked once, here or never.

Which scenarios it runs, and what comes of them, may not enter.
"""

from collections.abc import Sequence
from typing import Protocol

from portsim.experiment.execution import Execution
from portsim.experiment.study import Study
from portsim.scenario.model import Scenario

__all__ = ["Design"]


class Design(Protocol):
    """A study that could begin: everything that was asked is known to make sense."""

    @property
    def policies(self) -> Sequence[Scenario]:
        """The scenarios as they stand in their files."""
        ...

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of everything that the outcome depends on."""
        ...

    def conduct(self, how: Execution) -> Study:
        """Do all runs and put the outcome together.

        Raises:
            AuditError: the engines disagree.
            PortsimError: what is needed could not be run to its end, e.g. for a circular wait.
        """
        ...

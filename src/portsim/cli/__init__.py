"""The command line: verbs for people. It calls the rooms and prints; it works nothing out itself.

Nothing heavy may be imported at the head of a module here: `--help` must feel instant.
"""

from portsim.cli.main import main, program

__all__ = ["main", "program"]

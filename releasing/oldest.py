"""Prints the oldest versions that pyproject.toml allows, as constraints for pip.

    python releasing/oldest.py > constraints.txt

One line for each package that the project or its extra `dev` names, at its lower bound: what a
bound promises is tried by `make oldest`. What those packages need in turn is left to pip.
"""

import re
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"
BOUND = re.compile(r"(?P<name>[A-Za-z0-9._-]+)\s*(?:>=|==)\s*(?P<version>[0-9][0-9A-Za-z.]*)$")


def oldest(project: Path = PROJECT) -> list[str]:
    """Lines ``name==version``; ValueError for a requirement that has no lower bound."""
    said = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    lines = []
    for requirement in [*said["dependencies"], *said["optional-dependencies"]["dev"]]:
        bound = BOUND.match(requirement)
        if bound is None:
            raise ValueError(f"{requirement!r} is not of the form name>=version or name==version")
        lines.append(f"{bound['name']}=={bound['version']}")
    return sorted(lines, key=str.lower)


if __name__ == "__main__":
    sys.stdout.write("\n".join(oldest()) + "\n")

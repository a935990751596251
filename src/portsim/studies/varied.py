"""Scenarios with other values at some places of one file or stack, for studies of many.

Which values are worth trying, and what comes of them, may not enter.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portsim.checking import Scenario, load
from portsim.checking.changing import placed
from portsim.scenario.putting import ABSENT, at

__all__ = ["Variants", "vary"]


def vary(spec: str | Path, values: Mapping[str, Any]) -> Scenario:
    """The scenario of a file or a stack, with other values at some of its places.

    Args:
        spec: path of a YAML file, or ``base.yaml+overlay.yaml``.
        values: see `portsim.Scenario.replace`.

    Raises:
        ScenarioError: the files are at fault, there is no such path, or a value is refused.
    """
    return load(spec).replace(values)


class Variants:
    """One file or stack, read and checked once, from which any number of scenarios are made."""

    def __init__(self, spec: str | Path) -> None:
        """Read the files.

        Raises:
            ScenarioError: every fault of the files, as `portsim.load` raises it.
        """
        self.base = load(spec)
        """The scenario as it stands in the files."""
        assert self.base.origin.tree is not None
        self._tree = self.base.origin.tree

    def written(self, text: str) -> Any:
        """What stands at a dotted path, as written and without its note; None if nothing does.

        Raises:
            ScenarioError: there is no such place; the hint names the nearest.
        """
        tree, places = placed(self._tree, [text])
        found = at(tree.data, places[text])
        return None if found is ABSENT else found

    def at(self, values: Mapping[str, Any], *, name: str = "") -> Scenario:
        """The scenario with other values at some of its places; see `portsim.Scenario.replace`.

        It is checked in whole, which takes some 0.03 s for a port of 700 lines. With ``name`` it
        is called so; its own name stays if that is empty.

        Raises:
            ScenarioError: there is no such path, or the values are refused; each fault says which
                values were tried.
        """
        return self.base.replace(values, name=name or None)

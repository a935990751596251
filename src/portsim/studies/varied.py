"""Scenarios with other values at some places of one file or stack, for studies of many.

Which values are worth trying, and what comes of them, may not enter.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from portsim.checking import Scenario, Spec, read_in
from portsim.checking.changing import placed
from portsim.scenario.putting import ABSENT, at, in_words

__all__ = ["Variants", "several", "vary"]


def vary(spec: Spec, values: Mapping[str, Any]) -> Scenario:
    """The scenario of a file or a stack, with other values at some of its places.

    Args:
        spec: a scenario, or its file or stack.
        values: see `portsim.Scenario.replace`.

    Raises:
        ScenarioError: the files are at fault, there is no such path, or a value is refused.
    """
    (scenario,) = read_in(spec)
    return scenario.replace(values)


def several(specs: Spec | Sequence[Spec]) -> Sequence[Spec]:
    """One policy or more, as a list."""
    return specs if isinstance(specs, Sequence) and not isinstance(specs, str) else [specs]


class Variants:
    """A scenario, read and checked once, from which any number of others are made."""

    def __init__(self, spec: Spec) -> None:
        """Read it, if it is a file or a stack.

        Raises:
            ScenarioError: every fault of the files, as `portsim.load` raises it.
        """
        (self.base,) = read_in(spec)
        """The scenario as it stands."""
        assert self.base.origin.tree is not None
        self._tree = self.base.origin.tree

    def in_words(self, text: str) -> str:
        """A dotted path as people name it: shifts by their calendars, not by number."""
        return in_words(self._tree.data, text)

    def written(self, text: str) -> Any:
        """What stands at a dotted path, as written and without its note; None if nothing does.

        Raises:
            ScenarioError: there is no such place; the hint names the nearest.
        """
        tree, places = placed(self._tree, [text])
        value = at(tree.data, places[text])
        return None if value is ABSENT else value

    def at(self, values: Mapping[str, Any], *, name: str = "") -> Scenario:
        """The scenario with other values at some of its places; see `portsim.Scenario.replace`.

        It is checked in whole, which takes some 0.03 s for a port of 700 lines. With ``name`` it
        is called so; its own name stays if that is empty.

        Raises:
            ScenarioError: there is no such path, or the values are refused; each fault says which
                values were tried.
        """
        return self.base.replace(values, name=name or None)

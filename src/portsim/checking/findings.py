"""A notepad for the checks: faults with their places, collected and reported together."""

from collections.abc import Collection
from dataclasses import replace

from portsim.errors import Fault
from portsim.reading.fault_places import fault_at
from portsim.reading.merging import Tree
from portsim.reading.text import nearest, short

__all__ = ["Findings", "Path"]

Path = tuple[str | int, ...]
_SECTIONS = {
    "calendar": "calendars",
    "resource": "resources",
    "set of channels": "channels",
    "set of slots": "slots",
    "stage": "stages",
}
_MOST_NAMES = 12
_MOST_LIKENED = 50_000
"""So many names are looked at to guess which was meant; nobody reads the thousandth guess."""


class Findings:
    """Faults and warnings about one tree.

    With ``lost`` a key of the whole file is unknown: a section that is not there may be meant by
    it, and names that point into that section are no faults of their own.

    Attributes:
        tree: the tree as people wrote it.
        faults: what must be mended.
        warnings: what is not wrong but perhaps not meant.
    """

    def __init__(self, tree: Tree, lost: bool = False) -> None:
        self.tree = tree
        self._lost = lost
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []
        self._patience = _MOST_LIKENED

    def error(
        self,
        path: Path,
        code: str,
        expected: str,
        hint: str = "",
        found: str = "",
        key: bool = False,
    ) -> None:
        """Note a fault at a path of the tree; with ``key`` about the key that ends it."""
        words = {"expected": expected, "hint": hint, "code": code, "found": found}
        self.faults.append(fault_at(self.tree, path, key=key, **words))

    def warn(self, path: Path, code: str, expected: str, hint: str = "", found: str = "") -> None:
        """Note about a key of the tree that it is not wrong but perhaps not meant."""
        words = {"expected": expected, "hint": hint, "code": code, "found": found}
        fault = fault_at(self.tree, path, key=True, **words)
        self.warnings.append(replace(fault, level="warning"))

    def warn_of_all(
        self, code: str, expected: str, hint: str = "", found: str = "", against: str = ""
    ) -> None:
        """Note about the last of the files as a whole, which makes the tree what it is."""
        words = (code, found, expected, hint, "warning", against)
        self.warnings.append(Fault(self.tree.files[-1], 0, 0, "", *words))

    def written(self, *path: str | int) -> bool:
        """Whether something stands at this path of the files, right or wrong."""
        return path in self.tree.places

    def known(
        self, path: Path, name: str, names: Collection[str], kind: str, key: bool = False
    ) -> bool:
        """Note a fault unless `name` is one of `names`; say which is nearest.

        A name whose own entry is at fault is no second fault, but not known either.
        """
        if name in names:
            return True
        choices = list(names)
        section = _SECTIONS.get(kind, kind)
        lost = self._lost and not self.written(section)
        if not lost and not self.written(section, name):
            near = nearest(name, choices) if self._patience > 0 else ""
            self._patience -= len(choices)
            listed = ", ".join(choices[:_MOST_NAMES]) + (", …" if choices[_MOST_NAMES:] else "")
            hint = f"did you mean `{near}`?" if near else f"known: {listed or 'none'}"
            found = f"`{short(name)}`"
            self.error(
                path, f"unknown-{kind}".replace(" ", "-"), f"the name of a {kind}", hint, found, key
            )
        return False

    def item(self, path: Path, number: int) -> Path:
        """Path of an item of a list that may have been written as one text."""
        item_path = (*path, number)
        return item_path if item_path in self.tree.places else path

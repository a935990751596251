"""The reading room's shelf: which files a scenario is made of, each read once, base first.

How their values are put together may not enter, nor what they mean.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

from portsim.errors import Fault, ScenarioError
from portsim.reading.nodes import Entry, Node, Place, read_file
from portsim.reading.text import nearest, short

__all__ = ["Layer", "Shelf", "split_stack"]

_MOST_FILES_DEEP = 20
_MOST_BASES = 100


@dataclass(frozen=True, slots=True)
class Layer:
    """One file: its path as the user wrote it, its own name, label and summary, and all its other
    keys.
    """

    shown: str
    real: str
    root: Node
    name: Entry | None
    label: Entry | None
    summary: Entry | None
    targets: tuple[tuple[str, Place], ...] = field(default=())

    @property
    def stem(self) -> str:
        """Name of the scenario in this file; the file's stem if it does not say."""
        node = self.name.node if self.name else None
        written = node is not None and isinstance(node.value, str | int | float)
        return str(node.value) if node and written else Path(self.shown).stem


def split_stack(spec: str) -> list[str]:
    """Split ``base.yaml+app.yaml`` into file names; a file whose real name holds a + wins."""
    parts = spec.split("+")
    names, begin = [], 0
    while begin < len(parts):
        ends = range(len(parts), begin, -1)
        end = next((e for e in ends if _is_file("+".join(parts[begin:e]))), None)
        if end is None:
            whole = (e for e in reversed(ends) if parts[e - 1].endswith((".yaml", ".yml")))
            end = next(whole, begin + 1)
        names.append("+".join(parts[begin:end]))
        begin = end
    return names


class Shelf:
    """Reads files and follows their ``extends``; collects the faults of all of them.

    Attributes:
        faults: those that leave nothing to judge.
        mended: those of form; the files were read on as if they were not there.
    """

    def __init__(self, files: dict[str, Node] | None = None) -> None:
        """With ``files`` what is in them, by the path shown, is not read again; others are added.

        Policies that are compared mostly extend one base, and reading is what takes longest.
        """
        self._files = {} if files is None else files
        self.faults: list[Fault] = []
        self.mended: list[Fault] = []

    def chain(self, shown: str, root: Node | None = None) -> list[Layer]:
        """Return the file and all that it extends, base first, no file twice.

        With ``root`` that is what stands in the file, which need not exist.
        """
        layers: dict[str, Layer] = {}
        self._collect(shown, (), layers, root)
        return list(layers.values())

    def layer(self, shown: str, root: Node | None = None) -> Layer | None:
        """Read one file and look up what it extends; None if it cannot be read."""
        try:
            root = self._read(shown) if root is None else root
        except ScenarioError as error:
            self.faults += error.faults
            return None
        assert isinstance(root.value, dict)
        entries = dict(root.value)
        own = {key: _given(entries.pop(key, None)) for key in ("name", "label", "summary")}
        extends = entries.pop("extends", None)
        targets = self._targets(extends.node, shown) if extends else ()
        rest = Node(entries, root.place)
        titles = own["name"], own["label"], own["summary"]
        return Layer(shown, os.path.realpath(shown), rest, *titles, targets)

    def _read(self, shown: str) -> Node:
        if shown not in self._files:
            before = len(self.mended)
            node = read_file(Path(shown), shown, self.mended)
            if len(self.mended) > before:
                return node
            self._files[shown] = node
        return self._files[shown]

    def _collect(
        self,
        shown: str,
        trail: tuple[tuple[str, str], ...],
        layers: dict[str, Layer],
        root: Node | None = None,
    ) -> None:
        layer = self.layer(shown, root)
        if layer is None:
            return
        trail = (*trail, (layer.real, shown))
        for target, place in layer.targets:
            real = os.path.realpath(target)
            ancestors = [ancestor for ancestor, _ in trail]
            if real in ancestors:
                circle = [name for _, name in trail[ancestors.index(real) :]]
                found = " extends ".join([*circle, circle[0]])
                words = ("circular-extends", found, "a base that does not extend itself")
                self._fault(place, *words)
            elif len(trail) >= _MOST_FILES_DEEP:
                self._fault(place, "extends", f"more than {_MOST_FILES_DEEP} bases", "fewer")
            elif real not in layers:
                self._collect(target, trail, layers)
        layers[layer.real] = layer

    def _targets(self, node: Node, shown: str) -> tuple[tuple[str, Place], ...]:
        items = node.value if isinstance(node.value, list) else [node]
        if len(items) > _MOST_BASES:
            words = (f"a list of {len(items):,} files", f"at most {_MOST_BASES}")
            self._fault(items[_MOST_BASES].place, "extends", *words)
        targets = []
        for item in items[:_MOST_BASES]:
            if not isinstance(item.value, str) or not item.value.strip():
                found = f"`{short(str(item.value))}`" if isinstance(item.value, int) else "no name"
                self._fault(item.place, "extends", found, "a file name, or a list of file names")
                continue
            if "\0" in item.value:
                found = f"`{short(item.value)}`, with a character that no file name has (U+0000)"
                self._fault(item.place, "missing-file", found, "a file name")
                continue
            raw = os.path.join(os.path.dirname(shown), item.value)  # noqa: PTH118, PTH120
            tidy = os.path.normpath(raw)
            # Behind a symbolic link `..` may lead elsewhere: then the path stays as written.
            target = tidy if os.path.realpath(tidy) == os.path.realpath(raw) else raw
            if _is_file(target):
                targets.append((target, item.place))
                continue
            folder = Path(target).parent
            others = [name for name in _names_in(folder) if name != Path(shown).name]
            like = nearest(Path(target).name, others)
            hint = f"did you mean `{Path(item.value).parent / like}`?" if like else ""
            found = f"`{short(item.value)}`, no such file"
            self._fault(item.place, "missing-file", found, f"a file in {folder}", hint)
        return tuple(targets)

    def _fault(self, place: Place, code: str, *words: str) -> None:
        self.faults.append(Fault(place.file, place.line, place.column, "extends", code, *words))


def _given(entry: Entry | None) -> Entry | None:
    return entry if entry is not None and entry.node.value is not None else None


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):
        return False


def _names_in(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir() if path.is_file())
    except (OSError, ValueError):
        return []

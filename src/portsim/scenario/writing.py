"""A tree as the text of a file: YAML 1.2 that is read as the same values, with their sources.

Nothing is decided here but how the text looks.
"""

import copy
import io
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from portsim.reading.annotations import Note
from portsim.reading.annotations import Path as TreePath
from portsim.reading.merging import Tree
from portsim.reading.nodes import plain_scalar
from portsim.scenario.plain import named_files

__all__ = ["as_yaml", "beside", "means_text"]

_WIDE = 1_000_000
_ONE_LINE = 88


def as_yaml(tree: Tree) -> str:
    """The text of a scenario file without bases, notes and all."""
    return _text(_node(tree.data, (), tree.notes))


def beside(tree: Tree, folder: Path) -> Tree:
    """The tree for a file in a folder: names of attached files are relative to it."""
    data = copy.deepcopy(tree.data)
    for path, words in named_files(data):
        file = Path(tree.places[(*path, "file")].file).parent / words["file"]
        words["file"] = Path(os.path.relpath(file, folder)).as_posix()
    study = data.get("study")
    if isinstance(study, dict) and isinstance(study.get("draws"), str) and study["draws"]:
        file = Path(tree.places[("study", "draws")].file).parent / study["draws"]
        study["draws"] = Path(os.path.relpath(file, folder)).as_posix()
    return replace(tree, data=data)


def _text(node: Any) -> str:
    yaml = YAML()
    # Lines are never folded: who searches for a text finds it.
    yaml.width = _WIDE
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    yaml.dump(node, stream)
    return stream.getvalue()


def _node(value: Any, path: TreePath, notes: Mapping[TreePath, Note]) -> Any:
    made: Any
    if isinstance(value, dict):
        made = CommentedMap(
            (_scalar(name), _node(part, (*path, name), notes)) for name, part in value.items()
        )
    elif isinstance(value, list | tuple):
        made = CommentedSeq(_node(part, (*path, n), notes) for n, part in enumerate(value))
    else:
        made = _scalar(value)
    note = notes.get(path)
    if note is not None:
        words = {"source": note.source, "confidence": note.confidence, "note": note.note}
        known = {name: _scalar(word) for name, word in words.items() if word is not None}
        if note.range is not None:
            known["range"] = _node(list(note.range), (), {})
        if note.shape is not None:
            known["shape"] = note.shape
        made = CommentedMap(value=made, **known)
    if isinstance(made, CommentedMap | CommentedSeq) and _short(made):
        _in_line(made)
    return made


def _scalar(value: Any) -> Any:
    """A text in quotes where it would be read as something else."""
    if not isinstance(value, str) or (means_text(value) and value.isprintable()):
        return value
    return DoubleQuotedScalarString(value)


def means_text(value: str) -> bool:
    """Whether a text without quotes is read as itself, and not as a number or nothing."""
    try:
        return isinstance(plain_scalar(value), str)
    except ValueError:
        return False


def _in_line(node: CommentedMap | CommentedSeq) -> None:
    node.fa.set_flow_style()


def _short(node: CommentedMap | CommentedSeq) -> bool:
    """Whether plain values fit into one line together."""
    parts = list(node.values()) if isinstance(node, CommentedMap) else list(node)
    if not parts:
        return True
    inside = [part for part in parts if isinstance(part, CommentedMap | CommentedSeq)]
    return not any(part.fa.flow_style() is not True for part in inside) and (
        len(str(node)) <= _ONE_LINE
    )

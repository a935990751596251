"""The room of the live page, its engine: the compiled engine's own code as WebAssembly.

`engine.wasm` is made from `portsim.engines.compiled` by `make wasm` and shipped; no rule of an
engine stands here. What is here says how its arguments are laid out, for whoever runs it.
"""

import hashlib
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

import portsim.engines.compiled as compiled_engine
from portsim.engines.compiled.lists import Lists
from portsim.engines.compiled.tables import Tables

__all__ = ["ENGINE", "ORIGIN", "code", "layout", "origin"]

ENGINE = Path(__file__).with_name("engine.wasm")
ORIGIN = Path(__file__).with_name("engine.json")
"""What it was made from."""
_SOURCES = ("layout.py", "lists.py", "loop.py", "rows.py", "tables.py", "../../references.py")


def code() -> bytes:
    """The module, which imports nothing and gives ``memory`` and ``__heap_base``, from where on the
    memory is free, and ``run(row)`` and ``run_looking(row)``: without and with rules that look at
    queues. They take the address of their arguments and give 0, see `layout`.
    """
    return (resources.files("portsim.livepage") / ENGINE.name).read_bytes()


def origin(made: bytes) -> dict[str, str]:
    """What a module is made from and is: SHA-256 (hex) of the sources, without their comments on
    lines of their own, and of the module.
    """
    folder = Path(str(compiled_engine.__file__)).parent
    said = "\n".join(
        line
        for name in _SOURCES
        for line in (folder / name).read_text("utf-8").splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    )
    return {
        "sources": hashlib.sha256(said.encode()).hexdigest(),
        "wasm": hashlib.sha256(made).hexdigest(),
    }


def layout(tables: Tables, lists: Lists) -> list[dict[str, Any]]:
    """How the arguments of the engine stand in their row, in their order.

    A number or a flag is one integer of 8 bytes. An array is 0, 0, number of its items, bytes of an
    item, address, its shape, and the bytes from one item to the next along each axis: 8 bytes
    each. After all of them comes one more integer, 1.

    Returns:
        For each argument its ``name``, that of a list with ``list.`` before it where a table has
        the same; of arrays ``axes``, of those with two the length of the
        ``second``, and ``item``: a kind as numpy writes it
        (``<i8``), or of structures their ``size`` in bytes, and name, kind and offset of each of
        their ``fields``.
    """
    rows: list[dict[str, Any]] = []
    written = [
        (f"list.{name}" if name in Tables._fields else name, value)
        for name, value in lists._asdict().items()
    ]
    for name, value in (*tables._asdict().items(), *written):
        if not isinstance(value, np.ndarray):
            rows.append({"name": name})
            continue
        kind = value.dtype
        item: Any = kind.str
        if kind.fields is not None:
            fields = [[field, part[0].str, int(part[1])] for field, part in kind.fields.items()]
            item = {"size": kind.itemsize, "fields": fields}
        rows.append({"name": name, "axes": value.ndim, "item": item})
        if value.ndim > 1:
            rows[-1]["second"] = value.shape[1]
    return rows

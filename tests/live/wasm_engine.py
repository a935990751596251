"""The shipped engine.wasm run by wasmtime, in place of the compiled loop."""

from typing import Any

import numpy as np
import pytest

from portsim.engines.compiled.lists import Lists
from portsim.engines.compiled.tables import Tables
from portsim.livepage.engine import code

wasmtime = pytest.importorskip(
    "wasmtime", reason="NO WASMTIME, engine.wasm WAS NOT RUN: it is in the extra dev"
)

_ROOM = 64


class WasmLoop:
    """Stands for `portsim.engines.compiled.loop.simulate`: the same arguments, the same effects."""

    def __init__(self) -> None:
        self._store = wasmtime.Store()
        module = wasmtime.Module(self._store.engine, code())
        assert module.imports == []
        instance = wasmtime.Instance(self._store, module, [])
        self._given = instance.exports(self._store)

    def __call__(self, tables: Tables, lists: Lists, ruled: Any) -> None:
        values = (*tables, *lists)
        arrays = [value for value in values if isinstance(value, np.ndarray)]
        begin = _up(self._given["__heap_base"].value(self._store))
        slots = sum(5 + 2 * v.ndim if isinstance(v, np.ndarray) else 1 for v in values) + 1
        places, at = [], begin + 8 * slots
        for array in arrays:
            places.append(_up(at))
            at = places[-1] + array.nbytes
        memory = self._given["memory"]
        lacking = at + _ROOM - memory.data_len(self._store)
        if lacking > 0:
            memory.grow(self._store, -(-lacking // 65_536))
        row: list[int] = []
        place = iter(places)
        for value in values:
            if isinstance(value, np.ndarray):
                row += [0, 0, value.size, value.itemsize, next(place), *value.shape, *value.strides]
            else:
                row.append(int(value))
        memory.write(self._store, np.array([*row, 1], dtype="<i8").tobytes(), begin)
        for array, where in zip(arrays, places, strict=True):
            memory.write(self._store, array.tobytes(), where)
        run = self._given["run" if ruled is None else "run_looking"]
        assert run(self._store, begin) == 0
        for array, where in zip(arrays, places, strict=True):
            told = bytes(memory.read(self._store, where, where + array.nbytes))
            array[...] = np.frombuffer(told, dtype=array.dtype).reshape(array.shape)


def _up(at: int) -> int:
    return -(-at // _ROOM) * _ROOM

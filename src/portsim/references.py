"""References: named tuples that compiled functions hand on as one address, told to Numba.

It extends Numba by a type; whoever compiles asks `portsim.compiling`, which knows whether there is
a Numba to extend.
"""

# Numba's ways of being extended have no types.
# mypy: disable-error-code="no-untyped-call, untyped-decorator, no-any-return, override, misc"
# mypy: disable-error-code="call-arg, import-untyped"

import hashlib
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.imputils import impl_ret_borrowed, lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, models, overload, register_model

__all__ = ["overload_by_reference"]


class _Reference(types.Type):
    """The address of a named tuple."""

    def __init__(self, columns: types.NamedTuple) -> None:
        self.columns = columns
        # Names of functions hold those of all their arguments: a short one is quick to compare.
        digest = hashlib.sha256(str(columns).encode()).hexdigest()
        super().__init__(name=f"reference({columns.instance_class.__name__}, {digest[:16]})")

    def place(self, field: str) -> int:
        """Of a field in the tuple."""
        return int(self.columns.fields.index(field))


register_model(_Reference)(models.OpaqueModel)


@infer_getattr
class _Fields(AttributeTemplate):
    key = _Reference

    def generic_resolve(self, reference: _Reference, field: str) -> types.Type | None:
        if field not in reference.columns.fields:
            return None
        return reference.columns.types[reference.place(field)]


@lower_getattr_generic(_Reference)
def _field(context: Any, builder: Any, reference: _Reference, address: Any, field: str) -> Any:
    place = reference.place(field)
    kinds = [context.get_value_type(column) for column in reference.columns.types]
    slots = builder.bitcast(address, _SLOT.as_pointer())
    value, _ = _loaded(builder, slots, kinds[place], sum(map(_leaves, kinds[:place])))
    return impl_ret_borrowed(context, builder, reference.columns.types[place], value)


# Each number and each address has a slot of 8 bytes, whatever the machine: what is compiled for one
# is retargeted to another, whose addresses are shorter (`releasing/wasm.py`).
_SLOT = ir.IntType(64)


def _parts(kind: Any) -> list[Any]:
    """Types of what a value holds; empty of a single number or address."""
    if isinstance(kind, ir.ArrayType):
        return [kind.element] * kind.count
    return list(kind.elements) if isinstance(kind, ir.LiteralStructType) else []


def _leaves(kind: Any) -> int:
    """How many slots a value takes."""
    parts = _parts(kind)
    return sum(map(_leaves, parts)) if parts else 1


def _loaded(builder: Any, slots: Any, kind: Any, first: int) -> tuple[Any, int]:
    """A value from its slots, and the one behind them; parts that nobody reads are left out."""
    parts = _parts(kind)
    if not parts:
        wide = builder.load(cgutils.gep_inbounds(builder, slots, first))
        if isinstance(kind, ir.PointerType):
            return builder.inttoptr(wide, kind), first + 1
        if isinstance(kind, ir.DoubleType):
            return builder.bitcast(wide, kind), first + 1
        return (wide if kind == _SLOT else builder.trunc(wide, kind)), first + 1
    value = ir.Constant(kind, ir.Undefined)
    for number, part in enumerate(parts):
        leaf, first = _loaded(builder, slots, part, first)
        value = builder.insert_value(value, leaf, number)
    return value, first


def _store(builder: Any, slots: Any, value: Any, first: int) -> int:
    """Put a value into its slots; the one behind them."""
    parts = _parts(value.type)
    if not parts:
        if isinstance(value.type, ir.PointerType):
            value = builder.ptrtoint(value, _SLOT)
        elif isinstance(value.type, ir.DoubleType):
            value = builder.bitcast(value, _SLOT)
        elif value.type != _SLOT:
            value = builder.zext(value, _SLOT)
        builder.store(value, cgutils.gep_inbounds(builder, slots, first))
        return first + 1
    for number in range(len(parts)):
        first = _store(builder, slots, builder.extract_value(value, number), first)
    return first


@intrinsic
def _reference(_typing: Any, columns: types.NamedTuple) -> Any:
    reference = _Reference(columns)

    def stored(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        count = ir.Constant(ir.IntType(32), _leaves(args[0].type))
        with builder.goto_entry_block():
            slots = builder.alloca(_SLOT, size=count)
        _store(builder, slots, args[0], 0)
        return builder.bitcast(slots, context.get_value_type(reference))

    return reference(columns), stored


def overload_by_reference(by_reference: Callable[..., Any]) -> None:
    """Let compiled functions call `by_reference`."""

    # In the frame of who calls it: what it stores must outlive it.
    @overload(by_reference, inline="always", strict=False)
    def _(columns: types.NamedTuple) -> Callable[..., Any]:
        def stored(columns: Any) -> Any:
            return _reference(columns)

        return stored

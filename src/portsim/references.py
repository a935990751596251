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
    pointer = builder.bitcast(address, context.get_value_type(reference.columns).as_pointer())
    value = _loaded(builder, cgutils.gep_inbounds(builder, pointer, 0, place))
    return impl_ret_borrowed(context, builder, reference.columns.types[place], value)


def _loaded(builder: Any, pointer: Any) -> Any:
    """What lies at an address, leaf by leaf: those that nobody reads are left out at once."""
    kind = pointer.type.pointee
    if not isinstance(kind, ir.LiteralStructType | ir.ArrayType):
        return builder.load(pointer)
    value = ir.Constant(kind, ir.Undefined)
    for number in range(len(kind.elements) if hasattr(kind, "elements") else kind.count):
        leaf = _loaded(builder, cgutils.gep_inbounds(builder, pointer, 0, number))
        value = builder.insert_value(value, leaf, number)
    return value


@intrinsic
def _reference(_typing: Any, columns: types.NamedTuple) -> Any:
    reference = _Reference(columns)

    def stored(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        place = cgutils.alloca_once_value(builder, args[0])
        return builder.bitcast(place, context.get_value_type(reference))

    return reference(columns), stored


def overload_by_reference(by_reference: Callable[..., Any]) -> None:
    """Let compiled functions call `by_reference`."""

    # In the frame of who calls it: what it stores must outlive it.
    @overload(by_reference, inline="always", strict=False)
    def _(columns: types.NamedTuple) -> Callable[..., Any]:
        def stored(columns: Any) -> Any:
            return _reference(columns)

        return stored

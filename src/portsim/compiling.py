"""Compiling with Numba where it can be loaded and has a place for its cache; else not at all.

What is compiled stands in the rooms that need it.
"""

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["by_reference", "compiled", "inlined", "part", "runs_compiled"]

# Nothing is made or freed in what is compiled: counting who refers to a table would take longer.
_PLAIN: dict[str, Any] = {"nogil": True, "_nrt": False}
_INSIDE: dict[str, Any] = {**_PLAIN, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}

Function = Callable[..., Any]
T = TypeVar("T")


def _decorator(**options: Any) -> Callable[[Function], Function]:
    def decorate(function: Function) -> Function:
        try:
            from numba import njit  # noqa: PLC0415 - it may be missing

            made: Function = njit(**options)(function)
        except Exception:
            # The same steps uncompiled give the same figures, later.
            return function
        return made

    return decorate


compiled = _decorator(cache=True, **_PLAIN)
"""What is called from outside."""
part = _decorator(**_INSIDE)
"""What it calls."""
inlined = _decorator(forceinline=True, **_INSIDE)
"""What it calls everywhere and all the time."""


def runs_compiled(function: Function) -> bool:
    """Whether a function that was to be compiled is: where numpy has a way of its own, that is
    quicker than steps that are not."""
    return hasattr(function, "py_func")


def by_reference(columns: T) -> T:
    """A named tuple of arrays and numbers that compiled functions hand on as one address.

    By value each of some hundred arrays is seven arguments of every call; what is compiled then
    takes three times as long to compile. Who is handed it reads its fields as ever; it is gone when
    the compiled function that called this returns.
    """
    return columns


def _compile_references() -> None:
    """Tell Numba what `by_reference` is, where it can be loaded."""
    try:
        from portsim.references import overload_by_reference  # noqa: PLC0415 - Numba may be missing
    except Exception:
        return
    overload_by_reference(by_reference)


_compile_references()

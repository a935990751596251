"""Compiling with Numba where it can be loaded and has a place for its cache; else not at all.

What is compiled stands in the rooms that need it.
"""

from collections.abc import Callable
from typing import Any

__all__ = ["compiled", "inlined", "part", "runs_compiled"]

# Nothing is made or freed in what is compiled: counting who refers to a table would take longer.
_PLAIN: dict[str, Any] = {"nogil": True, "_nrt": False}
_INSIDE: dict[str, Any] = {**_PLAIN, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}

Function = Callable[..., Any]


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

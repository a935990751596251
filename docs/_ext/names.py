"""The public names of portsim, as entries of autodoc: the page cannot forget one."""

from types import ModuleType

from pydantic import BaseModel

import portsim

__all__ = ["python"]


def python() -> str:
    """An entry for each public name; what is a module, or no function and no class, comes last."""
    # What a reader calls comes before what it gives; functions are written small.
    ordered = sorted(portsim.__all__, key=str.swapcase)
    return "\n".join(_entry(name) for name in sorted(ordered, key=_is_rest))


def _is_rest(name: str) -> bool:
    return not callable(getattr(portsim, name))


def _entry(name: str) -> str:
    one = getattr(portsim, name)
    if isinstance(one, ModuleType):
        return _directive("automodule", name, ":members:")
    if isinstance(one, str):
        return _directive("data", name, "", "The version of portsim, as text.")
    if not isinstance(one, type):
        return _directive("autofunction", name)
    # The keys of a scenario have a reference of their own.
    return _directive("autoclass", f"{name}()" if issubclass(one, BaseModel) else name, ":members:")


def _directive(kind: str, name: str, *words: str) -> str:
    said = [f"   {line}" if line else "" for line in words]
    return "\n".join(["```{eval-rst}", f".. {kind}:: portsim.{name}", *said, "```", ""])

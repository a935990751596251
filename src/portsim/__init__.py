"""portsim: customs clearance of trucks at a road border port, simulated and compared.

In a notebook::

    import portsim

    port = portsim.load("scenarios/bakhtu/hours-7x12.yaml")
    study = portsim.run(port, replications=2)
    study.table

Everything heavy is imported when it is first asked for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portsim.checking import Scenario, load
    from portsim.experiment import Draws, Study, compare, run
    from portsim.results import ResultFolder
    from portsim.results import read_results as read

__all__ = ["Draws", "ResultFolder", "Scenario", "Study", "compare", "load", "read", "run"]

_HOMES = {
    "Scenario": ("portsim.checking", "Scenario"),
    "load": ("portsim.checking", "load"),
    "run": ("portsim.experiment", "run"),
    "compare": ("portsim.experiment", "compare"),
    "Draws": ("portsim.experiment", "Draws"),
    "Study": ("portsim.experiment", "Study"),
    "read": ("portsim.results", "read_results"),
    "ResultFolder": ("portsim.results", "ResultFolder"),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'portsim' has no attribute {name!r}")
    import importlib  # noqa: PLC0415

    module, attribute = _HOMES[name]
    return getattr(importlib.import_module(module), attribute)


def __dir__() -> list[str]:
    return __all__

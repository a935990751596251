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
    from importlib.metadata import version as _version

    from portsim import errors, gatelog, geometry
    from portsim.checking import Scenario, load
    from portsim.experiment import Draws, Precision, State, Study, compare, read, run
    from portsim.experiment.states import state
    from portsim.fitting import Fit, fit
    from portsim.forecasting import forecast, score_forecasts, state_in_log
    from portsim.held import check
    from portsim.livepage import LivePage, live
    from portsim.studies.optimise import optimise
    from portsim.studies.requirement import Objective, Requirement
    from portsim.studies.sensitivity import sensitivity
    from portsim.studies.sweep import sweep
    from portsim.studies.warmup import warm_up
    from portsim.wording import speaking

    __version__ = _version("portsim")

__all__ = [
    "Draws",
    "Fit",
    "LivePage",
    "Objective",
    "Precision",
    "Requirement",
    "Scenario",
    "State",
    "Study",
    "__version__",
    "check",
    "compare",
    "errors",
    "fit",
    "forecast",
    "gatelog",
    "geometry",
    "live",
    "load",
    "optimise",
    "read",
    "run",
    "score_forecasts",
    "sensitivity",
    "speaking",
    "state",
    "state_in_log",
    "sweep",
    "warm_up",
]

_HOMES = {
    "Draws": "portsim.experiment",
    "Fit": "portsim.fitting",
    "LivePage": "portsim.livepage",
    "Objective": "portsim.studies",
    "Precision": "portsim.experiment",
    "Requirement": "portsim.studies",
    "Scenario": "portsim.checking",
    "State": "portsim.experiment",
    "Study": "portsim.experiment",
    "check": "portsim.held",
    "compare": "portsim.experiment",
    "fit": "portsim.fitting",
    "forecast": "portsim.forecasting",
    "live": "portsim.livepage",
    "load": "portsim.checking",
    "optimise": "portsim.studies",
    "read": "portsim.experiment",
    "run": "portsim.experiment",
    "score_forecasts": "portsim.forecasting",
    "sensitivity": "portsim.studies",
    "speaking": "portsim.wording",
    "state": "portsim.experiment",
    "state_in_log": "portsim.forecasting",
    "sweep": "portsim.studies",
    "warm_up": "portsim.studies",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    import importlib  # noqa: PLC0415

    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415

        return version("portsim")
    if name in {"errors", "gatelog", "geometry"}:
        return importlib.import_module(f"portsim.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'portsim' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__

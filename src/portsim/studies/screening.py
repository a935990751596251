"""All assumptions at once: elementary effects (Morris) and shares of the variance (Sobol).

The designs and their analyses are SALib's; here its numbers become values of scenarios.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from portsim.arrays import Reals
from portsim.errors import InputError, ScenarioError
from portsim.results.sensitivity import METHODS
from portsim.scenario.assumptions import Assumption, NotVaried
from portsim.studies.one_at_a_time import Pair, head, tidied
from portsim.studies.rounds import Rounds

__all__ = ["design", "screen"]

_LEVELS = 4
_RESAMPLES = 1000
_SEED = 1
"""Of the design and of its bootstrap: the same assumptions are always tried at the same points."""


def design(method: str, varied: Sequence[Assumption], size: int) -> Reals:
    """The points at which all assumptions are tried.

    Args:
        method: ``morris`` (trajectories on four levels, Morris 1991) or ``sobol`` (Saltelli's
            scheme on a Sobol' sequence, without second orders, Saltelli 2010).
        varied: what is varied, each evenly between low and high.
        size: number of trajectories, or of base samples (a power of two).

    Returns:
        float64[size · (k + 1), k] for morris, float64[size · (k + 2), k] for sobol, for k
        assumptions in their order. Whole numbers are not rounded yet.

    Raises:
        InputError: SALib is not installed, or a size that cannot be.
    """
    if method == "sobol" and (size < 2 or size & (size - 1)):
        raise InputError(f"--samples must be a power of two, e.g. 64, not {size}")
    sample = _salib("sample", method)
    options: dict[str, Any] = (
        {"num_levels": _LEVELS} if method == "morris" else {"calc_second_order": False}
    )
    points = sample.sample(_problem(varied), size, seed=_SEED, **options)
    return np.asarray(points, dtype=np.float64)


def screen(
    rounds: Rounds,
    questions: Sequence[Pair],
    varied: Sequence[Assumption],
    left: Sequence[NotVaried],
    measure: str,
    cls: str,
    method: str,
    points: Reals,
) -> pd.DataFrame:
    """Run a design and analyse it.

    For morris: mu and mu_star, mean and mean size of the effect of going through the whole range,
    with a bootstrapped 95 % interval, and sigma, the spread of that effect over the other
    assumptions (interaction or curvature; Campolongo 2007). For sobol: first-order and total
    indices with bootstrapped 95 % intervals (Saltelli 2010).

    Args:
        rounds: the policies, not yet run.
        questions: from `portsim.studies.one_at_a_time.pairs`.
        varied: what is varied.
        left: what is listed only.
        measure: name of the measure.
        cls: class of trucks.
        method: ``morris`` or ``sobol``.
        points: from `design`.

    Returns:
        The columns of sensitivity.csv of that method, of each pair the most important first.

    Raises:
        InputError: values are refused together.
        PortsimError: as `Rounds.run`.
    """
    for policy in rounds.policies:
        rounds.want(policy, {})
    names = {
        policy: [_want(rounds, policy, varied, point) for point in points]
        for policy in rounds.policies
    }
    rounds.run()
    rows: list[dict[str, Any]] = []
    for pair in questions:
        y = np.array(
            [
                _mean(rounds.values(name, None if base is None else base))
                for name, base in zip(
                    names[pair.policy],
                    [None] * len(points) if pair.baseline is None else names[pair.baseline],
                    strict=True,
                )
            ]
        )
        if not np.isfinite(y).all():
            raise InputError(
                f"{measure} is undefined at some points of the design for {pair.policy}"
            )
        analysed = _morris(varied, points, y) if method == "morris" else _sobol(varied, y)
        by = analysed["mu_star" if method == "morris" else "total"]
        for number in np.argsort(-by, kind="stable").tolist():
            assumption = varied[number]
            numbers = {name: float(values[number]) for name, values in analysed.items()}
            note = "the measure does not move" if not np.ptp(y) else ""
            rows.append({**head(pair, assumption), **numbers, "note": note})
        rows += [{**head(pair, omitted), "note": f"not varied: {omitted.why}"} for omitted in left]
    return tidied(rows, METHODS[method], measure, cls)


def _want(rounds: Rounds, policy: str, varied: Sequence[Assumption], point: Reals) -> str:
    values: dict[str, Any] = {}
    for assumption, value in zip(varied, point.tolist(), strict=True):
        for path in assumption.places.get(policy, ()):
            values[path] = assumption.written(float(round(value)) if assumption.whole else value)
    try:
        return rounds.want(policy, values)
    except ScenarioError as error:
        fault = error.faults[0]
        raise InputError(
            f"values of the design are refused together: {fault.path}: found {fault.found}; "
            f"expected {fault.expected}\n    hint: leave one of them out with --except, e.g. "
            f"--except '{fault.path}'"
        ) from None


def _mean(values: Reals) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _problem(varied: Sequence[Assumption]) -> dict[str, Any]:
    return {
        "num_vars": len(varied),
        "names": [str(number) for number in range(len(varied))],
        "bounds": [[assumption.low, assumption.high] for assumption in varied],
    }


def _salib(part: str, method: str) -> Any:
    import importlib  # noqa: PLC0415

    try:
        return importlib.import_module(f"SALib.{part}.{method}")
    except ImportError as error:
        raise InputError(
            f"--method {method} needs SALib: pip install 'portsim[sensitivity]'"
        ) from error


def _morris(varied: Sequence[Assumption], points: Reals, y: Reals) -> Mapping[str, Reals]:
    analysis = _salib("analyze", "morris").analyze(
        _problem(varied), points, y, num_resamples=_RESAMPLES, num_levels=_LEVELS, seed=_SEED
    )
    names = ("mu", "mu_star", "mu_star_conf", "sigma")
    return {name: np.asarray(analysis[name], dtype=np.float64) for name in names}


def _sobol(varied: Sequence[Assumption], y: Reals) -> Mapping[str, Reals]:
    names = {
        "first_order": "S1",
        "first_order_conf": "S1_conf",
        "total": "ST",
        "total_conf": "ST_conf",
    }
    if not np.ptp(y):
        return {name: np.zeros(len(varied)) for name in names}
    analysis = _salib("analyze", "sobol").analyze(
        _problem(varied), y, calc_second_order=False, num_resamples=_RESAMPLES, seed=_SEED
    )
    return {name: np.asarray(analysis[key], dtype=np.float64) for name, key in names.items()}

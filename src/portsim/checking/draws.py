"""Checks of what draws come to: no truck that can be drawn needs more than a budget ever has.

Only the odds are worked out here, from the distributions as they are written; nothing is drawn.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from portsim.arrays import Reals
from portsim.checking.findings import Findings, Path
from portsim.scenario.distributions import Distribution, Law, TruncatedNormal
from portsim.scenario.model import Scenario
from portsim.scenario.traffic import Residents, TruckClass

__all__ = ["check_draws", "exceeds"]

Observed = Mapping[tuple[str, str, str], Reals]
_SURELY_NOT = 1e-12
_ONCE_IN_A_MILLION = 1e-6
_RARE = 1e-3
_LEAST = 1e-6
"""A smaller cv or shape cannot be told from this one."""
_LARGEST_POWER = 700.0
_FAR = 8.0
"""Standard deviations beyond which no normal distribution has a value that counts."""
_CELLS = 4000
"""Cells of the load in which the odds of its price are taken."""


def check_draws(findings: Findings, scenario: Scenario, observed: Observed) -> None:
    """Tokens a resident that no truck, or hardly any, needs beyond the level of the budget.

    Args:
        findings: the notepad.
        scenario: what is checked.
        observed: sorted values of empirical distributions, by (file, column, unit).
    """
    for name, cls in scenario.traffic.classes.items():
        ways = [cls.of_papers(papers).route for papers in cls.papers.values() if papers.share]
        for step in (*cls.route, *(step for way in ways for step in way)):
            stage = scenario.stages.get(step.stage)
            share = step.share if step.share is not None or stage is None else stage.share
            if stage is None or not share:
                continue
            for budget, amount in stage.spends.items():
                resource = scenario.resources.get(budget)
                if resource is None or resource.kind != "budget" or amount.per != "resident":
                    continue
                odds = _odds(cls, resource.largest // amount.count, observed)
                if odds is not None and odds > _SURELY_NOT and resource.largest >= amount.count:
                    place = (name, step.stage, budget)
                    _note(findings, scenario, place, odds, amount.count, resource.largest)


def _note(
    findings: Findings,
    scenario: Scenario,
    place: tuple[str, str, str],
    odds: float,
    count: int,
    most: int,
) -> None:
    name, stage, budget = place
    residents = scenario.traffic.classes[name].residents
    path: Path = ("traffic", name, "residents")
    expected = f"at most the {most} that {budget} ever has"
    hint = "a truck that needs more would wait for ever, and those behind it"
    if isinstance(residents, Distribution) and residents.constant is not None:
        need = count * round(residents.constant)
        findings.error(path, "need", expected, hint, f"a need of {need} {budget} at {stage}")
        return
    who = f"{100 * odds:.3g} % of the trucks" if odds > _RARE else f"one truck in {1 / odds:,.0f}"
    found = f"a need above that at {stage} for {who}"
    if odds > _ONCE_IN_A_MILLION:
        hint += "; raise the level, or draw from what has an end, such as triangular"
        findings.error(path, "need", expected, hint, found)
    else:
        findings.warn(path, "need", expected, hint, found)


def _odds(cls: TruckClass, most: int, observed: Observed) -> float | None:
    """Share of the trucks of a class with more residents; None if that cannot be told."""
    words = cls.residents
    if words is None:
        return None
    if not isinstance(words, Residents):
        if words.constant is not None:
            return float(round(words.constant) > most)
        # Residents are rounded to whole ones.
        return exceeds(words, most + 0.5, observed)
    # A resident for each quota that is begun; rounding knows nine digits of it.
    limit = words.quota * (most + 1e-9)
    if cls.value is not None:
        return exceeds(cls.value, limit, observed)
    if cls.price is None or cls.load is None:
        return None
    return _product_exceeds(cls.load, cls.price, limit, observed)


def _product_exceeds(
    load: Distribution[float], price: Distribution[float], limit: float, observed: Observed
) -> float:
    """Share of the values of load times price above a limit."""
    for factor, other in ((load, price), (price, load)):
        if factor.constant is not None:
            return (
                0.0 if factor.constant == 0.0 else exceeds(other, limit / factor.constant, observed)
            )
    # Of a cell of loads the low end is taken, so that a limit that is just kept is no fault.
    edges = _cells(load, observed)
    above = [exceeds(load, float(edge), observed) for edge in edges]
    inside = -np.diff([*above, 0.0])
    priced = [exceeds(price, limit / float(edge), observed) for edge in edges]
    return float(np.dot(inside, priced))


def _cells(load: Distribution[float], observed: Observed) -> Reals:
    """Low ends of cells that hold all the loads there are, or nearly all."""
    return np.unique(np.concatenate([_cells_of(law, observed) for _, law in load.parts]))


def _cells_of(load: Law[float], observed: Observed) -> Reals:
    words = getattr(load, load.kind)
    if load.constant is not None:
        return np.array([max(load.constant * (1.0 - 1e-12), 1e-9)])
    if load.truncated_normal is not None:
        low, high = words.ends
        far = max(words.mean, low) + _FAR * words.sd
        return np.asarray(np.maximum(np.linspace(low, min(high, far), _CELLS, False), 1e-9))
    if load.empirical is not None:
        values = words.rising(observed)
        # Just below each value, so that it lies in its cell.
        return np.asarray(np.maximum(np.unique(values) * (1.0 - 1e-12), 1e-9))
    if load.uniform is not None or load.triangular is not None:
        return np.asarray(np.maximum(np.linspace(words.low, words.high, _CELLS, False), 1e-9))
    return np.asarray(np.geomspace(1e-5, 1e5, _CELLS) * max(words.mean, 1e-9))


def exceeds(distribution: Distribution[float], limit: float, observed: Observed) -> float:
    """Share of the values of a distribution above a limit.

    Formulas: Law (2015), Simulation Modeling and Analysis, section 6.2.

    Args:
        distribution: not of a negative value.
        limit: 0 or more.
        observed: values behind the empirical distributions.
    """
    return math.fsum(part * _exceeds(law, limit, observed) for part, law in distribution.parts)


def _exceeds(law: Law[float], limit: float, observed: Observed) -> float:
    kind = law.kind
    words = getattr(law, kind)
    if kind == "constant":
        return float(words > limit)
    if kind == "truncated_normal":
        return _of_normal(words, limit)
    if kind == "empirical":
        values = words.rising(observed)
        return float(np.mean(values > limit)) if len(values) else 0.0
    if kind in ("uniform", "triangular"):
        return _between(kind, words, limit)
    if words.mean <= 0.0:
        return 0.0
    return 1.0 if limit <= 0.0 else _endless(kind, words, limit)


def _between(kind: str, words: Any, limit: float) -> float:
    low, high = words.low, words.high
    if not low <= limit < high:
        return float(limit < low)
    if kind == "uniform":
        return float((high - limit) / (high - low))
    mode = words.mode
    if limit < mode:
        return float(1.0 - (limit - low) ** 2 / ((high - low) * (mode - low)))
    return float((high - limit) ** 2 / ((high - low) * (high - mode)))


def _of_normal(words: TruncatedNormal[float], limit: float) -> float:
    low, high = words.ends

    def above(x: float) -> float:
        return math.erfc((x - words.mean) / words.sd / math.sqrt(2.0)) / 2.0

    if not low <= limit < high:
        return float(limit < low)
    return (above(limit) - above(high)) / (above(low) - above(high))


def _endless(kind: str, words: Any, limit: float) -> float:
    from scipy import special  # noqa: PLC0415 - few scenarios need it, and it is slow to load

    mean: float = words.mean
    if kind == "exponential":
        return math.exp(-limit / mean)
    if kind == "weibull":
        shape = max(words.shape, _LEAST)
        power = shape * (math.log(limit / mean) + math.lgamma(1.0 + 1.0 / shape))
        return math.exp(-math.exp(min(power, _LARGEST_POWER)))
    if kind == "lognormal":
        sigma2 = math.log1p(max(words.cv, _LEAST) ** 2)
        above = (math.log(limit / mean) + sigma2 / 2.0) / math.sqrt(sigma2)
        return float(special.ndtr(-above))
    phases = words.k if kind == "erlang" else max(words.cv, _LEAST) ** -2.0
    return float(special.gammaincc(phases, phases * limit / mean))

"""Values of a fit drawn together from their estimated distribution: a row a draw.

Where the log cannot tell few servers that work fast from many that work slowly, each number of them
comes with the work that it implies; mean and spread of a work time come with their correlation.
"""

import re
from collections.abc import Mapping, Sequence
from math import sqrt

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from portsim.arrays import Reals
from portsim.checking import Scenario
from portsim.checking.drawn_rows import DRAW, headed
from portsim.demand.streams import uniforms
from portsim.fitting.closings import as_told
from portsim.fitting.stage_values import StageTold
from portsim.fitting.weeks import Week, tidy
from portsim.fitting.work import work_law
from portsim.scenario.assumptions import assumptions

__all__ = ["ROWS", "draws"]

ROWS = 500
"""Draws of a fit."""
_ALL_MARKS = "ABCDE"
_SEED, _FIRST = 1, 1
_TIME = re.compile(r"(?P<own>.+\.time)\.(?P<family>[a-z]+)(?:\.(?P<word>[a-z]+))?")
"""A constant time has no word behind its family."""
_ENDS = frozenset({"low", "mode", "high"})
_DIGITS = 7
_FEW = 5


def draws(
    scenario: Scenario,
    stages: Sequence[StageTold],
    classes: Mapping[str, int],
    given: frozenset[str] = frozenset(),
) -> pd.DataFrame:
    """Draw all values that have a range.

    Args:
        scenario: what was told.
        stages: what of it was told of each stage.
        classes: number of each class of the scenario in the works of the stages.
        given: stages whose servers somebody knows.

    Returns:
        Columns draw (int64, from 1), then one a value, called by its dotted path and unit, float64
        in that unit; `ROWS` rows. They are the same for the same fit.
    """
    listed, _ = assumptions([scenario], _ALL_MARKS)
    named = {path: each for each in listed for path in each.paths}
    normal = {path: _normals(path) for path in named}
    for path, each in named.items():
        time = _TIME.fullmatch(path)
        if time is None:
            continue
        mean = f"{time['own']}.{time['family']}.mean"
        if time["word"] in _ENDS:
            # They keep their proportion: all are as far off as the mean is.
            normal[path] = _normals(mean)
        elif time["word"] == "cv" and mean in normal:
            part = _correlation(time["family"], each.base)
            normal[path] = part * normal[mean] + sqrt(1.0 - part**2) * normal[path]
    values = {
        path: np.array([each.at(float(quantile)) for quantile in ndtr(normal[path])])
        for path, each in named.items()
    }
    for path, column in values.items():
        if path.endswith(".share"):
            values[path] = np.clip(column, 0.0, 1.0)
    for told in stages:
        if told.name not in given:
            _with_servers(scenario, told, classes, values)
    table = {DRAW: np.arange(1, ROWS + 1)}
    for path, column in values.items():
        table[headed(path, named[path].unit)] = np.array([_rounded(each) for each in column])
    return pd.DataFrame(table)


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def _normals(address: str) -> Reals:
    """float64[ROWS], standard normal, of an address as all luck is."""
    even = uniforms(_SEED, _FIRST, f"fitted {address}", "value", ROWS)
    return np.asarray(ndtri((even * (ROWS * 1000 - 1) + 0.5) / (ROWS * 1000)))


def _correlation(family: str, cv: float) -> float:
    """Correlation of the mean and the coefficient of variation of many works of a family.

    With skewness γ and kurtosis κ it is (γ/2 − cv) / √((κ − 1)/4 + cv² − cv·γ), from the covariance
    of sample mean and variance, μ₃/n (Kendall & Stuart, vol. 1, sections 10.3 to 10.6): nothing for
    the gamma.
    """
    if family != "lognormal":
        return 0.0
    omega = 1.0 + cv**2
    skew = 3.0 * cv + cv**3
    kurtosis = omega**4 + 2.0 * omega**3 + 3.0 * omega**2 - 3.0
    spread = (kurtosis - 1.0) / 4.0 + cv**2 - cv * skew
    return (skew / 2.0 - cv) / sqrt(spread)


def _with_servers(
    scenario: Scenario, told: StageTold, classes: Mapping[str, int], values: dict[str, Reals]
) -> None:
    """Put numbers of servers that fit alike into the draws of a stage, and the works they imply."""
    numbers = sorted({span.servers for each in told.rosters for day in each.week for span in day})
    resource = f"resources.{told.name}-servers"
    paths = [f"{resource}.capacity"]
    if len(numbers) > 1:
        paths = [f"{resource}.roster[{row}].count" for row in range(len(numbers))]
    drawn = np.array([path in values for path in paths])
    if not drawn.any():
        return
    chosen = _chosen(told, numbers, scenario.timezone)
    # A level without a range keeps its number.
    counts = np.diff(chosen, axis=1, prepend=0)
    chosen[(counts != np.diff(numbers, prepend=0))[:, ~drawn].any(axis=1)] = numbers
    counts = np.diff(chosen, axis=1, prepend=0)
    for path, column, mine in zip(paths, counts.T, drawn, strict=True):
        if mine:
            values[path] = column.astype(np.float64)
    if told.stamped:
        return
    own = {path: _TIME.fullmatch(path) for path in values}
    times = {
        path: (time["word"], _class_of(scenario, time["own"], told.name, classes))
        for path, time in own.items()
        if time is not None
    }
    before = _works(told, numbers, numbers, scenario.timezone)
    for row in np.unique(chosen, axis=0):
        servers = tuple(int(each) for each in row)
        if servers == tuple(numbers):
            continue
        rows = (chosen == row).all(axis=1)
        after = _works(told, numbers, servers, scenario.timezone)
        for path, (word, number) in times.items():
            if number is None:
                continue
            then, now = (_moment(works, number, word, told) for works in (before, after))
            if then > 0 and now > 0:
                values[path][rows] *= now / then


def _class_of(scenario: Scenario, own: str, stage: str, classes: Mapping[str, int]) -> int | None:
    """Of whose works at the stage a time tells: −1 all, else the number of a class; None: none."""
    if own == f"stages.{stage}.time":
        return -1
    for name, number in classes.items():
        for place, step in enumerate(scenario.traffic.classes[name].route):
            if own == f"traffic.{name}.route[{place}].time" and step.stage == stage:
                return number
    return None


_Works = tuple[Reals, np.ndarray]


def _works(
    told: StageTold, numbers: Sequence[int], servers: Sequence[int], timezone: str
) -> _Works:
    """Works and their classes, if there were so many servers in place of those numbers."""
    works, classes = [], []
    for roster in told.rosters:
        week = _with(roster.week, numbers, servers)
        likelihood = as_told(roster, timezone)
        start = likelihood.begun(week, pauses=roster.pauses)
        seconds = likelihood.works(week, start, pauses=roster.pauses)
        there = seconds > -2 * roster.evidence.step
        works.append(seconds[there])
        classes.append(likelihood.evidence.classes[there])
    return np.concatenate(works), np.concatenate(classes)


def _moment(works: _Works, number: int, word: str | None, told: StageTold) -> float:
    """The cv of the works of a class, of all for −1, or their mean, of which all else is a part."""
    seconds, classes = works
    own = seconds if number < 0 else seconds[classes == number]
    if len(own) < _FEW:
        return 0.0
    law, _, _ = work_law(own, told.rosters[0].evidence.step)
    return law.cv if word == "cv" else law.mean


def _chosen(told: StageTold, numbers: Sequence[int], timezone: str) -> np.ndarray:
    """int64[ROWS, len(numbers)], servers in place of each number, as likely as they make the log.

    Each number is drawn by itself, the others as told; where they would change places, all are as
    told. Before the log is seen, any number is as likely as another.
    """
    likelihoods = [as_told(roster, timezone) for roster in told.rosters]
    columns = []
    for place, number in enumerate(numbers):
        counted = [
            each
            for roster in told.rosters
            for (_, span), each in roster.counted.items()
            if span.servers == number
        ]
        tried = range(min(each.low for each in counted), max(each.high for each in counted) + 1)
        scores = []
        for servers in tried:
            others = [*numbers[:place], servers, *numbers[place + 1 :]]
            scores.append(
                sum(
                    likelihood.of(_with(roster.week, numbers, others), pauses=roster.pauses)
                    for likelihood, roster in zip(likelihoods, told.rosters, strict=True)
                )
            )
        weights = np.exp(np.array(scores) - max(scores))
        passed = np.cumsum(weights) / weights.sum()
        even = uniforms(_SEED, _FIRST, f"servers {told.name} {number}", "value", ROWS)
        columns.append(tried[0] + np.searchsorted(passed, even, side="right"))
    chosen = np.array(columns, dtype=np.int64).T
    strange = (np.diff(chosen, axis=1, prepend=0) <= 0).any(axis=1)
    chosen[strange] = numbers
    return chosen


def _with(week: Week, numbers: Sequence[int], servers: Sequence[int]) -> Week:
    """A week with other servers in place of some numbers."""
    other = dict(zip(numbers, servers, strict=True))
    return tuple(
        tidy([span._replace(servers=other[span.servers]) for span in pattern]) for pattern in week
    )

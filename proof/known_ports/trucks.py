"""The trucks of one draw and the luck of each: arrival, class, way, minutes of work.

What the servers do does not enter: a policy meets the same trucks with the same luck.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from known_ports.hours import second

Reals = NDArray[np.float64]
_ARRIVALS, _CLASSES, _STAGES = 1, 2, 10
"""Numbers of the streams; the stages have those from the last one on."""


def stream(seed: int, draw: int, purpose: int) -> np.random.Generator:
    """Chance for one purpose of one draw of a port."""
    return np.random.default_rng([seed, draw, purpose])


def arrivals(truth: Mapping[str, Any], dates: Sequence[dt.date], draw: int) -> Reals:
    """Seconds at which trucks come on these dates, in order.

    Days are Poisson with a mean of rate × week × month × a gamma factor of mean 1 and
    coefficient of variation `day_cv`; within the day by the weights of the hours.
    """
    words, zone = truth["arrivals"], ZoneInfo(truth["timezone"])
    rng = stream(truth["seed"], draw, _ARRIVALS)
    hours = np.array(words["hour"], dtype=float)
    cv = words["day_cv"]
    come: list[Reals] = []
    for date in dates:
        factor = rng.gamma(1 / cv**2, cv**2) if cv else 1.0
        month = words["month"].get(f"{date:%Y-%m}", 1.0)
        count = rng.poisson(words["rate"] * words["week"][date.weekday()] * month * factor)
        hour = rng.choice(24, size=count, p=hours / hours.sum()) + rng.random(count)
        come.append(second(date, 0, zone) + hour * 3600)
    return np.sort(np.concatenate(come))


def classes(truth: Mapping[str, Any], count: int, draw: int) -> NDArray[np.int64]:
    """Index of the class of each truck among those of the truth."""
    shares = np.array(list(truth["classes"].values()), dtype=float)
    chance = stream(truth["seed"], draw, _CLASSES).random(count)
    edges = np.cumsum(shares / shares.sum())[:-1]
    return np.searchsorted(edges, chance, side="right").astype(np.int64)


def at_stage(
    truth: Mapping[str, Any], number: int, cls: NDArray[np.int64], draw: int
) -> tuple[NDArray[np.bool_], Reals]:
    """Whether each truck passes a stage, and its seconds of work there if it does."""
    stage = truth["stages"][number]
    rng = stream(truth["seed"], draw, _STAGES + number)
    chance = rng.random(len(cls))
    names = list(truth["classes"])
    share = np.array([stage["share"].get(name, stage["share"].get("*", 1)) for name in names])
    work = np.zeros(len(cls))
    for index, name in enumerate(names):
        words = stage["work"].get(name) or stage["work"]["*"]
        # Drawn for all, so that no class moves the luck of another.
        drawn = minutes(words, len(cls), rng)
        work = np.where(cls == index, drawn, work)
    return chance < share[cls], work * 60


def minutes(words: Mapping[str, Any], count: int, rng: np.random.Generator) -> Reals:
    """Draws of a family with this mean and coefficient of variation, float64[count]."""
    family, mean, cv = words["distribution"], words["mean_min"], words["cv"]
    if family == "constant":
        return np.full(count, float(mean))
    if family == "exponential":
        return rng.exponential(mean, count)
    if family == "gamma":
        return rng.gamma(1 / cv**2, mean * cv**2, count)
    if family == "lognormal":
        sigma = np.sqrt(np.log1p(cv**2))
        return rng.lognormal(np.log(mean) - sigma**2 / 2, sigma, count)
    if family == "triangular":
        half = np.sqrt(6) * cv * mean
        return rng.triangular(mean - half, mean, mean + half, count)
    raise ValueError(family)

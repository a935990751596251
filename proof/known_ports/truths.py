"""What a random known port is: its stages, hours, servers, works, trucks, and the form of its log.

Only the truth is drawn here; neither trucks nor files are made.
"""

import datetime as dt
from typing import Any

import numpy as np

from known_ports.hours import weekly, with_more

Rng = np.random.Generator
ZONES = ("Asia/Almaty", "Asia/Shanghai", "Europe/Warsaw", "Asia/Tashkent", "Europe/Istanbul")
STAGES = {"gate": (2, 5), "weighing": (2, 5), "declaration": (6, 20), "scanner": (5, 15),
          "inspection": (10, 40), "release": (1, 4)}  # fmt: skip
"""In the order in which trucks pass them; the shortest and longest mean minutes."""
PARTLY = ("scanner", "inspection")
"""Stages that only a share of the trucks passes."""
CLASSES = (("general",), ("loaded", "empty"), ("general", "perishable", "empty"))
DAYTIME = (1, 1, 1, 1, 2, 4, 8, 10, 10, 9, 8, 7, 6, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1)
FLAT = (3, 3, 2, 2, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 5, 5, 5, 5, 4, 4, 4, 3)
_MOST_TRUCKS, _MOST_SERVERS = 30_000, 9
_DAYS = {"all": "0123456", "no Sunday": "012345", "weekdays": "01234"}


def draw(seed: int) -> dict[str, Any]:
    """The truth of a port; see `Port.truth`."""
    rng = np.random.default_rng([seed, 0])
    weeks = int(rng.choice([2, 3, 4, 6, 8, 10, 13, 16, 20]))
    first = dt.date(2024, 1, 1) + dt.timedelta(days=int(rng.integers(0, 900)))
    rate = float(np.round(min(np.exp(rng.uniform(np.log(60), np.log(350))),
                              _MOST_TRUCKS / weeks / 7)))  # fmt: skip
    kinds = CLASSES[rng.integers(len(CLASSES))]
    shares = rng.dirichlet(np.full(len(kinds), 6.0))
    classes = {name: round(float(share), 3) for name, share in zip(kinds, shares, strict=True)}
    days = str(rng.choice(["all", "no Sunday", "no Sunday", "all", "weekdays"]))
    week = np.round(rng.uniform(0.85, 1.2, 7), 2)
    week[[day for day in range(7) if str(day) not in _DAYS[days]]] *= 0.4
    arrivals = {
        "rate": rate,
        "week": [round(float(factor / week.mean()), 3) for factor in week],
        "hour": list(DAYTIME if rng.random() < 0.6 else FLAT),
        "day_cv": float(rng.choice([0.0, 0.1, 0.2, 0.3])),
        "month": _months(rng, first, weeks),
    }
    truth: dict[str, Any] = {
        "seed": seed,
        "timezone": str(rng.choice(ZONES)),
        "period": {"from": first.isoformat(),
                   "to": (first + dt.timedelta(days=weeks * 7 - 1)).isoformat(), "weeks": weeks},
        "warm_up_days": 7,
        "overload": bool(weeks >= 4 and rng.random() < 0.15),
    }  # fmt: skip
    stages = _stages(rng, classes, rate, days, truth["overload"])
    truth |= {"stages": stages, "step": None, "arrivals": arrivals, "classes": classes}
    truth["load"] = {stage["stage"]: round(_load(stage, classes, rate), 3) for stage in stages}
    if weeks >= 6 and rng.random() < 0.3:
        truth["step"] = _step(rng, truth, first + dt.timedelta(days=int(weeks * 7 * 0.5)))
    truth["policies"] = _policies(truth)
    return truth


def _months(rng: Rng, first: dt.date, weeks: int) -> dict[str, float]:
    """Factors of the months: a trend where the log is long enough to show one."""
    if weeks < 10 or rng.random() < 0.4:
        return {}
    days = [first + dt.timedelta(days=n) for n in range(weeks * 7)]
    months = sorted({f"{day:%Y-%m}" for day in days})
    growth = float(rng.choice([-0.04, 0.03, 0.05]))
    return {month: round((1 + growth) ** n, 3) for n, month in enumerate(months)}


def _stages(
    rng: Rng, classes: dict[str, float], rate: float, days: str, overload: bool
) -> list[dict[str, Any]]:
    count = int(rng.choice([1, 2, 3, 4, 5], p=[0.15, 0.2, 0.25, 0.25, 0.15]))
    names = sorted(rng.choice(len(STAGES), count, replace=False).tolist())
    if all(list(STAGES)[n] in PARTLY for n in names):
        names = [2]
    stages: list[dict[str, Any]] = []
    common = _hours(rng, days)
    for number in names:
        name = list(STAGES)[number]
        work = _work(rng, STAGES[name], classes)
        share: dict[str, float] = {"*": 1}
        if name in PARTLY:
            share = {cls: round(float(rng.uniform(0.1, 0.6)), 2) for cls in classes}
        hours = common if rng.random() < 0.7 else _hours(rng, days)
        pause = len(hours) == 1 and not _always(hours[0][1]) and rng.random() < 0.25
        stage = {
            "stage": name,
            "servers": [{"count": 1, "hours": spans} for _, spans in hours],
            "at_close": "pause" if pause else "finish",
            "work": work,
            "share": share,
            "stamps": {"queue": bool(rng.random() < 0.3), "start": bool(rng.random() < 0.5),
                       "end": True},
        }  # fmt: skip
        _staffed(stage, classes, rate, [part for part, _ in hours], float(rng.uniform(0.5, 0.85)))
        stages.append(stage)
    tight = stages[int(rng.integers(len(stages)))]
    load = float(rng.uniform(1.04, 1.15) if overload else rng.uniform(0.75, 0.95))
    _slowed(tight, load / _load(tight, classes, rate))
    return stages


def _always(hours: dict[str, list[list[float]]]) -> bool:
    return all(hours.get(str(day)) == [[0, 24]] for day in range(7))


def _hours(rng: Rng, days: str) -> list[tuple[float, dict[str, list[list[float]]]]]:
    """Groups of servers: how large each is beside the first, and its hours by weekday."""
    kind = str(rng.choice(["day", "day", "lunch", "lunch", "always", "night team", "peak"]))
    if kind == "always":
        return [(1.0, _each("all", [[0, 24]]))]
    if kind == "night team":
        change = float(rng.choice([7, 8, 8.5]))
        late = change + 12
        return [(1.0, _each("all", [[change, late]])),
                (0.5, _each("all", [[0, change], [late, 24]]))]  # fmt: skip
    opens = float(rng.choice([6, 7, 7.5, 8, 8.5, 9]))
    closes = float(rng.choice([17, 18, 18.5, 20, 21, 22]))
    if kind == "peak":
        return [(1.0, _each(days, [[opens, closes]])),
                (0.5, _each(days, [[11, min(closes, 17)]]))]  # fmt: skip
    spans = [[opens, closes]]
    if kind == "lunch":
        noon = float(rng.choice([12, 12.5, 13]))
        spans = [[opens, noon], [noon + float(rng.choice([0.5, 1])), closes]]
    hours = _each(days, spans)
    if "5" in hours and rng.random() < 0.25:
        hours["5"] = [[opens, 14]] if kind == "day" else [[opens, spans[0][1]]]
    return [(1.0, hours)]


def _each(days: str, spans: list[list[float]]) -> dict[str, list[list[float]]]:
    return {day: [list(span) for span in spans] for day in _DAYS[days]}


def _work(rng: Rng, between: tuple[int, int], classes: dict[str, float]) -> dict[str, Any]:
    family = str(rng.choice(["lognormal", "lognormal", "gamma", "exponential", "triangular",
                             "constant"]))  # fmt: skip
    cv = {"constant": 0.0, "exponential": 1.0}.get(family)
    if cv is None:
        cv = float(rng.choice([0.2, 0.3] if family == "triangular" else [0.3, 0.5, 0.8, 1.0]))
    mean = float(rng.uniform(*between))
    each = ["*"] if len(classes) == 1 or rng.random() < 0.4 else list(classes)
    return {
        name: {"distribution": family, "mean_min": mean * factor, "cv": cv}
        for name, factor in zip(each, rng.uniform(0.6, 1.5, len(each)), strict=True)
    }


def _asked(stage: dict[str, Any], classes: dict[str, float], rate: float) -> float:
    """Server hours that the trucks of a mean week need."""
    means = [(stage["work"].get(name) or stage["work"]["*"])["mean_min"] for name in classes]
    shares = [stage["share"].get(name, stage["share"].get("*", 1)) for name in classes]
    each = sum(s * mean * share for s, mean, share in
               zip(classes.values(), means, shares, strict=True))  # fmt: skip
    return 7 * rate * each / 60


def _load(stage: dict[str, Any], classes: dict[str, float], rate: float) -> float:
    return float(_asked(stage, classes, rate) / weekly(stage["servers"]))


def _slowed(stage: dict[str, Any], factor: float) -> None:
    """Other mean minutes, in hundredths."""
    for words in stage["work"].values():
        words["mean_min"] = round(words["mean_min"] * factor, 2)


def _staffed(
    stage: dict[str, Any], classes: dict[str, float], rate: float, sizes: list[float], load: float
) -> None:
    """As many servers as the load allows; quicker ones where there would be too many."""
    for servers in range(1, _MOST_SERVERS + 1):
        for group, size in zip(stage["servers"], sizes, strict=True):
            group["count"] = max(1, round(servers * size))
        if _load(stage, classes, rate) <= load:
            break
    _slowed(stage, min(1.0, load / _load(stage, classes, rate)))


def _step(rng: Rng, truth: dict[str, Any], date: dt.date) -> dict[str, Any]:
    """One server more or less at one stage from a date on; less only where the rest can do it."""
    stage = truth["stages"][int(rng.integers(len(truth["stages"])))]
    fewer = with_more(stage["servers"], -1, 0.0)
    asked = _asked(stage, truth["classes"], truth["arrivals"]["rate"])
    less = fewer[0]["count"] > 0 and asked / weekly(fewer) < 0.93 and rng.random() < 0.5
    groups = fewer if less else with_more(stage["servers"], 1, 0.0)
    return {"stage": stage["stage"], "date": date.isoformat(), "servers": groups}


def _policies(truth: dict[str, Any]) -> list[dict[str, Any]]:
    """What a planner would try at the stage with the largest load."""
    tight = max(truth["load"], key=truth["load"].get)
    stage = next(stage for stage in truth["stages"] if stage["stage"] == tight)
    policies: list[dict[str, Any]] = [{"servers_more": {tight: 1}}]
    fewer = with_more(stage["servers"], -1, 0.0)
    asked = _asked(stage, truth["classes"], truth["arrivals"]["rate"])
    if fewer[0]["count"] > 0 and asked / weekly(fewer) < 1.2:
        policies.append({"servers_more": {tight: -1}})
    if weekly(with_more(stage["servers"], 0, 2.0)) > weekly(stage["servers"]):
        policies.append({"hours_more": {tight: 2}})
    return policies

"""Random states of the page's sliders, and the scenarios that they mean."""

import datetime as dt
from random import Random
from typing import Any

from portsim.livepage.draws import demand_scales
from portsim.scenario.model import Scenario

_DAY_S, _QUARTER_S = 86_400, 900
_EPOCH = dt.date(1970, 1, 1)


def random_state(
    luck: Random, usual: dict[str, Any], days: tuple[int, int], *, mild: bool = False
) -> dict[str, Any]:
    """A state somewhere near or far from the usual one, as the page keeps it.

    A mild one leaves no stage without any hours or servers: of such a port no run is made.
    """
    spans = _some_spans if mild else _spans
    calendars = {}
    for name, words in usual["calendars"].items():
        rules = [
            {
                "hours": [spans(luck) if luck.random() < 0.5 else day for day in rule["hours"]],
                "lunch": [_within(luck, 0, 36_000)] if luck.random() < 0.3 else rule["lunch"],
            }
            for rule in words["rules"]
        ]
        if any(
            span[1] - _DAY_S > (later or [[_DAY_S, 0]])[0][0]
            for rule in rules
            for day, later in zip(
                rule["hours"], [*rule["hours"][1:], rule["hours"][0]], strict=True
            )
            for span in day
        ):
            rules = words["rules"]  # hours across midnight may not meet the next day's
        closed = list(words["closed"])
        if luck.random() < 0.3:
            day = luck.randint(*days)
            closed.append([day, day + luck.randint(0, 2)])
        calendars[name] = {"rules": rules, "closed": closed}
    return {
        "calendars": calendars,
        "staff": [
            [luck.choice((n, n, n + 1, max(int(mild), n - 1), 3 * n, 1)) for n in counts]
            for counts in usual["staff"]
        ],
        "demand": luck.randrange(21),
        "pace": [luck.choice((100, 100, 55, 105, 130, 200)) for _ in usual["pace"]],
        "shares": list(usual["shares"]),
    }


def _within(luck: Random, low: int, high: int) -> list[int]:
    first, second = sorted(luck.sample(range(low // _QUARTER_S, high // _QUARTER_S + 1), 2))
    return [first * _QUARTER_S, second * _QUARTER_S]


def _some_spans(luck: Random) -> list[list[int]]:
    return [[luck.randint(24, 40) * _QUARTER_S, luck.randint(50, 96) * _QUARTER_S]]


def _spans(luck: Random) -> list[list[int]]:
    edges = sorted(luck.sample(range(97), 2 * luck.randint(0, 2)))
    return [[a * _QUARTER_S, b * _QUARTER_S] for a, b in zip(edges[::2], edges[1::2], strict=True)]


def meant(scenario: Scenario, state: dict[str, Any]) -> Scenario:
    """The scenario of a state, its values set one by one."""
    calendars = dict(scenario.calendars)
    for name, moved in state["calendars"].items():
        own = calendars[name]
        rules = [
            {
                "hours": tuple(tuple(map(tuple, day)) for day in rule["hours"]),
                "lunch": tuple(map(tuple, rule["lunch"])),
            }
            for rule in moved["rules"]
        ]
        closed = tuple(
            (_EPOCH + dt.timedelta(days=a), _EPOCH + dt.timedelta(days=b))
            for a, b in moved["closed"]
        )
        periods = tuple(
            period.model_copy(update=rule)
            for period, rule in zip(own.periods, rules[1:], strict=True)
        )
        calendars[name] = own.model_copy(update={**rules[0], "closed": closed, "periods": periods})
    resources = {}
    for (name, own), counts in zip(scenario.resources.items(), state["staff"], strict=True):
        update: dict[str, Any] = {"capacity": counts[0]}
        if own.kind != "servers":
            update = {}
        elif own.roster:
            shifts = zip(own.roster, counts, strict=True)
            update = {"roster": tuple(s.model_copy(update={"count": n}) for s, n in shifts)}
        resources[name] = own.model_copy(update=update)
    stages = {}
    for (name, own), pace in zip(scenario.stages.items(), state["pace"], strict=True):
        hours = tuple(
            int(round(1000 * factor) * pace / 100 + 0.5) / 1000 for factor in own.time_by_hour
        )
        stages[name] = own.model_copy(update={"time_by_hour": hours})
    scale = demand_scales(scenario)[state["demand"]]
    traffic = scenario.traffic.model_copy(update={"scale": scale})
    return scenario.model_copy(
        update={
            "calendars": calendars,
            "resources": resources,
            "stages": stages,
            "traffic": traffic,
        }
    )

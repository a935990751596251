"""All that stands in the page: rules, draws, the engine, and what people call things."""

import base64
import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import t as student

from portsim.demand import draw
from portsim.engines.compiled.lists import arguments_of
from portsim.livepage.busiest import WEEKS, busiest
from portsim.livepage.carried import check_carried, followed
from portsim.livepage.draws import STEPS, Packed, demand_scales, pack
from portsim.livepage.engine import code, layout
from portsim.livepage.rules import rules_of
from portsim.livepage.shares import shares_of
from portsim.plan import Plan, Site, draft, timetable
from portsim.scenario.model import Scenario
from portsim.scenario.moments import spelt_moment

__all__ = ["AT_ONCE", "Contents", "contents"]

AT_ONCE = 3
"""So many replications answer while something is dragged."""
_MOST_BYTES = 5_550_000
"""Of all draws together, if nobody says how many replications there are to be."""


@dataclass(frozen=True, slots=True)
class Contents:
    """A page's data, and the scenario that it shows."""

    scenario: Scenario
    data: dict[str, Any]
    visited: set[int]
    """Numbers of the stages that some truck may visit."""


def contents(
    scenario: Scenario, *, weeks: int | None = WEEKS, replications: int | None = None
) -> Contents:
    """What the page of a scenario holds.

    Args:
        scenario: the port.
        weeks: so many of its busiest weeks are shown; the whole period if None.
        replications: how many are in the page; as many of the scenario's as make a page of 6 MB
            if None, and three at least.

    Raises:
        InputError: the page cannot carry the scenario.
    """
    check_carried(scenario)
    if weeks is not None:
        scenario = busiest(scenario, draw(scenario, scenario.seed, 1), weeks)
    table, shares = timetable(scenario), shares_of(scenario)
    packed: list[Packed] = []
    sample: Plan | None = None
    size = 0
    for number in range(1, (replications or max(AT_ONCE, scenario.replications)) + 1):
        # One more would be of the size of those that are in it.
        full = len(packed) >= AT_ONCE and size * (1 + 1 / len(packed)) > _MOST_BYTES
        if replications is None and full:
            break
        trucks = draw(scenario, scenario.seed, number)
        names = range(len(trucks.class_names))
        luck = {at: of for at in names if (of := shares.luck(scenario, trucks, at)) is not None}
        laid = draft(scenario, trucks, reach={at: of.reach for at, of in luck.items()})
        site = Site(table, laid)
        packed.append(pack(scenario, site, number, luck, laid.visits.variants))
        size += len(packed[-1].data)
        sample = sample or site.at()
    assert sample is not None
    data = {
        **rules_of(table),
        "layout": layout(*arguments_of(sample)),
        "demand": STEPS.index(100),
        "demandSteps": list(STEPS),
        "demandScales": demand_scales(scenario),
        "promise": {
            "limit": table.context.limit,
            "stage": table.context.clock_stage,
            "admitted": table.context.clock_admitted,
        },
        "classes": [
            {
                "name": name,
                "pieces": scenario.traffic.classes[name].pieces,
                "hour": scenario.hour_of(name),
            }
            for name in table.context.class_names
        ],
        "shares": shares.words(scenario, table.context.class_names),
        "fixedCalendars": followed(scenario),
        "duties": [
            {"stage": duty.stage, "needs": duty.needs, "uses": duty.uses}
            for duty in table.context.duties or ()
        ],
        "days": table.context.days,
        "dayEdges": table.context.day_edges.tolist(),
        "dayWhole": table.context.whole.tolist(),
        "hourOfWeek": table.context.hour_of_week.tolist(),
        "student": np.asarray(student.ppf(0.975, np.arange(1, max(2, len(packed))))).tolist(),
        "replications": [{"columns": one.columns} for one in packed],
        "draws": [one.data for one in packed],
        "wasm": base64.b64encode(code()).decode(),
        "period": [spelt_moment(day) for day in (scenario.period.from_, scenario.period.to)],
        "warmUpDays": round(scenario.period.warm_up / dt.timedelta(days=1).total_seconds()),
    }
    return Contents(scenario, data, set().union(*(one.stages for one in packed)))

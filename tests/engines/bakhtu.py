"""Plans of the Bakhtu scenarios, for comparing engines."""

import datetime as dt
from pathlib import Path

from portsim.checking import load
from portsim.demand import draw
from portsim.plan import Plan, build

_FOLDER = Path(__file__).parents[2] / "scenarios" / "bakhtu"
POLICIES = tuple(sorted(path.stem for path in _FOLDER.glob("hours-*.yaml")))
FOLLOWED = "hours-7x12+drivers-follow-hours"
"""The one whose drivers know the hours as well."""
SEASON = (dt.date(2024, 8, 20), dt.date(2024, 9, 30))
"""Six weeks up to the height of the season; in winter nobody queues under any hours."""


def plan_of(policy: str, days: tuple[dt.date, dt.date] | None = None) -> Plan:
    """The plan of the first replication: of the whole period with its warm-up, or of some days."""
    scenario = load("+".join(f"{_FOLDER / name}.yaml" for name in policy.split("+")))
    if days is not None:
        first, last = days
        period = scenario.period.model_copy(update={"from_": first, "to": last, "warm_up": 0})
        scenario = scenario.model_copy(update={"period": period})
    return build(scenario, draw(scenario, scenario.seed, 1).at(scenario))

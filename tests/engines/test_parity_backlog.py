"""A backlog of thousands: long queues, where the random days have short ones."""

import numpy as np
import pytest

from engines.agreed import agreed
from plans import Day, Stage, Truck, Visit, servers
from portsim.engines import INSIDE

TRUCKS, END = 3000, 40_000


def backlog(claims: bool, overtaking: bool) -> Day:
    """3,000 trucks in an hour, 30 % with priority, through three stages that share officers.

    Half of them need two officers at the inspection. A yard place is kept from the gate up to the
    release, so that a full yard holds the gate back.
    """
    rng = np.random.default_rng(12)
    resources = {
        "lanes": servers(6),
        "officers": servers(9, (8000, 4), (16_000, 9), (30_000, 12)),
        "yard": servers(80),
    }
    stages = {
        "gate": Stage(overtaking=overtaking),
        "inspection": Stage([(0, 12_000), (15_000, END)], 600, pause=True, claims=claims),
        "release": Stage(overtaking=overtaking, closures=[(20_000, 21_000)]),
    }
    trucks = []
    for second in np.sort(rng.integers(0, 3600, TRUCKS)).tolist():
        gate, inspection, release = rng.exponential((40, 90, 20)).astype(int).tolist()
        officers = int(rng.integers(1, 3))
        patience, tolerance = (30_000, 2900) if rng.random() < 0.2 else (-1, -1)
        needs = {"lanes": 1, "yard": 1} | ({"officers": 1} if officers == 2 else {})
        visits = [
            Visit("gate", gate, needs, {}, needs | {"yard": 0}, patience, tolerance),
            Visit("inspection", inspection, {"officers": officers}),
            Visit("release", release, {"officers": 1}, {"yard": 1}),
        ]
        trucks.append(Truck(second, visits, -int(rng.random() < 0.3)))
    return Day(END, resources, stages, trucks)


@pytest.mark.parametrize("claims", [False, True])
@pytest.mark.parametrize("overtaking", [False, True])
def test_a_backlog_of_thousands_is_worked_off_alike(claims, overtaking):
    plan = backlog(claims, overtaking).plan()
    log = agreed(plan)
    arrived = plan.arrival[plan.priority == 0].max()
    queueing = np.count_nonzero((log.left == -1) | (log.left > arrived))
    assert queueing > 0.8 * TRUCKS
    assert np.count_nonzero(log.outcome != INSIDE) > TRUCKS / 4

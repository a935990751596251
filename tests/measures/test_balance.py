"""The identities of every run notice a log that lost a truck or a second."""

from dataclasses import replace

import pytest

from plans import DAY, HOUR, Stage, Truck, Visit, plan, servers
from portsim.engines.simpy import run
from portsim.errors import PortsimError
from portsim.measures import Measurement
from portsim.measures.balance import check_balance


def test_a_whole_log_passes_and_a_damaged_one_is_refused() -> None:
    trucks = [Truck(hour * HOUR, [Visit("desk", HOUR, {"clerk": 1})]) for hour in (1, 2, 30)]
    made = plan(2 * DAY, {"clerk": servers(1)}, {"desk": Stage()}, trucks, start=DAY)
    log = run(made)
    inside = Measurement(made, log).inside
    check_balance(made, log, inside)

    lost = replace(log, left=log.left.copy())
    lost.left[2] = HOUR  # said to have left before it came
    with pytest.raises(PortsimError, match="balance"):
        check_balance(made, lost, inside)

    out = inside.finish.copy()
    out[2] = made.arrival[2] - HOUR
    backwards = replace(inside, finish=out)
    with pytest.raises(PortsimError, match="Little"):
        check_balance(made, log, backwards)

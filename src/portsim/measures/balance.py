"""Two identities that hold exactly in every run, or the run is not to be trusted.

The balance of trucks, and Little's law as an identity in integers (Little 1961; Stidham 1974): the
stock integrated over the period is the time that all trucks spent in the port within it.
"""

import numpy as np

from portsim.engines.log import INSIDE, Log
from portsim.errors import PortsimError
from portsim.measures.presences import Presences
from portsim.measures.spans import Spans, context_of
from portsim.plan.contract import Plan

__all__ = ["check_balance"]


def check_balance(plan: Plan, log: Log, found: Spans) -> None:
    """Hold a run against both identities.

    Raises:
        PortsimError: one of them does not hold; the message has both sides.
    """
    context = context_of(plan)
    weight, start, end = context.pieces, context.start, plan.end
    at_start = int(weight[(plan.arrival < start) & (found.out >= start)].sum())
    arrived = int(weight[plan.arrival >= start].sum())
    left = int(weight[(log.outcome != INSIDE) & (log.left >= start)].sum())
    at_end = int(weight[log.outcome == INSIDE].sum())
    if at_start + arrived != left + at_end:
        raise PortsimError(
            f"the trucks do not balance: {at_start} inside at the start and {arrived} arrived, but "
            f"{left} left and {at_end} are inside at the end; please report this"
        )
    inside = Presences(plan.arrival, found.out, weight, np.zeros_like(weight), 1)
    stock = int(inside.spread(start, end, end - start)[0, 0])
    spent = int(inside.overlap(start, end)[0])
    if stock != spent:
        raise PortsimError(
            f"Little's law does not hold: the stock adds up to {stock} truck-seconds, the "
            f"stays to {spent}; please report this"
        )

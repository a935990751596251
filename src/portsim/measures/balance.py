"""Two identities that hold exactly in every run, or the run is not to be trusted.

The balance of trucks, and Little's law as an identity in integers (Little 1961; Stidham 1974): the
stock integrated over the period is the time that all trucks spent in the port within it.
"""

from portsim.engines.log import INSIDE, Log
from portsim.errors import PortsimError
from portsim.measures.presences import Presences
from portsim.measures.spans import context_of
from portsim.plan.contract import Plan

__all__ = ["check_balance"]


def check_balance(plan: Plan, log: Log, inside: Presences) -> None:
    """Hold a run against both identities.

    Args:
        plan, log: the run.
        inside: the trucks from arrival to leaving, or the end; a row for each class.

    Raises:
        PortsimError: one of them does not hold; the message has both sides.
    """
    start, end, weight = context_of(plan).start, plan.end, inside.weight
    at_start = int(inside.across(start).sum())
    arrived = int(weight[plan.arrival >= start].sum())
    stays = log.outcome == INSIDE
    left = int(weight[~stays & (log.left >= start)].sum())
    at_end = int(weight[stays].sum())
    if at_start + arrived != left + at_end:
        raise PortsimError(
            f"the trucks do not balance: {at_start} inside at the start and {arrived} arrived, but "
            f"{left} left and {at_end} are inside at the end; please report this"
        )
    stock, spent = inside.integral(start, end), int(inside.overlap(start, end).sum())
    if stock != spent:
        raise PortsimError(
            f"Little's law does not hold: the stock adds up to {stock} truck-seconds, the "
            f"stays to {spent}; please report this"
        )

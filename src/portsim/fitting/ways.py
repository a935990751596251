"""Classes of trucks that go one way each: what a scenario calls a class.

Nothing is estimated here, and nothing written.
"""

from dataclasses import replace

from portsim.gatelog import GateLog

__all__ = ["one_way"]

_MOST = 2
"""Directions that a scenario has."""


def one_way(log: GateLog) -> GateLog:
    """A log whose classes have one direction each.

    A class that goes both ways becomes two, ``general import`` and ``general export``, as a check
    finds them again. Of more than two directions the rarer are left out: these classes stay apart,
    and go nobody knows where.
    """
    trucks = log.trucks
    ways, names = trucks["direction"], trucks["truck_class"].astype(str)
    if ways.isna().all():
        return log
    both = ways.groupby(names).transform("nunique") > 1
    parted = (names + " " + ways.astype(object).fillna("")).str.strip()
    known = ways.value_counts().index[:_MOST]
    own = trucks.assign(
        truck_class=names.where(~both, parted).astype("str"),
        direction=ways.where(ways.isin(known)).astype("str"),
    )
    return replace(log, trucks=own)

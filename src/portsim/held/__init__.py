"""The room in which a scenario is held against a gate log, and what differs is named.

    names          stages and classes of the log find their partners
    unstamped      trucks whose next stamp is not there
    spans, seen    the log and a simulated period in one form, with the stamps that the log has
    replayed       the scenario over the log's days, with its own trucks and with those of the log
    figures        what is measured of either, by one function
    starts, works  when each work began, first come first served, and how long it took
    doors, traces  what the work of a stage shows: its pace, its servers, its hours
    distances      how far apart two periods are, against a floor
    since          from which day on a log is otherwise
    looks, quickness, faults
                   what lies outside of chance
    causes         what is named for it, one cause once
    against        all of it, in order
    study          the same as a study with its folder

How a scenario was estimated may not enter: it comes in as it is, and so does the log.
"""

from portsim.held.against import Held, held_against
from portsim.held.study import check

__all__ = ["Held", "check", "held_against"]

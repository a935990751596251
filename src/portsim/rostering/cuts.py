"""What is known of rosters that were not tried: rows that every good roster keeps.

Three kinds of them. *Time*: who is to be out in time must have been served in time, and servers
have only their hours. *Slopes*: what one more server in a stretch of the week brought, on the same
trucks; they hold where each further hour brings no more than the one before (Atlason, Epelman &
Henderson 2008). *Too few*: a roster that fails, and all with nowhere more, fail. The first and the
last hold for every port in which more staff never do harm.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from portsim.arrays import Ints, Reals

__all__ = ["Slope", "TimeCut", "TooFew", "time_cut"]

_HOURS = 168


@dataclass(frozen=True, eq=False, slots=True)
class TimeCut:
    """So many hours must be there, in some hours of the week, at one post.

    Attributes:
        weight: float64[t + k], what each column counts, in hours.
        least: sum of the weighted columns at least.
        usual: whether late trucks are taken to ask for as much work as others; else for more than
            any others, which always holds.
    """

    weight: Reals
    least: float
    usual: bool


@dataclass(eq=False, slots=True)
class Slope:
    """What a promise comes to at most: `base` and `slope` times what is on duty beyond `at`.

    Attributes:
        promise: its number.
        base: of the roster at which it was measured; raised where a roster did better than it says.
        at: int64[p, c], on duty there.
        slope: float64[p, c], a server in a cell.
    """

    promise: int
    base: float
    at: Ints
    slope: Reals

    def at_most(self, on_duty: Ints) -> float:
        """What it allows a roster to come to."""
        return self.base + float((self.slope * (on_duty - self.at)).sum())


@dataclass(frozen=True, eq=False, slots=True)
class TooFew:
    """Somewhere there must be more than this.

    Attributes:
        on_duty: int64[p, c], too few.
        where: int64[k], flat numbers of the cells in which more may help.
    """

    on_duty: Ints
    where: Ints


def time_cut(
    capacity: Reals, arriving: Reals, hour_of_week: Ints, wanted: float, limit_h: float
) -> tuple[Reals, float] | None:
    """What the hours of a post lack for the work that must be done in time.

    Args:
        capacity: float64[168], server-hours by hour of the week.
        arriving: float64[h], work by the hour of the period in which its truck comes.
        hour_of_week: int64[h], which hour of the week each of these is.
        wanted: so much of this work must be done in time.
        limit_h: in so many hours after coming.

    Returns:
        float64[168] weights and a least sum, which every capacity must reach and this one does not;
        None if the hours are enough. Work flows from the hour of coming to hours in which it may be
        done; by weak duality any prices of a smallest cut give a row that holds for all capacities.
    """
    hours = len(arriving)
    ahead = min(hours - 1, int(np.ceil(limit_h - 1e-9)))
    hour = np.repeat(np.arange(hours), ahead + 1)
    done = hour + np.tile(np.arange(ahead + 1), hours)
    # Hours in which nobody comes ask for nobody; without them the row is no weaker than need be.
    within = (done < hours) & (arriving[hour] > 0)
    hour, done = hour[within], done[within]
    flows = np.arange(len(hour))
    ones = np.ones(len(hour))
    come = sparse.csr_matrix((ones, (hour, flows)), shape=(hours, len(hour)))
    serve = sparse.csr_matrix((ones, (done, flows)), shape=(hours, len(hour)))
    # The stubs know dense rows only; HiGHS takes sparse ones.
    answer = optimize.linprog(  # type: ignore[call-overload, unused-ignore]
        -ones,
        A_ub=sparse.vstack([come, serve]).tocsr(),
        b_ub=np.concatenate([arriving, capacity[hour_of_week]]),
        method="highs",
    )
    if not answer.success or -answer.fun >= wanted * (1 - 1e-7):
        return None
    prices = np.clip(-np.asarray(answer.ineqlin.marginals), 0.0, 1.0)
    of_coming, of_serving = prices[:hours], prices[hours:]
    # Prices must cover every flow for the row to hold, whatever the solver rounded.
    worst = np.zeros(hours)
    np.maximum.at(worst, hour, np.maximum(0.0, 1.0 - (of_coming[hour] + of_serving[done])))
    of_coming = of_coming + worst
    weights = np.zeros(_HOURS)
    np.add.at(weights, hour_of_week, of_serving)
    return weights, wanted - float(of_coming @ arriving)

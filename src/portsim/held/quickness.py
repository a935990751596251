"""How quick a stage is: its works, or where first come first served does not tell them, its pace.

Numbers only; what is told of several of them is sorted out elsewhere.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from portsim.held.causes import PACE, Case
from portsim.held.doors import Doors
from portsim.held.looks import Look, look
from portsim.held.traces import Trace
from portsim.held.works import Works, best_power

__all__ = ["quickness"]

_WORK, _FREE_WORK = 0.03, 0.08
"""Smallest differences worth a word, parts of the mean; a larger one of work that is told from the
stays of trucks that found a server free, which depends a little on the stages before."""
_FLOOR, _PACE_FLOOR = 0.005, 0.01
"""Smallest standard deviations that are believed, parts of the mean."""
_FEW = 50
_IMPOSSIBLE = 0.05
"""Where more works than such a part were over before they could begin, there are more servers, or
first come is not first served."""
_NONE = 0.01
_SURE_SD = 4.0


def quickness(
    stage: str, stamped: bool, mine: Trace, theirs: Sequence[Trace], door: Doors
) -> Iterator[Case]:
    """Looks at how quick a stage is.

    Args:
        stage: its name.
        stamped: whether starts and ends of works are.
        mine: what the log shows of it.
        theirs: what simulated periods show.
        door: when it is open, with how many servers.
    """
    usual = float(np.mean([each.sized.impossible for each in theirs]))
    if stamped or (mine.sized.n >= _FEW and mine.sized.impossible <= usual + _IMPOSSIBLE):
        yield from _work(stage, stamped, mine, theirs, door)
    else:
        yield from _freely(stage, mine, theirs)
        yield from _pace(stage, mine, theirs, door)


def _work(
    stage: str, stamped: bool, mine: Trace, theirs: Sequence[Trace], door: Doors
) -> Iterator[Case]:
    """Work times, by the mean of a power of them that tells most."""
    simulated = [each.sized for each in theirs]
    if mine.sized.n < (1 if stamped else _FEW) or not any(each.n for each in simulated):
        return
    power = best_power(simulated)
    some = [each for each in simulated if each.n]
    values = np.array([each.means[power] if each.n else np.nan for each in simulated])
    scale = float(np.nanmean(values))
    if not scale > 0:
        return
    # Means to a power are not what people call a mean: both sides are said in its terms.
    usual = float(np.mean([each.mean for each in some])) / scale
    error = float(np.mean([each.errors[power] for each in some])) / np.sqrt(mine.sized.n)
    log = float(mine.sized.means[power]) * usual
    # The trucks of a log come at the same second of their minute in every period: what that does
    # to stamps is in no spread of theirs, but in the log and in them.
    floor = max(_FLOOR * log, float(np.sqrt(2.0)) * mine.sized.rounding)
    seen = look(log, values * usual, floor, _WORK * log, error * scale * usual)
    if seen is None:
        return
    more: dict[str, Any] = {"stamped": stamped, "n": mine.sized.n}
    if not stamped:
        more["cause"] = _cause(mine, simulated, seen, power, int(door.most.max()))
    yield Case("work" if stamped else "implied", stage, seen, more)


def _cause(mine: Trace, simulated: Sequence[Works], seen: Look, power: int, servers: int) -> str:
    """What other implied works come from: a server fewer (or more), if with it they are those of
    the scenario; slower (or quicker) work, if short ones and long ones are so alike."""
    slower = seen.difference > 0
    if servers == 1 and slower:
        return "single"
    other = mine.others[-1 if slower else 1]
    means = np.log([each.means for each in simulated if each.n])
    usual, sd = means.mean(axis=0), np.maximum(means.std(axis=0, ddof=1), _FLOOR)
    impossible = max(each.impossible for each in simulated) + _NONE
    staffed = other.impossible <= impossible and bool(
        abs(np.log(other.means[power]) - usual[power]) < _SURE_SD * sd[power]
    )
    # By how much the larger works are longer than the smaller ones.
    shapes = means[:, 0] - means[:, -1]
    shape = float(np.log(mine.sized.means[0]) - np.log(mine.sized.means[-1]))
    worked = mine.sized.impossible <= impossible and bool(
        abs(shape - shapes.mean()) < _SURE_SD * max(float(shapes.std(ddof=1)), _FLOOR)
    )
    if staffed == worked:
        return "unknown"
    return "servers" if staffed else "work"


def _freely(stage: str, mine: Trace, theirs: Sequence[Trace]) -> Iterator[Case]:
    """Work of trucks that found a server free."""
    if mine.works < _FEW:
        return
    values = [each.work if each.works else np.nan for each in theirs]
    seen = look(mine.work, values, _FLOOR * mine.work, _FREE_WORK * mine.work)
    if seen is not None:
        yield Case("work", stage, seen, {"stamped": False, "n": mine.works})


def _pace(stage: str, mine: Trace, theirs: Sequence[Trace], door: Doors) -> Iterator[Case]:
    if np.isnan(mine.pace):
        return
    values = [each.pace for each in theirs]
    seen = look(mine.pace, values, _PACE_FLOOR * mine.pace, PACE * mine.pace)
    if seen is not None:
        work = _blamed(mine, theirs, seen, int(door.most.max()))
        yield Case("pace", stage, seen, {"n": mine.pace_hours, "work": work})


def _blamed(mine: Trace, theirs: Sequence[Trace], pace: Look, servers: int) -> str:
    """What another pace comes from, by the work of trucks that found a server free."""
    if servers == 1 and pace.difference < 0:
        return "single"
    values = np.array([each.work for each in theirs if each.works])
    if np.isnan(mine.work) or len(values) < len(theirs) / 2:
        return "unknown"
    # If only work were to blame, it would take so long.
    blamed = float(values.mean()) * pace.mean / pace.log
    sd = (
        float(values.std(ddof=1))
        * np.sqrt(1.0 + 1.0 / len(values))
        * max(1.0, pace.mean / pace.log)
    )
    if abs(mine.work - blamed) > _SURE_SD * sd and abs(mine.work - values.mean()) < _SURE_SD * sd:
        return "servers"
    return "unknown"

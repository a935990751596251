"""Returns: how often trucks do something again, and when those come that have gone away.

Luck drawn with the trucks meets the words of their class. Neither stages nor calendars enter.
"""

import numpy as np

from portsim.arrays import Ints
from portsim.demand import Trucks, inverse
from portsim.scenario.model import Scenario
from portsim.scenario.traffic import ComesAgain, SentBack

__all__ = ["returns", "times_drawn"]


def times_drawn(words: SentBack | ComesAgain | None, trucks: Trucks, cls: int, luck: str) -> Ints:
    """How often something happens again to each truck of a class: int64[m].

    As often as an event of that share happens before it fails for the first time: the n-th time
    where the luck is below share**n. A larger share makes it happen to the same trucks, and more.

    Args:
        words: the share, and how often at most.
        trucks: all trucks.
        cls: index of the class.
        luck: what the luck decides.
    """
    assert words is not None
    u = trucks.uniforms(cls, luck, trucks.members(cls))
    powers = words.share ** np.arange(1, words.at_most + 1)
    # They fall; the search wants them to rise.
    return np.asarray(len(powers) - np.searchsorted(powers[::-1], u, side="right"))


def returns(scenario: Scenario, trucks: Trucks) -> tuple[Ints | None, Ints | None]:
    """How often each truck would come again, and how many seconds after leaving each time.

    Those inside from the beginning do not come again: what they have had done is not told.

    Returns:
        int64[n] and int64[n, most]; None of both if no class has such trucks.
    """
    classes = scenario.traffic.classes
    words = [classes[name].comes_again for name in trucks.class_names]
    most = max((wish.at_most for wish in words if wish is not None), default=0)
    if not most:
        return None, None
    n = len(trucks.arrival)
    times, after = np.zeros(n, dtype=np.int64), np.ones((n, most), dtype=np.int64)
    for number, wish in enumerate(words):
        if wish is None:
            continue
        members = trucks.members(number)
        times[members] = times_drawn(wish, trucks, number, "comes again")
        for time in range(wish.at_most):
            who = members[times[members] > time]
            u = np.zeros(len(who))
            if wish.after.constant is None:
                u = trucks.uniforms(number, f"comes again after {time + 1}", who)
            seconds = np.rint(inverse(wish.after, u, scenario.origin.observed)).astype(np.int64)
            after[who, time] = np.maximum(1, seconds)
    times[: len(trucks.standing or ())] = 0
    return times, after

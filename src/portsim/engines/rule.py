"""Rules of the SimPy engine that look at queues: when servers are opened, and when they close.

A rule knows how many wait and what time it is; it knows neither trucks nor what servers do.
"""

from collections.abc import Callable

from portsim.plan.contract import NEVER, Openings, Plan
from portsim.plan.standing import Standing

__all__ = ["Rule", "rules_of"]


class Rule:
    """Servers of one kind that the queue opens: how many extra ones are there and which is due."""

    def __init__(self, openings: Openings, number: int, begins: Standing) -> None:
        self.resource = int(openings.resource[number])
        self.after = int(openings.after[number])
        self.most = int(openings.most[number])
        self.until = int(openings.until[number])
        self.watched = openings.watches(number)
        self.extra = int(begins.extra[number])
        self.due = int(begins.due[number])
        self.holds = False

    def look(self, waiting: Callable[[int], int], now: int) -> bool:
        """Decide what those who wait ask for; whether that changes anything."""
        numbers = [(waiting(stage), count) for stage, count in self.watched]
        if all(number <= self.until for number, _ in numbers):
            return self.close()
        if not self.holds or self.due != NEVER or self.extra == self.most:
            return False
        if all(number < count for number, count in numbers):
            return False
        if self.after:
            self.due = now + self.after
        else:
            self.extra += 1
        return True

    def arrive(self) -> None:
        """The server that was decided is there."""
        self.extra += 1
        self.due = NEVER

    def close(self) -> bool:
        """Close all extra servers, and call off the one that is due; whether there was any."""
        some = self.extra > 0 or self.due != NEVER
        self.extra, self.due = 0, NEVER
        return some


def rules_of(plan: Plan, begins: Standing) -> list[Rule]:
    """The rules of a plan, by number of their servers."""
    openings = plan.openings
    if openings is None:
        return []
    return [Rule(openings, number, begins) for number in range(len(openings.resource))]

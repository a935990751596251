"""Works of the SimPy engine that a breakdown may stop: which are under way, and which stand still.

Seconds of work and servers are all that is known here; neither queues nor who comes next.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from portsim.plan.contract import NEVER

__all__ = ["Work", "Works"]


class Work:
    """The work of a visit: since when it has been under way, and how much is to be done."""

    def __init__(self, key: tuple[int, int], stage: int, visit: int, whole: int) -> None:
        self.key = key
        """Second of the admission and number of the truck: the smallest goes on first."""
        self.stage = stage
        self.visit = visit
        self.whole = whole
        self.servers: tuple[tuple[int, int], ...] = ()
        """Those it took of the kinds that may break, and how many."""
        self.since = key[0]
        """NEVER while it stands still."""
        self.to_do = whole
        self.ends = NEVER

    @property
    def stands(self) -> bool:
        """Whether it stands still."""
        return self.since == NEVER


class Works:
    """All works under way, with the servers that are idle in the hands of those that stand."""

    def __init__(
        self, failing: Sequence[bool], free: list[int], worked: Callable[[int, int, int], int]
    ) -> None:
        """Begin without any.

        Args:
            failing: of each resource, whether it may break amid work.
            free: of each, what is free: capacity minus use, kept by the port.
            worked: tells the work time of a stage between two seconds.
        """
        self.failing = failing
        self.free = free
        self.worked = worked
        self.under_way: dict[int, Work] = {}
        self.idle: Counter[int] = Counter()

    def begin(self, work: Work, takes: Sequence[tuple[int, int]]) -> None:
        """Note a work that took these."""
        work.servers = tuple((server, n) for server, n in takes if self.failing[server])
        self.under_way[work.visit] = work

    def stand(self, work: Work) -> None:
        """Let a work stand still."""
        work.since, work.ends = NEVER, NEVER
        for server, n in work.servers:
            self.idle[server] += n

    def stop(self, resource: int, count: int, anew: bool, now: int) -> list[Work]:
        """Stop the works whose servers have broken, those admitted last first."""
        stopped = []
        short = min(count, -self.free[resource] - self.idle[resource])
        going = [work for work in self.under_way.values() if not work.stands]
        for work in sorted(going, key=lambda work: work.key, reverse=True):
            of_work = dict(work.servers).get(resource, 0)
            if short > 0 and of_work:
                done = self.worked(work.stage, work.since, now)
                work.to_do = work.whole if anew else work.to_do - done
                self.stand(work)
                stopped.append(work)
                short -= of_work
        return stopped

    def go_on(self, now: int) -> list[Work]:
        """Let those go on whose servers are there again, those admitted first before others."""
        going = []
        if any(self.idle.values()):
            standing = [work for work in self.under_way.values() if work.stands]
            for work in sorted(standing, key=lambda work: work.key):
                if all(self.free[server] + self.idle[server] >= n for server, n in work.servers):
                    for server, n in work.servers:
                        self.idle[server] -= n
                    work.since = now
                    going.append(work)
        return going

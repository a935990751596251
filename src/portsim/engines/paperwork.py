"""Papers beside trucks, as the engine of reference looks them up: whose they are, what waits.

Read from a plan alone; what becomes of papers is for the engine.
"""

from collections import defaultdict

from portsim.arrays import Ints
from portsim.plan.contract import NEVER, Plan

__all__ = ["Paperwork"]


class Paperwork:
    """The papers of a plan; p-th papers have the number trucks + p, their visits likewise.

    False where a plan has none.
    """

    def __init__(self, plan: Plan, finished: Ints) -> None:
        """Take up a plan whose papers have finished so many of their visits, int64[p]."""
        self.of: dict[int, list[int]] = defaultdict(list)
        """Numbers of the papers of a truck."""
        self.truck: dict[int, int] = {}
        """The truck to which papers belong; none if it is not in the plan."""
        self.with_visit: dict[int, list[int]] = defaultdict(list)
        """Papers that begin with a visit of their truck."""
        self.lacking: dict[int, set[int]] = defaultdict(set)
        """Visits of trucks that wait for papers, with the papers that are not done yet."""
        self.begin: list[tuple[int, int]] = []
        """Second at which papers begin, and their number; by time."""
        self.under_way: dict[int, int] = {}
        """Where papers are that are not done: the number of a visit."""
        self.needed: dict[int, int] = {}
        papers = plan.papers
        if papers is None:
            return
        queued = None if plan.beginning is None else plan.beginning.papers
        rows = zip(
            papers.belongs.tolist(),
            papers.begins.tolist(),
            papers.with_visit.tolist(),
            papers.needed.tolist(),
            (papers.first_visit[:-1] + finished).tolist(),
            papers.first_visit[1:].tolist(),
            strict=True,
        )
        for number, (truck, second, with_visit, needed, at, beyond) in enumerate(rows, plan.trucks):
            if truck != NEVER:
                self.of[truck].append(number)
                self.truck[number] = truck
            if at == beyond:
                continue
            self.under_way[number] = plan.visits + at
            if needed != NEVER:
                self.needed[number] = needed
                self.lacking[needed].add(number)
            if queued is not None and queued[at, 0] != NEVER:
                continue
            if with_visit != NEVER:
                self.with_visit[with_visit].append(number)
            else:
                self.begin.append((max(second, plan.begin), number))
        self.begin.sort()

    def __bool__(self) -> bool:
        return bool(self.under_way)

    def done(self, paper: int) -> int:
        """Papers are done with all their visits.

        Returns:
            The visit of their truck that lacks nothing more for it, or NEVER.
        """
        needed = self.needed.get(paper, NEVER)
        if needed == NEVER:
            return NEVER
        lacking = self.lacking[needed]
        lacking.discard(paper)
        if lacking:
            return NEVER
        del self.lacking[needed]
        return needed

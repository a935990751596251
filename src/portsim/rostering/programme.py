"""The integer programme: the cheapest turns of shifts that keep every row known so far.

Solved by HiGHS through `scipy.optimize.milp`. Nothing is run here.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from scipy import optimize, sparse

from portsim.arrays import Ints, Reals
from portsim.rostering.cuts import Slope, TimeCut, TooFew
from portsim.rostering.week import Choices

__all__ = ["Answer", "Programme"]


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep from the terminal what HiGHS writes there on its own, past Python."""
    try:
        kept = os.dup(1)
    except OSError:
        # Whoever closed the stream hears nothing anyway.
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    sys.stdout.flush()
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


@dataclass(frozen=True, eq=False, slots=True)
class Answer:
    """What the programme says.

    Attributes:
        chosen: int64[t + k], how often each column; None if nothing keeps all rows.
        cost: of them a week; infinite without any.
        bound: no choice that keeps the rows is cheaper.
        parts: float64[t + k], where people need not be whole.
    """

    chosen: Ints | None
    cost: float
    bound: float
    parts: Reals | None = None


@dataclass(eq=False, slots=True)
class Programme:
    """Rows that a roster must keep, and the cheapest that does.

    Attributes:
        choices: what may be chosen.
        fewest: int64[p, c], so many must answer.
        times, slopes, too_few: rows found meanwhile.
        targets: float64[promises], what slopes must reach.
    """

    choices: Choices
    fewest: Ints
    times: list[TimeCut] = field(default_factory=list)
    slopes: list[Slope] = field(default_factory=list)
    too_few: list[TooFew] = field(default_factory=list)
    targets: Reals = field(default_factory=lambda: np.zeros(0))

    def cheapest(
        self,
        *,
        seconds: float,
        gap: float,
        slopes: bool = True,
        least: Reals | None = None,
        most: Ints | None = None,
        whole: bool = True,
    ) -> Answer:
        """The cheapest choice.

        Args:
            seconds: so long at most.
            gap: relative; of less than 0 none matters.
            slopes: whether slopes and rows of usual work count, which are no proof.
            least: float64[p, c], on duty at least, besides.
            most: int64[t + k], besides.
            whole: whether people are counted in whole numbers; else `parts` is what it says.
        """
        words = self.choices
        columns = len(words.cost)
        rows, lows, highs = self._standing(least)
        for cut in self.times:
            if cut.usual and not slopes:
                continue
            rows.append(sparse.csr_matrix(cut.weight))
            lows.append(np.array([cut.least]))
            highs.append(np.array([np.inf]))
        if slopes:
            for slope in self.slopes:
                weights = [
                    slope.slope[number] @ table.toarray()
                    for number, table in enumerate(words.present)
                ]
                rows.append(sparse.csr_matrix(np.sum(weights, axis=0)))
                target = self.targets[slope.promise]
                lows.append(np.array([target - slope.base + float((slope.slope * slope.at).sum())]))
                highs.append(np.array([np.inf]))
        extra = sum(len(cut.where) for cut in self.too_few)
        matrix = sparse.vstack(rows).tocsr()
        matrix = sparse.hstack([matrix, sparse.csr_matrix((matrix.shape[0], extra))]).tocsr()
        parts, first = [matrix], columns
        for few in self.too_few:
            parts += self._more_somewhere(few, first, columns + extra)
            k = len(few.where)
            lows += [np.zeros(k), np.array([1.0])]
            highs += [np.full(k, np.inf), np.array([np.inf])]
            first += k
        upper = np.concatenate([words.most if most is None else np.minimum(words.most, most),
                                np.ones(extra)])  # fmt: skip
        with _quiet():
            answer = optimize.milp(
                np.concatenate([words.cost, np.zeros(extra)]),
                constraints=optimize.LinearConstraint(
                    sparse.vstack(parts).tocsr(), np.concatenate(lows), np.concatenate(highs)
                ),
                integrality=np.full(columns + extra, float(whole)),
                bounds=optimize.Bounds(np.zeros(columns + extra), upper),
                options={"time_limit": seconds, "mip_rel_gap": max(gap, 0.0)},
            )
        if answer.x is None:
            bound = np.inf if answer.status == 2 else 0.0
            return Answer(None, np.inf, bound)
        if not whole:
            return Answer(None, float(answer.fun), float(answer.fun), answer.x[:columns])
        chosen = np.rint(answer.x[:columns]).astype(np.int64)
        cost = float(words.cost @ chosen)
        bound = cost if answer.mip_dual_bound is None else min(cost, answer.mip_dual_bound)
        return Answer(chosen, cost, float(bound))

    def _standing(
        self, least: Reals | None
    ) -> tuple[list[sparse.csr_matrix], list[Reals], list[Reals]]:
        """The rows that hold from the beginning."""
        words = self.choices
        rows, lows, highs = [], [], []
        for number, post in enumerate(words.posts):
            said = words.shifts.posts.get(post)
            rows.append(words.answering[number])
            lows.append(self.fewest[number].astype(np.float64))
            most = np.inf if said is None or said.most is None else float(said.most)
            highs.append(np.full(len(self.fewest[number]), most))
            if least is not None:
                rows.append(words.present[number])
                lows.append(least[number])
                highs.append(np.full(len(least[number]), np.inf))
        rows.append(words.given)
        lows.append(np.zeros(words.given.shape[0]))
        highs.append(np.zeros(words.given.shape[0]))
        rows.append(words.people)
        limits = [people.most for people in words.shifts.people.values()]
        lows.append(np.zeros(len(limits)))
        highs.append(np.array([np.inf if limit is None else float(limit) for limit in limits]))
        return rows, lows, highs

    def _more_somewhere(
        self, cut: TooFew, first: int, columns: int
    ) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        """Where a sign is 1 there is at least one more than were too few; some sign is 1."""
        cells = cut.on_duty.shape[1]
        more = sparse.lil_matrix((len(cut.where), columns))
        some = sparse.lil_matrix((1, columns))
        for row, flat in enumerate(cut.where.tolist()):
            post, cell = divmod(flat, cells)
            table = self.choices.present[post]
            start, stop = table.indptr[cell], table.indptr[cell + 1]
            for column, count in zip(
                table.indices[start:stop], table.data[start:stop], strict=True
            ):
                more[row, column] = count
            more[row, first + row] = -float(cut.on_duty[post, cell] + 1)
            some[0, first + row] = 1.0
        return more.tocsr(), some.tocsr()

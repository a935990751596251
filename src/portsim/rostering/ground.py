"""What is known of rosters: what was tried, and the rows that these trials gave.

The programme asks for rows, the trials give them; which roster is looked at next may not enter.
"""

import time
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.rostering.cuts import Slope, TimeCut, time_cut
from portsim.rostering.programme import Programme
from portsim.rostering.trials import Trials, Work
from portsim.rostering.week import Choices
from portsim.studies.requirement import Requirement

__all__ = ["COMPLETED", "Ground"]

COMPLETED = "completed_within_limit"
_HOURS, _HOUR_MIN = 168, 60
_BLOCK_H = 8
_FEW_CELLS = 48
"""With so few cells each is a block of its own."""
_TIME_ROUNDS = 6
"""So often rows of time are looked for before slopes are; slopes say the rest."""


class Ground:
    """What a search stands on: a programme, trials, and the rows that lead from one to the other.

    Rows that hold for one set of targets hold for higher ones too.
    """

    def __init__(
        self,
        choices: Choices,
        trials: Trials,
        promises: Sequence[Requirement],
        limit_h: float,
        say: Callable[[str], None] = lambda text: None,
    ) -> None:
        """Get ready.

        Args:
            choices: what may be chosen.
            trials: says what a roster comes to.
            promises: to be kept.
            limit_h: of the promise of the port, hours.
            say: told how it goes.
        """
        self.choices, self.trials, self.promises = choices, trials, tuple(promises)
        self._limit_h, self._say = limit_h, say
        self._sign = np.array([promise.sign for promise in promises])
        self._open = trials.open_share(choices.edges)
        fewest = np.zeros(self._open.shape, dtype=np.int64)
        for number, post in enumerate(choices.posts):
            fewest[number] = self._fewest(number, post)
        self.programme = Programme(choices, fewest)
        self._blocks = self._block_of()
        self._tried: list[tuple[Ints, Reals]] = []
        self._rounds = 0
        self._loosened = False
        self.work: Work = trials.work(self._promised)

    @property
    def _promised(self) -> float:
        """The share of all trucks that must be out within the limit; 0 without such a promise."""
        shares = [
            promise.value
            for promise in self.promises
            if promise.measure == COMPLETED and promise.truck_class == "all" and promise.sign > 0
        ]
        scenario = self.trials.scenario
        plain = scenario.completion.from_ == "arrival" and not scenario.chooses
        return max(shares, default=0.0) if plain else 0.0

    def _fewest(self, number: int, post: str) -> Ints:
        said = self.choices.shifts.posts.get(post)
        if said is None or not said.fewest:
            return np.zeros(len(self.choices.edges) - 1, dtype=np.int64)
        wanted = self._open[number]
        if said.within is not None:
            wanted = self.trials.calendar_share(said.within, self.choices.edges)
        return np.where(wanted > 0.5, said.fewest, 0).astype(np.int64)

    def _block_of(self) -> Ints:
        """int64[c], the block of the week of each cell."""
        starts = self.choices.edges[:-1]
        if len(starts) <= _FEW_CELLS:
            return np.arange(len(starts))
        return np.asarray(starts // (_BLOCK_H * _HOUR_MIN))

    @cached_property
    def _hour_parts(self) -> Reals:
        """float64[168, c], what part of a cell lies in an hour of the week."""
        edges = self.choices.edges
        low = np.arange(_HOURS)[:, None] * _HOUR_MIN
        inside = np.minimum(edges[1:], low + _HOUR_MIN) - np.maximum(edges[:-1], low)
        return np.asarray(np.maximum(inside, 0) / np.diff(edges))

    def _by_hour(self, number: int, on_duty: Reals | Ints) -> Reals:
        """Open server-hours of a post by hour of the week, float64[168]."""
        hours = self.choices.hours * self._open[number] * on_duty
        return np.asarray(self._hour_parts @ hours)

    @cached_property
    def _cap(self) -> Reals:
        """float64[p, c], as many as shifts and people can put there at once."""
        words, caps = self.choices, np.zeros(self._open.shape)
        for number, post in enumerate(words.posts):
            said = words.shifts.posts.get(post)
            reach = np.asarray(words.present[number].max(axis=1).todense()).ravel() > 0
            most = np.inf if said is None or said.most is None else float(said.most)
            people = sum(
                np.inf if each.most is None else each.most
                for each in words.shifts.people.values()
                if post in each.posts
            )
            caps[number] = np.where(reach, min(most, people), 0.0)
        return caps

    def _need(self) -> Reals:
        """float64[p, c], servers that the offered load asks for in each cell, on the average."""
        # An hour's work is shared by its cells as they are long; servers are hours by hours.
        return np.asarray(self.work.offered @ self._hour_parts)

    def _reached(self, on_duty: Ints) -> Reals:
        """Means times sign, float64[promises]; slopes that they belie are raised."""
        before = self.trials.count
        with np.errstate(invalid="ignore"):
            reached = np.asarray(self.trials.reached(on_duty).mean(axis=0) * self._sign)
        if self.trials.count > before:
            self._tried.append((on_duty, reached))
            for slope in self.programme.slopes:
                self._raise(slope, on_duty, reached)
        return reached

    def _raise(self, slope: Slope, on_duty: Ints, reached: Reals) -> None:
        beyond = reached[slope.promise] - slope.at_most(on_duty)
        if np.isfinite(beyond) and beyond > 0:
            slope.base += beyond
            self._loosened = True

    def _good(self, on_duty: Ints, targets: Reals) -> bool:
        return bool(np.all(self._reached(on_duty) >= targets - 1e-12))

    def _time_cuts(self, chosen: Reals | Ints, usual: bool, more: float = 1.0) -> bool:
        """Add what the hours of each post lack; whether anything was added.

        Args:
            chosen: float64[t + k].
            usual: take late trucks to ask for as much work as others.
            more: times the work there is.
        """
        if not self._promised or (usual and self._rounds >= _TIME_ROUNDS):
            return False
        self._rounds += usual
        added, words = False, self.choices
        for number in range(len(words.posts)):
            beyond = self._beyond(number)
            carry = np.full(_HOURS, float(beyond @ chosen) / _HOURS)
            arriving = self.work.arriving[number] * more
            all_of_it = float(arriving.sum())
            part = self._promised if usual else self._least_part(number)
            row = time_cut(
                self._by_hour(number, words.present[number] @ chosen) + carry,
                arriving,
                self.work.hour_of_week,
                part * all_of_it,
                self._limit_h,
            )
            if row is None:
                continue
            price, least = row
            cells = (price @ self._hour_parts) * words.hours * self._open[number]
            # Whoever goes home may finish what he has in hand, whenever that is.
            weight = cells @ words.present[number].toarray() + price.max() * beyond
            if float(weight @ chosen) < least - 1e-6:
                self.programme.times.append(TimeCut(weight, least, usual))
                added = True
        return added

    def _least_part(self, number: int) -> float:
        """The least part of the work of a post that those kept in time may ask for."""
        total = float(self.work.total[number])
        return float(self.work.small[number]) / total if total else 0.0

    def _beyond(self, number: int) -> Reals:
        """float64[t + k], hours a week of work that goes on beyond the times at the post."""
        words = self.choices
        ends = np.zeros(len(words.cost))
        for column, tour in enumerate(words.tours):
            if words.shifts.people[tour.people].posts == (words.posts[number],):
                ends[column] = sum(n * len(shift.spans) for (_, shift), n in tour.duty.items())
        for column, task in enumerate(words.tasks, len(words.tours)):
            if task.post == words.posts[number]:
                ends[column] = len(task.shift.spans)
        return np.asarray(ends * self.work.in_hand[number])

    def _slopes(self, on_duty: Ints, reached: Reals, targets: Reals) -> bool:
        """What one more in each block brings; whether the rows refuse this roster."""
        waits = self.trials.waits(on_duty, self._blocks)
        slopes = [np.zeros(on_duty.shape) for _ in self.promises]
        cap = self._cap
        for number in range(len(self.choices.posts)):
            for block in range(waits.shape[1]):
                cells = self._blocks == block
                open_ = cells & (self._open[number] > 0) & (cap[number] > on_duty[number])
                if waits[number, block] <= 1e-9 or not open_.any():
                    continue
                more = on_duty.copy()
                more[number, open_] += 1
                gain = self._reached(more) - reached
                hours = float((self.choices.hours * open_).sum())
                each = np.where(open_, self.choices.hours / hours, 0.0)
                for promise, value in enumerate(gain.tolist()):
                    if np.isfinite(value) and value > 0:
                        slopes[promise][number] += value * each
        added = False
        for promise in range(len(self.promises)):
            if reached[promise] >= targets[promise] or not np.isfinite(reached[promise]):
                continue
            if not slopes[promise].any():
                continue
            row = Slope(promise, float(reached[promise]), on_duty.copy(), slopes[promise])
            for tried, came in self._tried:
                self._raise(row, tried, came)
            self.programme.slopes.append(row)
            added |= row.at_most(on_duty) < targets[promise] - 1e-12
        return added

    def _where(self, on_duty: Ints, targets: Reals, ends: float) -> Ints:
        """In which cells more may help: as few as fail with all there can be everywhere else."""
        cap = np.maximum(np.minimum(self._cap, on_duty.max() + 50), on_duty).astype(np.int64)
        # Where nobody waits nobody would be of use: these are raised first, all at once.
        waits = self.trials.waits(on_duty, np.arange(on_duty.shape[1]))
        order = np.argsort(waits.ravel(), kind="stable")
        order = order[(cap > on_duty).ravel()[order]]
        idle = waits.ravel()[order] <= 1e-9
        raised, kept = on_duty.copy(), []
        parts = [order[~idle], order[idle]]
        while parts:
            cells = parts.pop()
            if not len(cells):
                continue
            more = raised.copy()
            more.ravel()[cells] = cap.ravel()[cells]
            useless = not (self._open.ravel()[cells] > 0).any()
            if useless or (time.monotonic() < ends and not self._good(more, targets)):
                raised = more
            elif len(cells) == 1 or time.monotonic() >= ends:
                kept += cells.tolist()
            else:
                half = (len(cells) + 1) // 2
                parts += [cells[half:], cells[:half]]
        return np.array(sorted(kept), dtype=np.int64)

"""Which points to try next, given what the tried ones came to: the search of `portsim optimise`.

Numbers and places in lists enter; scenarios, runs and files do not.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from portsim.errors import InputError

if TYPE_CHECKING:
    from optuna.trial import Trial

__all__ = ["Everything", "PointIndex", "Proposer", "Search", "Verdict"]

PointIndex = tuple[int, ...]
"""A point: of each varied path, the place of its value in the list of values."""

_PATIENCE = 8
"""So often the sampler may name a tried point in a row before an untried one is drawn by lot."""
_OUT_OF_REACH = 1e9
"""How far a point that cannot be run is from what is required."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What trying a point came to.

    Attributes:
        value: what is to be small; None if the point could not be run.
        missing: by requirement, the part of what is asked that its limit misses; 0 or less if met.
    """

    value: float | None
    missing: Mapping[str, float]


class Proposer(Protocol):
    """Names points to try, none of them twice."""

    def ask(self, most: int) -> list[PointIndex]:
        """The next points, `most` of them or fewer if there are no more."""
        ...

    def tell(self, index: PointIndex, verdict: Verdict) -> None:
        """Take in what an asked point came to."""
        ...


class Everything:
    """All points of a small space in their order."""

    def __init__(self, sizes: Sequence[int]) -> None:
        """Take the number of values of each path."""
        self._left: Iterator[PointIndex] = itertools.product(*(range(size) for size in sizes))

    def ask(self, most: int) -> list[PointIndex]:
        """The next points in order."""
        return list(itertools.islice(self._left, most))

    def tell(self, index: PointIndex, verdict: Verdict) -> None:
        """Change nothing: whatever comes of a point, the others are tried too."""


class Search:
    """Points that a tree-structured Parzen estimator expects to be feasible and small in value.

    The sampler is Optuna's (Akiba et al. 2019, doi 10.1145/3292500.3330701), asked for several
    points before it is told of any, as points of one batch share their trucks. It handles
    requirements as Watanabe & Hutter 2023 (c-TPE, arXiv 2211.14411) describe, in Optuna's form.
    The same seed and the same verdicts lead to the same points.
    """

    def __init__(
        self,
        sizes: Mapping[str, int],
        ordered: Sequence[bool],
        seed: int,
        first: Sequence[PointIndex],
    ) -> None:
        """Begin a search.

        Args:
            sizes: the number of values of each path.
            ordered: of each path, whether its values rise or fall along the list.
            seed: of the search, not of the trucks.
            first: points to try before any others.

        Raises:
            InputError: optuna is not installed.
        """
        try:
            import optuna  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise InputError(
                "a search needs Optuna: pip install 'portsim[optimise]'\n    hint: without it, "
                "raise --trials to the number of points and all of them are run"
            ) from error
        loud = optuna.logging.get_verbosity()
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        try:
            sampler = optuna.samplers.TPESampler(
                seed=int(np.random.SeedSequence(seed).generate_state(1)[0]),
                multivariate=True,
                constant_liar=True,
            )
            self._study = optuna.create_study(sampler=sampler, direction="minimize")
        finally:
            optuna.logging.set_verbosity(loud)
        self._states = optuna.trial.TrialState
        self._sizes, self._ordered = dict(sizes), list(ordered)
        self._lot = np.random.default_rng(seed)
        self._asked: dict[PointIndex, Trial] = {}
        for index in dict.fromkeys(first):
            self._enqueue(index)

    def ask(self, most: int) -> list[PointIndex]:
        """The next points, as the sampler expects them to do best."""
        proposed: list[PointIndex] = []
        while len(proposed) < most and len(self._asked) < np.prod([*self._sizes.values()]):
            index, trial = self._new()
            self._asked[index] = trial
            proposed.append(index)
        return proposed

    def tell(self, index: PointIndex, verdict: Verdict) -> None:
        """Take in what an asked point came to."""
        trial = self._asked[index]
        for name, part in verdict.missing.items():
            trial.set_constraint(name, min(part, _OUT_OF_REACH))
        if verdict.value is None:
            trial.set_constraint("can be run", _OUT_OF_REACH)
            self._study.tell(trial, state=self._states.PRUNED)
        else:
            self._study.tell(trial, verdict.value)

    def _new(self) -> "tuple[PointIndex, Trial]":
        for _ in range(_PATIENCE):
            index, trial = self._next()
            if index not in self._asked:
                return index, trial
            # Told as failed, the repeated point weighs no more than it did.
            self._study.tell(trial, state=self._states.FAIL)
        while index in self._asked:
            index = tuple(int(self._lot.integers(size)) for size in self._sizes.values())
        self._enqueue(index)
        return self._next()

    def _next(self) -> "tuple[PointIndex, Trial]":
        trial = self._study.ask()
        index = tuple(
            trial.suggest_int(path, 0, size - 1)
            if ordered
            else trial.suggest_categorical(path, range(size))
            for (path, size), ordered in zip(self._sizes.items(), self._ordered, strict=True)
        )
        return index, trial

    def _enqueue(self, index: PointIndex) -> None:
        self._study.enqueue_trial(dict(zip(self._sizes, index, strict=True)))

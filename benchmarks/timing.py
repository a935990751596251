"""The clock: models take turns in rounds, and rubbish is collected before each."""

import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import Any

Job = Callable[[], Any]


@dataclass
class Entry:
    """A model under the clock."""

    name: str
    prepare: Callable[[], Job]
    """Readies one run: draws, plan and network are put into their form here, before the clock."""
    evaluate: Callable[[Any], float] = lambda _: float("nan")
    """The figure to compare, from what the run gave: after the clock."""
    rounds: int = 5
    warm_up: bool = False
    """Run once before the first round: compiled code is compiled there."""
    seconds: list[float] = field(default_factory=list)
    figure: float = float("nan")

    @property
    def best(self) -> float:
        return min(self.seconds)

    @property
    def median(self) -> float:
        return median(self.seconds)


def take_turns(entries: list[Entry]) -> None:
    """Fill in seconds and figures; a busy minute of the machine then slows all alike."""
    for entry in entries:
        if entry.warm_up:
            entry.prepare()()
    for turn in range(max(entry.rounds for entry in entries)):
        for entry in entries:
            if turn < entry.rounds:
                _run(entry)


def _run(entry: Entry) -> None:
    job = entry.prepare()
    gc.collect()
    gc.freeze()  # the collector shall walk through what the model makes, not through its draws
    start = perf_counter()
    outcome = job()
    entry.seconds.append(perf_counter() - start)
    gc.unfreeze()
    entry.figure = entry.evaluate(outcome)

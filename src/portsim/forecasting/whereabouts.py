"""Where a truck stands that is done at a stage: at one of the next, which not all pass, or out.

What a log stamped before the second is all that may enter; who stands where is told elsewhere.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.forecasting.seen_in_log import Visits
from portsim.held.names import Partners
from portsim.scenario.model import Scenario
from portsim.scenario.traffic import Step, TruckClass

__all__ = ["OUT", "Whereabouts", "apportioned"]

OUT = ""
_LEAST = 1e-9
_FEW, _MOST, _AHEAD = 20, 400, 400
"""With fewer visits a class is as often overtaken as all are; so many of the last are looked at,
and so many of those that joined later."""


class Whereabouts:
    """How likely a truck stands at each of the stages that may be its next."""

    def __init__(
        self,
        scenario: Scenario,
        names: Partners,
        visits: Visits,
        classes: Sequence[str],
        stamped: Mapping[str, Collection[str]],
    ) -> None:
        """Sort who has been served at each stage, and how often each was overtaken.

        Args:
            scenario: the port.
            names: what of the log is what in it.
            visits: the log as it stood.
            classes: of each truck of the log.
            stamped: which of queue, start and end the log stamps, by its stages.
        """
        self._scenario = scenario
        self._known = set(names.stages.values())
        # The queue of the first one is the arrival, whichever the truck's own is.
        ordered = list(names.stages.items())[1:]
        self._seen = {stage for named, stage in ordered if "queue" in stamped[named]}
        whose = np.array(classes, dtype=object)[visits.truck].astype(str)
        self._joined: dict[tuple[str, str], Reals] = {}
        self._overtaken: dict[tuple[str, str], Ints] = {}
        for named, stage in names.stages.items():
            # Who is at work has its start stamped, if any has: all others are in the queue.
            start = visits.stamps[:, 1]
            served = np.where(np.isnan(start), visits.done, start)
            served = served if "start" in stamped[named] else visits.done
            here = (visits.named == named) & np.isfinite(served)
            for cls, words in scenario.traffic.classes.items():
                # Who goes first passes others without their being served.
                behind = [
                    name
                    for name, each in scenario.traffic.classes.items()
                    if _stays_behind(each, words, stage)
                ]
                rows = np.flatnonzero(here & np.isin(whose, behind))
                rows = rows[np.argsort(visits.joined[rows], kind="stable")]
                joined, over = visits.joined[rows], served[rows]
                own = np.flatnonzero(whose[rows] == cls)
                own = (own if len(own) >= _FEW else np.arange(len(rows)))[-_MOST:]
                self._joined[stage, cls] = joined
                self._overtaken[stage, cls] = _overtakers(joined, over, own)

    def shows_more(self, cls: str, stage: str) -> bool:
        """Whether the log would show anything of a truck of a class beyond a stage."""
        return any(
            name in self._known
            for step in self._later(cls, stage)
            for name in (step.stage, *step.others)
        )

    def weights(self, cls: str, stage: str, since: float) -> dict[str, float]:
        """How likely a truck of a class is where, with a sum of 1.

        It goes on to each stage as often as trucks of its class pass that; it is still there as
        likely as trucks of its class were overtaken as often there, in the log as it stood.

        Args:
            cls: its class.
            stage: at which it is done; empty of one that has just come.
            since: when it was done there.

        Returns:
            By stage; `OUT` for out of the port.
        """
        if not self.shows_more(cls, stage):
            return {OUT: 1.0}
        prior: dict[str, float] = {}
        rest = 1.0
        for step in self._later(cls, stage):
            words = self._scenario.stages[step.stage]
            share = words.share if step.share is None else step.share
            # What is passed by some of several ways is not told by a share.
            if not step.channels and rest * share >= _LEAST:
                lines = self._lines(step)
                for name in lines:
                    prior[name] = prior.get(name, 0.0) + rest * share / len(lines)
                rest *= 1.0 - share
        if rest >= _LEAST:
            prior[OUT] = rest
        weights = {name: part * self._still(cls, name, since) for name, part in prior.items()}
        # Where it cannot be anywhere a stamp is missing: that is for others to tell.
        weights = {name: part for name, part in weights.items() if part > 0.0} or prior
        whole = sum(weights.values())
        return {name: part / whole for name, part in weights.items()}

    def _still(self, cls: str, stage: str, since: float) -> float:
        """How likely a truck that joined a stage then is still there, by who is done since."""
        if stage not in self._known or not len(self._overtaken[stage, cls]):
            return 1.0
        joined, often = self._joined[stage, cls], self._overtaken[stage, cls]
        later = len(joined) - int(np.searchsorted(joined, since, side="right"))
        return 1.0 - float(np.searchsorted(often, later, side="left")) / len(often)

    def _lines(self, step: Step) -> Sequence[str]:
        """The stages at which a truck may stand that does one of several: what overflows is the
        lesser part, and in a line of which the log stamps the queue it would have been seen."""
        lines = (step.stage, *(() if step.overflow else step.others))
        return [name for name in lines if name not in self._seen] or lines

    def _later(self, cls: str, stage: str) -> Sequence[Step]:
        route = self._scenario.traffic.classes[cls].route
        beyond = (n for n, step in enumerate(route, 1) if stage in (step.stage, *step.others))
        return route[next(beyond, 0) :]


def _stays_behind(other: TruckClass, own: TruckClass, stage: str) -> bool:
    """Whether a truck of one class that joins a stage later than one of another never goes before.

    Its priority is no better there, and what it gains while it waits it gains no faster.
    """
    return _first_at(other, stage) >= _first_at(own, stage) and _gaining(other) >= _gaining(own)


def _first_at(cls: TruckClass, stage: str) -> int:
    """The priority with which trucks of a class join a stage."""
    own = (step.priority for step in cls.route if stage in (step.stage, *step.others))
    return next((priority for priority in own if priority is not None), cls.priority)


def _gaining(cls: TruckClass) -> float:
    """Seconds of waiting that are worth a level to a class; infinite if it stays as it is."""
    return np.inf if cls.rises_every is None else cls.rises_every


def _overtakers(joined: Reals, served: Reals, own: Ints) -> Ints:
    """How many that joined later were served before each of some, rising.

    Args:
        joined: float64[n], rising.
        served: float64[n].
        own: int64[k], of whom it is counted.
    """
    counts = [int((served[row + 1 : row + 1 + _AHEAD] < served[row]).sum()) for row in own.tolist()]
    return np.sort(np.array(counts, dtype=np.int64))


def apportioned(weights: Sequence[Mapping[str, float]], kinds: Sequence[object]) -> list[str]:
    """Put each truck at one stage, so that of each kind as many stand at each as are likely to.

    Args:
        weights: of each truck, in the order in which they are put.
        kinds: of each truck, any values.

    Returns:
        The stage of each; no count is off by one or more from the sum of its weights where the
        trucks of a kind have the same weights.
    """
    owed: dict[object, dict[str, float]] = {}
    chosen = []
    for kind, each in zip(kinds, weights, strict=True):
        have = owed.setdefault(kind, {})
        for stage, part in each.items():
            have[stage] = have.get(stage, 0.0) + part
        best = max(each, key=lambda stage: (round(have[stage], 9), each[stage]))
        have[best] -= 1.0
        chosen.append(best)
    return chosen

"""Where a truck stands that is done at a stage: at one of the next, which not all pass, or out.

What a log stamped before the second is all that may enter; who stands where is told elsewhere.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from portsim.arrays import Reals
from portsim.forecasting.seen_in_log import Visits, most_at_work
from portsim.held.names import Partners
from portsim.scenario.model import Scenario
from portsim.scenario.traffic import Step

__all__ = ["OUT", "Whereabouts", "apportioned"]

OUT = ""
_LEAST = 1e-9


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
        """Sort who is done at each stage.

        Args:
            scenario: the port.
            names: what of the log is what in it.
            visits: the log as it stood.
            classes: of each truck of the log.
            stamped: which of queue, start and end the log stamps, by its stages.
        """
        self._scenario = scenario
        self._known = set(names.stages.values())
        whose = np.array(classes, dtype=object)[visits.truck]
        self._joined: dict[tuple[str, str], Reals] = {}
        # Who is at work has its start stamped: of those without one all are in the queue.
        starts = {named for named, stamps in stamped.items() if "start" in stamps}
        self._most = {
            stage: 1.0 if named in starts else most_at_work(scenario, stage)
            for named, stage in names.stages.items()
        }
        classes_ = scenario.traffic.classes
        for cls, words in classes_.items():
            # Who goes first passes others without their being done.
            behind = [name for name, each in classes_.items() if each.priority >= words.priority]
            among = np.isin(whose.astype(str), behind)
            for named, stage in names.stages.items():
                begun = np.isfinite(visits.stamps[:, 1 if named in starts else 2])
                begun |= np.isfinite(visits.done)
                self._joined[stage, cls] = np.sort(
                    visits.joined[(visits.named == named) & begun & among]
                )

    def shows_more(self, cls: str, stage: str) -> bool:
        """Whether the log would show anything of a truck of a class beyond a stage."""
        return any(step.stage in self._known for step in self._later(cls, stage))

    def weights(self, cls: str, stage: str, since: float) -> dict[str, float]:
        """How likely a truck of a class is where, with a sum of 1.

        It goes on to each stage as often as trucks of its class pass that. While it stands in a
        queue nobody that joined later is at work; while one of c servers works on it, the next end
        is that of another with 1 − 1/c.

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
                prior[step.stage] = prior.get(step.stage, 0.0) + rest * share
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
        if stage not in self._known or not np.isfinite(self._most[stage]):
            return 1.0
        joined = self._joined[stage, cls]
        later = len(joined) - int(np.searchsorted(joined, since, side="right"))
        return float((1.0 - 1.0 / max(self._most[stage], 1.0)) ** later)

    def _later(self, cls: str, stage: str) -> Sequence[Step]:
        route = self._scenario.traffic.classes[cls].route
        names = [step.stage for step in route]
        return route[names.index(stage) + 1 :] if stage in names else route


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

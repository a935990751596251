"""The gate log's blanks: stamps that are missing, told apart from stages that were not passed.

Trucks that were inside when the log begins and ends lack stamps for a reason, and are kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from portsim.arrays import Ints, Reals
from portsim.gatelog.cleaning import Cleaning
from portsim.gatelog.draft import ARRIVAL, Draft

__all__ = ["Blank", "Passed", "passed"]

_DAY_S = 86_400.0
_USUAL = 0.02
"""Share of blanks that a log has where nothing shows how many it has."""
_TIMES = 3.0
"""A stage that is blank no more than so many times as often is passed by all,"""
_MOST = 0.1
"""unless more trucks than these lack it."""
_DOUBTFUL = 0.25
_PERIODS = 10
_FEWEST = 20
"""Trucks before a share says anything."""
_NEARLY_ALL = 0.995
_LATEST, _OVERTAKEN = 0.01, 0.05
"""Of the latest trucks of a stage, those who came before all but so few tell whose turn it was."""


@dataclass(frozen=True, slots=True)
class Blank:
    """Stamps of one kind that are missing."""

    passed: int
    """Trucks that passed the stage, stamped or not."""
    blank: int
    """Of these without the stamp, those of unfinished trucks not counted."""
    p_over_time: float
    """Chance of blanks as uneven over ten periods of the log, if they were missing at random;
    small where they are not. NaN where too few are."""

    @property
    def share(self) -> float:
        """Share of the trucks that passed."""
        return self.blank / self.passed if self.passed else 0.0


@dataclass(frozen=True, slots=True)
class Passed:
    """Which trucks passed which stages."""

    stages: Mapping[str, NDArray[np.bool_]]
    """By stage bool[n], stamped or not."""
    always: tuple[str, ...]
    """Stages that all trucks pass."""
    unfinished: NDArray[np.bool_]
    """bool[n], inside when the log ends."""
    blanks: Mapping[str, Blank]
    """By stamp, such as ``gate end`` and ``arrival``."""


def passed(
    draft: Draft,
    written: Mapping[str, NDArray[np.bool_]],
    stated: Sequence[str] | None,
    file: str,
    cleaning: Cleaning,
) -> Passed:
    """Find out who passed what.

    A stage is passed if it has a stamp, even one that was dropped. A stage that nearly all trucks
    have a stamp of, no more rarely than three times the blanks of the log allow, is passed by all
    trucks that got beyond it.

    Args:
        draft: the trucks, clean, stages in their order.
        written: by stage bool[n], whether anything was stamped before the cleaning.
        stated: stages that all trucks pass, as somebody said; None if nobody did.
        file: name of the log, for the list.
        cleaning: notes blanks, and trucks that are inside when the log begins or ends.
    """
    n, names = len(draft.first), draft.stages
    stay = draft.lasts() - draft.firsts()
    horizon = max(_DAY_S, _quantile(stay, _NEARLY_ALL))
    seen = {stage: written[stage] for stage in names}
    beyond = np.zeros(n, dtype=bool)
    got_beyond: dict[str, NDArray[np.bool_]] = {}
    for stage in reversed(names):
        got_beyond[stage] = beyond.copy()
        beyond |= seen[stage]
    usual = _usual_share(draft, seen)
    late = {stage: draft.firsts() < _turn(draft, stage) for stage in names}
    always = tuple(
        stage
        for stage in names
        if (
            stage in stated
            if stated is not None
            else _by_all(seen, got_beyond, late[stage], usual, stage)
        )
    )
    if stated is None:
        _note_doubts(seen, got_beyond, always, file, cleaning)
    final = always[-1] if always else ""
    unfinished = np.zeros(n, dtype=bool)
    if final:
        lacking = ~seen[final] & ~got_beyond[final]
        unfinished = lacking & ~late[final]
        oddity = "unfinished when the log ends"
        cleaning.add(draft.first[unfinished], final, oddity, "kept, without its last stamps")
        lost = lacking & late[final]
        if len(always) > 1:
            lost = lost & ~seen[always[-2]]
        oddity = "nothing after the first stages, long before the log ends"
        cleaning.add(draft.first[lost], final, oddity, "kept, without its last stamps")
        # Who had one stage left and did not come back has passed it.
        got_beyond[final] = got_beyond[final] | (lacking & late[final] & ~lost)
    through = {
        stage: seen[stage] | (got_beyond[stage] if stage in always else False) for stage in names
    }
    blanks = _note_blanks(draft, through, got_beyond, unfinished, horizon, cleaning)
    return Passed(through, always, unfinished, blanks)


def _turn(draft: Draft, stage: str) -> float:
    """When trucks came whose turn at a stage it was when the log ends: those before had theirs."""
    times = np.fmax.reduce(draft.seconds[:, draft.of(stage)], axis=1)
    there = np.flatnonzero(~np.isnan(times))
    if not len(there):
        return -np.inf
    count = max(_FEWEST, int(_LATEST * len(there)))
    latest = there[np.argsort(times[there], kind="stable")][-count:]
    return float(np.quantile(draft.firsts()[latest], _OVERTAKEN))


def _quantile(values: Reals, share: float) -> float:
    known = values[~np.isnan(values)]
    return float(np.quantile(known, share)) if len(known) else 0.0


def _usual_share(draft: Draft, seen: Mapping[str, NDArray[np.bool_]]) -> float:
    """How often stamps are blank that must have been: of stages with another stamp, of arrivals."""
    shares = []
    for number, (stage, stamp) in enumerate(draft.keys):
        others = [each for each in draft.of(stage) if each != number]
        there = seen[stage] if stage else np.ones(len(draft.first), dtype=bool)
        if stamp == "queue" or (stage and not others) or there.sum() < _FEWEST:
            continue
        shares.append(float(np.isnan(draft.seconds[there, number]).mean()))
    return float(np.median(shares)) if shares else _USUAL


def _by_all(
    all_seen: Mapping[str, NDArray[np.bool_]],
    got_beyond: Mapping[str, NDArray[np.bool_]],
    late: NDArray[np.bool_],
    usual: float,
    stage: str,
) -> bool:
    seen, beyond = all_seen[stage], got_beyond[stage]
    if not seen.any():
        return False
    judged = seen | beyond | late
    if 2 * int((beyond | late).sum()) < int(seen.sum()):
        # Too few are known to have had the chance: those who lack it count as well.
        judged = np.ones(len(seen), dtype=bool)
    n, lacking = int(judged.sum()), int((judged & ~seen).sum())
    expected = n * min(max(_USUAL, _TIMES * usual), _MOST)
    # Of few trucks some more lack it by chance.
    return bool(lacking <= min(expected + 2.0 * np.sqrt(expected), _MOST * n))


def _note_doubts(
    seen: Mapping[str, NDArray[np.bool_]],
    got_beyond: Mapping[str, NDArray[np.bool_]],
    always: Sequence[str],
    file: str,
    cleaning: Cleaning,
) -> None:
    """Say of which stages most trucks have a stamp, but so few have not that it may be missing."""
    for stage, stamped in seen.items():
        n = int((stamped | got_beyond[stage]).sum())
        lacking = int((got_beyond[stage] & ~stamped).sum())
        if stage not in always and 0 < lacking <= _DOUBTFUL * n:
            oddity = f"{stage} not stamped in {lacking} of {n} trucks that got beyond it"
            treatment = "taken as not passed; write it into always: of the map if all pass it"
            cleaning.say(file, 0, oddity, treatment)


def _note_blanks(
    draft: Draft,
    through: Mapping[str, NDArray[np.bool_]],
    got_beyond: Mapping[str, NDArray[np.bool_]],
    unfinished: NDArray[np.bool_],
    horizon: float,
    cleaning: Cleaning,
) -> dict[str, Blank]:
    first = draft.firsts()
    begun = first < (np.nanmin(first) if len(first) else 0.0) + horizon
    blanks = {}
    for number, (stage, stamp) in enumerate(draft.keys):
        blank = np.isnan(draft.seconds[:, number])
        there = through[stage] if stage else np.ones(len(blank), dtype=bool)
        if stage and stamp == "end":
            # Work may go on when the log ends.
            there = there & ~(unfinished & ~got_beyond[stage])
        inside = np.zeros(len(blank), dtype=bool)
        if (stage, stamp) == ARRIVAL:
            inside = (
                blank & begun & ~through.get(draft.stages[0], inside) if draft.stages else inside
            )
            oddity = "inside when the log begins"
            cleaning.add(draft.first[inside], "arrival", oddity, "kept, without its arrival")
        missing = there & blank & ~inside
        if stamp == "queue" and _is_arrival(draft, number):
            continue
        name = f"{stage} {stamp}".strip()
        oddity = f"{name} blank"
        treatment = "taken as passed, not stamped" if stage else "taken as not known"
        cleaning.add(draft.first[missing], stage or "arrival", oddity, treatment)
        p = _p_over_time(missing[there], first[there])
        blanks[name] = Blank(int(there.sum()), int(missing.sum()), p)
    return blanks


def _is_arrival(draft: Draft, number: int) -> bool:
    """Whether a queue stamp is that of the first stage, and the log stamps arrivals as well."""
    return ARRIVAL in draft.keys and draft.keys[number][0] == draft.stages[0]


def _p_over_time(missing: NDArray[np.bool_], times: Reals) -> float:
    """Pearson's test: are blanks spread over ten periods of equal numbers of trucks by chance?"""
    order: Ints = np.argsort(times, kind="stable")
    groups = np.array_split(missing[order], _PERIODS)
    share = float(missing.mean()) if len(missing) else 0.0
    sizes = np.array([len(group) for group in groups], dtype=np.float64)
    if missing.sum() < _FEWEST or share >= 1.0 or not (sizes * share >= 1.0).all():
        return float("nan")
    counts = np.array([group.sum() for group in groups], dtype=np.float64)
    statistic = float(((counts - sizes * share) ** 2 / (sizes * share * (1.0 - share))).sum())
    return float(chdtrc(_PERIODS - 1, statistic))

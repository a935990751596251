"""What trucks do beside passing stages: who goes first, who gives up, whom the log never saw.

Each is told where the log shows it, and written into the scenario only where it surely does.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Reals
from portsim.fitting.daily import ends
from portsim.fitting.leaving import Untold, leaving
from portsim.fitting.likelihood import Evidence
from portsim.fitting.precedence import Precedence, precedence
from portsim.fitting.sheet import Sheet
from portsim.fitting.stage_values import StageTold
from portsim.fitting.ways import Ways
from portsim.gatelog import GateLog

__all__ = ["Behaviour"]

_OfTime = Callable[[Reals], Reals]
_USUAL, _NEARLY_ALL = 0.02, 0.99
_INSIDE = 3.0
"""Trucks usually inside, so that a log without any at its end must have left them out."""
_VAGUE = 0.5


class Behaviour:
    """Tells priorities and patience, and writes them on a sheet."""

    def __init__(
        self,
        sheet: Sheet,
        log: GateLog,
        stages: Sequence[StageTold],
        evidence: Mapping[str, Evidence],
        ways: Ways,
        names: Mapping[str, str],
    ) -> None:
        """Stages as told, in the log's order; evidence by stage of the log; names of the classes
        in the scenario by those of the log."""
        self._sheet, self._log, self._ways, self._names = sheet, log, ways, names
        self._stages = dict(zip(log.stages, stages, strict=True))
        self._evidence, self._classes = evidence, sorted(names)
        self._turns = {
            stage: precedence(each, len(self._classes), _longest(self._stages[stage]))
            for stage, each in evidence.items()
        }
        self._priorities = self._told_priorities()
        visits, n = log.visits, len(log.trucks)
        truck = visits["truck"].to_numpy(np.int64)
        later = (visits["stage"] != log.stages[0]).to_numpy() & visits["queue"].notna().to_numpy()
        later |= visits["start"].notna().to_numpy() | visits["end"].notna().to_numpy()
        served = np.zeros(n, dtype=bool)
        served[truck[later]] = True
        firsts, self._lasts = ends(log)
        self._firsts = firsts
        settled = np.isfinite(firsts) & (firsts < ways.turn)
        self._gone = settled & ~served & log.trucks["arrival"].notna().to_numpy()
        self._settled = settled

    def of_class(self, name: str, path: str, first_stage: str) -> dict[str, Any]:
        """Priority, patience and tolerance of a class of the log, as a file says them."""
        said: dict[str, Any] = {}
        rank, n = self._priorities.get(name, (0, 0))
        if rank:
            said["priority"] = self._sheet.value(rank, None, n, "D")
            self._sheet.row(f"{path}.priority", rank, "", "", "", "pairs that waited together", n,
                            "yes", "the smaller goes first")  # fmt: skip
        said |= self._leaving(name, path, first_stage)
        return said

    def _told_priorities(self) -> dict[str, tuple[int, int]]:
        """Priority of each class that has one, and pairs of trucks it is told from."""
        count = len(self._classes)
        ahead = np.zeros((count, count), dtype=bool)
        weight = np.zeros((count, count))
        for stage, turns in self._turns.items():
            for favoured in range(count):
                for other in range(count):
                    if favoured != other and turns.goes_before(favoured, other):
                        ahead[favoured, other] = True
                        weight[favoured, other] += turns.pairs[other, favoured]
            self._said_turn(stage, turns)
        everywhere = ahead.copy()
        for turns in self._turns.values():
            for favoured, other in zip(*np.nonzero(ahead), strict=True):
                share = turns.share(int(other), int(favoured))
                # A priority of the language holds at all stages.
                if not np.isnan(share) and not turns.goes_before(int(favoured), int(other)):
                    everywhere[favoured, other] = False
        ranks = np.zeros(count, dtype=np.int64)
        for _ in range(count):
            for favoured, other in zip(*np.nonzero(everywhere), strict=True):
                ranks[favoured] = max(ranks[favoured], ranks[other] + 1)
        if (ranks >= count).any():
            # Each before the other: no order at all.
            ranks[:] = 0
        return {
            name: (-int(rank), int(weight[number].sum()))
            for number, (name, rank) in enumerate(zip(self._classes, ranks, strict=True))
            if rank
        }

    def _said_turn(self, stage: str, turns: Precedence) -> None:
        share = turns.out_of_turn
        path = f"stages.{self._stages[stage].name}.overtaken"
        if np.isnan(share):
            return
        first = [
            f"{self._names[a]} before {self._names[b]} in {turns.share(j, i):.0%}"
            for i, a in enumerate(self._classes)
            for j, b in enumerate(self._classes)
            if i != j and turns.goes_before(i, j)
        ]
        note = "; ".join(first) if first else ""
        if not first and turns.notable:
            note = "trucks go out of turn, but not by their class: lanes, or overtaking"
        self._sheet.row(path, round(share, 4), "", "", "share of trucks",
                        "overtaken by one that joined the queue later", turns.waited,
                        "yes" if turns.stamped or not note else "partly",
                        note or "first come first served")  # fmt: skip

    def _leaving(self, name: str, path: str, first_stage: str) -> dict[str, Any]:
        own = (self._log.trucks["truck_class"].astype(str) == name).to_numpy()
        gone, here = own & self._gone, own & self._settled
        told = self._stages.get(first_stage)
        if told is None or not told.rosters or not here.any():
            return {}
        wait, queue = self._waits(told, first_stage, name)
        some = here & self._log.trucks["arrival"].notna().to_numpy()
        at = self._firsts[some]
        words = leaving(gone[some], wait(at), queue(at), self._by_blanks(int(some.sum())))
        if isinstance(words, Untold):
            left, n = words.gone, words.n
            self._sheet.row(f"{path}.patience", left, "", "", "trucks",
                            "trucks with no later stamp, long before the log ends", n,
                            "partly" if left else "yes",
                            words.note if left else "none left without being served",
                            )  # fmt: skip
            return {}
        unit, scale = ("min", 60.0) if words.word == "patience" else ("trucks", 1.0)
        (low, high), cvs = words.limits
        sure = "yes" if high - low <= 2 * _VAGUE * words.mean and not words.other else "partly"
        key = "time" if words.word == "patience" else "waiting"
        own_path = f"{path}.{words.word}.{key}.lognormal"
        method = "probit of leaving on the log of the wait"
        note = f"{words.gone} of {words.n} left without being served"
        if words.other:
            note += "; the length of the queue explains it as well as the wait"
        rows = ((words.mean / scale, low / scale, high / scale), (words.cv, *cvs))
        for word, each, of in zip(("mean", "cv"), rows, (unit, ""), strict=True):
            value, least, most = (round(x, 3) for x in each)
            self._sheet.row(f"{own_path}.{word}", value, least, most, of, method, words.n, sure,
                            note)  # fmt: skip
        per = " min" if words.word == "patience" else ""
        mean, least, most = (round(x, 3) for x in rows[0])
        cv = min(max(round(words.cv, 3), 0.01), 100.0)
        said: dict[str, Any] = {
            "mean": self._sheet.value(
                f"{mean}{per}" if per else mean,
                (f"{least}{per}..{most}{per}" if per else [least, most]) if least < most else None,
                words.n,
                "D",
            ),
            "cv": self._sheet.value(cv, None, words.n, "D"),
        }
        return {words.word: {key: {"lognormal": said}, "stages": [told.name]}}

    def _waits(self, told: StageTold, stage: str, name: str) -> tuple[_OfTime, _OfTime]:
        """Functions of seconds UTC: the wait of a truck of the class that comes then, and how many
        wait."""
        number = self._classes.index(name)
        evidence = self._evidence[stage]
        queue, begun, classes = evidence.queue, evidence.start, evidence.classes
        if not evidence.has_starts:
            queue = np.concatenate([each.evidence.queue for each in told.rosters])
            end = np.concatenate([each.evidence.end for each in told.rosters])
            works = np.concatenate([each.works for each in told.rosters])
            classes = np.concatenate([each.classes for each in told.rosters])
            begun = np.where(works >= 0, end - works, np.nan)
        begun = np.maximum(begun, queue)
        there = np.isfinite(begun)
        own = there & (classes == number)
        own = own if own.any() else there
        order = np.lexsort((begun[own], queue[own]))
        known, starts = queue[own][order], begun[own][order]
        joined, left = np.sort(queue[there]), np.sort(begun[there])

        def wait(at: Reals) -> Reals:
            if not len(known):
                return np.zeros(len(at))
            # Whoever stays has the turn of the next that did, unless that one found nobody before.
            place = np.minimum(np.searchsorted(known, at), len(known) - 1)
            between = np.interp(at, known, starts)
            waited = starts[place] > known[place] + evidence.step
            return np.asarray(np.maximum(np.where(waited, starts[place], between) - at, 0.0))

        def waiting(at: Reals) -> Reals:
            inside = np.searchsorted(joined, at) - np.searchsorted(left, at)
            return np.asarray(np.maximum(inside, 0), dtype=np.float64)

        return wait, waiting

    def _by_blanks(self, trucks: int) -> float:
        """Trucks whose later stamps are all blank by chance."""
        log = self._log
        stamps = [
            f"{stage} {stamp}"
            for stage in log.always
            for stamp in sorted(log.stamped.get(stage, frozenset()) & {"start", "end"})
        ]
        known = [log.lost.blanks[name].share for name in stamps if name in log.lost.blanks]
        arrival = log.lost.blanks.get("arrival")
        usual = arrival.share if arrival is not None else _USUAL
        # Who left lacks all of them: what they lack together is not blank by chance.
        each = [min(share, max(usual, 1.0 / max(trucks, 1))) for share in known] or [usual]
        return trucks * float(np.prod(each))

    def said_who_is_seen(self) -> None:
        """A row where the log only has trucks that were served."""
        log = self._log
        stay = self._lasts - self._firsts
        there = np.isfinite(stay)
        usual = float(stay[there].sum()) / max(log.last - log.first, 1.0)
        gone: NDArray[np.bool_] = self._gone
        if gone.any() or not there.any():
            return
        if log.lost.unfinished == 0 and usual > _INSIDE:
            self._sheet.row("traffic", "", "", "", "", "trucks inside when the log ends",
                            int(there.sum()), "no",
                            f"only trucks that were served are in the log: about {usual:.0f} are "
                            "inside at a time, and none when it ends; whoever left before is not "
                            "seen either")  # fmt: skip
            return
        self._sheet.row("traffic", "", "", "", "", "trucks with no later stamp",
                        int(there.sum()), "no",
                        "no truck left without being served; whoever turned away before the "
                        "first stamp is not in the log")  # fmt: skip


def _longest(told: StageTold) -> float | None:
    """What hardly any work of a stage exceeds, seconds."""
    works = told.works[told.works >= 0]
    return float(np.quantile(works, _NEARLY_ALL)) if len(works) else None

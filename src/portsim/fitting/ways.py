"""Which stages the trucks of a class pass, in which order, and how many of them.

Only trucks whose way is known to its end count: those that come so late that they may still be
inside when the log ends say nothing of where they go. Times may not enter.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from portsim.arrays import Reals
from portsim.fitting.daily import ends
from portsim.fitting.evidence import passed, share
from portsim.gatelog import GateLog

__all__ = ["ShareTold", "Ways", "both_ways"]

_FEW = 30
_FEWEST, _LATEST, _OVERTAKEN = 20, 0.01, 0.05
"""Of the latest trucks of a stage, those who came before all but so few tell whose turn it was."""
_STAY = 0.99
_MOST = 2
"""Directions that a scenario has."""
_OTHER_WAY = 0.03
"""Share of trucks that pass two stages the other way round before it is more than slips."""


@dataclass(frozen=True, slots=True)
class ShareTold:
    """The share of a class that passes a stage."""

    value: float
    low: float
    high: float
    """Ends of the 95 % interval."""
    n: int
    """Trucks that it is told from."""
    identifiable: str
    note: str


class Ways:
    """The ways of the trucks of a log."""

    def __init__(self, log: GateLog) -> None:
        """Find out whose way is known to its end."""
        self._log = log
        self.visits = passed(log)
        """The visits, as `portsim.fitting.evidence.passed` gives them."""
        firsts, lasts = ends(log)
        self.turn = _turn(log, self.visits, firsts)
        """Trucks that came before this second had their turn at every stage before the log
        ends."""
        # Whoever was served nowhere has gone, and nobody knows where it would have passed.
        stamped = self.visits[["start", "end"]].notna().any(axis=1).to_numpy()
        served = np.zeros(len(log.trucks), dtype=bool)
        served[self.visits["truck"].to_numpy(np.int64)[stamped]] = True
        settled = np.isfinite(firsts) & (firsts < self.turn) & served
        if log.always:
            out = self.visits.loc[self.visits["stage"] == log.always[-1], "truck"]
            done = np.zeros(len(log.trucks), dtype=bool)
            done[out.to_numpy(np.int64)] = True
            # Who was inside when the log begins passed stages that stand nowhere.
            stay = (lasts - firsts)[np.isfinite(lasts - firsts)]
            begun = log.first + (float(np.quantile(stay, _STAY)) if len(stay) else 0.0)
            inside = log.trucks["arrival"].isna().to_numpy() & (firsts < begun)
            self._done = done & ~inside if log.trucks["arrival"].notna().any() else done
        else:
            self._done = np.ones(len(log.trucks), dtype=bool)
        self._settled = settled & self._done

    def share(self, own: NDArray[np.bool_], stage: str) -> ShareTold:
        """The share of some trucks, bool[n], that passes a stage.

        A stage of which one stamp only is written lacks those whose stamp is blank, as often as
        stamps are elsewhere.
        """
        there = np.zeros(len(own), dtype=bool)
        there[self.visits.loc[self.visits["stage"] == stage, "truck"].to_numpy(np.int64)] = True
        used, notes = own & self._settled, []
        late = int((own & self._done).sum()) - int(used.sum())
        if used.sum() < _FEW <= (own & self._done).sum():
            used, late = own & self._done, 0
            notes.append("trucks that went on late are left out, so that slow ways are missed")
        if not used.any():
            return ShareTold(float(there[own].any()), 0.0, 1.0, 0, "no", "no truck is settled")
        if late:
            notes.append(f"{late} that came too late for their way to be known are left out")
        blank = self._blank(stage)
        value, low, high = (
            min(each / (1 - blank), 1.0)
            for each in share(there[used].astype(np.int64), int(used.sum()))
        )
        if blank > 0:
            notes.append(f"{blank:.1%} added for stamps that are blank")
        sure = "yes" if not notes or used.sum() >= _FEW else "partly"
        return ShareTold(value, low, high, int(used.sum()), sure, "; ".join(notes))

    def _blank(self, stage: str) -> float:
        """Share of visits of a stage that left no stamp, as far as other stamps tell."""
        blanks = self._log.lost.blanks
        if len(self._log.stamped.get(stage, ())) != 1 or stage in self._log.always:
            return 0.0
        known = [
            each
            for name, each in blanks.items()
            if name == "arrival" or name.rpartition(" ")[0] in self._log.always
        ]
        total = sum(each.passed for each in known)
        return min(sum(each.blank for each in known) / total, 0.2) if total else 0.0

    def orders(self, own: NDArray[np.bool_]) -> list[tuple[str, str, float, int]]:
        """Two stages that some trucks, bool[n], pass one way round and others the other.

        Returns:
            First and second stage as most pass them, the share that passes them the other way
            round, and of how many trucks.
        """
        visits = self.visits[own[self.visits["truck"].to_numpy(np.int64)]]
        stamp = visits["end"].fillna(visits["start"]).fillna(visits["queue"])
        wide = pd.DataFrame(
            {
                stage: stamp[visits["stage"] == stage].set_axis(
                    visits.loc[visits["stage"] == stage, "truck"]
                )
                for stage in self._log.stages
            }
        )
        told = []
        for number, first in enumerate(self._log.stages):
            for second in self._log.stages[number + 1 :]:
                gap = (wide[second] - wide[first]).dropna()
                gap = gap[gap != 0]
                n, back = len(gap), int((gap < 0).sum())
                if n < _FEW:
                    continue
                fewer = min(back, n - back)
                _, low, _ = share(np.array([fewer]), n)
                if low > _OTHER_WAY:
                    pair = (first, second) if back <= n - back else (second, first)
                    told.append((*pair, fewer / n, n))
        return told


def _turn(log: GateLog, visits: pd.DataFrame, firsts: Reals) -> float:
    """When trucks came whose turn it was everywhere when the log ends."""
    turns = [np.inf]
    truck = visits["truck"].to_numpy(np.int64)
    for stage in log.stages:
        # Who has joined a queue has not had its turn, unless the log says no more of any.
        names = ["start", "end"] if log.stamped.get(stage, frozenset()) - {"queue"} else ["queue"]
        stamp = visits[names].max(axis=1).to_numpy(np.float64)
        there = np.flatnonzero((visits["stage"] == stage).to_numpy() & np.isfinite(stamp))
        if len(there) < 2 * _FEWEST:
            continue
        count = max(_FEWEST, int(_LATEST * len(there)))
        latest = there[np.argsort(stamp[there], kind="stable")][-count:]
        turns.append(float(np.quantile(firsts[truck[latest]], _OVERTAKEN)))
    return min(turns)


def both_ways(log: GateLog) -> GateLog:
    """The log with a class for each direction where a class goes both ways.

    Returns:
        The log, its classes called ``general export`` and ``general import`` where ``general`` goes
        both ways. Trucks without a direction are counted to the more frequent one of their class.
        Of more than two directions, which no scenario has, the rarer are classes of their own, of
        which nobody knows which way they go.
    """
    trucks = log.trucks
    ways = trucks["direction"].dropna().astype(str)
    if not len(ways):
        return log
    names = trucks["truck_class"].astype(str)
    usual = ways.groupby(names[ways.index]).agg(lambda each: each.value_counts().index[0])
    way = trucks["direction"].astype(object).where(trucks["direction"].notna(), names.map(usual))
    several = ways.groupby(names[ways.index]).nunique() > 1
    split = names.map(several).fillna(False).astype(bool)
    named = names.where(~split, names + " " + way.astype(str))
    known = ways.value_counts().index[:_MOST]
    way = way.where(way.isin(known), pd.NA)
    return replace(log, trucks=trucks.assign(truck_class=named, direction=way))

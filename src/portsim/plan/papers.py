"""Papers: whose there are, the stages they pass with their work, and when they begin.

They are laid out like visits of trucks, from luck of their own; nothing of it moves any truck's.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.demand import Trucks, inverse
from portsim.plan.contract import NEVER, Papers
from portsim.plan.laid_kinds import Kinds
from portsim.plan.tokens import Lists
from portsim.plan.visits import Visits, lay_out
from portsim.scenario import papers as words
from portsim.scenario.model import Scenario

__all__ = ["Filed", "Later", "file_later", "file_papers"]


@dataclass(frozen=True, eq=False, slots=True)
class Filed:
    """The papers of a draft: p of them with w visits, truck by truck."""

    truck: Ints
    """int64[p], position of the truck in the draft, rising."""
    lead: Ints
    """int64[p], seconds before its arrival at which they are handed in; NEVER where they begin"""
    begins: Ints
    """int64[p], with this visit of it, counted from its first; else NEVER."""
    needed: Ints
    """int64[p], the visit that waits for them, counted likewise, or NEVER."""
    first: Ints
    """int64[p + 1]."""
    kind: NDArray[np.integer]
    """[w], row of `kinds`."""
    work: Ints
    """int64[w]."""
    kinds: Kinds

    def of(self, numbers: Ints, arrival: Ints, first: Ints, priority: Ints, kinds: int) -> Papers:
        """The papers of some of the trucks, as a plan has them.

        Args:
            numbers: int64[n], the number of each truck of the draft in the plan, or NEVER.
            arrival: int64[m], plan seconds, of the trucks of the plan.
            first: int64[m + 1], their visits.
            priority: int64[m].
            kinds: how many kinds of visits the plan has before these.
        """
        rows = np.flatnonzero(numbers[self.truck] != NEVER)
        belongs, length = numbers[self.truck[rows]], np.diff(self.first)[rows]
        begin, visits = _rows_of(self.first[rows], length)
        lead, begins, needed = self.lead[rows], self.begins[rows], self.needed[rows]
        early = np.maximum(arrival[belongs] - lead, 0)
        return Papers(
            belongs=belongs,
            priority=priority[belongs],
            begins=np.where(lead == NEVER, NEVER, early),
            with_visit=np.where(lead == NEVER, first[belongs] + begins, NEVER),
            needed=np.where(needed == NEVER, NEVER, first[belongs] + needed),
            first_visit=begin,
            visit_kind=self.kind[visits] + kinds,
            visit_work=self.work[visits],
        )


@dataclass(frozen=True, eq=False, slots=True)
class Later:
    """Papers that trucks hand in which come after the end, as far as they may be before it."""

    trucks: Trucks
    filed: Filed
    preferred: NDArray[np.bool_] | None
    """bool[n], as of `Visits`."""

    def of(
        self, come: NDArray[np.bool_], origin: int, end: int, priority: Ints, kinds: int
    ) -> Papers:
        """Those of the trucks that come.

        Args:
            come: bool[n].
            origin: epoch second of plan second 0; the plan ends at `end`.
            priority: int64[n].
            kinds: how many kinds of visits the plan has before these.
        """
        filed = self.filed
        begins = self.trucks.arrival[filed.truck] - origin - filed.lead
        rows = np.flatnonzero(come[filed.truck] & (filed.lead != NEVER) & (begins < end))
        length = np.diff(filed.first)[rows]
        first, visits = _rows_of(filed.first[rows], length)
        never = np.full(len(rows), NEVER, dtype=np.int64)
        return Papers(
            belongs=never,
            priority=priority[filed.truck[rows]],
            begins=np.maximum(begins[rows], 0),
            with_visit=never,
            needed=never,
            first_visit=first,
            visit_kind=filed.kind[visits] + kinds,
            visit_work=filed.work[visits],
        )


def _rows_of(start: Ints, length: Ints) -> tuple[Ints, Ints]:
    """Where groups begin that are laid behind each other, int64[g + 1]; and the rows of all."""
    first = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
    return first, np.repeat(start - first[:-1], length) + np.arange(first[-1])


class _Luck(Trucks):
    """The trucks of a draft with other luck than their own, but for the channel they are in."""

    prefix: str

    def uniforms(self, cls: int, purpose: str, who: Ints | None = None) -> Reals:
        known = purpose == "channel"
        return super().uniforms(cls, purpose if known else f"{self.prefix} {purpose}", who)


def file_papers(scenario: Scenario, trucks: Trucks, visits: Visits, lists: Lists) -> Filed | None:
    """Lay out the papers of all trucks; None if no class has any.

    Args:
        scenario: stages, routes and papers.
        trucks: who comes, with their luck.
        visits: of these, as they are laid out.
        lists: the table of token lists, which grows.
    """
    names = dict.fromkeys(n for cls in scenario.traffic.classes.values() for n in cls.papers)
    parts = [_of_name(scenario, trucks, visits, lists, name) for name in names]
    if not parts:
        return None
    offsets = np.cumsum([0, *(len(part.kinds.stage) for part in parts)])
    truck = np.concatenate([part.truck for part in parts])
    # All papers of a truck stand together, in the order of their names in the file.
    order = np.argsort(truck, kind="stable")
    length = np.concatenate([np.diff(part.first) for part in parts])[order]
    starts = np.cumsum([0, *(len(part.kind) for part in parts)])
    begins = np.concatenate(
        [part.first[:-1] + start for part, start in zip(parts, starts[:-1], strict=True)]
    )[order]
    first, rows = _rows_of(begins, length)
    kind = np.concatenate(
        [part.kind + offset for part, offset in zip(parts, offsets[:-1], strict=True)]
    )

    def column(name: str) -> Any:
        return np.concatenate([getattr(part, name) for part in parts])[order]

    return Filed(
        truck=truck[order],
        lead=column("lead"),
        begins=column("begins"),
        needed=column("needed"),
        first=first,
        kind=kind[rows],
        work=np.concatenate([part.work for part in parts])[rows],
        kinds=Kinds(
            *(
                np.concatenate([getattr(part.kinds, field) for part in parts])
                for field in ("stage", "take", "give_in", "give_out", "patient", "tolerant", "who")
            )
        ),
    )


def file_later(scenario: Scenario, trucks: Trucks | None, lists: Lists) -> Later | None:
    """Lay out the papers of trucks that come after the end; None if there are none.

    In: as of `file_papers`.
    """
    if trucks is None or not len(trucks.arrival):
        return None
    visits = lay_out(scenario, trucks, lists)
    filed = file_papers(scenario, trucks, visits, lists)
    return None if filed is None else Later(trucks, filed, visits.preferred)


def _of_name(scenario: Scenario, trucks: Trucks, visits: Visits, lists: Lists, name: str) -> Filed:
    """The papers of one name, of all classes that have such."""
    classes = {
        cls: words_ for cls, words_ in scenario.traffic.classes.items() if name in words_.papers
    }
    have = np.zeros(len(trucks.arrival), dtype=bool)
    lead, begins, needed = np.full((3, len(have)), NEVER, dtype=np.int64)
    luck = _Luck(**{field: getattr(trucks, field) for field in Trucks.__dataclass_fields__})
    object.__setattr__(luck, "prefix", f"papers {name}")
    for cls, words_ in classes.items():
        number, papers = trucks.class_names.index(cls), words_.papers[name]
        members = trucks.members(number)
        have[members] = luck.uniforms(number, "share", members) < papers.share
        route = [step.stage for step in words_.route]
        begin, need = _places(papers, route)
        places = _first_from(scenario, visits, members, route, (begin, need))
        have[members] &= places[0] != NEVER
        needed[members] = places[1]
        if papers.before_arrival is None:
            begins[members] = places[0]
        else:
            u = luck.uniforms(number, "before_arrival", members)
            seconds = inverse(papers.before_arrival, u, scenario.origin.observed)
            lead[members] = np.rint(seconds).astype(np.int64)
            have[members] = luck.uniforms(number, "share", members) < papers.share
    traffic = scenario.traffic.ways_of_papers(name)
    laid = lay_out(scenario.model_copy(update={"traffic": traffic}), luck, lists)
    # Whose share or channel passes no desk has no papers.
    have &= np.diff(laid.first) > 0
    rows = np.flatnonzero(have)
    length = np.diff(laid.first)[rows]
    first, own = _rows_of(laid.first[rows], length)
    return Filed(
        truck=rows,
        lead=lead[rows],
        begins=begins[rows],
        needed=needed[rows],
        first=first,
        kind=laid.kind[own],
        work=laid.work[own],
        kinds=laid.kinds,
    )


def _places(papers: words.Papers, route: list[str]) -> tuple[int, int]:
    """Places in the route of a truck from which on papers begin, and are needed."""
    needed, begins = route.index(papers.needed_at), 0
    if papers.begins_at is not None:
        begins = route.index(papers.begins_at)
    elif papers.begins_after is not None:
        begins = route.index(papers.begins_after) + 1
    return begins, needed


def _first_from(
    scenario: Scenario, visits: Visits, members: Ints, route: list[str], places: tuple[int, int]
) -> Ints:
    """The first visits that trucks make at some places of their route or after.

    Returns:
        int64[2, m], counted from the first visit of each truck; NEVER where it makes none.
    """
    numbers = list(scenario.stages)
    place = np.zeros(len(numbers), dtype=np.int64)
    for at, stage in reversed(list(enumerate(route))):
        place[numbers.index(stage)] = at
    first, count = visits.first[members], np.diff(visits.first)[members]
    owner = np.repeat(np.arange(len(members)), count)
    begin = np.cumsum(count) - count
    step = np.arange(len(owner)) - begin[owner]
    at = place[visits.kinds.stage[visits.kind[first[owner] + step]]]
    earliest_at = np.full((2, len(members)), NEVER, dtype=np.int64)
    for row, least in enumerate(places):
        late = np.flatnonzero(at >= least)
        who, earliest = np.unique(owner[late], return_index=True)
        earliest_at[row, who] = step[late[earliest]]
    return earliest_at

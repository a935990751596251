"""Kinds of visits: what is alike in stage and token lists is looked at once, not visit by visit."""

from dataclasses import dataclass, field

import numpy as np

from portsim.arrays import Ints
from portsim.measures.order import argsort_ints
from portsim.plan.contract import SERVERS, Plan

__all__ = ["Kinds"]


@dataclass(frozen=True, eq=False, slots=True)
class Kinds:
    """The v visits of a plan by kind: k kinds in order of their stage, r resources."""

    of: Ints
    """int64[v], the kind of each visit."""
    order: Ints
    """int64[v], the visits kind by kind, rising in each."""
    first: Ints
    """int64[k + 1]: the visits of a kind are `order[first[kind] : first[kind + 1]]`."""
    stage: Ints
    """int64[k]."""
    lists: Ints
    """int64[k], the token list taken."""
    take: Ints
    """int64[k, r], tokens taken at the admission."""
    give_in: Ints
    """int64[k, r], tokens given back at the admission."""
    give_out: Ints
    """int64[k, r], tokens given back or offered at the end of the work."""
    ranks: Ints
    """int64[k, 3], priority, rise and whether it claims, where kinds have ranks; or int64[k, 0]."""
    could_take: tuple[tuple[int, ...], ...]
    """Token lists of which trucks of each kind take one, the first of which they took."""
    _known: dict[int, Ints] = field(default_factory=dict)

    @classmethod
    def sort(cls, plan: Plan) -> "Kinds":
        """Sort the visits of a plan by its kinds: those alike are one, those without any go."""
        columns = [plan.kind_stage, plan.kind_take, plan.kind_give_in, plan.kind_give_out]
        if plan.ranks is not None:
            columns += [plan.ranks.priority, plan.ranks.rises, plan.ranks.claims.astype(np.int64)]
        could = plan.could_take or tuple((taken,) for taken in plan.kind_take.tolist())
        if plan.could_take is not None:
            number_of = {taken: number for number, taken in enumerate(dict.fromkeys(could))}
            columns.append(np.array([number_of[taken] for taken in could]))
        come = np.flatnonzero(np.bincount(plan.visit_kind, minlength=len(plan.kind_stage)))
        rows, first, which = np.unique(
            np.column_stack(columns)[come], axis=0, return_index=True, return_inverse=True
        )
        number = np.zeros(len(plan.kind_stage), dtype=np.int64)
        number[come] = which.ravel()
        of, (stage, take, give_in, give_out) = number[plan.visit_kind], rows[:, :4].T
        order, tokens = argsort_ints(of), _tokens(plan)
        return cls(
            of=of,
            order=order,
            first=np.concatenate([[0], np.cumsum(np.bincount(of, minlength=len(rows)))]),
            stage=np.ascontiguousarray(stage),
            lists=np.ascontiguousarray(take),
            take=tokens[take],
            give_in=tokens[give_in],
            give_out=tokens[give_out],
            ranks=rows[:, 4:7] if plan.ranks is not None else rows[:, 4:4],
            could_take=tuple(could[kind] for kind in come[first].tolist()),
        )

    def __len__(self) -> int:
        return len(self.stage)

    def visits(self, chosen: Ints) -> Ints:
        """The visits of some kinds, kind by kind."""
        parts = [self.order[self.first[kind] : self.first[kind + 1]] for kind in chosen.tolist()]
        return np.concatenate(parts) if parts else self.order[:0]

    def held(self, resource: int) -> Ints:
        """How many servers a truck holds during each visit's work, kept ones included: int64[v].

        Servers are all back when a truck leaves, so one sum runs over all trucks.
        """
        if resource not in self._known:
            self._known[resource] = self._held(resource)
        return self._known[resource]

    def _held(self, resource: int) -> Ints:
        takes = self.take[:, resource] - self.give_in[:, resource]
        if not self.keeps(resource):
            return takes[self.of]
        out = self.give_out[:, resource]
        return np.asarray(np.cumsum((takes - out)[self.of]) + out[self.of])

    def keeps(self, resource: int) -> bool:
        """Whether some visit does not give back just what it takes."""
        return bool(
            (self.take[:, resource] - self.give_in[:, resource] != self.give_out[:, resource]).any()
        )

    def keeping(self, plan: Plan) -> np.ndarray:
        """Kinds after which servers are kept, bool[k]."""
        servers = plan.resource_kind == SERVERS
        return np.asarray((self.take > self.give_out)[:, servers].any(axis=1))


def _tokens(plan: Plan) -> Ints:
    """The token lists as a table: int64[lists, resources]."""
    table = np.zeros((len(plan.list_start) - 1, len(plan.resource_kind)), dtype=np.int64)
    row = np.repeat(np.arange(len(table)), np.diff(plan.list_start))
    np.add.at(table, (row, plan.list_resource), plan.list_count)
    return table

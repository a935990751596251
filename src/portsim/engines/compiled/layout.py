"""The compiled engine's layout: lines, kinds of visits, and what to look at when something changes.

It depends on the kinds of visits, stages and resources alone, not on trucks, hours or luck, so that
runs of one port share it. Where trucks may not overtake, a stage has one *line* of waiting trucks;
elsewhere one for each distinct need.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from portsim.arrays import Ints, own
from portsim.engines.compiled.rows import KIND, LINE, RESOURCE, STAGE, TOKENS, table_of
from portsim.plan.contract import Plan

__all__ = ["Layout", "layout_of"]

_KEPT = 8
"""Layouts that a process keeps: policies of a study often have the same one."""


class Layout(NamedTuple):
    """Tables of q lines, k kinds of visits, s stages and r resources; nobody writes to them."""

    lines: np.ndarray
    kinds: np.ndarray
    tokens: np.ndarray
    """What kinds take and give: all token lists, then the needs."""
    stages: np.ndarray
    resources: np.ndarray
    near: np.ndarray
    """uint32[m], lines to look at when something changes; the other tables name rows of it."""


class _Port:
    """What a layout depends on, equal where the numbers are."""

    def __init__(self, plan: Plan) -> None:
        self.stage, self.take, self.give_in, self.give_out = (
            own(column)
            for column in (plan.kind_stage, plan.kind_take, plan.kind_give_in, plan.kind_give_out)
        )
        self.start, self.listed, self.count = (
            own(column) for column in (plan.list_start, plan.list_resource, plan.list_count)
        )
        self.overtaking, self.claims = plan.stage_overtaking.copy(), plan.stage_claims.copy()
        self.resources = len(plan.resource_kind)
        self._key = tuple(
            value.tobytes() if isinstance(value, np.ndarray) else value
            for value in vars(self).values()
        )

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Port) and self._key == other._key


def layout_of(plan: Plan) -> Layout:
    """The layout of a plan's port."""
    return _laid_out(_Port(plan))


@lru_cache(maxsize=_KEPT)
def _laid_out(port: _Port) -> Layout:
    line, line_stage = _lines(port)
    kinds, tokens = _kind_table(port, line)
    kinds["overtaking"] = port.overtaking[port.stage]
    kinds["claims"] = port.claims[port.stage]
    lines, stages, resources, near = _places_to_look(port, kinds, tokens, line_stage)
    lines["stage"] = line_stage
    return Layout(lines, kinds, tokens, stages, resources, near)


def _lines(port: _Port) -> tuple[Ints, Ints]:
    """Line of each kind, and stage of each line; the first lines are the stages' own."""
    line = port.stage.copy()
    places = list(range(len(port.overtaking)))
    needs: dict[tuple[int, int, int], int] = {}
    for kind in np.flatnonzero(port.overtaking[port.stage]).tolist():
        need = int(port.stage[kind]), int(port.take[kind]), int(port.give_in[kind])
        if need not in needs:
            needs[need] = len(places)
            places.append(need[0])
        line[kind] = needs[need]
    return line, np.array(places, dtype=np.int64)


def _kind_table(port: _Port, line: Ints) -> tuple[np.ndarray, np.ndarray]:
    """The kinds, and the tokens they take and give: all token lists, then the needs."""
    start, take, give_in, give_out = port.start, port.take, port.give_in, port.give_out
    rows = start[take + 1] - start[take]
    need_end = len(port.listed) + np.cumsum(rows)
    kinds = table_of(
        KIND,
        stage=port.stage,
        line=line,
        takes=start[take],
        takes_end=start[take + 1],
        give_in=start[give_in],
        give_in_end=start[give_in + 1],
        give_out=start[give_out],
        give_out_end=start[give_out + 1],
        need=need_end - rows,
        need_end=need_end,
    )
    owner = np.repeat(np.arange(len(take)), rows)
    taken = np.repeat(start[take] - (np.cumsum(rows) - rows), rows) + np.arange(len(owner))
    resource, count = port.listed[taken], port.count[taken]
    for kind in np.flatnonzero(start[give_in + 1] > start[give_in]).tolist():
        of_kind = owner == kind
        given = slice(start[give_in[kind]], start[give_in[kind] + 1])
        for back, n in zip(port.listed[given], port.count[given], strict=True):
            count[of_kind & (resource == back)] -= n
    tokens = table_of(
        TOKENS,
        resource=np.concatenate([port.listed, resource]),
        count=np.concatenate([port.count, count]),
    )
    return kinds, tokens


def _places_to_look(
    port: _Port, kinds: np.ndarray, tokens: np.ndarray, line_stage: Ints
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Tables of lines, stages and resources, each with its rows of `near` (the fourth)."""
    rows = kinds["need_end"] - kinds["need"]
    wants = np.zeros((port.resources, len(line_stage)), dtype=bool)
    wants[tokens["resource"][len(port.listed) :], np.repeat(kinds["line"], rows)] = True
    opens = line_stage == np.arange(len(port.claims))[:, None]
    number = np.arange(len(line_stage))
    lines = table_of(LINE, near=number, near_end=number + 1)
    near: list[Ints] = [number]
    for group in _groups(wants, opens, port.claims):
        wants[np.ix_(wants[:, group].any(axis=1), group)] = True
        opens[np.ix_(opens[:, group].any(axis=1), group)] = True
        lines["near"][group] = sum(map(len, near))
        lines["near_end"][group] = lines["near"][group] + len(group)
        near.append(group)
    tables: list[np.ndarray] = []
    for table, dtype in ((opens, STAGE), (wants, RESOURCE)):
        rows = table.sum(axis=1)
        ends = sum(map(len, near)) + np.cumsum(rows)
        tables.append(table_of(dtype, near=ends - rows, near_end=ends))
        near.append(np.nonzero(table)[1])
    return lines, tables[0], tables[1], np.concatenate(near).astype(np.uint32)


def _groups(wants: np.ndarray, opens: np.ndarray, claims: np.ndarray) -> list[Ints]:
    """Lines of which each may go or not by the candidates of all, int64[m] each.

    Stages that share a resource with one that claims belong together. Budgets and stores count as
    well: whoever spends the last one lifts the claim of a truck that needs it.
    """
    if not claims.any():
        return []
    group = np.arange(len(claims))
    sharing = (wants.astype(np.int64) @ opens.T.astype(np.int64)) > 0
    for sharers in sharing:
        if claims[sharers].any():
            together = np.isin(group, group[sharers])
            group[together] = group[sharers].min()
    return [
        np.flatnonzero(opens[group == number].any(axis=0)) for number in np.unique(group[claims])
    ]

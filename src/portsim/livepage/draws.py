"""The trucks of one replication, packed small: who comes at which demand, when, and its work.

Stages and tokens of a truck follow from its pattern, the kinds of its visits in their order, so
that only the pattern's number, the arrival and the seconds of work are told of it. Columns are cut
into planes of bytes, the lowest first, and deflated: bytes that are all alike cost nothing.
"""

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.demand import Trucks
from portsim.engines.compiled.tables import Tables, tables_of
from portsim.livepage.shares import Luck
from portsim.plan import Plan, Site, Variants
from portsim.plan.contract import FITTING, SERVERS, Ways
from portsim.plan.interruptions import Interruptions
from portsim.plan.standing import standing
from portsim.scenario.model import Scenario

__all__ = ["STEPS", "Packed", "demand_scales", "pack", "planes"]

STEPS = tuple(range(50, 151, 5))
"""Per cent of the demand that can be chosen."""
_STATIC = ("kinds", "tokens", "lines", "near", "stages", "resources", "rising", "convoys")
"""Tables of the engine that are the same whatever is moved, but for columns of hours and staff."""
_NUMBERS = ("levels", "moody", "ranked")


@dataclass(frozen=True, slots=True)
class Packed:
    """A replication as the page holds it."""

    words: dict[str, Any]
    """JSON types: lengths, patterns and interruptions."""
    columns: list[list[Any]]
    """Of each column its name, rows and planes."""
    data: str
    """The columns and behind them the words, deflated, in base64."""

    @property
    def stages(self) -> set[int]:
        """Numbers of the stages that some truck may visit."""
        kinds = {kind for pattern in self.words["patterns"] for kind in pattern[2:]}
        return {self.words["kindStage"][kind] for kind in kinds.union(self.words["wayKinds"])}


def demand_scales(scenario: Scenario) -> list[float]:
    """The value of ``traffic.scale`` at each of `STEPS`."""
    return [round(scenario.traffic.scale * step / 100, 6) for step in STEPS]


def pack(
    scenario: Scenario,
    site: Site,
    replication: int,
    luck: Mapping[int, Luck] = MappingProxyType({}),
    variants: Mapping[int, Variants] = MappingProxyType({}),
) -> Packed:
    """Pack a replication.

    Args:
        scenario: the one of the page.
        site: its site in this replication, with the base trucks.
        replication: its number.
        luck: by class, that of its trucks in shares that can be moved,
        variants: and what they pass under these.
    """
    most = site.at(STEPS[-1] / 100)
    trucks = site.trucks
    came = np.flatnonzero(trucks.come(scenario, STEPS[-1] / 100))
    tables = tables_of(most, standing(most))
    group = np.full(len(trucks.cls), -1, dtype=np.int64)
    for number, of_class in variants.items():
        group[trucks.members(number)] = of_class.group
    pattern, patterns, reaches = _patterns(most, tables, group[came], variants)
    columns: dict[str, np.ndarray] = {
        "pattern": pattern,
        "arrives": np.diff(most.arrival, prepend=0),
        "step": _steps(scenario, trucks.scale[came], trucks.cls[came], trucks.class_names),
        "work": most.visit_work[np.argsort(most.visit_kind, kind="stable")],
    }
    columns |= _luck(trucks, came, luck)
    if tables.moody:
        columns |= {"patience": most.visit_patience + 1, "tolerance": most.visit_tolerance + 1}
    columns |= {
        f"table.{name}": np.frombuffer(getattr(tables, name).tobytes(), dtype=np.uint8)
        for name in _STATIC
    }
    if most.ways is not None:
        columns |= _choices(most.ways)
    broken = Interruptions(site.timetable, scenario.seed, replication)
    layout, stream = planes(columns)
    words = {
        "trucks": len(most.arrival),
        "visits": len(most.visit_kind),
        "patterns": patterns,
        "reaches": reaches,
        "kindStage": most.kind_stage.tolist(),
        "wayKinds": [] if most.ways is None else np.unique(most.ways.kind).tolist(),
        **_tokens(most),
        "numbers": {name: int(getattr(tables, name)) for name in _NUMBERS},
        "worth": int(max(1, tables.levels, tables.rising["value"].max(initial=1))),
        "closures": [[one.tolist() for one in rows] for rows in broken.closures()],
        "down": [[one.tolist() for one in rows] for rows in broken.breakdowns()],
    }
    stream += json.dumps(words, separators=(",", ":")).encode()
    return Packed(words, layout, base64.b64encode(zlib.compress(stream, 9)).decode())


def planes(columns: dict[str, np.ndarray]) -> tuple[list[list[Any]], bytes]:
    """Cut columns of whole numbers, 0 or more, into planes of bytes.

    Returns:
        Name, rows and number of planes of each column; and all planes one after the other.
    """
    layout: list[list[Any]] = []
    parts: list[bytes] = []
    for name, values in columns.items():
        wide = np.ascontiguousarray(values, dtype="<u8")
        count = max(1, (int(wide.max(initial=0)).bit_length() + 7) // 8)
        layout.append([name, len(wide), count])
        parts += [wide.view(np.uint8).reshape(-1, 8)[:, plane].tobytes() for plane in range(count)]
    return layout, b"".join(parts)


def _choices(ways: Ways) -> dict[str, np.ndarray]:
    """The visits with several ways, and their ways; rules less FITTING, to be 0 or more."""
    return {
        "choice.visit": np.diff(ways.visit, prepend=0),
        "choice.rule": ways.rule - FITTING,
        "choice.count": np.diff(ways.start),
        "way.kind": ways.kind,
        "way.work": ways.work,
    }


def _tokens(plan: Plan) -> dict[str, list[Any]]:
    """Of each kind of visit the servers it takes, and what it takes and gives of anything."""
    lists = zip(plan.kind_take, plan.kind_give_in, plan.kind_give_out, strict=True)
    servers, tokens = [], []
    for take, give_in, give_out in lists:
        taken, early, back = (dict(plan.tokens(int(one))) for one in (take, give_in, give_out))
        mine = [[r, n] for r, n in taken.items() if plan.resource_kind[r] == SERVERS]
        servers.append(mine)
        tokens.append(
            [
                [r, taken.get(r, 0) - early.get(r, 0), back.get(r, 0)]
                for r in sorted({*taken, *early, *back})
            ]
        )
    return {"kindServers": servers, "kindTokens": tokens}


def _steps(scenario: Scenario, scale: Reals, cls: Ints, names: tuple[str, ...]) -> Ints:
    """The first of `STEPS` at which each truck comes: int64[n]."""
    steps = np.zeros(len(scale), dtype=np.int64)
    for number, name in enumerate(names):
        own = np.array([s * scenario.traffic.classes[name].scale for s in demand_scales(scenario)])
        rows = cls == number
        steps[rows] = np.searchsorted(own, scale[rows], side="right")
    return steps


def _luck(trucks: Trucks, came: Ints, luck: Mapping[int, Luck]) -> dict[str, Ints]:
    """The luck of the trucks that come, truck by truck: of those with channels that, and of each
    step with a share that can be moved the first value with which they pass."""
    place = np.full(len(trucks.cls), -1, dtype=np.int64)
    place[came] = np.arange(len(came))
    channel, rows, steps = np.full(len(came), -1, dtype=np.int64), [], []
    for number, of in luck.items():
        members = trucks.members(number)
        comes = place[members] >= 0
        mine = place[members][comes]
        if len(of.channel):
            channel[mine] = of.channel[comes]
        rows.append(np.repeat(mine, of.steps.shape[1]))
        steps.append(of.steps[comes].ravel())
    if not luck:
        return {}
    order = np.argsort(np.concatenate(rows), kind="stable")
    return {"luck.channel": channel[channel >= 0], "luck.steps": np.concatenate(steps)[order]}


def _patterns(
    plan: Plan, tables: Tables, group: Ints, variants: Mapping[int, Variants]
) -> tuple[Ints, list[list[int]], dict[int, dict[str, Any]]]:
    """Pattern of each truck, int64[n]; class, level and kinds of visits of each pattern; and of
    those patterns of which not all is passed under all shares, the legs that they drive at most,
    and for all that they may drive, these summed up as bits, the pattern that it is."""
    context = plan.context
    assert context is not None
    known: dict[tuple[int, ...], int] = {}
    first, kinds = plan.first_visit.tolist(), plan.visit_kind.tolist()
    levels = tables.trucks["level"].tolist()
    heads = zip(context.truck_class.tolist(), levels, group.tolist(), strict=False)
    rows = [
        known.setdefault((*head, *kinds[first[row] : first[row + 1]]), len(known))
        for row, head in enumerate(heads)
    ]
    reaches: dict[int, dict[str, Any]] = {}
    for (cls, level, of_group, *_), number in list(known.items()):
        if of_group < 0:
            continue
        cases = variants[cls].kinds[of_group]
        reaches[number] = {
            "legs": list(variants[cls].legs[of_group]),
            "of": {
                str(sum(1 << leg for leg in legs)): known.setdefault(
                    (cls, level, -1, *kinds_of), len(known)
                )
                for legs, kinds_of in cases.items()
            },
        }
    patterns = [[cls, level, *kinds_of] for cls, level, _, *kinds_of in known]
    return np.array(rows, dtype=np.int64), patterns, reaches

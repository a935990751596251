"""What the pictures ask of a result folder: policies, estimates, curves and local dates."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from portsim.figures import text_layout
from portsim.figures.difference import Difference, differences_of
from portsim.results import Record
from portsim.results.called import group_called, place_called
from portsim.results.directions import directions
from portsim.results.findings import demand_limited, trucks_sentence
from portsim.results.port_remarks import promise_sentence, promise_text
from portsim.results.shown import shown, shown_names
from portsim.scenario.figure_notes import AT_LEAST, OVERLOADED, noted
from portsim.scenario.measure_catalogue import named
from portsim.wording import direction, later, say

Floats = npt.NDArray[np.float64]
Dates = npt.NDArray[np.datetime64]

_LONG = 62
_BEIJING = {"Asia/Shanghai": later("Beijing time"), "Asia/Urumqi": later("Xinjiang time")}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; without one (``nan``) after a single replication."""

    mean: float
    low: float = math.nan
    high: float = math.nan
    note: str = ""

    @property
    def sure(self) -> bool:
        """Whether there is an interval: not of one replication, nor of values all alike."""
        return math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high

    @property
    def at_least(self) -> bool:
        """Whether the true figure may be larger: some trucks were still inside at the end."""
        return noted(self.note, AT_LEAST)

    @property
    def alike(self) -> bool:
        """Whether the figure was the same in every one of several replications."""
        return math.isfinite(self.low) and self.low == self.high


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve with the spread of the replications: ``bands`` has q05, q25, q50, q75, q95."""

    x: Floats
    mean: Floats
    bands: Floats
    replications: int

    @property
    def spread(self) -> bool:
        """Whether there is more than one replication to spread."""
        return self.replications > 1


@dataclass(frozen=True)
class Policy:
    """One scenario of the folder, as the manifest names it."""

    name: str
    label: str
    overloaded: bool
    entry: Mapping[str, Any] = field(repr=False)

    @cached_property
    def zone(self) -> str:
        """The IANA name of the port's own zone."""
        return str(self._period.get("timezone") or "UTC")

    @property
    def clock(self) -> str:
        """The port's zone in words."""
        known = _BEIJING.get(self.zone)
        return say(known) if known else say("{zone} time", zone=self.zone)

    @property
    def limit(self) -> float:
        """Hours within which a truck is promised to be out; ``nan`` if not promised."""
        limit = self.entry.get("limit_h")
        return float(limit) if limit is not None else math.nan

    @property
    def promise(self) -> tuple[float | None, str]:
        """What its on-time share is of: hours, and when their clock starts."""
        return self.entry.get("limit_h"), str(self.entry.get("clock") or "")

    @cached_property
    def start(self) -> datetime | None:
        """First instant of the period, or None if the manifest does not say."""
        return self._instant("from")

    @cached_property
    def ends(self) -> datetime | None:
        """The instant at which the period is over, or None if the manifest does not say."""
        return self._instant("to")

    def _instant(self, key: str) -> datetime | None:
        text = self._period.get(key)
        if not text:
            return None
        instant = datetime.fromisoformat(str(text))
        zone = ZoneInfo(self.zone)
        return instant.astimezone(zone) if instant.tzinfo else instant.replace(tzinfo=zone)

    def dates(self, hours: Floats) -> Dates:
        """Local wall-clock instants ``hours`` after the start of the period."""
        if self.start is None:
            raise ValueError(f"{self.name}: no period in the manifest")
        seconds = np.round(hours * 3600).astype("timedelta64[s]")
        instants = pd.DatetimeIndex(np.datetime64(int(self.start.timestamp()), "s") + seconds)
        local = instants.tz_localize("UTC").tz_convert(ZoneInfo(self.zone)).tz_localize(None)
        return local.to_numpy().astype("datetime64[s]")

    @property
    def role(self) -> str:
        """What it is among others: ``today``, ``candidate`` or ``bound``."""
        return str((self.entry.get("resolved") or {}).get("role") or "candidate")

    @property
    def bound(self) -> bool:
        """Whether nobody plans it: it shows what could be had at most."""
        return self.role == "bound"

    @property
    def capacity(self) -> Mapping[str, Any]:
        """What the manifest says of its capacity; empty where it was not looked for."""
        return self.entry.get("capacity") or {}

    @property
    def _period(self) -> Mapping[str, Any]:
        return self.entry.get("period") or {}


class Study:
    """The record of a run or a comparison, asked by name; in the language that is spoken when it is
    made. Its policies are named as people call them; ``names`` has that by their own names.
    """

    def __init__(self, record: Record) -> None:
        self.names = shown_names(record.manifest)
        record = shown(record)
        summary = record.tables["summary"]
        self.manifest = record.manifest
        self.comparison = record.tables.get("comparison")
        self.observed = record.tables.get("observed")
        self.uncertainty = record.tables.get("uncertainty")
        self.baseline = record.manifest.baseline or ""
        self.summary = summary
        port = summary[summary["truck_class"].eq("all") & summary["place"].eq("")]
        port = port[~port["measure"].str.contains("[", regex=False)]
        over = port["note"].map(lambda note: noted(note, OVERLOADED))
        overloaded = set(port.loc[over, "scenario"])
        self.policies = [
            Policy(
                name=entry.name,
                label=text_layout.drawable(entry.name, say("policy {number}", number=number)),
                overloaded=entry.name in overloaded or entry.overloaded,
                entry={part.name: getattr(entry, part.name) for part in fields(entry)},
            )
            for number, entry in enumerate(record.manifest.scenarios, start=1)
        ]
        columns = [
            summary[key].astype(str) for key in ("scenario", "truck_class", "place", "measure")
        ]
        keys = zip(*columns, strict=True)
        figures = summary[["mean", "ci_low", "ci_high"]].astype(float).to_numpy()
        notes = summary["note"].astype(str)
        self._estimates = {
            key: Estimate(float(row[0]), float(row[1]), float(row[2]), note)
            for key, row, note in zip(keys, figures, notes, strict=True)
        }
        self._months: dict[tuple[str, str], dict[str, Estimate]] = {}
        whole = ((key, estimate) for key, estimate in self._estimates.items() if not key[2])
        for (name, kind, _, measure), estimate in sorted(whole, key=lambda pair: pair[0]):
            written = named(measure)
            if kind == "all" and written.month and math.isfinite(estimate.mean):
                self._months.setdefault((name, written.base), {})[written.month] = estimate
        curves = record.tables["curves"]
        self._curves = curves[curves["truck_class"] == "all"].reset_index(drop=True)
        self._rows = self._curves.groupby(["scenario", "curve", "place"], observed=True).indices

    @property
    def base(self) -> Policy:
        """The baseline, else the first policy."""
        return next((p for p in self.policies if p.name == self.baseline), self.policies[0])

    @property
    def directions(self) -> dict[str, str]:
        """What the directions in which classes go are called, by name, in the order of the alphabet
        of these; the word for one of which policies say several things.
        """
        said: dict[str, set[str]] = {}
        for policy in self.policies:
            for way, text in directions(policy.entry.get("resolved") or {}).items():
                said.setdefault(way, set()).add(text)
        return {
            way: texts.pop() if len(texts) == 1 else direction(way)
            for way, texts in sorted(said.items())
        }

    def estimate(
        self, policy: Policy, measure: str, place: str = "", kind: str = "all"
    ) -> Estimate | None:
        """The figure ``measure`` of the class ``kind`` at ``place``, or None if it is not there."""
        estimate = self._estimates.get((policy.name, kind, place, measure))
        return estimate if estimate is not None and math.isfinite(estimate.mean) else None

    @cached_property
    def _differences(self) -> dict[tuple[str, str], Difference]:
        return differences_of(self.comparison)

    def difference(self, policy: Policy, measure: str) -> Difference | None:
        """How far ``policy`` lies from the baseline, or None if that was not compared."""
        return self._differences.get((policy.name, measure))

    def demand_limited(self, policy: Policy) -> bool:
        """Whether the trucks that came were the limit under a policy, and not the port."""
        means = {
            key[3]: estimate.mean
            for key, estimate in self._estimates.items()
            if key[:3] == (policy.name, "all", "")
        }
        return demand_limited(means, overloaded=policy.overloaded)

    def months(self, policy: Policy, measure: str) -> dict[str, Estimate]:
        """The figure ``measure`` of each calendar month, keyed ``2024-09``, in order."""
        return self._months.get((policy.name, measure), {})

    def policy(self, name: str) -> str:
        """The label of the policy ``name``, else its name."""
        return next((policy.label for policy in self.policies if policy.name == name), name)

    def place(self, name: str) -> str:
        """What the scenarios call the stage or resource ``name``, else its name."""
        return place_called(self.manifest)(name)

    def kind(self, name: str) -> str:
        """What the scenarios call the class of trucks or the direction ``name``, else its name."""
        return group_called(self.manifest)(name)

    def curve(self, policy: Policy, name: str, place: str = "") -> Curve | None:
        """The curve ``name`` of all trucks at ``place``, or None if it is not there."""
        rows = self._rows.get((policy.name, name, place))
        if rows is None or not len(rows):
            return None
        frame = self._curves.iloc[rows].dropna(subset=["mean"]).sort_values("x", kind="stable")
        if frame.empty:
            return None
        bands = frame[["q05", "q25", "q50", "q75", "q95"]].to_numpy(dtype=np.float64)
        return Curve(
            x=frame["x"].to_numpy(dtype=np.float64),
            mean=frame["mean"].to_numpy(dtype=np.float64),
            bands=bands,
            replications=int(frame["replications"].max()),
        )

    def dated(
        self, policy: Policy, name: str, *, last: bool = False, whole: bool = False
    ) -> tuple[Dates, Curve] | None:
        """A curve over the period with local dates; daily means if it is long.

        ``last`` takes each day's last value instead, ``whole`` keeps the hours.
        """
        curve = self.curve(policy, name)
        if curve is None or policy.start is None:
            return None
        dates = policy.dates(curve.x)
        if whole or dates[-1] - dates[0] <= np.timedelta64(_LONG, "D"):
            return dates, curve
        instants = dates - np.timedelta64(1, "s") if last else dates
        days, first = np.unique(instants.astype("datetime64[D]"), return_index=True)
        everything = np.column_stack([curve.mean, curve.bands])
        ends = np.append(first[1:], len(instants))
        if last:
            daily = everything[ends - 1]
            shown = (days + np.timedelta64(1, "D")).astype("datetime64[s]")
        else:
            daily = np.add.reduceat(everything, first, axis=0) / (ends - first)[:, None]
            shown = days.astype("datetime64[s]") + np.timedelta64(12, "h")
        return shown, Curve(curve.x[first], daily[:, 0], daily[:, 1:], curve.replications)

    def long(self, policy: Policy) -> bool:
        """Whether curves over the period are thinned to days."""
        curve = self.curve(policy, "queue")
        return curve is not None and (curve.x[-1] - curve.x[0]) / 24 > _LONG

    @property
    def trucks_note(self) -> str:
        """One sentence for captions on whether all policies met the same trucks; nothing where it
        is not known, or there is one policy.
        """
        return trucks_sentence(self.manifest, self.policy)

    @property
    def limit(self) -> float:
        """Hours promised by every policy alike; ``nan`` where promises differ, or are none."""
        hours, _ = self.policies[0].promise
        alike = len({policy.promise for policy in self.policies}) == 1
        return hours if alike and hours is not None else math.nan

    @property
    def limit_text(self) -> str:
        """The promise in words: ``24 h``."""
        return promise_text(self.limit)

    @property
    def from_arrival(self) -> bool:
        """Whether the clock of every promise starts at the arrival."""
        return {policy.promise[1] for policy in self.policies} <= {"", "arrival"}

    @property
    def promise_note(self) -> str:
        """One sentence on promises that differ, or whose clock does not start at the arrival."""
        return promise_sentence(self.manifest.scenarios, self.policy)

    @property
    def overload_note(self) -> str:
        """One sentence for captions naming what overload means, or nothing."""
        count = sum(policy.overloaded for policy in self.policies)
        if not count:
            return ""
        return say(
            "Overloaded: for a time at least, the demand reaches or exceeds what can be given, so"
            " the figures depend on how long the period is and hold for this one only."
        )

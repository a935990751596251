"""A known port as one thing: its truth, its trucks as they came and as they would have come.

What stands in its files and what is wrong with it is made elsewhere.
"""

import datetime as dt
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from known_ports import files, truths
from known_ports import trucks as luck
from known_ports.dirt import soiled
from known_ports.hours import second, servers, with_more
from known_ports.sweep import sweep

OWN = 0
"""The draw that the log is of."""
_AFTER_DAYS = 200
"""Servers go on so long after the last truck has come: an overloaded port has a long tail."""


class Port:
    """A port whose truth is known.

    Attributes:
        truth: plain values. ``stages``: each with its name, ``servers`` (list of ``{count, hours:
            {weekday: [[from, to], ...]}}``, Monday = "0", hours of the local clock), ``at_close``
            (finish or pause), ``work`` and ``share`` by class or for "*", and ``stamps``: which of
            queue, start and end the log has. ``step``: a date from which the servers of a stage are
            others, or None. ``arrivals``: ``rate`` (trucks a day) × ``week`` × ``month``, weights
            by ``hour``, ``day_cv``. ``classes``: their shares. ``load``: asked over given hours of
            a week. ``policies``: arguments of `simulate` that are worth a question. ``log``:
            how it is written, whether it was ``closed_at_end`` (what happened later is not in it).
            ``dirt``, once `dirty` or `log` was asked for: see `known_ports.dirt.soiled`;
            ``unfinished``: trucks that the end of the log cuts.
    """

    def __init__(self, truth: Mapping[str, Any]) -> None:
        self.truth = dict(truth)

    @property
    def zone(self) -> ZoneInfo:
        """Of the local clock."""
        return ZoneInfo(self.truth["timezone"])

    @property
    def span(self) -> tuple[float, float]:
        """First second of the log and of the day after it, UTC epoch."""
        first, last = (dt.date.fromisoformat(self.truth["period"][end]) for end in ("from", "to"))
        return second(first, 0, self.zone), second(last + dt.timedelta(days=1), 0, self.zone)

    def simulate(
        self,
        seed: int,
        servers_more: Mapping[str, int] | None = None,
        hours_more: Mapping[str, float] | None = None,
        warm_up: bool = False,
    ) -> pd.DataFrame:
        """One period of the port, without any dirt, every truck followed until it is out.

        Args:
            seed: of the draw; 0 is the one that the log is of. The same trucks with the same luck
                come under every policy.
            servers_more: servers more (or fewer) by stage, in its first group and for all dates.
            hours_more: hours more by stage at the end of each day, for those who work until then;
                not beyond midnight.
            warm_up: those that came before the period as well, with numbers of their own.

        Returns:
            A row a truck that came in the period, in order: ``truck`` (int64), ``truck_class``,
            ``arrival``, ``<stage> queue``, ``<stage> start``, ``<stage> end`` (float64, UTC epoch
            seconds; NaN where it does not pass), ``released`` and ``stay_h`` (infinite where
            the servers have gone home for good).
        """
        first, last = (dt.date.fromisoformat(self.truth["period"][end]) for end in ("from", "to"))
        early = first - dt.timedelta(days=self.truth["warm_up_days"])
        dates = [early + dt.timedelta(days=n) for n in range((last - early).days + 1)]
        open_dates = dates + [last + dt.timedelta(days=n + 1) for n in range(_AFTER_DAYS)]
        arrival = luck.arrivals(self.truth, dates, seed)
        cls = luck.classes(self.truth, len(arrival), seed)
        columns: dict[str, Any] = {
            "truck_class": np.array(list(self.truth["classes"]), dtype=object)[cls],
            "arrival": arrival,
        }
        now = arrival.copy()
        for number, stage in enumerate(self.truth["stages"]):
            name = stage["stage"]
            passes, work = luck.at_stage(self.truth, number, cls, seed)
            spans = self._servers(
                stage,
                open_dates,
                (servers_more or {}).get(name, 0),
                (hours_more or {}).get(name, 0),
            )
            queue, start, end = (np.full(len(now), np.nan) for _ in range(3))
            queue[passes] = now[passes]
            start[passes], end[passes] = sweep(
                now[passes], work[passes], spans, stage["at_close"] == "pause"
            )
            now = np.where(passes, end, now)
            columns |= {f"{name} queue": queue, f"{name} start": start, f"{name} end": end}
        columns |= {"released": now, "stay_h": (now - arrival) / 3600}
        frame = pd.DataFrame(columns)
        if not warm_up:
            frame = frame[frame["arrival"] >= self.span[0]].reset_index(drop=True)
        frame.insert(0, "truck", np.arange(len(frame), dtype=np.int64))
        return frame

    def _servers(self, stage: Mapping[str, Any], dates: list[dt.date], more: int, hours: float):
        step = self.truth["step"]
        changed = date = None
        if step is not None and step["stage"] == stage["stage"]:
            changed = with_more(step["servers"], more, hours)
            date = dt.date.fromisoformat(step["date"])
        groups = with_more(stage["servers"], more, hours)
        return servers(groups, changed, date, dates, self.zone)

    @cached_property
    def whole(self) -> pd.DataFrame:
        """The trucks of the log, as `simulate` gives them."""
        return self.simulate(OWN)

    def clean(self, exact: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The log as it was recorded, before any dirt came into it.

        Args:
            exact: seconds as they were, not cut to the minute or second that is stamped.

        Returns:
            Trucks: ``truck`` (int64), ``truck_class``, ``arrival``; and visits in the order of
            trucks and stages: ``truck``, ``stage``, ``queue``, ``start``, ``end``. Times are UTC
            epoch seconds, float64, NaN where the log has no such stamp, and where it was closed
            before that happened.
        """
        whole, log = self.whole, self.truth["log"]
        stop = self.span[1] if log["closed_at_end"] else np.inf
        grain = 0 if exact else 60 if log["stamps"] == "minute" else 1

        def stamped(values: pd.Series) -> np.ndarray:
            seconds = values.to_numpy(dtype=float)
            cut = seconds if not grain else np.floor(seconds / grain) * grain
            return np.where((seconds < stop) & np.isfinite(seconds), cut, np.nan)

        trucks = whole[["truck", "truck_class"]].assign(arrival=stamped(whole["arrival"]))
        parts = []
        for number, stage in enumerate(self.truth["stages"]):
            name = stage["stage"]
            here = whole[whole[f"{name} queue"].notna()]
            part = pd.DataFrame({"truck": here["truck"], "number": number, "stage": name})
            for stamp in ("queue", "start", "end"):
                there = stage["stamps"][stamp]
                part[stamp] = stamped(here[f"{name} {stamp}"]) if there else np.nan
            parts.append(part[part[["queue", "start", "end"]].notna().any(axis=1)])
        visits = pd.concat(parts).sort_values(["truck", "number"], ignore_index=True)
        return trucks, visits.drop(columns="number")

    @cached_property
    def dirty(self) -> pd.DataFrame:
        """The log with all its dirt, a row a line of a file that has a row a truck.

        Columns: ``truck``, ``plate``, ``truck_class``, and ``arrival`` and ``<stage>
        queue|start|end`` as far as they are stamped, UTC epoch seconds. Making it enters the
        amounts of each kind of dirt in the truth.
        """
        trucks, visits = self.clean()
        rng = np.random.default_rng([self.truth["seed"], 2])
        table = trucks.set_index("truck")
        table.insert(0, "plate", _plates(len(table), rng))
        for stage in self.truth["stages"]:
            here = visits[visits["stage"] == stage["stage"]].set_index("truck")
            for stamp, there in stage["stamps"].items():
                if there:
                    table[f"{stage['stage']} {stamp}"] = here[stamp]
        missing = int((self.whole["released"] >= self.span[1]).sum())
        rows, done = soiled(table.reset_index(), self.truth, rng)
        if self.truth["log"]["closed_at_end"]:
            done["unfinished"] = missing
        self.truth["dirt"] = done
        self.truth["log"]["columns"] = {
            name: files.header(name, self.truth["log"]["language"])
            for name in rows.columns if name != "truck"
        }  # fmt: skip
        return rows

    def log(self, kind: str, folder: Path) -> Path:
        """Write the log, with its dirt, and the truth beside it.

        Args:
            kind: ``csv`` (a row a truck), ``events`` (CSV, a row an event), ``xes`` or ``xlsx``.
                The truth's own choice is ``truth["log"]["kind"]``; the others say the same.
            folder: where to; it is made if it does not exist.

        Returns:
            The file. ``truth.json`` beside it says what is in it.
        """
        rows = self.dirty
        folder.mkdir(parents=True, exist_ok=True)
        write, name = {
            "csv": (files.write_rows, "gate.csv"),
            "events": (files.write_events, "events.csv"),
            "xes": (files.write_xes, "log.xes.gz" if self.truth["log"]["gzip"] else "log.xes"),
            "xlsx": (files.write_sheet, "gate.xlsx"),
        }[kind]
        text = json.dumps(self.truth, ensure_ascii=False, indent=1)
        (folder / "truth.json").write_text(text + "\n", encoding="utf-8")
        return write(rows, self.truth, folder / name)


def _plates(count: int, rng: np.random.Generator) -> list[str]:
    """One for each truck: three digits, a letter, four digits."""
    numbers = rng.choice(26 * 10**7, count, replace=False).tolist()
    return [f"{n // 26 // 10**4:03d}{chr(65 + n % 26)}{n // 26 % 10**4:04d}" for n in numbers]


KINDS = ("csv", "events", "xes", "xlsx")


def known_port(seed: int) -> Port:
    """A random port; the same for the same seed."""
    truth = truths.draw(seed)
    rng = np.random.default_rng([seed, 1])
    truth["log"] = {
        "kind": str(rng.choice(KINDS)),
        "stamps": str(rng.choice(["minute", "minute", "second"])),
        "closed_at_end": bool(rng.random() < 0.5),
        **files.form(rng),
    }
    return Port(truth)

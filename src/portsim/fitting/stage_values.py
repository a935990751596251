"""What is told of the stages: hours, servers and work times, as a person would write them.

Each stage leaves its calendars, its servers and its work times as plain values; nothing is
estimated here.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from portsim.arrays import Reals
from portsim.fitting.calendars import levels
from portsim.fitting.closings import AtClose
from portsim.fitting.cut_works import CutWorks
from portsim.fitting.goodness import Goodness, judged
from portsim.fitting.in_keeping import SURE_SLOTS
from portsim.fitting.means import law_of, mean_of
from portsim.fitting.order import Order
from portsim.fitting.roster import Roster
from portsim.fitting.sheet import Sheet
from portsim.fitting.weeks import SLOT_S, Span
from portsim.fitting.work import Law
from portsim.scenario.clock import DAYS
from portsim.scenario.value_text import spelt_time
from portsim.wording import days as weekdays
from portsim.wording import say

__all__ = ["FEW", "StageTold", "StageWriter"]

_FOLLOWS = 0.8
FEW = 30
"""Works of a class before it has a law of its own."""
_NOTABLE = 1.02
_TWO_CREWS = 144
"""Slots of as many servers, that is twelve hours, in which one crew may relieve another."""
_CREWS = "crews that relieve each other and are as many cannot be told"
_CENSUS = "servers by the likelihood of the works they imply, first come first served"


@dataclass(frozen=True, slots=True, eq=False)
class StageTold:
    """What is told of a stage."""

    name: str
    """Its name in the scenario."""
    rosters: tuple[Roster, ...]
    """Hours and servers; empty where the log cannot tell."""
    works: Reals
    """float64[n], work times in seconds."""
    classes: np.ndarray
    """int64[n], class of each."""
    opened: np.ndarray
    """bool[n], which began in the second of an opening."""
    others: Mapping[int, Reals]
    """The works with so many servers more or fewer, where they fit alike; NaN where none can be."""
    order: Order
    """How far it is first come first served."""
    stamped: bool
    """Whether starts are stamped."""
    cut: CutWorks
    """Works whose end was not seen."""
    at_close: AtClose | None
    """What becomes of work at closing; None where the log cannot tell hours."""

    @property
    def closed(self) -> tuple[dt.date, ...]:
        """Dates on which it was closed though its weekday is open."""
        return tuple(
            date
            for roster in self.rosters
            for date, pattern in sorted(roster.exceptions.items())
            if not pattern
        )

    def judged(self, law: Law, number: int | None = None, *, named: bool) -> tuple[Law, Goodness]:
        """A law held against the works, of a class or of all: see `judged`."""
        own = np.full(len(self.works), True) if number is None else self.classes == number
        return judged(law, self.works[own], self.rosters[0].evidence.step, named=named)

    def apart(self) -> bool:
        """Whether some two classes surely have other mean works, by more than two in a hundred."""
        if not self.rosters:
            return False
        limits = [
            self.law(number)[2]["mean"]
            for number in np.unique(self.classes).tolist()
            if np.count_nonzero(self.classes == number) >= FEW
        ]
        if not limits:
            return False
        return max(low for low, _ in limits) > _NOTABLE * min(high for _, high in limits)

    def law(self, number: int | None = None) -> tuple[Law, int, dict[str, tuple[float, float]]]:
        """The work time, of a class or of all: see `means.law_of`."""
        own = np.full(len(self.works), True) if number is None else self.classes == number
        cut = self.cut.seconds if number is None else self.cut.seconds[self.cut.classes == number]
        step = self.rosters[0].evidence.step
        law, n, limits = law_of(
            self.works[own], self.opened[own], step, stamped=self.stamped, cut=cut
        )
        # Who does not know the servers does not know the works that go with them.
        every = [limits["mean"], *(between for _, between, _ in self.pairs(own).values())]
        low, high = zip(*every, strict=True)
        return law, n, {**limits, "mean": (min(low), max(high))}

    def pairs(
        self, own: np.ndarray | None = None
    ) -> dict[int, tuple[float, tuple[float, float], int]]:
        """Mean work and its 95 % interval with other servers that fit alike, by how many more."""
        told = {}
        for more, works in self.others.items():
            there = np.isfinite(works) if own is None else np.isfinite(works) & own
            if there.any():
                step = self.rosters[0].evidence.step
                told[more] = mean_of(works[there], self.opened[there], step, stamped=False)
        return told

    def sentences(self) -> list[str]:
        """Hours, servers and work of the stage, a line a roster and group of weekdays."""
        if not self.rosters or not len(self.works):
            return [say("{name}: too few stamps to tell hours, servers or work", name=self.name)]
        lines = []
        for roster in self.rosters:
            for days in roster.groups():
                pattern = roster.week[days[0]]
                hours = ", ".join(
                    _served(span) + _how_surely(roster, days[0], span) for span in pattern
                )
                since = ""
                if roster is not self.rosters[0]:
                    since = say(" from {date}", date=roster.first)
                week = say("daily")
                if len(days) < len(DAYS):
                    week = ", ".join(weekdays()[day] for day in days)
                lines.append(f"{self.name}{since}, {week}: {hours}")
        law, n, _ = self.law()
        work = say(
            "{name}: work {mean} min, cv {cv} ({family}, n = {n})",
            name=self.name,
            mean=format(law.mean / 60, ".1f"),
            cv=format(law.cv, ".2f"),
            family=law.family,
            n=format(n, ","),
        )
        lines.append(work + _at_closing(self.at_close))
        return lines


def _at_closing(told: AtClose | None) -> str:
    """Behind the work: what becomes of it at closing, as far as the log tells."""
    if told is None or not told.closes:
        return ""
    if told.identifiable == "no":
        return say("; whether what is begun is finished or rests at closing, no work tells")
    doubt = "" if told.identifiable == "yes" else say(" (not surely told)")
    if told.pauses:
        return say("; what is begun rests at closing") + doubt
    return say("; what is begun is finished at closing") + doubt


def _hours(span: Span) -> str:
    return f"{spelt_time(span.begin * SLOT_S)}-{spelt_time(span.end * SLOT_S)}"


def _served(span: Span) -> str:
    """The hours of a span, and how many servers there are."""
    if span.servers == 1:
        return say("{hours} 1 server", hours=_hours(span))
    return say("{hours} {count} servers", hours=_hours(span), count=span.servers)


def _how_surely(roster: Roster, day: int, span: Span) -> str:
    """Behind the servers of a span: in which hours they are surely told, if not in all of it."""
    if roster.surely(day, span):
        return ""
    sure = [
        _hours(part)
        for part in roster.parts(day)
        if span.begin <= part.begin < span.end and roster.counted[day, part].sure
    ]
    if not sure:
        return say(" (not surely told)")
    return say(" (surely at {hours})", hours=", ".join(sure))


class StageWriter:
    """Writes stages on a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        """No stage yet."""
        self._sheet = sheet
        self.values: dict[str, dict[str, Any]] = {"calendars": {}, "resources": {}, "stages": {}}
        """Calendars, resources and stages as a file says them."""

    def write(self, told: StageTold, stage: str, *, missing: int, given: bool) -> None:
        """Write a stage of the log.

        Args:
            told: what is told of it.
            stage: its name in the log.
            missing: visits that say nothing.
            given: whether its servers were not told but given.
        """
        path = f"stages.{told.name}"
        if missing:
            n = sum(len(roster.evidence.queue) for roster in told.rosters)
            filled = any(roster.filled for roster in told.rosters)
            self._sheet.row(
                path, missing, "", "", "visits",
                "filled in: a stamp is missing" if filled else "left out: a stamp is missing", n,
                "yes",
                "their server is taken to be busy for a usual work" if filled else
                "their server looks idle, so works may seem longer",
            )  # fmt: skip
        if not told.rosters or not len(told.works):
            self._untold(told, stage)
            return
        shifts = []
        for level in levels(told.rosters):
            calendar = told.name if level.first == 1 else f"{told.name}-{level.first}"
            self.values["calendars"][calendar] = level.calendar
            shifts.append({"calendar": calendar, "count": self._count(told, level.count, given)})
        resource = f"{told.name}-servers"
        self.values["resources"][resource] = (
            {"capacity": shifts[0]["count"], "calendar": told.name}
            if len(shifts) == 1
            else {"roster": shifts}
        )
        self._told_rosters(told, resource, given=given)
        self._told_order(told)
        if not given:
            self._told_pairs(told, stage)
        law, n, limits = told.law()
        # Works of classes that differ are a mixture, of which each class has its part in its route.
        law, goodness = told.judged(law, named=told.apart())
        self.values["stages"][told.name] = {
            **_labelled(told.name, stage),
            "takes": {resource: 1},
            "hours": told.name,
            "at_close": self._at_close(told, path),
            "time": self._sheet.law(f"{path}.time", law, n, limits, told.stamped, goodness),
        }

    def _at_close(self, told: StageTold, path: str) -> Any:
        """What becomes of work at closing, with its row; a stage that never closes has none."""
        each = told.at_close
        if each is None or not each.closes:
            return "finish"
        value = "pause" if each.pauses else "finish"
        counted = f"{each.ended:,} ended while closed, {each.rested:,} after the next opening"
        note = {
            "yes": counted,
            "partly": f"{counted}: too few to be sure",
            "no": f"assumed: {counted}, and with other hours they fit the other rule as well"
            if each.works
            else "assumed: no work reaches over a closing",
        }[each.identifiable]
        self._sheet.row(
            f"{path}.at_close", value, "", "", "",
            "works begun before a closing and ended after it, held against both rules",
            each.works, each.identifiable, note,
        )  # fmt: skip
        if each.identifiable == "no":
            return {"value": value, "source": note, "confidence": "E"}
        mark = "A" if told.stamped and each.identifiable == "yes" else "D"
        return self._sheet.value(value, None, each.works, mark)

    def _count(self, told: StageTold, count: int, given: bool) -> dict[str, Any]:
        n = sum(len(roster.evidence.queue) for roster in told.rosters)
        away = [
            (each.low - part.servers, each.high - part.servers)
            for roster in told.rosters
            for part, each in roster.unsure()
        ]
        if given or not away:
            return self._sheet.value(count, None, n, "D", "uniform")
        limits = [max(count + min(low for low, _ in away), 1), count + max(h for _, h in away)]
        return self._sheet.value(
            count, limits if limits[0] < limits[1] else None, n, "D", "uniform"
        )

    def _told_rosters(self, told: StageTold, resource: str, *, given: bool) -> None:
        for roster in told.rosters:
            since = f" from {roster.first}" if roster is not told.rosters[0] else ""
            shut = [day for day, pattern in enumerate(roster.week) if not pattern]
            n = len(roster.evidence.queue)
            for date, hours in sorted(roster.exceptions.items()):
                if hours and roster.week[date.weekday()]:
                    self._sheet.row(
                        f"calendars.{told.name}[{date}]", "other hours", "", "", "",
                        "works are likelier so", n, "partly",
                        "its hours were others on this date, or its clock was off",
                    )  # fmt: skip
                    continue
                self._sheet.row(
                    f"calendars.{told.name}[{date}]", "open" if hours else "closed", "", "", "",
                    "works end on it" if hours else "no work ends, though trucks wait", n, "yes",
                    "closed on other such weekdays" if hours else "open on other such weekdays",
                )  # fmt: skip
            for days in sorted([*roster.groups(), *([shut] if shut else [])]):
                pattern = roster.week[days[0]]
                name = ", ".join(DAYS[day] for day in days)
                if not pattern:
                    seen = roster.visited.issuperset(days)
                    self._sheet.row(f"calendars.{told.name}.hours[{name}]{since}", "closed", "",
                                    "", "", "no work begins", n, "yes" if seen else "no",
                                    "" if seen else "nobody stood before it then")  # fmt: skip
                edges = [edge for span in pattern for edge in span[:2]]
                for span in pattern:
                    for word, edge in (("opens", span.begin), ("closes", span.end)):
                        if edges.count(edge) > 1:
                            # Only the servers change there.
                            continue
                        low, high = roster.limits.get((days[0], edge), (edge, edge))
                        self._sheet.row(
                            f"calendars.{told.name}.hours[{name}].{word}{since}",
                            spelt_time(edge * SLOT_S), spelt_time(low * SLOT_S),
                            spelt_time(high * SLOT_S), "local time",
                            "likelihood of the works that hours imply", n,
                            "yes" if high - low <= SURE_SLOTS else "partly",
                            "" if high - low <= SURE_SLOTS else "no truck tells of the rest: as on "
                            "other weekdays or at other stages where they tell, or at a half hour",
                        )  # fmt: skip
                for span in roster.parts(days[0]):
                    counted = roster.counted[days[0], span]
                    strange = roster.follows < _FOLLOWS
                    self._sheet.row(
                        f"resources.{resource}[{name} {spelt_time(span.begin * SLOT_S)}-"
                        f"{spelt_time(span.end * SLOT_S)}]{since}",
                        span.servers, counted.low, "" if counted.open_end else counted.high,
                        "servers", "given" if given else _CENSUS, n,
                        "no" if strange or counted.open_end else
                        "yes" if counted.sure else "partly",
                        "given with --servers" if given else
                        f"only {roster.follows:.0%} of the works are as first come first served "
                        "tells: say --servers if you know" if strange else
                        "more fit alike: say --servers if you know" if counted.open_end else
                        _CREWS if span.end - span.begin >= _TWO_CREWS else "",
                    )  # fmt: skip

    def _told_order(self, told: StageTold) -> None:
        order = told.order
        if not order.n:
            return
        from scipy.stats import binomtest  # noqa: PLC0415 - slow to load

        share = binomtest(order.overtaking, order.n).proportion_ci(method="wilson")
        self._sheet.row(
            f"stages.{told.name}.order", f"{order.overtaking / order.n:.4f}", f"{share.low:.4f}",
            f"{share.high:.4f}", "share that overtakes",
            "starts held against the queue" if told.stamped else
            "works over before first come first served could begin them", order.n,
            "yes" if told.stamped or not order.note else "partly",
            order.note or "first come first served",
        )  # fmt: skip

    def _told_pairs(self, told: StageTold, stage: str) -> None:
        """A row for numbers of servers with which works are the same."""
        most = max(span.servers for roster in told.rosters for day in roster.week for span in day)
        rows: list[tuple[int, int, tuple[Any, ...]]] = []
        for more, (mean, (low, high), n) in sorted(told.pairs().items()):
            values = (*(f"{seconds / 60:.3f}" for seconds in (mean, low, high)), n)
            if rows and rows[-1][1] == most + more - 1 and rows[-1][2] == values:
                rows[-1] = rows[-1][0], most + more, values
            else:
                rows.append((most + more, most + more, values))
        for first, last, (value, least, largest, n) in rows:
            count = f"{first}" if first == last else f"{first} to {last}"
            self._sheet.row(
                f"stages.{told.name}.time.mean[servers {count}]", value, least, largest, "min",
                f"works told with servers {count} at most, not {most}", n, "partly",
                f"fits alike: say --servers {stage}=N if you know",
            )  # fmt: skip

    def _untold(self, told: StageTold, stage: str) -> None:
        """A stage of which the log says too little: it is passed without delay."""
        self.values["calendars"].setdefault("always", {"hours": "round the clock"})
        self.values["stages"][told.name] = {
            **_labelled(told.name, stage),
            "hours": "always",
            "at_close": "finish",
            "time": {"value": "0 min", "confidence": "E", "source": "assumed: not told by the log"},
        }
        self._sheet.row(f"stages.{told.name}.time", "0", "", "", "min", "assumed",
                        len(told.works), "no", f"too few stamps of {stage}")  # fmt: skip


def _labelled(name: str, of_log: str) -> dict[str, str]:
    """What the log calls a stage, where that can be no name: by it a check finds its partner."""
    return {} if name == of_log else {"label": of_log}

"""Random right scenarios over the whole language, as people could write them.

Everything follows from a seed. A port is small, so that many can be run: a few days, a few stages,
some hundred trucks; what is rare in real files is common here.
"""

import datetime as dt
import json
import random
from pathlib import Path
from typing import Any

import portsim
from portsim.errors import ScenarioError, StuckError
from portsim.experiment import Execution, Keep, run_all

FILES = {
    "times.csv": "what,x\n" + "".join(f"a,{n}\n" for n in (0, 1, 2, 5, 9, 30)),
    "loads.csv": "t\n" + "".join(f"{n}\n" for n in (0, 3, 17.5, 21, 21, 40)),
}
_NAMES = ("gate", "desk", "x-ray", "yard 2", "查验", "весы", "barrier", "Ramp", "lab", "exit gate")
_THINGS = ("lanes", "officers", "posts", "窗口", "посты", "cranes")
_ZONES = ("Asia/Shanghai", "Asia/Almaty", "Europe/Berlin", "UTC", "America/New_York", "Asia/Urumqi")
_DATES = ("2024-03-28", "2024-02-27", "2024-10-25", "2024-05-01", "2024-12-28", "2025-01-27")
EXTREME = 0.05
"""Share of the quantities that are as small or as large as the language lets them be."""
_MOST_OF = {"min": 1.6e13, "h": 2.7e11, "s": 1e15, "t": 1e15, "CNY": 1e15, "CNY/t": 1e15}
_SHAPES = ("constant", "exponential", "lognormal", "gamma", "erlang", "weibull", "triangular")


class Port:
    """Draws one scenario; every choice takes from the same luck."""

    def __init__(self, seed: int, papers: bool = True) -> None:
        self.luck = random.Random(seed)
        # What came to the language later has luck of its own: the ports stay what they were.
        self.later = random.Random(f"{seed} later")
        self.luck_of_papers = random.Random(f"papers {seed}") if papers else None
        self.luck_of_ranks = random.Random(f"ranks {seed}")
        self.first = self.luck.choice(_DATES)
        self.days = self.luck.choice((2, 3, 3, 5, 9))
        self.calendars: dict[str, Any] = {}
        self.resources: dict[str, Any] = {}
        self.stages: dict[str, Any] = {}
        self.channels: dict[str, Any] = {}

    # ---- small things --------------------------------------------------------------------------

    def maybe(self, share: float = 0.5) -> bool:
        return self.luck.random() < share

    def date(self, later: int = 0) -> str:
        return str(dt.date.fromisoformat(self.first) + dt.timedelta(days=later))

    def noted(self, value: Any) -> Any:
        """Perhaps with a source."""
        if self.maybe(0.9):
            return value
        return {"value": value, "source": "a visit", "confidence": self.luck.choice("ABCDE")}

    def minutes(self, low: float = 0, high: float = 40) -> str:
        amount = round(self.luck.uniform(low, high), 1)
        return self.luck.choice((f"{amount} min", f"{round(amount * 60)} s", f"{amount:g} minutes"))

    def spread(self, unit: str, low: float, high: float) -> Any:
        """A distribution of something with a mean between two values."""
        mean = round(self.luck.uniform(low, high), 2)
        if self.maybe(EXTREME):
            mean = self.luck.choice((0.0, 0.01, 1e3, 1e6, _MOST_OF.get(unit, 1e9)))

        def of(value: float) -> Any:
            value = min(value, _MOST_OF.get(unit, 1e9))
            return f"{value:.2f} {unit}" if unit else round(value, 2)

        shape = self.luck.choice((*_SHAPES, "uniform", "plain", "plain"))
        if shape == "plain":
            return self.noted(of(mean))
        cv = round(self.luck.uniform(0.05, 2.0), 2)
        if self.maybe(EXTREME):
            cv = self.luck.choice((0.01, 1e-200, 10, 100))
        words = {
            "constant": of(mean),
            "exponential": {"mean": of(mean)},
            "lognormal": {"mean": of(mean), "cv": cv},
            "gamma": {"mean": of(mean), "cv": cv},
            "erlang": {"mean": of(mean), "k": self.luck.randrange(1, 9)},
            "weibull": {"mean": of(mean), "shape": cv},
            "triangular": {"low": of(mean / 2), "mode": of(mean), "high": of(mean * 2)},
            "uniform": {"low": of(mean / 2), "high": of(mean * 2)},
        }[shape]
        return self.noted({shape: words})

    def time(self) -> Any:
        if self.maybe(0.08):
            unit = self.luck.choice(("s", "min"))
            return {"empirical": {"file": "times.csv", "column": "x", "unit": unit}}
        return self.spread("min", 0, 25)

    def work(self, loaded: bool, counted: bool) -> Any:
        """The time of a stage or a step."""
        if self.maybe(0.7):
            return self.time()
        parts = {"per_truck": self.time()}
        if self.maybe():
            parts["per_piece"] = self.time()
        if loaded and self.maybe():
            parts["per_tonne"] = self.spread("s", 0, 30)
        if counted and self.maybe():
            parts["per_resident"] = self.spread("s", 0, 60)
        return parts

    def some(self, names: Any, most: int = 2) -> list[str]:
        names = list(names)
        return self.luck.sample(names, min(len(names), self.luck.randrange(1, most + 1)))

    def hours(self) -> Any:
        start = self.luck.randrange(0, 16)
        length = self.luck.choice((8, 8, 6, 12, 14))
        day = f"{start:02}:00-{(start + length) % 24:02}:{self.luck.choice(('00', '30'))}"
        night = "22:00-06:00"
        return self.luck.choice(
            (
                day,
                day,
                "round the clock",
                "08:00-12:00, 13:00-18:00",
                night,
                {"Mon-Fri": day, "Sat, Sun": "09:00-15:00"},
                {"daily": day},
            )
        )

    # ---- the parts ------------------------------------------------------------------------------

    def calendar(self) -> dict[str, Any]:
        words: dict[str, Any] = {"hours": self.hours()}
        if self.maybe(0.2):
            words["lunch"] = "12:00-13:00"
        if self.maybe(0.2):
            country = self.luck.choice(("CN", "KZ"))
            words["holidays"] = [{"country": country, "observed": self.maybe()}]
        if self.maybe(0.2):
            words["timezone"] = self.luck.choice(_ZONES)
        if self.maybe(0.1) and self.days > 2:
            words["closed"] = self.luck.choice((self.date(1), [self.date(1)]))
        if self.maybe(0.1):
            words["valid_from"] = self.date(-1)
        if self.maybe(0.1):
            words["valid_to"] = self.date(self.days)
        if self.maybe(0.15):
            words["periods"] = [{"valid_from": self.date(1), "hours": self.hours()}]
        if self.maybe(0.1):
            words["daylight"] = self.luck.choice((True, {"after_sunrise": "30 min"}))
        if self.maybe(0.2):
            words["label"] = "营业时间"
        return words

    def servers(self) -> dict[str, Any]:
        words: dict[str, Any] = {}
        if self.calendars and self.maybe(0.3):
            shifts = self.some(self.calendars, 3)
            words["roster"] = [
                {"calendar": name, "count": self.luck.randrange(1, 4)} for name in shifts
            ]
        else:
            words["capacity"] = self.noted(self.luck.choice((1, 1, 2, 3, 5)))
            if self.calendars and self.maybe(0.25):
                words["calendar"] = self.luck.choice(list(self.calendars))
        if self.maybe(0.15):
            every, repair = self.spread("h", 5, 30), self.spread("min", 5, 200)
            words["breakdowns"] = [{"every": every, "repair": repair}]
        if self.maybe(0.15):
            words["cost_per_staffed_hour"] = "80 CNY"
        if self.maybe(0.1):
            words["fits"] = {"width": "6 m", "height": "5 m", "mass": "90 t"}
        return words

    def budget(self) -> dict[str, Any]:
        refill: Any = self.luck.choice(
            ("00:00", {"at": ["06:00", "14:00"]}, {"at": "08:00", "days": "Mon-Fri"})
        )
        if isinstance(refill, dict) and self.maybe(0.3):
            refill["timezone"] = self.luck.choice(_ZONES)
        return {"kind": "budget", "level": self.luck.choice((15, 40, 300)), "refill": refill}

    def stage(self, later: list[str]) -> dict[str, Any]:
        words: dict[str, Any] = {"time": self.work(loaded=False, counted=False)}
        servers = [name for name, one in self.resources.items() if "kind" not in one]
        budgets = [n for n, one in self.resources.items() if one.get("kind") == "budget"]
        stores = [n for n, one in self.resources.items() if one.get("kind") == "store"]
        if servers and self.maybe(0.8):
            words["takes"] = {name: self.take(later) for name in self.some(servers)}
        if budgets and self.maybe(0.25):
            words["spends"] = {self.luck.choice(budgets): self.luck.choice((1, {"per": "piece"}))}
        if stores and self.maybe(0.4):
            words["offers"] = {self.luck.choice(stores): 1}
        elif stores and self.maybe(0.3):
            words.setdefault("spends", {})[self.luck.choice(stores)] = 1
        if self.maybe(0.25):
            words["share"] = round(self.luck.random(), 2)
        timed = self.calendars and self.maybe(0.5)
        if timed:
            chosen = self.some(self.calendars)
            words["hours"] = chosen[0] if len(chosen) == 1 else chosen
            if self.maybe(0.3):
                words["last_entry"] = self.minutes(0, 90)
        if self.maybe(0.12):
            every, lasts = self.spread("h", 5, 40), self.spread("min", 5, 200)
            name = f"wind {self.luck.randrange(1000)}"
            words["closures"] = [{"name": name, "every": every, "lasts": lasts}]
        words["at_close"] = "finish"
        if (timed or "closures" in words) and self.maybe(0.5):
            words["at_close"] = "pause"
        for flag in ("claims", "overtaking"):
            if self.maybe(0.2):
                words[flag] = True
        return words

    def take(self, later: list[str]) -> Any:
        count: Any = self.luck.choice((1, 1, 1, 1, 2, "all"))
        until = self.luck.choice(("end", "end", "end", "end", "next", "exit", *later[:1]))
        if until == "end":
            return self.luck.choice((count, {"count": count}))
        return {"count": 1, "until": until}

    def arrivals(self, route: list[str]) -> dict[str, Any]:
        rate = round(self.luck.choice((0, 3, 20, 60, 90)) * self.luck.random(), 1)
        way = self.luck.choice(("rate", "rate", "rate", "rate", "total", "booked", "recorded"))
        words: dict[str, Any]
        if way == "booked" and self.calendars:
            words = {"calendar": self.luck.choice(list(self.calendars)), "per_hour": 2}
            if self.maybe():
                words["early"] = self.spread("min", 1, 90)
            if self.maybe():
                words["late"] = self.spread("min", 1, 90)
            if self.maybe():
                words["no_show"] = 0.2
            return {"booked": words}
        if way == "recorded":
            return {"recorded": {"file": "arrivals.csv", **self.told(route)}}
        if way == "total":
            trucks = self.luck.randrange(1, 150)
            words = {"total": {"trucks": trucks, "from": self.date(), "to": self.date(self.days)}}
        else:
            unit = self.luck.choice(("per day", "a day"))
            words = {"rate": self.noted(f"{rate} {unit}")}
            if self.maybe(0.15):
                words["together"] = self.luck.randrange(1, 5)
        if self.maybe(0.2):
            words["months"] = {"Jan-Jun": 0.8, "Oct": 1.5}
        if self.maybe(0.2):
            words["weekdays"] = {"Sat, Sun": 0.5}
        if self.maybe(0.3):
            words["hours"] = {"08:00-14:00": 3, "14:00-22:00": 1}
        if self.calendars and self.maybe(0.25):
            words["follow"] = self.luck.choice(list(self.calendars))
        return words

    def truck_class(self) -> dict[str, Any]:
        route = [name for name in self.stages if self.maybe(0.7)] or [next(iter(self.stages))]
        words: dict[str, Any] = {
            "direction": self.luck.choice(("export", "import")),
            "arrivals": self.arrivals(route),
        }
        loaded, counted = self.goods(words)
        if self.maybe(0.25):
            patience: Any = self.spread("h", 0.1, 9)
            words["patience"] = self.luck.choice((patience, {"time": patience, "stages": route}))
        if self.maybe(0.25):
            words["tolerance"] = self.luck.choice(
                (self.luck.randrange(0, 40), {"waiting": self.spread("", 0, 30), "stages": route})
            )
        if self.maybe(0.2):
            words["preferred"] = {"share": 0.3, "priority": -5}
            if len(route) > 1 and self.maybe():
                words["preferred"]["skips"] = route[0]
        channels: list[str] = []
        if self.channels and self.maybe(0.4):
            name = self.luck.choice(list(self.channels))
            words["channels"], channels = name, list(self.channels[name])
        elif self.maybe(0.1):
            words["channels"], channels = {"green": 0.75, "red": 0.25}, ["green", "red"]
        words["route"] = [self.step(name, loaded, counted, channels) for name in route]
        again = self.send_back(words["route"], route)
        # Papers are refused where a stage is passed twice.
        if self.luck_of_papers and self.luck_of_papers.random() < 0.35 and not again:
            words["papers"] = self.papers(route, channels)
        return words

    def send_back(self, steps: list[Any], route: list[str]) -> bool:
        """Perhaps let one step send back, and another one come once more at the end; whether so."""
        again = False
        if self.later.random() < 0.25:
            number = self.later.randrange(len(steps))
            step = steps[number] if isinstance(steps[number], dict) else {"stage": route[number]}
            goal = self.later.choice(route[: number + 1])
            share = round(self.later.random(), 2)
            back = {"share": share, "to": goal, "at_most": self.later.randrange(1, 4)}
            again = True
            steps[number] = step | {"sent_back": self.later.choice((back, share))}
        if self.later.random() < 0.15:
            again = True
            steps.append(self.later.choice(route))
        return again

    def papers(self, route: list[str], channels: list[str]) -> dict[str, Any]:
        """One kind of papers or two, by any stages, from luck of their own."""
        luck, found = self.luck_of_papers, {}
        for name in ("declaration", "проба")[: luck.choice((1, 1, 2))]:
            begin = luck.randrange(len(route))
            needed = luck.randrange(begin, len(route))
            words: dict[str, Any] = {
                "route": luck.sample(list(self.stages), luck.randrange(1, len(self.stages) + 1)),
                "needed_at": route[needed],
            }
            way = luck.choice(("", "before_arrival", "begins_at", "begins_after"))
            if way == "before_arrival":
                words[way] = luck.choice(("6 h", {"exponential": {"mean": "90 min"}}, "0 s"))
            elif way == "begins_at" or (way and begin < needed):
                words[way] = route[begin]
            if luck.random() < 0.3:
                words["share"] = round(luck.random(), 2)
            if channels and luck.random() < 0.3:
                words["channels"] = luck.choice(channels)
            found[name] = words
        return found

    def goods(self, words: dict[str, Any]) -> tuple[bool, bool]:
        """What its trucks carry; whether that is a load, and for residents."""
        loaded, counted = self.maybe(0.7), self.maybe(0.3)
        if loaded:
            words["load"] = (
                {"empirical": {"file": "loads.csv", "column": "t", "unit": "t"}}
                if self.maybe(0.1)
                else self.spread("t", 1, 40)
            )
            if self.maybe(0.4):
                words["price"] = self.spread("CNY/t", 100, 5000)
        if "price" not in words and (counted or self.maybe(0.3)):
            words["value"] = self.spread("CNY", 1000, 90000)
        if counted:
            words["residents"] = self.luck.choice(({"quota": "8000 CNY"}, self.spread("", 1, 9)))
        if self.maybe(0.2):
            words["pieces"] = self.luck.randrange(1, 4)
        if self.maybe(0.3):
            words["priority"] = self.luck.randrange(-3, 4)
        if self.maybe(0.2):
            words["scale"] = round(self.luck.uniform(0, 2), 2)
        if self.maybe(0.15):
            words["dimensions"] = {"length": "18 m", "width": "2.6 m", "height": "4 m"}
        return loaded, counted

    def step(self, name: str, loaded: bool, counted: bool, channels: list[str]) -> Any:
        words: dict[str, Any] = {"stage": name}
        if self.maybe(0.15):
            words["share"] = round(self.luck.random(), 2)
        if self.maybe(0.2):
            words["time"] = self.work(loaded, counted)
        if channels and self.maybe(0.4):
            words["channels"] = self.some(channels)
        if self.maybe(0.05):
            words["papers_only"] = True
        return name if len(words) == 1 else words

    def traffic(self) -> dict[str, Any]:
        traffic: dict[str, Any] = {}
        for one in self.luck.sample(("tea", "fruit", "风电", "лес"), self.luck.randrange(1, 4)):
            traffic[one] = self.truck_class()
        if self.maybe(0.2):
            traffic["scale"] = round(self.luck.uniform(0, 2), 2)
        if self.maybe(0.15):
            traffic["day_factor"] = {"gamma": {"mean": 1, "cv": 0.3}}
        return traffic

    def words(self, name: str) -> dict[str, Any]:
        """The scenario as a mapping."""
        for number in range(self.luck.randrange(0, 4)):
            self.calendars[f"calendar{number}"] = self.calendar()
        things = self.luck.sample(_THINGS, self.luck.randrange(1, 4))
        self.resources = {thing: self.servers() for thing in things}
        if self.maybe(0.3):
            self.resources["quota"] = self.budget()
        if self.maybe(0.3):
            self.resources["tractors"] = {"kind": "store", "level": self.luck.randrange(1, 200)}
        names = self.luck.sample(_NAMES, self.luck.randrange(1, 5))
        for number, one in enumerate(names):
            self.stages[one] = self.stage(names[number + 1 :])
        if self.maybe(0.3):
            self.channels["risk"] = {"green": 0.7, "yellow": 0.2, "red": 0.1}
        found: dict[str, Any] = {
            "name": name,
            "timezone": self.luck.choice(_ZONES),
            "position": {"latitude": 46.7, "longitude": 82.7},
            "period": {"from": self.first, "to": self.date(self.days - 1)},
            "replications": 1,
            "seed": self.luck.randrange(1000),
            "calendars": self.calendars,
            "resources": self.resources,
            "stages": self.stages,
            "channels": self.channels,
            "traffic": self.traffic(),
        }
        if self.maybe(0.3):
            found["period"]["warm_up"] = "1 week"
        if self.calendars and self.maybe():
            found["open_hours"] = self.luck.choice(list(self.calendars))
        if self.maybe(0.3):
            promise: dict[str, Any] = {"limit": self.luck.choice(("6 h", "12 h", "1 d"))}
            if self.maybe():
                promise["from"] = self.luck.choice(list(self.stages))
                promise["event"] = self.luck.choice(("queued", "admitted"))
            found["completion"] = promise
        if self.maybe(0.2):
            found["observed"] = [
                {"name": "seen", "measure": "throughput_per_day", "role": "prediction", "value": 9},
            ]
        if self.maybe(0.1):
            found["study"] = {"vary": {"traffic.scale": "0.5..1.5:0.5"}}
        self.order_and_choose(found["traffic"])
        return found

    def choose(self, classes: list[dict[str, Any]]) -> None:
        """Stages among which trucks choose, and servers in place of others."""
        luck = self.luck_of_ranks
        # Where something is kept nothing is chosen, mostly.
        names = [
            name
            for name, stage in self.stages.items()
            if all(
                not isinstance(take, dict) or take.get("until", "end") == "end"
                for take in stage.get("takes", {}).values()
            )
        ]
        for name in list(names):
            stage, free = (
                self.stages[name],
                [n for n, r in self.resources.items() if "kind" not in r],
            )
            free = [resource for resource in free if resource not in stage.get("takes", {})]
            hard = any(word in stage for word in ("claims", "overtaking", "attended"))
            if free and stage.get("takes") and not hard and luck.random() < 0.5:
                first = luck.choice(list(stage["takes"]))
                stage["instead_of"] = {first: {free[0]: luck.choice((0.5, 1, 1.6, 10))}}
                names.remove(name)
        for words in classes:
            for number, step in enumerate(words["route"]):
                told = step if isinstance(step, dict) else {"stage": step}
                others = [name for name in names if name != told["stage"]]
                if told["stage"] not in names or not others or luck.random() < 0.4:
                    continue
                some = luck.sample(others, luck.randrange(1, len(others) + 1))
                sight = {"of": some, "sight": luck.randrange(1, len(some) + 2)}
                way = luck.choice(
                    (
                        {"or_shorter": luck.choice((some, sight))},
                        {"overflow": {"to": some[0], "when_waiting": luck.choice((1, 3, 20))}},
                    )
                )
                words["route"][number] = told | way

    def order_and_choose(self, traffic: dict[str, Any]) -> None:
        """Perhaps ranks, and choices."""
        classes = [words for words in traffic.values() if isinstance(words, dict)]
        classes = [words for words in classes if "route" in words]
        if self.luck_of_ranks.random() < 0.5 and not any("papers" in words for words in classes):
            self.rank(classes)
        if self.luck_of_ranks.random() < 0.5:
            self.choose(classes)

    def rank(self, classes: list[dict[str, Any]]) -> None:
        """Priorities by stage, and one class that is urgent, or some whose priorities rise."""
        luck = self.luck_of_ranks
        for words in classes:
            for number, step in enumerate(words["route"]):
                if luck.random() < 0.3:
                    told = step if isinstance(step, dict) else {"stage": step}
                    words["route"][number] = told | {"priority": luck.randrange(-3, 4)}
        first = luck.choice(classes)
        if luck.random() < 0.3 and "preferred" not in first:
            first |= {"urgent": True, "priority": -9}
            first["route"] = [
                {key: value for key, value in step.items() if key != "priority"}
                if isinstance(step, dict)
                else step
                for step in first["route"]
            ]
        elif not any("claims" in stage for stage in self.stages.values()):
            for words in classes:
                if luck.random() < 0.6:
                    words["rises_every"] = luck.choice(("10 min", "2 h", "1 s", "1 day"))

    def told(self, route: list[str]) -> dict[str, Any]:
        """Columns that tell more of recorded trucks than when they came."""
        words: dict[str, Any] = {}
        for word, column in (("truck_class", "kind"), ("direction", "way"), ("load", "t")):
            if self.maybe(0.3):
                words[word] = column
        if self.maybe(0.3):
            words["work"] = dict.fromkeys(self.some(route, len(route)), "minutes")
        if self.maybe(0.3):
            words["passes"] = dict.fromkeys(self.some(route, len(route)), "minutes")
        if self.maybe(0.2):
            words["only"] = {"kind": ["a", ""]}
        return words

    def recorded(self) -> str:
        """Recorded trucks in the days of the port."""
        rows = []
        for _ in range(30):
            clock = f"{self.luck.randrange(24):02}:{self.luck.randrange(60):02}:00"
            arrival = f"{self.date(self.luck.randrange(self.days))}T{clock}"
            kind, way = self.luck.choice(("a", "b", "")), self.luck.choice(("export", "import", ""))
            minutes = self.luck.choice(("", 0, self.luck.randrange(90)))
            rows.append(f"{arrival},{kind},{way},{self.luck.choice(('', 9))},{minutes}\n")
        return "arrival,kind,way,t,minutes\n" + "".join(rows)


def outcome(file: Path, *, whole: bool = False) -> str:
    """What comes of a port: ``refused`` by the checks, ``stuck`` in a circular wait, or ``run``.

    Args:
        file: the scenario.
        whole: make the counterfactual runs too, and write the results.

    Raises:
        Exception: what passed the checks was not run, or the engines disagree.
    """
    try:
        scenario = portsim.load(file)
    except ScenarioError:
        return "refused"
    try:
        keep = Keep(counterfactuals=whole, logs="first")
        study = run_all([scenario], keep, how=Execution(jobs=1, audit="full"))
        if whole:
            study.write(file.parent / "results", figures=False, force=True)
    except StuckError:
        return "stuck"
    return "run"


def write(seed: int, folder: Path, papers: bool = True) -> Path:
    """Write the port of a seed, with its files, and sometimes as a base and what overrides it.

    Without `papers` no truck has any: a state cannot tell how far they are.
    """
    port = Port(seed, papers)
    words = port.words(f"port{seed}")
    for name, text in {**FILES, "arrivals.csv": port.recorded()}.items():
        (folder / name).write_text(text, encoding="utf-8")
    path = folder / "port.yaml"
    if port.maybe(0.2):
        over = {
            key: words.pop(key)
            for key in port.some(("completion", "seed", "observed"), 2)
            if key in words
        }
        over = {"extends": "base.yaml", "name": words.pop("name"), **over}
        _write(folder / "base.yaml", words)
        words = over
    _write(path, words)
    return path


def _write(path: Path, words: dict[str, Any]) -> None:
    lines = (f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in words.items())
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")

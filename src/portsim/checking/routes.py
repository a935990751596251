"""Checks of routes: trucks that can go their way, with everything that is counted on the way."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterator

from portsim.checking.findings import Findings, Path
from portsim.checking.needs import check_need
from portsim.checking.ways_back import check_ways_back
from portsim.scenario.legs import legs
from portsim.scenario.model import Scenario
from portsim.scenario.traffic import Arrivals, Residents, Total, TruckClass

__all__ = ["check_other_way", "check_routes", "check_traffic", "check_way", "step_path"]

_MOST_SCALE = 4.0
_MOST_A_DAY = 100_000
_MOST_CHANNELS = 50
_MOST_DRAWN = 200_000_000
"""Of more not even the arrivals fit into the memory of most machines."""


def check_routes(findings: Findings, scenario: Scenario) -> None:
    """Stages that exist; tokens kept until a stage that comes later; ways back that are ways."""
    for name, cls in scenario.traffic.classes.items():
        where: Path = ("traffic", name)
        passed: list[str] = []
        for number, step in enumerate(cls.route):
            path = step_path(findings, where, number)
            if not findings.known(path, step.stage, scenario.stages, "stage"):
                continue
            passed.append(step.stage)
        whole = len(passed) == len(cls.route)
        for number, stage in enumerate(passed):
            _check_until(findings, name, stage, passed[number + 1 :] if whole else None, scenario)
        if whole and check_ways_back(findings, where, cls):
            _check_holding(findings, f"a truck of {name}", cls, scenario)
        for key, stages in _stages_named(cls):
            for number, stage in enumerate(stages):
                place = findings.item((*where, *key), number)
                if findings.known(place, stage, scenario.stages, "stage") and (
                    whole and stage not in passed
                ):
                    expected = f"a stage of the route of {name}"
                    findings.error(
                        place, "not-on-route", expected, f"it passes {', '.join(passed)}"
                    )

        if cls.preferred is not None and whole and set(passed) <= set(cls.preferred.skips):
            findings.error(
                (*where, "preferred", "skips"),
                "preferred",
                f"a stage of the route of {name} that is left to pass",
                found="every stage of it",
            )


def _stages_named(cls: TruckClass) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """The lists of stages of its route that a class names, each with its path."""
    if cls.patience is not None:
        yield ("patience", "stages"), cls.patience.stages
    if cls.tolerance is not None:
        yield ("tolerance", "stages"), cls.tolerance.stages
    if cls.preferred is not None:
        yield ("preferred", "skips"), cls.preferred.skips


def step_path(findings: Findings, where: Path, number: int) -> Path:
    """Path of a step of a route, however short it is written."""
    long = (*where, "route", number, "stage")
    return long if findings.written(*long) else long[:-1]


def _check_until(
    findings: Findings, name: str, stage: str, later: list[str] | None, scenario: Scenario
) -> None:
    for resource, take in scenario.stages[stage].takes.items():
        if take.until in ("end", "next", "exit"):
            continue
        path: Path = ("stages", stage, "takes", resource, "until")
        # `end`, `next` and `exit` may be meant as well as a stage.
        choices = [*scenario.stages, "end", "next", "exit"]
        known = findings.known(path, take.until, choices, "stage")
        if known and later is not None and take.until not in later:
            findings.error(
                path,
                "until",
                f"a stage that the route of {name} passes after {stage}",
                f"its route goes on through {', '.join(later) or 'nothing'}; "
                "`exit` keeps them until the truck leaves",
            )


def check_way(findings: Findings, scenario: Scenario, path: Path, cls: TruckClass) -> None:
    """Tokens and amounts on a way that is not the route of a class itself: that of its papers.

    In: path of the papers; a class whose route is theirs.
    """
    name = path[1]
    _check_amounts(findings, path, cls, scenario)
    passed = [step.stage for step in cls.route]
    for number, stage in enumerate(passed):
        _check_until(findings, f"papers of {name}", stage, passed[number + 1 :], scenario)
    _check_holding(findings, f"a paper of {name}", cls, scenario)


def check_other_way(findings: Findings, scenario: Scenario, path: Path, cls: TruckClass) -> None:
    """Amounts and tokens of a class with another stage in place of one that its trucks choose.

    In: path of the class; the class as it would be.
    """
    _check_amounts(findings, path, cls, scenario)
    _check_holding(findings, f"a truck of {path[1]}", cls, scenario)
    route = [step.stage for step in scenario.traffic.classes[str(path[1])].route]
    passed = [step.stage for step in cls.route]
    for number, stage in enumerate(passed):
        for resource, take in scenario.stages[stage].takes.items():
            # Where even the route itself does not go on so, that is told already.
            if take.until in route[number + 1 :] and take.until not in passed[number + 1 :]:
                findings.error(
                    ("stages", stage, "takes", resource, "until"),
                    "choice",
                    f"a stage that all trucks of {path[1]} pass after {stage}",
                    "some pass another in place of it; `exit` keeps them until the truck leaves",
                    f"`{take.until}`",
                )


def _check_holding(findings: Findings, who: str, cls: TruckClass, scenario: Scenario) -> None:
    """Servers that a truck keeps while it wants more of them: never more than there are."""
    named = dict.fromkeys(channel for step in cls.route for channel in step.channels)
    for channel in (*itertools.islice(named, _MOST_CHANNELS), ""):
        _hold_along(findings, who, cls, scenario, channel)


def _hold_along(
    findings: Findings, who: str, cls: TruckClass, scenario: Scenario, channel: str
) -> None:
    """What trucks of one channel keep on their way, or of none that is named."""
    driven = legs(cls)
    stages = [leg.stage for leg in driven]
    # Where all trucks are preferred, nobody passes what these skip.
    skipped = cls.preferred.skips if cls.preferred and cls.preferred.share == 1.0 else ()
    since: dict[str, str] = {}
    kept: list[tuple[int, str, str, int]] = []
    for number, leg in enumerate(driven):
        step, stage = cls.route[leg.step], scenario.stages[leg.stage]
        kept = [item for item in kept if item[0] > number]
        share = stage.share if step.share is None else step.share
        if not share or (step.channels and channel not in step.channels):
            continue
        if step.stage in skipped:
            continue
        # What the stage gave before comes back at this admission.
        kept = [item for item in kept if item[1] != leg.stage]
        held: Counter[str] = Counter()
        for _, _, server, count in kept:
            held[server] += count
        for server, take in stage.takes.items():
            resource = scenario.resources.get(server)
            if resource is None or resource.kind != "servers":
                continue
            most = resource.largest
            count = most if take.count == "all" else take.count
            if held[server] and held[server] + count > most >= count:
                findings.error(
                    ("stages", step.stage, "takes", server),
                    "need",
                    f"at most the {most} that {server} ever has, with those a truck still holds",
                    f"{who} keeps {held[server]} since {since[server]} and would wait "
                    "for itself; let it give them back earlier (until)",
                    f"a need of {count}",
                    key=True,
                )
            if take.until != "end":
                later = take.until in ("next", "exit") or take.until in stages[number + 1 :]
                due = take.given_at(number, stages) if later else len(stages)
                kept.append((due, leg.stage, server, count))
                since[server] = step.stage


def check_traffic(findings: Findings, scenario: Scenario) -> None:
    """Demand within what is drawn, and quantities that are given where they are needed."""
    written = findings.tree.data.get("traffic")
    if not scenario.traffic.classes and not (
        isinstance(written, dict) and set(written) - {"scale"}
    ):
        hint = "write the name of a class, and below it direction, arrivals and route"
        findings.error(("traffic",), "no-traffic", "at least one class of trucks", hint, key=True)
    _check_drawn(findings, scenario)
    for name, cls in scenario.traffic.classes.items():
        where: Path = ("traffic", name)
        if cls.scale * scenario.traffic.scale > _MOST_SCALE:
            findings.error(
                (*where, "scale"),
                "scale",
                f"a scale of at most {_MOST_SCALE:g} together with traffic.scale",
                "raise the rate of the class instead",
                f"{cls.scale * scenario.traffic.scale:g} together",
            )
        arrivals = cls.arrivals
        if arrivals.rate is not None:
            most = arrivals.rate * max(arrivals.months) * max(arrivals.weekdays)
            if most > _MOST_A_DAY:
                findings.error(
                    (*where, "arrivals", "rate"),
                    "rate",
                    f"at most {_MOST_A_DAY:,} trucks a day, months and weekdays included",
                    "no road port has seen a hundredth of that",
                    f"{most:,.0f} a day",
                )
        if arrivals.total is not None:
            _check_total(
                findings, (*where, "arrivals", "total"), arrivals, arrivals.total, scenario
            )
        if isinstance(cls.residents, Residents):
            if cls.value is None and cls.price is None:
                findings.error(
                    (*where, "value"), "value", "a `value` or a `price` of the goods",
                    "residents follow from the value divided by the quota", "no value",
                )  # fmt: skip
            if cls.residents.quota == 0:
                findings.error((*where, "residents", "quota"), "quota", "a quota above 0")
        if cls.price is not None and not cls.loaded:
            findings.error(
                (*where, "load"), "load", "a `load` for the price a tonne", found="no `load`"
            )
        _check_amounts(findings, where, cls, scenario)
    period = scenario.period
    if period.warm_up > (period.first_day - dt.date(period.first_day.year - 1, 1, 1)).days * 86_400:
        findings.error(
            ("period", "warm_up"),
            "warm-up",
            "a warm-up that does not reach back beyond the year before the period",
            "trucks are drawn from 1 January of that year on",
        )


def _check_drawn(findings: Findings, scenario: Scenario) -> None:
    """So many trucks as fit into the memory of a machine."""
    drawn = 0.0
    for name, cls in scenario.traffic.classes.items():
        drawn += _drawn(cls.arrivals, scenario)
        if drawn > _MOST_DRAWN:
            findings.error(
                ("traffic", name, "arrivals"),
                "too-many-trucks",
                f"at most {_MOST_DRAWN:,} trucks of all classes in the years that are drawn",
                "four times the demand is drawn, from 1 January of the year before the period on; "
                "shorten the period or lower the rate",
                f"{drawn:,.0f} up to this class",
                key=True,
            )
            return


def _drawn(arrivals: Arrivals, scenario: Scenario) -> float:
    """About how many trucks of a class are drawn: all that may come, at any scale, in all years."""
    period = scenario.period
    days = (period.last_day - dt.date(period.first_day.year - 1, 1, 1)).days + 1
    if arrivals.rate is not None:
        months, weekdays = sum(arrivals.months) / 12, sum(arrivals.weekdays) / 7
        return _MOST_SCALE * arrivals.rate * months * weekdays * days
    if arrivals.total is not None:
        return _MOST_SCALE * arrivals.total.trucks
    return 24.0 * arrivals.booked.per_hour * days if arrivals.booked is not None else 0.0


def _check_total(
    findings: Findings, path: Path, arrivals: Arrivals, total: Total, scenario: Scenario
) -> None:
    days = (total.to - total.from_).days + 1
    if total.trucks > _MOST_A_DAY * days:
        findings.error(
            (*path, "trucks"),
            "total",
            f"at most {_MOST_A_DAY:,} trucks a day",
            "no road port has seen a hundredth of that",
            f"{total.trucks / days:,.0f} a day",
        )
    dates = [total.from_ + dt.timedelta(days=number) for number in range(days)]
    if not any(arrivals.months[d.month - 1] * arrivals.weekdays[d.weekday()] for d in dates):
        findings.error(
            path,
            "total",
            "a day from `from` to `to` with a factor above 0",
            "months and weekdays leave no day on which the trucks could come",
            f"{total.trucks} trucks and no day for them",
        )
    period = scenario.period
    first = dt.date(period.first_day.year - 1, 1, 1)
    if scenario.traffic.day_factor is not None and total.from_ < first:
        findings.error(
            (*path, "from"),
            "total",
            f"{first} or later, since the traffic has a `day_factor`",
            "the luck of the days is drawn from 1 January of the year before the period on",
        )
    early = period.first_day - dt.timedelta(seconds=period.warm_up)
    if total.to < early or total.from_ > period.last_day:
        findings.warn(
            path,
            "total",
            f"dates that meet the period, {early} to {period.last_day} with its warm-up",
            "none of these trucks is seen",
            f"{total.from_} to {total.to}",
        )  # fmt: skip


def _check_amounts(findings: Findings, where: Path, cls: TruckClass, scenario: Scenario) -> None:
    for number, step in enumerate(cls.route):
        stage = scenario.stages.get(step.stage)
        if stage is None:
            continue
        time = step.time or stage.time
        path: Path = (*where, "route", number)
        of_class = where[:2]
        if time.per_tonne is not None and not cls.loaded:
            _lacks(findings, of_class, "load", f"{step.stage} takes its time per tonne")
        if time.per_resident is not None and cls.residents is None:
            _lacks(findings, of_class, "residents", f"{step.stage} takes its time per resident")
        for amounts in (stage.spends, stage.offers):
            for name, amount in amounts.items():
                if amount.per == "resident" and cls.residents is None:
                    _lacks(
                        findings, of_class, "residents", f"{step.stage} counts {name} per resident"
                    )
                resource = scenario.resources.get(name)
                if resource is None or resource.kind != "budget" or amount.per != "piece":
                    continue
                if amount.count <= resource.largest:
                    check_need(findings, path, amount.count * cls.pieces, scenario, name)


def _lacks(findings: Findings, where: Path, word: str, why: str) -> None:
    if not findings.written(*where, word):
        findings.error((*where, word), "missing-key", f"`{word}`, for {why}", found=f"no `{word}`")

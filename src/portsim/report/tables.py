"""The room of the report: the figures behind each picture as a table people can copy.

Curves over a long period are told month by month: a table of a year of hours is for a program,
which finds it in curves.parquet.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from portsim.figures import text_layout
from portsim.figures.causes import limiter_text
from portsim.figures.measures import measure_head
from portsim.figures.stages import pause_text
from portsim.figures.study import Curve, Dates, Policy
from portsim.figures.throughput import arrivals_by_month
from portsim.figures.timetable import clock_text, week_hours
from portsim.report.blocks import Cell, Table
from portsim.report.facts import NONE, Facts, between, cell, percent
from portsim.report.needed_table import needed_table
from portsim.report.waiting import causes_table
from portsim.results.capacities import gain_text, limit_of
from portsim.scenario.measure_catalogue import headings, measure_of
from portsim.wording import amounts, day_month, days, month_year, say

__all__ = ["BEHIND", "comparison_table"]

_FIRST = (
    *("throughput_per_day", "throughput_max_day", "throughput_tonnes_per_day"),
    *("completed_within_limit", "stay_mean_h", "stay_p95_h"),
)
"""Measures that a planner asks for first, in this order."""
_APART = frozenset({"inside_max", "capacity_per_day", "staff_cost_per_day"})
"""Headline measures that have words or pictures of their own on the page."""
_HOURS = (1, 2, 4, 8, 12, 24, 36, 48, 72, 168, 336, 720)
_SPREAD = ("stay_p50_h", "stay_p95_h")
_PARTS = ("wait_open_mean_h", "wait_closed_mean_h", "service_mean_h", "paused_mean_h")


def _grid(
    caption: str, corner: str, policies: Sequence[Policy], rows: Mapping[str, Sequence[Cell]]
) -> Table:
    """A table with a column for each policy."""
    head = (corner, *(policy.label for policy in policies))
    body = ((Cell(name), *cells) for name, cells in rows.items())
    return Table(caption, head, tuple(body))


def comparison_table(facts: Facts) -> Table:
    """The figures a planner asks for first, a row a policy, with 95 % intervals."""
    currency = str(facts.base.entry.get("currency") or "")
    head = (
        *(say("policy"), *map(measure_head, _FIRST)),
        *(say("capacity, trucks a day"), say("limited by")),
        say("on-time share with no end of staff, lanes and places"),
    )
    last = {
        measure: name
        for measure, name in (
            ("staffed_h_per_day", say("staffed hours a day")),
            ("staff_cost_per_day", say("cost of staff a day, {currency}", currency=currency)),
            *((measure, measure_head(measure, currency)) for measure in _more()),
        )
        if any(facts.estimate(policy, measure) for policy in facts.study.policies)
    }
    rows = []
    for policy in facts.study.policies:
        name = policy.label
        if policy.overloaded:
            name = f"{name} – {say(text_layout.OVERLOADED_SHORT)}"
        rows.append(
            (
                Cell(name),
                *(_figure(facts, policy, measure) for measure in _FIRST),
                _figure(facts, policy, "capacity_per_day"),
                _limit(facts, policy),
                _figure(facts, policy, "completion_ceiling"),
                *(_figure(facts, policy, measure) for measure in last),
            )
        )
    caption = say("Headline figures; below each its 95 % interval")
    return Table(caption, (*head, *last.values()), tuple(rows))


def _more() -> list[str]:
    """Headline measures besides those that are looked for."""
    return [measure for measure in headings() if measure not in _APART.union(_FIRST)]


def _figure(facts: Facts, policy: Policy, measure: str) -> Cell:
    write = percent if measure_of(measure).share else amounts.number
    return cell(facts.estimate(policy, measure), write)


def _limit(facts: Facts, policy: Policy) -> Cell:
    """What limits the capacity, and below it what one more of it adds."""
    limit = limit_of(policy.capacity)
    named = (limiter_text(facts.study, place) for place in limit.places)
    return Cell(say(" and ").join(named) or NONE, gain_text(limit))


def _differences(facts: Facts) -> Table:
    currency = str(facts.base.entry.get("currency") or "")
    policies = facts.study.policies
    measures = [
        measure
        for measure in headings()
        if measure not in _APART and any(facts.estimate(each, measure) for each in policies)
    ]
    rows = []
    for policy in facts.others:
        cells = [Cell(policy.label)]
        for measure in measures:
            change = facts.difference(policy, measure)
            if change is None:
                cells.append(Cell(NONE))
                continue
            scaled = change.times(100.0 if measure_of(measure).share else 1.0)
            under = between(scaled, amounts.signed) if scaled.sure else ""
            if scaled.low == scaled.high:
                under = say("no interval")
            cells.append(Cell(amounts.signed(scaled.mean), under))
        rows.append(tuple(cells))
    caption = say(
        "Differences to {base}; below each the 95 % interval for all policies at once",
        base=facts.base.label,
    )
    head = (measure_head(measure, currency, difference=True) for measure in measures)
    return Table(caption, (say("policy"), *head), tuple(rows))


def _opening(facts: Facts) -> Table:
    rows = []
    for policy in facts.study.policies:
        for calendar in (policy.entry.get("timetable") or {}).get("calendars") or []:
            week = week_hours(calendar.get("open") or [])
            texts = [
                ", ".join(f"{clock_text(a)}–{clock_text(b)}" for a, b in day) or NONE
                for day in week
            ]
            label = str(calendar.get("label") or calendar.get("name") or "")
            rows.append(tuple(map(Cell, (policy.label, label, *texts))))
    head = (say("policy"), say("post"), *days())
    caption = say("Opening hours of an ordinary week ({clock})", clock=facts.base.clock)
    return Table(caption, head, tuple(rows), words=len(head))


def _spans(dates: Dates) -> tuple[list[str], np.ndarray]:
    """Months, or days if there are few, as names, and which of them each instant belongs to."""
    instants = dates.astype("datetime64[s]")
    long = instants[-1] - instants[0] > np.timedelta64(62, "D")
    units = instants.astype("datetime64[M]" if long else "datetime64[D]")
    names, index = np.unique(units, return_inverse=True)
    if long:
        return [month_year(str(name)) for name in names], index
    return [day_month(name.astype(object)) for name in names], index


def _over_time(facts: Facts, curve: str, caption: str, tell: Callable[[np.ndarray], Cell]) -> Table:
    """Rows of months or days; ``tell`` words the values of a curve in one of them."""
    rows: dict[str, list[Cell]] = {}
    policies = [p for p in facts.study.policies if facts.study.curve(p, curve) is not None]
    for policy in policies:
        series = facts.study.curve(policy, curve)
        assert series is not None
        names, index = _spans(policy.dates(series.x))
        for number, name in enumerate(names):
            rows.setdefault(name, []).append(tell(series.mean[index == number]))
    return _grid(caption, say("time"), policies, rows)


def _waiting(facts: Facts) -> Table:
    def tell(values: np.ndarray) -> Cell:
        most = amounts.count(float(values.max()))
        return Cell(amounts.count(float(values.mean())), say("at most {most}", most=most))

    caption = say("Trucks waiting: mean, and the highest hour")
    return _over_time(facts, "queue", caption, tell)


def _cumulated(facts: Facts) -> Table:
    # A curve's value stands at the end of its hour: one at midnight belongs to the day before.
    caption = say(
        "Trucks released since the beginning, at the end of the time named; below, those that"
        " turned away and gave up"
    )
    rows = _at_the_end(facts, "releases")
    for lost in ("diverted", "given_up"):
        for name, values in _at_the_end(facts, lost).items():
            for policy, value in values.items():
                rows[name][policy] += value
    policies = [p for p in facts.study.policies if any(p.name in row for row in rows.values())]
    body = {
        name: [_counted_up(row.get(policy.name, [])) for policy in policies]
        for name, row in rows.items()
    }
    return _grid(caption, say("time"), policies, body)


def _at_the_end(facts: Facts, curve: str) -> dict[str, dict[str, list[float]]]:
    """The last value of a curve in each month or day, policy by policy."""
    rows: dict[str, dict[str, list[float]]] = {}
    for policy in facts.study.policies:
        series = facts.study.curve(policy, curve)
        if series is None:
            continue
        names, index = _spans(policy.dates(series.x - 0.5))
        for number, name in enumerate(names):
            last = float(series.mean[index == number][-1])
            rows.setdefault(name, {})[policy.name] = [last]
    return rows


def _counted_up(values: list[float]) -> Cell:
    if not values:
        return Cell(NONE)
    released, *lost = values
    under = say("lost: {count}", count=amounts.count(sum(lost))) if sum(lost) > 0 else ""
    return Cell(amounts.count(released), under)


def _week(facts: Facts) -> Table:
    rows: dict[str, list[Cell]] = {name: [] for name in days()}
    policies = [p for p in facts.study.policies if _whole_week(facts.study.curve(p, "week"))]
    for policy in policies:
        curve = facts.study.curve(policy, "week")
        assert curve is not None
        for name, day in zip(rows, curve.mean.reshape(7, 24), strict=True):
            hour = int(np.argmax(day))
            rows[name].append(
                Cell(
                    amounts.count(float(day.mean())),
                    say(
                        "at most {most}, at {hour}",
                        most=amounts.count(float(day.max())),
                        hour=clock_text(hour),
                    ),
                )
            )
    caption = say("Trucks waiting on each day of the mean week, and its worst hour")
    return _grid(caption, say("weekday"), policies, rows)


def _whole_week(curve: Curve | None) -> bool:
    return curve is not None and len(curve.x) == 168


def _by_month(facts: Facts, measure: str, caption: str, write: Callable[[float], str]) -> Table:
    tables = {policy.name: facts.study.months(policy, measure) for policy in facts.study.policies}
    months = sorted({month for table in tables.values() for month in table})
    rows = {
        month_year(month): [cell(table.get(month), write) for table in tables.values()]
        for month in months
    }
    return _grid(caption, say("month"), facts.study.policies, rows)


def _completion(facts: Facts) -> Table:
    caption = say("On-time share of the trucks that arrived in the month, with 95 % intervals")
    return _by_month(facts, "completed_within_limit", caption, percent)


def _throughput(facts: Facts) -> Table:
    caption = say("Trucks released a day, with 95 % intervals; and trucks that arrived a day")
    table = _by_month(facts, "throughput_per_day", caption, amounts.number)
    came = arrivals_by_month(facts.study, facts.base)
    named = {month_year(month): amounts.number(value) for month, value in came.items()}
    rows = tuple((*row, Cell(named.get(row[0].text, NONE))) for row in table.rows)
    return Table(table.caption, (*table.head, say("arrived")), rows)


def _late(facts: Facts) -> Table:
    """Late trucks by when they came; days that cannot be judged count for nothing."""
    rows: dict[str, dict[str, Cell]] = {}
    for policy in facts.study.policies:
        late = facts.study.curve(policy, "late")
        if late is None or policy.start is None:
            continue
        days_ = np.datetime64(policy.start.date()) + late.x.astype(int)
        names, index = _spans(days_)
        for number, name in enumerate(names):
            here = np.where(index == number, late.mean, np.nan)
            if not np.isfinite(here).any():
                continue
            worst = int(np.nanargmax(here))
            told = here[worst] > 0 and np.sum(index == number) > 1
            under = say(
                "at most {most}, on {day}",
                most=amounts.count(float(here[worst])),
                day=day_month(days_[worst].astype(object)),
            )
            rows.setdefault(name, {})[policy.name] = Cell(
                amounts.count(float(np.nansum(here))),
                under if told else "",
            )
    policies = [p for p in facts.study.policies if any(p.name in row for row in rows.values())]
    body = {name: [row.get(p.name, Cell(NONE)) for p in policies] for name, row in rows.items()}
    caption = say("Late trucks by the month or day they came, and the worst day")
    return _grid(caption, say("time"), policies, body)


def _stay(facts: Facts) -> Table:
    curves = {p.name: c for p in facts.study.policies if (c := facts.study.curve(p, "stay"))}
    policies = [policy for policy in facts.study.policies if policy.name in curves]
    longest = max(
        (float(c.x[int(np.argmax(c.mean >= c.mean.max()))]) for c in curves.values()), default=0.0
    )
    rows = {
        say("{number} h", number=hours): [
            Cell(percent(float(np.interp(hours, c.x, c.mean)))) for c in curves.values()
        ]
        for hours in _HOURS
        if hours <= 2 * longest
    }
    caption = say(
        "Share of the trucks that have left after so many hours; those still inside at the end"
        " count as not yet out"
    )
    return _grid(caption, say("stay"), policies, rows)


def _release_study(facts: Facts) -> Table:
    """Hours a visit by stage, in the parts a WCO Time Release Study tells apart."""
    summary = facts.study.summary
    chosen = (
        summary["measure"].isin(_PARTS) & summary["place"].ne("") & summary["truck_class"].eq("all")
    )
    rows = []
    for place in dict.fromkeys(summary.loc[chosen, "place"].astype(str)):
        for policy in facts.study.policies:
            values = [facts.mean(policy, part, place) for part in _PARTS]
            if not np.nansum(values) > 0:
                continue
            texts = [amounts.number(float(value)) for value in (*values, np.nansum(values))]
            spread = (cell(facts.estimate(policy, measure, place)) for measure in _SPREAD)
            named = (facts.study.place(place), policy.label, *texts)
            rows.append((*map(Cell, named), *(Cell(percentile.text) for percentile in spread)))
    head = (
        *(say("stage"), say("policy"), say("waiting while open"), say("waiting while closed")),
        *(say("being served"), pause_text(facts.study), say("together")),
        *(say("median"), say("95th percentile")),
    )
    caption = say(
        "Mean hours of a visit, stage by stage; median and 95th percentile of them together"
    )
    return Table(caption, head, tuple(rows), words=2)


BEHIND: Mapping[str, Callable[[Facts], Table]] = {
    "timetable": _opening,
    "overview": comparison_table,
    "comparison": _differences,
    "queue": _waiting,
    "queue_week": _week,
    "cumulative": _cumulated,
    "throughput_month": _throughput,
    "completion_month": _completion,
    "stay_ecdf": _stay,
    "stay_by_stage": _release_study,
    "causes": causes_table,
    # The right side of it; how trucks spend the other hours stands by stage.
    "where_hours_go": causes_table,
    "needed": needed_table,
    "late_days": _late,
}
"""The table behind each picture of the page."""

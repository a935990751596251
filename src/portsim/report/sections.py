"""The room of the report: the parts of the page in the order a reader asks for them."""

from collections.abc import Mapping, Sequence

import numpy as np

from portsim.figures.study import Policy
from portsim.report import inputs, policies
from portsim.report.blocks import Cell, Drawing, Drawn, Section, Table
from portsim.report.facts import NONE, Facts, cell, percent
from portsim.report.oversized import oversized
from portsim.report.published import published
from portsim.report.tables import BEHIND, comparison_table
from portsim.report.uncertainty import uncertainty
from portsim.report.verdicts import verdict_table
from portsim.report.waiting import waiting
from portsim.results.called import path_called
from portsim.wording import amounts, say, sentences

__all__ = ["sections"]

_MANY = 25
"""So many rows of changes are shown openly; more are folded away."""


def sections(facts: Facts, drawn: Mapping[str, Drawn]) -> list[Section]:
    """The parts of the page; those the folder has nothing for are left out.

    Args:
        facts: what the folder holds.
        drawn: its drawings by name.
    """
    made = (
        _policies(facts, drawn),
        _comparison(facts, drawn),
        uncertainty(facts),
        _queues(facts, drawn),
        _in_time(facts, drawn),
        _border(facts),
        _release_study(facts, drawn),
        _causes(facts, drawn),
        _resources(facts),
        oversized(facts),
        published(facts),
        _inputs(facts),
    )
    return [part for part in made if part.tables or part.drawings or part.folded or part.text]


def _shown(facts: Facts, drawn: Mapping[str, Drawn], *names: str) -> tuple[Drawing, ...]:
    """Drawings with the tables behind them."""
    there = [(name, drawn[name]) for name in names if name in drawn]
    return tuple(Drawing.of(drawing, BEHIND[name](facts)) for name, drawing in there)


def _policies(facts: Facts, drawn: Mapping[str, Drawn]) -> Section:
    rows = []
    for policy in facts.study.policies:
        summary = " ".join(str(facts.resolved(policy).get("summary") or "").split())
        rows.append((Cell(policy.label), Cell(summary or NONE)))
    head = (say("policy"), say("in the words of its author"))
    table = Table(say("The policies of this study"), head, tuple(rows), words=len(head))
    doubts, changes = policies.doubted(facts), policies.changed(facts)
    tables = [table, *([doubts] if doubts else [])]
    folded: list[Table] = []
    if changes is not None:
        # A long list would stand between the reader and the figures.
        (tables if len(changes.rows) <= _MANY else folded).append(changes)
    shown = _shown(facts, drawn, "timetable")
    return Section("policies", say("Policies"), (), tuple(tables), shown, tuple(folded))


def _comparison(facts: Facts, drawn: Mapping[str, Drawn]) -> Section:
    title = say("Comparison") if facts.others else say("Figures")
    drawings = _shown(facts, drawn, "overview", "comparison")
    judged = verdict_table(facts)
    tables = (comparison_table(facts), *([judged] if judged is not None else []))
    return Section("comparison", title, (), tables, drawings)


def _queues(facts: Facts, drawn: Mapping[str, Drawn]) -> Section:
    drawings = _shown(facts, drawn, "queue", "queue_week", "cumulative", "throughput_month")
    return Section("queues", say("Queues and flow"), (), (), drawings)


def _in_time(facts: Facts, drawn: Mapping[str, Drawn]) -> Section:
    return Section(
        "time",
        say("Clearance time"),
        (),
        (),
        _shown(facts, drawn, "completion_month", "late_days", "stay_ecdf"),
    )


def _release_study(facts: Facts, drawn: Mapping[str, Drawn]) -> Section:
    text = say(
        "Laid out as a WCO Time Release Study: from arrival at the port to release and exit, stage"
        " by stage, with waiting split by whether the stage was open."
    )
    if policies.left_out(facts):
        every = say(
            "No truck is left out for having stayed long, but rows of the recorded lists lie"
            " outside the period and were left out: they are counted below the policies. Not in it"
            " are trucks that came so late in the period that the promised time was not over at its"
            " end, and those that turned away or gave up."
        )
    else:
        every = say(
            "No truck is left out for having stayed long; not in it are trucks that came so late in"
            " the period that the promised time was not over at its end, and those that turned away"
            " or gave up."
        )
    drawings = _shown(facts, drawn, "stay_by_stage")
    if not drawings:
        return Section("release-study", say("Stay by stage"))
    return Section("release-study", say("Stay by stage"), (sentences(text, every),), (), drawings)


def _causes(facts: Facts, drawn: Mapping[str, Drawn]) -> Section:
    texts = tuple(waiting(facts, changed=True))
    shown = _shown(facts, drawn, "where_hours_go", "causes", "needed")
    return Section("causes", say("What trucks wait for"), texts, (), shown)


def _border(facts: Facts) -> Section:
    named = {"all": say("all trucks")}
    named |= facts.study.directions
    kinds = [
        (kind, name)
        for kind, name in named.items()
        if any(facts.estimate(p, "stay_mean_h", "", kind) for p in facts.study.policies)
    ]
    rows = []
    for policy in facts.study.policies:
        cells = [Cell(policy.label)]
        for kind, _ in kinds:
            for measure in ("stay_mean_h", "stay_p50_h"):
                cells.append(cell(facts.estimate(policy, measure, "", kind)))
        rows.append(tuple(cells))
    title = say("Hours at the border crossing")
    if not kinds:
        return Section("border", title)
    head = [say("policy")]
    for _, name in kinds:
        head += [say("{trucks}: mean, h", trucks=name), say("{trucks}: median, h", trucks=name)]
    text = say(
        "These are the hours a truck needs at this crossing, waiting included, so that they can be"
        " set beside the indicator TFI1 of CAREC's Corridor Performance Measurement and Monitoring"
        " (CPMM), the time taken to clear a border crossing point, which is published as a mean and"
        " a median by direction. TFI1 samples drivers on the road; here every simulated truck"
        " counts, and the directions are counted apart."
    )
    table = Table(say("Hours from arrival to release"), tuple(head), tuple(rows))
    return Section("border", title, (text,), (table,))


def _resources(facts: Facts) -> Section:
    places = _places(facts, "utilisation")
    shown = facts.study.policies
    used, over = [], []
    for place in places:
        name = facts.study.place(place)
        values = [facts.mean(policy, "utilisation", place) for policy in shown]
        used.append(
            (
                Cell(name),
                *(Cell(_share(v), share=min(v, 1.0) if v >= 0 else None) for v in values),
            )
        )
        hours = [_overtime(facts, policy, place) for policy in shown]
        if any(staffed.text != NONE for staffed in hours):
            over.append((Cell(name), *hours))
    title = say("Use of posts and officers")
    if not used:
        return Section("resources", title)
    head = (say("resource"), *(policy.label for policy in shown))
    busiest = _busiest(facts, places)
    return Section(
        "resources",
        title,
        (busiest,) if busiest else (),
        (
            Table(say("Share of the time that can be worked in use"), head, tuple(used)),
            # Nobody is staffed where there are but places.
            *(
                [Table(say("Staffed hours a day, and overtime on top of them"), head, tuple(over))]
                if over
                else []
            ),
        ),
    )


def _share(value: float) -> str:
    return amounts.percent(value) if np.isfinite(value) else NONE


def _overtime(facts: Facts, policy: Policy, place: str) -> Cell:
    staffed = facts.mean(policy, "staffed_h_per_day", place)
    extra = facts.mean(policy, "overtime_h_per_day", place)
    if not np.isfinite(staffed):
        return Cell(NONE)
    over = amounts.number(extra) if extra > 0 else "0"
    return Cell(amounts.number(staffed), f"+ {over}" if over != "0" else "")


def _busiest(facts: Facts, places: Sequence[str]) -> str:
    """The resource that limits the baseline, and how much of its time it is in use."""
    values = {place: facts.mean(facts.base, "utilisation", place) for place in places}
    known = {place: value for place, value in values.items() if np.isfinite(value)}
    if not known:
        return ""
    place = max(known, key=lambda name: known[name])
    return say(
        "Busiest under {base}: {resource}, in use {share} of the time in which it can be used and"
        " some stage works, quiet seasons and hours included.",
        base=facts.base.label,
        resource=facts.study.place(place),
        share=amounts.percent(known[place]),
    )


def _places(facts: Facts, measure: str) -> list[str]:
    table = facts.study.summary
    chosen = table["measure"].eq(measure) & table["place"].ne("") & table["truck_class"].eq("all")
    return list(dict.fromkeys(table.loc[chosen, "place"].astype(str)))


def _inputs(facts: Facts) -> Section:
    base = facts.base
    marks = inputs.counts(base)
    texts, tables = [], []
    if marks.marked:
        rows = tuple(
            (Cell(mark), Cell(say(inputs.MARKS[mark]) if mark in inputs.MARKS else NONE),
             Cell(amounts.count(count)), Cell(percent(count / marks.marked)))
            for mark, count in marks.by_mark.items()
        )  # fmt: skip
        head = (say("mark"), say("meaning"), say("inputs"), say("share"))
        caption = say("How well the inputs of {policy} are known", policy=base.label)
        tables.append(Table(caption, head, rows, words=len(head)))
        texts.append(
            say(
                "Inputs of {policy} that carry a mark of their source: {marked}. Of these assumed,"
                " because no published figure was found: {assumed}. Intervals do not cover what"
                " they may be wrong by.",
                marked=marks.marked,
                assumed=marks.assumed,
                policy=base.label,
            )
        )
    else:
        texts.append(say("No input of {policy} carries a mark of its source.", policy=base.label))
    table = None if facts.swings is None else inputs.swings(facts.swings)
    if table is None or table.empty:
        texts.append(
            say(
                "Which assumption could turn the answer was not tried: there is no table of a"
                " sensitivity study in this folder."
            )
        )
    else:
        turned, called = inputs.turning(table), path_called(facts.study.manifest)
        texts.append(
            say(
                "Assumptions that alone turn the answer within their range: {names}.",
                names=say(", ").join(map(called, turned)),
            )
            if turned
            else say("No assumption alone turns the answer within its range.")
        )
        tables.append(inputs.swing_table(table, called))
    folded = (inputs.source_table(base),) if marks.marked else ()
    title = say("What is known and what is assumed")
    return Section("inputs", title, tuple(texts), tuple(tables), (), folded)

"""Measures of each stage: stay, waiting, work, blocking and losses, by group of trucks."""

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.engines.log import DIVERTED, GAVE_UP
from portsim.measures.choices import CHOSEN, chosen_rows
from portsim.measures.durations import BLOCKED, PAPERS, PARTS
from portsim.measures.groups import Row
from portsim.measures.holdings import reached_last
from portsim.measures.measurement import Measurement
from portsim.measures.order import argsort_ints, at_ranks
from portsim.measures.papers import stages_needing
from portsim.measures.sums import sum_by
from portsim.measures.wanted import Wanted
from portsim.plan.contract import NEVER
from portsim.scenario.figure_notes import AT_LEAST

__all__ = ["stage_rows"]

_HOUR = 3600.0
_FEW = 0.001
_QUANTILES = {"p50": 0.5, "p95": 0.95}
_AGAIN, _STOPPED = "again_per_day", "interrupted_per_day"
_CONVOYS = ("convoys_per_day", "convoy_trucks_mean")
_PASSED, _STAYS = "throughput_per_day", ("stay_mean_h", "stay_p50_h", "stay_p95_h")


def stage_rows(run: Measurement, wanted: Wanted) -> list[Row]:
    """Rows whose place is a stage, except those of the queues."""
    if wanted.port_only:
        return []
    families = (
        _lasting(run, wanted),
        _stays(run) if wanted.any(*_STAYS) else {},
        _passes(run) if wanted.any(_PASSED) else {},
        _again(run) if wanted.any(_AGAIN) else {},
        _stopped(run) if wanted.any(_STOPPED) else {},
        _losses(run) if wanted.any("diverted", "given_up") else {},
        _convoys(run) if wanted.any(*_CONVOYS) else {},
        chosen_rows(*run.as_given, stages=True) if wanted.any(CHOSEN) else {},
    )
    stages = range(len(run.context.stage_names))
    return [row for stage in stages for family in families for row in family.get(stage, ())]


def _lasting(run: Measurement, wanted: Wanted) -> dict[int, list[Row]]:
    """Rows of each stage for what its visits consist of."""
    measures = [measure for measure in (*PARTS, BLOCKED, PAPERS) if wanted.any(measure)]
    needed = stages_needing(run.plan)
    if not measures:
        return {}
    lasted, groups = run.durations, run.groups
    counts = (lasted.count @ groups.table.T).tolist()
    totals = {m: (lasted.seconds(m) @ groups.table.T).tolist() for m in measures}
    cuts = {m: (lasted.cut(m) @ groups.table.T).tolist() for m in measures}
    rows: dict[int, list[Row]] = {}
    for number, place in enumerate(run.context.stage_names):
        count, rows_of_stage = counts[number], rows.setdefault(number, [])
        for measure in measures:
            if measure == BLOCKED and not lasted.keeping[number]:
                continue
            if measure == PAPERS and number not in needed:
                continue
            total, cut = totals[measure][number], cuts[measure][number]
            for g, name in enumerate(groups.names):
                n = int(count[g])
                if n or name == "all":
                    note = AT_LEAST if cut[g] > _FEW * n else ""
                    value = total[g] / n / _HOUR if n else np.nan
                    rows_of_stage.append((name, place, measure, value, n, note))
    return rows


def _passes(run: Measurement) -> dict[int, list[Row]]:
    """Rows of each stage for the trucks that it finished a day."""
    plan, log, context, spans, groups = run.plan, run.log, run.context, run.spans, run.groups
    days, shape = context.days, (len(context.stage_names), len(context.class_names))
    done = (log.finished >= context.start) & (log.finished < plan.end)
    passed = sum_by(spans.place, context.pieces[spans.truck] * done, shape[0] * shape[1])
    passes, comes = (passed.reshape(shape) @ groups.table.T).tolist(), groups.pass_by(context)
    return {
        number: [
            (groups.names[g], place, _PASSED, passes[number][g] / days, int(passes[number][g]), "")
            for g in np.flatnonzero(comes[number]).tolist()
        ]
        for number, place in enumerate(context.stage_names)
    }


def _again(run: Measurement) -> dict[int, list[Row]]:
    """Rows of each stage that a route may pass again, for those it finished of trucks that had been
    there before."""
    log, context, spans, groups = run.log, run.context, run.spans, run.groups
    rows: dict[int, list[Row]] = {}
    comes = groups.pass_by(context)
    for stage in [] if context.again is None else np.flatnonzero(context.again).tolist():
        visits = np.flatnonzero(run.plan.visit_stage == stage)
        truck, finished = spans.truck[visits], log.finished[visits]
        again = (finished >= context.start) & (np.diff(truck, prepend=-1) == 0)
        weight = np.where(again, context.pieces[truck], 0)
        counts, place = groups.sums(context.truck_class[truck], weight), context.stage_names[stage]
        rows[stage] = [
            (groups.names[g], place, _AGAIN, counts[g] / context.days, int(counts[g]), "")
            for g in np.flatnonzero(comes[stage]).tolist()
        ]
    return rows


def _stopped(run: Measurement) -> dict[int, list[Row]]:
    """Rows of each stage that takes servers which stop its work when they break: how often."""
    plan, context, spans, groups = run.plan, run.context, run.spans, run.groups
    rows: dict[int, list[Row]] = {}
    if plan.stops is None:
        return rows
    failing = plan.stops.fails
    stages = np.unique(spans.kinds.stage[(spans.kinds.take[:, failing] > 0).any(axis=1)])
    stops = run.log.stops
    visits = stops[(stops[:, 3] == 0) & (stops[:, 0] >= context.start), 1]
    truck, comes = spans.truck[visits], groups.pass_by(context)
    table = groups.tables(
        context.truck_class[truck],
        plan.visit_stage[visits],
        len(context.stage_names),
        context.pieces[truck],
    )
    for stage in stages.tolist():
        place = context.stage_names[stage]
        rows[stage] = [
            (groups.names[g], place, _STOPPED, table[g, stage] / context.days,
             int(table[g, stage]), "")
            for g in np.flatnonzero(comes[stage]).tolist()
        ]  # fmt: skip
    return rows


def _stays(run: Measurement) -> dict[int, list[Row]]:
    """Rows of each stage for the time from joining its queue to the end of the work there."""
    plan, log, context, spans, groups = run.plan, run.log, run.context, run.spans, run.groups
    size, stages = len(groups.names), len(context.stage_names)
    visits = np.flatnonzero(spans.reached & run.trial.stays[spans.truck])
    visits = np.repeat(visits, context.pieces[spans.truck[visits]])
    seconds = spans.done[visits] - log.queued[visits]
    order = argsort_ints(seconds)
    visits, seconds = visits[order], seconds[order]
    cls, base = context.truck_class[spans.truck[visits]], plan.visit_stage[visits] * size
    unfinished = np.flatnonzero(log.finished[visits] == NEVER)
    count, many_cut = (np.zeros(stages * size, dtype=np.int64) for _ in range(2))
    shortest_cut = np.full(stages * size, np.inf)
    longer = {share: np.full(stages * size, np.nan) for share in _QUANTILES}
    values = {measure: np.full(stages * size, np.nan) for measure in ("mean", *_QUANTILES)}
    for layer in groups.layers:
        code = base + layer[cls]
        n = np.bincount(code, minlength=stages * size)
        some = np.flatnonzero(n)
        count[some] = n[some]
        values["mean"][some] = sum_by(code, seconds, stages * size)[some] / n[some]
        for measure, share in _QUANTILES.items():
            values[measure][some], longer[measure][some] = _quantile(code, seconds, n, some, share)
        many_cut += np.bincount(code[unfinished], minlength=stages * size)
        cells, shortest = np.unique(code[unfinished], return_index=True)
        shortest_cut[cells] = seconds[unfinished[shortest]]
    # Where nobody came there is a row for all, without a figure.
    unvisited = np.arange(stages * size) % size == 0
    rows: dict[int, list[Row]] = {stage: [] for stage in range(stages)}
    for number in np.flatnonzero((count > 0) | unvisited).tolist():
        stage, group = divmod(number, size)
        for measure, table in values.items():
            value, weight = float(table[number]), int(count[number])
            few = many_cut[number] <= _FEW * weight
            # A quantile lies between two stays: if the longer one is cut, it may be any length.
            exact = (
                few if measure == "mean" else not shortest_cut[number] <= longer[measure][number]
            )
            name, place = groups.names[group], context.stage_names[stage]
            note = "" if exact else AT_LEAST
            rows[stage].append((name, place, f"stay_{measure}_h", value / _HOUR, weight, note))
    return rows


def _quantile(
    row: Ints, rising: Ints, count: Ints, some: Ints, share: float
) -> tuple[Reals, Reals]:
    """Quantiles of some rows of numbers, as `numpy.quantile` has them, in order of the numbers.

    And of the two numbers between which each lies, the larger.
    """
    place = (count - 1) * share
    below = np.floor(place).astype(np.int64)
    wanted = np.stack([below, np.minimum(below + 1, count - 1)])
    left, right = at_ranks(row, rising, wanted)[:, some]
    place, below = place[some], below[some]
    between = np.asarray(left + (place - below) * (right - left), dtype=np.float64)
    return between, np.where(place > below, right, left).astype(np.float64)


def _convoys(run: Measurement) -> dict[int, list[Row]]:
    """Rows of the stages that trucks leave in convoys: how many left, and of how many trucks."""
    plan, log, context, rules = run.plan, run.log, run.context, run.plan.convoys
    rows: dict[int, list[Row]] = {}
    for row in range(0 if rules is None else len(rules.stage)):
        assert rules is not None
        stage, most = int(rules.stage[row]), int(rules.count[row])
        left = log.admitted[(plan.visit_stage == stage) & (log.admitted >= context.start)]
        # More than a convoy may hold are several that left in one second.
        trucks = np.unique(left, return_counts=True)[1]
        convoys, place = int((-(-trucks // most)).sum()), context.stage_names[stage]
        mean = len(left) / convoys if convoys else np.nan
        rows[stage] = [
            ("all", place, _CONVOYS[0], convoys / context.days, convoys, ""),
            ("all", place, _CONVOYS[1], mean, convoys, ""),
        ]
    return rows


def _losses(run: Measurement) -> dict[int, list[Row]]:
    """Rows of each stage for who turned away there or gave up.

    Where trucks may leave there is a row, of 0 if none did: means go over all replications.
    """
    plan, log, context, groups = run.plan, run.log, run.context, run.groups
    stages = len(context.stage_names)
    rows: dict[int, list[Row]] = {stage: [] for stage in range(stages)}
    comes = groups.pass_by(context)
    for outcome, measure, moods in (
        (DIVERTED, "diverted", plan.visit_tolerance),
        (GAVE_UP, "given_up", plan.visit_patience),
    ):
        leave = np.flatnonzero(moods != NEVER)
        if not len(leave):
            continue
        trucks = np.flatnonzero((log.outcome == outcome) & (log.left >= context.start))
        last_stage = plan.visit_stage[reached_last(plan, log, trucks)]
        values = groups.tables(
            context.truck_class[trucks], last_stage, stages, context.pieces[trucks]
        )
        for stage in np.flatnonzero(np.bincount(plan.visit_stage[leave])).tolist():
            for g in np.flatnonzero(comes[stage]).tolist():
                name, value, place = groups.names[g], values[g, stage], context.stage_names[stage]
                rows[stage].append((name, place, measure, float(value), int(value), ""))
    return rows

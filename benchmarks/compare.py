"""One workload through portsim's engines and their peers: SimPy, Ciw, salabim and Cimba.

    python benchmarks/compare.py [--days N] [--rounds K]

All get the same arrivals and work times, drawn beforehand. The clock runs over the simulation
alone: what turns the draws into a plan, a network or lists is preparation on every side, and so is
working out the mean stay from what a model gives.
"""

import argparse
from functools import partial
from typing import Any

from peers import with_cimba, with_ciw, with_salabim, with_simpy
from plans import Run, engine, plan_of
from portsim.engines.log import RELEASED
from report import NOTHING, table
from timing import Entry, Job, take_turns
from workload import DAYS, Case, in_the_daytime, round_the_clock

DAYS_OF_AGREEMENT = 18
COMPILED, REFERENCE = "portsim, compiled engine", "portsim, SimPy engine"
SIMPY, CIW, SALABIM = "SimPy, a process a truck", "Ciw", "salabim, a component a truck"
DESKS, LIVES = "Cimba, a process a desk", "Cimba, a process a truck"

INTRODUCTION = """\
Four stations in a row: gate (2 servers, exponential 3 min), declaration (4, lognormal 10 min,
cv 0.5), with probability 0.3 inspection (3, lognormal 25 min, cv 0.7), release (2, exponential
3 min). Poisson arrivals round the clock. All models get the same arrivals and work times in whole
seconds, drawn before the clock starts; every peer can take them, so nobody draws inside, and every
peer can express both cases. The clock runs over the whole call of the engine, or the whole
simulation of a peer. Models take turns in rounds; compiled code is compiled before the first.
portsim keeps the complete log of every truck and Ciw its records, the others only the stay of each
truck (Cimba only the sum).

The mean stay has to agree. It differs by a little where things happen in the same second and a
model takes them in another order; the table of agreement shows that nothing else differs."""

NOTES = {
    COMPILED: "writes the full log",
    REFERENCE: "writes the full log",
    SIMPY: "keeps the stays",
    CIW: "keeps a record of each visit; ties by lot",
    SALABIM: "monitors off, `yield` mode (the faster one)",
    DESKS: "desks are processes, trucks are records; recording off",
    LIVES: "`Resource`s; recording off; ties in its own order",
}
BY_DAY = {
    COMPILED: "opening hours of the plan",
    REFERENCE: "opening hours of the plan",
    SIMPY: "who is first waits at the desk for the doors",
    CIW: "server schedules (new shifts come beside unfinished work; none lasts the night)",
    SALABIM: "capacity 0 at night",
    DESKS: "desks wait with the first truck for the doors",
    LIVES: "who is first waits at the desk for the doors",
}


def entries(case: Case, rounds: int) -> list[Entry]:
    """All that can be had here; hundredths of a second want more rounds, minutes fewer."""
    quick, slow = 3 * rounds, max(1, rounds // 2)
    found = []
    for name, short, compiled in ((COMPILED, "compiled", True), (REFERENCE, "simpy", False)):
        run = engine(short)
        if run is not None:
            turns = quick if compiled else rounds
            found.append(Entry(name, partial(_portsim, case, run), _mean_stay, turns, compiled))
    return [
        *found,
        Entry(SIMPY, partial(with_simpy.prepare, case), with_simpy.mean_stay, rounds),
        Entry(CIW, partial(with_ciw.prepare, case), with_ciw.mean_stay, slow),
        Entry(SALABIM, partial(with_salabim.prepare, case), with_salabim.mean_stay, slow),
        Entry(DESKS, partial(with_cimba.prepare, case), float, quick, True),
        Entry(LIVES, partial(with_cimba.prepare, case, with_cimba.Lives), float, quick, True),
    ]


def _portsim(case: Case, run: Run) -> Job:
    plan = plan_of(case)
    return lambda: (plan, run(plan))


def _mean_stay(outcome: Any) -> float:
    plan, log = outcome
    assert (log.outcome == RELEASED).all(), "some trucks are still inside at the end"
    return float((log.left - plan.arrival).mean())


def section(case: Case, rounds: int) -> str:
    """Measure a case and lay it out as a table."""
    measured = entries(case, rounds)
    take_turns(measured)
    best = {entry.name: entry.best for entry in measured}
    stay = {entry.name: entry.figure for entry in measured}
    head = (
        *("model", "best s", "median s", "rounds", "trucks/s"),
        *("× SimPy", "× Ciw", "mean stay s", "against SimPy", "note"),
    )
    notes = NOTES if case.hours is None else BY_DAY
    rows = [
        (
            entry.name,
            f"{entry.best:.4f}",
            f"{entry.median:.4f}",
            str(len(entry.seconds)),
            f"{case.trucks / entry.best:,.0f}",
            f"{best[SIMPY] / entry.best:.2f}",
            f"{best[CIW] / entry.best:.2f}",
            f"{entry.figure:,.3f}",
            _difference(entry.figure, stay[SIMPY]),
            notes[entry.name],
        )
        for entry in measured
    ]
    if COMPILED not in best:
        absent = [NOTHING] * (len(head) - 2)
        rows.insert(0, (COMPILED, *absent, "not in this checkout, or numba is missing"))
    title = f"## Case {case.title}\n\n{case.trucks:,} trucks in {case.days} days."
    return f"{title}\n\n{table(head, rows)}"


def agreement(days: int) -> str:
    """Without two things at once the models have no choice: stays are equal, or rules differ."""
    cases = [round_the_clock(days).finer(), in_the_daytime(days).finer()]
    stays: dict[str, list[float]] = {}
    for case in cases:
        for entry in entries(case, rounds=1):
            take_turns([entry])
            stays.setdefault(entry.name, []).append(entry.figure / case.tick)
    rows = [(name, *(f"{stay:,.3f}" for stay in both)) for name, both in stays.items()]
    if len({tuple(row[1:]) for row in rows}) > 1:
        raise RuntimeError(f"the models follow different rules: {rows}")
    text = f"Mean stay in seconds in the first {days} days, drawn in milliseconds: equal in all."
    return f"## Agreement\n\n{text}\n\n{table(('model', 'case (a)', 'case (b)'), rows)}"


def _difference(stay: float, reference: float) -> str:
    """Stays beyond a hundredth of the mean cannot come from ties alone: the rules differ."""
    apart = stay - reference
    if abs(apart) > 0.01 * reference:
        raise RuntimeError(f"mean stays disagree: {stay} s against {reference} s")
    return "equal" if abs(apart) < 1e-6 * reference else f"{apart:+.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="portsim against its peers")
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument(
        "--rounds", type=int, default=4, help="quick models get three times as many, slow ones half"
    )
    options = parser.parse_args()
    print(agreement(min(options.days, DAYS_OF_AGREEMENT)), end="\n\n", flush=True)
    for case in (round_the_clock(options.days), in_the_daytime(options.days)):
        print(section(case, options.rounds), end="\n\n", flush=True)


if __name__ == "__main__":
    main()

"""The plan: everything an engine is told, as plain integer arrays, and nothing it may look up.

An engine is a deterministic function from a `Plan` to a `portsim.engines.Log`. Names, weights and
calendar marks that only the measures need ride along in `Context`; no engine reads them. No
drawing of luck and no calendar arithmetic may enter this room's contract.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals

__all__ = [
    "BUDGET",
    "FITTING",
    "NEVER",
    "SERVERS",
    "SHORTEST",
    "STORE",
    "Again",
    "Beginning",
    "Context",
    "Convoys",
    "Duty",
    "Leaving",
    "Openings",
    "Paces",
    "Papers",
    "Plan",
    "Ranks",
    "SlotsAsked",
    "Stops",
    "Ways",
]

SERVERS, BUDGET, STORE = 0, 1, 2
"""Kinds of resources."""
SHORTEST, FITTING = 0, -1
"""Rules by which a way is chosen among those of a visit; others are numbers of trucks."""
NEVER = -1
"""Stands for a second that does not come, a patience or tolerance without end."""


@dataclass(frozen=True, slots=True)
class Duty:
    """What the work of some trucks at a stage takes, whether or not one of them comes."""

    stage: int
    needs: tuple[tuple[int, int], ...]
    """Servers taken at the admission, and how many."""
    uses: tuple[int, ...]
    """Servers held during the work, those kept from stages before among them; budgets spent."""


@dataclass(frozen=True, eq=False, slots=True)
class SlotsAsked:
    """What became of the trucks that wanted a slot within the run, those that never came among
    them: m trucks. Seconds are plan seconds and may lie outside of the run."""

    truck_class: Ints
    """int64[m]."""
    wanted: Ints
    """int64[m], second at which it would have come freely."""
    slot: Ints
    """int64[m], second at which its slot begins; no less than `wanted` where `got` is not."""
    given: NDArray[np.bool_]
    """bool[m], it has a slot."""
    got: NDArray[np.bool_]
    """bool[m], that slot has the second it wanted."""
    comes: NDArray[np.bool_]
    """bool[m], it keeps its slot."""
    arrival: Ints
    """int64[m], second at which it comes, if it does."""
    weight: Ints
    """int64[m], its pieces."""


@dataclass(frozen=True, eq=False, slots=True)
class Context:
    """What the measures need to know besides the arrays of the engine.

    Seconds are plan seconds (0 = start of the warm-up). n trucks, c classes.
    """

    origin: int
    """UTC epoch second of plan second 0."""
    start: int
    """First second of the period (after the warm-up); the period ends with the run."""
    limit: int
    """Seconds within which a truck should be released."""
    clock_stage: int
    """Stage at which the clock of the promise starts, -1 for the arrival."""
    class_names: tuple[str, ...]
    directions: tuple[str, ...]
    """Direction of each class, such as export or import."""
    stage_names: tuple[str, ...]
    routes: NDArray[np.bool_]
    """bool[s, c], whether a class has a stage in its route, though not all its trucks may pass."""
    resource_names: tuple[str, ...]
    truck_class: Ints
    """int64[n], index into class_names."""
    pieces: Ints
    """int64[n], weight of the truck in every count."""
    tonnes: Reals
    """float64[n]."""
    value: Reals
    """float64[n], value of the goods, in the currency of the scenario."""
    residents: Ints
    """int64[n]."""
    day_edges: Ints
    """int64[d + 1]: start and end of the period, and the local midnights between them."""
    month_edges: Ints
    """int64[months + 1]: the period cut at the firsts of the local months; empty where the period
    is not of whole days."""
    month_names: tuple[str, ...]
    """Names such as 2024-09 of the months between the edges."""
    nights: Ints
    """int64[k], the seconds of 04:00 local time in the period."""
    hour_of_week: Ints
    """int64[hours]: local hour of the week (Monday 00:00 = 0) of each hour from `start` on; empty
    where `start` is no full hour."""
    open_hours: Ints
    """int64[k, 2]: intervals in which the port counts as open, in [0, end)."""
    day_parts: Reals | None = None
    """float64[d], what part of each local day lies in the period; None: all of each."""
    wanted: Ints | None = None
    """int64[n], second at which each truck would have come without waiting for a slot; None: all
    came then."""
    slots: SlotsAsked | None = None
    """Who asked for slots; None: nobody."""
    clock_wanted: bool = False
    """The clock starts at the second that a truck wanted."""
    clock_admitted: bool = False
    """The clock starts when `clock_stage` admits the truck, else when it joins its queue."""
    rostered: NDArray[np.bool_] | None = None
    """bool[r], servers that have a calendar or a roster of their own; None: all have."""
    before: NDArray[np.bool_] | None = None
    """bool[n], trucks that had turned away or given up before, and come again; None: none may."""
    expected: NDArray[np.bool_] | None = None
    """bool[n], trucks that come again if they turn away or give up."""
    again: NDArray[np.bool_] | None = None
    """bool[s], stages that some route may pass more than once; None: it has none."""
    duties: tuple[Duty, ...] | None = None
    """What the routes take at each stage; None: what the visits of the plan take."""
    hours: tuple[Ints, ...] = ()
    """int64[k, 2] of each stage: its work time as if its servers were always on duty; empty if the
    work of no stage waits for them."""

    @property
    def days(self) -> float:
        """How many local days the period lasts, parts of days as parts."""
        return len(self.day_edges) - 1 if self.day_parts is None else float(self.day_parts.sum())

    @property
    def whole(self) -> NDArray[np.bool_]:
        """bool[d], which of the days lie in the period as a whole."""
        if self.day_parts is None:
            return np.ones(len(self.day_edges) - 1, dtype=bool)
        return np.asarray(self.day_parts == 1.0)


@dataclass(frozen=True, eq=False, slots=True)
class Beginning:
    """A port that is not empty when its run begins: what a log would say of the seconds before.

    Every truck of the plan that arrived before `second` is inside then: it has finished its visits
    up to one, and waits there or is at work. Such trucks have w visits in all, done and to come.
    Who came again, or is about to, is named.
    """

    second: int
    """The run is [second, end): nothing that happens at `second` has happened yet."""
    queued: Ints
    """int64[w], as in a log: seconds before `second`, or NEVER."""
    admitted: Ints
    finished: Ints
    level: Ints
    """int64[r], what is left of budgets and stores; not read for servers."""
    extra: Ints | None = None
    """int64[r], servers opened by the queue that are there; None: nowhere any."""
    due: Ints | None = None
    """int64[r], second at which one more is there that has been decided, or NEVER."""
    interrupted: Ints | None = None
    """int64[k, 3], works under way that a breakdown has stopped: the visit, the second since which
    it goes on, NEVER where it stands still, and the work to be done since then; None: there are
    none."""
    leaving: Ints | None = None
    """int64[r], servers whose shift has ended and that have a truck in hand; None: nobody."""
    again: Ints | None = None
    """int64[k], rising: trucks inside that do not come by themselves; None: there are none."""
    coming: Ints | None = None
    """int64[k, 2]: trucks that come again and are neither inside nor gone for good, and the second
    at which each comes; None: there are none."""
    papers: Ints | None = None
    """int64[w, 3], of the visits of papers as in a log; None: none has begun."""


@dataclass(frozen=True, eq=False, slots=True)
class Again:
    """Trucks that come again when they have turned away or given up: n trucks.

    Each coming that there may be is a truck of the plan of its own, alike but for its arrival: that
    is the second in which the one before left, and some seconds more. Those that do not come by
    themselves stand behind all others, and their arrival is the end of the run.
    """

    next: Ints
    """int64[n], the truck that comes if this one turns away or gives up, or NEVER; of a larger
    number, and no two the same."""
    after: Ints
    """int64[n], seconds (1 or more) from leaving to that coming; not read without a next one."""


@dataclass(frozen=True, eq=False, slots=True)
class Papers:
    """What is done for trucks beside them: p papers with w visits of their own.

    Papers go from visit to visit as trucks do, by the same rules; after all trucks where numbers
    decide, and without patience or tolerance. They begin at a second, or in the round after their
    truck joins the queue of one of its visits. A truck is not admitted to a visit while papers that
    are needed there are not done with all of theirs: where a stage allows overtaking it stands
    aside meanwhile, in the place of its key; elsewhere it holds up who is behind it. It claims
    nothing then. Neither papers nor trucks that need them pass a stage that trucks leave in
    convoys. When a truck leaves, its papers leave the queues in which they wait; work on them
    goes on to its end, and nothing follows.
    """

    belongs: Ints
    """int64[p], the truck, rising; NEVER where it is not in this plan, so that nobody waits for
    them. All papers of a truck stand together."""
    priority: Ints
    """int64[p], as of a truck."""
    begins: Ints
    """int64[p], second at which they join their first queue, or NEVER."""
    with_visit: Ints
    """int64[p], the visit of their truck with which they begin instead, or NEVER."""
    needed: Ints
    """int64[p], the visit of their truck that waits for them, or NEVER."""
    first_visit: Ints
    """int64[p + 1], as of trucks, from 0; none is without a visit."""
    visit_kind: NDArray[np.integer]
    """int32[w] or wider, kinds of the plan."""
    visit_work: Ints
    """int64[w]."""

    def __len__(self) -> int:
        return len(self.belongs)


@dataclass(frozen=True, eq=False, slots=True)
class Openings:
    """Servers opened by the queue: o rules, each of other servers, which watch w stages in all.

    When so many wait at one of its stages as the rule says, one more server is decided. It is there
    `after` seconds later, and no other is decided before; then the next one is, if still so many
    wait. When `until` or fewer wait at each of its stages, all extra servers close: they finish
    what they hold, as at the end of a shift, and the one that was decided does not come. Rules hold
    within their hours only; when these end, all close likewise. A rule looks at the queues as each
    round's admissions leave them: at those who could not go.
    """

    resource: Ints
    """int64[o], rising."""
    after: Ints
    """int64[o], seconds from the decision until a server is there; 0: it admits at once."""
    most: Ints
    """int64[o], extra servers at a time, 1 or more."""
    until: Ints
    """int64[o], fewer than any count of its stages."""
    watch_start: Ints
    """int64[o + 1]: rows of the next two columns that belong to each rule."""
    watch_stage: Ints
    watch_count: Ints
    """int64[w], number waiting, 1 or more, at which a server is decided."""
    within_start: Ints
    """int64[o + 1]: rows of `within` that belong to each rule."""
    within: Ints
    """int64[k, 2]: half-open intervals in which a rule holds, sorted, disjoint, in [0, end)."""

    def watches(self, rule: int) -> list[tuple[int, int]]:
        """The stages that a rule watches, each with the number waiting that decides."""
        rows = slice(int(self.watch_start[rule]), int(self.watch_start[rule + 1]))
        return list(
            zip(self.watch_stage[rows].tolist(), self.watch_count[rows].tolist(), strict=True)
        )

    def hours(self, rule: int) -> Ints:
        """Intervals int64[k, 2] in which a rule holds."""
        return self.within[int(self.within_start[rule]) : int(self.within_start[rule + 1])]


@dataclass(frozen=True, eq=False, slots=True)
class Stops:
    """Breakdowns that stop the work in hand: b of them, each of some servers of one kind.

    They are no part of the capacity, which falls by the same number in the same second. If fewer
    than those that broke were idle, the works that took the others stand still: of the works under
    way that took servers of the kind, those admitted last. Such works keep all that they hold. They
    go on, those admitted first before others, when of every kind of server that may break so and
    that they took as many are there as they took, beside those of the works that do not stand.
    """

    time: Ints
    """int64[b], rising, in (0, end)."""
    resource: Ints
    count: Ints
    """int64[b], servers that break together, 1 or more."""
    anew: NDArray[np.bool_]
    """bool[b], the works that they stop begin anew when they go on; else what was done is done."""
    fails: NDArray[np.bool_]
    """bool[r], kinds of servers that may break so, whether or not one does."""


@dataclass(frozen=True, eq=False, slots=True)
class Leaving:
    """Shifts that overlap: who ends its shift finishes the truck in hand beside the next shift.

    c ends of shifts, of so many servers of one kind each, in the seconds in which the capacity
    changes. Just before it does, of those that are in use as many as those who stay cannot take
    over *leave*: they are in use no more, and what comes back of the kind comes back to them first,
    to be free for nobody. Each visit gives back at its end what it took of such servers, and they
    do not break amid work.
    """

    time: Ints
    """int64[c], rising, in (0, end)."""
    resource: Ints
    count: Ints
    """int64[c], servers whose shift ends, 1 or more."""
    overlaps: NDArray[np.bool_]
    """bool[r], kinds of servers whose shifts overlap, whether or not one ends."""


@dataclass(frozen=True, eq=False, slots=True)
class Paces:
    """How long work lasts by the second in which it begins: s stages.

    A truck that is admitted within the run works for (work * milli + 500) // 1000 seconds, with the
    milli of its stage that holds in the second of its admission. What was begun before a
    `Beginning` lasts as long as its visit says.
    """

    start: Ints
    """int64[s + 1]: rows of the next two columns that belong to each stage, one at least."""
    since: Ints
    """int64[k], seconds from which each holds; rising, the first of a stage 0."""
    milli: Ints
    """int64[k], thousandths, from 100 to 5000."""

    def of(self, stage: int) -> tuple[Ints, Ints]:
        """Seconds and thousandths of a stage."""
        rows = slice(int(self.start[stage]), int(self.start[stage + 1]))
        return self.since[rows], self.milli[rows]


@dataclass(frozen=True, eq=False, slots=True)
class Convoys:
    """Stages whose trucks leave the queue together: c of them.

    In each round, before the admissions, a convoy departs from such a stage if it admits and
    `count` or more wait there, or the one that has waited longest has done so for `after` seconds:
    the first `count` are admitted, all if fewer wait. Then again. Nobody else is admitted there.
    Visits of such a stage take nothing; it neither claims nor lets overtake.
    """

    stage: Ints
    """int64[c], rising."""
    count: Ints
    """int64[c], 1 or more."""
    after: Ints
    """int64[c], seconds, 1 or more; or NEVER."""


@dataclass(frozen=True, eq=False, slots=True)
class Ranks:
    """Who goes first by kind of visit, in place of the priority of the truck: k kinds.

    At a second the *level* of a visit is its priority, less one for each time `rises` that it has
    waited in its queue; the smaller level goes first, then who joined earlier, then the number.
    At a stage at which visits of some kind rise, the first of each priority and rise is a candidate
    beside the others, as the first of each need is where overtaking is allowed: it need not wait
    for one that goes before it and lacks something. Nothing claims where anything rises.
    """

    priority: Ints
    """int64[k]."""
    rises: Ints
    """int64[k], seconds, 1 or more; or NEVER."""
    claims: NDArray[np.bool_]
    """bool[k], of the kinds at stages that claim, those that do."""

    @property
    def rise(self) -> bool:
        """Whether visits of any kind rise."""
        return bool((self.rises != NEVER).any())

    def of(self, kinds: Ints) -> "Ranks":
        """Those of some kinds."""
        return Ranks(self.priority[kinds], self.rises[kinds], self.claims[kinds])


@dataclass(frozen=True, eq=False, slots=True)
class Ways:
    """Visits of trucks that may be made in several ways: w of them, with o ways in all.

    Each way has a kind and a work; the first is what the visit itself says. One is chosen, once and
    for all, as the truck joins the queue, before its tolerance is asked, by those who wait then:

    - SHORTEST: the one at whose stage the fewest wait and are at work, of those that are *open*:
      its stage admits, and of all servers that it takes there are as many as it takes, idle or
      not; of all, if none is open. Among equals the first.
    - a number n: of two ways the second, if n or more wait at the stage of the first, and the
      second is open; else the first.

    Or at the admission: FITTING ways are all of one stage, which neither claims nor lets overtake,
    have one rank, and give back alike at the admission and later. Who waits is admissible if one of
    them is, and goes the first that is.
    """

    visit: Ints
    """int64[w], rising."""
    rule: Ints
    """int64[w], SHORTEST, FITTING, or a number of 1 or more."""
    start: Ints
    """int64[w + 1]: rows of the next two columns that belong to each visit; two at least."""
    kind: Ints
    work: Ints
    """int64[o], seconds."""

    def of(self, row: int) -> list[tuple[int, int]]:
        """Kind and work of each way of one of the visits."""
        rows = slice(int(self.start[row]), int(self.start[row + 1]))
        return list(zip(self.kind[rows].tolist(), self.work[rows].tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Plan:
    """The whole contract of an engine: n trucks, v visits of k kinds, s stages, r resources, l
    token lists.

    Visits are many and few differ in stage and tokens, so each names its kind in place of all that
    the kind says. Kinds need not differ from each other, nor have a visit. Token lists are rows of
    a table in compressed form: list k holds the pairs (`list_resource[i]`, `list_count[i]`) for i
    in [`list_start[k]`, `list_start[k + 1]`); list 0 is empty. Trucks are numbered by their rank;
    the visits of truck k are [`first_visit[k]`, `first_visit[k + 1]`).
    """

    end: int
    """The run is [0, end) seconds, unless a `beginning` says otherwise."""
    arrival: Ints
    """int64[n], rising, all in [0, end); `end` of those that come only in the place of others."""
    priority: Ints
    """int64[n], the smaller goes first."""
    first_visit: Ints
    """int64[n + 1]."""
    visit_kind: NDArray[np.integer]
    """int32[v] or wider, in [0, k)."""
    visit_work: Ints
    """int64[v], seconds of work, 0 or more."""
    visit_patience: Ints
    """int64[v], seconds (1 or more) after which the truck leaves this queue, or NEVER."""
    visit_tolerance: Ints
    """int64[v], number waiting at which the truck turns away, or NEVER."""
    kind_stage: Ints
    """int64[k]."""
    kind_take: Ints
    """int64[k], token list taken at the admission."""
    kind_give_in: Ints
    """int64[k], token list given back at the admission."""
    kind_give_out: Ints
    """int64[k], token list given back or offered at the end of the work."""
    list_start: Ints
    """int64[l + 1]."""
    list_resource: Ints
    list_count: Ints
    """Counts of 1 or more."""
    resource_kind: Ints
    """int64[r]: SERVERS, BUDGET or STORE."""
    resource_initial: Ints
    """int64[r]: capacity or level at second 0."""
    change_time: Ints
    """int64[c]: capacity steps and refills in (0, end), by time, steps before refills, resource.
    Those before a `beginning` have happened."""
    change_resource: Ints
    change_value: Ints
    """int64[c]: the new capacity of servers, or the level a budget is set to."""
    stage_pause: NDArray[np.bool_]
    """bool[s]: work pauses outside the work time; else it is finished."""
    stage_claims: NDArray[np.bool_]
    stage_overtaking: NDArray[np.bool_]
    admit_start: Ints
    """int64[s + 1]: rows of `admit` that belong to each stage."""
    admit: Ints
    """int64[k, 2]: half-open intervals in which a stage admits, sorted, disjoint, in [0, end)."""
    work_start: Ints
    """int64[s + 1]: rows of `work` that belong to each stage."""
    work: Ints
    """int64[k, 2]: half-open intervals of work time of a stage, in [0, end)."""
    openings: Openings | None = None
    """Servers that are opened by the queue, besides the capacity above; None: nowhere any."""
    stops: Stops | None = None
    """Breakdowns that stop the work in hand; None: each is finished first."""
    leaving: Leaving | None = None
    """Shifts that overlap; None: what a shift has in hand keeps the next one from new work."""
    again: Again | None = None
    """Who comes again when it has turned away or given up; None: nobody."""
    papers: Papers | None = None
    """What is done for trucks beside them; None: nothing."""
    paces: Paces | None = None
    """How work depends on when it begins; None: it does not, anywhere."""
    convoys: Convoys | None = None
    """Stages that trucks leave in convoys; None: nowhere."""
    ranks: Ranks | None = None
    """Who goes first by kind of visit; None: by the priority of the truck, and at a stage that
    claims all do."""
    ways: Ways | None = None
    """Visits that may be made in several ways; None: there is one for each."""
    could_take: tuple[tuple[int, ...], ...] | None = None
    """Of each kind the token lists of which a truck could have taken any, that of the kind first.
    For measures: known of a run only (`as_it_went`), no engine asks. None: that of the kind."""
    beginning: Beginning | None = None
    """Who is inside when the run begins; None: it begins at second 0, and nobody is."""
    context: Context | None = field(default=None, repr=False)

    @property
    def trucks(self) -> int:
        """Number of trucks."""
        return len(self.arrival)

    @property
    def visits(self) -> int:
        """Number of visits."""
        return len(self.visit_kind)

    @property
    def begin(self) -> int:
        """The second at which the run begins."""
        return 0 if self.beginning is None else self.beginning.second

    @cached_property
    def visit_stage(self) -> Ints:
        """int64[v], the stage of each visit."""
        return np.asarray(self.kind_stage[self.visit_kind])

    @property
    def visit_take(self) -> Ints:
        """int64[v], token list taken at the admission of each visit."""
        return np.asarray(self.kind_take[self.visit_kind])

    @property
    def visit_give_in(self) -> Ints:
        """int64[v], token list given back at the admission of each visit."""
        return np.asarray(self.kind_give_in[self.visit_kind])

    @property
    def visit_give_out(self) -> Ints:
        """int64[v], token list given back or offered at the end of each visit's work."""
        return np.asarray(self.kind_give_out[self.visit_kind])

    def tokens(self, row: int) -> tuple[tuple[int, int], ...]:
        """Token list `row` as pairs of resource and count."""
        rows = slice(int(self.list_start[row]), int(self.list_start[row + 1]))
        return tuple(
            zip(self.list_resource[rows].tolist(), self.list_count[rows].tolist(), strict=True)
        )

    def course(self, resource: int) -> tuple[Ints, Ints]:
        """Seconds from which a resource has a capacity or level, the first 0, and these values."""
        changes = self.change_resource == resource
        times = np.concatenate([[0], self.change_time[changes]])
        values = np.concatenate([self.resource_initial[[resource]], self.change_value[changes]])
        return times, values

    def admits(self, stage: int) -> Ints:
        """Intervals int64[k, 2] in which a stage admits."""
        return self.admit[int(self.admit_start[stage]) : int(self.admit_start[stage + 1])]

    def works(self, stage: int) -> Ints:
        """Intervals int64[k, 2] of work time of a stage."""
        return self.work[int(self.work_start[stage]) : int(self.work_start[stage + 1])]

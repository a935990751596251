"""The room of measures, its bench: a run lies here with all that was worked out of it so far."""

from functools import cached_property

import numpy as np

from portsim.arrays import Ints
from portsim.calendars import Intervals
from portsim.engines.came import as_it_came
from portsim.engines.log import Log
from portsim.engines.together import together
from portsim.measures.balance import check_balance
from portsim.measures.cohort import Cohort
from portsim.measures.durations import Durations
from portsim.measures.groups import Groups
from portsim.measures.loads import DailyLoads, daily_loads
from portsim.measures.opened_servers import as_run
from portsim.measures.presences import Presences
from portsim.measures.spans import Spans, context_of
from portsim.measures.staffing import Staffing, open_times, staffing
from portsim.measures.trial import Trial
from portsim.plan.contract import Plan

__all__ = ["Measurement"]


class Measurement:
    """A run being measured: a plan with its context, and the log that an engine made of it, with
    every coming of a truck as a truck of its own.

    What measures are made of is worked out when the first of them asks for it, and kept for the
    others. Whoever wants few measures pays for these alone.
    """

    def __init__(self, plan: Plan, log: Log) -> None:
        """Take up a run.

        Raises:
            PortsimError: trucks do not balance, or Little's law does not hold.
            ValueError: the plan was built without a context.
        """
        self.as_given = plan, log
        plan, self.log = as_it_came(plan, log)
        self.as_planned = plan
        self.plan, self.context = as_run(plan, self.log), context_of(plan)
        self.spans = Spans(self.plan, self.log)
        check_balance(plan, self.log, self.inside)

    @property
    def with_papers(self) -> "Measurement":
        """The run with the papers of its trucks as trucks of no weight: for all that resources are
        asked, and who holds them. Itself without papers."""
        # Kept, it would refer to itself, and its arrays would live until the next collection.
        return self if self.plan.papers is None else self._with_papers

    @cached_property
    def _with_papers(self) -> "Measurement":
        return Measurement(*together(self.as_planned, self.log))

    @property
    def opened_by_queue(self) -> frozenset[int]:
        """The servers of which queues open more."""
        rules = self.as_planned.openings
        return frozenset() if rules is None else frozenset(rules.resource.tolist())

    @property
    def beyond_capacity(self) -> frozenset[int]:
        """The servers of which trucks may take more than are free by the roster."""
        leaving = self.plan.leaving
        overlap = [] if leaving is None else np.flatnonzero(leaving.overlaps).tolist()
        return self.opened_by_queue.union(overlap)

    @cached_property
    def groups(self) -> Groups:
        """The groups for which figures are given."""
        return Groups.of(self.context)

    @cached_property
    def trial(self) -> Trial:
        """Which trucks the promise and the stays are judged by."""
        return Trial.of(self.plan, self.log)

    @cached_property
    def cohort(self) -> Cohort:
        """The stays that count."""
        return Cohort(self.plan, self.log, self.trial, self.groups)

    @cached_property
    def durations(self) -> Durations:
        """What the visits of these trucks took."""
        return Durations(self.plan, self.log, self.spans, self.trial)

    @cached_property
    def inside(self) -> Presences:
        """The trucks from arrival to leaving, or the end; a row for each class."""
        context = self.context
        classes = len(context.class_names)
        out, pieces = self.spans.out, context.pieces
        return Presences(self.plan.arrival, out, pieces, context.truck_class, classes)

    @cached_property
    def queues(self) -> Presences:
        """Everybody who waited in the period; a row for each class at each stage."""
        context, spans, queued = self.context, self.spans, self.log.queued
        waited = spans.reached & (spans.until > np.maximum(queued, context.start))
        visits = np.flatnonzero(waited)
        weight = context.pieces[spans.truck[visits]]
        rows = len(context.stage_names) * len(context.class_names)
        return Presences(queued[visits], spans.until[visits], weight, spans.place[visits], rows)

    @cached_property
    def open_times(self) -> list[Intervals]:
        """When some stage that uses a resource was open, for each resource."""
        every = self.with_papers
        return open_times(self.plan, every.spans.kinds)

    @cached_property
    def staffing(self) -> dict[int, Staffing]:
        """The staffing of each kind of servers, by number."""
        return staffing(self.plan, self.open_times)

    @cached_property
    def daily_loads(self) -> DailyLoads:
        """What the trucks asked of each resource, with their papers, and what it had for them."""
        every = self.with_papers
        return daily_loads(every.plan, every.spans.kinds, self.open_times, self.staffing)

    @cached_property
    def staying(self) -> Ints:
        """int64[n], pieces of the trucks whose stay counts, 0 of the others."""
        return np.where(self.trial.stays, self.context.pieces, 0)

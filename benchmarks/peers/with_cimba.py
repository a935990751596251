"""Cimba (compiled Python on a core in C), in both ways its tutorials show.

`Desks`: the servers are processes and trucks are records that go from store to store, the way of
its README and of its own benchmark, and the faster one. `Lives`: a process for each truck and a
`Resource` for each station, nearest to SimPy.

Draws come in as traces (`inputs.trace`). The stays are summed up by hand and the window of
measurement opens after the end, as in Cimba's own benchmark: nothing is recorded on the way.
Compiled code names its stations, so these models know exactly the four of the workload.
"""

from collections.abc import Callable

import cimba as cb
import numpy as np
from cimba import inputs

from workload import STATIONS, Case

AFTER_THE_END = 1e15
GATES, DECLARATIONS, INSPECTIONS, RELEASES = (station.servers for station in STATIONS)


class Record(cb.Model):
    came: float
    at_gate: float
    at_declaration: float
    at_inspection: float
    at_release: float


class Port(cb.Model):
    """What both ways share: the draws, the hours, the sum of the stays."""

    gap: cb.Input[float]
    gate_work: cb.Input[float]
    declaration_work: cb.Input[float]
    inspection_work: cb.Input[float]
    release_work: cb.Input[float]
    opens: cb.Param[float]
    closes: cb.Param[float]
    day: cb.Param[float]
    total: float = 0.0
    done: int = 0
    mean_stay: cb.Output[float]
    released: cb.Output[int]

    @cb.function
    def serve(self, work: float) -> None:
        """Wait at the desk for the doors to open, as in SimPy, then work."""
        if self.closes < self.day:  # round the clock it shall not even look at the hour
            hour = cb.now() % self.day
            if hour < self.opens or hour >= self.closes:
                cb.hold((self.opens - hour) % self.day)
        cb.hold(work)

    @cb.on_end
    def measure(self):
        self.mean_stay = self.total / self.done
        self.released = self.done


class Desks(Port):
    gate: cb.Store[Record]
    declaration: cb.Store[Record]
    inspection: cb.Store[Record]
    release: cb.Store[Record]

    @cb.process
    def arrivals(self):
        while self.gap.remaining() > 0:
            cb.hold(self.gap.next())
            truck = cb.spawn(
                Record,
                came=cb.now(),
                at_gate=self.gate_work.next(),
                at_declaration=self.declaration_work.next(),
                at_inspection=self.inspection_work.next(),
                at_release=self.release_work.next(),
            )
            self.gate.put(truck)

    @cb.process(copies=GATES)
    def gate_desk(self):
        while True:
            truck = self.gate.get()
            self.serve(truck.at_gate)
            self.declaration.put(truck)

    @cb.process(copies=DECLARATIONS)
    def declaration_desk(self):
        while True:
            truck = self.declaration.get()
            self.serve(truck.at_declaration)
            if truck.at_inspection >= 0.0:
                self.inspection.put(truck)
            else:
                self.release.put(truck)

    @cb.process(copies=INSPECTIONS)
    def inspection_desk(self):
        while True:
            truck = self.inspection.get()
            self.serve(truck.at_inspection)
            self.release.put(truck)

    @cb.process(copies=RELEASES)
    def release_desk(self):
        while True:
            truck = self.release.get()
            self.serve(truck.at_release)
            self.total += cb.now() - truck.came
            self.done += 1
            cb.release(truck)


class Truck(cb.Model):
    port: cb.Ref["Lives"]
    at_gate: float
    at_declaration: float
    at_inspection: float
    at_release: float

    @cb.process
    def life(self):
        port = self.port
        came = cb.now()
        port.gate.acquire()
        port.serve(self.at_gate)
        port.gate.release()
        port.declaration.acquire()
        port.serve(self.at_declaration)
        port.declaration.release()
        if self.at_inspection >= 0.0:
            port.inspection.acquire()
            port.serve(self.at_inspection)
            port.inspection.release()
        port.release.acquire()
        port.serve(self.at_release)
        port.release.release()
        port.total += cb.now() - came
        port.done += 1
        cb.release(self)


class Lives(Port):
    gate: cb.Resource = cb.Resource(capacity=GATES)
    declaration: cb.Resource = cb.Resource(capacity=DECLARATIONS)
    inspection: cb.Resource = cb.Resource(capacity=INSPECTIONS)
    release: cb.Resource = cb.Resource(capacity=RELEASES)

    @cb.process
    def arrivals(self):
        while self.gap.remaining() > 0:
            cb.hold(self.gap.next())
            cb.spawn(
                Truck,
                port=self,
                at_gate=self.gate_work.next(),
                at_declaration=self.declaration_work.next(),
                at_inspection=self.inspection_work.next(),
                at_release=self.release_work.next(),
            )


def prepare(case: Case, way: type[Port] = Desks) -> Callable[[], float]:
    port = way()
    port.gap = inputs.trace(np.diff(case.arrival, prepend=0))
    port.gate_work, port.declaration_work, port.inspection_work, port.release_work = (
        inputs.trace(works) for works in case.work.T
    )
    port.opens, port.closes = (float(moment) for moment in case.hours or (0, case.day))
    port.day = float(case.day)
    window = cb.Window(warmup=AFTER_THE_END, duration=1.0)

    def simulate() -> float:
        results = cb.Experiment(port, window=window).run()
        if results.failed.any():
            raise RuntimeError(f"cimba failed: {results.failure_reasons}")
        if int(results[port].released.values[0, 0]) != case.trucks:
            raise RuntimeError("cimba has not released every truck")
        return float(results[port].mean_stay.values[0, 0])

    return simulate

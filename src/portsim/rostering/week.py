"""The week of a roster: what may be chosen, and whom it puts where in each stretch of the week.

Between two neighbouring edges nobody comes, goes or has a break: there the number on duty is one
number, whoever is chosen. Nothing is chosen here and nothing is run.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from portsim.arrays import Ints, Reals
from portsim.errors import InputError
from portsim.scenario.model import Scenario
from portsim.scenario.shifts import Shifts
from portsim.scenario.tours import WEEK_MIN, Day, Shift, Tour, tours

__all__ = ["Choices", "Task", "choices"]

_DAY_MIN = 1440


@dataclass(frozen=True, slots=True)
class Task:
    """A shift that begins on a weekday, worked by some people at a post."""

    people: str
    post: str
    day: int
    shift: Shift


@dataclass(frozen=True, eq=False, slots=True)
class Choices:
    """What may be chosen: t turns, and k tasks to which who works them is given; p posts, c cells.

    A column is a turn or, behind the turns, a task. Who can do one post only needs no tasks as
    columns: there a turn says all.
    """

    shifts: Shifts
    posts: tuple[str, ...]
    tours: tuple[Tour, ...]
    tasks: tuple[Task, ...]
    edges: Ints
    """int64[c + 1], minutes of the week, the first 0, the last 10,080."""
    present: tuple[sparse.csr_matrix, ...]
    """Of each post [c, t + k]: how many of a column are at the post."""
    answering: tuple[sparse.csr_matrix, ...]
    """The same, with those in a break that nobody must cover."""
    given: sparse.csr_matrix
    """[rows, t + k]: who begins a shift less who is given a task of it; each row is 0."""
    most: Reals
    """float64[t + k], so many at most."""
    cost: Reals
    """float64[t + k], a week."""
    people: sparse.csr_matrix
    """[people, t + k], persons of each column."""

    @property
    def hours(self) -> Reals:
        """float64[c], how long each cell is."""
        return np.diff(self.edges) / 60.0

    def on_duty(self, chosen: Ints) -> Ints:
        """Servers at each post in each cell, int64[p, c], of int64[t + k] chosen."""
        return np.array([np.rint(table @ chosen) for table in self.present], dtype=np.int64)

    def spread(self, chosen: Ints) -> dict[Task, int]:
        """How many work each task: of int64[t + k] chosen."""
        count: dict[Task, int] = {}
        for number, task in enumerate(self.tasks):
            if chosen[len(self.tours) + number]:
                count[task] = int(chosen[len(self.tours) + number])
        for tour, many in zip(self.tours, chosen.tolist(), strict=False):
            able = self.shifts.people[tour.people].posts
            if many and len(able) == 1:
                for (day, shift), each in tour.duty.items():
                    task = Task(tour.people, able[0], day, shift)
                    count[task] = count.get(task, 0) + many * each
        return count

    def pay(self, chosen: Ints) -> dict[tuple[str, Day], float]:
        """What some people are paid for beginning a shift on a weekday, on the average of those
        who do: of int64[t + k] chosen."""
        sums: dict[tuple[str, Day], tuple[float, int]] = {}
        for tour, many in zip(self.tours, chosen.tolist(), strict=False):
            for day, each in tour.duty.items() if many else ():
                paid, begun = sums.get((tour.people, day), (0.0, 0))
                sums[tour.people, day] = paid + many * each * tour.pay[day], begun + many * each
        return {key: paid / begun for key, (paid, begun) in sums.items()}


def choices(scenario: Scenario) -> Choices:
    """What the shifts of a scenario let one choose.

    Raises:
        InputError: it has no shifts.
    """
    shifts = scenario.shifts
    if shifts is None:
        raise InputError(
            f"{scenario.name}: no `shifts`\n    hint: write below shifts who may work when, or in "
            "a file of its own and give it with --shifts FILE"
        )
    every = tuple(tours(shifts))
    posts = shifts.staffed
    days: dict[tuple[str, Day], None] = {}
    for tour in every:
        if len(shifts.people[tour.people].posts) > 1:
            days |= dict.fromkeys((tour.people, day) for day in tour.duty)
    tasks = tuple(
        Task(people, post, day, shift)
        for people, (day, shift) in days
        for post in dict.fromkeys(shifts.people[people].posts)
    )
    edges = _edges([day for tour in every for day in tour.duty])
    return Choices(
        shifts=shifts,
        posts=posts,
        tours=every,
        tasks=tasks,
        edges=edges,
        present=_covers(shifts, posts, every, tasks, edges, answering=False),
        answering=_covers(shifts, posts, every, tasks, edges, answering=True),
        given=_given(every, tasks, list(days)),
        most=np.array(
            [_most(shifts, tour) for tour in every] + [np.inf] * len(tasks), dtype=np.float64
        ),
        cost=np.array([tour.cost for tour in every] + [0.0] * len(tasks), dtype=np.float64),
        people=_people(shifts, every, len(tasks)),
    )


def _most(shifts: Shifts, tour: Tour) -> float:
    most = shifts.people[tour.people].most
    return np.inf if most is None else most // tour.persons


def _edges(days: list[Day]) -> Ints:
    marks = {0, WEEK_MIN, *range(0, WEEK_MIN, _DAY_MIN)}
    for day, shift in days:
        for spans in (shift.spans, shift.answering):
            marks |= {(day * _DAY_MIN + s // 60) % WEEK_MIN for span in spans for s in span}
    return np.array(sorted(marks), dtype=np.int64)


def _covers(
    shifts: Shifts,
    posts: tuple[str, ...],
    every: tuple[Tour, ...],
    tasks: tuple[Task, ...],
    edges: Ints,
    *,
    answering: bool,
) -> tuple[sparse.csr_matrix, ...]:
    shape = len(edges) - 1, len(every) + len(tasks)
    tables = [sparse.lil_matrix(shape) for _ in posts]

    def add(post: str, column: int, day: int, shift: Shift, count: int) -> None:
        for start, end in shift.answering if answering else shift.spans:
            low, high = day * _DAY_MIN + start // 60, day * _DAY_MIN + end // 60
            for shifted in (0, WEEK_MIN):
                first = np.searchsorted(edges, max(low - shifted, 0))
                last = np.searchsorted(edges, min(max(high - shifted, 0), WEEK_MIN))
                for cell in range(first, last):
                    tables[posts.index(post)][cell, column] += count

    for number, tour in enumerate(every):
        able = shifts.people[tour.people].posts
        if len(able) == 1:
            for (day, shift), count in tour.duty.items():
                add(able[0], number, day, shift, count)
    for number, task in enumerate(tasks, len(every)):
        add(task.post, number, task.day, task.shift, 1)
    return tuple(table.tocsr() for table in tables)


def _given(
    every: tuple[Tour, ...], tasks: tuple[Task, ...], days: list[tuple[str, Day]]
) -> sparse.csr_matrix:
    table = sparse.lil_matrix((len(days), len(every) + len(tasks)))
    row = {day: number for number, day in enumerate(days)}
    for number, tour in enumerate(every):
        for day, count in tour.duty.items():
            if (tour.people, day) in row:
                table[row[tour.people, day], number] = count
    for number, task in enumerate(tasks, len(every)):
        table[row[task.people, (task.day, task.shift)], number] = -1
    return table.tocsr()


def _people(shifts: Shifts, every: tuple[Tour, ...], tasks: int) -> sparse.csr_matrix:
    table = sparse.lil_matrix((len(shifts.people), len(every) + tasks))
    names = list(shifts.people)
    for number, tour in enumerate(every):
        table[names.index(tour.people), number] = tour.persons
    return table.tocsr()

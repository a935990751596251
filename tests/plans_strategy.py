"""Random small days for Hypothesis: coarse seconds, few servers, every rule within reach."""

from hypothesis import strategies as st
from plans import BUDGET, NEVER, SERVERS, STORE, Day, Resource, Stage, Truck, Visit

RESOURCES = ("lanes", "officers", "permits", "tractors")
STAGES = ("gate", "declaration", "inspection", "release")

_rarely = st.sampled_from((False, False, False, True))
_sometimes = st.sampled_from((False, False, True))


@st.composite
def days(draw: st.DrawFn) -> Day:
    """A day of up to 80 seconds, 14 trucks and 42 visits."""
    end = draw(st.integers(25, 80))
    resources = draw(_resources(end))
    stages = {name: draw(_stages(end)) for name in STAGES[: draw(st.integers(1, 4))]}
    # Trucks come in a few kinds that share a route and what it takes; times are their own.
    kinds = [draw(_routes(resources, tuple(stages))) for _ in range(draw(st.integers(1, 4)))]
    gaps = st.sampled_from((0, 0, 0, 1, 1, 2, 4, 8))
    trucks, now = [], 0
    for _ in range(draw(st.sampled_from((14, 12, 10, 8, 6, 4, 2, 1)))):
        now = min(now + draw(gaps), end - 1)
        kind = draw(st.sampled_from(kinds))
        trucks.append(Truck(now, [_own(draw, visit) for visit in kind], draw(st.integers(0, 1))))
    return Day(end, resources, stages, trucks)


plans = days().map(Day.plan)
"""Such days as plans."""


@st.composite
def _resources(draw: st.DrawFn, end: int) -> dict[str, Resource]:
    seconds = st.lists(st.integers(1, end - 1), max_size=3, unique=True).map(sorted)
    found = {}
    for name in RESOURCES[: draw(st.sampled_from((3, 2, 4, 1)))]:
        kind = SERVERS if not found else draw(st.sampled_from((SERVERS, BUDGET, STORE)))
        few = st.sampled_from((2, 1, 3, 0) if kind == SERVERS else (3, 6, 1, 0))
        times = [] if kind == STORE else draw(seconds)
        initial = draw(st.sampled_from((3, 2, 1))) if kind == SERVERS else draw(few)
        found[name] = Resource(kind, initial, [(second, draw(few)) for second in times])
    return found


@st.composite
def _stages(draw: st.DrawFn, end: int) -> Stage:
    hours, closures = None, []
    if draw(st.booleans()):
        edges = draw(
            st.lists(st.integers(0, end // 4), min_size=2, max_size=6, unique=True).map(sorted)
        )
        hours = [(4 * a, 4 * b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    if draw(_sometimes):
        start = draw(st.integers(0, end - 2))
        closures = [(start, min(end, start + draw(st.integers(1, 8))))]
    return Stage(
        hours,
        last_entry=draw(st.sampled_from((0, 0, 2, 5))) if hours else 0,
        closures=closures,
        pause=draw(st.booleans()),
        claims=draw(st.booleans()),
        overtaking=draw(_sometimes),
    )


@st.composite
def _routes(
    draw: st.DrawFn, resources: dict[str, Resource], stages: tuple[str, ...]
) -> list[Visit]:
    """A route with its tokens; what servers it takes it gives back somewhere on its way."""
    length = draw(st.sampled_from((3, 2, 2, 1, 3, 2, 3, 1, 3, 2, 3, 0)))
    route = [Visit(draw(st.sampled_from(stages)), 0, give_out={}) for _ in range(length)]
    for here, visit in enumerate(route):
        take: dict[str, int] = {}
        for name, resource in resources.items():
            if draw(_rarely if name == "lanes" else st.booleans()):
                continue
            if resource.kind == STORE and draw(st.booleans()):
                _add(visit.give_out, name)
                continue
            count = draw(st.sampled_from((1, 1, 2) if resource.kind == SERVERS else (1, 1, 1, 2)))
            take[name] = count
            if resource.kind == SERVERS:
                until = draw(st.integers(here, length - 1))
                at_admission = until > here and draw(st.sampled_from((True, True, False)))
                _add(route[until].give_in if at_admission else route[until].give_out, name, count)
        visit.take = take
    return route


def _add(tokens: dict[str, int], name: str, count: int = 1) -> None:
    tokens[name] = tokens.get(name, 0) + count


_works = st.sampled_from((4, 0, 1, 2, 0, 4, 8, 0, 3, 20))
_moods = st.sampled_from((None, None, None, None, "patience", "tolerance"))


def _own(draw: st.DrawFn, visit: Visit) -> Visit:
    mood = draw(_moods)
    return Visit(
        visit.stage,
        draw(_works),
        visit.take,
        visit.give_in,
        visit.give_out,
        patience=draw(st.integers(1, 12)) if mood == "patience" else NEVER,
        tolerance=draw(st.integers(0, 3)) if mood == "tolerance" else NEVER,
    )

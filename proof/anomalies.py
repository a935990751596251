"""Where more of a thing makes things worse: how common it is, and two days that show how.

At one first-come station with one class it cannot happen (tests/engines/test_metamorphic.py). On
random days with several classes, stages and priorities this looks for trucks that leave later
though there are more servers, and for days that release fewer trucks though a stage is always open.
Writes docs/proof/anomalies.md; ends with 1 if it finds none, for then the search is broken.

    python proof/anomalies.py [--days 20000] [--out docs/proof]
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings
from page import heading

from engines.longer import (
    early_gate,
    leaving,
    second_lane,
    with_longer_hours,
    with_more_servers,
)
from plans import GAVE_UP, RELEASED, SERVERS, Day, story
from plans_strategy import days
from portsim.engines import compiled


def some_leave_later(day: Day) -> bool | None:
    """With one server more of some kind; None if there are no servers or patience is at work."""
    before = compiled.run(day.plan())
    more = [with_more_servers(day, name) for name, r in day.resources.items() if r.kind == SERVERS]
    if not more or np.any(before.outcome == GAVE_UP):
        return None
    then = leaving(day, before)
    return any(np.any(leaving(other, compiled.run(other.plan())) > then) for other in more)


def fewer_released(day: Day) -> bool | None:
    """With some stage always open; None if all are anyhow or patience is at work."""
    before = compiled.run(day.plan())
    more = [
        with_longer_hours(day, name, (0, day.end))
        for name, stage in day.stages.items()
        if stage.hours is not None
    ]
    if not more or np.any(before.outcome == GAVE_UP):
        return None
    then = np.sum(before.outcome == RELEASED)
    return any(np.sum(compiled.run(other.plan()).outcome == RELEASED) < then for other in more)


def common(breaks: Callable[[Day], bool | None], count: int) -> tuple[int, int]:
    """In how many of how many random days a law is broken."""
    found: list[bool | None] = []

    @seed(20261125)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(days())
    def look(day: Day) -> None:
        found.append(breaks(day))

    look()
    return found.count(True), found.count(True) + found.count(False)


def main() -> int:
    """Search; 1 if nothing is found."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--days", type=int, default=20_000)
    parser.add_argument("--out", type=Path, default=Path("docs/proof"))
    ask = parser.parse_args()
    later, of_later = common(some_leave_later, ask.days)
    fewer, of_fewer = common(fewer_released, ask.days)
    lines = heading(
        "Where more makes it worse",
        "At one first-come station with one class, more servers never keep a truck longer and "
        "longer hours never lower throughput: by induction over the trucks, and in a property "
        "test. Elsewhere both can happen, as on machine shop floors (Graham 1969, SIAM Journal on "
        "Applied Mathematics 17, 416-429): a truck that passes the first stage sooner may stand in "
        "another one's way at the second. So portsim never assumes it, and neither should a "
        "planner. Random days with all the rules of the engine but impatience:",
    )
    lines += [
        (
            f"- one more server lets some truck leave later in {later:,} of {of_later:,} days "
            f"({later / of_later:.1%});"
        ),
        (
            f"- a stage always open lets fewer trucks out by the end of the day in {fewer:,} of "
            f"{of_fewer:,} days ({fewer / of_fewer:.1%})."
        ),
        "",
        "Times below: joining the queue, admitted, done; at the gate, then at the inspection.",
        "",
        *_told("One lane at the gate", second_lane(1)),
        *_told("Two lanes: the long inspection is first at the only scanner", second_lane(2)),
        *_told("Gate from 08:00 (the day ends at 08:40): fruit goes first", early_gate("08:00")),
        *_told("Gate from 07:30: the oversized load is before the fruit", early_gate("07:30")),
    ]
    ask.out.mkdir(parents=True, exist_ok=True)
    (ask.out / "anomalies.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    print(f"leave later: {later:,} of {of_later:,} days; fewer released: {fewer:,} of {of_fewer:,}")
    return int(not (later and fewer))


def _told(what: str, day: Day) -> list[str]:
    plan = day.plan()
    return [f"{what}:", "", "```", *story(plan, compiled.run(plan)), "```", ""]


if __name__ == "__main__":
    sys.exit(main())

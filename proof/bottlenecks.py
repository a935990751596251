"""Is the named bottleneck the bottleneck? Random overloaded ports, and one more server at a time.

One more of what the capacity is said to be limited by must raise the measured capacity; one more
of anything else must not. Writes docs/proof/bottlenecks.md.

    python proof/bottlenecks.py [--ports 200] [--seed 1] [--out docs/proof/bottlenecks.md]
"""

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import portsim
from portsim.experiment.capacity import CapacityTask, find

RAISED = 0.01
"""Share of the capacity from which on it has risen; what one more of a bottleneck gives is more."""
REPLICATIONS = 3
NAMED, ELSEWHERE = 0.95, 0.05
"""At least so often, and at most so often, must one more server raise the capacity."""


@dataclass(frozen=True)
class Judged:
    """What one more server did to one port."""

    port: int
    limit: tuple[str, ...]
    """The resource that is said to limit, or several that only do together."""
    capacity: float
    with_one_more: float
    elsewhere: str
    """Another resource, chosen by lot; empty if there is none."""
    with_one_elsewhere: float

    @property
    def named(self) -> bool:
        """One more of the named bottleneck raised the capacity."""
        return self.with_one_more > self.capacity * (1 + RAISED)

    @property
    def other(self) -> bool:
        """One more of another resource did."""
        return self.with_one_elsewhere > self.capacity * (1 + RAISED)


def random_port(lot: random.Random) -> dict[str, Any]:
    """A port with one to four stages, whose demand is one to four times what it can do.

    Some stages have hours, some share their servers, some keep their servers until the next stage
    admits the truck, between some there is a strip of few places, and some spend a daily quota.
    """
    stages: dict[str, Any] = {}
    resources: dict[str, Any] = {}
    names = [f"stage-{number}" for number in range(lot.randint(1, 4))]
    bottleneck = float("inf")
    for number, name in enumerate(names):
        shared = number > 0 and lot.random() < 0.15
        servers = f"servers-{number - 1 if shared else number}"
        if servers not in resources:
            servers = f"servers-{number}"
        resources.setdefault(servers, {"capacity": lot.randint(1, 5)})
        minutes = lot.randint(2, 20)
        spread = lot.choice(["constant", "exponential", "gamma"])
        time: Any = f"{minutes} min"
        if spread != "constant":
            time = {spread: {"mean": time, **({"cv": 0.5} if spread == "gamma" else {})}}
        stage: dict[str, Any] = {"takes": {servers: 1}, "time": time}
        hours = 24.0
        if lot.random() < 0.3:
            stage |= {"hours": lot.choice(["day", "long"]), "at_close": "finish"}
            hours = 9.0 if stage["hours"] == "day" else 16.0
        if number + 1 < len(names) and lot.random() < 0.25:
            places = f"strip-{number}"
            resources[places] = {"capacity": lot.randint(2, 30)}
            stage["takes"][places] = {"count": 1, "until": names[number + 1]}
        if lot.random() < 0.1:
            quota = f"quota-{number}"
            resources[quota] = {"kind": "budget", "level": lot.randint(20, 300),
                                "refill": {"at": "00:00"}}  # fmt: skip
            stage["spends"] = {quota: 1}
            bottleneck = min(bottleneck, resources[quota]["level"])
        bottleneck = min(bottleneck, resources[servers]["capacity"] * hours * 60 / minutes)
        stages[name] = stage
    classes = {
        f"class-{number}": {
            "direction": lot.choice(["export", "import"]),
            "arrivals": {"rate": f"{bottleneck * lot.uniform(1, 4):.1f} per day"},
            "route": names if number == 0 else names[lot.randrange(len(names)) :],
        }
        for number in range(lot.randint(1, 2))
    }
    return {
        "timezone": "UTC",
        "period": {"from": "2024-01-01", "to": "2024-01-28"},
        "completion": {"limit": "24 h"},
        "calendars": {"day": {"hours": "09:00-18:00"}, "long": {"hours": "06:00-22:00"}},
        "resources": resources,
        "stages": stages,
        "traffic": classes,
    }


def capacity_of(port: dict[str, Any], folder: Path) -> tuple[float, list[list[str]]]:
    """The measured capacity of a port, and what is named as its limits, the first first."""
    file = folder / "port.yaml"
    file.write_text(json.dumps(port))
    found = find(CapacityTask(portsim.load(file), 1, "compiled", REPLICATIONS))
    limits = [limit["places"] for limit in found.facts.get("limits", ())]
    return float(found.facts.get("per_day") or 0.0), limits


def one_more(port: dict[str, Any], *these: str) -> dict[str, Any]:
    """The same port with one more of some resources; a tenth more where there are many.

    One more of hundreds of permits, or of thirty places, cannot be told from luck.
    """
    copy: dict[str, Any] = json.loads(json.dumps(port))
    for what in these:
        resource = copy["resources"][what]
        key = "level" if resource.get("kind") == "budget" else "capacity"
        resource[key] += max(1, resource[key] // 10)
    return copy


def judged(ports: int, seed: int, folder: Path) -> Iterator[Judged]:
    """Judge random ports one after the other."""
    for number in range(ports):
        lot = random.Random(f"{seed} {number}")
        port = random_port(lot)
        capacity, limits = capacity_of(port, folder)
        limit = tuple(limits[0]) if limits else ()
        others = sorted(port["resources"].keys() - {name for some in limits for name in some})
        elsewhere = lot.choice(others) if others else ""
        yield Judged(
            port=number,
            limit=limit,
            capacity=capacity,
            with_one_more=capacity_of(one_more(port, *limit), folder)[0] if limit else capacity,
            elsewhere=elsewhere,
            with_one_elsewhere=(
                capacity_of(one_more(port, elsewhere), folder)[0] if elsewhere else capacity
            ),
        )


def main() -> int:
    """Judge, write, and say whether it holds."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--ports", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("docs/proof/bottlenecks.md"))
    ask = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for one in judged(ask.ports, ask.seed, Path(folder)):
            found.append(one)
            if not one.named or one.other:
                print(one, flush=True)
    others = [one for one in found if one.elsewhere]
    named = sum(one.named for one in found) / len(found)
    other = sum(one.other for one in others) / len(others)
    print(f"named {named:.1%}, elsewhere {other:.1%} of {len(others)}")
    ask.out.write_text(page(found, ask.seed), encoding="utf-8")
    return 0 if named >= NAMED and other <= ELSEWHERE else 1


def page(found: list[Judged], seed: int) -> str:
    """The page of the manual."""
    others = [one for one in found if one.elsewhere]
    named, other = sum(one.named for one in found), sum(one.other for one in others)
    joint = sum(len(one.limit) > 1 for one in found)
    return f"""# Bottlenecks

Written by `python proof/bottlenecks.py`.

{len(found)} random ports (seed {seed}) of one to four stages, whose demand is above what they can
do: servers of their own or shared, some with hours, some with a strip of few places or a daily
quota. The capacity of each is measured ([what that is](../explanation/measures.md#capacity)) and a
resource named that limits it; in {joint} of them several, of which more lets more pass only
together. Then there is one more of it (a tenth more of quotas and of many places), and the capacity
is measured anew; and one more of another resource, chosen by lot among those that are not named.

| one more | ports | capacity rose | at least or at most |
|---|---|---|---|
| of the named bottleneck | {len(found)} | {named} ({named / len(found):.1%}) | {NAMED:.0%} |
| of another resource | {len(others)} | {other} ({other / len(others):.1%}) | {ELSEWHERE:.0%} |

A capacity rose if it is more than {RAISED:.0%} larger. A few more places on a strip may let a
little more pass though they are not what limits a port.
"""


if __name__ == "__main__":
    sys.exit(main())

"""Rosters on trial: the true optimum on small ports, and Erlang C with set cover on Bakhtu.

On small ports every roster is tried, and the search must name the cheapest. On Bakhtu over its ten
busiest weeks two posts are manned, from nearly 400 turns of shifts; beside it stands the textbook
method, which other tools have: for each hour of the week the fewest servers of which Erlang C says
that they keep the promise, by the mean of the period (SIPP; Green, Kolesar & Whitt 2007), and the
cheapest turns of shifts that cover them (set cover; Dantzig 1954). Both rosters are run on the same
trucks. Writes docs/proof/rosters.md.
"""

import argparse
import math
import sys
import time
from pathlib import Path

import numpy as np
from page import heading

import portsim
from portsim.rostering.ground import COMPLETED
from portsim.rostering.search import Search, SearchLimits
from portsim.rostering.trials import Trials
from portsim.rostering.week import choices
from portsim.studies.requirement import Requirement

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from rostering.ports import cheapest_of_all, random_port, searching  # noqa: E402

HOW = (
    "On small ports every roster is tried. On Bakhtu two posts are manned, and beside the roster "
    "that is found stands that of the textbook: for each hour of the week the fewest servers of "
    "which Erlang C says that they keep the promise, by the mean of the period, and the cheapest "
    "turns of shifts that cover them. All are run on the same trucks. How fast the machine is "
    "decides how far a search comes in its time."
)
SHARE, LIMIT_H = 0.9, 24.0
MEAN_WORK_H = {"declaration-clerks": 0.45, "kz-officers": 5 / 60}
"""Mean work of a truck at a post in scenarios/bakhtu/port.yaml."""


def erlang_c(servers: int, load: float) -> float:
    """Probability that somebody waits (Erlang 1917), by the recursion of Erlang B."""
    blocked = 1.0
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked / (1.0 - load / servers * (1.0 - blocked))


def needed(load: float, mean_h: float) -> int:
    """The fewest servers with which so large a share waits no longer than the limit."""
    servers = max(1, math.floor(load) + 1)
    while True:
        late = erlang_c(servers, load) * math.exp(-(servers - load) * LIMIT_H / mean_h)
        if late <= 1.0 - SHARE:
            return servers
        servers += 1


def small(count: int) -> list[str]:
    """Rows on small ports."""
    right = none = 0
    for seed in range(count):
        scenario, share = random_port(seed)
        search, targets = searching(scenario, share)
        true = cheapest_of_all(search, share)
        found = search.run(targets, SearchLimits(seconds=600.0, gap=0.0, exact=True))
        right += found.cost == true or math.isclose(found.cost, true)
        none += math.isinf(true)
        print(seed, found.cost, true, flush=True)
    text = (
        f"Of {count} small random ports with one post or two, on which every roster was tried, the "
        f"search names the cheapest on {right}; on {none} of them no roster keeps the promise, and "
        "it says so."
    )
    return [text]


def beside(search: Search, work: np.ndarray) -> tuple[float, float]:
    """Cost a week and on-time share of the roster by Erlang C and cover."""
    words = search.choices
    starts = words.edges[:-1]
    need = np.zeros((len(words.posts), len(starts)))
    for number, post in enumerate(words.posts):
        open_ = search.trials.open_share(words.edges)[number] > 0.5
        servers = [needed(load, MEAN_WORK_H[post]) if load > 0 else 0 for load in work[number]]
        need[number] = np.where(open_, np.array(servers)[starts // 60], 0)
    answer = search.programme.cheapest(seconds=120.0, gap=0.002, slopes=False, least=need)
    if answer.chosen is None:
        return math.nan, math.nan
    reached = search.trials.reached(words.on_duty(answer.chosen))
    return answer.cost, float(reached.mean())


def bakhtu(seconds: float, replications: int) -> list[str]:
    """Rows on Bakhtu."""
    scenario = portsim.load(ROOT / "scenarios" / "bakhtu" / "shifts.yaml")
    words = choices(scenario)
    promise = Requirement(COMPLETED, at_least=SHARE)
    trials = Trials(scenario, words.posts, words.edges, [promise], replications, scenario.seed)
    begun = time.monotonic()
    search = Search(words, trials, [promise], LIMIT_H, lambda text: print(text, flush=True))
    # The textbook knows no rows of this search: it goes first.
    lagged = search.work.offered
    arriving = np.zeros_like(lagged)
    for number in range(len(words.posts)):
        np.add.at(arriving[number], search.work.hour_of_week, search.work.arriving[number])
    arriving /= trials.weeks
    textbook = {
        "load of the hour in which trucks come": beside(search, arriving),
        "load of the hour in which work could begin": beside(search, lagged),
    }
    found = search.run(np.array([SHARE]), SearchLimits(seconds, gap=0.005))
    lasted = time.monotonic() - begun
    what = (
        f"Bakhtu from 2 September to 10 November 2024 (`scenarios/bakhtu/shifts.yaml`), "
        f"{len(words.tours)} turns of shifts for {' and '.join(words.posts)}, "
        f"{SHARE:.0%} out within {LIMIT_H:.0f} h on {replications} replications:"
    )
    bound = (
        f"No roster with this promise on these trucks costs less than {found.bound:,.0f} a week "
        f"({1 - found.bound / found.cost:.1%} less), if each further hour helps no more than the "
        f"one before; without that, no less than {found.proven:,.0f}. {found.trials:,} rosters "
        f"were tried in {lasted / 60:.0f} minutes on a machine with two busy cores."
    )
    return [
        what,
        "",
        "| roster | CNY a week | out in time |",
        "|---|---|---|",
        f"| portsim | {found.cost:,.0f} | {found.reached.mean():.1%} |",
        *(
            f"| Erlang C and cover, {name} | {cost:,.0f} | {reached:.1%} |"
            for name, (cost, reached) in textbook.items()
        ),
        "",
        bound,
    ]


def main() -> None:
    """Do both, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ports", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=200.0)
    parser.add_argument("--replications", type=int, default=4)
    words = parser.parse_args()
    text = [
        *heading("Rosters on trial", HOW),
        *small(words.ports),
        "",
        *bakhtu(words.seconds, words.replications),
    ]
    (ROOT / "docs" / "proof" / "rosters.md").write_text("\n".join(text) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Small ports of which every roster can be tried."""

import itertools
import random

import numpy as np

import portsim
from portsim.rostering.ground import COMPLETED
from portsim.rostering.search import Search
from portsim.rostering.trials import Trials
from portsim.rostering.week import choices
from portsim.studies.requirement import Requirement

__all__ = ["all_rosters", "cheapest_of_all", "random_port", "searching"]

REPLICATIONS = 2


def random_port(seed):
    """A port with one post or two and a few turns of shifts, and a promise."""
    luck = random.Random(seed)
    minutes = luck.choice([20, 30, 45])
    work = luck.choice(
        [
            f"{minutes} min",
            {"lognormal": {"mean": f"{minutes} min", "cv": 0.6}},
            {"exponential": {"mean": f"{minutes} min"}},
        ]
    )
    hours, starts = luck.choice(
        [
            ("round the clock", ["00:00", "08:00", "16:00"]),
            ("06:00-22:00", ["06:00", "14:00"]),
            ("08:00-20:00", ["08:00", "12:00"]),
        ]
    )
    weighed = luck.choice([{"06:00-14:00": 3, "14:00-22:00": 1}, {"00:00-24:00": 1}])
    resources = {"desk": {"capacity": 1}}
    stages = {
        "paper": {
            "takes": {"desk": 1},
            "time": work,
            "hours": "day",
            "at_close": luck.choice(["finish", "pause"]),
        }
    }
    people = {
        "clerks": {
            "posts": "desk",
            "starts": starts,
            "lengths": "8 h",
            "patterns": luck.choice(["daily", ["Mon-Fri", "Sat, Sun"]]) if len(starts) < 3
            else "daily",
            "wage": "10 CNY",
            "most": luck.choice([4, 5]),
            "night": {"times": 1.5},
        }
    }  # fmt: skip
    if luck.random() < 0.4:
        resources["door"] = {"capacity": 1}
        stages["gate"] = {
            "takes": {"door": 1}, "time": "8 min", "hours": "day", "at_close": "finish"
        }  # fmt: skip
        people["guards"] = {**people["clerks"], "posts": "door", "patterns": "daily",
                            "wage": "8 CNY", "most": 2}  # fmt: skip
    scenario = portsim.Scenario.from_dict(
        {
            "name": f"port-{seed}",
            "timezone": "UTC",
            "period": {"from": "2024-03-04", "to": "2024-03-10", "warm_up": "1 week"},
            "replications": REPLICATIONS,
            "seed": seed,
            "completion": {"limit": luck.choice(["6 h", "12 h", "24 h"])},
            "calendars": {"day": {"hours": hours}},
            "open_hours": "day",
            "resources": resources,
            "stages": stages,
            "traffic": {
                "trucks": {
                    "direction": "export",
                    "arrivals": {"rate": f"{luck.choice([25, 40])} per day", "hours": weighed},
                    "load": "20 t",
                    "route": list(stages),
                }
            },
            "shifts": {"people": people},
        }
    )
    return scenario, luck.choice([0.6, 0.75, 0.9])


def searching(scenario, share):
    """A search for a roster of a port, and its target."""
    words = choices(scenario)
    promise = Requirement(COMPLETED, at_least=share)
    trials = Trials(
        scenario, words.posts, words.edges, [promise], REPLICATIONS, scenario.seed, jobs=1
    )
    limit = scenario.completion.limit / 3600
    return Search(words, trials, [promise], limit), np.array([share])


def all_rosters(words):
    """Every choice that there are people for, the cheapest first."""
    limits = [people.most for people in words.shifts.people.values()]
    chosen = []
    for many in itertools.product(*(range(int(most) + 1) for most in words.most)):
        row = np.array(many, dtype=np.int64)
        if all(n <= limit for n, limit in zip(words.people @ row, limits, strict=True)):
            chosen.append((float(words.cost @ row), many))
    return sorted(chosen)


def cheapest_of_all(search, share):
    """The cost of the cheapest roster that keeps the promise, by trying them in order; or inf."""
    for cost, many in all_rosters(search.choices):
        on_duty = search.choices.on_duty(np.array(many, dtype=np.int64))
        if search.trials.reached(on_duty)[:, 0].mean() >= share - 1e-12:
            return cost
    return np.inf

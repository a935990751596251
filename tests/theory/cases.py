"""Ports whose answer is known: the scenario as a user writes it, and what theory says of it.

Each goes through the whole chain: words, demand, plan, engine, measures, intervals.
"""

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from theory import chains, formulas


@dataclass(frozen=True)
class Known:
    """A measure with its exact value."""

    measure: str
    value: float
    place: str = ""
    cls: str = "all"


@dataclass(frozen=True)
class Case:
    """A port with known measures."""

    name: str
    source: str
    port: str
    """What stands below the heading of the scenario."""
    known: tuple[Known, ...]
    longer: int = 1
    """How many times as long as the others it is run: where only nights count, nights are few."""


HEAD = """\
name: port
timezone: Etc/UTC
period: {{from: 2024-03-04, to: {to}, warm_up: 4 weeks}}
completion: {{limit: {limit}}}
replications: {replications}
seed: {seed}
"""


def scenario(case: Case, replications: int, seed: int, days: int = 112) -> str:
    """The scenario file of a case."""
    last = dt.date(2024, 3, 4) + dt.timedelta(days=days * case.longer - 1)
    head = HEAD.format(to=last, limit="2 h", replications=replications, seed=seed)
    return head + case.port


def _station(servers: str, time: str, rate: str, more: str = "") -> str:
    return f"""\
resources:
  officers: {servers}
stages:
  desk: {{takes: {{officers: 1}}, time: {time}{more}}}
traffic:
  lorries: {{direction: export, arrivals: {{rate: {rate}}}, route: [desk]}}
"""


def mm1() -> Case:
    """λ = 33.6 a day, 30 min: load 0.7."""
    rate, mean = 33.6 / 24, 0.5
    wait, spare = formulas.mmc_wait(rate, mean, 1), 1 / mean - rate
    return Case(
        "M/M/1",
        "GSTH section 2.2",
        _station("{capacity: 1}", "{exponential: {mean: 30 min}}", "33.6 per day"),
        (
            Known("wait_open_mean_h", wait, "desk"),
            Known("stay_mean_h", wait + mean),
            Known("stay_p50_h", math.log(2) / spare),
            Known("stay_p95_h", math.log(20) / spare),
            Known("completed_within_limit", 1 - math.exp(-spare * 2)),
            Known("queue_mean", rate * wait, "desk"),
            Known("inside_mean", rate * (wait + mean)),
            Known("utilisation", rate * mean, "officers"),
            Known("throughput_per_day", rate * 24),
        ),
    )


def mmc() -> Case:
    """λ = 115.2 a day, 30 min, 3 officers: load 0.8."""
    rate, mean, servers = 115.2 / 24, 0.5, 3
    wait = formulas.mmc_wait(rate, mean, servers)
    return Case(
        "M/M/3",
        "Erlang C, GSTH section 2.3",
        _station("{capacity: 3}", "{exponential: {mean: 30 min}}", "115.2 per day"),
        (
            Known("wait_open_mean_h", wait, "desk"),
            Known("stay_mean_h", wait + mean),
            Known("inside_mean", rate * (wait + mean)),
            Known("utilisation", rate * mean / servers, "officers"),
        ),
    )


def mdc() -> Case:
    """λ = 76.8 a day, exactly 30 min, 2 officers: load 0.8."""
    rate, mean = 76.8 / 24, 0.5
    wait = formulas.mdc_wait(rate, mean, 2)
    return Case(
        "M/D/2",
        "Crommelin 1932; Tijms section 9.6.2",
        _station("{capacity: 2}", "30 min", "76.8 per day"),
        (Known("wait_open_mean_h", wait, "desk"), Known("queue_mean", rate * wait, "desk")),
    )


def mg1() -> Case:
    """λ = 33.6 a day, lognormal 30 min with cv 0.9."""
    rate, mean = 33.6 / 24, 0.5
    wait = formulas.mg1_wait(rate, mean, 0.9)
    return Case(
        "M/G/1, lognormal cv 0.9",
        "Pollaczek-Khinchine, GSTH section 5.1",
        _station("{capacity: 1}", "{lognormal: {mean: 30 min, cv: 0.9}}", "33.6 per day"),
        (
            Known("wait_open_mean_h", wait, "desk"),
            Known("service_mean_h", mean, "desk"),
            Known("queue_mean", rate * wait, "desk"),
        ),
    )


def infinite() -> Case:
    """Twice the rate from 20:00 to 02:00, services of 2 to 6 hours, nobody waits."""
    night = {*range(20, 24), 0, 1}
    base = 120.0 / 24 / ((6 * 2 + 18) / 24)
    found = formulas.infinite_servers(
        lambda hour: base * (2 if int(hour) in night else 1),
        lambda t: float(stats.uniform.sf(t, 2, 4)),
        4.0,
        6.0,
    )
    return Case(
        "M(t)/G/∞ at 04:00",
        "Eick, Massey and Whitt 1993",
        """\
stages:
  yard: {time: {uniform: {low: 2 h, high: 6 h}}}
traffic:
  lorries:
    direction: export
    arrivals: {rate: 120 per day, hours: {"20:00-24:00": 2, "00:00-02:00": 2, "02:00-20:00": 1}}
    route: [yard]
""",
        (Known("overnight_mean", found), Known("inside_mean", 5.0 * 4)),
    )


def roster() -> Case:
    """3 officers by day, 1 in the evening, 2 at night; those who go finish their truck."""
    servers = [2 if hour < 6 else 3 if hour < 16 else 1 for hour in range(24)]
    weights = [1 if hour < 8 else 3 for hour in range(24)]
    rates = [72.0 * weight / sum(weights) for weight in weights]
    day = chains.exhaustive(rates, 0.5, servers)
    over = [np.maximum(0, day.states[:, 1] - count) for count in servers]
    served = day.mean(lambda s: s[:, 1])
    beyond = day.mean(over)
    return Case(
        "M(t)/M/c(t), exhaustive",
        "Kolmogorov equations; Ingolfsson et al. 2007",
        """\
calendars:
  night: {hours: "00:00-06:00"}
  day: {hours: "06:00-16:00"}
  evening: {hours: "16:00-24:00"}
resources:
  officers:
    roster: [{calendar: night, count: 2}, {calendar: day, count: 3}, {calendar: evening, count: 1}]
stages:
  desk: {takes: {officers: 1}, at_close: finish, time: {exponential: {mean: 30 min}}}
traffic:
  lorries:
    direction: export
    arrivals: {rate: 72 per day, hours: {"00:00-08:00": 1, "08:00-24:00": 3}}
    route: [desk]
""",
        (
            Known("queue_mean", day.mean(lambda s: s[:, 0]), "desk"),
            Known("inside_mean", day.mean(lambda s: s.sum(axis=1))),
            Known("overnight_mean", day.at(4, lambda s: s.sum(axis=1))),
            Known("overtime_h_per_day", 24 * beyond, "officers"),
            Known("utilisation", 24 * (served - beyond) / sum(servers), "officers"),
        ),
    )


def closed_at_night() -> Case:
    """Open 08:00-20:00; work stops where it stands."""
    rates, open_ = [1.0] * 24, [8 <= hour < 20 for hour in range(24)]
    day = chains.paused_at_night(rates, 1 / 3, open_)
    return Case(
        "M/M/1 closed at night, work pauses",
        "Kolmogorov equations, solved by numbers",
        """\
calendars:
  day: {hours: "08:00-20:00"}
resources:
  officers: {capacity: 1}
stages:
  desk:
    takes: {officers: 1}
    hours: day
    at_close: pause
    time: {exponential: {mean: 20 min}}
traffic:
  lorries: {direction: export, arrivals: {rate: 24 per day}, route: [desk]}
""",
        (
            Known("inside_mean", day.mean(lambda s: s.sum(axis=1))),
            Known("overnight_mean", day.at(4, lambda s: s.sum(axis=1))),
        ),
    )


def jackson() -> Case:
    """Half of the trucks pass the second station, all the third."""
    rate = 48.0 / 24
    parts = [(rate, 1 / 3, 1, "gate"), (rate / 2, 1.2, 2, "scan"), (rate, 0.75, 3, "release")]
    waits = [formulas.mmc_wait(r, m, c) for r, m, c, _ in parts]
    inside = sum(r * (w + m) for w, (r, m, _, _) in zip(waits, parts, strict=True))
    return Case(
        "Jackson network of three stations",
        "Jackson 1957; GSTH section 4.2",
        """\
resources:
  gate-officers: {capacity: 1}
  scanners: {capacity: 2}
  clerks: {capacity: 3}
stages:
  gate: {takes: {gate-officers: 1}, time: {exponential: {mean: 20 min}}}
  scan: {takes: {scanners: 1}, share: 0.5, time: {exponential: {mean: 72 min}}}
  release: {takes: {clerks: 1}, time: {exponential: {mean: 45 min}}}
traffic:
  lorries: {direction: export, arrivals: {rate: 48 per day}, route: [gate, scan, release]}
""",
        (
            *(
                Known("wait_open_mean_h", wait, place)
                for wait, (_, _, _, place) in zip(waits, parts, strict=True)
            ),
            Known("inside_mean", inside),
        ),
    )


def priority() -> Case:
    """Green lane before others; nobody is interrupted."""
    rates, mean = (24.0 / 24, 60.0 / 24), 0.5
    waits = formulas.cobham_waits(rates, mean, 2)
    return Case(
        "M/M/2 with two priorities",
        "Cobham 1954; GSTH section 4.4",
        """\
resources:
  officers: {capacity: 2}
stages:
  desk: {takes: {officers: 1}, time: {exponential: {mean: 30 min}}}
traffic:
  fruit: {direction: export, priority: -1, arrivals: {rate: 24 per day}, route: [desk]}
  other: {direction: export, arrivals: {rate: 60 per day}, route: [desk]}
""",
        (
            Known("wait_open_mean_h", waits[0], "desk", "fruit"),
            Known("wait_open_mean_h", waits[1], "desk", "other"),
        ),
    )


def blocking() -> Case:
    """No room between two stations: the second holds up the first."""
    found = chains.blocking(19.2 / 24, (0.5, 0.5))
    return Case(
        "Two stations with blocking",
        "Hunt 1956; exact chain",
        """\
resources:
  gate: {capacity: 1}
  post: {capacity: 1}
stages:
  near: {takes: {gate: {count: 1, until: next}}, time: {exponential: {mean: 30 min}}}
  far: {takes: {post: 1}, time: {exponential: {mean: 30 min}}}
traffic:
  lorries: {direction: export, arrivals: {rate: 19.2 per day}, route: [near, far]}
""",
        (
            Known("queue_mean", found.queue, "near"),
            Known("utilisation", found.first, "gate"),
            Known("utilisation", found.second, "post"),
            Known("blocked_mean_h", found.blocked, "near"),
            Known("inside_mean", found.inside),
        ),
    )


def quota() -> Case:
    """30 permits a day, 26 trucks a day: who finds none waits for 06:00, when they are renewed."""
    at_four, mean = chains.quota(26.0, 30, 22.0)
    return Case(
        "Queue limited by a daily quota",
        "chain of the number waiting at the refill, exact",
        """\
resources:
  permits: {kind: budget, level: 30, refill: "06:00"}
stages:
  desk: {spends: {permits: 1}, time: 0 min}
traffic:
  lorries: {direction: export, arrivals: {rate: 26 per day}, route: [desk]}
""",
        (Known("overnight_mean", at_four), Known("queue_mean", mean, "desk")),
        longer=24,
    )


CASES = (
    mm1, mmc, mdc, mg1, infinite, roster, closed_at_night, jackson, priority, blocking, quota,
)  # fmt: skip

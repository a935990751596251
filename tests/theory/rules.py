"""Ports whose answer is known by a rule of real ports: servers opened by the queue, papers,
slots, ways back, breakdowns, shifts that overlap, choices, ranks, convoys, slow hours.
"""

import math

import numpy as np
from scipy import integrate, stats

from theory import chains, choosing, formulas
from theory.cases import Case, Known


def feedback() -> Case:
    """Three of ten trucks are sent back to the queue of the desk each time: load 0.7."""
    rate, mean, again = 23.52 / 24, 0.5, 0.3
    visits = rate / (1 - again)
    wait = formulas.mmc_wait(visits, mean, 1)
    return Case(
        "M/M/1 with feedback",
        "Jackson 1957; GSTH section 4.2",
        """\
resources:
  officers: {capacity: 1}
stages:
  desk: {takes: {officers: 1}, time: {exponential: {mean: 30 min}}}
traffic:
  lorries:
    direction: export
    arrivals: {rate: 23.52 per day}
    route: [{stage: desk, sent_back: {share: 0.3, at_most: 20}}]
""",
        (
            Known("wait_open_mean_h", wait, "desk"),
            Known("inside_mean", visits * (wait + mean)),
            Known("stay_mean_h", visits * (wait + mean) / rate),
            Known("utilisation", visits * mean, "officers"),
            Known("again_per_day", 24 * (visits - rate), "desk"),
        ),
    )


def returning() -> Case:
    """Room for one that waits; of those that turn away six of ten come again, a day later."""
    rate, mean, again = 48.0 / 24, 0.5, 0.6
    comings, busy, lost = formulas.returning(rate, mean, again)
    return Case(
        "M/M/1/2, coming again much later",
        "Cohen 1957, the limit of long returns: all comings are Poisson",
        """\
resources:
  officers: {capacity: 1}
stages:
  desk: {takes: {officers: 1}, time: {exponential: {mean: 30 min}}}
traffic:
  lorries:
    direction: export
    arrivals: {rate: 48 per day}
    tolerance: 1
    comes_again: {share: 0.6, after: {uniform: {low: 12 h, high: 60 h}}, at_most: 20}
    route: [desk]
""",
        (
            Known("throughput_per_day", 24 * comings * (1 - lost)),
            Known("queue_mean", lost, "desk"),
            Known("utilisation", busy, "officers"),
        ),
    )


def broken_resumed() -> Case:
    """A lane that breaks every 3 h of any time and is repaired in half an hour; load 0.7."""
    rate, mean, up, down = 28.8 / 24, 0.5, 3.0, 0.5
    found = formulas.breaking_server(rate, mean, up, down)
    return Case(
        "M/M/1 with breakdowns, work resumed",
        "White and Christie 1958, a server that also breaks while it is idle",
        """\
resources:
  lanes:
    capacity: 1
    breakdowns:
      - every: {exponential: {mean: 3 h}}
        repair: {exponential: {mean: 30 min}}
        work: resumed
stages:
  desk: {takes: {lanes: 1}, time: {exponential: {mean: 30 min}}, at_close: finish}
traffic:
  lorries: {direction: export, arrivals: {rate: 28.8 per day}, route: [desk]}
""",
        (
            Known("inside_mean", found),
            Known("stay_mean_h", found / rate),
            Known("interrupted_per_day", 24 * rate * mean / up, "desk"),
        ),
    )


def broken_anew() -> Case:
    """The same lane with works of exactly half an hour, each of which begins anew; load 0.7."""
    rate = 26.4 / 24
    stay, often = formulas.beginning_anew(rate, 0.5, 3.0, 0.5)
    return Case(
        "M/D/1 with breakdowns, work begun anew",
        "Gaver 1962, preempt-repeat; Welch 1964, exceptional first service",
        """\
resources:
  lanes:
    capacity: 1
    breakdowns:
      - every: {exponential: {mean: 3 h}}
        repair: {exponential: {mean: 30 min}}
        work: anew
stages:
  desk: {takes: {lanes: 1}, time: 30 min, at_close: finish}
traffic:
  lorries: {direction: export, arrivals: {rate: 26.4 per day}, route: [desk]}
""",
        (
            Known("stay_mean_h", stay),
            Known("inside_mean", rate * stay),
            Known("interrupted_per_day", 24 * rate * often, "desk"),
        ),
    )


def papers_beside() -> Case:
    """Papers of a mean hour beside a scan of half an hour, nobody waits: the longer of the two."""
    longer = 0.5 + 1.0 - 1.0 / (2.0 + 1.0)
    return Case(
        "Papers beside the truck, without queues",
        "largest of two exponential times",
        """\
stages:
  scan: {time: {exponential: {mean: 30 min}}}
  desk: {time: {exponential: {mean: 60 min}}}
  release: {overtaking: true, time: 0 min}
traffic:
  lorries:
    direction: export
    arrivals: {rate: 24 per day}
    route: [scan, release]
    papers: {declaration: {route: [desk], needed_at: release}}
""",
        (
            Known("stay_mean_h", longer),
            Known("inside_mean", longer),
            Known("wait_papers_mean_h", longer - 0.5),
            Known("wait_papers_mean_h", longer - 0.5, "release"),
            Known("papers_time_mean_h", 1.0),
        ),
    )


def fork_and_join() -> Case:
    """Each truck is scanned and its papers are seen to at once, each behind a queue of its own."""
    mu, lambda_ = 2.0, 1.2
    rho = lambda_ / mu
    alone = 1.0 / (mu - lambda_)
    both = (12.0 - rho) / 8.0 * alone
    return Case(
        "Scanner and clerk at once (fork and join)",
        "Flatto and Hahn 1984; Nelson and Tantawi 1988",
        """\
resources:
  scanner: {capacity: 1}
  clerk: {capacity: 1}
stages:
  scan: {takes: {scanner: 1}, time: {exponential: {mean: 30 min}}}
  desk: {takes: {clerk: 1}, time: {exponential: {mean: 30 min}}}
  release: {overtaking: true, time: 0 min}
traffic:
  lorries:
    direction: export
    arrivals: {rate: 28.8 per day}
    route: [scan, release]
    papers: {declaration: {route: [desk], needed_at: release}}
""",
        (
            Known("stay_mean_h", both),
            Known("wait_papers_mean_h", both - alone, "release"),
            Known("papers_time_mean_h", alone),
            Known("papers_wait_mean_h", alone - 1.0 / mu, "desk"),
            Known("papers_queue_mean", rho**2 / (1.0 - rho), "desk"),
            Known("utilisation", rho, "clerk"),
            Known("utilisation", rho, "scanner"),
        ),
    )


def papers_before() -> Case:
    """Handed in two hours before to one clerk: the truck waits for what is left of their time."""
    mu, lambda_, lead = 2.0, 1.4, 2.0
    rate = mu - lambda_
    return Case(
        "Papers handed in two hours before",
        "time in M/M/1 is exponential: its mean excess over the lead",
        """\
resources:
  clerk: {capacity: 1}
stages:
  desk: {takes: {clerk: 1}, time: {exponential: {mean: 30 min}}}
  gate: {overtaking: true, time: 6 min}
traffic:
  lorries:
    direction: export
    arrivals: {rate: 33.6 per day}
    route: [gate]
    papers: {declaration: {route: [desk], before_arrival: 2 h, needed_at: gate}}
""",
        (
            Known("wait_papers_mean_h", math.exp(-rate * lead) / rate, "gate"),
            Known("inside_mean", lambda_ * (math.exp(-rate * lead) / rate + 0.1)),
            Known("papers_time_mean_h", 1.0 / rate),
            Known("utilisation", lambda_ / mu, "clerk"),
        ),
    )


def opened() -> Case:
    """A second officer comes at once when three wait, and goes when nobody does; load 0.9."""
    found = choosing.opened(1.8, 0.5, when_waiting=3)
    return Case(
        "Second officer when three wait",
        "Romani 1957; Moder and Phillips 1962, with work that is finished: exact chain",
        """\
resources:
  officers: {capacity: 1, opens: {when_waiting: {desk: 3}, until_waiting: 0}}
stages:
  desk: {takes: {officers: 1}, time: {exponential: {mean: 30 min}}}
traffic:
  lorries: {direction: export, arrivals: {rate: 43.2 per day}, route: [desk]}
""",
        (
            Known("queue_mean", found.queue, "desk"),
            Known("inside_mean", found.inside),
            Known("extra_h_per_day", 24 * found.extra, "officers"),
            Known("opened_per_day", 24 * found.opened, "officers"),
        ),
    )


def booked() -> Case:
    """Five slots an hour for 4.2 trucks that want one, booked in the order of the times wanted."""
    wanted, wait = formulas.slots(4.2, 5)
    return Case(
        "Slots, each the next that is free",
        "Bailey 1954: the chain of those moved on, exact",
        """\
calendars:
  always: {hours: "00:00-24:00"}
slots:
  gate: {calendar: always, every: 1 h, quota: 5}
stages:
  gate: {time: 6 min}
traffic:
  lorries:
    direction: export
    arrivals: {rate: 100.8 per day, slots: {of: gate, at_most: 2 days}}
    route: [gate]
""",
        (
            Known("slot_as_wanted", wanted),
            Known("slot_wait_mean_h", wait),
            Known("slots_wanted_per_day", 100.8),
            Known("inside_mean", 0.42),
        ),
    )


def overlapping() -> Case:
    """Two officers are relieved by two at 06:00, these by one at 16:00, which two relieve at 22:00;
    those who go finish beside."""
    servers = [2 if hour < 16 or hour >= 22 else 1 for hour in range(24)]
    day = chains.overlapping([2.4] * 24, 0.5, servers, changes=(6, 16, 22))
    beside = [np.maximum(0, day.states[:, 1:].sum(axis=1) - count) for count in servers]
    return Case(
        "M(t)/M/c(t) whose shifts overlap",
        "Kolmogorov equations; Ingolfsson et al. 2007",
        """\
calendars:
  early: {hours: "06:00-16:00"}
  late: {hours: "16:00-22:00"}
  night: {hours: "22:00-06:00"}
resources:
  officers:
    roster: [{calendar: early, count: 2}, {calendar: late, count: 1}, {calendar: night, count: 2}]
    handover: overlap
stages:
  desk: {takes: {officers: 1}, at_close: finish, time: {exponential: {mean: 30 min}}}
traffic:
  lorries: {direction: export, arrivals: {rate: 57.6 per day}, route: [desk]}
""",
        (
            Known("queue_mean", day.mean(lambda s: s[:, 0]), "desk"),
            Known("inside_mean", day.mean(lambda s: s.sum(axis=1))),
            Known("overtime_h_per_day", 24 * day.mean(beside), "officers"),
        ),
    )


def shortest() -> Case:
    """Two lanes with a line each; the shorter is joined, of equal ones the first; load 0.8."""
    found = choosing.shorter(3.2, 0.5)
    return Case(
        "The shorter of two lines",
        "Haight 1958; Flatto and McKean 1977: exact chain",
        """\
resources:
  first: {capacity: 1}
  second: {capacity: 1}
stages:
  lane 1: {takes: {first: 1}, time: {exponential: {mean: 30 min}}}
  lane 2: {takes: {second: 1}, time: {exponential: {mean: 30 min}}}
traffic:
  lorries:
    direction: export
    arrivals: {rate: 76.8 per day}
    route: [{stage: lane 1, or_shorter: lane 2}]
""",
        (
            Known("wait_open_mean_h", found.wait),
            Known("inside_mean", found.inside),
            Known("chosen_share", found.first, "lane 1"),
            Known("queue_mean", found.second_queue, "lane 2"),
        ),
    )


def overflowing() -> Case:
    """Who finds two waiting goes to another gate."""
    found = choosing.overflow(2.6, 0.5, when_waiting=2)
    return Case(
        "Overflow to another gate",
        "Wilkinson 1956, with room for those who wait: exact chain",
        """\
resources:
  first: {capacity: 1}
  second: {capacity: 1}
stages:
  gate: {takes: {first: 1}, time: {exponential: {mean: 30 min}}}
  gate 2: {takes: {second: 1}, time: {exponential: {mean: 30 min}}}
traffic:
  lorries:
    direction: export
    arrivals: {rate: 62.4 per day}
    route: [{stage: gate, overflow: {to: gate 2, when_waiting: 2}}]
""",
        (
            Known("chosen_share", found.first, "gate"),
            Known("queue_mean", found.first_queue, "gate"),
            Known("queue_mean", found.second_queue, "gate 2"),
            Known("inside_mean", found.inside),
        ),
    )


def unlike() -> Case:
    """A scanner and an old one that takes twice as long, one queue; the quick one is preferred."""
    wait, old = choosing.quick_and_slow(2.4, 0.5, 2.0)
    return Case(
        "A quick server and a slow one",
        "Gumbel 1960; Krishnamoorthi 1963",
        """\
resources:
  new: {capacity: 1}
  old: {capacity: 1}
stages:
  scan:
    takes: {new: 1}
    instead_of: {new: {old: 2}}
    time: {exponential: {mean: 30 min}}
traffic:
  lorries: {direction: export, arrivals: {rate: 57.6 per day}, route: [scan]}
""",
        (
            Known("wait_open_mean_h", wait, "scan"),
            Known("chosen_share", old, "old"),
            Known("utilisation", 2.4 * (1 - old) * 0.5, "new"),
            Known("utilisation", 2.4 * old, "old"),
        ),
    )


def rising() -> Case:
    """Half of the trucks gain a level in 90 s, the others in 30 s; load 0.7."""
    waits = formulas.rising_waits((0.7, 0.7), 0.5, 1 / 3)
    return Case(
        "M/M/1, priorities that rise",
        "Kleinrock 1964; Stanford, Taylor and Ziedins 2014",
        """\
resources:
  officers: {capacity: 1}
stages:
  desk: {takes: {officers: 1}, time: {exponential: {mean: 30 min}}}
traffic:
  slow:
    {direction: export, rises_every: 90 s, arrivals: {rate: 16.8 per day}, route: [desk]}
  quick:
    {direction: export, rises_every: 30 s, arrivals: {rate: 16.8 per day}, route: [desk]}
""",
        (
            Known("wait_open_mean_h", waits[0], "desk", "slow"),
            Known("wait_open_mean_h", waits[1], "desk", "quick"),
        ),
    )


def priority_of_a_step() -> Case:
    """The second class goes first at the second of two stations."""
    rates, mean = (0.7, 0.7), 0.5
    first, second = formulas.cobham_waits(rates, mean, 1)
    return Case(
        "Two M/M/1 in line, first the one and then the other goes first",
        "Cobham 1954, where each station has Poisson arrivals: a drive of many hours between",
        """\
resources:
  near: {capacity: 1}
  far: {capacity: 1}
stages:
  gate: {takes: {near: 1}, time: {exponential: {mean: 30 min}}}
  road: {time: {exponential: {mean: 24 h}}}
  post: {takes: {far: 1}, time: {exponential: {mean: 30 min}}}
traffic:
  fruit:
    direction: export
    priority: -1
    arrivals: {rate: 16.8 per day}
    route: [gate, road, post]
  other:
    direction: export
    arrivals: {rate: 16.8 per day}
    route: [gate, road, {stage: post, priority: -2}]
""",
        (
            Known("wait_open_mean_h", first, "gate", "fruit"),
            Known("wait_open_mean_h", second, "gate", "other"),
            Known("wait_open_mean_h", second, "post", "fruit"),
            Known("wait_open_mean_h", first, "post", "other"),
        ),
    )


def urgent() -> Case:
    """Convoys that take both lanes at once keep them from those that take one."""
    found = choosing.both_lanes(0.25, 2.0, 0.5)
    return Case(
        "An urgent class that takes both servers",
        "Brill and Green 1984, with priority: exact chain",
        """\
resources:
  lanes: {capacity: 2}
stages:
  gate: {takes: {lanes: 1}, time: {exponential: {mean: 30 min}}}
  passage: {takes: {lanes: 2}, time: {exponential: {mean: 30 min}}}
traffic:
  convoys:
    direction: export
    priority: -1
    urgent: true
    arrivals: {rate: 6 per day}
    route: [passage]
  lorries: {direction: export, arrivals: {rate: 48 per day}, route: [gate]}
""",
        (
            Known("wait_open_mean_h", found.convoys, "passage"),
            Known("wait_open_mean_h", found.lorries, "gate"),
        ),
    )


def gathering() -> Case:
    """A convoy goes when six are there, or after an hour and a half; three come in an hour."""
    rate, most, after = 3.0, 6, 1.5
    wait, size = formulas.convoys(rate, most, after)
    return Case(
        "Convoys of six, or after an hour and a half",
        "Chaudhry and Templeton 1983, section 1.1; renewal and reward",
        """\
stages:
  road: {convoy: {trucks: 6, after: 90 min}, time: 12 min}
traffic:
  lorries: {direction: export, arrivals: {rate: 72 per day}, route: [road]}
""",
        (
            Known("wait_open_mean_h", wait, "road"),
            Known("convoy_trucks_mean", size, "road"),
            Known("convoys_per_day", 24 * rate / size, "road"),
            Known("inside_mean", rate * (wait + 0.2)),
        ),
    )


def slower_at_night() -> Case:
    """Work of 2 to 6 hours lasts twice as long if it begins from 22:00 to 04:00; nobody waits."""
    rate, factor = 5.0, [2 if hour >= 22 or hour < 4 else 1 for hour in range(24)]
    # Who began in an hour before 04:00, and is still at work.
    found = 0.0
    for hour in range(4 - 12, 4):
        work = stats.uniform(2 * factor[hour % 24], 4 * factor[hour % 24])
        found += rate * integrate.quad(lambda t, law: law.sf(4 - t), hour, hour + 1, (work,))[0]
    return Case(
        "M/G(t)/∞ with work by the hour, at 04:00",
        "Eick, Massey and Whitt 1993",
        """\
stages:
  yard: {time: {uniform: {low: 2 h, high: 6 h}}, time_by_hour: {"22:00-04:00": 2}}
traffic:
  lorries: {direction: export, arrivals: {rate: 120 per day}, route: [yard]}
""",
        (
            Known("overnight_mean", found),
            Known("inside_mean", rate * 4 * sum(factor) / 24),
            Known("service_mean_h", 4 * sum(factor) / 24, "yard"),
        ),
    )


def two_kinds() -> Case:
    """Most works are short about a mean, some long; load 0.7."""
    normal = stats.truncnorm((10 - 20) / 8, (40 - 20) / 8, 20, 8)
    long = stats.uniform(60, 60)
    kinds = ((0.8, normal), (0.2, long))
    mean = sum(share * law.mean() for share, law in kinds) / 60
    square = sum(share * law.moment(2) for share, law in kinds) / 3600
    rate = 0.7 / mean
    wait = rate * square / 2 / (1 - 0.7)
    return Case(
        "M/G/1, a mixture of a truncated normal and others",
        "Pollaczek-Khinchine, GSTH section 5.1",
        f"""\
resources:
  officers: {{capacity: 1}}
stages:
  desk:
    takes: {{officers: 1}}
    time:
      mixture:
        - {{weight: 4, truncated_normal: {{mean: 20 min, sd: 8 min, low: 10 min, high: 40 min}}}}
        - {{weight: 1, uniform: {{low: 1 h, high: 2 h}}}}
traffic:
  lorries: {{direction: export, arrivals: {{rate: {24 * rate:.6f} per day}}, route: [desk]}}
""",
        (
            Known("wait_open_mean_h", wait, "desk"),
            Known("service_mean_h", mean, "desk"),
            Known("utilisation", 0.7, "officers"),
        ),
    )


RULES = (
    opened, papers_beside, fork_and_join, papers_before, booked, feedback, returning,
    broken_resumed, broken_anew, overlapping, shortest, overflowing, unlike, priority_of_a_step,
    rising, urgent, gathering, slower_at_night, two_kinds,
)  # fmt: skip

"""Small ports that together use every word of the language, with two values for each.

Two are written down; a third has the papers that some words of the first leave no room for.
"""

from pathlib import Path

__all__ = ["FILES", "FIRST", "SECOND", "THIRD", "lay_out"]

FILES = {
    "came.csv": "arrival,left\n"
    + "".join(f"2024-03-{d:02}T{h:02}:05:00,x\n" for d in range(1, 9) for h in (9, 10, 14)),
    "night.csv": "arrival,seen\n"
    + "".join(f"2024-03-{day:02}T22:{day:02}:00,2024-03-{day:02}T23:00:00\n" for day in (4, 5, 6)),
    "times.csv": "wait,minutes,hours\n1,4,2\n2,5,3\n5,9,1\n",
    "load.csv": "t,kg,arrival,side,shed\n18,18000,2024-03-05T10:00,RU,4\n"
    "21,21000,2024-03-05T11:00,KZ,\n24,24000,2024-03-05T12:00,RU,6\n",
}

FIRST = """\
name: first
label: {text: First, en: The first, zh: 第一, ru: Первый, kk: Бірінші}
summary: A port with one of each.
role: today
timezone: Asia/Shanghai
position: {latitude: 46.7, longitude: 82.7}
period: {from: 2024-03-04, to: 2024-03-06, warm_up: 1 week}
replications: 3
seed: 11
completion: {limit: 12 h, from: gate, event: admitted}
sides:
  China: {label: {text: China, en: the Chinese side, zh: 中方, ru: Китай, kk: Қытай}}
map: {border: 1.5, truck: 20 m, places: {gate: {x: 1, y: 0}, look: {x: 0, y: -1.5}}}
calendars:
  day:
    label: Day
    side: China
    timezone: Asia/Shanghai
    hours: "10:00-14:00, 15:00-19:00"
    lunch: 12:00-12:30
    holidays: [{country: CN, observed: false, only: [Labor Day], make_up: false}, {country: KZ}]
    closed: [2024-05-01, 2024-06-01..2024-06-03]
    valid_from: 2023-01-01
    valid_to: 2025-12-31
    periods:
      - {valid_from: 2024-01-02, valid_to: 2024-02-29, hours: "08:00-16:00", lunch: 11:00-12:00}
  night: {label: Night, side: Kazakhstan, timezone: Asia/Almaty, hours: {Mon-Fri: "22:00-06:00"}}
  light: {daylight: {after_sunrise: 10 min, before_sunset: 20 min}}
  lit: {daylight: true}
open_hours: [day]
resources:
  lanes:
    label: Lanes
    capacity: 4
    calendar: light
    breakdowns: [{every: {exponential: {mean: 5 days}}, repair: 2 h, count: 2}]
    fits:
      length: 30 m
      width: 5 m
      height: 5 m
      mass: 80 t
      bend: {radius: 30 m, angle: 90 deg, apron: 1 m, oversail_inner: 50 cm, oversail_outer: 1 m}
    cost_per_staffed_hour: 90 CNY
    cost_per_overtime_hour: 120 CNY
  crew:
    roster:
      - {calendar: day, count: 3, cost_per_week: 3000 CNY}
      - {calendar: night, count: 1, cost_per_week: 4000 CNY}
  guards: {capacity: 2, calendar: night, handover: overlap}
  clerks:
    capacity: 1
    opens: {when_waiting: {gate: 6}, until_waiting: 2, after: 15 min, at_most: 2, within: day}
  bays:
    capacity: 3
    places: true
    breakdowns: [{every: 9 days, repair: {lognormal: {mean: 1 h, cv: 0.5}}, work: resumed}]
  permits:
    kind: budget
    label: Permits
    level: 100000
    levels:
      - {valid_from: 2024-03-05, level: 90000}
      - {valid_from: 2024-03-06, valid_to: 2024-03-06, level: 95000}
    refill: {at: [00:00, 12:00], days: Mon-Fri, timezone: Asia/Almaty}
  tractors: {kind: store, level: 10}
  posts: {capacity: 2}
  booths: {capacity: 2}
  scanners: {capacity: 1}
stages:
  gate:
    label: Gate
    activity: border security
    takes: {lanes: {count: 1, until: release}, crew: 2}
    spends: {permits: {count: 1, per: resident}}
    offers: {tractors: {count: 1, per: piece}}
    fits: {width: 6 m}
    time: {per_truck: {erlang: {mean: 5 min, k: 3}}, per_tonne: 1 s, per_resident: 2 s}
    share: 0.9
    hours: [day, light]
    at_close: pause
    attended: true
    last_entry: 10 min
    closures: [{name: wind, every: {weibull: {mean: 4 days, shape: 1.5}}, lasts: 1 h}]
    claims: true
    overtaking: true
  shed:
    takes: {bays: all}
    at_close: finish
    spends: {tractors: 1}
    time: {per_piece: {triangular: {low: 1 min, mode: 3 min, high: 9 min}}}
  talk:
    time:
      mixture:
        - {weight: 3, constant: 4 min}
        - {weight: 1, lognormal: {mean: 9 min, cv: 0.4}}
        - {weight: 1, gamma: {mean: 9 min, cv: 0.4}}
        - {weight: 1, erlang: {mean: 9 min, k: 4}}
        - {weight: 1, exponential: {mean: 9 min}}
        - {weight: 1, weibull: {mean: 9 min, shape: 2}}
        - {weight: 1, triangular: {low: 1 min, mode: 2 min, high: 4 min}}
        - {weight: 1, uniform: {low: 1 min, high: 4 min}}
        - {weight: 1, empirical: {values: [1 min, 4 min]}}
        - {weight: 1, truncated_normal: {mean: 3 min, sd: 1 min}}
    at_close: finish
  chat: {time: 5 min}
  post: {takes: {posts: 1}, time: 2 min}
  pier: {takes: {posts: 1}, instead_of: {}, time: 3 min}
  quay: {time: 4 min}
  scan: {takes: {scanners: 1}, instead_of: {scanners: {booths: 1.6, posts: 2}}, time: 4 min}
  look:
    time: {truncated_normal: {mean: 4 min, sd: 90 s, low: 1 min, high: 9 min}}
    time_by_hour: {22:00-06:00: 1.3, 12:00-14:00: 0.9}
    convoy: {trucks: 4, after: 30 min}
  release: {takes: {clerks: 1}, time: {empirical: {file: times.csv, column: wait, unit: min}}}
channels:
  risk: {green: 0.7, red: 0.3}
slots:
  gate: {calendar: day, every: 30 min, quota: 6}
traffic:
  scale: 0.75
  day_factor: {gamma: {mean: 1, cv: 0.2}}
  tea:
    label: Tea
    direction: export
    arrivals:
      rate: 60 per day
      months: {Jan-Mar: 0.5, Sep: 2}
      weekdays: {"Sat, Sun": 0.5}
      hours: {"08:00-14:00": 3, "14:00-20:00": 2}
      together: 2
      follow: day
      slots:
        of: gate
        ahead: {uniform: {low: 1 h, high: 9 h}}
        at_most: 2 days
        early: {uniform: {low: 0 min, high: 9 min}}
        late: 2 min
        no_show: 0.05
    scale: 0.5
    load: {empirical: {file: load.csv, column: t, unit: t}}
    value: {triangular: {low: 10000 CNY, mode: 90000 CNY, high: 200000 CNY}}
    residents: {quota: 8000 CNY}
    pieces: 2
    channels: risk
    priority: 1
    urgent: false
    preferred: {share: 0.1, priority: -1, skips: [shed]}
    patience: {time: {empirical: {values: [1 h, 5 h]}}, stages: [gate, shed]}
    tolerance: {waiting: {uniform: {low: 5, high: 30}}, stages: gate}
    comes_again: {share: 0.4, after: {uniform: {low: 9 h, high: 20 h}}, at_most: 2}
    route:
      - gate
      - {stage: shed, share: 0.6, channels: [red], time: 4 min, papers_only: true}
      - {stage: talk, share: 0.5, priority: 4, overflow: {to: chat, when_waiting: 5}}
      - look
      - {stage: post, or_shorter: {of: [pier, quay], sight: 2}}
      - {stage: release, sent_back: {share: 0.2, to: shed, at_most: 2}}
  blades:
    direction: import
    arrivals:
      booked: {calendar: night, per_hour: 1, early: 30 min, late: {constant: 5 min}, no_show: 0.2}
    price: {uniform: {low: 3000 CNY/t, high: 5000 CNY/t}}
    load: 20 t
    residents: {uniform: {low: 0, high: 4}}
    dimensions:
      width: 3 m
      height: 4 m
      mass: 60 t
      axles:
        wheelbase: 4 m
        front_overhang: 1 m
        front_lock: 40 deg
        fifth_wheel: 50 cm
        trailer: 10 m
        rear_steer: 0.5
        steer_limit: 50 deg
        track: 2.5 m
        load_ahead: 1 m
        rear_overhang: 2 m
    priority: -9
    urgent: true
    channels: {low: 0.4, high: 0.6}
    preferred: {share: 0.2, skips: gate}
    route: [gate, {stage: release, channels: low, time: {per_truck: 3 min}}]
  old:
    direction: import
    arrivals: {recorded: {file: came.csv}}
    patience: 5 h
    route: [scan, {stage: post, or_shorter: {of: [quay], sight: 1}}, release]
  told:
    direction: import
    arrivals:
      recorded:
        file: load.csv
        only: {side: RU}
        load: {column: kg, unit: kg}
        work: {shed: shed}
        passes: {shed: shed}
        decimal: "."
    route: [{stage: shed, share: 0.6}, release]
value_of_time:
  all: 60 CNY
  tea: {truck: 50 CNY, drivers: 30 CNY, goods: 15 CNY}
observed:
  - name: trucks
    label: Trucks a day
    measure: throughput_per_day
    class: export
    role: input
    value: 60
    total: true
  - {name: queue, measure: queue_mean, place: gate, role: prediction, value: 3}
shifts:
  timezone: Asia/Almaty
  posts:
    crew: {fewest: 1, within: day, most: 9}
  people:
    officers:
      label: Officers
      posts: [crew, posts]
      starts: "00:00..22:00:2 h"
      lengths: [12 h, 24 h]
      breaks: [{after: [4 h, 5 h], lasts: 30 min, covered: false, paid: false}]
      patterns: [5 on 2 off, 12 h on 24 off, Mon-Fri]
      most: 40
      wage: 30 CNY
      night: {hours: "21:00-05:00", times: 1.5}
      weekend: {days: Sun, times: 2}
      overtime: {over: 40 h, times: 1.5}
study:
  vary: {traffic.scale: "0.5..1:0.25"}
  measures: [stay_mean_h]
  require: completed_within_limit>=0.9
"""

SECOND = """\
name: second
label: {text: Second, en: The second, zh: 第二, ru: Второй, kk: Екінші}
role: bound
timezone: UTC
position: {latitude: 50, longitude: 8.5}
period: {from: 2024-03-05, to: 2024-03-07}
replications: 4
completion: {from: release}
map: {border: 2, truck: 18 m, places: {gate: {x: 0, y: 1}, look: {x: 2.5, y: 0}}}
sides: {Russia: {label: {text: Russia, en: the Russian side, zh: 俄方, ru: Россия, kk: Ресей}}}
calendars:
  day:
    side: Russia
    hours: {Mon-Sat: "06:00-18:00"}
    lunch: "12:00-13:00"
    holidays: [{country: CN, only: [x]}, {country: DE, subdivision: BY}]
  noon: {hours: "11:00-13:00", valid_from: 2022-01-01, closed: [2024-05-02], daylight: {}}
  later: {valid_to: 2026-01-01, periods: [{valid_from: 2024-02-01, hours: "09:00-17:00"}]}
open_hours: [day, later]
resources:
  lanes: {capacity: 2, calendar: day, cost_per_staffed_hour: 1.5 CNY, cost_per_overtime_hour: 2 CNY}
  strip:
    capacity: 7
    fits:
      {length: 25 m, width: 4.5 m, mass: 60 t, height: 4.5 m, bend: {radius: 20 m, angle: 45 deg}}
    breakdowns: [{every: 7 days, repair: 30 min, work: anew}]
    opens: {when_waiting: {gate: 5, shed: 7}, until_waiting: 1, at_most: 4}
  crew:
    roster: [{calendar: noon, count: 5}]
    opens: {when_waiting: {gate: 9}, until_waiting: 4, after: 1 h, at_most: 3, within: noon}
  clerks: {capacity: 2, opens: {when_waiting: {release: 3}, until_waiting: 0, at_most: 2}}
  permits:
    kind: budget
    level: 50
    refill: 08:00
    levels: [{valid_from: 2024-03-06, level: 40}, {valid_to: 2024-03-05, level: 45}]
  tractors: {kind: store, level: 3}
stages:
  gate:
    activity: customs
    takes: {lanes: 1, strip: {until: next}}
    spends: {permits: 2}
    time: {gamma: {mean: 4 min, cv: 0.5}}
    hours: noon
    at_close: finish
    last_entry: 5 min
    closures: [{name: ice, every: 10 days, lasts: {erlang: {mean: 2 h, k: 2}}}]
  shed:
    takes: {crew: 1}
    instead_of: {crew: {clerks: 1.2, lanes: 1.5}}
    spends: {tractors: {count: 2, per: truck}}
    time: {per_tonne: 2 s, per_resident: {exponential: {mean: 3 s}}, per_piece: 1 min}
    share: 0.25
    at_close: finish
  talk:
    time:
      mixture:
        - {weight: 2, uniform: {low: 1 min, high: 3 min}}
        - {weight: 0.5, constant: 1 h}
        - {weight: 1, lognormal: {mean: 8 min, cv: 0.5}}
        - {weight: 1, gamma: {mean: 8 min, cv: 0.5}}
        - {weight: 1, erlang: {mean: 8 min, k: 3}}
        - {weight: 1, exponential: {mean: 8 min}}
        - {weight: 1, weibull: {mean: 8 min, shape: 3}}
        - {weight: 1, triangular: {low: 1 min, mode: 3 min, high: 5 min}}
        - {weight: 1, empirical: {values: [2 min, 5 min]}}
        - {weight: 1, truncated_normal: {mean: 4 min, sd: 1 min}}
  look:
    time: {truncated_normal: {mean: 5 min, sd: 2 min, low: 2 min, high: 20 min}}
    time_by_hour: {round the clock: 1.25}
    convoy: {trucks: 3, after: 1 h}
  release:
    takes: {clerks: 1}
    offers: {tractors: 3}
    fits: {length: 40 m, height: 6 m, mass: 90 t}
    time: {weibull: {mean: 90 s, shape: 2}}
channels:
  risk: {green: 0.5, amber: 0.25, red: 0.25}
slots:
  bridge: {calendar: noon, every: 1 h, quota: {06:00-12:00: 8, 12:00-18:00: 4}}
traffic:
  day_factor: {lognormal: {mean: 1, cv: 0.3}}
  cars:
    label: Cars
    direction: export
    arrivals:
      total: {trucks: 500, from: 2024-03-01, to: 2024-03-31}
      months: {Mar: 2}
      weekdays: {Mon: 3}
      hours: {"06:00-07:00": 1}
      follow: noon
      slots:
        of: bridge
        ahead: 3 h
        at_most: 9 days
        early: 1 min
        late: {exponential: {mean: 5 min}}
        no_show: 0.1
    load: {triangular: {low: 5 t, mode: 21 t, high: 30 t}}
    price: 2 CNY/kg
    residents: 3
    pieces: 3
    priority: -5
    rises_every: 1 h
    channels: risk
    dimensions: {length: 20 m, width: 2.5 m, height: 4.2 m, mass: 40 t}
    preferred: {share: 0.3, priority: 2}
    patience: {empirical: {values: [2 h, 3 h, 9 h]}}
    tolerance: 12
    comes_again: {share: 0.7, after: 1 day, at_most: 1}
    route:
      - {stage: gate, share: 0.5}
      - {stage: talk, share: 0.25, priority: -7}
      - {stage: look, share: 0.75}
      - {stage: shed, channels: [amber, red], sent_back: {share: 0.1, to: gate, at_most: 1}}
      - {stage: release, sent_back: 0.3}
  more:
    direction: import
    arrivals: {total: {trucks: 90, from: 2024-02-01, to: 2024-04-30}}
    value: 5000 CNY
    rises_every: 40 min
    residents: {quota: 9000 CNY}
    load: {empirical: {file: load.csv, column: t, unit: kg, decimal: "."}}
    dimensions:
      width: 2.6 m
      axles: {wheelbase: 5 m, trailer: 9 m, rear_steer: follow, front_overhang: 1.5 m}
    route: [release]
  slots:
    direction: import
    arrivals: {booked: {calendar: day, per_hour: 2, early: {uniform: {low: 0 s, high: 1 h}}}}
    patience: {time: 9 h, stages: release}
    tolerance: {waiting: 4, stages: release}
    route: [{stage: release, sent_back: {share: 0.5, at_most: 4}}]
  lists:
    direction: import
    arrivals: {recorded: {file: night.csv, column: seen}}
    route: [{stage: release, time: {empirical: {file: times.csv, column: hours, unit: h}}}]
  told:
    direction: import
    arrivals:
      recorded:
        file: load.csv
        only: {side: [RU, KZ]}
        load: t
        work: {release: {column: t, unit: s}}
        passes: {release: side}
        decimal: ","
    route: [release]
value_of_time:
  cars: {truck: 45 CNY, drivers: 25 CNY, goods: 20 CNY}
inside:
  trucks:
    - truck: A 1
      class: cars
      stage: shed
      passing: 2
      status: working
      since: 2024-03-04 23:40
      arrived: 2024-03-04 22:10
      direction: export
      load: 20 t
      holds: {}
      remaining: 20 min
      by: clerks
      drawn: 0
    - truck: B 2
      class: slots
      stage: release
      passing: 3
      since: 2024-03-04 23:50
      arrived: 2024-03-04 23:45
      direction: import
      load: 21 t
      drawn: 1
    - {class: cars, stage: shed, status: working, since: 2024-03-04 23:44, by: lanes, drawn: 2}
  counts: {gate: 2, release: {more: 1}}
  left: {permits: 5, tractors: 1}
  opened: {clerks: {extra: 1, due_in: 5 min}, strip: {extra: 2, due_in: 90 s}}
observed:
  - {name: a, measure: throughput_per_day, classes: [cars, more], role: prediction, value: 4.5}
shifts:
  timezone: UTC
  posts: {crew: {most: 4}, lanes: {fewest: 2, within: noon}}
  people:
    guards:
      label: Guards
      posts: crew
      starts: [11:00, 08:00]
      lengths: 8 h
      breaks: [{after: 3 h, lasts: 45 min}, {after: 1 h, lasts: 5 min, paid: false}]
      patterns: 6 on 1 off
      most: 12
      wage: 20 CNY
      night: {times: 1.2}
      weekend: {times: 1.25}
      overtime: {over: 36 h, times: 2}
    others: {posts: [lanes, crew], starts: 10:00, lengths: [9 h], patterns: [daily], wage: 25 CNY}
study:
  vary: {resources.lanes.capacity: 1..3}
  measures: throughput_per_day
  require: [stay_mean_h<=5]
  draws: draws.csv
"""


def _with_papers(text: str) -> str:
    """The first port with papers, and without the words that are refused beside them."""
    for old, new in (
        ("name: first", "name: third"),
        ("handover: overlap", "handover: wait"),
        (", work: resumed", ""),
        (
            ", priority: 4, overflow: {to: chat, when_waiting: 5}",
            ", overflow: {to: till, when_waiting: 7}",
        ),
        ("    priority: -9\n    urgent: true\n", ""),
        (
            "    comes_again: {share: 0.4, after: {uniform: {low: 9 h, high: 20 h}}, at_most: 2}\n",
            "",
        ),
        ("channels:\n  risk", "  desk: {time: 8 min}\n  till: {time: 3 min}\nchannels:\n  risk"),
        (
            "      - {stage: release, sent_back: {share: 0.2, to: shed, at_most: 2}}\n",
            """\
      - release
    papers:
      declaration:
        label: Declaration
        route: [desk]
        share: 0.9
        before_arrival: {uniform: {low: 1 h, high: 5 h}}
        needed_at: release
      analysis:
        label: Analysis
        route: [desk, till]
        share: 0.5
        channels: [red]
        begins_at: gate
        needed_at: release
      seal: {route: [till], begins_after: shed, needed_at: release}
""",
        ),
        (
            "channels: low, time: {per_truck: 3 min}}]\n",
            """\
channels: low, time: {per_truck: 3 min}}]
    papers:
      permit: {route: [till], channels: low, before_arrival: 3 h, needed_at: gate}
      weighing: {route: [till], begins_after: gate, needed_at: release}
      form: {route: [desk], begins_at: release, needed_at: release}
""",
        ),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


THIRD = _with_papers(FIRST)


def lay_out(folder: Path) -> list[Path]:
    """The three ports and the files that they name."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    paths = [folder / "first.yaml", folder / "second.yaml", folder / "third.yaml"]
    for path, text in zip(paths, (FIRST, SECOND, THIRD), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths

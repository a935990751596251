"""A port with one clerk, and one with two, in which every kind of study has something to say."""

PORT = """\
name: yard
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-10}
replications: 2
seed: 11
completion: {limit: 2 h, from: arrival}
calendars:
  day: {hours: "08:00-20:00"}
resources:
  clerks: {capacity: 1, calendar: day, cost_per_staffed_hour: 30 CNY}
stages:
  papers:
    takes: {clerks: 1}
    hours: day
    at_close: finish
    time: {exponential: {mean: {value: 5 min, confidence: E, range: 4 min..7 min}}}
traffic:
  cars:
    direction: import
    arrivals: {rate: 60 per day, hours: {"08:00-16:00": 1}}
    load: 1 t
    route: [papers]
"""
TWO = "extends: yard.yaml\nname: two\nresources: {clerks: {capacity: 2}}\n"
SHIFTS = """\
shifts:
  people:
    staff: {posts: clerks, starts: 08:00, lengths: 12 h, patterns: daily, wage: 30 CNY, most: 3}
"""

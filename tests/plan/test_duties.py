"""What the routes take at each stage, known before a truck comes."""

import textwrap

from portsim.checking import load
from portsim.demand import draw
from portsim.plan import Duty, build, timetable

PORT = """\
name: port
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-05}
calendars: {day: {hours: "08:00-16:00"}}
resources:
  lanes: {capacity: 2}
  officers: {capacity: 3, calendar: day}
  strip: {capacity: 5}
  quota: {kind: budget, level: 9, refill: "00:00"}
  crane: {capacity: 1}
stages:
  gate:
    takes: {lanes: 1, officers: 2, strip: {count: 1, until: exit}}
    spends: {quota: 1}
    at_close: finish
    time: 5 min
  lift: {takes: {crane: 1}, share: 0, time: 5 min}
  road: {time: 5 min}
  nowhere: {takes: {crane: 1}, time: 5 min}
traffic:
  tea: {direction: export, arrivals: {rate: 1 per day}, route: [gate, lift, road]}
  cars: {direction: import, arrivals: {rate: 1 per day}, route: [road]}
"""


def test_the_duties_of_a_small_port(tmp_path):
    file = tmp_path / "port.yaml"
    file.write_text(textwrap.dedent(PORT))
    scenario = load(file)
    context = timetable(scenario).context
    lanes, officers, strip, quota = range(4)
    assert set(context.duties) == {
        Duty(0, ((lanes, 1), (officers, 2), (strip, 1)), (lanes, officers, strip, quota)),
        Duty(2, (), (strip,)),  # tea keeps its place on the way; nobody is ever lifted
        Duty(2, (), ()),
    }
    assert context.rostered.tolist() == [False, True, False, False, False]
    plan = build(scenario, draw(scenario, 1, 1).at(scenario))
    assert plan.context.duties == context.duties

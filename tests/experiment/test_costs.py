"""What staff costs, on a port whose hours and prices are counted on one hand."""

import pytest

import portsim
from demand.ports import port

TEXT = """\
name: staffed
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-10}
replications: 2
calendars:
  day: {hours: "08:00-18:00"}
resources:
  lanes: {capacity: 2, calendar: day, cost_per_staffed_hour: 60 CNY}
  clerks: {capacity: 1, calendar: day}
stages:
  gate: {takes: {lanes: 1, clerks: 1}, hours: day, at_close: finish, time: 5 min}
traffic:
  tea: {direction: export, arrivals: {rate: 40 per day}, load: 20 t, route: [gate]}
"""
LONG = ("name: staffed", "name: long"), ("08:00-18:00", "08:00-20:00")


def changed(text, *changes):
    for old, new in changes:
        text = text.replace(old, new)
    return text


def figure(study, measure, place="", scenario="staffed"):
    table = study.summary
    mine = table[
        (table["scenario"] == scenario) & (table["measure"] == measure) & (table["place"] == place)
    ]
    return mine["mean"].tolist()


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("costs")
    texts = TEXT, changed(TEXT, *LONG)
    for n in range(len(texts)):
        (folder / str(n)).mkdir()
    ports = [port(folder / str(n), text=text) for n, text in enumerate(texts)]
    return portsim.compare(ports, jobs=1)


def test_staffed_hours_of_the_port_are_those_of_all_servers(study):
    assert figure(study, "staffed_h_per_day") == [30.0]
    assert figure(study, "staffed_h_per_day", scenario="long") == [36.0]


def test_the_cost_is_hours_times_price_of_those_that_have_one(study):
    assert figure(study, "staff_cost_per_day", "lanes") == [1200.0]
    assert figure(study, "staff_cost_per_day", "clerks") == []
    assert figure(study, "staff_cost_per_day") == [1200.0]
    assert figure(study, "staff_cost_per_day", scenario="long") == [1440.0]


def test_the_cost_reaches_the_table_and_the_words(study):
    assert "staff cost, CNY/day" in study.table.columns
    text = str(study)
    assert "cost of staff (1,200 CNY a day)" in text
    assert (
        "Counted as free in the cost of staff, for want of a cost_per_staffed_hour: clerks." in text
    )


def test_without_a_price_there_is_no_cost(tmp_path):
    text = changed(TEXT, (", cost_per_staffed_hour: 60 CNY", ""))
    study = portsim.run(port(tmp_path, text=text), jobs=1, replications=1)
    assert figure(study, "staff_cost_per_day") == []
    assert "staff cost/day" not in study.table.columns
    assert "Counted as free" not in str(study)


def test_places_are_no_staff(tmp_path):
    yard = "  yard: {capacity: 50, places: true}\n"
    taken = "clerks: 1}, hours", "clerks: 1, yard: 1}, hours"
    text = changed(TEXT, ("stages:\n", f"{yard}stages:\n"), taken)
    study = portsim.run(port(tmp_path, text=text), jobs=1, replications=1)
    assert figure(study, "staffed_h_per_day") == [30.0]
    assert figure(study, "staffed_h_per_day", "yard") == []
    # They are places all the same: so many hours of them there are, and are in use.
    assert figure(study, "available_h_per_day", "yard") == [500.0]
    assert "clerks." in str(study)
    assert "yard" not in str(study).partition("Counted as free")[2]


def test_places_have_no_wage(tmp_path):
    text = changed(TEXT, ("capacity: 2, calendar: day", "capacity: 2, places: true"))
    with pytest.raises(portsim.errors.ScenarioError, match="places without a wage"):
        port(tmp_path, text=text)

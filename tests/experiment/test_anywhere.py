"""A port between Poland and Ukraine, reckoned in euros: all that is written of it."""

import datetime as dt
import json

import pytest

import portsim
from portsim.errors import InputError
from portsim.figures import style
from portsim.figures.study import Study
from portsim.replay import write_replay
from portsim.report.facts import Facts
from portsim.report.sections import sections
from portsim.results import read_record
from portsim.results.logs import read_log

PORT = """\
timezone: Europe/Warsaw
period: {from: 2025-03-03, to: 2025-03-16}
replications: 2
seed: 3
calendars:
  gate: {hours: {Mon-Sat: "08:00-20:00"}, holidays: [{country: PL}], side: Poland}
  customs: {hours: {Mon-Sat: "08:00-20:00"}, timezone: Europe/Kyiv, side: Ukraine}
open_hours: [gate, customs]
resources:
  booths: {capacity: 2, calendar: gate, cost_per_staffed_hour: 22 EUR}
stages:
  gate: {takes: {booths: 1}, hours: [gate, customs], at_close: finish, time: 5 min}
  release: {time: 1 min}
traffic:
  westward:
    direction: inbound
    arrivals: {rate: 40 per day}
    value: 30000 EUR
    route: [gate, release]
  eastward:
    direction: outbound
    arrivals: {rate: 40 per day}
    load: 20 t
    route: [release, gate]
"""
OPTIONS = {"jobs": 1, "audit": "none", "logs": "first"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Study and folder of two policies; every picture is drawn, those of the page are written."""
    folder = tmp_path_factory.mktemp("anywhere")
    (folder / "port.yaml").write_text(PORT, encoding="utf-8")
    (folder / "more.yaml").write_text(
        "extends: port.yaml\nresources: {booths: {capacity: 3}}\n", encoding="utf-8"
    )
    ports = [portsim.load(folder / name) for name in ("port.yaml", "more.yaml")]
    study = portsim.compare(ports, **OPTIONS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(style, "save", lambda *_: [])
        study.write(folder / "out")
    return study, folder / "out"


def rows(table, measure):
    """Rows of the whole port, by class."""
    found = table[table["measure"].eq(measure) & table["place"].eq("")]
    return {
        row["truck_class"]: row for row in found.to_dict("records") if row["scenario"] != "more"
    }


def test_measures_have_the_directions_and_the_currency_of_the_port(made):
    study, _ = made
    stays = rows(study.summary, "stay_mean_h")
    assert list(stays) == ["all", "inbound", "outbound", "eastward", "westward"]
    values = rows(study.summary, "throughput_value_per_day")
    # What the goods of the others are worth is not known, so it is not said to be nothing.
    assert list(values) == ["all", "inbound", "westward"]
    assert {row["unit"] for row in values.values()} == {"EUR/d"}
    released = rows(study.summary, "throughput_per_day")["westward"]["mean"]
    assert values["westward"]["mean"] == pytest.approx(30_000 * released)
    change = rows(study.comparison.assign(scenario=""), "throughput_value_per_day")
    assert {row["unit"] for row in change.values()} == {"EUR/d"}


def test_costs_are_in_the_currency_of_the_port(made):
    study, _ = made
    cost = rows(study.summary, "staff_cost_per_day")["all"]
    hours = rows(study.summary, "staffed_h_per_day")["all"]
    assert cost["unit"] == "EUR/d"
    # Twelve working days of twelve hours of two in fourteen days.
    assert hours["mean"] == pytest.approx(2 * 12 * 12 / 14)
    assert cost["mean"] == pytest.approx(22 * 2 * 12 * 12 / 14)
    assert "staff cost, EUR/day" in study.table.columns


def test_the_folder_says_all_of_it(made):
    _, folder = made
    manifest = json.loads((folder / "manifest.json").read_text("utf-8-sig"))
    entry = manifest["scenarios"][0]
    assert entry["currency"] == "EUR"
    assert {one["side"] for one in entry["timetable"]["calendars"]} == {"Poland", "Ukraine"}
    facts = Facts(Study(read_record(folder)))
    assert facts.study.directions == {"inbound": "inbound", "outbound": "outbound"}
    (border,) = [one for one in sections(facts, {}) if one.key == "border"]
    assert any("inbound: mean, h" in head for head in border.tables[0].head)
    assert "CNY" not in (folder / "summary.csv").read_text("utf-8-sig")


def test_a_day_is_played_both_ways(made):
    _, folder = made
    page = folder / "day.html"
    write_replay(read_log(folder, "port"), dt.date(2025, 3, 4), page)
    text = page.read_text("utf-8")
    assert "<span>outbound <b>→</b></span><span><b>←</b> inbound</span>" in text


def test_scenarios_of_two_currencies_are_not_compared(made, tmp_path):
    (tmp_path / "port.yaml").write_text(PORT, encoding="utf-8")
    (tmp_path / "zloty.yaml").write_text(PORT.replace("EUR", "PLN"), encoding="utf-8")
    ports = [portsim.load(tmp_path / name) for name in ("port.yaml", "zloty.yaml")]
    with pytest.raises(InputError, match="port reckons in EUR and zloty in PLN"):
        portsim.compare(ports, **OPTIONS)


def test_an_amount_survives_being_written(made, tmp_path):
    (tmp_path / "port.yaml").write_text(PORT, encoding="utf-8")
    port = portsim.load(tmp_path / "port.yaml")
    text = port.to_yaml()
    assert "cost_per_staffed_hour: 22 EUR" in text
    (tmp_path / "again.yaml").write_text(text, encoding="utf-8")
    assert portsim.load(tmp_path / "again.yaml").model_dump() == port.model_dump()
    paths = ("traffic.westward.value", "resources.booths.cost_per_staffed_hour")
    other = port.replace(dict.fromkeys(paths, "9 PLN"))
    assert other.currency == "PLN"

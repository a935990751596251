"""A day of the policy on the page, played by the replay's own page, from the same day's log."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Page, expect

import portsim
from live.conftest import SETTLED, SMALL
from live.states import random_state
from live.test_as_portsim import usual_of
from portsim.checking import load
from portsim.livepage import contents
from portsim.replay.day import day_data
from portsim.results.logs import read_log

PLAY = """async (day) => {
  const worker = workers[0].worker, own = worker.onmessage;
  const data = await new Promise((done) => {
    worker.onmessage = (event) => (event.data.played ? done(event.data.played) : own(event));
    worker.postMessage({ number: 0, state: structuredClone(state), day });
  });
  worker.onmessage = own;
  return withLabels(data, rules.labels[language]);
}"""
DAYS = (0, 4, 6, 12)


@pytest.mark.parametrize("which", ["spring", "autumn", "ruled"])
def test_a_day_is_that_of_the_log_of_portsim(
    opened: Callable[..., Page], which: str, tmp_path: Path, rich: Callable[[str], Path]
) -> None:
    """Places, hours, classes and every step of every truck, before and after hours are moved, on
    days on which clocks change too."""
    port = rich(which)
    page = opened(contents(load(port), replications=1))
    usual, days = usual_of(page)
    fixed = page.evaluate("rules.fixedCalendars")
    state = random_state(Random(3), usual, days, mild=True)
    state["calendars"] |= {name: usual["calendars"][name] for name in fixed}
    page.evaluate("(now) => { state = now; ask(); }", state)
    page.wait_for_function(SETTLED, timeout=120_000)
    policy = port.with_name("played.yaml")
    policy.write_text(page.evaluate("yamlText()"), "utf-8")
    study = portsim.run(policy, replications=1, jobs=1, logs="first")
    study.write(tmp_path / "out", figures=False)
    log = read_log(tmp_path / "out")
    for number in DAYS:
        day = log.start.date() + dt.timedelta(days=number)
        told = page.evaluate(PLAY, number)
        known = day_data(log, day)
        assert by_truck(told) == by_truck(known), day
        for part in ("length", "offsets", "places", "port", "classes", "map", "other"):
            assert told[part] == known[part], (part, day)


def by_truck(data: dict) -> list[tuple]:
    """Class and events of each truck, whatever their order."""
    first = data["first"]
    rows = zip(data["kind"], first[:-1], first[1:], strict=True)
    return sorted((kind, data["at"][a:b], data["code"][a:b]) for kind, a, b in rows)


def test_it_is_played_in_the_page_in_the_language_it_speaks(
    opened: Callable[..., Page], tmp_path: Path
) -> None:
    file = tmp_path / "small.yaml"
    evil = 'desk: {label: "</script><img src=x>", hours'
    file.write_text(SMALL.replace("RATE", "100").replace("desk: {hours", evil), "utf-8")
    view = opened(contents(load(file)))
    view.locator("#replay-day").fill("2024-03-06")
    view.locator("#replay-play").click()
    frame = view.frame_locator("#replay-frame")
    expect(frame.locator("h1")).to_have_text("A day at the port: 2024-03-06")
    expect(frame.locator(".place h3")).to_have_text("</script><img src=x>")
    expect(frame.locator("header p")).to_have_text(
        "Policy: small, as set on the live page; local time (UTC)."
    )
    expect(frame.locator("#clock")).to_have_text("07:30:00")
    # It has no hours of its own, so nobody says that it is open.
    expect(frame.locator(".port")).to_be_hidden()
    frame.locator("#play").press("ArrowRight")
    expect(frame.locator("#clock")).to_have_text("07:31:00")
    view.locator("#language").select_option("zh")
    view.locator("#replay-play").click()
    expect(frame.locator("h1")).to_have_text("口岸的一天：2024-03-06")

"""The live page in a real browser: for keys and fingers, wide and narrow, in three languages, and
deaf to whatever a scenario's words would have it do. `opened` fails if it complains or asks."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from live.conftest import SETTLED, SMALL
from portsim.checking import load
from portsim.livepage import Contents, contents, page
from thorough import cases

EVIL = "</script><script>document.title='taken'</script><img src=x onerror=document.title='taken'>"


@pytest.fixture(scope="module", params=cases(["spring"], ["autumn", "spring"]))
def season(request: pytest.FixtureRequest) -> str:
    """The page looks and is moved the same; test_as_portsim.py has the figures of both."""
    return request.param


def settle(view: Page) -> None:
    view.wait_for_function(SETTLED, timeout=120_000)


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_nobody_is_kept_out(
    opened: Callable[..., Page], made: Contents, width: int, language: str
) -> None:
    view = opened(made, width, language)
    assert view.evaluate("document.documentElement.scrollWidth") <= width
    # What differs between policies is read before the pictures where there is no room beside them.
    tops = [
        view.locator(part).evaluate("(box) => box.offsetTop") for part in (".policies", ".pictures")
    ]
    assert (tops[0] < tops[1]) is (width == 390)
    violations = Axe().run(view).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in violations] == []


def test_keys_move_an_edge_and_steppers_a_server_and_one_can_go_back(
    opened: Callable[..., Page], made: Contents
) -> None:
    view = opened(made)
    before = view.locator("#kept").inner_text()
    edge = view.locator('[data-calendar="far"] [data-edge="0-0-1"]')
    edge.focus()
    was = int(edge.get_attribute("aria-valuenow") or 0)
    view.keyboard.press("ArrowLeft")
    view.keyboard.press("Shift+ArrowLeft")
    settle(view)
    # All days with these hours went along, and the edge that was moved is still the one held.
    for day in range(7):
        now = view.locator(f'[data-calendar="far"] [data-edge="{day}-0-1"]')
        assert int(now.get_attribute("aria-valuenow") or 0) == was - 75 * 60
    assert view.evaluate("document.activeElement.dataset.edge") == "0-0-1"
    view.get_by_role("button", name="one less: clerks").click()
    settle(view)
    assert view.locator("#kept").inner_text() != before
    assert "points against as it is, the same trucks" in view.locator("#kept-change").inner_text()
    for _ in range(3):
        view.locator("#back").click()
    settle(view)
    assert view.locator("#kept").inner_text() == before
    assert view.locator("#back").is_disabled()
    view.locator("#forward").click()
    assert not view.locator("#reset").is_disabled()


def test_an_edge_is_dragged_by_a_finger_or_a_mouse(
    opened: Callable[..., Page], made: Contents
) -> None:
    view = opened(made)
    view.locator("#every-day").uncheck()
    edge = view.locator('[data-calendar="near"] [data-edge="1-1-1"]')
    was = int(edge.get_attribute("aria-valuenow") or 0)
    box, strip = edge.bounding_box(), view.locator('[data-calendar="near"] .strip').bounding_box()
    assert box
    assert strip
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    view.mouse.move(x, y)
    view.mouse.down()
    view.mouse.move(x - strip["width"] / 7 / 24, y, steps=4)
    view.mouse.move(x - strip["width"] / 7 / 12, y, steps=4)
    view.mouse.up()
    settle(view)
    moved = view.evaluate("state.calendars.near.rules[0].hours.map((day) => day.at(-1)?.[1])")
    assert abs(moved[1] - (was - 7200)) <= 900
    assert moved[2] == was
    # One way back, however many places it was dragged over.
    view.locator("#back").click()
    assert view.evaluate("same(state, usual)")


def test_lunch_and_closed_days(opened: Callable[..., Page], made: Contents) -> None:
    view = opened(made)
    view.get_by_label("far: lunch from").fill("12:00")
    view.get_by_label("far: lunch until").fill("13:00")
    view.get_by_label("far: lunch until").dispatch_event("change")
    view.get_by_label("far: close on a day more").fill(str(made.scenario.period.last_day))
    settle(view)
    assert view.evaluate("state.calendars.far.rules.some((r) => same(r.lunch, [[43200, 46800]]))")
    chip = view.get_by_role("button", name=f"open on {made.scenario.period.last_day} again").last
    expect(chip).to_be_visible()
    chip.click()
    assert view.evaluate("same(state.calendars.far.closed, usual.calendars.far.closed)")


def test_a_mailed_address_shows_the_same_and_a_broken_one_the_port_as_it_is(
    opened: Callable[..., Page], made: Contents
) -> None:
    view = opened(made)
    view.get_by_role("button", name="one more: lanes").click()
    settle(view)
    view.wait_for_function("() => location.hash.length > 1")
    address = view.evaluate("location.hash")
    again = opened(made, address=address)
    assert again.evaluate("state.staff[0][0]") == 4
    assert again.locator("#kept").inner_text() == view.locator("#kept").inner_text()
    for broken in ("#%7B", "#%7B%22staff%22%3A1%7D", address.replace("4", "-4", 1)):
        assert opened(made, address=broken).evaluate("same(state, usual)")


def test_policies_are_pinned_and_figures_saved(opened: Callable[..., Page], made: Contents) -> None:
    view = opened(made)
    for name in ("one more: lanes", "one more: clerks", "one more: scanner", "one more: scanner"):
        view.get_by_role("button", name=name).click()
        settle(view)
        if not view.locator("#pin").is_disabled():
            view.locator("#pin").click()
    settle(view)
    assert view.locator("#policies th.number").all_inner_texts() == [
        "as it is", "policy 1", "policy 2", "policy 3",
    ]  # fmt: skip
    assert view.locator("#pin").is_disabled()
    rows = list(csv.DictReader(io.StringIO(view.evaluate("csvText()").removeprefix("\ufeff"))))
    assert len(rows) == 5 * 4
    assert [row["policy"] for row in rows[::4]] == [
        "as it is", "policy 1", "policy 2", "policy 3", "Policy",
    ]  # fmt: skip
    view.locator("#language").select_option("zh")
    assert view.locator("html").get_attribute("lang") == "zh"
    assert "开放时间" in view.locator("body").inner_text()


def test_words_of_a_scenario_do_nothing(
    opened: Callable[..., Page], port: Path, tmp_path: Path
) -> None:
    text = port.read_text("utf-8").replace("  lanes: {", f'  lanes: {{label: "{EVIL}", ')
    file = tmp_path / "evil.yaml"
    file.write_text(text.replace("<b>bold</b>", EVIL), "utf-8")
    made = contents(load(file), replications=1)
    view = opened(made)
    assert view.title() == "evil"
    assert EVIL in view.locator("body").inner_text()
    assert view.locator("img").count() == 0
    policy = "'unsafe-eval'"
    assert policy not in page(made, "en").split("<title>")[0]


def test_an_empty_port_has_no_longest_queue_and_a_full_one_passes_what_its_clerk_can(
    opened: Callable[..., Page], tmp_path: Path
) -> None:
    """Twelve trucks an hour, twelve hours a day; nobody is rostered, so no hours are told."""
    file = tmp_path / "small.yaml"
    file.write_text(SMALL.replace("RATE", "0.0001"), "utf-8")
    view = opened(contents(load(file)))
    assert view.locator("#week-of").inner_text() == "Nobody waits."
    assert "Rostered hours" not in view.locator("#figures").inner_text()
    assert "≥" not in view.locator("#figures").inner_text()
    assert view.locator("#waits").inner_text() == view.locator("#loads").inner_text() == ""
    file.write_text(SMALL.replace("RATE", "900"), "utf-8")
    view = opened(contents(load(file)))
    told = view.locator("#figures").inner_text().split("\n")
    assert 140 <= float(told[told.index("Trucks out a day") + 1]) <= 144
    # Most of them are still inside at the end, and stay longer than that.
    assert told[told.index("Mean stay, h") + 1].startswith("≥ ")
    assert view.locator("#week-of").inner_text().startswith("The queue is longest on Sun")
    # 900 trucks of five minutes want 75 hours of a clerk who has twelve.
    asked = view.locator("#loads td.number").inner_text()
    assert float(asked.removesuffix(" %")) == pytest.approx(625, rel=0.03)
    # The queue stands by day and by night, all day long alike.
    waits = view.locator("#waits td.number").all_inner_texts()
    assert float(waits[0]) == pytest.approx(float(waits[1]), rel=0.1)


def test_a_share_that_is_always_the_same_has_no_interval(
    opened: Callable[..., Page], tmp_path: Path
) -> None:
    """Some twenty trucks a day of one clerk who passes 144: all are out in time, in every run."""
    file = tmp_path / "small.yaml"
    file.write_text(SMALL.replace("RATE", "20"), "utf-8")
    view = opened(contents(load(file)))
    assert view.locator("#kept").inner_text() == "100.0 %"
    assert "no spread: the same in all 3 rep" in view.locator("#kept-interval").inner_text()
    assert "±" not in view.locator("#policies").inner_text()
    told = "({mean, half}) => intervalText({mean, half}, 3)"
    assert view.evaluate(told, {"mean": 0.5, "half": 0.1}) == "95 % interval 40.0 % to 60.0 %"
    assert view.evaluate(told, {"mean": 0.9998, "half": 1e-4}) == "95 % interval 99.97 % to 99.99 %"


def test_a_stage_that_is_never_open_is_told_and_no_overlay_is_saved(
    opened: Callable[..., Page], tmp_path: Path
) -> None:
    """Seven days are closed one by one; the first of them opened again has its hours back."""
    file = tmp_path / "small.yaml"
    file.write_text(SMALL.replace("RATE", "20"), "utf-8")
    view = opened(contents(load(file)))
    days = view.locator('[data-calendar="day"] .axis button')
    for number in range(7):
        assert view.locator("#refused").inner_text() == ""
        assert view.locator("#yaml").is_enabled()
        days.nth(number).click()
    settle(view)
    assert view.locator("#refused").inner_text() == (
        "desk is never open. portsim refuses such a policy: it cannot be saved as an overlay."
    )
    assert view.locator("#yaml").is_disabled()
    assert days.nth(0).get_attribute("aria-pressed") == "false"
    assert view.locator("#kept").inner_text() == "0.0 %"
    days.nth(0).click()
    assert view.evaluate("state.calendars.day.rules[0].hours[0]") == [[28_800, 64_800]]
    view.locator("#back").click()
    view.locator("#back").click()
    days.nth(0).click()
    assert view.evaluate("state.calendars.day.rules[0].hours[0]") == [[28_800, 72_000]]
    assert view.locator("#yaml").is_enabled()
    view.get_by_role("button", name="one less: clerk").click()
    assert (
        "desk is never open with enough of clerk on duty" in view.locator("#refused").inner_text()
    )


def test_a_share_goes_no_further_than_the_first_channel_can_give(
    opened: Callable[..., Page], shared: Path
) -> None:
    """Half of the others are free: of the looked at there may be seven eighths, and no free ones
    cannot be; a physical look of a tenth is what the keys say."""
    view = opened(contents(load(shared), replications=2))
    looked_at = view.get_by_label("a few others: looked at")
    looked_at.press("End")
    assert looked_at.get_attribute("aria-valuetext") == "87.5 %"
    view.get_by_label("risk: physical").press("ArrowRight")
    assert view.get_by_label("risk: physical").get_attribute("aria-valuetext") == "6.3 %"
    settle(view)
    text = view.evaluate("yamlText()")
    assert '"looked at": 0.875' in text
    assert '"free": 0.125' in text
    assert '"green": 0.5875, "papers": 0.2, "scan": 0.15, "physical": 0.0625' in text


@pytest.mark.parametrize("season", ["spring"], indirect=True)
def test_it_can_be_heard(opened: Callable[..., Page], made: Contents) -> None:
    """What a screen reader is given: the answer is spoken when it changes, and each picture, edge
    and slider has its numbers in words."""
    view = opened(made)
    told = view.locator("main").aria_snapshot()
    kept = view.locator("#kept").inner_text()
    assert view.locator("#kept").get_attribute("aria-live") == "polite"
    number = r"[\d.,]+"
    for part in (
        rf"status: {re.escape(kept)}\n",
        rf"""img "Trucks in queues over the period: {number} on average, {number} at most in""",
        r"""img "The queue is longest on \w+ at \d\d:00\.""",
        r"""status "clerks": "3\"""",
        r"""row "out within .* %""",
    ):
        assert re.search(part, told), part
    for name, value in (("far, Mon: closes", "19:00"), ("Demand", "100 %"), ("papers", "100 %")):
        slider = view.get_by_role("slider", name=name, exact=True)
        assert slider.get_attribute("aria-valuetext") == value


@pytest.mark.parametrize("season", ["spring"], indirect=True)
def test_a_finger_moves_an_edge(opened: Callable[..., Page], made: Contents) -> None:
    view = opened(made, 390, has_touch=True)
    edge = view.locator('[data-calendar="far"] [data-edge="0-0-1"]')
    edge.scroll_into_view_if_needed()
    was, box = int(edge.get_attribute("aria-valuenow") or 0), edge.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = view.context.new_cdp_session(view)
    for kind, by in (("touchStart", 0), ("touchMove", -20), ("touchMove", -40)):
        points = [{"x": x + by, "y": y}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settle(view)
    assert int(edge.get_attribute("aria-valuenow") or 0) < was - 3600


CHANNELS = SMALL.replace(
    "RATE per day}, route: [desk]", "9 per day}, channels: {SET}, route: [ROUTE]"
)
LOOK = "desk: {hours: day, share: 0.5,"


@pytest.mark.parametrize(
    ("shares", "route", "moved"),
    [
        ("a: 0.5, b: 0.2, c: 0.3", "{stage: desk, channels: c}", ["c"]),
        ("a: 0.5, b: 0.2, c: 0.3", "{stage: desk, channels: [a, c]}", ["b", "c"]),
        ("a: 1", "{stage: desk, channels: a}", []),
    ],
)
def test_only_a_channel_that_sends_trucks_elsewhere_can_be_moved(
    tmp_path: Path, shares: str, route: str, moved: list[str]
) -> None:
    file = tmp_path / "port.yaml"
    file.write_text(CHANNELS.replace("SET", shares).replace("ROUTE", route), "utf-8")
    sliders = contents(load(file), replications=1).data["shares"]["sliders"]
    assert [slider["where"][-1] for slider in sliders] == moved


def test_of_shares_without_channels_nothing_is_said_of_a_first_one(
    opened: Callable[..., Page], tmp_path: Path
) -> None:
    file = tmp_path / "port.yaml"
    file.write_text(SMALL.replace("desk: {hours: day,", LOOK).replace("RATE", "9"), "utf-8")
    view = opened(contents(load(file), replications=1))
    assert view.get_by_label("desk", exact=True).last.is_visible()
    assert view.locator("#shares-part").is_visible()
    assert not view.locator("#shares-help").is_visible()

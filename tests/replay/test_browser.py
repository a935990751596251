"""The replay in a real browser: what it shows at a second is what the log says of that second.

Debian's chromium is enough; where there is no browser the tests are skipped, and say so.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

import day_log
from portsim.replay import write_replay
from portsim.results.logs import PortLog, read_log

DAY = dt.date(2024, 3, 4)
CROWD = 3000


COUNTS = """(seconds) => seconds.map((second) => {
  const scrub = document.getElementById("scrub");
  scrub.value = second;
  scrub.dispatchEvent(new Event("input"));
  return [...document.querySelectorAll(".place")].map((place) => [
    place.querySelector("h3").textContent, place.querySelector("p").lastChild.textContent,
    !place.classList.contains("shut")]);
})"""


CUT = """() => [...document.querySelectorAll(".place")].filter((place) => {
  const head = place.querySelector(".head"), box = place.getBoundingClientRect(),
    map = document.querySelector(".map").getBoundingClientRect();
  return head.scrollWidth > head.clientWidth || head.offsetHeight > place.clientHeight
    || box.left < map.left || box.right > map.right || box.top < map.top || box.bottom > map.bottom;
}).map((place) => place.textContent)"""


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> PortLog:
    return read_log(day_log.write(tmp_path_factory.mktemp("replay") / "made"))


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """A function that opens the page of a log; it fails if the page complains or asks."""
    heard: list[str] = []
    pages: list[Page] = []

    def open_page(
        log: PortLog,
        width: int = 1280,
        language: str = "en",
        beside: PortLog | None = None,
        **context: Any,
    ) -> Page:
        file = write_replay(log, DAY, tmp_path / "replay.html", language, beside)
        page = browser.new_page(viewport={"width": width, "height": 800}, **context)
        page.on("console", lambda message: heard.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: heard.append(f"error: {error}"))
        page.on("request", lambda request: heard.append(f"request: {request.url[:80]}"))
        page.goto(file.as_uri())
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert [words for words in heard if not words.startswith("request: file:")] == []


def said(log: PortLog, second: int) -> list[list[Any]]:
    """Counts and hours of each place at a second, from the tables of the log."""
    now = pd.Timestamp(DAY).tz_localize(day_log.ZONE) + pd.Timedelta(seconds=second)
    left = log.visits["truck"].map(log.trucks.set_index("truck")["left"])
    rows = []
    for stage, name in (("check", "Check of papers"), ("gate", "Gate <1>"), ("post", "post")):
        visits = log.visits[log.visits["stage"] == stage]
        out = visits["finished"].fillna(left).fillna(log.end.as_unit("ms"))
        begun = visits["admitted"].fillna(out)
        waits = ((visits["queued"] <= now) & (begun > now)).sum()
        works = ((visits["admitted"] <= now) & (out > now)).sum()
        hours = log.hours[(log.hours["stage"] == stage) & (log.hours["what"] == "open")]
        is_open = bool(((hours["begins"] <= now) & (hours["ends"] > now)).any())
        rows.append([name, f"{waits:,} waiting, {works:,} served", is_open])
    return rows


def test_every_second_shows_what_the_log_says_also_backwards(
    opened: Callable[..., Page], log: PortLog
) -> None:
    seconds = [*range(30_000, 70_000, 300), 32_399, 32_400, 36_000, 46_800, 50_399, 50_400]
    page = opened(log)
    want = [said(log, second) for second in seconds]
    assert page.evaluate(COUNTS, seconds) == want
    assert page.evaluate(COUNTS, seconds[::-1]) == want[::-1]
    assert page.locator("#clock").inner_text() == "08:20:00"


def test_keys_and_buttons(opened: Callable[..., Page], log: PortLog) -> None:
    page = opened(log)
    clock, speed = page.locator("#clock"), page.locator("#speed")
    # It opens half an hour before the port does, and does not play by itself.
    assert clock.inner_text() == "09:30:00"
    for key, time in (
        ("ArrowRight", "09:31:00"),
        ("Shift+ArrowRight", "09:41:00"),
        ("ArrowLeft", "09:40:00"),
        ("End", "24:00:00"),
        ("Home", "00:00:00"),
        ("ArrowLeft", "00:00:00"),
    ):
        page.keyboard.press(key)
        assert clock.inner_text() == time
    assert speed.inner_text() == "× 300"
    page.keyboard.press("+")
    assert speed.inner_text() == "× 600"
    page.locator("#slower").click()
    page.locator("#slower").click()
    assert speed.inner_text() == "× 120"
    page.locator("#scrub").focus()
    page.keyboard.press("ArrowRight")
    assert clock.inner_text() == "00:01:00"
    page.keyboard.press("Space")
    expect(clock).not_to_have_text("00:01:00")
    assert page.locator("#play").inner_text() == "Stop"
    page.locator("#play").focus()
    page.keyboard.press("Space")
    assert page.locator("#play").inner_text() == "Play"
    stopped = clock.inner_text()
    page.wait_for_timeout(150)
    assert clock.inner_text() == stopped


@pytest.mark.parametrize("language", ["en", "zh", "kk"])
@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_and_nobody_is_kept_out(
    opened: Callable[..., Page], log: PortLog, width: int, language: str
) -> None:
    page = opened(log, width, language)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cards = page.locator(".place")
    boxes = [box for i in range(3) if (box := cards.nth(i).bounding_box())]
    assert [box["x"] for box in boxes] == sorted(box["x"] for box in boxes)
    assert page.evaluate(CUT) == []
    # On a phone the map is moved sideways below the clock, and is no taller than a screen.
    frame = page.locator(".frame")
    moved = frame.evaluate("(frame) => frame.scrollWidth > frame.clientWidth")
    assert moved is (width < 760)
    assert page.locator(".map").evaluate("(map) => map.offsetHeight") < 640 or width > 760
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in found] == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "zh",
            ["2024年3月4日星期一", "口岸内 1 辆", "通关中", "等候 0，办理 1", "播放", "出口"],
        ),
        (
            "ru",
            ["понедельник, 4 марта 2024 г.", "грузовиков в пункте пропуска: 1",
             "пункт пропуска открыт", "ждут: 0, обслуживаются: 1", "Пуск", "на выезд"],
        ),
    ],
)  # fmt: skip
def test_it_speaks(
    opened: Callable[..., Page], log: PortLog, language: str, said: list[str]
) -> None:
    page = opened(log, language=language)
    page.evaluate(COUNTS, [10 * 3600 + 60])
    text = page.locator("body").inner_text()
    for words in said:
        assert words in text
    for words in ("waiting", "served", "closed", "Play", "trucks", "export", "{"):
        assert words not in text


INK = """() => {
  const canvas = document.querySelector(".over"), { cards } = boards[0].plan;
  const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  // Beside the cards, where only what is on its way between two places is drawn.
  return cards.some(({ left, top, tall }) => {
    for (let y = Math.ceil(top); y < top + tall; y += 1)
      for (let x = Math.max(Math.floor(left) - 8, 0); x < left - 2; x += 1)
        if (data[4 * (y * width + x) + 3]) return true;
    return false;
  });
}"""


def test_less_motion_means_no_flight(opened: Callable[..., Page], log: PortLog) -> None:
    second = 10.5 * 3600 + 12
    for motion, flies in (("no-preference", True), ("reduce", False)):
        page = opened(log, reduced_motion=motion)
        page.evaluate(COUNTS, [second])
        assert page.evaluate(INK) is flies


def test_thousands_of_trucks_are_drawn_and_counted(
    opened: Callable[..., Page], tmp_path: Path
) -> None:
    found = day_log.logs()
    one = {name: found[name][found[name]["truck"] == 2] for name in ("trucks", "visits")}
    for name, rows in one.items():
        more = pd.concat([rows] * CROWD, ignore_index=True)
        more["truck"] = [100 + index // len(rows) for index in range(len(more))]
        found[name] = pd.concat([found[name], more], ignore_index=True)
    crowded = read_log(day_log.write(tmp_path / "crowd", logs=found))
    page = opened(crowded)
    gate = page.evaluate(COUNTS, [17 * 3600])[0][1]
    assert gate == ["Gate <1>", f"{CROWD + 1:,} waiting, 0 served", True]
    assert page.locator("#inside").inner_text() == f"trucks at the port: {CROWD + 1:,}"
    # They do not fit as they are: each stands for many, and nobody is left out or drawn twice.
    drawn = page.evaluate("boards[0].spots.map(([k, x, y, long, packed]) => [k, packed])")
    assert len({k for k, _ in drawn}) == len(drawn) == CROWD + 1
    assert all(packed for _, packed in drawn)


LINE = """(n) => {
  const day = { ...boards[0].day, places: boards[0].day.places };
  const gate = day.places.findIndex(({ gate }) => gate);
  boards[0].spots = [];
  const c = wiped(boards[0].sky);
  boards[0].place(c, gate, Array.from({ length: n }, () => [0, 0]), []);
  return boards[0].spots.map(([k, x, y, long]) => [Math.round(x * 10) / 10, y, long]);
}"""


def test_a_queue_is_a_line_of_trucks_to_scale_that_goes_back_from_the_gate(
    opened: Callable[..., Page], log: PortLog
) -> None:
    page = opened(log)
    line = page.evaluate(LINE, 12)
    # 20 metres of road are ten pixels; a truck leaves two of them free.
    steps = {round(a[0] - b[0], 1) for a, b in pairwise(line)}
    assert (steps, {long for _, _, long in line}) == ({10}, {8})
    assert len({y for _, y, _ in line}) == 1
    assert page.evaluate("boards[0].lanes[2][0].from") == pytest.approx(line[0][0] + 8, abs=0.1)


def test_a_gate_opens_and_closes_and_the_hours_stand_on_the_clock(
    opened: Callable[..., Page], log: PortLog
) -> None:
    page = opened(log)
    opened_ = "(t) => boards[0].day.opened(boards[0].day.places[1].open, t, 100)"
    shown = [page.evaluate(opened_, 36_000 + second) for second in (-1, 0, 50, 100, 28_799)]
    assert shown == [0, 0, 0.5, 1, 1]
    assert [page.evaluate(opened_, 64_800 + second) for second in (0, 25, 100)] == [1, 0.75, 0]
    rows = page.evaluate("timeline.rows")
    # The border is where the road leaves the port: behind the post.
    assert rows == [["post", [[0, 86_340]]]]


def test_a_truck_is_followed_by_its_number_and_by_a_click(
    opened: Callable[..., Page], log: PortLog
) -> None:
    page = opened(log)
    page.locator("#find").fill("2")
    page.locator("#find").press("Enter")
    assert page.locator("#stories h3").inner_text() == "Truck 2 (Tea & more)"
    said = [
        "12:30 joins the queue: Check of papers",
        "12:45 is served: Check of papers, after 0 h 15 min of waiting",
        "14:15 joins the queue: Gate <1>",
    ]
    assert page.locator("#stories li").all_inner_texts() == said
    page.evaluate(COUNTS, [13 * 3600])
    assert page.locator("#stories [aria-current]").all_inner_texts() == said[1:2]
    page.locator("#find").fill("77 <b>")
    page.get_by_role("button", name="Follow", exact=True).click()
    assert page.locator("#found").inner_text() == "No truck 77 <b> is at the port on this day."
    page.locator("#next").click()
    first = page.locator("#stories h3").inner_text()
    page.locator("#next").press("Enter")
    assert [first, page.locator("#stories h3").inner_text()] == [
        "Truck 0 (Tea & more)",
        "Truck 1 (cars)",
    ]
    page.locator("#let-go").click()
    assert page.locator("#stories").inner_text() == ""
    page.evaluate(COUNTS, [17 * 3600])
    (spot,) = page.evaluate("boards[0].spots")
    box = page.locator(".map").bounding_box()
    assert box
    page.mouse.click(box["x"] + spot[1] + 3, box["y"] + spot[2] + 3)
    assert page.locator("#stories h3").inner_text() == "Truck 2 (Tea & more)"
    # Keys for the clock write into the field while one types there.
    page.locator("#find").fill("")
    page.locator("#find").press("+")
    assert page.locator("#find").input_value() == "+"
    assert page.locator("#speed").inner_text() == "× 300"


def test_two_days_are_played_on_one_clock(opened: Callable[..., Page], tmp_path: Path) -> None:
    found = day_log.logs()
    log = read_log(day_log.write(tmp_path / "one"))
    fewer = {**found, "trucks": found["trucks"][found["trucks"]["truck"] != 2]}
    other = read_log(day_log.write(tmp_path / "other", logs=fewer))
    page = opened(log, beside=other)
    page.evaluate(COUNTS, [12.6 * 3600])
    inside = " · ".join(f"{board}: trucks at the port: {n}" for board, n in (("A", 1), ("B", 0)))
    assert page.locator("#inside").inner_text() == inside
    assert page.locator(".board h2").all_inner_texts() == ["A by-hand", "B by-hand"]
    assert page.locator(".port").all_inner_texts() == ["A: port open", "B: port open"]
    assert [row[0] for row in page.evaluate("timeline.rows")] == ["A, B: post"]
    page.locator("#find").fill("2")
    page.locator("#find").press("Enter")
    assert page.locator("#stories h3").all_inner_texts() == ["A Truck 2 (Tea & more)"]
    none = "B: No truck 2 is at the port on this day."
    assert page.locator("#found").inner_text() == none
    page.locator("#find").fill("0")
    page.locator("#find").press("Enter")
    assert len(page.locator("#stories h3").all_inner_texts()) == 2


SHAPES_OF = """(n) => {
  const seen = new Set();
  for (let shape = 0; shape < n; shape += 1) for (const back of [false, true]) {
    const canvas = document.createElement("canvas");
    canvas.width = 30; canvas.height = 16;
    body(canvas.getContext("2d"), 3, 4, 22, { shape, colour: 0 }, back, 8);
    seen.add(canvas.toDataURL());
  }
  return seen.size;
}"""


def test_classes_and_directions_differ_by_shape_whatever_their_colour(
    opened: Callable[..., Page], log: PortLog
) -> None:
    page = opened(log)
    shapes = page.evaluate("SHAPES.length")
    assert shapes >= 7
    assert page.evaluate(SHAPES_OF, shapes) == 2 * shapes
    looks = page.evaluate("[...kinds.values()]")
    assert looks == [{"colour": 0, "shape": 0}, {"colour": 1, "shape": 0}]


def test_a_page_that_is_not_shown_yet_is_laid_out_when_it_is(
    opened: Callable[..., Page], log: PortLog, tmp_path: Path
) -> None:
    opened(log)
    outer = tmp_path / "outer.html"
    outer.write_text('<iframe src="replay.html" width="900" height="600" hidden></iframe>', "utf-8")
    page = opened(log)
    page.goto(outer.as_uri())
    frame = page.frames[1]
    frame.wait_for_load_state()
    frame.evaluate("go(36000)")
    page.evaluate("document.querySelector('iframe').hidden = false")
    expect(page.frame_locator("iframe").locator("#clock")).to_have_text("10:00:00")

"""The pictures of a result folder: which there are, that they repeat, and that they can be read."""

import json
import re
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image

import folders
from on_paper import assert_readable, drawn_texts
from portsim.figures import PICTURES, draw_all, letters, scales, style, text_layout
from portsim.figures.sheet import Sheet
from portsim.figures.study import Study
from portsim.figures.style import our_style
from portsim.results import read_record
from portsim.wording import amounts, speaking

LONG = "hours-with-a-name-that-somebody-thought-would-explain-all"
UNITS = re.compile(r"trucks|hours|%|time|date|month|percentage points")


class Folders:
    """Result folders by kind, each written when it is first asked for."""

    def __init__(self, root: Path, write: Callable[..., Path], schedules: dict[str, Any]) -> None:
        self._root, self._write, self._schedules = root, write, schedules

    def __getitem__(self, kind: str) -> Path:
        path = self._root / kind
        if path.exists():
            return path
        chosen = list(self._schedules.items())
        if kind == "many":
            return self._write(path, self._schedules, 3, 335)
        if kind == "single":
            return self._write(path, dict(chosen[:1]), 1, 335)
        if kind == "short":
            return self._write(path, dict(chosen[3:5]), 3, 21)
        if kind == "four":
            return self._write(path, dict(chosen[:4]), 1, 120)
        assert kind == "twelve"
        longer = {f"{LONG}-{name}": value for name, value in chosen[:5]}
        return self._write(path, self._schedules | longer, 2, 335)


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory,
    folder_of: Callable[..., Path],
    schedules: dict[str, Any],
) -> Folders:
    return Folders(tmp_path_factory.mktemp("figures"), folder_of, schedules)


class Drawn:
    """The sheets of a kind of folder, drawn when they are first asked for; nobody changes them."""

    def __init__(self, made: Folders) -> None:
        self._made = made
        self._sheets: dict[str, dict[str, Sheet]] = {}
        self._texts: dict[str, dict[str, list[tuple[Text, Bbox]]]] = {}

    def __getitem__(self, kind: str) -> dict[str, Sheet]:
        if kind not in self._sheets:
            self._sheets[kind] = sheets(self._made[kind])
        return self._sheets[kind]

    def texts(self, kind: str) -> dict[str, list[tuple[Text, Bbox]]]:
        """By picture, every text that really gets onto the paper, with its box in pixels."""
        if kind not in self._texts:
            self._texts[kind] = {
                name: drawn_texts(sheet.figure) for name, sheet in self[kind].items()
            }
        return self._texts[kind]


@pytest.fixture(scope="module")
def drawn(made: Folders) -> Drawn:
    return Drawn(made)


def words_on(sheet: Sheet) -> str:
    """All words of one picture."""
    texts = sheet.figure.findobj(Text)
    return "\n".join(text.get_text() for text in texts if isinstance(text, Text))


def sheet_of(folder: Path, name: str) -> Sheet:
    with our_style():
        sheet = PICTURES[name](Study(read_record(folder)))
    assert sheet is not None
    return sheet


def sheets(folder: Path) -> dict[str, Sheet]:
    study, found = Study(read_record(folder)), {}
    for name, draw in PICTURES.items():
        with our_style():
            sheet = draw(study)
        if sheet is not None:
            found[name] = sheet
    return found


BY_MONTH = ("throughput_month", "completion_month")
"""Pictures that a single month has no use for."""


DRAWN_FREE = ("where_hours_go", "late_days")
"""Pictures that have no axes of numbers."""


@pytest.fixture(scope="module")
def written(made: Folders) -> list[Path]:
    """The pictures in the folder of the short study."""
    return draw_all(read_record(made["short"]), made["short"])


def test_every_picture_is_written_twice_over_and_named_in_the_answer(
    made: Folders, written: list[Path]
) -> None:
    files = made["short"] / "figures"
    names = [name for name in PICTURES if name not in BY_MONTH]
    assert written == [files / f"{name}.{kind}" for name in names for kind in ("svg", "png")]
    assert set(files.iterdir()) == set(written)


def test_pictures_by_month_need_two_months(drawn: Drawn) -> None:
    assert not set(drawn["short"]) & set(BY_MONTH)
    assert set(drawn["many"]) == set(PICTURES)


def test_a_second_drawing_gives_the_same_bytes(made: Folders, written: list[Path]) -> None:
    first = {path.name: path.read_bytes() for path in written}
    with mpl.rc_context({"font.size": 30, "axes.grid": False, "savefig.dpi": 50}):
        assert {
            path.name: path.read_bytes()
            for path in draw_all(read_record(made["short"]), made["short"])
        } == first


def test_the_readers_own_settings_are_left_alone(made: Folders) -> None:
    before = dict(mpl.rcParams)
    assert sheets(made["short"])
    assert dict(mpl.rcParams) == before


def test_pictures_of_twelve_policies_are_light_and_wide_enough(
    drawn: Drawn, tmp_path: Path
) -> None:
    heavy = ("queue", "cumulative", "throughput_day", "stay_by_stage")
    for name in heavy:
        sheet = drawn["twelve"][name]
        with our_style():
            drawing, image = style.save(sheet.figure, tmp_path, name, sheet.title)
        assert drawing.stat().st_size < 450_000, name
        assert image.stat().st_size < 250_000, name
        with Image.open(image) as opened:
            assert 1400 <= opened.width <= 1800


@pytest.mark.parametrize("kind", ["many", "single", "short", "twelve", "four"])
def test_no_text_leaves_the_paper_or_meets_another(drawn: Drawn, kind: str) -> None:
    for name, texts in drawn.texts(kind).items():
        assert len(texts) > 8
        assert_readable(f"{kind}/{name}", drawn[kind][name].figure, texts)


@pytest.mark.parametrize("kind", ["single", "short"])
def test_axes_say_what_they_measure_and_in_which_unit(drawn: Drawn, kind: str) -> None:
    for name, sheet in drawn[kind].items():
        for axes in sheet.figure.axes:
            labels = [axes.get_xlabel(), axes.get_ylabel()]
            for label in filter(None, labels):
                assert UNITS.search(label), f"{name}: {label}"
        if name not in DRAWN_FREE:
            assert any(axes.get_xlabel() for axes in sheet.figure.axes), name


def test_one_scenario_with_one_replication_draws_all_but_the_comparison(drawn: Drawn) -> None:
    assert set(drawn["single"]) == set(PICTURES) - {"comparison"}
    assert "95 % interval" not in words_on(drawn["single"]["overview"])


def test_one_replication_says_that_there_is_no_interval(drawn: Drawn) -> None:
    text = words_on(drawn["four"]["comparison"])
    assert "one period: no interval" in text
    assert "seen in one simulated period only" in text


def test_an_overloaded_policy_is_called_so_in_words(drawn: Drawn) -> None:
    texts = drawn.texts("single")
    for name in set(PICTURES) - {"timetable", "comparison", "needed"}:
        assert any("overloaded" in text.get_text() for text, _ in texts[name]), name


def test_the_overview_states_what_is_seen(made: Folders, drawn: Drawn) -> None:
    text = words_on(drawn["many"]["overview"]).replace("\n", " ")
    study = Study(read_record(made["many"]))
    worst = study.estimate(study.base, "completed_within_limit")
    assert worst is not None
    assert f"Out within 24 h: {amounts.percent(worst.mean)} of the trucks under hours-5x8" in text


def test_no_title_praises_what_nobody_plans() -> None:
    """At Bakhtu opening round the clock, a bound, gains 3.77 points, and 7 × 12 h 1.71."""
    shipped = Study(read_record(Path(__file__).parents[2] / "results" / "bakhtu"))
    with our_style():
        sheet = PICTURES["comparison"](shipped)
    assert sheet is not None
    assert "7 days × 12 h raises the on-time share most, by 1.71 percentage points" in sheet.title
    assert "Round the clock" not in sheet.title


def test_the_timetable_counts_the_hours_in_which_all_are_open(drawn: Drawn) -> None:
    text = words_on(drawn["many"]["timetable"])
    for hours in (
        "6 h a day",
        "42 h a week",
        "8 h a day",
        "40 h a week",
        "Mon–Fri; Sat–Sun closed",
    ):
        assert hours in text


def test_an_interval_that_covers_zero_is_said_in_words(drawn: Drawn) -> None:
    text = words_on(drawn["short"]["comparison"])
    assert "covers 0: no clear change" in text or "the same in every period" in text


def copy_of(folder: Path, target: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """The folder without its pictures, each scenario of its manifest changed."""
    target.mkdir()
    for path in folder.iterdir():
        if path.is_file():
            (target / path.name).write_bytes(path.read_bytes())
    manifest = json.loads((target / "manifest.json").read_text("utf-8"))
    for entry in manifest["scenarios"]:
        change(entry)
    (target / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return target


def test_a_short_saturday_and_a_night_shift_stand_on_lines_of_their_own(
    made: Folders, tmp_path: Path
) -> None:
    def change(entry: dict[str, Any]) -> None:
        # Until 19:40: the hours of a week have no number for that, and the days are alike.
        week = [[24 * day + 10, 24 * day + 59 / 3] for day in range(5)] + [[130, 134], [142, 147]]
        entry["timetable"]["calendars"] = [
            {"name": "gate", "label": "Gate", "side": "", "open": week}
        ]

    folder = copy_of(made["short"], tmp_path / "saturday", change)
    figure = sheet_of(folder, "timetable").figure
    texts = drawn_texts(figure)
    said = [text.get_text() for text, _ in texts]
    assert "Mon–Fri; Sat; Sun" in said
    assert "57.3 h a week" in said
    assert_readable("timetable", figure, texts)


def test_officers_needed_are_those_of_people_with_hours(made: Folders, tmp_path: Path) -> None:
    """Of a roster as of a calendar; nobody works at places."""
    roster = {"label": "Officers", "roster": [{"calendar": "day", "count": 2}]}
    resources = {"officers": roster, "clerks": {"label": "Clerks", "calendar": "day"}}

    def with_clerks(entry: dict[str, Any]) -> None:
        entry["resolved"]["resources"] = resources

    text = words_on(sheet_of(copy_of(made["short"], tmp_path / "people", with_clerks), "needed"))
    assert "Officers" in text
    assert "Clerks" in text
    resources["clerks"]["places"] = True
    text = words_on(sheet_of(copy_of(made["short"], tmp_path / "yard", with_clerks), "needed"))
    assert "Officers" in text
    assert "Clerks" not in text


def test_an_hour_that_is_short_alone_is_drawn_as_short(made: Folders, tmp_path: Path) -> None:
    """On Tuesday from 10 to 11 five are needed where two are rostered, and in no other hour."""

    def one_post(entry: dict[str, Any]) -> None:
        entry["resolved"]["resources"] = {"officers": {"calendar": "day"}}

    folder = copy_of(made["short"], tmp_path / "alone", one_post)
    curves = pd.read_parquet(folder / "curves.parquet")
    post = curves["place"].eq("officers")
    for curve, mean in (("week_work", 1.0), ("week_work_most", 1.0), ("week_rostered", 2.0)):
        curves.loc[post & curves["curve"].eq(curve), "mean"] = mean
    rows = curves.index[post & curves["curve"].eq("week_work")]
    first = rows.to_numpy().reshape(-1, 168)
    curves.loc[first[:, 34], "mean"] = 5.0
    curves.to_parquet(folder / "curves.parquet")
    sheet = sheet_of(folder, "needed")
    hatched = [each for each in sheet.figure.axes[0].patches if each.get_hatch()]
    assert [(each.get_x(), each.get_y(), each.get_height()) for each in hatched] == [(34, 2, 3)]
    assert "short in 1 of 168" in words_on(sheet)


def test_what_comes_while_nobody_is_rostered_is_counted_by_no_title(
    made: Folders, tmp_path: Path
) -> None:
    """One is needed of two in the first half of the week, three of none in the second."""

    def one_post(entry: dict[str, Any]) -> None:
        entry["resolved"]["resources"] = {"officers": {"calendar": "day"}}

    folder = copy_of(made["short"], tmp_path / "outside", one_post)
    curves = pd.read_parquet(folder / "curves.parquet")
    post = curves["place"].eq("officers")
    for curve, halves in (
        ("week_work", (1, 3)),
        ("week_work_most", (1, 3)),
        ("week_rostered", (2, 0)),
    ):
        rows = curves.index[post & curves["curve"].eq(curve)].to_numpy().reshape(-1, 168)
        for half, value in enumerate(halves):
            curves.loc[rows[:, 84 * half : 84 * half + 84].ravel(), "mean"] = float(value)
    curves.to_parquet(folder / "curves.parquet")
    sheet = sheet_of(folder, "needed")
    assert sheet.title.startswith("In the rostered hours of the mean week no post is short")
    assert "75 % comes in hours of the week in which nobody is rostered" in sheet.caption


def test_hours_of_a_class_that_nobody_lets_out_count_and_what_is_nothing_is_not_named(
    made: Folders, tmp_path: Path
) -> None:
    """90 of 100 trucks inside wait, the other 10 are served: a tenth is work on them."""
    folder = copy_of(made["single"], tmp_path / "shut", lambda entry: None)
    summary = pd.read_csv(folder / "summary.csv")
    parts = "wait_open_mean_h", "wait_closed_mean_h", "service_mean_h", "paused_mean_h"
    for kind, inside, hours in (("cars", 90.0, (0, 200, 0, 0)), ("fruit", 10.0, (0, 0, 1, 0))):
        of_kind = summary["truck_class"].eq(kind)
        for measure, value in (("inside_mean", inside), *zip(parts, hours, strict=True)):
            summary.loc[of_kind & summary["measure"].eq(measure), "mean"] = value
    summary = summary[~summary["truck_class"].str.startswith("everything")]
    summary.to_csv(folder / "summary.csv", index=False)
    sheet = sheet_of(folder, "where_hours_go")
    assert "10 % is work on them and 90 % waiting" in sheet.title.replace("\n", " ")
    text = words_on(sheet)
    assert "Trucks with cars: 200 h" in text
    assert "paused" not in text


def test_without_timetable_and_period_the_rest_is_drawn(made: Folders, tmp_path: Path) -> None:
    def change(entry: dict[str, Any]) -> None:
        del entry["timetable"], entry["period"], entry["limit_h"]

    folder = copy_of(made["short"], tmp_path / "bare", change)
    names = set(sheets(folder))
    assert {"overview", "queue_week", "stay_ecdf", "comparison"} <= names
    assert not {"timetable", "queue", "cumulative", "throughput_day"} & names


def test_a_letter_that_no_font_lends_is_an_error() -> None:
    figure = Figure()
    figure.text(0.1, 0.5, "巴克图")
    with our_style(), pytest.raises(UserWarning, match="missing from font"):
        FigureCanvasAgg(figure).draw()


@pytest.fixture
def no_lenders(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without a font for Chinese."""
    monkeypatch.setattr(letters, "_LENDERS", ())
    for kept in (letters._lenders, letters._installed):
        kept.cache_clear()
    yield
    for kept in (letters._lenders, letters._installed):
        kept.cache_clear()


@pytest.mark.usefixtures("no_lenders", "without_images")
def test_a_policy_whose_name_cannot_be_drawn_gets_a_number_and_none_is_taken_for_a_formula(
    folder_of: Callable[..., Path], schedules: dict[str, Any], tmp_path: Path
) -> None:
    formula = "cost $5 & <b> $7"
    hours = schedules["hours-7x8"]
    folder = folder_of(tmp_path, {"巴克图": hours, formula: hours}, 1, 14)
    record = read_record(folder)
    assert [policy.label for policy in Study(record).policies] == ["policy 1", formula]
    assert letters.undrawn(record.manifest) == ["巴克图"]
    assert draw_all(record, folder)
    drawing = (folder / "figures" / "overview.svg").read_text("utf-8")
    # As a text, not as the comment that stands beside a formula.
    assert "policy 1</text>" in drawing
    assert "cost $5 &amp; &lt;b&gt; $7</text>" in drawing


def test_a_text_borrows_the_letters_our_font_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    # What our font lacks and STIX has: any machine with matplotlib has both.
    letter = next(
        chr(code)
        for code in (0x2A6A, 0x2AA1, 0x1D5A0, 0xE000, 0xE100)
        if letters.lacking(chr(code)) and not letters._without(chr(code), "STIXGeneral")
    )
    monkeypatch.setattr(letters, "_installed", lambda: ("STIXGeneral",))
    letters._lenders.cache_clear()
    try:
        assert letters.drawn(f"x{letter}")
        figure = Figure()
        text = figure.text(0.1, 0.5, f"x{letter}")
        letters.lend(figure)
        assert text.get_text() == f"x{letter}"
        assert text.get_fontfamily() == [letters.FONT, "STIXGeneral"]
        with our_style():
            FigureCanvasAgg(figure).draw()
    finally:
        letters._lenders.cache_clear()


@pytest.mark.usefixtures("no_lenders")
def test_letters_that_no_font_has_are_boxes_in_the_end() -> None:
    figure = Figure()
    text = figure.text(0.1, 0.5, "name: 巴, Бахты")
    letters.lend(figure)
    assert text.get_text() == "name: □, Бахты"


def test_dates_are_those_of_the_port(made: Folders) -> None:
    policy = Study(read_record(made["short"])).policies[0]
    assert str(policy.dates(np.array([0.0]))[0]) == "2024-01-01T00:00:00"


def test_spread_keeps_order_and_distance() -> None:
    placed = scales.spread([0.99, 0.98, 0.5, 0.97], [0.1] * 4, 0.0, 1.0)
    assert placed[2] == 0.5
    assert placed[3] < placed[1] < placed[0] <= 0.95 + 1e-9
    assert all(abs(a - b) >= 0.1 - 1e-9 for a, b in combinations(placed, 2))


@pytest.mark.parametrize(
    ("value", "text"),
    [(5230.4, "5,230"), (99.96, "100"), (41.26, "41.3"), (-0.3, "−0.30"), (0.0, "0")],
)
def test_numbers_have_three_digits(value: float, text: str) -> None:
    assert amounts.number(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(1.0, "100 %"), (0.9999, "99.9 %"), (0.83, "83 %"), (0.001, "0.1 %"), (0.0, "0 %")],
)
def test_only_all_is_a_hundred_per_cent(share: float, text: str) -> None:
    assert amounts.percent(share) == text


def test_wrapping_breaks_after_hyphens_and_never_overflows() -> None:
    lines = text_layout.wrap("hours-7x8-after-clock-change", 1.0, 8.5).split("\n")
    assert "".join(lines) == "hours-7x8-after-clock-change"
    assert all(text_layout.width(line, 8.5) <= 1.0 for line in lines)
    assert len(text_layout.wrap("x" * 60, 1.0, 8.5).split("\n")) > 1


def frames(sheet: Sheet) -> list[float]:
    """Ends of the capacity frames of the overview."""
    axes = sheet.figure.axes[0]
    return [bar.get_width() for bar in axes.patches if bar.get_facecolor()[:3] == (1.0, 1.0, 1.0)]


@pytest.mark.parametrize(
    ("capacity", "ends", "said"),
    [
        (150.0, [150.0], False),
        # As good as the same: luck alone.
        (99.5, [100.0], False),
        # An older queue let more pass than the port keeps up.
        (90.0, [], True),
    ],
)
def test_no_capacity_frame_is_below_what_was_released(
    tmp_path: Path, capacity: float, ends: list[float], said: bool
) -> None:
    means = {
        "throughput_per_day": 100.0,
        "completed_within_limit": 0.5,
        "capacity_per_day": capacity,
    }
    folder = folders.write(tmp_path / "made", {"old": means})
    sheet = sheet_of(folder, "overview")
    assert frames(sheet) == pytest.approx(ends)
    text = words_on(sheet).replace("\n", " ")
    assert ("No frame is drawn where more was released" in text) is said


def test_no_capacity_line_is_below_a_month(tmp_path: Path) -> None:
    means = {"throughput_per_day": 100.0, "throughput_per_day[2024-01]": 80.0,
             "throughput_per_day[2024-02]": 120.0}  # fmt: skip
    for name, capacity, lines in (("low", 110.0, 0), ("high", 130.0, 1)):
        folder = folders.write(tmp_path / name, {"old": {**means, "capacity_per_day": capacity}})
        sheet = sheet_of(folder, "throughput_month")
        (axes,) = sheet.figure.axes
        drawn = [line for line in axes.lines if line.get_color() == style.ALARM]
        assert len(drawn) == lines
        said = words_on(sheet).replace("\n", " ")
        assert ("There is none where a month" in said) is not bool(lines)


@pytest.fixture(scope="module")
def alike(
    tmp_path_factory: pytest.TempPathFactory,
    folder_of: Callable[..., Path],
    schedules: dict[str, Any],
) -> Study:
    folder, hours = tmp_path_factory.mktemp("alike"), schedules["hours-2026"]
    return Study(read_record(folder_of(folder, {"here": hours, "there": hours}, 1, 40)))


@pytest.mark.parametrize("picture", PICTURES)
def test_no_title_names_a_policy_twice_where_all_are_alike(alike: Study, picture: str) -> None:
    for language in ("en", "zh", "ru"):
        with speaking(language), our_style():
            sheet = PICTURES[picture](alike)
        names = re.findall(r"\bt?here\b", sheet.title if sheet else "", re.ASCII)
        assert len(names) == len(set(names))


def day(text: str) -> np.datetime64:
    return np.datetime64(text, "s")


def test_a_day_has_its_year_where_several_years_are_seen() -> None:
    in_one = scales.day_text(day("2014-03-13"), day("2014-01-01"), day("2015-01-01"))
    in_ten = scales.day_text(day("2014-03-13"), day("2014-01-01"), day("2024-01-01"))
    assert (in_one, in_ten) == ("13 Mar", "13 Mar 2014")


@pytest.mark.parametrize(
    ("first", "last", "texts"),
    [
        # Ten years: a tick a year, and nothing else.
        ("2014-01-01", "2024-01-01", [str(year) for year in range(2014, 2024)]),
        # A winter in days: each year named once.
        ("2023-12-18", "2024-01-15", ["18 Dec\n2023", "25 Dec", "1 Jan\n2024", "8 Jan"]),
        # A year from February on in steps of three months: its January is among the ticks.
        ("2023-02-01", "2024-04-15", ["Apr\n2023", "Jul", "Oct", "Jan\n2024"]),
    ],
)
def test_axes_of_dates_name_every_year_once(first: str, last: str, texts: list[str]) -> None:
    axes = Figure().add_subplot()
    width = {"2014": 8.0, "2023-12": 2.0}.get(first[:4] if first < "2020" else first[:7], 3.0)
    scales.date_axis(axes, day(first), day(last), width)
    assert [label.get_text() for label in axes.get_xticklabels()] == texts

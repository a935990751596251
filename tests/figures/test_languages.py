"""Pictures in every language: no letter is missing, nothing is cut off and nothing overlaps."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from portsim.figures import draw_all, letters
from portsim.figures.pictures import PICTURES
from portsim.figures.sheet import Sheet
from portsim.figures.study import Study
from portsim.figures.style import our_style
from portsim.results import Record, read_record
from portsim.wording import LANGUAGES, say, speaking

SOURCE = Path(letters.__file__).parents[1]
NAMES = {
    "hours-5x8": ("5 days × 8 h", "5天×8小时", "5 дней × 8 ч", "5 күн × 8 сағ"),
    "hours-2026": ("Hours of 2026", "延长时间", "Режим 2026 года", "2026 жылғы режим"),
    "hours-7x12": ("7 days × 12 h, gate shuts at 19:00", "7天×12小时，国门19时闭关",
                   "7 дней × 12 ч, КПП до 19:00", "7 күн × 12 сағ, бекет 19:00-ге дейін"),
}  # fmt: skip
SIDES = {"Kazakhstan": ("Kazakhstan", "哈萨克斯坦", "Казахстан", "Қазақстан")}
SLACK = 1.0  # pixels


@pytest.fixture(scope="module")
def labelled(
    tmp_path_factory: pytest.TempPathFactory,
    folder_of: Callable[..., Path],
    schedules: dict[str, Any],
) -> Record:
    """A comparison whose policies and sides have a label in every language."""
    shown = {name: schedules[name] for name in NAMES}
    record = read_record(folder_of(tmp_path_factory.mktemp("labelled"), shown, 2, 70))
    record.manifest = replace(
        record.manifest,
        scenarios=tuple(
            replace(
                entry,
                resolved={
                    **entry.resolved,
                    "label": dict(zip(LANGUAGES, NAMES[entry.name], strict=True)),
                    "sides": {
                        name: {"label": dict(zip(LANGUAGES, texts, strict=True))}
                        for name, texts in SIDES.items()
                    },
                },
            )
            for entry in record.manifest.scenarios
        ),
    )
    return record


def boxes(sheet: Sheet) -> Iterator[tuple[str, Bbox]]:
    """The texts of a picture as they are drawn, with their boxes in pixels."""
    letters.lend(sheet.figure)
    canvas = FigureCanvasAgg(sheet.figure)
    sheet.figure.draw_without_rendering()
    beyond = {
        label
        for axes in sheet.figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in axis.get_major_ticks()
        if not min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
        for label in (tick.label1, tick.label2)
    }
    for text in sheet.figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_text().strip() and text.get_visible() and text not in beyond:
            yield text.get_text(), text.get_window_extent(canvas.get_renderer())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_cut_off_or_lies_on_another(labelled: Record, language: str) -> None:
    for name in ("overview", "timetable", "stay_by_stage", "comparison"):
        with speaking(language), our_style():
            sheet = PICTURES[name](Study(labelled))
            assert sheet is not None
            texts = list(boxes(sheet))
        wide, tall = sheet.figure.get_size_inches() * sheet.figure.dpi
        for text, box in texts:
            assert min(box.x0, box.y0) >= -SLACK, (name, text)
            assert max(box.x1 - wide, box.y1 - tall) <= SLACK, (name, text)
        for (text, one), (other, two) in combinations(texts, 2):
            over = min(one.x1, two.x1) - max(one.x0, two.x0)
            high = min(one.y1, two.y1) - max(one.y0, two.y0)
            assert over <= SLACK or high <= 4, (name, text, other)


def test_every_letter_of_every_language_comes_with_portsim(monkeypatch) -> None:
    """On a machine without a single font of its own."""
    monkeypatch.setattr(letters, "_LENDERS", (letters._OWN,))
    letters._lenders.cache_clear()
    letters._installed.cache_clear()
    try:
        for language in LANGUAGES[1:]:
            with (SOURCE / "wording" / f"{language}.po").open("rb") as file:
                text = "".join(str(message.string) for message in read_po(file))
            assert letters.drawn(text), language
        scenarios = SOURCE.parents[1] / "scenarios" / "bakhtu"
        for file in scenarios.rglob("*.yaml"):
            assert letters.drawn(file.read_text("utf-8")), file.name
    finally:
        letters._lenders.cache_clear()
        letters._installed.cache_clear()


@pytest.mark.usefixtures("without_images")
def test_a_chinese_policy_is_drawn_by_its_name_and_never_as_a_box(
    labelled: Record, tmp_path: Path
) -> None:
    with speaking("zh"):
        assert "延长时间" in {policy.label for policy in Study(labelled).policies}
        draw_all(labelled, tmp_path)
        stand_in = say("policy {number}", number=2)
    for file in (tmp_path / "figures").glob("*.svg"):
        drawing = file.read_text("utf-8")
        # Whoever has no such font sees the shapes of the letters; what they say stands beside them.
        assert "<text" not in drawing
        assert "□" not in drawing
        assert stand_in not in drawing


def test_both_clocks_stand_below_the_hours_where_they_differ(labelled: Record) -> None:
    with our_style():
        sheet = PICTURES["timetable"](Study(labelled))
    assert sheet is not None
    words = {text.get_text() for text in sheet.figure.findobj(Text)}
    assert any("clocks of" in word.lower() for word in words) == _two_zones(labelled)


def _two_zones(record: Record) -> bool:
    resolved = record.manifest.scenarios[0].resolved
    zones = {c.get("timezone") for c in (resolved.get("calendars") or {}).values()}
    return len(zones - {None}) > 1

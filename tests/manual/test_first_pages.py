"""The first pages: their commands run somewhere, and both languages and the gallery say it all."""

import re
from pathlib import Path

import pytest

from manual.pages import commands
from portsim.figures import PICTURES, calibration, check, forecast, roster_hours

DOCS = Path(__file__).parents[2] / "docs"
MARK = "<!-- run by the tests -->"
FIRST = sorted(page.name for page in (DOCS / "first").glob("*.md"))
JOBS = [name for name in FIRST if name != "index.md"]
LATER = {"sweep", "tornado", "frontier", "optimise", "warmup", "until_it_breaks", "turning"}
"""Pictures that have no table of their own in `portsim.figures`."""
SEEN = (
    *(f"first/{name}" for name in JOBS),
    *(f"zh/{name}" for name in JOBS),
    *(
        f"how-to/{name}.md"
        for name in (
            *("check", "fit", "forecast", "live", "optimise", "read-results", "roster"),
            *("sensitivity", "sweep", "warm-up"),
        )
    ),
)
"""Pages whose reader would rather see what comes out."""


def told(page: Path, *, seen: bool = True) -> dict[str, list[str]]:
    """What stands below each command of a page, without what is left out; of a page as it is seen,
    or with what it does in comments."""
    text = page.read_text(encoding="utf-8")
    shown: dict[str, list[str]] = {}
    for command, expected in commands(
        re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL) if seen else text
    ):
        lines = [line.strip() for line in expected.splitlines()]
        shown.setdefault(command, []).extend(line for line in lines if line not in ("", "..."))
    return shown


def figures(lines: list[str]) -> set[str]:
    """Numbers of two digits or more; days and months are written in other ways elsewhere."""
    text = re.sub(r"\d+月\d+日|\d+年|\d{1,2} (?:Apr|April|May)\b", " ", " ".join(lines))
    return set(re.findall(r"\d[\d,.:]*\d", text))


@pytest.mark.parametrize("name", JOBS)
def test_what_a_first_page_does_is_run(name: str) -> None:
    """By its own test, or by that of another page that shows the same commands."""
    page = DOCS / "first" / name
    if MARK in page.read_text("utf-8"):
        return
    running = [one for one in DOCS.rglob("*.md") if MARK in one.read_text("utf-8")]
    run: dict[str, list[str]] = {}
    for one in running:
        for command, lines in told(one, seen=False).items():
            run.setdefault(command, []).extend(lines)
    for command, lines in told(page).items():
        assert command in run, f"first/{name}: nobody runs `{command}`"
        assert set(lines) <= set(run[command]), f"first/{name}: `{command}` prints something else"


@pytest.mark.parametrize("name", JOBS)
def test_both_languages_show_the_same_commands_and_figures(name: str) -> None:
    english, chinese = (told(DOCS / folder / name) for folder in ("first", "zh"))
    plain = {command.replace(" --lang zh", ""): lines for command, lines in chinese.items()}
    assert list(plain) == list(english)
    for command, lines in plain.items():
        assert figures(lines) <= figures(english[command]), command


def test_each_first_page_has_its_other_language_and_stands_in_its_index() -> None:
    assert sorted(page.name for page in (DOCS / "zh").glob("*.md")) == FIRST
    for folder in ("first", "zh"):
        index = (DOCS / folder / "index.md").read_text("utf-8")
        assert all(f"({name})" in index for name in JOBS)


@pytest.mark.parametrize("name", SEEN)
def test_pages_whose_reader_would_rather_look_show_a_picture(name: str) -> None:
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (DOCS / name).read_text("utf-8"))
    assert shown
    assert all(((DOCS / name).parent / path).is_file() for path in shown)


def test_the_gallery_shows_every_kind_of_picture() -> None:
    text = (DOCS / "gallery.md").read_text("utf-8")
    named = {re.sub(r"_MEASURE.*", "", name) for name in re.findall(r"\*\*(\w+)\*\*", text)}
    drawn = {*PICTURES, *check.PICTURES, forecast.PICTURE, calibration.PICTURE}
    assert named == {*drawn, roster_hours.PICTURE, *LATER, "gantt"}


def test_every_picture_of_the_manual_is_shown_and_light() -> None:
    pages = " ".join(page.read_text("utf-8") for page in DOCS.rglob("*.md"))
    pictures = list((DOCS / "pictures").iterdir())
    assert [one.name for one in pictures if f"pictures/{one.name}" not in pages] == []
    assert sum(one.stat().st_size for one in pictures) <= 400_000

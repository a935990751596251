"""The tables of the pages on Bakhtu were made from the scenarios as they are shipped today."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "bakhtu"
sys.path.insert(0, str(ROOT / "claims"))

import mutual_trade  # noqa: E402
import overlays  # noqa: E402


@pytest.fixture(autouse=True)
def in_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_the_pages_on_overlays() -> None:
    studies = [found.values() for found in overlays.studies().values()]
    made = mutual_trade.made_from(studies, 20)
    for page in overlays.PAGES:
        text = page.read_text(encoding="utf-8")
        assert made in text, f"{page}: scenarios changed: `make overlays` and commit"


def test_the_page_on_mutual_trade() -> None:
    made = mutual_trade.made_from([mutual_trade.load_all().values()], 10)
    text = mutual_trade.PAGE.read_text(encoding="utf-8")
    assert made in text, "scenarios changed: `make measures` and commit"


def test_filling_a_page_replaces_what_stood_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- table: x -->\nold\n<!-- end: x -->\nb\n", encoding="utf-8")
    for _ in range(2):
        mutual_trade.fill(page, {"x": "| new |"})
    text = page.read_text(encoding="utf-8")
    assert text == "a\n<!-- table: x -->\n| new |\n<!-- end: x -->\nb\n"


@pytest.mark.parametrize(
    ("value", "text"), [(-0.04, "0.0"), (-1.25, "−1.2"), (12345.67, "12,345.7")]
)
def test_numbers(value: float, text: str) -> None:
    assert mutual_trade.number(value) == text

"""What the manual shows is what happens: commands with their output, Python, and links."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from manual.pages import Said, follow

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
RUNNING = [page for page in PAGES if "<!-- run by the tests -->" in page.read_text("utf-8")]


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", RUNNING, ids=named)
def test_a_page_shows_what_happens(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    steps = list(follow(page))
    assert steps
    for said in steps:
        assert said.agree, (
            f"{named(page)} says of `{said.command}`:\n{said.expected}\nit prints:\n{said.found}\n"
            f"If that is right: python tests/manual/pages.py {named(page)}"
        )

"""The reference pages hold, as text, what the program says of itself."""

import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
NAMES = ("command-line", "language", "python")


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_what_the_program_says_today(name: str) -> None:
    sys.path.insert(0, str(DOCS / "_ext"))
    try:
        from reference import PAGES, renewed  # noqa: PLC0415 - beside the pages, not in the package
    finally:
        sys.path.remove(str(DOCS / "_ext"))
    assert {page.stem for page in PAGES} == set(NAMES)
    page = DOCS / "reference" / f"{name}.md"
    # Where lines break is up to the version of click.
    said, made = page.read_text(encoding="utf-8").split(), renewed(page).split()
    assert said == made, "renew the pages: make reference"

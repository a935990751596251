"""Renews the reference pages: what the program itself knows best stands in them as text, so that
they can be read where the code is read.

    python docs/_ext/reference.py    `make reference`; a test compares
"""

import re
from collections.abc import Callable
from pathlib import Path

from names import python
from verbs import command_line
from words import language

__all__ = ["PAGES", "renewed"]

_REFERENCE = Path(__file__).parents[1] / "reference"
PAGES: dict[Path, Callable[[], str]] = {
    _REFERENCE / "command-line.md": command_line,
    _REFERENCE / "language.md": language,
    _REFERENCE / "python.md": python,
}
_PLACE = re.compile(r"(<!-- made by make reference -->\n).*?(<!-- made until here -->)", re.DOTALL)


def renewed(page: Path) -> str:
    """The text of a page as it should be."""
    text, made = page.read_text(encoding="utf-8"), PAGES[page]().rstrip("\n")
    lines = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in made.split("\n")))
    new, count = _PLACE.subn(lambda place: f"{place[1]}\n{lines}\n\n{place[2]}", text)
    assert count == 1, f"{page}: one place, from <!-- made by make reference --> on"
    return new


if __name__ == "__main__":
    for each in PAGES:
        each.write_text(renewed(each), encoding="utf-8")

"""What the manual shows is what happens: commands with their output, Python, and links."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from manual.pages import Said, commands, follow
from portsim.figures import style
from portsim.report import drawings
from thorough import cases

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
RUNNING = [page for page in PAGES if "<!-- run by the tests -->" in page.read_text("utf-8")]


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", RUNNING, ids=named)
def test_a_page_shows_what_happens(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(tmp_path)
    if names_pictures(page) or cases(few=False, many=True):
        # Nobody looks at them: they are drawn, and not written out.
        monkeypatch.setattr(style, "image_of", lambda *_: b"")
        for room in (style, drawings):
            monkeypatch.setattr(room, "drawing_of", lambda *_: b"<svg></svg>")
    else:
        request.getfixturevalue("without_drawings")
    steps = list(follow(page))
    assert steps
    for said in steps:
        assert said.agree, (
            f"{named(page)} says of `{said.command}`:\n{said.expected}\nit prints:\n{said.found}\n"
            f"If that is right: python tests/manual/pages.py {named(page)}"
        )


def names_pictures(page: Path) -> bool:
    """Whether a page shows that a command tells of files of pictures."""
    return any("figures/" in told for _, told in commands(page.read_text("utf-8")))


def links(page: Path) -> list[str]:
    """Targets of the links and pictures of a page, code left out."""
    text = re.sub(r"^(`{3,}|:{3,}).*?^\1$", "", page.read_text("utf-8"), flags=re.M | re.S)
    text = re.sub(r"`[^`\n]*`", "", text)
    return re.findall(r"\]\(([^)\s]+)\)", text)


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *PAGES], ids=named)
def test_links_between_files_lead_somewhere(page: Path) -> None:
    """Links into pages that are filled when they are built are looked at when they are."""
    for target in links(page):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / unquote(path)).resolve() if path else page
        assert file.exists(), f"{named(page)}: {target} does not exist"
        if anchor and file.suffix == ".md" and "<!-- filled:" not in file.read_text("utf-8"):
            assert anchor in anchors(file), f"{named(page)}: {target} has no such heading"


def anchors(page: Path) -> set[str]:
    """Anchors of the headings of a page, as GitHub and MyST make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M)
    made = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return made | set(re.findall(r"^\(([\w-]+)\)=$", page.read_text("utf-8"), re.M))


def test_what_a_page_leaves_out_may_be_anything() -> None:
    said = Said(0, "portsim x", "one\n...\nfour [...] six\n", "  \none\ntwo\nthree\nfour 5 six\n")
    assert said.agree
    assert not Said(0, "portsim x", "one\n...\nfour\n", "one\ntwo\n").agree
    assert not Said(0, "portsim x", "one\n", "one\ntwo\n").agree


def test_a_page_is_renewed_up_to_what_it_leaves_out() -> None:
    said = Said(0, "portsim x", "1 truck\nwritten:\n...\n", "2 trucks\nwritten:\na, b\n")
    assert not said.agree
    assert said.renewed() == "2 trucks\nwritten:\n...\n"
    assert Said(0, "portsim x", "\n1\n", "  \n2\n").renewed() == "\n2\n"
    assert Said(0, "portsim x", "1\n...\n3\n", "2\n3\n").renewed() is None

"""The live page in Firefox: it says what it says in Chromium, to keys and to fingers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from live.conftest import SETTLED
from live.firefox import Firefox, firefox, program
from portsim.livepage import Contents, page

pytestmark = pytest.mark.skipif(
    program() is None, reason="NO FIREFOX, THE LIVE PAGE WAS NOT TRIED IN IT: Debian's firefox-esr"
)


@pytest.fixture(scope="module")
def fox() -> Iterator[Firefox]:
    with firefox() as started:
        yield started


def settle(fox: Firefox) -> str:
    """The share out in time when all has been told, or why the engine stopped."""
    wait = f"""new Promise((told) => {{
      const look = () => (({SETTLED})() ? told() : setTimeout(look, 50));
      look();
    }})"""
    fox.evaluate(wait)
    said = fox.evaluate("document.getElementById('failed').textContent + kept.textContent")
    return str(said)


@pytest.mark.parametrize("season", ["spring"], indirect=True)
def test_it_says_the_same_to_keys_and_to_a_finger(
    fox: Firefox, made: Contents, tmp_path: Path
) -> None:
    file = tmp_path / "live.html"
    file.write_text(page(made, "en", "port.yaml"), "utf-8")
    fox.open(file.as_uri(), 390, 900)
    before = settle(fox)
    assert before.endswith("%")
    assert fox.evaluate("document.documentElement.scrollWidth") <= 390
    edge = """document.querySelector('[data-calendar="far"] [data-edge="0-0-1"]')"""
    was = int(fox.evaluate(f"{edge}.getAttribute('aria-valuenow')"))
    fox.evaluate(f"{edge}.focus()")
    fox.press("\ue012", "\ue012")
    assert settle(fox).endswith("%")
    assert int(fox.evaluate(f"{edge}.getAttribute('aria-valuenow')")) == was - 2 * 900
    assert "points against as it is" in str(fox.evaluate("$('kept-change').textContent"))
    fox.evaluate("$('back').click(); $('back').click()")
    assert settle(fox) == before
    # The same edge under a finger: a strip of 24 h, moved by a tenth of it.
    fox.evaluate(f"{edge}.scrollIntoView({{block: 'center'}})")
    x, y, width = (
        round(float(fox.evaluate(f"{edge}.getBoundingClientRect().{part}")))
        for part in ("x + 2", "y + 4", "width * 0 + document.querySelector('.strip').clientWidth")
    )
    fox.drag_with_a_finger((x, y), (x - width // 10, y))
    settle(fox)
    assert int(fox.evaluate(f"{edge}.getAttribute('aria-valuenow')")) < was - 3600
    assert [
        words for words in fox.heard if not words.startswith(("request: file:", "request: blob:"))
    ] == []

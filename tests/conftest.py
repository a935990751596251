"""What holds for all tests."""

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# Each core has tests of its own: a product of matrices that waits for all cores takes thrice as
# long. It has to be said before NumPy is loaded, and what is started here hears it too.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Whatever the surroundings say: the tests start some sixty processes, and each would parse what the
# others have parsed.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Tables are as wide as this says, and not every console that starts the tests is equally wide.
os.environ.pop("COLUMNS", None)
# Journals wait for the disk at every run, and thousands of small files are removed again: in memory
# nobody waits. Another place can be named as ever.
if os.access("/dev/shm", os.W_OK) and shutil.disk_usage("/dev/shm").free > 2**30:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", "/dev/shm")

# A list of fonts outside may be of a matplotlib that is gone: it then lacks what ours brings along.
os.environ.setdefault(
    "MPLCONFIGDIR", str(Path(__file__).parent.parent / ".pytest_cache" / "matplotlib")
)

import numpy as np
from filelock import FileLock

from plans import Day, Stage, Truck, Visit
from portsim.engines import compiled
from portsim.engines.choice import nothing
from portsim.figures import painters, style
from portsim.held.starts import begun
from portsim.measures import prepare

if TYPE_CHECKING:
    from playwright.sync_api import Browser

sys.dont_write_bytecode = False
# Libraries fill the memory with objects that stay: looking through them for garbage as often as
# Python does by itself takes a tenth of the tests' time.
gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def nobody_draws_beside() -> Iterator[None]:
    """Every core has tests of its own: a painter of theirs would only have to be started first.

    Painters that are asked for by number, and those of a process apart, come as ever.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(painters, "_MOST", 0)
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Of two processes each compiles a part, where nothing is kept from an earlier time, and takes
    the others from the disk."""
    worker = getattr(request.config, "workerinput", {}).get("workerid")
    if worker is None:
        return

    def engine() -> None:
        compiled.run(nothing())
        begun(np.zeros(1), np.ones(1), np.zeros(1), np.ones(1, dtype=np.int64))

    def engine_with_all_rules() -> None:
        road = Stage(convoy=(2, 9))
        compiled.run(Day(9, {}, {"road": road}, [Truck(0, [Visit("road", 0)])]).plan())

    parts = [("measures", prepare), ("engine", engine), ("all rules", engine_with_all_rules)]
    for name, compile_it in parts if worker == "gw0" else reversed(parts):
        with FileLock(tmp_path_factory.getbasetemp().parent / f"{name}.lock"):
            compile_it()


@pytest.fixture
def without_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are drawn and written as SVG; the same as PNG, which takes longer, are empty."""
    monkeypatch.setattr(style, "image_of", lambda *_: b"")


@pytest.fixture
def without_drawings() -> Iterator[None]:
    """No pictures at all, on a page neither: its text stays."""
    from drawing import undrawn  # noqa: PLC0415 - few tests need it

    with undrawn():
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium, for the tests of one file: while it is there a loop of asyncio runs in this thread,
    and no second one could be started."""
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    program = next((path for name in names if (path := shutil.which(name))), None)
    if program is None:
        pytest.skip("NO BROWSER, THE PAGES WERE NOT LOOKED AT: install Debian's chromium")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - few tests need it

    words = (
        *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
        *("--disable-background-networking", "--disable-component-update"),
    )
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=program, args=list(words))
        yield started
        started.close()

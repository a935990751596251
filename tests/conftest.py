"""What holds for all tests."""

import gc
import os
from collections.abc import Iterator

import pytest

# Each core has tests of its own: a product of matrices that waits for all cores takes thrice as
# long. It has to be said before NumPy is loaded, and what is started here hears it too.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import portsim.figures
from portsim.figures import painters

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


@pytest.fixture
def without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """No files of pictures, for tests of what stands beside them; the page has its own."""
    monkeypatch.setattr(portsim.figures, "draw_all", lambda *_: [])

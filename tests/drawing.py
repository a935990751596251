"""Which pictures a study draws in a test: those that somebody looks at.

All of them take two seconds a study, in the folder and once more on the page.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import portsim.figures
from portsim.figures import pictures, style
from portsim.report import drawings

__all__ = ["drawn_only", "undrawn"]


@contextmanager
def drawn_only(*names: str, images: bool = True) -> Iterator[None]:
    """Within this, these pictures of a run or a comparison are drawn, here and on its page.

    Args:
        names: of `portsim.figures.PICTURES`; of another kind of study every picture is drawn.
        images: whether they are written as PNG too, which takes longest; else those are empty.
    """
    with pytest.MonkeyPatch.context() as patch:
        kept = {name: draw for name, draw in pictures.PICTURES.items() if name in names}
        assert len(kept) == len(names)
        patch.setattr(pictures, "PICTURES", kept)
        patch.setattr(drawings, "_SHOWN", tuple(each for each in drawings._SHOWN if each in names))
        if not images:
            patch.setattr(style, "image_of", lambda *_: b"")
        yield


@contextmanager
def undrawn() -> Iterator[None]:
    """Within this, a study of any kind has no files of pictures, and empty ones on its page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawings, "_SHOWN", ())
        patch.setattr(portsim.figures, "draw_all", lambda *_: [])
        patch.setattr(drawings, "drawing_of", lambda *_: b"<svg></svg>")
        yield

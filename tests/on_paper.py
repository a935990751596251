"""What gets onto the paper of a picture, and whether it can be read there."""

from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from portsim.figures.style import our_style

SLACK = 1.5
"""Pixels by which letters may leave the paper, or meet others."""


def drawn_texts(figure: Figure) -> list[tuple[Text, Bbox]]:
    """Every text that really gets onto the paper, with its box in pixels."""
    seen: dict[int, Text] = {}
    original = Text.draw

    def draw(self: Text, renderer: Any, *args: Any, **kwargs: Any) -> None:
        if self.get_visible() and self.get_text().strip():
            seen[id(self)] = self
        original(self, renderer, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch, our_style():
        patch.setattr(Text, "draw", draw)
        canvas = FigureCanvasAgg(figure)
        # All is laid out as for paper, and no pixel is set.
        figure.draw_without_rendering()
        # Of an annotation only the words count, not its leader line.
        return [(t, Text.get_window_extent(t, canvas.get_renderer())) for t in seen.values()]


def assert_readable(name: str, figure: Figure, texts: list[tuple[Text, Bbox]]) -> None:
    """No text leaves the paper, and none meets another."""
    paper = Bbox([[0, 0], figure.bbox.size])
    for text, box in texts:
        inside = (box.min >= paper.min - SLACK).all() and (box.max <= paper.max + SLACK).all()
        assert inside, f"{name}: {text.get_text()!r} leaves the paper"
    lower, upper = (np.array([getattr(box, end) for _, box in texts]) for end in ("min", "max"))
    one, other = np.triu_indices(len(texts), 1)
    common = np.minimum(upper[one], upper[other]) - np.maximum(lower[one], lower[other])
    meeting = (common > SLACK).all(axis=1)
    found = [
        (texts[i][0].get_text(), texts[j][0].get_text())
        for i, j in zip(one[meeting], other[meeting], strict=True)
    ]
    assert not found, f"{name}: texts meet: {found}"

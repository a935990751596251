"""Pictures in memory: every picture of a study, drawn when it is asked for, for notebooks.

Nothing is written here, and no figure is estimated.
"""

import io
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from portsim.errors import InputError
from portsim.figures import letters, style
from portsim.figures.pictures import pictures
from portsim.results import Record
from portsim.wording import speaking

__all__ = ["Picture", "Plot"]


class Picture:
    """A picture in memory; the last value of a cell is shown by the notebook.

    Attributes:
        title: what is seen, in a sentence.
        figure: matplotlib's figure, to be changed or saved by its own means.
    """

    def __init__(self, name: str, title: str, figure: Figure) -> None:
        """Hold a figure that is drawn."""
        self._name, self.title, self.figure = name, title, figure

    def _repr_png_(self) -> bytes:
        with style.our_style():
            letters.lend(self.figure)
            return style.image_of(self.figure, self.title)

    def _repr_svg_(self) -> str:
        with style.our_style():
            letters.lend(self.figure)
            return style.drawing_of(self.figure, self._name, self.title).decode()

    def on(self, axes: Axes) -> Axes:
        """Lay the picture on axes of the caller's, as an image that fills them.

        Returns:
            The axes, without ticks and frame.
        """
        image = Image.open(io.BytesIO(self._repr_png_())).convert("RGB")
        axes.imshow(np.asarray(image), interpolation="antialiased")
        axes.set_axis_off()
        return axes

    def __repr__(self) -> str:
        return f"Picture({self._name}: {self.title})"


class Plot:
    """The pictures of a study, each by its name: ``study.plot.queue()``.

    ``dir(study.plot)`` lists those that its kind of study has; they are the files of the folder
    ``figures``, whose names with a hyphen are spelled with an underscore.
    """

    def __init__(self, record: Record) -> None:
        """Get ready to draw the pictures of a record."""
        self._pictures = {name.replace("-", "_"): draw for name, draw in pictures(record)}

    def __call__(self, name: str, *, ax: Axes | None = None, language: str = "en") -> Any:
        """Draw a picture.

        Args:
            name: which; ``dir`` lists them.
            ax: lay it on these axes of matplotlib's, as an image.
            language: one of `portsim.languages.LANGUAGES`.

        Returns:
            A `Picture` that a notebook shows, with ``title`` and ``figure``; the axes if some
            were given.

        Raises:
            InputError: there is no such picture, or the study holds nothing to draw for it.
        """
        if name not in self._pictures:
            raise InputError(f"no picture is called {name}; there are {', '.join(self._pictures)}")
        with speaking(language), style.our_style():
            sheet = self._pictures[name]()
        if sheet is None:
            raise InputError(f"the study holds nothing to draw for {name}")
        picture = Picture(name, sheet.title, sheet.figure)
        return picture if ax is None else picture.on(ax)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_") or name not in self._pictures:
            there = ", ".join(self.__dict__.get("_pictures", ()))
            raise AttributeError(f"no picture is called {name}; there are {there}")
        return partial(self, name)

    def __dir__(self) -> list[str]:
        return list(self._pictures)

    def __repr__(self) -> str:
        return f"Plot({', '.join(self._pictures)})"

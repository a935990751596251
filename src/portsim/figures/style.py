"""The look of every picture, and how a picture gets to the disk.

One dictionary of settings holds for all pictures and is laid over matplotlib's own defaults, never
over the reader's: the same folder gives the same bytes everywhere the same fonts are found.
Colours are matplotlib's petroff6 and cividis; none of them carries a meaning alone.
"""

import io
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from PIL import Image, PngImagePlugin

from portsim.figures import letters
from portsim.results import atomic_write
from portsim.wording import tongue

BLUE, ORANGE, RED, PURPLE = "#5790fc", "#f89c20", "#e42536", "#964a8b"
GREY, VIOLET = "#7d7d84", "#7a21dd"
INK = "#1a1a1a"
MUTED = "#54545c"
FAINT = "#d6d6dc"
ALARM = "#9b1c1c"
PALE = "#b8cffd"
HEAT = "cividis"
DPI = 180
CURVES = ((BLUE, (0, (7, 2))), (ORANGE, (0, (6, 2, 1.2, 2))), (RED, (0, (1.2, 1.2))))
"""Colour and line style of the curves of one panel beside the baseline, which is solid ink."""

Look = tuple[str, Any]
"""Colour and line style of a curve."""
_MORE = (*CURVES, (PURPLE, (0, (9, 1.5, 1.2, 1.5, 1.2, 1.5))), (GREY, "-"), (VIOLET, (0, (3, 1))))

SIZE, SMALL, HEAD = 8.5, 7.5, 11.5
"""Sizes of the text in points: plain, notes, title."""

_COORDINATES = re.compile(rb' d="[^"]*"')
_DIGITS = re.compile(rb"(\.\d\d)\d+")
_KEEP = {"backend", "backend_fallback", "interactive", "toolbar", "webagg.open_in_browser"}
_STYLE: dict[str, Any] = {
    "font.family": [letters.FONT],
    "font.size": SIZE,
    "text.color": INK,
    "text.parse_math": False,
    "text.usetex": False,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.labelsize": SIZE,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "axes.formatter.use_locale": False,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "hatch.linewidth": 0.7,
    "legend.frameon": False,
    "legend.fontsize": SMALL + 0.3,
    "lines.linewidth": 1.6,
    "patch.linewidth": 0.7,
    "path.simplify_threshold": 0.2,
    "figure.dpi": DPI,
    "savefig.dpi": DPI,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.fonttype": "none",
    "svg.hashsalt": "portsim",
}


def look(number: int) -> Look:
    """Colour and line style of the curve ``number`` beside the baseline: no two of 36 are alike."""
    turn, place = divmod(number, len(_MORE))
    return _MORE[place][0], _MORE[(place + turn) % len(_MORE)][1]


def pale_map(norm: Normalize) -> ScalarMappable:
    """What gives a number its colour where nothing is pale, and is drawn as the bar beside it."""
    return ScalarMappable(norm, "Blues")


@contextmanager
def our_style() -> Iterator[None]:
    """Draw inside this: our settings hold, and a letter that no font has is an error."""
    settings: dict[Any, Any] = {k: v for k, v in mpl.rcParamsDefault.items() if k not in _KEEP}
    settings |= _STYLE
    if tongue().language == "zh" and not tongue().on_page:
        settings["font.family"] = letters.families()
    with mpl.rc_context(settings), warnings.catch_warnings(), _fonts_as_they_are():
        # A page is read with fonts of its reader's; a picture alone has only ours.
        action: Literal["ignore", "error"] = "ignore" if tongue().on_page else "error"
        warnings.filterwarnings(action, message=r"Glyph .* missing from font")
        yield


@contextmanager
def _fonts_as_they_are() -> Iterator[None]:
    """Few Chinese fonts have a bold: that is no news for each picture."""
    logger = logging.getLogger("matplotlib.font_manager")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def save(figure: Figure, folder: Path, name: str, title: str) -> list[Path]:
    """Write ``figure`` as ``name.svg`` and ``name.png``, each whole or not at all."""
    letters.lend(figure)
    drawing, image = folder / f"{name}.svg", folder / f"{name}.png"
    atomic_write(drawing, _svg(figure, name, title))
    atomic_write(image, image_of(figure, title))
    return [drawing, image]


def _svg(figure: Figure, name: str, title: str) -> bytes:
    return drawing_of(figure, name, title).replace(
        # A reader without DejaVu Sans gets Verdana, whose letters are as wide.
        f"'{letters.FONT}'".encode(),
        f"'{letters.FONT}', Verdana, sans-serif".encode(),
    )


def drawing_of(figure: Figure, name: str, title: str) -> bytes:
    """``figure`` as SVG; ``name`` keeps the names of its parts from those of other pictures."""
    buffer = io.BytesIO()
    # Whoever opens the file may have no font with these letters: then they are drawn as shapes.
    shapes = not tongue().on_page and letters.borrowed(figure)
    # Several pictures may stand in one page: no two of them may share a name for a part.
    with mpl.rc_context(
        {
            "svg.hashsalt": f"portsim-{name}",
            "svg.id": f"portsim-{name}",
            "svg.fonttype": "path" if shapes else "none",
        }
    ):
        metadata = {"Date": None, "Creator": "portsim", "Title": title}
        figure.savefig(buffer, format="svg", metadata=metadata)
    # A hundredth of a point is enough for a line, and half the size.
    return _COORDINATES.sub(lambda d: _DIGITS.sub(rb"\1", d.group()), buffer.getvalue())


def image_of(figure: Figure, title: str) -> bytes:
    """``figure`` as PNG."""
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    full = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba())
    # 256 colours are plenty for these pictures and a third of the size.
    small = full.convert("RGB").quantize(
        256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
    )
    about = PngImagePlugin.PngInfo()
    about.add_text("Title", title)
    buffer = io.BytesIO()
    small.save(buffer, format="png", dpi=(DPI, DPI), pnginfo=about)
    return buffer.getvalue()

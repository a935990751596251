"""Letters that pictures can draw: our own font's, and those of other fonts this machine has.

Names of a port are written in any script. A text whose letters our font lacks borrows them: Chinese
ones from a font that comes with portsim, others from one that is installed; where none has them, a
name gets a stand-in, and what is left is drawn as a box.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.ft2font import FT2Font
from matplotlib.patheffects import Normal, Stroke
from matplotlib.text import Text

from portsim.results import Manifest

__all__ = ["FONT", "borrowed", "drawn", "families", "lacking", "lend", "undrawn"]

FONT = "DejaVu Sans"
_BOX = "□"
_OWN = "Noto Sans SC portsim"
"""Family of the font that comes with portsim: the Chinese letters of GB 2312, see fonts/OFL.txt."""
_LENDERS = (
    _OWN,
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN"),
    *("Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "WenQuanYi Micro Hei"),
    *("WenQuanYi Zen Hei", "SimHei", "SimSun", "Heiti SC", "STHeiti", "Droid Sans Fallback"),
    *("Noto Sans CJK JP", "Noto Sans CJK KR", "Yu Gothic", "Malgun Gothic", "Arial Unicode MS"),
)
"""Fonts with Chinese letters, sans serif, the best first: free ones and those of the systems."""
_NAMED = ("stages", "resources", "traffic", "calendars")


def lacking(text: str) -> str:
    """The letters of a text that our own font lacks, each once."""
    return _without(text, FONT)


def drawn(text: str) -> bool:
    """Whether some fonts of this machine have all letters of a text."""
    return not _lenders(lacking(text))[1]


def families() -> list[str]:
    """Our font and those of this machine with Chinese letters, for texts that are all of these."""
    return [FONT, *_installed()]


def lend(figure: Figure) -> None:
    """Let the texts of a figure borrow the letters our font lacks; draw as a box what none has."""
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        content = text.get_text()
        missing = lacking(content)
        if not missing:
            continue
        names, rest = _lenders(missing)
        text.set_fontfamily([FONT, *names])
        if text.get_fontweight() == "bold":
            # Few Chinese fonts have a bold, and half a title in bold looks like a mistake.
            text.set_fontweight("normal")
            outline = Stroke(
                linewidth=0.045 * float(text.get_fontsize()), foreground=text.get_color()
            )
            text.set_path_effects([outline, Normal()])
        if rest:
            text.set_text(content.translate(dict.fromkeys(map(ord, rest), _BOX)))


def borrowed(figure: Figure) -> bool:
    """Whether some text of a figure has letters that our own font lacks."""
    return any(lacking(text.get_text()) for text in figure.findobj(Text) if isinstance(text, Text))


def undrawn(manifest: Manifest) -> list[str]:
    """Names in a manifest that no font of this machine can draw in full, each once."""
    names: dict[str, None] = {}
    for entry in manifest.scenarios:
        for name in (entry.name, *_names(entry.resolved)):
            if not drawn(" ".join(name.split())):
                names[name] = None
    return list(names)


def _names(resolved: Mapping[str, Any]) -> Iterator[str]:
    """What stages, resources, classes and calendars are called."""
    for part in _NAMED:
        named = resolved.get(part)
        for name, entry in named.items() if isinstance(named, Mapping) else ():
            label = entry.get("label") if isinstance(entry, Mapping) else None
            yield str(label or name)


def _without(text: str, font: str) -> str:
    has = _font(font)
    return "".join(
        letter
        for letter in dict.fromkeys(text)
        if not letter.isspace() and not has.get_char_index(ord(letter))
    )


@cache
def _lenders(missing: str) -> tuple[tuple[str, ...], str]:
    """Installed fonts that have these letters, and the letters that none has."""
    names: list[str] = []
    for name in _installed() if missing else ():
        rest = _without(missing, name)
        if rest != missing:
            names.append(name)
            missing = rest
        if not missing:
            break
    return tuple(names), missing


@cache
def _installed() -> tuple[str, ...]:
    there = {entry.name for entry in fontManager.ttflist}
    if _OWN not in there:
        with resources.as_file(resources.files("portsim.figures") / "fonts") as folder:
            fontManager.addfont(folder / "NotoSansSC-GB2312.otf")
        there.add(_OWN)
    return tuple(name for name in _LENDERS if name in there)


@cache
def _font(name: str) -> FT2Font:
    _installed()
    return get_font(findfont(FontProperties(family=[name])))

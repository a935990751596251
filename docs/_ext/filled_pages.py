"""Fills what only the manual as a whole knows, as a page is read.

`<!-- filled: pages -->` becomes the pages of the folders that have no index of their own. Links to
pages of Markdown outside the manual become downloads, for Sphinx knows nothing else to do with
them. Formulas become MathML, which browsers draw themselves.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx

_PLACE = re.compile(r"<!-- filled: (\w+) -->")
_LINK = re.compile(r"\[([^\]]+)\]\(((?:\.\./)+[^)#\s]+\.md)\)")


def _pages() -> str:
    """A table of contents for each folder of pages without an index, or nothing."""
    here = Path(__file__).parent.parent
    lines = []
    for folder in sorted(one for one in here.iterdir() if one.is_dir()):
        pages = sorted(page.stem for page in folder.glob("*.md"))
        if pages and "index" not in pages and not folder.name.startswith("_"):
            caption = folder.name.replace("-", " ").capitalize()
            lines += ["```{toctree}", ":hidden:", f":caption: {caption}", ""]
            lines += [f"{folder.name}/{page}" for page in pages] + ["```", ""]
    return "\n".join(lines)


_FILLED: dict[str, Callable[[], str]] = {"pages": _pages}


def _fill(app: Sphinx, docname: str, source: list[str]) -> None:
    filled = _PLACE.sub(lambda place: _FILLED[place[1]](), source[0])
    page = Path(app.env.doc2path(docname))

    def leads_out(link: re.Match[str]) -> str:
        target = (page.parent / link[2]).resolve()
        inside = target.is_relative_to(Path(app.srcdir).resolve())
        return link[0] if inside or not target.is_file() else f"{{download}}`{link[1]} <{link[2]}>`"

    source[0] = _LINK.sub(leads_out, filled)


def _inline(writer: Any, node: nodes.math) -> None:
    writer.body.append(tex2mathml(node.astext(), as_block=False))
    raise nodes.SkipNode


def _block(writer: Any, node: nodes.math_block) -> None:
    writer.body.append(tex2mathml(node.astext(), as_block=True))
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx."""
    app.connect("source-read", _fill)
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))  # type: ignore[arg-type]
    app.config.html_math_renderer = "mathml"
    return {"parallel_read_safe": True, "parallel_write_safe": True}

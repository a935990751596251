"""The room of the report: a few slides for a talk, of the facts of the page.

    write_slides(record, folder)   folder/slides.pptx

The decision, the timetable, the policies side by side, the curves, and what is assumed. Words are
those of the first screen and of the answer; pictures are those of `portsim.figures`.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from portsim.errors import InputError
from portsim.figures import PICTURES, letters
from portsim.figures.painters import Painters
from portsim.figures.study import Study
from portsim.figures.style import image_of, our_style
from portsim.report import answer
from portsim.report.assumed import topics
from portsim.report.brief import short
from portsim.report.decision import Decision, decision
from portsim.report.facts import Facts
from portsim.report.inputs import tried_assumptions
from portsim.report.page import heading, made_by
from portsim.results import Record, atomic_write
from portsim.wording import say, speaking, tongue

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide
    from pptx.table import _Cell

__all__ = ["slides", "slides_wanted", "write_slides"]

_NAME = "slides.pptx"
_WIDTH, _HEIGHT, _EDGE = 13.333, 7.5, 0.6
"""Inches of a wide slide, and of its margins."""
_TOP = 1.55
"""Inches above what stands below the title."""
_CURVES = ("overview", "queue", "completion_month", "stay_ecdf")
_INK, _MUTED, _LINK, _ASKED = "1A1A1A", "54545C", "1A4FA3", "E9F0FD"
_SIDES = ("1A4FA3", "C96F00", "6B3F7C")
_NEVER = (1980, 1, 1, 0, 0, 0)


def slides_wanted() -> None:
    """Say before any work that slides cannot be made.

    Raises:
        InputError: python-pptx is not installed.
    """
    try:
        import pptx  # noqa: F401, PLC0415 - an extra
    except ModuleNotFoundError:
        raise InputError(
            "slides need python-pptx, which is not installed: pip install 'portsim[slides]'\n"
            "    hint: `portsim report --brief` makes one sheet of A4 without it"
        ) from None


def write_slides(
    record: Record,
    folder: Path,
    language: str | None = None,
    out: Path | None = None,
    painters: Painters | None = None,
) -> Path:
    """Write the slides whole or not at all.

    Args:
        record: of `portsim run` or `portsim compare`.
        folder: its result folder.
        language: one of `portsim.languages.LANGUAGES`; the one being spoken if None.
        out: the file; ``slides.pptx`` in the folder if None.
        painters: draw along.

    Returns:
        The path of the file.

    Raises:
        InputError: python-pptx is not installed.
        OSError: the file cannot be written.
    """
    slides_wanted()
    path = out if out is not None else folder / _NAME
    atomic_write(path, slides(record, language, tried_assumptions(folder), painters))
    return path


def slides(
    record: Record,
    language: str | None = None,
    swings: pd.DataFrame | None = None,
    painters: Painters | None = None,
) -> bytes:
    """Slides of a run or a comparison as the bytes of a file of PowerPoint.

    Args:
        record: of `portsim run` or `portsim compare`.
        language: one of `portsim.languages.LANGUAGES`; the one being spoken if None.
        swings: the table of a sensitivity study of the same port, if there is one.
        painters: draw along.

    Raises:
        KeyError: the language is not known.
    """
    import pptx  # noqa: PLC0415 - an extra
    from pptx.util import Inches  # noqa: PLC0415

    with speaking(language or tongue().language):
        facts = Facts(Study(record), swings)
        show = pptx.Presentation()
        show.slide_width, show.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
        show.core_properties.title = heading(facts)
        show.core_properties.author = "portsim"
        whole = decision(facts)
        if whole is None:
            _texts(show, heading(facts), answer.answer(facts))
        else:
            _first(show, facts, whole)
            _side_by_side(show, short(whole))
        for title, alt, image in _pictures(facts.study, painters or Painters()):
            _picture(show, title, alt, image)
        _known(show, facts, whole, made_by(record))
        buffer = io.BytesIO()
        show.save(buffer)
    return _timeless(buffer.getvalue())


def _timeless(data: bytes) -> bytes:
    """The same archive without the time at which it was packed: the same folder, the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, _NEVER)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return packed.getvalue()


def _pictures(study: Study, painters: Painters) -> Iterator[tuple[str, str, bytes]]:
    """Title, words and image of each picture that the study has data for."""
    if not letters.drawn(say("policy")):
        with speaking("en"):
            yield from _pictures(study, painters)
        return
    titles = {
        "timetable": say("Who is open when"),
        "overview": say("Comparison"),
        "queue": say("Queues and flow"),
        "completion_month": say("Clearance time"),
        "stay_ecdf": say("Clearance time"),
    }
    names = ("timetable", *(_CURVES if study.comparison is not None else _CURVES[1:]))
    for name, drawn in zip(
        names, painters.paint(study, [partial(_image, name) for name in names]), strict=True
    ):
        if drawn is not None:
            yield titles[name], *drawn


def _image(name: str, study: Study) -> tuple[str, bytes] | None:
    with our_style():
        sheet = PICTURES[name](study)
        if sheet is None:
            return None
        letters.lend(sheet.figure)
        return sheet.title, image_of(sheet.figure, sheet.title)


def _slide(show: "Presentation", title: str, size: float = 28) -> "Slide":
    """A new slide with its title, and nothing else."""
    from pptx.util import Inches  # noqa: PLC0415

    slide: Slide = show.slides.add_slide(show.slide_layouts[5])
    head = slide.shapes.title
    assert head is not None
    head.left, head.top = Inches(_EDGE), Inches(0.35)
    head.width, head.height = Inches(_WIDTH - 2 * _EDGE), Inches(_TOP - 0.45)
    _write(head.text_frame, [title], size, bold=True)
    return slide


def _write(
    frame: Any, lines: Sequence[str], size: float, *, bold: bool = False, colour: str = _INK
) -> None:
    from pptx.dml.color import RGBColor  # noqa: PLC0415
    from pptx.enum.text import PP_ALIGN  # noqa: PLC0415
    from pptx.util import Pt  # noqa: PLC0415

    frame.word_wrap = True
    for number, line in enumerate(lines):
        part = frame.paragraphs[0] if not number else frame.add_paragraph()
        part.alignment = PP_ALIGN.LEFT
        part.space_after = Pt(size / 3)
        run = part.add_run()
        run.text = line
        run.font.size, run.font.bold = Pt(size), bold
        run.font.color.rgb = RGBColor.from_string(colour)


def _box(
    slide: "Slide",
    place: tuple[float, float, float, float],
    lines: Sequence[str],
    size: float,
    *,
    bold: bool = False,
    colour: str = _INK,
) -> None:
    from pptx.util import Inches  # noqa: PLC0415

    left, top, width, height = map(Inches, place)
    frame = slide.shapes.add_textbox(left, top, width, height).text_frame
    _write(frame, lines, size, bold=bold, colour=colour)


def _bar(slide: "Slide", place: tuple[float, float, float, float], colour: str) -> None:
    from pptx.dml.color import RGBColor  # noqa: PLC0415
    from pptx.enum.shapes import MSO_SHAPE  # noqa: PLC0415
    from pptx.util import Inches  # noqa: PLC0415

    left, top, width, height = map(Inches, place)
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, left, top, width, height)
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(colour)
    shape.line.fill.background()
    shape.shadow.inherit = False


def _texts(show: "Presentation", title: str, texts: Sequence[str]) -> None:
    slide = _slide(show, title)
    _box(slide, (_EDGE, _TOP, _WIDTH - 2 * _EDGE, _HEIGHT - _TOP - _EDGE), texts, 18)


def _first(show: "Presentation", facts: Facts, made: Decision) -> None:
    slide = _slide(show, made.headline, 28 if len(made.headline) < 80 else 22)
    wide = (_WIDTH - 2 * _EDGE + 0.25) / max(len(made.tiles), 1)
    top = _TOP + 0.35
    for number, tile in enumerate(made.tiles):
        left = _EDGE + wide * number
        _bar(slide, (left, top, wide - 0.25, 0.05), _LINK)
        # Long figures are two lines, and what they are stands below both.
        _box(slide, (left - 0.1, top + 0.1, wide - 0.1, 1.0), [tile.figure], 24, bold=True)
        under = [tile.name, *([tile.under] if tile.under else [])]
        _box(slide, (left - 0.1, top + 1.05, wide - 0.1, 1.2), under, 14, colour=_MUTED)
    _box(slide, (_EDGE - 0.1, top + 2.6, _WIDTH - 2 * _EDGE, 2.2), made.lead, 16)
    _box(slide, (_EDGE - 0.1, _HEIGHT - 0.75, _WIDTH - 2 * _EDGE, 0.4), [answer.when(facts)], 12,
         colour=_MUTED)  # fmt: skip


def _side_by_side(show: "Presentation", made: Decision) -> None:
    from pptx.util import Inches  # noqa: PLC0415

    slide = _slide(show, say("The policies side by side"))
    rows, columns = len(made.lines) + 1, len(made.head)
    tall = min((_HEIGHT - _TOP - 0.8) / rows, 0.62)
    width = _WIDTH - 2 * _EDGE
    hours = {1: 3.6} if made.sides else {}
    wide = {0: 2.7, **hours, columns - 1: 1.7}
    rest = (width - sum(wide.values())) / (columns - len(wide))
    table = slide.shapes.add_table(
        rows, columns, Inches(_EDGE), Inches(_TOP), Inches(width), Inches(tall * rows)
    ).table
    table.horz_banding = False
    for number, column in enumerate(table.columns):
        column.width = Inches(wide.get(number, rest))
    for row in table.rows:
        row.height = Inches(tall)
    for number, text in enumerate(made.head):
        _cell(table.cell(0, number), text, "F3F5F9", bold=True)
    for place, line in enumerate(made.lines, start=1):
        fill = _ASKED if line.role == "asked" else "FFFFFF"
        texts = (line.name, *([""] * len(hours)), line.late, *line.cells, line.verdict)
        for number, text in enumerate(texts):
            bold = number == 0 or line.role in {"asked", "today"}
            _cell(table.cell(place, number), text, fill, bold=bold)
        if hours:
            left = _EDGE + wide[0] + 0.1
            _hours(slide, made, place, tall=tall, left=left, wide=hours[1] - 0.2)
    _key(slide, made, _TOP + tall * rows + 0.1)


def _cell(cell: "_Cell", text: str, fill: str, *, bold: bool) -> None:
    from pptx.dml.color import RGBColor  # noqa: PLC0415
    from pptx.enum.text import MSO_ANCHOR  # noqa: PLC0415
    from pptx.util import Inches  # noqa: PLC0415

    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(fill)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_top = cell.margin_bottom = Inches(0.02)
    _write(cell.text_frame, [text], 12, bold=bold)


def _hours(
    slide: "Slide", made: Decision, place: int, *, tall: float, left: float, wide: float
) -> None:
    """When the sides are open, as bars of the day over a row of the table."""
    opens = made.lines[place - 1].open
    top, high = _TOP + tall * place + 0.08, (tall - 0.16) / max(len(opens), 1)
    for number, side in enumerate(opens):
        y = top + high * number
        _bar(slide, (left, y, wide, 0.8 * high), "E8E9EE")
        colour = _SIDES[made.sides.index(side.side) % len(_SIDES)]
        for spans, shade in ((side.partly, _pale(colour)), (side.spans, colour)):
            for since, until in spans:
                span = wide * (until - since) / 24
                _bar(slide, (left + wide * since / 24, y, span, 0.8 * high), shade)


def _pale(colour: str) -> str:
    parts = (int(colour[i : i + 2], 16) for i in (0, 2, 4))
    return "".join(f"{255 - round(0.35 * (255 - part)):02X}" for part in parts)


def _key(slide: "Slide", made: Decision, top: float) -> None:
    left = _EDGE
    for number, side in enumerate(filter(None, made.sides)):
        _bar(slide, (left, top + 0.12, 0.25, 0.12), _SIDES[number % len(_SIDES)])
        _box(slide, (left + 0.3, top, 2.2, 0.3), [side], 12, colour=_MUTED)
        left += 2.5
    if made.partly:
        text = say("Pale: only a part of the side is open.")
        _box(slide, (left, top, _WIDTH - _EDGE - left, 0.3), [text], 12, colour=_MUTED)


def _picture(show: "Presentation", title: str, alt: str, image: bytes) -> None:
    from pptx.util import Inches  # noqa: PLC0415

    slide = _slide(show, title)
    picture = slide.shapes.add_picture(io.BytesIO(image), 0, 0)
    room = Inches(_WIDTH - 2 * _EDGE), Inches(_HEIGHT - _TOP + 0.3 - 0.3)
    scale = min(room[0] / picture.width, room[1] / picture.height)
    picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)
    picture.left = int((Inches(_WIDTH) - picture.width) / 2)
    picture.top = Inches(_TOP - 0.3)
    # Who hears the slides and does not see them is told the finding.
    picture._element.nvPicPr.cNvPr.set("descr", alt)


def _known(show: "Presentation", facts: Facts, made: Decision | None, footer: str) -> None:
    slide = _slide(show, say("How sure?"))
    bars = () if made is None else made.bars
    total = sum(bar.count for bar in bars)
    left, wide = _EDGE, _WIDTH - 2 * _EDGE
    looks = {"measured": _LINK, "told": "6D92D6", "derived": "B8CFFD", "assumed": "8A4B00"}
    for bar in bars:
        part = wide * bar.count / total
        _bar(slide, (left, _TOP, part, 0.2), looks[bar.kind])
        left += part
    texts = []
    if bars:
        counted = " · ".join(f"{bar.count} {bar.text}" for bar in bars)
        texts.append(f"{say('Inputs by their source:')} {counted}")
    texts += [text for text in ((made.turns, made.cost) if made is not None else ()) if text]
    _box(slide, (_EDGE - 0.1, _TOP + 0.3, wide, 1.4), texts, 16)
    assumed = [f"{topic.name}: {topic.text}. {topic.named}".strip() for topic in topics(facts)] or [
        say("No input is marked as assumed.")
    ]
    _box(slide, (_EDGE - 0.1, _TOP + 1.75, wide, 0.4), [say("What is assumed")], 18, bold=True)
    _box(slide, (_EDGE - 0.1, _TOP + 2.2, wide, 3.0), assumed, 14)
    _box(slide, (_EDGE - 0.1, _HEIGHT - 0.6, wide, 0.4), [footer], 10, colour=_MUTED)

"""A sheet of paper: a title that states what is seen, a body of panels, a caption.

Everything is placed in inches from the top left corner of the body, so no text of one part can
reach another, however many policies there are and however long their names.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend

from portsim.figures import style, text_layout
from portsim.figures.study import Policy
from portsim.wording import say, tongue

WIDTH = 9.0
_PAD = 0.14
_SMALLEST = 0.7
"""So much smaller a text may be set that has too little room."""
_HEAD_LINE, _SMALL_LINE = 0.205, 0.145
_KEY = 0.26


@dataclass(frozen=True, slots=True)
class Pointed:
    """A panel whose labelled lines can be pointed at.

    Attributes:
        axes: the panel.
        x: what its horizontal axis holds: ``date``, ``hours`` or ``names``.
        y: what its vertical axis holds: ``count`` or ``share``.
        names: of the places 0, 1, 2 … of the horizontal axis.
    """

    axes: Axes
    x: str
    y: str
    names: tuple[str, ...] = ()


class Sheet:
    """One picture: ``body`` inches high and as wide as every other."""

    def __init__(self, title: str, caption: str, body: float, key: Sequence[Artist] = ()) -> None:
        self.title = " ".join(title.split())
        self.caption = caption
        self.pointed: list[Pointed] = []
        inner = WIDTH - 2 * _PAD
        # In a page, title and caption stand beside the picture.
        on_page = tongue().on_page
        head = "" if on_page else text_layout.wrap(self.title, inner, style.HEAD, bold=True)
        foot = "" if on_page else text_layout.wrap(caption, inner, style.SMALL)
        top = 0.04 if on_page else _PAD + _HEAD_LINE * (head.count("\n") + 1) + 0.10
        under = 0.0 if on_page else 0.12 + _SMALL_LINE * (foot.count("\n") + 1) + _PAD
        rows = _rows(key)
        self._body_top = top + _KEY * len(rows)
        self.height = self._body_top + body + under
        self.body = body
        self.figure = Figure(figsize=(WIDTH, self.height))
        self.text(_PAD, _PAD - self._body_top, head, size=style.HEAD, bold=True)
        self.text(_PAD, body + 0.12, foot, size=style.SMALL, colour=style.MUTED)
        for number, row in enumerate(rows):
            self._key(row, 1 - (top - 0.04 + _KEY * number) / self.height)

    def _key(self, key: Sequence[Artist], top: float) -> None:
        left = _PAD
        # Matplotlib measures letters its font has; where others stand, each mark is placed by us.
        wide = tongue().on_page
        for marks in [[mark] for mark in key] if wide else [list(key)]:
            self.figure.add_artist(
                Legend(
                    self.figure,
                    handles=marks,
                    labels=[str(mark.get_label()) for mark in marks],
                    loc="upper left",
                    bbox_to_anchor=(left / WIDTH, top),
                    ncols=len(marks),
                    borderpad=0,
                    borderaxespad=0,
                    handlelength=2.2,
                    columnspacing=1.6,
                )
            )
            left += _mark_width(marks[0])

    def point(self, axes: Axes, x: str, y: str, names: Sequence[str] = ()) -> None:
        """Let a reader point at the labelled lines of a panel; see `Pointed`."""
        self.pointed.append(Pointed(axes, x, y, tuple(names)))

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """A panel; ``left`` and ``top`` in inches from the top left corner of the body."""
        bottom = self.height - self._body_top - top - height
        box = (left / WIDTH, bottom / self.height, width / WIDTH, height / self.height)
        return self.figure.add_axes(box)

    def text(
        self,
        left: float,
        top: float,
        text: str,
        *,
        size: float = style.SIZE,
        bold: bool = False,
        colour: str = style.INK,
        align: str = "left",
        room: float = WIDTH,
    ) -> None:
        """Text whose upper edge lies ``top`` inches below the top of the body; set smaller where it
        is wider than ``room`` in inches, for languages are not all as brief.
        """
        wide = text_layout.width(max(text.split("\n"), key=len), size, bold=bold)
        size *= min(1.0, max(room / wide if wide else 1.0, _SMALLEST))
        self.figure.text(
            left / WIDTH,
            1 - (self._body_top + top) / self.height,
            text,
            ha=align,
            va="top",
            fontsize=size,
            fontweight="bold" if bold else "normal",
            color=colour,
        )


def _mark_width(mark: Artist) -> float:
    return 0.5 + text_layout.width(str(mark.get_label()), style.SMALL + 0.3)


def _rows(key: Sequence[Artist]) -> list[list[Artist]]:
    """The marks of a key in as many rows as they need."""
    rows: list[list[Artist]] = []
    room = 0.0
    for mark in key:
        if _mark_width(mark) > room:
            rows.append([])
            room = WIDTH - 2 * _PAD
        rows[-1].append(mark)
        room -= _mark_width(mark)
    return rows


@dataclass(frozen=True, slots=True)
class Panels:
    """Small multiples: one panel a policy, all with the same axes."""

    sheet: Sheet
    axes: list[Axes]
    width: float


def columns_for(count: int) -> int:
    """How many panels stand side by side."""
    return count if count <= 3 else 2 if count == 4 else 3


def policy_panels(
    policies: Sequence[Policy],
    title: str,
    caption: str,
    labels: tuple[str, str],
    *,
    key: Sequence[Artist] = (),
    height: float = 1.35,
    left: float = 0.72,
    right: float = 0.0,
    own: Collection[str] = (),
) -> Panels:
    """Lay out one panel for each policy, named above it; ``labels`` are those of x and y, and
    policies in ``own`` have a scale of their own.
    """
    count = len(policies)
    columns = columns_for(count)
    rows = math.ceil(count / columns)
    gap = 0.52 if any(policy.name in own for policy in policies) else 0.30
    room = WIDTH - 2 * _PAD - left + 0.1 - right - 0.12
    width = (room - gap * (columns - 1)) / columns
    if count == 1:
        height = 3.2
    elif rows == 1:
        height = max(height, 2.3)
    names = [text_layout.wrap(policy.label, width, style.SIZE, bold=True) for policy in policies]
    tops, tall, top = [], [], 0.0
    for row in range(rows):
        chosen = range(row * columns, min((row + 1) * columns, count))
        above = max(
            0.165 * (names[i].count("\n") + 1) + 0.15 * policies[i].overloaded for i in chosen
        )
        tops.append(top)
        tall.append(above + 0.08)
        named = any(index + columns >= count for index in chosen)
        top += tall[-1] + height + (0.62 if named else 0.50)
    sheet = Sheet(title, caption, top - 0.06, key)
    axes: list[Axes] = []
    for index, (policy, name) in enumerate(zip(policies, names, strict=True)):
        row, column = divmod(index, columns)
        x, y = left + column * (width + gap), tops[row]
        panel = sheet.axes(x, y + tall[row], width, height)
        y += tall[row] - 0.08 - 0.165 * (name.count("\n") + 1) - 0.15 * policy.overloaded
        sheet.text(x, y, name, bold=True)
        if policy.overloaded:
            under = y + 0.165 * (name.count("\n") + 1)
            words = text_layout.OVERLOADED_OWN if policy.name in own else text_layout.OVERLOADED
            sheet.text(x, under, say(words), size=style.SMALL, colour=style.ALARM)
        if column == 0:
            panel.set_ylabel(labels[1])
        elif policy.name not in own and policies[index - 1].name not in own:
            # Beside a panel with another scale a panel has its own numbers.
            panel.tick_params(labelleft=False)
        if index + columns >= count:
            panel.set_xlabel(labels[0])
        axes.append(panel)
    return Panels(sheet, axes, width)

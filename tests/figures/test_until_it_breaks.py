"""How much traffic until it breaks: told of tried points only, today marked where it was tried."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest
from matplotlib.text import Text

from on_paper import assert_readable, drawn_texts
from portsim.figures import until_it_breaks
from portsim.figures.style import our_style
from portsim.figures.varied import Varied
from portsim.results import Manifest, Record, Run, ScenarioEntry
from portsim.results.sweep import REPLICATIONS

SCALES = [0.5, 1.0, 2.0, 4.0]


def swept(
    breaks: dict[str, int | None],
    path: str = "traffic.scale",
    scale: float = 1.0,
    known: Sequence[float] = SCALES,
) -> Varied:
    """A sweep in which each policy is overloaded from the point of that number on."""
    rows: list[list[Any]] = []
    for name, first in breaks.items():
        for number, value in enumerate(SCALES):
            over = first is not None and number >= first
            mean = (0.1 if over else 0.9) if value in known else math.nan
            figures = [mean, mean - 0.01, mean + 0.01, 0.01, 3]
            note = "overloaded" if over else ""
            rows.append([name, value, "all", "", "completed_within_limit", "share", *figures, note])
    columns = ["policy", path, "truck_class", "place", "measure", "unit", "mean", "ci_low",
               "ci_high", "sd", "replications", "note"]  # fmt: skip
    manifest = Manifest(
        scenarios=tuple(
            ScenarioEntry(name, {"name": name, "traffic": {"scale": scale}}, "0") for name in breaks
        ),
        baseline=None, seed=1, replications=3, engine="simpy", versions={}, fingerprint="0",
        run=Run("", "", 0.0, 1), kind="sweep", study={"paths": [path], "varied": {path: SCALES}},
    )  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    # Of the runs nothing is asked.
    runs = pd.DataFrame({name: [] for name in ("policy", path, *REPLICATIONS)})
    return Varied(Record(manifest, {"sweep": table, "replications": runs}))


@pytest.mark.parametrize(
    ("breaks", "title"),
    [
        ({"a": 2}, "a breaks between 1 and 2 ×"),
        ({"a": None}, "a holds up to 4 ×"),
        ({"a": 0}, "a is overloaded from 0.5 × on"),
        ({"a": 1, "b": None}, "a breaks between 0.5 and 1 ×, b holds up to 4 ×"),
        ({"a": 2, "b": 2}, "Every policy breaks between 1 and 2 ×"),
    ],
)
def test_the_title_says_between_which_points(breaks: dict[str, int | None], title: str) -> None:
    with our_style():
        sheet = until_it_breaks.draw(swept(breaks))
    assert sheet is not None
    assert sheet.title == title
    assert_readable(title, sheet.figure, drawn_texts(sheet.figure))


def test_today_is_marked_only_where_it_was_tried() -> None:
    for scale, marked in ((1.0, True), (0.2, False)):
        with our_style():
            sheet = until_it_breaks.draw(swept({"a": 2, "b": None}, scale=scale))
        assert sheet is not None
        texts = [text.get_text() for text in sheet.figure.findobj(Text)]
        assert ("today" in texts) is marked


@pytest.mark.filterwarnings("error")
def test_a_single_point_that_is_known_is_drawn() -> None:
    """Without traffic nobody is in time, and nobody late."""
    with our_style():
        sheet = until_it_breaks.draw(swept({"a": None}, known=(1.0,)))
    assert sheet is not None
    assert sheet.title == "a holds up to 1 ×"


def test_other_values_say_nothing_of_traffic() -> None:
    assert until_it_breaks.draw(swept({"a": 2}, "resources.gate.capacity")) is None

"""Tables on narrow screens: nothing is cut, no head breaks amid a word, policies stand together."""

import io

import pytest
from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from portsim.cli.fitted import Screen

HEADS = ("policy", "late trucks a day", "95th percentile of the stay, h", "通关比例", "verdict")
ROWS = (
    (
        "hours-7x8-after-change",
        "20.0 ± 1.4",
        "≥ 27.4 ± 5.2",
        "90.9 (89.1 to 92.7) %",
        "worse",
    ),
    ("hours-7x12", "9.84 ± 0.7", "22.8 (20.1 to 25.5)", "95.5 %", "clearly better than today"),
)


def printed(width: int, monkeypatch: pytest.MonkeyPatch, names: int = 1) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(width))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, head in enumerate(HEADS):
        table.add_column(head, justify="left" if number in {0, 4} else "right")
    for row in ROWS:
        table.add_row(*map(Text, row))
    screen = Screen()
    screen.file = io.StringIO()
    screen.print(table, names=names)
    return screen.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [140, 120, 80, 60, 40, 20])
def test_nothing_is_cut(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = printed(width, monkeypatch)
    text = "\n".join(lines)
    for row in ROWS:
        # Where a name alone is wider than the screen, the terminal breaks it, and nobody else.
        for cell in row[:4]:
            assert cell in text
        assert all(word in text for word in row[4].split())
    for head in HEADS[1:]:
        assert all(word in text for word in head.split())
    assert "…" not in text
    widest = max(cell_len(cell) for row in ROWS for cell in row[:4]) + 4
    assert max(map(cell_len, lines)) <= max(width, widest)


def test_a_wide_screen_has_one_table_and_a_narrow_one_lists_of_policies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert sum("hours-7x12" in line for line in printed(140, monkeypatch)) == 1
    lines = [line.strip() for line in printed(20, monkeypatch)]
    first = lines.index("late trucks a day")
    assert lines[first + 1 : first + 5] == [
        "hours-7x8-after-change:",
        "20.0 ± 1.4",
        "hours-7x12:",
        "9.84 ± 0.7",
    ]


def test_what_takes_several_columns_to_name_is_named_in_every_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Points of a sweep: of one policy, told apart by what is varied."""
    assert sum("20.0 ± 1.4" in line for line in printed(80, monkeypatch, names=2)) > 1
    lines = [line.strip() for line in printed(20, monkeypatch, names=2)]
    first = lines.index("hours-7x12, late trucks a day 9.84 ± 0.7:")
    assert lines[first + 1] == "22.8 (20.1 to 25.5)"


@pytest.mark.parametrize("said", ["", "wide", "0", "-5"])
def test_what_is_no_width_is_none(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", said)
    assert Screen().width == 140

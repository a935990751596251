"""Cells of a roster read in every language as they are written in the file in English."""

import pytest

from portsim.results.roster_words import breaks_text, day_text, pattern_text, shift_text
from portsim.wording import speaking


@pytest.mark.parametrize(
    ("written", "en", "zh"),
    [
        ("5 on 2 off", "5 on 2 off", "上 5 天休 2 天"),
        ("12 h on 36 off", "12 h on 36 h off", "工作 12 小时，休息 36 小时"),
        ("Mon-Fri", "Mon-Fri", "周一至周五"),
        ("Mon, Wed-Thu", "Mon, Wed-Thu", "周一、周三至周四"),
        ("daily", "daily", "每天"),
    ],
)
def test_turns_of_work(written: str, en: str, zh: str) -> None:
    assert pattern_text(written) == en
    with speaking("zh"):
        assert pattern_text(written) == zh


def test_shifts_breaks_and_posts() -> None:
    row = {"shift": "06:00-14:00", "breaks": "2 h +15 min, 4.5 h +30 min"}
    assert shift_text(row) == "06:00-14:00 (2 h +15 min, 4.5 h +30 min)"
    assert shift_text({"shift": "06:00-14:00", "breaks": ""}) == "06:00-14:00"
    with speaking("ru"):
        assert breaks_text(row) == "через 2 ч +15 мин, через 4.5 ч +30 мин"
    labels = {"desk": "Declaration desk", "out gate": "Exit"}
    assert day_text("desk 06:00-14:00, out gate 22:00-06:00", labels) == (
        "Declaration desk 06:00-14:00, Exit 22:00-06:00"
    )
    assert (day_text("06:00-14:00", labels), day_text("", labels)) == ("06:00-14:00", "")

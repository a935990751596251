"""Works whose end was not seen, by hand."""

import numpy as np
import pytest

import portsim
from portsim.fitting.cut_works import under_way
from portsim.gatelog import read_log


def log(tmp_path, rows):
    path = tmp_path / "gate.csv"
    path.write_text("\n".join(["plate,arrival,gate start,gate end", *rows]) + "\n")
    return read_log([path], timezone="Etc/GMT-5")


def days(last_day):
    """Three trucks an hour from 8 to 16 for twenty days, 15 minutes each; then the last day."""
    rows = [
        f"K{day}-{hour}-{n},2025-03-{day + 1:02} {hour:02}:{20 * n:02},2025-03-{day + 1:02} "
        f"{hour:02}:{20 * n + 1:02},2025-03-{day + 1:02} {hour:02}:{20 * n + 14 + day % 3:02}"
        for day in range(20)
        for hour in range(8, 16)
        for n in range(3)
    ]
    return [*rows, *last_day]


def test_works_under_way_when_the_log_ends(tmp_path):
    ends = ["A,2025-03-21 08:00,2025-03-21 08:05,", "B,2025-03-21 08:10,2025-03-21 08:12,",
            "C,2025-03-21 08:20,2025-03-21 08:21,2025-03-21 08:51",
            "D,2025-03-10 08:00,2025-03-10 08:05,"]  # fmt: skip
    cut = under_way(log(tmp_path, days(ends)), "gate")
    # D began eleven days before the end: its end is blank.
    assert sorted(cut.seconds) == [39 * 60, 46 * 60]
    assert cut.classes.tolist() == [0, 0]


def test_a_work_that_was_left_at_closing_is_no_work_of_a_night(tmp_path):
    left = [
        f"L{day},2025-03-{day:02} 15:50,2025-03-{day:02} 15:56,2025-03-{day + 1:02} 08:30"
        for day in range(2, 8)
    ]
    fit = portsim.fit(log(tmp_path, days(left)))
    (stage,) = fit.stages
    assert not stage.rosters[0].pauses
    assert len(stage.cut.seconds) == 6
    assert (stage.cut.seconds < 3600).all()
    assert np.max(stage.works) == pytest.approx(15 * 60)
    assert stage.law()[0].mean == pytest.approx(14 * 60, rel=0.05)


def test_an_end_that_is_blank_is_no_work_under_way(tmp_path):
    rows = [f"{row},{row.rpartition(' ')[0].rpartition(',')[2]} 17:00" for row in days([])]
    rows.append("E,2025-03-20 15:50,2025-03-20 15:56,,2025-03-20 17:00")
    path = tmp_path / "gate.csv"
    path.write_text("\n".join(["plate,arrival,gate start,gate end,desk end", *rows]) + "\n")
    assert not len(under_way(read_log([path], timezone="Etc/GMT-5"), "gate").seconds)

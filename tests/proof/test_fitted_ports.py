"""The proof on known ports in its shortest form: a dirty log, told and held against its port."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "proof"))

from fitted_ports import page, rows_of


def test_a_port_is_told_from_its_dirty_log_and_runs_like_the_port(tmp_path: Path) -> None:
    kept = tmp_path / "rows.jsonl"
    (row,) = rows_of([23], policies=False, draws=3, kept=kept)
    for what in (
        "changes at a date found, and none where there is none",
        "work that pauses told from work that is finished",
        "weekdays open or closed",
        "stage-hours with servers exact, where said to be sure",
    ):
        right, of = row["scores"][what]
        assert right == of > 0, what
    assert row["share"] == pytest.approx(row["share_true"], abs=0.015)
    assert row["stay_h"] == pytest.approx(row["stay_true_h"], rel=0.15)
    assert row["multiple"] < 2.5
    # What is kept is not done again.
    assert rows_of([23], kept=kept) == [json.loads(kept.read_text("utf-8"))]
    assert "1 random ports" in page([row])

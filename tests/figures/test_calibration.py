"""The picture of how forecasts of the past turned out."""

from dataclasses import replace

import pandas as pd

from figures.conftest import Manifest, Run
from on_paper import assert_readable, drawn_texts
from portsim.figures import calibration
from portsim.figures.style import our_style
from portsim.results import Record

HOURS = (1, 4, 12, 48)
LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
INSPECTION = "Inspection of goods and papers"


def record() -> Record:
    """Of the port and two stages; nearest of all is what is written first."""
    scores = [
        {"stage": stage, "horizon_h": h, "n": 200, "coverage_50": 0.5,
         "coverage_80": 0.78, "coverage_95": 0.94,
         "crps": h * off, "crps_weekly_profile": 30 * off, "crps_last_value": 1.6 * h * off,
         "crps_fluid": 1.4 * h * off, "pinball": off, "skill": 0.2}
        for stage, off in (("", 9.0), ("gate", 5.0), ("inspection", 0.2))
        for h in HOURS
    ]  # fmt: skip
    shares = [
        {"stage": row["stage"], "horizon_h": row["horizon_h"], "level": level, "share": 0.99}
        for row in scores
        for level in LEVELS
    ]
    run = Run("2025-04-14T10:00:00+08:00", "2025-04-14T10:00:09+08:00", 9.0, 1)
    manifest = Manifest((), None, 1, 200, "compiled", {}, "", run)
    study = {"origins": 200, "stage_labels": {"gate": "Gate", "inspection": INSPECTION}}
    tables = {"scores": pd.DataFrame(scores), "calibration": pd.DataFrame(shares)}
    return Record(replace(manifest, kind="scores", study=study), tables)


def test_nothing_is_cut_off_and_the_key_lies_off_the_lines() -> None:
    with our_style():
        sheet = calibration.draw(record())
    texts = drawn_texts(sheet.figure)
    assert_readable("calibration", sheet.figure, texts)
    assert any(INSPECTION in text.get_text() for text, _ in texts)
    for panel in sheet.figure.axes:
        key = panel.get_legend().get_window_extent()
        for line in panel.get_lines():
            assert not line.get_path().transformed(line.get_transform()).intersects_bbox(key)

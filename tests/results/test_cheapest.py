"""What is required, in words: mean and limits, and what is said where there are none."""

import math

import pytest

from portsim.results.cheapest import figure_text

NAN = math.nan


@pytest.mark.parametrize(
    ("requirement", "figures", "text"),
    [
        ("completed_within_limit>=0.9", (0.954, 0.94, 0.97), "95.4 % (94.0 to 97.0 %)"),
        ("completed_within_limit>=0.9", (1.0, 1.0, 1.0), "100.0 % (in every replication)"),
        ("stay_p95_h<=2", (1.5, 1.2, 1.8), "1.50 (1.20 to 1.80)"),
        # Where no truck comes nobody is in time, and nobody late.
        ("completed_within_limit>=0.9", (NAN, NAN, NAN), "undefined"),
        # Of a single replication.
        ("stay_p95_h<=2", (1.5, NAN, NAN), "1.50 (no interval)"),
    ],
)
def test_a_figure_and_its_limits(
    requirement: str, figures: tuple[float, float, float], text: str
) -> None:
    row = dict(zip(("fresh_mean", "fresh_low", "fresh_high"), figures, strict=True))
    assert figure_text({"requirement": requirement, **row}, "fresh_") == text

"""Quantities with units: what is read, and in which unit it comes out."""

import pytest

from portsim.scenario.units import parse_duration
from portsim.scenario.validation_messages import ValueFault


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90 s", 90.0),
        ("25min", 1500.0),
        ("1 h 30 min", 5400.0),
        ("1.5 hours", 5400.0),
        ("2 days", 172_800.0),
        ("1 week", 604_800.0),
        ("２５ min", 1500.0),
        ("0 s", 0.0),
    ],
)
def test_durations(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", [25, True, None, [], "", "  ", "25", "min", "5 m", "1 h 5", "1e3 s"]
)
def test_no_durations(text):
    with pytest.raises(ValueFault):
        parse_duration(text)

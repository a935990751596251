"""What a policy costs and saves is said with who is overloaded, if somebody is."""

from types import SimpleNamespace

import pandas as pd
import pytest

from portsim.results.money import worth_sentences


@pytest.mark.parametrize(
    ("overloaded", "verdict"),
    [
        ("", "it saves more than it costs"),
        ("new", "it is overloaded, so that this holds for the period only"),
        ("old", "old is overloaded, so that this holds for the period only"),
        ("old new", "it is overloaded, so that this holds for the period only"),
    ],
)
def test_who_is_overloaded_is_named(overloaded: str, verdict: str) -> None:
    entries = [
        SimpleNamespace(name=name, currency="EUR", overloaded=name in overloaded.split())
        for name in ("old", "new")
    ]
    rows = [
        {"scenario": "new", "truck_class": "all", "place": "", "measure": f"{name}_cost_per_day",
         "difference": value, "joint_low": value - 1, "joint_high": value + 1}
        for name, value in (("staff", 10.0), ("time", -50.0), ("total", -40.0))
    ]  # fmt: skip
    manifest = SimpleNamespace(scenarios=entries, baseline="old")
    (text,) = worth_sentences(manifest, pd.DataFrame(rows), str)
    assert text.endswith(f"; {verdict}.")

"""What the page says of oversized loads, on folders with figures chosen by the test."""

from collections.abc import Callable
from typing import Any

import pytest

from portsim.report.facts import Facts
from portsim.report.oversized import oversized

Made = Callable[..., Facts]
LOADS = {"resolved": {"traffic": {"wind": {"label": "Wind parts", "dimensions": {"width": "5 m"}}}}}


def policy(delay: float, late: float) -> dict[str, float]:
    return {
        "arrived": 100,
        "completed_within_limit": 0.9,
        "stay_mean_h": 3,
        "oversized_delay_h": delay,
        "oversized_late_per_day": late,
    }


def told(facts_of: Made, policies: dict[str, dict[str, float]], **others: Any) -> tuple[str, ...]:
    entries = dict.fromkeys(policies, LOADS)
    section = oversized(facts_of(policies, entries=entries, **others))
    assert section.text[-1] == ("Their own stay is in the table below.")
    return section.text[:-1]


def test_the_dearest_and_the_cheapest_policy_are_told(facts_of: Made) -> None:
    policies = {"old": policy(0.5, 2.0), "new": policy(0.25, 1.5), "wide": policy(0.1, 1.0)}
    assert told(facts_of, policies, half=0.05) == (
        (
            "Under old, the oversized loads make the other trucks stay 30.0 minutes longer on"
            " average (27.0 to 33.0), and 2.00 more of them a day are not out within 24 h"
            " (1.95 to 2.05)."
        ),
        (
            "Under wide, the oversized loads make the other trucks stay 6.00 minutes longer on"
            " average (3.00 to 9.00), and 1.00 more of them a day are not out within 24 h"
            " (0.95 to 1.05)."
        ),
    )


@pytest.mark.parametrize(
    ("delay", "late", "said"),
    [
        (
            0.5, 0.01,
            "make the other trucks stay 30.0 minutes longer on average (27.0 to 33.0).",
        ),
        (
            0.04, 1.0,
            ("do not clearly make the other trucks stay longer: 2.40 minutes on average, which may"
            " as well be none (−0.60 to 5.40)."),
        ),
    ],
)  # fmt: skip
def test_what_is_not_clear_is_not_claimed(
    facts_of: Made, delay: float, late: float, said: str
) -> None:
    (sentence,) = told(facts_of, {"old": policy(delay, late)}, half=0.05)
    assert sentence == f"Under old, the oversized loads {said}"


def test_one_period_gives_no_interval(facts_of: Made) -> None:
    (sentence,) = told(facts_of, {"old": policy(0.5, 2.0)}, replications=1)
    assert sentence == (
        "Under old, the oversized loads changed the mean stay of the other trucks by +30.0 minutes"
        " in the one period simulated."
    )


def test_a_gain_is_called_one(facts_of: Made) -> None:
    (sentence,) = told(facts_of, {"old": policy(-0.5, -2.0)}, half=0.05)
    assert sentence == (
        "Under old, the other trucks stay 30.0 minutes shorter on average with the oversized loads"
        " than without them (27.0 to 33.0): it changes in which order they meet."
    )


def test_where_no_such_load_came_nothing_is_said(facts_of: Made) -> None:
    policies = {"old": policy(0.5, 2.0), "none": policy(0.0, 0.0)}
    (sentence,) = told(facts_of, policies, half=0.0)
    assert sentence.startswith("Under old, the oversized loads")


def test_the_tables_give_both_sides(facts_of: Made) -> None:
    facts = facts_of({"old": policy(0.5, 2.0)}, entries={"old": LOADS}, half=0.05)
    others, themselves = oversized(facts).tables
    assert [cell.text for cell in others.rows[0]] == ["old", "all trucks", "+30.0", "+2.00"]
    assert [cell.under for cell in others.rows[0]] == ["", "", "+27.0 to +33.0", "+1.95 to +2.05"]
    assert [cell.text for cell in themselves.rows[0]][:4] == ["old", "all trucks", "100", "90.0 %"]


def test_a_port_without_such_loads_has_no_such_part(facts_of: Made) -> None:
    section = oversized(facts_of({"old": policy(0.5, 2.0)}))
    assert not section.tables
    assert not section.text

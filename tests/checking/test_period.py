"""Periods that clocks shorten."""


def test_a_period_of_which_a_change_of_clocks_leaves_nothing(faults):
    """In Brussels clocks go from 02:00 to 03:00 on 31 March 2024."""
    fault, *_ = faults(
        ("timezone: Asia/Shanghai", "timezone: Europe/Brussels"),
        (
            "{from: 2024-03-04, to: 2024-03-10}",
            "{from: 2024-03-31 02:00, to: 2024-03-31 03:00}\ncompletion: {limit: 10 min}",
        ),
    )
    assert (fault.path, fault.found) == ("period.to", "0 minutes")

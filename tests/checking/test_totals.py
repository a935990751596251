"""What is said of a published count that does not meet the study."""

OLD = "{rate: 60 per day}"


def total(first, last):
    return f"{{total: {{trucks: 9, from: {first}, to: {last}}}}}"


def test_days_before_the_first_drawn_have_no_factor(says):
    old = f"traffic:\n  tea:\n    direction: export\n    arrivals: {OLD}"
    new = old.replace(OLD, total("2022-12-31", "2024-03-08")).replace(
        "traffic:\n", "traffic:\n  day_factor: {gamma: {mean: 1, cv: 0.3}}\n"
    )
    says(
        old, new, "2022-12-31", "traffic.tea.arrivals.total.from", "`2022-12-31`",
        "2023-01-01 or later, since the traffic has a `day_factor`", "the luck of the days",
    )  # fmt: skip


def test_without_a_factor_of_the_days_they_may_begin_long_before(scenario):
    assert not scenario((OLD, total("2020-01-01", "2024-03-08"))).origin.warnings


def test_a_count_of_other_dates_is_warned_of(warning):
    only = warning((OLD, total("2024-03-11", "2024-03-18")))
    assert only.path == "traffic.tea.arrivals.total"
    assert "dates that meet the period, 2024-03-04 to 2024-03-10" in only.expected
    assert only.hint == "none of these trucks is seen"

"""Ports of other countries: one currency, two directions, in words of their own."""

import pytest

VALUE = ("load: 21 t", "load: 21 t\n    value: 30000 EUR")
COST = ("capacity: 4\n", "capacity: 4\n    cost_per_staffed_hour: {}\n")
OTHER = "  cars:\n    direction: {}\n    arrivals: {{rate: 9 per day}}\n"
OTHER += "    load: 1 t\n    route: [gate, inspection, release]\n"


def cost(text):
    return (COST[0], COST[1].format(text))


def ways(one, *others):
    more = "".join(OTHER.replace("cars", f"cars{n}").format(w) for n, w in enumerate(others))
    return [("direction: export", f"direction: {one}"), ("traffic:\n", f"traffic:\n{more}")]


def test_one_currency_is_that_of_the_scenario(scenario):
    assert scenario().currency == ""
    made = scenario(VALUE, cost("22 EUR"))
    assert made.currency == "EUR"
    assert made.origin.warnings == ()


def test_a_second_currency_is_refused_with_both_places(faults):
    (fault,) = faults(VALUE, cost("80 PLN"))
    assert (fault.path, fault.found) == (
        "resources.lanes.cost_per_staffed_hour", "an amount in PLN",
    ) or (fault.path, fault.found) == ("traffic.tea.value", "an amount in EUR")  # fmt: skip
    assert fault.code == "currencies"
    assert " as at " in fault.expected


def test_a_bare_number_is_read_in_the_currency_of_the_others_and_that_is_said(warning, faults):
    only = warning(VALUE, cost("22"))
    assert (only.path, only.code) == ("resources.lanes.cost_per_staffed_hour", "currency")
    assert only.hint == "it is read as EUR, like the other amounts"
    (fault,) = faults(cost("22"))
    assert (fault.path, fault.code) == ("resources.lanes.cost_per_staffed_hour", "unit-missing")


@pytest.mark.parametrize(
    ("one", "other"), [("inbound", "outbound"), ("出境", "入境"), ("въезд", "выезд"), ("a", "b")]
)
def test_any_two_directions(scenario, one, other):
    made = scenario(*ways(one, other, one))
    assert made.traffic.directions == tuple(sorted((one, other)))
    assert made.origin.warnings == ()


def test_a_third_direction_is_a_slip(faults):
    (fault,) = faults(*ways("outbond", "inbound", "outbound"))
    assert (fault.path, fault.code) == ("traffic.tea.direction", "direction")
    assert fault.expected == "two directions at most, beside inbound and outbound"
    assert fault.hint == "did you mean `outbound`?"


def test_what_looks_like_a_usual_word_is_doubted(warning):
    only = warning(*ways("exprot"))
    assert (only.code, only.hint) == ("direction", "did you mean `export`?")


def test_a_direction_is_not_called_like_a_class(faults):
    (fault,) = faults(*ways("tea"))
    assert (fault.path, fault.found) == ("traffic.tea.direction", "`tea`")


def test_a_country_whose_holidays_are_suspended_is_told(warning):
    only = warning(("country: CN", "country: UA"))
    assert (only.code, only.found) == ("no-holidays", "no holiday of UA in 2024")

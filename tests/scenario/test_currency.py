"""Amounts of money in any currency."""

import copy
import pickle

import pytest
from pydantic import BaseModel

from portsim.scenario.currency import Amount, amounts, currency_in
from portsim.scenario.distributions import Distribution
from portsim.scenario.units import Money, Price


class Purse(BaseModel):
    money: Money = Amount(0.0, "")
    price: Price = Amount(0.0, "")


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("8000 CNY", 8000.0, "CNY"),
        ("8000 yuan", 8000.0, "CNY"),
        ("22.5 EUR", 22.5, "EUR"),
        ("100 PLN", 100.0, "PLN"),
        ("1 KZT", 1.0, "KZT"),
        (22, 22.0, ""),
    ],
)
def test_amounts_know_their_currency(text, value, code):
    found = Purse(money=text).money
    assert (found, found.currency) == (value, code)
    for again in (pickle.loads(pickle.dumps(found)), copy.deepcopy(found)):
        assert (again, again.currency) == (value, code)


@pytest.mark.parametrize(
    ("text", "value"), [("4540 CNY/t", 4540.0), ("4.54 EUR/kg", 4540.0), ("2 USD/t", 2.0)]
)
def test_prices_are_a_tonne(text, value):
    assert Purse(price=text).price == value


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("22", "write the unit: 22 CNY"),
        ("22 euros", "did you mean `EUR`?"),
        ("22 €", "did you mean `EUR`?"),
        ("22 zł", "did you mean `PLN`?"),
        ("22 тенге", "did you mean `KZT`?"),
        ("22 eur", "did you mean `EUR`?"),
        ("22 QQQ", "unknown unit `QQQ`"),
        ("22 EUR/t", "unknown unit `EUR/t`"),
        ("5 EUR 3 USD", ""),
        (-3, ""),
        (True, ""),
        (float("nan"), ""),
    ],
)
def test_no_amounts(text, hint):
    with pytest.raises(Exception, match=r".+") as caught:
        Purse(money=text)
    assert hint in str(caught.value.errors()[0].get("ctx", {}).get("error").hint or "")


def test_amounts_are_found_wherever_they_stand():
    spread = Distribution[Money].model_validate({"lognormal": {"mean": "9 EUR", "cv": 1.0}})
    column = {"file": "a.csv", "column": "x", "unit": "PLN/t"}
    listed = Distribution[Price].model_validate({"empirical": column})
    assert list(amounts({"a": [spread], "b": listed})) == [
        (("a", 0, "lognormal", "mean"), "EUR"),
        (("b", "empirical", "unit"), "PLN"),
    ]
    times = Distribution[float].model_validate({"empirical": {**column, "unit": "min"}})
    assert list(amounts(times)) == []


@pytest.mark.parametrize(
    ("unit", "code"), [("EUR", "EUR"), ("yuan/t", "CNY"), ("min", ""), ("", "")]
)
def test_currency_of_a_unit(unit, code):
    assert currency_in(unit) == code

"""Money: the currencies of ISO 4217 and amounts that know theirs. No rate of exchange enters.

One scenario reckons in one currency; whether its parts agree is checked elsewhere.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from babel.core import get_global
from pydantic import BaseModel

__all__ = ["MONEY", "OTHER_NAMES", "PER_TONNE", "Amount", "amounts", "currency_in"]

_CODES = tuple(sorted(code for code in get_global("all_currencies") if code != "XXX"))
_ALIASES = {"yuan": "CNY"}
MONEY: Mapping[str, float] = MappingProxyType(
    {**dict.fromkeys(("CNY", "EUR", "USD"), 1.0), **dict.fromkeys((*_CODES, *_ALIASES), 1.0)}
)
"""Units of an amount; all count in themselves."""
PER_TONNE: Mapping[str, float] = MappingProxyType(
    {f"{unit}/{per}": factor for per, factor in (("t", 1.0), ("kg", 1e3)) for unit in MONEY}
)
"""Units of a price, in their currency a tonne."""
OTHER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("rmb", "元", "юань", "¥"), "CNY"),
        **dict.fromkeys(("€", "euro", "euros", "евро", "欧元"), "EUR"),
        **dict.fromkeys(("$", "us$", "dollar", "dollars", "доллар", "долларов", "美元"), "USD"),
        **dict.fromkeys(("£", "pound", "pounds", "英镑"), "GBP"),
        **dict.fromkeys(("₸", "tenge", "тенге", "坚戈"), "KZT"),
        **dict.fromkeys(
            ("₽", "rouble", "roubles", "ruble", "руб", "рубль", "рублей", "卢布"), "RUB"
        ),
        **dict.fromkeys(("₴", "hryvnia", "грн"), "UAH"),
        **dict.fromkeys(("zł", "zloty", "złoty"), "PLN"),
        **dict.fromkeys(("₹", "rupee", "rupees"), "INR"),
        **dict.fromkeys(("₺", "lira"), "TRY"),
    }
)
"""What people write for a currency, for hints."""


class Amount(float):
    """An amount of money, or a price a tonne, in its own currency: a float that knows which."""

    __slots__ = ("currency",)
    currency: str
    """ISO 4217 code; empty for a bare number, which is in the currency of the scenario."""

    def __new__(cls, value: float, currency: str) -> "Amount":
        """An amount of `value` units of a currency."""
        made = super().__new__(cls, value)
        made.currency = currency
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Amount, (float(self), self.currency)


def currency_in(unit: str) -> str:
    """The currency of a unit such as ``EUR``, ``EUR/t`` or ``yuan``; empty if it has none."""
    base = unit.partition("/")[0]
    return _ALIASES.get(base, base) if base in MONEY else ""


def amounts(
    part: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The currencies in a part of a scenario, each with its path: of amounts and of columns.

    That of a bare number is empty.
    """
    if isinstance(part, Amount):
        yield path, part.currency
    elif isinstance(part, BaseModel):
        for key, value in (*part.__dict__.items(), *(part.__pydantic_extra__ or {}).items()):
            if key == "unit" and isinstance(value, str):
                if code := currency_in(value):
                    yield (*path, key), code
            else:
                yield from amounts(value, (*path, key))
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from amounts(value, (*path, key))
    elif isinstance(part, tuple | list):
        for number, value in enumerate(part):
            yield from amounts(value, (*path, number))

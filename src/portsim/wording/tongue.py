"""The room of wording: the language being spoken, and its catalogue."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any

from babel import Locale
from babel.messages.pofile import read_po

from portsim.languages import FACTS, LANGUAGES

__all__ = ["Language", "in_own_letters", "later", "say", "sentences", "speaking", "tongue"]


@dataclass(frozen=True, slots=True)
class Language:
    """A language, and where it is read.

    Attributes:
        language: one of `LANGUAGES`.
        on_page: whether pictures stand in a page, which has their titles and captions beside them
            and fonts with every letter; else they stand alone.
        catalogue: English sentence to the same in this language.
    """

    language: str = "en"
    on_page: bool = False
    catalogue: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def html(self) -> str:
        """The language as HTML names it."""
        return FACTS[self.language].html

    @property
    def locale(self) -> Locale:
        """Babel's knowledge of numbers and dates in this language."""
        return _locale(self.language)


# Matplotlib keeps its settings in the same way: what is being spoken holds inside a block, for
# the thread that opened it, and English holds outside.
_SPOKEN: ContextVar[Language] = ContextVar("spoken", default=Language())  # noqa: B039 - frozen


def tongue() -> Language:
    """The language being spoken."""
    return _SPOKEN.get()


@contextmanager
def speaking(language: str, *, on_page: bool = False) -> Iterator[Language]:
    """Speak ``language`` inside the block.

    Raises:
        KeyError: the language is none of `LANGUAGES`.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    token = _SPOKEN.set(Language(language, on_page, _catalogue(language)))
    try:
        yield _SPOKEN.get()
    finally:
        _SPOKEN.reset(token)


def say(sentence: str, /, **values: object) -> str:
    """The sentence in the language being spoken, its places filled with ``values``.

    Nouns beside a number have forms: of ``{count:truck|trucks}``, the one that goes with the value
    of ``count`` is said, a number or the text that begins with it. How many forms there are, and
    in which order, is the language's, see `portsim.languages.Facts`.

    A sentence the catalogue lacks is said in English; the tests let none be lacking.
    """
    spoken = _SPOKEN.get()
    text = spoken.catalogue.get(sentence, sentence)
    text = _FORMS.vformat(text, (), values) if "|" in text else text.format(**values)
    return _BETWEEN.sub("", text) if FACTS[spoken.language].open_ended else text


class _Forms(Formatter):
    """Formats what it is given, and chooses forms of nouns."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if "|" not in format_spec:
            return str(super().format_field(value, format_spec))
        forms = format_spec.split("|")
        return forms[min(_form(value), len(forms) - 1)]


_FORMS = _Forms()
_FULL = "\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_BETWEEN = re.compile(f"(?<=[{_FULL}]) (?=[{_FULL}])")
"""Spaces that a sentence has around names, beside a name in letters that have none around them."""


def _form(value: object) -> int:
    """Which form of a noun goes with a number as it is written."""
    spoken = _SPOKEN.get()
    symbols = spoken.locale.number_symbols["latn"]
    text = str(value) if isinstance(value, int | float) else _plain_number(str(value), symbols)
    number = _NUMBER.search(text)
    category = spoken.locale.plural_form(Decimal(number.group() if number else 0))
    rules = FACTS[spoken.language].plurals
    return next((n for n, rule in enumerate(rules) if category in rule.split()), len(rules) - 1)


def _plain_number(text: str, symbols: Mapping[str, str]) -> str:
    for sign in (symbols["group"], "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"):
        text = text.replace(sign, "")
    return text.replace(symbols["decimal"], ".")


_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def later(sentence: str) -> str:
    """Mark a sentence that is said elsewhere, for the catalogue."""
    return sentence


def sentences(*whole: str) -> str:
    """Whole sentences one after the other, empty ones left out; Chinese sets no space between."""
    return ("" if FACTS[_SPOKEN.get().language].open_ended else " ").join(filter(None, whole))


def in_own_letters(text: str) -> bool:
    """Whether somebody's words have letters of the language being spoken; not, if they are none."""
    script = FACTS[_SPOKEN.get().language].script
    return any(unicodedata.name(letter, "").startswith(script) for letter in text)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


@cache
def _catalogue(language: str) -> Mapping[str, str]:
    if language == LANGUAGES[0]:
        return {}
    file = resources.files("portsim.wording") / f"{language}.po"
    with file.open("rb") as opened:
        read = read_po(opened, locale=language)
    return {
        str(message.id): str(message.string)
        for message in read
        if message.id and message.string and not message.fuzzy
    }

"""The room of wording: the language being spoken, and its catalogue."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from babel import Locale
from babel.messages.pofile import read_po

__all__ = ["LANGUAGES", "Language", "later", "say", "sentences", "speaking", "tongue"]

LANGUAGES = ("en", "zh", "ru")
"""Languages a reader can be told things in; the first is the one things are written in."""


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
        return {"zh": "zh-CN"}.get(self.language, self.language)

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

    A sentence the catalogue lacks is said in English; the tests let none be lacking.
    """
    return _SPOKEN.get().catalogue.get(sentence, sentence).format(**values)


def later(sentence: str) -> str:
    """Mark a sentence that is said elsewhere, for the catalogue."""
    return sentence


def sentences(*whole: str) -> str:
    """Whole sentences one after the other, empty ones left out; Chinese sets no space between."""
    return ("" if _SPOKEN.get().language == "zh" else " ").join(filter(None, whole))


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

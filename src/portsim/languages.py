"""The languages a reader can be told things in, said here and nowhere else.

Light, for the command line offers them before anything is loaded. A new language is an entry of the
table below and a catalogue in the room of wording; no sentence may enter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["FACTS", "LANGUAGES", "Facts", "in_english"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What must be known of a language besides its sentences.

    Attributes:
        english: its name in English.
        own: its name in itself.
        html: as HTML names it.
        instead: the languages whose labels stand in for one that it lacks, in this order.
        day_month: pattern of a day of the year, as Babel and the Unicode CLDR write patterns.
        day_month_year: of a day in few letters.
        date: of a day in full.
        date_of_week: of a day in full with its weekday.
        month_year: of a month.
        plurals: of the forms that a noun has beside a number, as sentences give them, the CLDR's
            categories of the numbers that each stands with, parted by blanks.
        script: in which letters it is written, as Unicode names them.
        open_ended: whether sentences follow one another without a space, and names stand in them
            without one.
    """

    english: str
    own: str
    html: str
    instead: tuple[str, ...]
    day_month: str
    day_month_year: str
    date: str
    date_of_week: str
    month_year: str
    plurals: tuple[str, ...]
    script: str
    open_ended: bool = False


FACTS: Mapping[str, Facts] = MappingProxyType(
    {
        "en": Facts(
            *("English", "English", "en", ("zh", "ru", "kk")),
            *("d MMM", "d MMM y", "d MMMM y", "EEEE, d MMMM y", "MMM y"),
            plurals=("one", "other"),
            script="LATIN",
        ),
        "zh": Facts(
            *("Chinese", "中文", "zh-CN", ("en", "ru", "kk")),
            *("M月d日", "y年M月d日", "y年M月d日", "y年M月d日EEEE", "y年M月"),
            plurals=("other",),
            script="CJK",
            open_ended=True,
        ),
        "ru": Facts(
            *("Russian", "Русский", "ru", ("en", "kk", "zh")),
            *("d MMM", "d MMM y 'г.'", "d MMMM y 'г.'", "EEEE, d MMMM y 'г.'", "LLLL y 'г.'"),
            plurals=("one", "few other", "many"),
            script="CYRILLIC",
        ),
        "kk": Facts(
            *("Kazakh", "Қазақша", "kk", ("ru", "en", "zh")),
            *("d MMM", "y 'ж.' d MMM", "y 'ж.' d MMMM", "y 'ж.' d MMMM, EEEE", "y 'ж.' MMMM"),
            plurals=("one other",),
            script="CYRILLIC",
        ),
    }
)
"""The languages by their ISO 639 codes; the first is the one things are written in."""

LANGUAGES = tuple(FACTS)


def in_english() -> str:
    """The languages listed in English: ``English, Chinese, Russian or Kazakh``."""
    *first, last = (facts.english for facts in FACTS.values())
    return f"{', '.join(first)} or {last}"

"""The room of wording: what a reader is told, in several languages, from one catalogue.

Sentences, numbers and dates only; no result, no picture and no page may enter. A sentence is
written in English where it is said, with named places for its values, and looked up in the
catalogue of the language that is being spoken:

    with speaking("zh"):
        say("{share} of the trucks are out", share=amounts.percent(0.95))

Catalogues are gettext files, ``<language>.po``; English needs none.
"""

from portsim.languages import LANGUAGES
from portsim.wording.directions import direction
from portsim.wording.formats import (
    date,
    date_of_week,
    day_month,
    day_month_year,
    days,
    decimal,
    month,
    month_year,
    period,
    weekdays,
)
from portsim.wording.labels import called
from portsim.wording.tongue import Language, in_own_letters, later, say, sentences, speaking, tongue

__all__ = [
    "LANGUAGES",
    "Language",
    "called",
    "date",
    "date_of_week",
    "day_month",
    "day_month_year",
    "days",
    "decimal",
    "direction",
    "in_own_letters",
    "later",
    "month",
    "month_year",
    "period",
    "say",
    "sentences",
    "speaking",
    "tongue",
    "weekdays",
]

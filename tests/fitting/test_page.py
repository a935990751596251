"""The page of a fit says how much is known: counts worked out by hand, in every language."""

import datetime as dt
import re

import pandas as pd
import pytest

from portsim.languages import LANGUAGES
from portsim.report import Fitted, fit_page

ROWS = [
    ("calendars.gate.hours[Mon].opens", "09:00", "09:00", "09:00", "local time", "yes", ""),
    ("calendars.gate.hours[Sun]", "closed", "", "", "", "no", "nobody stood before it then"),
    ("resources.gate-servers[Mon]", "2", "2", "3", "servers", "partly", ""),
    ("stages.gate.time.mean", "4.0", "3.9", "4.1", "min", "yes", ""),
    ("stages.gate.order", "first", "", "", "", "yes", ""),
    ("traffic.truck.arrivals.rate", "50", "48", "52", "1/d", "yes", ""),
    ("traffic.trend", "1.0", "0.9", "1.1", "times a month", "partly",
     "p = 0.42; it may be chance, and stands in no factor"),
    ("traffic.truck.patience", "", "", "", "", "no", "none left without being served"),
]  # fmt: skip
COLUMNS = ["path", "value", "low", "high", "unit", "identifiable", "note"]


def fitted(**changed):
    counts = pd.DataFrame([("a row twice", "dropped, the first stays", 3)],
                          columns=["what", "treatment", "n"])  # fmt: skip
    facts = {
        "name": "small", "trucks": 1234, "first": dt.date(2025, 3, 4),
        "last": dt.date(2025, 4, 26), "timezone": "UTC",
        "table": pd.DataFrame(ROWS, columns=COLUMNS), "cleaned": counts,
        "classes": (("truck", 50.0, 48.0, 52.0, 1200),), "stages": lambda: ["gate: work 4.0 min"],
        "weeks": 0, "held": None, "moved": (),
    }  # fmt: skip
    return Fitted(**{**facts, **changed})


def table(page, number):
    """Cells of the rows of a table of the page."""
    rows = re.findall(r"<tr>(.*?)</tr>", page.split("<tbody>")[number].split("</tbody>")[0], re.S)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


def test_values_are_counted_by_what_they_are_about():
    page = fit_page(fitted(), "en")
    assert "4 of 8 values of this port are surely told by its log." in page
    assert "partly: 2, not: 2" in page
    assert table(page, 1) == [
        ["Opening hours", "1", "–", "1"],
        ["Officers, booths, lanes at work", "–", "1", "–"],
        ["How long work takes", "1", "–", "–"],
        ["How stages work", "1", "–", "–"],
        ["Who comes, and when", "1", "1", "–"],
        ["Ways of trucks, and who gives up", "–", "–", "1"],
    ]
    assert "No weeks were held out" in page
    assert "check/check.html" not in page


def test_a_log_without_a_fault_and_a_port_that_is_known_whole_have_no_lists_of_them():
    known = pd.DataFrame(ROWS[:1], columns=COLUMNS)
    page = fit_page(fitted(table=known, cleaned=fitted().cleaned[:0]), "en")
    assert "1 of 1 values" in page
    assert "What is not known" not in page
    assert "What was cleaned" not in page


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_notes_and_what_was_cleaned_are_said_in_every_language(language):
    page = fit_page(fitted(), language)
    for english in (
        "a row twice",
        "nobody stood before it then",
        "it may be chance",
        "surely told",
    ):
        assert english not in page
    assert "1 of 8" not in page

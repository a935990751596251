"""Every sentence a reader is told is there in every language, and numbers are written its way."""

import datetime as dt
import io
import re
import string
import subprocess
import sys
from math import nan
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from portsim.languages import FACTS
from portsim.scenario.labels import Label
from portsim.wording import (
    LANGUAGES,
    amounts,
    called,
    date,
    day_month,
    days,
    decimal,
    month_year,
    say,
    sentences,
    speaking,
    tongue,
)
from portsim.wording.labels import lacks

SOURCE = Path(__file__).parents[2] / "src" / "portsim"
ROOMS = (
    "wording",
    "cli",
    "fitting",
    "calendars",
    "scenario",
    "results",
    "figures",
    "report",
    "replay",
    "livepage",
)


def said() -> set[str]:
    """Every sentence in the source that is looked up in a catalogue."""
    found: set[str] = set()
    for room in ROOMS:
        for file in (SOURCE / room).rglob("*"):
            how = {".py": "python", ".j2": "jinja2.ext:babel_extract"}.get(file.suffix)
            if how:
                keywords = {"say": None, "later": None}
                read = io.BytesIO(file.read_bytes())
                found |= {str(message) for _, message, _, _ in extract(how, read, keywords)}
    return found


def catalogue(language: str) -> Catalog:
    with (SOURCE / "wording" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_no_sentence_is_missing_unsure_or_left_over(language: str) -> None:
    written, told = catalogue(language), said()
    assert len(told) > 200
    ids = {str(message.id) for message in written if message.id}
    assert told - ids == set(), "missing from the catalogue; see CONTRIBUTING.md"
    assert ids - told == set(), "no longer said anywhere"
    assert not written.obsolete
    for message in written:
        if not message.id:
            continue
        assert message.string, f"not translated: {message.id}"
        assert not message.fuzzy, f"unsure: {message.id}"
        assert fields(str(message.string)) == fields(str(message.id)), message.id


@pytest.mark.parametrize(
    ("language", "letters"), [("zh", "[\u4e00-\u9fff]"), ("ru", "[а-яё]"), ("kk", "[а-яәғқңөұүһі]")]
)
def test_translations_are_in_their_own_letters(language: str, letters: str) -> None:
    for message in catalogue(language):
        if re.search("[a-z]{3}", re.sub(r"\{\w+\}", "", str(message.id))):
            assert re.search(letters, str(message.string), re.IGNORECASE), message.id


@pytest.mark.parametrize(
    ("language", "number", "share", "day", "short", "month", "monday"),
    [
        ("en", "−1,234.50", "95 %", "28 September 2024", "28 Sep", "Sep 2024", "Mon"),
        ("zh", "−1,234.50", "95%", "2024年9月28日", "9月28日", "2024年9月", "周一"),
        ("kk", "−1\N{NO-BREAK SPACE}234,50", "95%", "2024 ж. 28 қыркүйек", "28 қыр.",
         "2024 ж. қыркүйек", "дс"),
        ("ru", "−1\N{NO-BREAK SPACE}234,50", "95 %", "28 сентября 2024 г.", "28 сент.",
         "сентябрь 2024 г.", "пн"),
    ],
)  # fmt: skip
def test_numbers_and_dates_are_written_as_the_language_does(
    language: str, number: str, share: str, day: str, short: str, month: str, monday: str
) -> None:
    with speaking(language):
        assert decimal(-1234.5, 2) == number
        assert amounts.percent(0.95) == share
        assert date(dt.date(2024, 9, 28)) == day
        assert day_month(dt.date(2024, 9, 28)) == short
        assert month_year("2024-09") == month
        assert days()[0] == monday


def test_halves_are_rounded_upwards() -> None:
    assert [decimal(value, 0) for value in (0.5, 1.5, 2.5)] == ["1", "2", "3"]
    assert decimal(2.675, 2) == "2.68"


def test_a_language_is_spoken_inside_its_block_only() -> None:
    with speaking("zh", on_page=True):
        assert tongue().on_page
        assert say("trucks") == "货车"
        assert sentences("甲。", "", "乙。") == "甲。乙。"
    assert say("trucks") == "trucks"
    assert sentences("One.", "", "Two.") == "One. Two."
    with pytest.raises(KeyError), speaking("de"):
        pass
    assert tongue().language == "en"


def test_to_write_a_figure_loads_nothing_that_draws() -> None:
    code = (
        "import sys; from portsim.wording import amounts;"
        "print(amounts.number(12.345), amounts.percent(0.954), amounts.quantity(3, 'h/d'),"
        " amounts.amount(-1234.5, '1/d', difference=True), amounts.four_digits(12345.678, 't'),"
        " amounts.estimated(0.75, 0.7, 0.8, share=True, difference=False), sep='; ');"
        "from portsim.results import assumptions, cheapest, headline_table;"
        "print({'matplotlib', 'PIL'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stdout.splitlines() == [
        "12.3; 95 %; 3.00 h a day; −1,235 a day; 12350 t; 75.0 ± 5.0 %",
        "set()",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nouns_beside_numbers_have_all_their_forms(language: str) -> None:
    how_many = len(FACTS[language].plurals)
    for message in [] if language == "en" else catalogue(language):
        for _, name, spec, _ in string.Formatter().parse(str(message.string)):
            if spec:
                assert spec.count("|") + 1 == how_many, (message.id, name)


@pytest.mark.parametrize(
    ("shown", "noun"),
    [
        *((1, "прогон"), (2, "прогона"), (5, "прогонов"), (11, "прогонов"), (21, "прогон")),
        *((22, "прогона"), (105, "прогонов"), ("1,5", "прогона"), ("51,4", "прогона")),
        *(("1\N{NO-BREAK SPACE}001", "прогон"), ("219 (от 207 до 231)", "прогонов")),
    ],
)
def test_a_russian_noun_has_the_form_of_its_number(shown: object, noun: str) -> None:
    with speaking("ru"):
        assert say("{count} replications", count=shown) == f"{shown} {noun}"


def test_a_chinese_name_has_no_spaces_around_it_and_a_latin_one_has() -> None:
    with speaking("zh"):
        assert say("{policy} (overloaded)", policy="延长时间") == "延长时间（超负荷）"
        late = "{policy} would cut late trucks from {before} to {late} a day."
        for policy, begins in (("延长时间", "延长时间可使"), ("hours-7x12", "hours-7x12 可使")):
            assert say(late, policy=policy, before="5", late="3").startswith(begins)


def test_a_label_stands_in_the_language_spoken_and_else_in_a_stated_one() -> None:
    gate = {"en": "Gate", "zh": "卡口", "ru": "Ворота"}
    for language, text in (("en", "Gate"), ("zh", "卡口"), ("ru", "Ворота"), ("kk", "Ворота")):
        with speaking(language):
            assert called(gate, "gate") == text
            assert lacks(gate) is (language == "kk")
            # One text stands for every language, and a name for what has no label.
            assert called("Gate", "gate") == called({"text": "Gate"}, "gate") == "Gate"
            assert called(None, "gate") == called({}, "gate") == "gate"
            assert not lacks("Gate")
            assert not lacks(None)


def test_there_is_one_list_of_languages() -> None:
    assert set(LANGUAGES) | {"text"} == set(Label.model_fields)
    for code, facts in FACTS.items():
        assert {code, *facts.instead} == set(LANGUAGES)
    files = {file.stem for file in (SOURCE / "wording").glob("*.po")}
    assert files == set(LANGUAGES[1:])


@pytest.mark.parametrize("value", [0.45, 0.45 - 1e-16, 0.15 + 0.3, 0.44999999999999996])
def test_a_figure_is_rounded_alike_in_tables_and_sentences(value: float) -> None:
    texts = {
        amounts.estimated(value, nan, nan, share=False, difference=False),
        amounts.amount(value, "1/d").removesuffix(" a day"),
        amounts.gap(value, 1).removeprefix("+"),
        decimal(value, 1),
    }
    assert texts == {"0.5"}


def test_an_interval_that_is_too_narrow_to_be_seen_has_no_unlike_halves() -> None:
    narrow = amounts.estimated(0.0001, 0.00005, 0.0002, share=True, difference=False)
    assert narrow == "0.0 ± 0.0 %"
    wide = amounts.estimated(0.010, 0.005, 0.020, share=True, difference=False)
    assert wide == "1.0 (0.5 to 2.0) %"

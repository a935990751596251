"""The page of a forecast opens with its three sentences, in three languages, and whole."""

import re
from html import unescape

import pytest

import portsim
from forecasting.small import AT, SIX, lay_out
from portsim.report import forecast_page
from portsim.results.forecast import opening_sentences, saving_sentence
from portsim.wording import speaking


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    second, _ = lay_out(folder, name="second", clerks=2, hours="08:00-10:30")
    scenario, state = lay_out(folder, SIX, hours="08:00-10:30", limit="12 h")
    study = portsim.forecast(
        scenario, AT, state=state, hours=24, policies=[second], futures=20, jobs=1
    )
    study.write(folder / "out")
    return study, folder / "out"


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_it_opens_with_closing_the_last_one_and_what_goes_wrong(made, language):
    study, folder = made
    name = "forecast.html" if language == "en" else f"forecast.{language}.html"
    text = (folder / name).read_text("utf-8")
    assert text == forecast_page(study.record, language)
    first = text.split("</header>")[0].split("<h1>")[1].split("</h1>")[0]
    answer = text.split('class="answer"')[1].split("</section>")[0]
    found = [first, *re.findall(r"<p>(.*?)</p>", answer, re.DOTALL)]
    paragraphs = [unescape(p).replace("\N{NO-BREAK SPACE}", " ") for p in found]
    facts = study.manifest.study
    with speaking(language, on_page=True):
        told = opening_sentences(facts, facts["policies"][0])
        told.append(saving_sentence(facts, facts["saved"][0]))
    assert paragraphs == [sentence.replace("\N{NO-BREAK SPACE}", " ") for sentence in told]
    assert "<svg" in text
    assert "http" not in re.sub(r"https?://www\.w3\.org/\S+", "", text)


def test_every_truck_inside_has_a_row_and_every_policy_a_table(made):
    study, folder = made
    text = (folder / "forecast.html").read_text("utf-8")
    for truck in (f"T{k}" for k in range(6)):
        assert text.count(f">{truck}</th>") == 2
    for policy in ("one", "second"):
        assert f"Trucks inside: {policy}" in text
        assert f"One that would come: {policy}" in text
    assert study.record.tables["saved"]["policy"].tolist() == ["second"]


def test_the_facts_say_which_promises_break(made):
    study, _ = made
    one, second = study.manifest.study["policies"]
    # Alone three are taken by half past ten; two clerks take all.
    assert one["closing"]["waiting"] == [3, 3, 3]
    assert one["closing"]["of_now_inside"] == [4, 4, 4]
    assert one["trouble"] == {
        "kind": "promise", "trucks": [3, 3, 3], "already": 0, "at": "2025-04-14T21:03:00+08:00",
    }  # fmt: skip
    assert second["closing"]["waiting"] == [0, 0, 0]
    assert second["last_out"]["band"] == ["2025-04-14T10:30:00+08:00"] * 3
    assert second["trouble"] == {}


def test_a_queue_that_grows_is_told(tmp_path):
    scenario, state = lay_out(tmp_path, SIX, rate="0 per day")
    coming = tmp_path / "coming.csv"
    rows = [f"A{k},vans,2025-04-14 12:{k:02}" for k in range(20)]
    coming.write_text("\n".join(["truck,class,arrival", *rows]), encoding="utf-8")
    study = portsim.forecast(
        scenario, AT, state=state, hours=6, announced=coming, futures=10, jobs=1
    )
    # At 12:30 three of the twenty have begun: 12:00, 12:10, 12:20.
    assert study.sentences[2] == (
        "About to go wrong: the queue at desk grows from 6 trucks to 17 (17 to 17 in 80 % of the"
        " futures) at 14 Apr 12:30."
    )

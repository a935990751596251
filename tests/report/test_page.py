"""The page as text: whole, self-contained, the same every time, and safe whatever names hold."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import portsim
from folders import write
from portsim.report import page, write_report
from portsim.report.inputs import tried_assumptions
from portsim.results import read_record
from portsim.wording import LANGUAGES

VOID = {"meta", "link", "br"}


def page_of(folder: Path, language: str = "en") -> str:
    """The page of a folder, with what it or a folder in it says of sensitivity."""
    return page(read_record(folder, ""), language, tried_assumptions(folder))


class Parsed(HTMLParser):
    """What the page is built of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for key, value in attrs if key == "id" and value]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.tags)


@pytest.fixture(scope="module")
def real(two: Path) -> str:
    return page_of(two)


def test_nothing_is_fetched_from_anywhere(real: str) -> None:
    for tag, values in Parsed(real).tags:
        assert not {"src", "srcset", "action", "onload"} & set(values)
        for key in ("href", "xlink:href"):
            target = values.get(key) or "#"
            assert target.startswith(("#", "data:")), (tag, target[:80])
    assert "@import" not in real
    assert not re.findall(r"url\((?!#)", real)


def test_parts_have_names_of_their_own_and_every_reference_is_there(real: str) -> None:
    found = Parsed(real)
    assert not found.open
    assert len(found.ids) == len(set(found.ids))
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', real))
    assert used <= set(found.ids)


def test_every_picture_says_what_it_shows_and_has_its_figures(real: str) -> None:
    found = Parsed(real)
    figures = [values for tag, values in found.tags if tag == "figure"]
    assert len(figures) == 14
    for values in figures:
        assert values["role"] == "img"
        assert len(str(values["aria-label"])) > 30
    hours = [values for tag, values in found.tags if values.get("class") == "hours"]
    assert len(hours) == 2
    for values in hours:
        assert values["role"] == "img"
        assert values["aria-label"] == "China 10:00–19:00; Kazakhstan 10:00–22:00" or (
            values["aria-label"] == "China 10:00–22:00; Kazakhstan 10:00–22:00"
        )
    assert found.count("svg") == len(figures) + len(hours)
    assert found.count("details") == len(figures) + 1
    assert found.count("table") >= len(figures) + 5


def test_the_answer_comes_first_and_holds_the_figures_of_the_folder(real: str, two: Path) -> None:
    summary = portsim.read(two).summary
    port = summary[(summary["truck_class"] == "all") & (summary["place"] == "")]
    table = port.set_index(["scenario", "measure"])["mean"]
    share = 100 * float(table["hours-7x12", "completed_within_limit"])
    screen, text = real.split('class="answer"', 1)
    before, after = text.split("<nav", 1)
    late = [table[policy, "late_per_day"] for policy in ("hours-2026", "hours-7x12")]
    assert f"would cut late trucks from {late[0]:.1f} to {late[1]:.2f} a day." in screen
    assert f"{share:.1f}\u00a0%" in before
    assert before.index("<h2") < before.index(f"{share:.1f}\u00a0%")
    assert "TFI1" in after
    assert "Time Release Study" in after
    assert "Wind-turbine blades" in after


def test_it_is_small_enough_to_mail(real: str) -> None:
    assert "Late trucks by the month or day they came" in real
    # A calendar of late trucks has a year of days a policy, and a page may have seven.
    calendar = real.split('id="late-days-', 1)[1].split("</svg>", 1)[0]
    assert len(calendar) < 40_000
    assert len(real.encode()) < 1_000_000


def test_the_same_folder_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", {"old": {"completed_within_limit": 0.5}})
    first = write_report(read_record(folder, ""), folder)
    assert first == folder / "report.html"
    before = first.read_bytes()
    assert write_report(read_record(folder, ""), folder).read_bytes() == before
    russian = write_report(read_record(folder, ""), folder, "ru", tmp_path / "ru.html")
    assert russian.read_bytes() != before


def test_names_that_look_like_markup_stay_names(tmp_path: Path) -> None:
    name, summary = '<img src=x onerror="1">&amp;', "</script><script>alert(1)</script>"
    figures = {"completed_within_limit": 0.5, "throughput_per_day": 10.0}
    source = {"confidence": "E", "path": "<b>", "value": {"a": "<i>"}, "source": summary}
    entries = {name: {"resolved": {"name": name, "summary": summary}, "sources": [source]}}
    text = page_of(write(tmp_path / "a", {name: figures, "b": figures}, entries=entries))
    found = Parsed(text)
    assert found.count("img") == found.count("b") == found.count("i") == 0
    assert found.count("script") == 1
    said = " ".join(found.words)
    assert name in said
    assert summary in said


def test_recorded_trucks_outside_the_period_are_told(tmp_path: Path) -> None:
    said = "rows of the recorded lists lie outside the period and were left out"
    came = ["2024-03-04 10:00", "2024-03-04 11:00", "2024-03-05 10:00"]
    for name, rows in {"all": came, "some": [*came, "2024-03-09 10:00"]}.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(["arrival", *rows]), encoding="utf-8")
        (tmp_path / f"{name}.yaml").write_text(
            f"""\
name: {name}
timezone: Asia/Shanghai
period: {{from: 2024-03-04, to: 2024-03-06}}
resources: {{lane: {{capacity: 1}}}}
stages: {{gate: {{takes: {{lane: 1}}, time: 5 min}}}}
traffic:
  lorry: {{direction: import, arrivals: {{recorded: {{file: {name}.csv}}}}, route: [gate]}}
""",
            encoding="utf-8",
        )
        study = portsim.run(portsim.load(tmp_path / f"{name}.yaml"), replications=1, jobs=1)
        study.write(tmp_path / name, figures=False)
        assert (said in page_of(tmp_path / name)) is (name == "some")


def test_a_poor_folder_gives_a_whole_page(tmp_path: Path) -> None:
    text = page_of(write(tmp_path / "a", {"only": {"arrived": 3.0}}), "zh")
    found = Parsed(text)
    assert not found.open
    assert found.count("figure") == 0
    assert 'lang="zh-CN"' in text


def test_a_study_of_sensitivity_in_the_folder_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", {"old": {"completed_within_limit": 0.5}})
    assert "was not tried" in page_of(folder)
    (folder / "sensitivity").mkdir()
    head = "assumption,confidence,measure,base,at_low,at_high,swing,turns_low,turns_high\n"
    rows = "gate.time,E,stay_mean_h,5,4,9,5,,\nscan.time,E,stay_mean_h,5,5,1,-7,{},\n"
    file = folder / "sensitivity" / "sensitivity.csv"
    file.write_text("\ufeff" + head + rows.format("unclear"), "utf-8")
    text = page_of(folder)
    assert "Assumptions that alone turn the answer within their range: scan.time." in text
    assert text.index(">scan.time<") < text.index(">gate.time<")
    assert "no longer clear" in text
    file.write_text("\ufeff" + head + rows.format(""), "utf-8")
    assert "No assumption alone turns the answer within its range." in page_of(folder)
    file.write_text("assumption,mu_star\ngate.time,3\n", "utf-8")
    assert "was not tried" in page_of(folder)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_no_english_is_left_but_what_the_user_wrote(two: Path, language: str) -> None:
    """A word of a page in another language is one of the scenario files, or a proper name."""
    text = page_of(two, language)
    visible = re.sub(r"<(script|style).*?</\1>", " ", text, flags=re.DOTALL)
    words = set(re.findall(r"[A-Za-z]{3,}", " ".join(Parsed(visible).words)))
    manifest = json.loads((two / "manifest.json").read_text("utf-8"))
    own = set(re.findall(r"[A-Za-z]{3,}", json.dumps(manifest["scenarios"])))
    own |= {word.lower() for word in own}
    names = {"portsim", "sensitivity", "compiled", "csv", "summary", "comparison", "curves",
             "parquet", "WCO", "TRS", "CAREC", "CPMM", "TFI", "Time", "Release", "Study", "true",
             "false", "out"}  # fmt: skip
    assert {word for word in words if not re.search("[0-9]", word)} - own - names - {
        manifest["fingerprint"][:12]
    } <= set(re.findall("[a-z]{3,}", manifest["fingerprint"]))

"""Pages of studies that try many values: the finding first, its figures, and how sure they are."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from drawing import undrawn
from portsim.cli.report import report as verb
from portsim.errors import InputError
from portsim.report import study_page
from portsim.results import read_record
from typed import typed

PORT = """
name: small
period: {from: 2024-03-04, to: 2024-03-05}
timezone: UTC
replications: 2
resources: {clerks: {capacity: {value: 1, source: assumed, confidence: E, range: 1..3}}}
stages: {desk: {takes: {clerks: 1}, time: 30 min}}
traffic: {trucks: {direction: export, arrivals: {rate: 40 per day}, route: [desk]}}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("studied")
    (root / "small.yaml").write_text(PORT, encoding="utf-8")
    quiet = ("--jobs", "1")
    for words in (
        ("sweep", "small.yaml", "--vary", "traffic.scale=0.5..2:0.5", "--out", "sweep"),
        ("sensitivity", "small.yaml", "--out", "sensitivity"),
        ("warmup", "small.yaml", "--out", "warmup"),
        ("worth", "small.yaml", "-n", "8", "--out", "worth"),
    ):
        with undrawn():
            done = typed(*words, *quiet, cwd=root)
        assert done.returncode == 0, done.stderr
    return root


@pytest.mark.parametrize(
    ("kind", "first", "told"),
    [
        ("sweep", "<h1>small ", ("4</dd>", "points tried", "multiple of the traffic")),
        ("sensitivity", "<h1>", ("1</dd>", "assumptions tried", ">clerks</th>")),
        ("warmup", "<h1>", ("weeks are long enough", "moved, in half-widths")),
        ("worth", "<h1>Worth most: one more: clerks", ("truck-hours saved a day", ">saves time<")),
    ],
)
def test_the_finding_stands_first_and_how_sure_last(
    made: Path, kind: str, first: str, told: tuple[str, ...]
) -> None:
    done = CliRunner().invoke(verb, [str(made / kind)])
    assert done.exit_code == 0, done.exception
    text = (made / kind / "report.html").read_text("utf-8")
    assert first in text
    assert all(words in text for words in told)
    assert "resources.clerks" not in text
    assert text.index("<h1>") < text.index('class="tiles"') < text.index("How sure?")
    assert 'class="answer"' not in text.split("<h1>")[0]
    for language in ("zh", "ru"):
        with undrawn():
            text = study_page(read_record(made / kind), language)
        assert f'lang="{language}' in text[:200]


def test_other_words_and_other_studies_are_refused(made: Path) -> None:
    done = CliRunner().invoke(verb, [str(made / "sweep"), "--brief"])
    assert isinstance(done.exception, InputError)
    assert not (made / "sweep" / "brief.html").exists()


@pytest.mark.usefixtures("without_drawings")
def test_where_no_assumption_moves_the_answer_that_is_the_finding(tmp_path: Path) -> None:
    """A price is no reason to be late."""
    priced = PORT.replace("{value: 1, source: assumed, confidence: E, range: 1..3}", "1")
    price = "{value: 9 EUR, range: 5 EUR..20 EUR, source: assumed, confidence: E}"
    text = f"{priced}value_of_time: {{all: {price}}}\n"
    (tmp_path / "small.yaml").write_text(text, encoding="utf-8")
    done = typed("sensitivity", "small.yaml", "--jobs", "1", "--out", "found", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    page = study_page(read_record(tmp_path / "found"), "en")
    assert "as written" in page.partition("<h1>")[2].partition("</h1>")[0]
    assert "No assumption alone moves it within its range." in page
    assert "largest swing" not in page.partition('class="tiles"')[2].partition("</dl>")[0]


@pytest.mark.usefixtures("without_drawings")
def test_a_port_of_places_alone_has_no_table_of_staff_and_no_column_of_its_cost(
    tmp_path: Path,
) -> None:
    text = PORT.replace("{clerks: {capacity: {", "{clerks: {places: true, capacity: {")
    text += "value_of_time: {all: 9 EUR}\n"
    (tmp_path / "small.yaml").write_text(text, encoding="utf-8")
    more = "extends: small.yaml\nresources: {clerks: {capacity: 2}}\n"
    (tmp_path / "more.yaml").write_text(more, encoding="utf-8")
    done = typed("compare", "small.yaml", "more.yaml", "--jobs", "1", "--out", "o", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "o" / "report.html").read_text("utf-8")
    assert "cost of the time of trucks" in page
    assert "Share of the time that can be worked in use" in page
    assert "Staffed hours a day" not in page
    assert "cost of staff" not in page

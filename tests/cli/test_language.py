"""The language of what is found: chosen for a command, or for a person by the environment."""

from pathlib import Path

import pytest

import portsim
from drawing import drawn_only
from typed import typed


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("languages")
    assert typed("new", "mine", cwd=folder).returncode == 0
    said = {}
    for language, words, surroundings in (
        ("en", (), {}),
        ("zh", ("--lang", "zh"), {}),
        ("ru", (), {"PORTSIM_LANG": "ru"}),
        ("kk", ("--lang", "kk"), {}),
    ):
        out = folder / language
        # Every picture speaks every language, as tests/figures/test_languages.py sees.
        with drawn_only("overview", images=False):
            ended = typed(
                "run", "mine/port.yaml", "--replications", 2, "--out", out, *words, cwd=folder,
                **surroundings,
            )  # fmt: skip
        assert ended.returncode == 0, ended.stderr
        said[language] = ended.stdout, out
    return said


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["out within 24 h", "2 replications, seed 1", "Audit: SimPy"]),
        ("zh", ["24 小时内通关", "2 次模拟，种子 1", "核对：参考引擎 SimPy"]),
        ("ru", ["выпущено за 24 ч", "2 прогона, зерно 1", "Сверка: эталонный движок SimPy"]),
        ("kk", ["24 сағ ішінде", "2 қайталау, бастапқы сан 1", "эталондық SimPy"]),
    ],
)
def test_findings_pages_and_pictures_speak_it(made, language, words) -> None:
    said, out = made[language]
    for word in words:
        assert word in said
    assert f'<html lang="{"zh-CN" if language == "zh" else language}"' in (
        out / "report.html"
    ).read_text("utf-8")
    picture = (out / "figures/overview.svg").read_text("utf-8")
    # The text of what is drawn as shapes stands beside these.
    assert {
        "en": "Out within 24 h",
        "zh": "24 小时内通关",
        "ru": "Выпущено за 24 ч",
        "kk": "Келгеннен кейін 24 сағ",
    }[language] in picture


def test_numbers_and_tables_do_not_depend_on_it(made) -> None:
    for name in ("summary.csv", "replications.parquet", "curves.parquet"):
        assert len({(out / name).read_bytes() for _, out in made.values()}) == 1


def test_sentences_of_a_study_are_spoken(made) -> None:
    study = portsim.read(made["en"][1])
    with portsim.speaking("ru"):
        assert any(
            "Даже если бы сотрудников, полос и мест хватало всегда" in text
            for text in study.sentences
        )
    assert any("Even with no end of staff, lanes and places" in text for text in study.sentences)


def test_a_language_that_is_not_there_is_refused(tmp_path) -> None:
    ended = typed("--lang", "de", "run", "port.yaml", cwd=tmp_path)
    assert ended.returncode == 2
    assert "'en', 'zh', 'ru', 'kk'" in ended.stderr

"""The log that is shipped with the starter, as clerks of other countries would have kept it."""

from importlib import resources

import pandas as pd
import pytest

import portsim
from portsim.gatelog import read_log
from small_logs import came, csv, served
from typed import typed

HEADS = {
    "en": ["Plate", "Direction", "arrival", "gate end", "declaration end", "release end"],
    "ru": ["Госномер", "Направление", "Прибытие", "Въезд конец", "Оформление конец",
           "Выпуск конец"],
    "zh": ["车牌号", "进出口", "到达时间", "入口结束", "报关结束", "放行结束"],
}  # fmt: skip
WAYS = {"en": ("imports", "exports"), "ru": ("Импорт", "Экспорт"), "zh": ("进口", "出口")}
CODING = {"en": "utf-8", "ru": "cp1251", "zh": "gb18030"}
SEPARATOR = {"en": ",", "ru": ";", "zh": "\t"}


def kept_by(language, folder):
    """Three weeks of the log, in which all clocks are right, in a language."""
    shipped = resources.files("portsim.starter").joinpath("gate.csv").read_text(encoding="utf-8")
    head, *lines = shipped.splitlines()
    assert head.split(",") == HEADS["en"]
    rows = [line.split(",") for line in lines]
    part = [row for row in rows if "0326" <= row[2][3:5] + row[2][:2] <= "0416"]
    words = dict(zip(WAYS["en"], WAYS[language], strict=True))
    text = [SEPARATOR[language].join(HEADS[language])]
    text += [SEPARATOR[language].join([row[0], words[row[1]], *row[2:]]) for row in part]
    file = folder / f"{language}.csv"
    file.write_text("\n".join(text) + "\n", encoding=CODING[language])
    return file


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("logs")
    return {
        language: read_log([kept_by(language, folder)], timezone="Asia/Shanghai")
        for language in HEADS
    }


def test_three_weeks_tell_the_known_port(logs):
    """The truth stands in docs/tutorial/first-fit.md."""
    port = portsim.fit(logs["zh"], hold_out=0).scenario
    nine, one, two, six = (3600 * hour for hour in (9, 13, 14, 18))
    day = *[((nine, one), (two, six))] * 5, ((nine, one),), ()
    assert port.calendars["入口"].hours == port.calendars["报关"].hours == day
    assert {name: each.capacity for name, each in port.resources.items()} == {
        "入口-servers": 2,
        "报关-servers": 4,
        "放行-servers": 1,
    }
    assert {name: cls.direction for name, cls in port.traffic.classes.items()} == {
        "truck-import": "import",
        "truck-export": "export",
    }


@pytest.mark.parametrize("language", ["ru", "zh"])
def test_the_language_of_a_log_changes_names_only(logs, language):
    here, there = logs["en"], logs[language]
    pd.testing.assert_frame_equal(there.trucks, here.trucks)
    names = {"ru": ["Въезд", "Оформление", "Выпуск"], "zh": ["入口", "报关", "放行"]}[language]
    assert list(there.stages) == names
    called = dict(zip(here.stages, there.stages, strict=True))
    renamed = here.visits.assign(stage=here.visits["stage"].map(called).astype("str"))
    pd.testing.assert_frame_equal(there.visits, renamed)
    columns = ["row", "truck", "treatment"]
    pd.testing.assert_frame_equal(there.cleaning[columns], here.cleaning[columns])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["辆车经过 gate", "每天", "1 个服务台", "作业 10.0 分钟", "没有留出任何一周",
                "下一步：portsim validate"]),
        ("ru", ["этапы gate", "ежедневно", "1 пост", "работа 10.0 мин",
                "ни одна неделя не отложена",
                "дальше: portsim validate"]),
    ],
)  # fmt: skip
def test_what_is_told_is_said_in_the_language_that_is_asked_for(language, words, tmp_path):
    (tmp_path / "gate.csv").write_text(csv(served(came(24))))
    ended = typed(
        "--lang", language, "fit", "gate.csv", "--timezone", "UTC", "--out", "told", cwd=tmp_path
    )
    assert ended.returncode == 0, ended.stderr
    said = ended.stdout + ended.stderr
    assert [word for word in words if word not in said] == []

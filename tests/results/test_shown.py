"""What people are shown bears its label in their language; what machines read keeps the names."""

from pathlib import Path

import pytest

import portsim
from drawing import undrawn
from portsim.errors import ScenarioError
from portsim.report import page
from portsim.results import read_record
from portsim.results.directions import directions
from portsim.results.shown import lacking_sentence, shown, shown_names
from portsim.scenario.identity import identity, run_identity
from portsim.wording import LANGUAGES, speaking
from typed import typed

PORT = """\
label: Never shown by a policy
timezone: Asia/Shanghai
period: {from: 2024-09-02, to: 2024-09-08}
replications: 2
sides:
  near: {label: {en: China, zh: 中国, ru: Китай, kk: Қытай}}
  far: {label: {en: Kazakhstan, zh: 哈萨克斯坦, ru: Казахстан}}
calendars:
  day: {label: {en: Day, zh: 白班, ru: День, kk: Күн}, hours: "09:00-18:00", side: near}
  there: {hours: "09:00-18:00", side: far, timezone: Asia/Almaty}
resources:
  lanes: {label: {en: Lanes, zh: 车道, ru: Полосы, kk: Жолақтар}, capacity: 2, calendar: day}
stages:
  gate: {label: {en: Gate, zh: 卡口, ru: Ворота, kk: Қақпа}, takes: {lanes: 1}, hours: day,
         at_close: finish, time: {exponential: {mean: 6 min}}}
  post: {label: Post, hours: there, at_close: finish, time: 1 min}
traffic:
  lorries:
    label: {en: Lorries, zh: 货车组, ru: Грузовики-тест, kk: Жүк}
    direction: export
    arrivals: {rate: 60 per day, hours: {"08:00-17:00": 1}}
    route: [gate, post]
  cars: {direction: import, arrivals: {rate: 9 per day}, route: [post, gate]}
observed:
  - {name: most, label: {en: Most, zh: 最多}, measure: throughput_per_day, role: input, value: 60}
"""
POLICY = (
    "extends: port.yaml\nlabel: {{en: {en}, zh: {zh}}}\ncalendars: {{day: {{hours: {hours}}}}}\n"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shown")
    (folder / "port.yaml").write_text(PORT, encoding="utf-8")
    for name, en, zh, hours in (
        ("short", "Short day", "短班", '"09:00-17:00"'),
        ("long", "Longer day", "延长时间", '"08:00-20:00"'),
    ):
        text = POLICY.format(en=en, zh=zh, hours=hours)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    with undrawn():
        ended = typed("compare", "short.yaml", "long.yaml", "--lang", "zh", "--audit", "none",
                      "--out", "out", cwd=folder)  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    (folder / "said").write_text(ended.stdout, encoding="utf-8")
    (folder / "noted").write_text(ended.stderr, encoding="utf-8")
    return folder


def test_the_terminal_speaks_labels_and_tables_of_machines_have_names(made: Path) -> None:
    said = (made / "said").read_text("utf-8")
    assert {"延长时间", "短班"} <= {word for word in ("延长时间", "短班", "long") if word in said}
    assert "long" not in said.replace("longer", "")
    for file in ("summary.csv", "comparison.csv", "observed.csv"):
        text = (made / "out" / file).read_text("utf-8")
        assert "short" in text
        assert "短班" not in text
    # A machine reads the one language that every file has.
    assert "Most" in (made / "out" / "observed.csv").read_text("utf-8")


@pytest.mark.usefixtures("without_drawings")
def test_a_page_has_every_label_in_its_language(made: Path) -> None:
    record = read_record(made / "out")
    for language, words in {
        "en": ("Longer day", "Gate", "China → Kazakhstan", "Kazakhstan → China"),
        "zh": ("延长时间", "卡口", "中国 → 哈萨克斯坦", "哈萨克斯坦 → 中国"),
        "ru": ("Longer day", "Ворота", "Китай → Казахстан"),
        # Where Kazakh lacks a label stands the Russian one, else the English one.
        "kk": ("Longer day", "Қақпа", "Қытай → Казахстан"),
    }.items():
        text = page(record, language)
        for word in words:
            assert word in text, (language, word)


@pytest.mark.usefixtures("without_drawings")
def test_what_lacks_a_label_is_told_once(made: Path) -> None:
    record = read_record(made / "out")
    assert lacking_sentence(record.manifest) == ""
    with speaking("kk"):
        told = lacking_sentence(record.manifest)
        assert "Longer day" in told
        assert "Казахстан" in told
        assert page(record, "kk").count(told.split(":")[0]) == 1
    assert "短班" not in (made / "noted").read_text("utf-8")


def test_showing_twice_shows_the_same(made: Path) -> None:
    record = read_record(made / "out")
    with speaking("zh"):
        once = shown(record)
        assert shown(once).manifest == once.manifest
        assert once.manifest.baseline == "短班"
        assert set(once.tables["comparison"]["scenario"]) == {"延长时间"}
    assert record.manifest.baseline == "short"


def test_policies_of_one_label_have_their_names_behind_it(made: Path) -> None:
    manifest = read_record(made / "out").manifest
    for entry in manifest.scenarios:
        entry.resolved["label"] = "Same"  # type: ignore[index]
    assert shown_names(manifest) == {"short": "Same (short)", "long": "Same (long)"}


def test_a_stack_is_called_by_the_labels_of_its_layers(made: Path) -> None:
    (made / "app.yaml").write_text("label: {en: App, zh: 应用}\n", encoding="utf-8")
    (made / "bare.yaml").write_text("replications: 2\n", encoding="utf-8")
    stacked = portsim.load(f"{made / 'long.yaml'}+{made / 'app.yaml'}+{made / 'bare.yaml'}")
    assert stacked.name == "long+app+bare"
    assert stacked.label.texts == {"en": "Longer day + App + bare", "zh": "延长时间 + 应用 + bare"}
    # A file has no label of its base's: two policies would be called alike.
    assert portsim.load(made / "short.yaml").label.texts == {"en": "Short day", "zh": "短班"}


def test_labels_are_no_part_of_a_run_nor_translations_of_a_folder(made: Path) -> None:
    port = portsim.load(made / "port.yaml")
    text = PORT.replace("zh: 卡口, ", "").replace("label: Never shown by a policy\n", "")
    (made / "other.yaml").write_text(text.replace("kk: Қытай", "kk: Чин"), encoding="utf-8")
    other = portsim.load(made / "other.yaml").model_copy(update={"name": port.name})
    assert identity(other) == identity(port)
    (made / "other.yaml").write_text(text.replace("en: Gate", "en: Door"), encoding="utf-8")
    renamed = portsim.load(made / "other.yaml").model_copy(update={"name": port.name})
    assert run_identity(renamed) == run_identity(port)
    assert identity(renamed) != identity(port)


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [("label: 5", "a text, or texts by language"), ("label: {de: Tor}", "de")],
)
def test_a_label_that_is_none_is_refused(tmp_path: Path, wrong: str, expected: str) -> None:
    path = tmp_path / "port.yaml"
    path.write_text(PORT.replace("label: Never shown by a policy", wrong), encoding="utf-8")
    with pytest.raises(ScenarioError, match=expected):
        portsim.load(path)


def test_a_side_that_no_calendar_has_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "port.yaml"
    path.write_text(PORT.replace("  far: {", "  fra: {"), encoding="utf-8")
    with pytest.raises(ScenarioError, match="did you mean `far`"):
        portsim.load(path)


def ways(routes: dict[str, tuple[str, list[str]]], sides: dict[str, str]) -> dict[str, str]:
    """Directions of a port with a stage and a calendar a side, by class its way and its route."""
    return directions(
        {
            "calendars": {name: {"side": side} for name, side in sides.items()},
            "stages": {name: {"hours": name} for name in sides},
            "traffic": {
                name: {"direction": way, "route": route} for name, (way, route) in routes.items()
            },
        }
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_direction_is_said_by_sides_only_where_they_tell_it(language: str) -> None:
    sides = {"a": "A", "b": "B", "none": ""}
    with speaking(language):
        out, back = ("out", ["a", "none", "b"]), ("back", ["b", "a"])
        assert ways({"x": out, "y": back}, sides) == {"out": "A → B", "back": "B → A"}
        # One side only, a round trip, two ways that look alike, classes that disagree: the word.
        assert ways({"x": ("out", ["a"])}, sides) == {"out": "out"}
        assert ways({"x": ("out", ["a", "b", "a"])}, sides) == {"out": "out"}
        alike = {"x": ("out", ["a", "b"]), "y": ("back", ["a", "b"])}
        assert ways(alike, sides) == {"out": "out", "back": "back"}
        mixed = {"x": ("out", ["a", "b"]), "y": ("out", ["b", "a"])}
        assert ways(mixed, sides) == {"out": "out"}
        # A stage that keeps the hours of both sides stands on neither.
        assert ways({"x": ("out", ["none"])}, sides) == {"out": "out"}

"""One record for every kind of study: the same from memory and read back, and drawn the same."""

import json
import pickle
import re
import sys
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.text import Text

import portsim
from drawing import drawn_only
from portsim.cli import main
from portsim.errors import InputError
from portsim.experiment import Execution
from portsim.figures import style
from portsim.gatelog import GateLog, read_log
from portsim.report import page
from portsim.results.capacities import gain_text, limit_of
from portsim.results.study_kinds import KINDS
from portsim.results.waiting import waiting_for
from portsim.rostering.study import ask
from portsim.studies.worth import ask as ask_worth
from portsim.wording import speaking
from studies.yard import PORT, SHIFTS, TWO

QUIET = {"jobs": 1, "audit": "none"}
# Not in the order of the alphabet, in which the names in a manifest stand.
VARY = {"traffic.scale": (0.5, 1), "resources.clerks.capacity": (1, 2)}
CLERKS = {"resources.clerks.capacity": (1, 2)}
KEPT = ["stay_mean_h<=9"]
# What a file calls things is called so in every language; tables and a method have names too.
NAMES = {
    *re.findall("[A-Za-z]{3,}", PORT + TWO + SHIFTS),
    "scale",
    "csv",
    "sweep",
    "stay",
    "frontier",
    "MSER",
    "CRPS",
    "score",
    "portsim",
}

MADE: dict[str, Callable[[Path, Path], portsim.Study]] = {
    "run": lambda yard, two: portsim.run(yard, logs="first", **QUIET),
    "compare": lambda yard, two: portsim.compare([yard, two], **QUIET),
    "sweep": lambda yard, two: portsim.sweep(
        [yard, two], VARY, measures=["stay_mean_h"], require=KEPT, **QUIET
    ),
    "sensitivity": lambda yard, two: portsim.sensitivity(
        [yard, two], measure="stay_mean_h", replications=2, **QUIET
    ),
    "optimise": lambda yard, two: portsim.optimise(yard, CLERKS, require=KEPT, fresh=2, **QUIET),
    "roster": lambda yard, two: manned(yard),
    "worth": lambda yard, two: ask_worth(yard).conduct(Execution(say=lambda text: None, **QUIET)),
    "warmup": lambda yard, two: portsim.warm_up(yard, most=1, **QUIET),
    "forecast": lambda yard, two: portsim.forecast(
        yard, "2024-03-05 10:00", state=state_of(yard), hours=30, policies=[two], futures=20, jobs=1
    ),
    "check": lambda yard, two: portsim.check(yard, log_of(yard), replications=10),
    "scores": lambda yard, two: portsim.score_forecasts(
        yard, log_of(weeks_of(yard)), origins=6, futures=10, hours=4
    ),
}


# These are tables alone, without a picture.
UNDRAWN = ("roster", "worth")


def manned(yard: Path) -> portsim.Study:
    """The port with a roster."""
    file = yard.parent / "shifts.yaml"
    file.write_text(PORT + SHIFTS, encoding="utf-8")
    return ask(file, required=KEPT, fresh=2).conduct(Execution(say=lambda text: None, **QUIET))


def log_of(yard: Path) -> GateLog:
    """What the gate of the port would have written down in one replication."""
    study = portsim.run(yard, logs="first", **QUIET)
    ends = study.visits.pivot_table(
        index="truck", columns="stage", values="finished", aggfunc="first"
    )
    trucks = study.trucks.set_index("truck")[["truck_class", "arrival"]]
    table = trucks.join(ends.add_suffix(" end"))
    table.to_csv(yard.parent / "log.csv")
    return read_log([yard.parent / "log.csv"])


def weeks_of(yard: Path) -> Path:
    """The same port for so long that forecasts of its past can be scored."""
    longer = yard.parent / "longer.yaml"
    longer.write_text(PORT.replace("to: 2024-03-10", "to: 2024-03-24"), encoding="utf-8")
    return longer


def state_of(yard: Path) -> Path:
    """Who is inside in the morning of the second day."""
    return portsim.state(yard, "2024-03-05 10:00").write(yard.parent / "state.csv")


class Made:
    """A study in memory, and in its folder with pictures and page."""

    def __init__(self, kind: str, study: portsim.Study, folder: Path) -> None:
        self.kind, self.study, self.folder = kind, study, folder
        study.write(folder)

    @property
    def files(self) -> dict[str, bytes]:
        return {
            file.relative_to(self.folder).as_posix(): file.read_bytes()
            for file in self.folder.rglob("*")
            if file.is_file()
        }


@pytest.fixture(scope="module", autouse=True)
def images_are_their_titles() -> Iterator[None]:
    """An image has the pixels of the drawing beside it, which is compared, and takes longer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(style, "image_of", lambda _, title: title.encode())
        yield


@pytest.fixture(scope="module", params=MADE)
def made(request, tmp_path_factory) -> Made:
    here = tmp_path_factory.mktemp(request.param)
    for name, text in {"yard": PORT, "two": TWO}.items():
        (here / f"{name}.yaml").write_text(text, encoding="utf-8")
    study = MADE[request.param](here / "yard.yaml", here / "two.yaml")
    return Made(request.param, study, here / "out")


@pytest.fixture
def typed(monkeypatch, capsys) -> Callable[..., tuple[int, str]]:
    def give(*words: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["portsim", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code or 0, capsys.readouterr().err

    return give


@pytest.mark.parametrize("language", ["zh", "ru"])
def test_sentences_and_pictures_are_in_the_language_asked_for(made, language):
    study, said = made.study, []
    with speaking(language):
        said += study.sentences
    for name in dir(study.plot):
        try:
            picture = study.plot(name, language=language)
        except InputError:
            continue
        said += [picture.title, *(text.get_text() for text in picture.figure.findobj(Text))]
    assert len(said) > (0 if made.kind in UNDRAWN else 10)
    for text in said:
        assert set(re.findall("[A-Za-z]{3,}", text)) <= NAMES, text


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
@pytest.mark.parametrize("made", ["run", "compare"], indirect=True, scope="module")
def test_the_page_says_in_the_words_of_the_screen(made, language):
    study = made.study
    with speaking(language):
        waits = waiting_for(study.summary, study.manifest, study.comparison)
        limits = [gain_text(limit_of(entry.capacity)) for entry in study.manifest.scenarios]
        assert set(waits) <= set(study.sentences)
        assert all(any(text in line for line in study.sentences) for text in limits)
    with drawn_only():
        text = page(study.record, language=language)
    shown = unescape(text).replace("\N{NO-BREAK SPACE}", " ")
    for text in (*waits, *limits):
        assert text
        assert text.replace("\N{NO-BREAK SPACE}", " ") in shown


def test_all_kinds_are_tried(request):
    assert {"" if kind in ("run", "compare") else kind for kind in MADE} == set(KINDS)


def test_read_opens_the_folder_as_the_same_kind_of_study(made):
    back = portsim.read(made.folder)
    assert type(back) is portsim.Study
    assert back.manifest.kind == ("" if made.kind in ("run", "compare") else made.kind)
    assert back.record.folder == made.folder
    assert back.manifest == made.study.manifest
    assert back.sentences == made.study.sentences
    assert back.paths == made.study.paths
    assert (back.winner, back.recommended) == (made.study.winner, made.study.recommended)
    assert len(back.table) > 0
    assert back.table.to_string(max_rows=20) in str(back)
    assert str(made.folder) in str(back.record)
    assert "<table" in back._repr_html_()


def test_every_table_is_the_same_from_memory_and_read_back(made):
    memory, back = made.study.record.tables, portsim.read(made.folder).record.tables
    assert set(memory) == set(back)
    assert set(back) == {
        table.name
        for table in KINDS[made.study.manifest.kind].tables
        if (made.folder / table.file).exists()
    }
    for name, read in back.items():
        # What is in memory besides, such as notes of replications, has no place in the file.
        mine = memory[name][list(read.columns)]
        # Text is a categorical where a table is long.
        texts = dict.fromkeys(read.select_dtypes(["object", "string", "category"]).columns, str)
        pd.testing.assert_frame_equal(
            mine.astype(texts), read.astype(texts), check_exact=True, check_dtype=False
        )


def test_pictures_and_page_from_memory_are_those_drawn_from_the_folder(made, typed):
    first = made.files
    drawn = {name for name in first if name.startswith("figures/") or name == "report.html"}
    assert drawn or made.kind in UNDRAWN
    assert ("report.html" in drawn) == (made.kind in ("run", "compare"))
    for name in drawn:
        (made.folder / name).unlink()
    code, err = typed("plot", made.folder)
    assert code == 0, err
    if "report.html" in drawn:
        code, err = typed("report", made.folder)
        assert code == 0, err
    assert made.files == first


def test_a_study_that_was_read_is_written_as_it_was(made, tmp_path):
    portsim.read(made.folder).write(tmp_path / "again", figures=False)
    again = {file.name: file.read_bytes() for file in (tmp_path / "again").iterdir()}
    assert again == {name: data for name, data in made.files.items() if name in again}
    assert {table.file for table in KINDS[made.study.manifest.kind].tables} & set(
        made.files
    ) <= set(again)


def test_a_study_that_was_read_can_be_sent_elsewhere(made):
    back = pickle.loads(pickle.dumps(portsim.read(made.folder)))
    pd.testing.assert_frame_equal(back.table, portsim.read(made.folder).table)
    assert (back.trucks is not None) == (made.kind in ("run", "forecast"))


def test_what_another_kind_has_is_told_in_words(made):
    if made.kind == "optimise":
        assert made.study.proof["winner"].eq("yes").any()
        return
    with pytest.raises(AttributeError, match=r"has no table proof; there are \w+"):
        _ = made.study.proof


@pytest.mark.parametrize("made", ["sweep"], indirect=True)
def test_a_kind_that_is_not_known_is_told(made, typed):
    file = made.folder / "manifest.json"
    before = file.read_text(encoding="utf-8")
    try:
        file.write_text(json.dumps({**json.loads(before), "kind": "tomography"}), encoding="utf-8")
        with pytest.raises(InputError, match="holds a study of the kind tomography, of a newer"):
            portsim.read(made.folder)
        code, err = typed("plot", made.folder)
        assert code == 2
        assert "holds a study of the kind tomography, of a newer portsim" in err
    finally:
        file.write_text(before, encoding="utf-8")


@pytest.mark.parametrize("made", ["run"], indirect=True)
def test_a_table_of_which_the_manifest_knows_nothing_is_not_read(made):
    stranger = made.folder / "comparison.csv"
    stranger.write_text("mine", encoding="utf-8")
    try:
        back = portsim.read(made.folder)
        assert back.comparison is None
        assert len(back.table) == 1
    finally:
        stranger.unlink()

"""A measure that is in the catalogue is everywhere: one that is made up here, and all others."""

import io
import sys
from pathlib import Path

import openpyxl
import pytest
from matplotlib.text import Text

import portsim
from portsim.checking import load
from portsim.errors import InputError, ScenarioError
from portsim.experiment.goals import parse_goals
from portsim.figures.measures import measure_head, measure_name
from portsim.measures import Wanted
from portsim.report import page
from portsim.results.workbook import to_xlsx
from portsim.scenario import measure_catalogue
from portsim.scenario.measure_catalogue import MEASURES, Measure, label_of, named
from portsim.wording import speaking
from studies.yard import PORT as YARD
from studies.yard import TWO

PORT = YARD.replace("replications: 2", "replications: 3")
OBSERVED = "observed:\n  - {name: one, role: input, value: 3, measure: "
QUIET = {"jobs": 1, "audit": "none"}
VARY, SCALES = {"resources.clerks.capacity": (1, 2)}, {"traffic.scale": (0.5, 1)}

NAME, LABEL, HEADING = "doubled_stay_h", "twice the stay", "twice stay, h"
DOUBLED = Measure(
    NAME, "h", LABEL, places=frozenset({"port", "stage"}), better=-1, monthly=True, of_period=True,
    judged=True, heading=HEADING,
)  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("ports")
    for name, text in (("yard", PORT), ("two", TWO)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return [folder / "yard.yaml", folder / "two.yaml"]


@pytest.fixture(scope="module", autouse=True)
def _doubled():
    """A measure more: one entry in the catalogue, and the rows of a run."""
    module = sys.modules["portsim.measures.measure_run"]

    def with_doubled(rows):
        def give(run, wanted=Wanted()):  # noqa: B008 - immutable
            found = [
                (cls, place, name, 2 * value, *rest)
                for cls, place, measure, value, *rest in rows(run, Wanted())
                if measure == "stay_mean_h"
                for name in (NAME, *([] if place else [f"{NAME}[2024-03]"]))
            ]
            return rows(run, wanted) + found

        return give

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(measure_catalogue._BY_NAME, NAME, DOUBLED)
        for name in ("port_rows", "stage_rows"):
            patch.setattr(module, name, with_doubled(getattr(module, name)))
        yield


@pytest.fixture(scope="module")
def compared(files, _doubled) -> portsim.Study:
    return portsim.compare(files, **QUIET)


def seen(study: portsim.Study, picture: str) -> str:
    """All words of a picture."""
    return "\n".join(text.get_text() for text in study.plot(picture).figure.findobj(Text))


def test_it_is_in_the_tables_with_its_unit(compared):
    for table in (compared.summary, compared.comparison):
        mine = table[table["measure"].map(lambda name: named(name).base).eq(NAME)]
        assert set(mine["unit"]) == {"h"}
        there = set(mine[["truck_class", "place", "measure"]].itertuples(index=False, name=None))
        assert there == {
            (cls, place, name)
            for cls in ("all", "cars", "import")
            for place, name in (("", NAME), ("", f"{NAME}[2024-03]"), ("papers", NAME))
        }
    assert NAME in set(compared.replications["measure"])
    assert HEADING in compared.table.columns
    assert compared.table[HEADING].str.contains("±").all()
    assert (NAME, "mean") in compared.headline.columns


def test_policies_are_judged_by_it(compared):
    verdict = next(
        one for one in compared.manifest.statistics["verdicts"] if one["measure"] == NAME
    )
    assert (verdict["best"], verdict["unit"]) == (["two"], "h")
    assert any("best at" in line and LABEL in line for line in compared.sentences)


def test_it_is_on_every_sheet_of_the_workbook(compared):
    made = to_xlsx(compared.manifest, compared.summary, compared.comparison, compared.sentences)
    book = openpyxl.load_workbook(io.BytesIO(made))
    cells = {
        sheet.title: {cell for row in sheet.iter_rows(values_only=True) for cell in row}
        for sheet in book
    }
    assert {HEADING, f"{HEADING}: low"} <= cells["answer"]
    for sheet in ("comparison", "by class", "by stage", "by month"):
        assert NAME in cells[sheet], sheet


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_it_is_in_both_tables_of_the_page(compared, language):
    with speaking(language):
        head = measure_head(NAME)
    made = page(compared.record, language=language)
    # In the answer, behind its picture, and among the differences; an untranslated word is English.
    assert made.count(f">{head}<") == 3


def test_a_folder_with_it_is_read_back_the_same(compared, tmp_path):
    compared.write(tmp_path / "out", figures=False)
    again = portsim.read(tmp_path / "out")
    assert again.table.equals(compared.table)
    assert again.sentences == compared.sentences


def test_points_of_a_sweep_have_it_in_table_picture_and_promise(files):
    swept = portsim.sweep(
        files[0], VARY | SCALES, measures=[NAME], require=[f"{NAME}[cars, papers] <= 9"], **QUIET
    )
    assert set(swept.table["measure"]) >= {NAME}
    assert list(swept.frontier["requirement"].unique()) == [f"{NAME}[cars, papers]<=9"]
    assert "Twice the stay (cars, papers) ≤ 9 h" in seen(swept, "frontier")
    for picture in (f"sweep_{NAME}", f"sweep_{NAME}_map"):
        assert "Twice the stay, h" in seen(swept, picture).replace("\n", " "), picture


def test_what_moves_it_is_found_and_drawn(files):
    moved = portsim.sensitivity(files[0], measure=NAME, replications=2, **QUIET)
    assert set(moved.table["measure"]) == {NAME}
    assert set(moved.table["unit"]) == {"h"}
    assert LABEL in seen(moved, "tornado")


def test_it_can_be_made_small(files):
    found = portsim.optimise(files[0], VARY, minimise=NAME, fresh=2, **QUIET)
    assert found.winner == {"resources.clerks.capacity": 2}
    assert "Twice the stay" in seen(found, "optimise")


def test_it_is_answered_at_the_quick_desk(files):
    asked = portsim.Draws(files[0], replications=1).ask(measures=[NAME, "stay_mean_h"])
    assert asked[NAME].tolist() == (2 * asked["stay_mean_h"]).tolist()


def test_published_figures_are_held_beside_it(files):
    (files[0].parent / "told.yaml").write_text(f"{PORT}{OBSERVED}{NAME}}}\n", encoding="utf-8")
    told = portsim.run(files[0].parent / "told.yaml", **QUIET)
    assert told.observed[["measure", "unit"]].to_numpy().tolist() == [[NAME, "h"]]
    assert told.observed["mean"].notna().all()


def test_all_lists_of_words_have_it(files):
    near, month = NAME.removesuffix("_h"), f"{NAME}[2024-03]"
    hint = f"did you mean `?{NAME}`?\\?"

    def refused(match, call, *words, **options):
        with pytest.raises((InputError, ScenarioError), match=match):
            call(*words, **options)

    refused(hint, parse_goals, compared=True, best=near)
    refused(hint, parse_goals, compared=True, precision=f"{near}=1")
    refused(f"choose one of .*{NAME}", parse_goals, compared=True, best="arrived")
    refused(f"choose one of .*{NAME}", parse_goals, compared=True, best="utilisation")
    refused(f"there are .*{NAME}", parse_goals, compared=True, best="x")
    refused(f"by month there are .*{NAME}", parse_goals, compared=True, best="inside_max[2024-03]")
    assert parse_goals(compared=True, best=month, precision=f"{month}=1").best == month
    refused(hint, portsim.sweep, files[0], VARY, measures=[near])
    refused(f"there are .*{NAME}", portsim.sweep, files[0], VARY, measures=["x"])
    refused(hint, portsim.sweep, files[0], VARY, require=[f"{near}<=1"])
    refused("not one of resources", portsim.sweep, files[0], VARY, require=[f"{NAME}[clerks]<=1"])
    refused(hint, portsim.optimise, files[0], VARY, minimise=near)
    refused(hint, portsim.sensitivity, files[0], measure=near)
    refused(f"there are .*{NAME}", portsim.sensitivity, files[0], measure="x")
    refused(hint, portsim.Draws(files[0], replications=1).ask, measures=near)
    port = files[0].parent / "hinted.yaml"
    for measure, said in (
        (near, hint),
        ("x", f"measures are .*{NAME}"),
        ("'queue_max[2024-03]'", f"months have .*{NAME}"),
    ):
        port.write_text(f"{PORT}{OBSERVED}{measure}}}\n", encoding="utf-8")
        refused(said, load, port)


def test_it_is_called_by_its_label():
    assert measure_name(NAME) == "Twice the stay"
    assert measure_name(f"{NAME}[cars]") == "Twice the stay (cars)"
    assert label_of(f"{NAME}[2024-03]") == f"{LABEL} (2024-03)"
    assert measure_head(NAME) == f"{LABEL}, h"


def test_every_measure_of_a_study_is_in_the_catalogue(compared):
    """Those that this small port does not have are in the results that are shipped."""
    names = {named(name).base for name in compared.summary["measure"].unique()}
    assert names <= MEASURES.keys()
    assert "staff_cost_per_day" in names

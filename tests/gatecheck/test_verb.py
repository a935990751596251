"""The verb as a user types it, its folder, its pictures, and what it refuses."""

from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

import portsim
from drawing import undrawn
from portsim.figures.pictures import pictures
from portsim.figures.style import our_style
from portsim.results import read_record
from small_logs import came, csv, served
from typed import typed

TABLES = {"check.csv", "distances.csv", "check_curves.parquet", "manifest.json"}
PAGES = {"check.html", "check.zh.html", "check.ru.html", "check.kk.html"}


@pytest.mark.usefixtures("without_images")
def test_the_folder_holds_tables_pictures_and_pages(files, tmp_path: Path) -> None:
    files(csv(served(came(21), minutes=12)))
    words = ("check", "port.yaml", "--log", "gate.csv", "--out", "out", "-n", 10)
    done = typed(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Main gate: work takes 20 % longer than modelled" in done.stdout.replace("\n    ", " ")
    out = tmp_path / "out"
    assert {file.name for file in out.iterdir()} == TABLES | PAGES | {"figures"}
    assert (out / "check.csv").read_bytes().startswith(b"\xef\xbb\xbfarrivals,truck_class,place")
    page = (out / "check.html").read_text("utf-8")
    assert page.index("longer than modelled") < page.index("<svg")
    assert "作业时间比模型长" in (out / "check.zh.html").read_text("utf-8")
    study = portsim.read(out)
    assert "longer than modelled" in " ".join(study.sentences)
    assert list(study.table.columns)[:4] == ["arrivals", "truck_class", "place", "measure"]
    # The same command again; another one over it only by force.
    with undrawn():
        assert typed(*words, cwd=tmp_path).returncode == 0
    other = typed(*words[:-1], 11, cwd=tmp_path)
    assert other.returncode == 2
    assert "holds results of other inputs" in other.stderr
    assert typed("plot", "out", cwd=tmp_path).returncode == 0


def test_no_text_leaves_the_paper(files, tmp_path: Path) -> None:
    yaml, log = files(csv(served(came(21), minutes=12)))
    portsim.check(yaml, log, replications=10).write(tmp_path / "out", figures=False)
    drawn = 0
    for name, draw in pictures(read_record(tmp_path / "out")):
        with our_style():
            sheet = draw()
            assert sheet is not None, name
            canvas = FigureCanvasAgg(sheet.figure)
            sheet.figure.draw_without_rendering()
            paper = sheet.figure.bbox
            for text in sheet.figure.findobj(Text):
                if not text.get_visible() or not text.get_text().strip():
                    continue
                box = text.get_window_extent(canvas.get_renderer())
                assert box.x0 >= paper.x0 - 2, f"{name}: {text.get_text()}"
                assert box.x1 <= paper.x1 + 2, f"{name}: {text.get_text()}"
            drawn += 1
    assert drawn == 4


@pytest.mark.parametrize(
    ("log", "more", "said"),
    [
        ("plate,arrival,gate end\n", (), "error"),
        (csv(served(came(3)), name="weighing"), (), "no stage in common"),
        (csv(served(came(3))), ("--map", "nowhere.yaml"), "nowhere.yaml"),
        (csv(served(came(3))), ("--map", "map.yaml"), "map.yaml"),
        (csv(served(came(3))), ("--from", "2024-09-02"), "belong together"),
        (csv(served(came(3))), ("-n", "9"), "9 is not in the range"),
        (csv(served(came(3))), ("--log", "other.csv"), "other.csv"),
        (csv(served(came(3))), ("--timezone", "Mars/Olympus"), "Mars/Olympus"),
    ],
)
def test_bad_input_is_said_and_nothing_is_written(
    files, tmp_path: Path, log: str, more: tuple[str, ...], said: str
) -> None:
    files(log)
    (tmp_path / "map.yaml").write_text("form: sideways\n", encoding="utf-8")
    before = set(tmp_path.rglob("*"))
    done = typed("check", "port.yaml", "--log", "gate.csv", "--out", "out", *more, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert set(tmp_path.rglob("*")) == before


@pytest.mark.usefixtures("without_drawings")
def test_a_map_renames_stages(files, tmp_path: Path) -> None:
    files(csv(served(came(21)), name="weighing"))
    (tmp_path / "map.yaml").write_text(
        "columns:\n"
        "  weighing start: {stage: gate, stamp: start}\n"
        "  weighing end: {stage: gate, stamp: end}\n",
        encoding="utf-8",
    )
    words = ("check", "port.yaml", "--log", "gate.csv", "--map", "map.yaml", "-n", 10)
    done = typed(*words, "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "within what chance does" in done.stdout.replace("\n    ", " ")

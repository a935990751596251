"""What somebody in a notebook has of a study: numbers, pictures in memory, a bar, short names."""

import sys
from types import ModuleType, SimpleNamespace
from xml.etree import ElementTree

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

import portsim
from drawing import drawn_only
from portsim.experiment.notebook_bar import notebook_bar
from portsim.figures import style

PORT = """\
name: {name}
timezone: Asia/Shanghai
period: {{from: 2024-03-04, to: 2024-03-10}}
replications: 3
calendars: {{day: {{hours: "08:00-20:00"}}}}
resources: {{clerk: {{capacity: {clerks}}}}}
stages: {{desk: {{hours: day, takes: {{clerk: 1}}, at_close: finish, time: 10 min}}}}
traffic: {{lorry: {{direction: import, arrivals: {{rate: 60/d}}, load: 20 t, route: [desk]}}}}
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ports")
    files = []
    for name, clerks in (("one", 1), ("two", 2)):
        file = folder / f"{clerks}.yaml"
        file.write_text(PORT.format(name=name, clerks=clerks), "utf-8")
        files.append(file)
    return portsim.compare(files, jobs=1)


def test_the_headline_is_there_in_numbers(study):
    numbers = study.headline
    assert list(numbers.index) == ["one", "two"]
    assert set(numbers.dtypes.astype(str)) == {"float64"}
    port = study.summary.query("truck_class == 'all' and place == '' and scenario == 'two'")
    told = port.set_index("measure")
    for measure in ("throughput_per_day", "completed_within_limit", "capacity_per_day"):
        for part in ("mean", "ci_low", "ci_high"):
            assert numbers.loc["two", (measure, part)] == told.loc[measure, part]
    assert len(numbers.columns) == 3 * len(study.table.columns)


def test_every_picture_is_drawn_in_memory(study, tmp_path, monkeypatch):
    with drawn_only("queue"):
        study.write(tmp_path / "one")
    assert study.plot.queue()._repr_png_() == (tmp_path / "one/figures/queue.png").read_bytes()

    # Of the others, each is known by its words and limits: their pixels would take longest.
    def described(figure, title):
        limits = [(axes.get_xlim(), axes.get_ylim()) for axes in figure.axes]
        parts = [figure, *figure.axes]
        words = [text.get_text() for part in parts for text in part.texts]
        return repr((title, figure.get_size_inches(), limits, words)).encode()

    monkeypatch.setattr(style, "image_of", described)
    study.write(tmp_path / "out")
    drawn = {file.stem for file in (tmp_path / "out" / "figures").glob("*.png")}
    assert drawn <= set(dir(study.plot))
    settings = dict(mpl.rcParams)
    for name in sorted(drawn):
        picture = getattr(study.plot, name)()
        assert picture.title in repr(picture)
        assert picture._repr_png_() == (tmp_path / "out" / "figures" / f"{name}.png").read_bytes()
    ElementTree.fromstring(study.plot.queue()._repr_svg_())
    assert dict(mpl.rcParams) == settings


def test_a_picture_lies_on_given_axes_in_any_language(study):
    axes = Figure().subplots()
    assert study.plot.overview(ax=axes, language="zh") is axes
    assert len(axes.images) == 1
    english, chinese = (study.plot("overview", language=tongue).title for tongue in ("en", "zh"))
    assert english != chinese


def test_what_cannot_be_drawn_says_why(study):
    with pytest.raises(AttributeError, match="no picture is called waits; there are overview"):
        _ = study.plot.waits
    with pytest.raises(portsim.errors.InputError, match="no picture is called waits"):
        study.plot("waits")
    with pytest.raises(portsim.errors.InputError, match="nothing to draw for throughput_month"):
        study.plot.throughput_month()


def test_things_say_in_a_line_what_they_are(study):
    assert repr(study) == "<Study: one, two; 3 replications>"
    assert str(study) != repr(study)
    port = portsim.Scenario.from_dict(
        {
            "name": "small",
            "summary": "One <desk> & a clerk.",
            "timezone": "UTC",
            "period": {"from": "2024-03-04", "to": "2024-03-05"},
            "resources": {"clerk": {"capacity": 1}},
            "stages": {"desk": {"takes": {"clerk": 1}, "time": "5 min"}},
            "traffic": {
                "lorry": {"direction": "in", "arrivals": {"rate": "9/d"}, "route": ["desk"]}
            },
        }
    )
    assert repr(port) == (
        "<Scenario small: 2024-03-04 to 2024-03-05; stages: 1, resources: 1, classes: 1>"
    )
    page = port._repr_html_()
    assert "One &lt;desk&gt; &amp; a clerk." in page
    ElementTree.fromstring(f"<div>{page}</div>")
    ElementTree.fromstring(portsim.Draws(port)._repr_html_())


def test_precision_is_asked_for_in_words_or_as_an_object(study):
    precise = portsim.Precision
    assert str(precise("throughput_per_day", relative=0.07)) == "throughput_per_day=7.00%"
    assert str(precise("stay_mean_h", 0.5, difference=True)) == "difference:stay_mean_h=0.5"
    for wrong in ({}, {"half_width": 1.0, "relative": 0.1}):
        with pytest.raises(portsim.errors.InputError, match="give half_width"):
            precise("stay_mean_h", **wrong)
    port = portsim.Scenario.from_dict(dict(study.manifest.scenarios[0].resolved))
    goals = [precise("throughput_per_day", relative=0.5), precise("stay_mean_h", half_width=50.0)]
    said = portsim.run(port, precision="throughput_per_day=50%,stay_mean_h=50.0", jobs=1)
    asked = portsim.run(port, precision=goals, jobs=1)
    assert asked.manifest.fingerprint == said.manifest.fingerprint
    assert asked.manifest.statistics["precision"] == said.manifest.statistics["precision"]


def test_a_notebook_has_a_bar_and_nobody_else(study, monkeypatch):
    notebook_bar()(1, 2)
    shown = []

    class Bar:
        def __init__(self, total):
            self.total, self.progress = total, 0
            shown.append(self)

        def display(self):
            assert shown == [self]

    ipython = ModuleType("IPython")
    ipython.get_ipython = lambda: SimpleNamespace(kernel="there")
    ipython.display = SimpleNamespace(ProgressBar=Bar)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    port = portsim.Scenario.from_dict(dict(study.manifest.scenarios[0].resolved))
    portsim.run(port, replications=2, jobs=1)
    (bar,) = shown
    assert bar.progress == bar.total > 0
    ipython.get_ipython = SimpleNamespace
    portsim.run(port, replications=2, jobs=1)
    assert len(shown) == 1

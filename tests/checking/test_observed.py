"""Observed figures: every figure of the results may be named, and nothing else."""

import pytest

from portsim.checking import load
from portsim.errors import ScenarioError
from portsim.experiment.common_draws import replications
from portsim.experiment.tasks import Task, run_one

A_FIGURE = "name: one, role: input, value: 3"


def with_figures(*lines: str) -> tuple[str, str]:
    listed = "".join(f"  - {{{line}}}\n" for line in lines)
    return "traffic:\n", f"observed:\n{listed}traffic:\n"


@pytest.mark.parametrize(
    ("line", "path", "found", "expected", "hint"),
    [
        ("measure: arived", "measure", "`arived`", "the name of a measure", "`arrived`"),
        ("measure: zzz", "measure", "`zzz`", "the name of a measure", "measures are arrived,"),
        ("measure: arrived, class: teas", "class", "`teas`", "the name of a class", "`tea`"),
        ("measure: arrived, class: import", "class", "`import`", "the name of a class", "`export`"),
        (
            "measure: throughput_cny_per_day",
            "measure",
            "`throughput_cny_per_day`",
            "the name of a measure",
            "did you mean `throughput_value_per_day`?",
        ),
        ("measure: arrived, place: gaet", "place", "`gaet`", "a stage or a resource", "`gate`"),
        ("measure: arrived, place: gate", "place", "`gate`, a stage", "the whole port", "leave"),
        ("measure: utilisation", "", "a mapping", "a resource for `utilisation`", "write place:"),
        ("measure: load, place: gate", "place", "`gate`, a stage", "a resource for", ""),
        ("measure: load, place: lanes, class: tea", "class", "`tea`", "`all`: `load` is not", ""),
        ("measure: capacity_per_day, class: tea", "class", "`tea`", "`all`: `capacity_", ""),
        ("measure: oversized_delay_h, class: tea", "class", "`tea`", "beside one that has", ""),
        ("measure: stay_mean_h, total: true", "total", "`stay_mean_h`, which", "per day", "growth"),
        ("measure: stay_p50_h, classes: [tea]", "classes", "of several classes", "summed", "one"),
        ("measure: arrived, classes: [teas]", "classes[0]", "`teas`", "name of a class", "`tea`"),
        ("measure: arrived, classes: [tea, tea]", "classes[1]", "`tea` again", "each class", ""),
        ("measure: arrived, class: tea, classes: [tea]", "classes", "`class` beside", "either", ""),
        ("measure: 'queue_max[2024-03]'", "measure", "`queue_max[2024-03]`", "without a", ""),
        ("measure: 'throughput_per_day[2024-04]'", "measure", "`2024-04`", "a month of the", ""),
        (
            "measure: 'throughput_per_day [2024-03]'",
            "measure",
            "[2024-03]`",
            "the name of",
            "throu",
        ),
        ("measure: wait_for_mean_h", "measure", "`wait_for_mean_h`", "not given by cause", ""),
        ("measure: 'wait_for_mean_h[lanes]'", "measure", "[lanes]`", "not given by cause", ""),
        ("measure: arrived, source: me", "source", "unknown key `source`", "one of `label`", ""),
    ],
)
def test_what_is_no_figure_of_the_results(faults, line, path, found, expected, hint):
    (fault,) = faults(with_figures(f"{A_FIGURE}, {line}"))

    assert fault.path == ".".join(filter(None, ["observed[0]", path]))
    assert found in fault.found
    assert expected in fault.expected
    assert hint in fault.hint


def test_two_figures_of_one_name(faults):
    line = f"{A_FIGURE}, measure: arrived"
    (fault,) = faults(with_figures(line, line))

    assert (fault.path, fault.found) == ("observed[1].name", "`one` again")


def test_a_class_or_a_stage_at_fault_is_no_second_fault(faults):
    line = f"{A_FIGURE}, measure: arrived, class: tea"
    other = "name: two, role: input, value: 3, measure: queue_max, place: gate"
    found = faults(
        with_figures(line, other), ("load: 21 t", "load: 21"), ("time: 5 min", "time: 5")
    )

    assert {fault.path for fault in found} == {"traffic.tea.load", "stages.gate.time"}


def test_every_figure_of_a_run_may_be_observed(scenario):
    """What the check lets pass is what the measures give: no more, no less."""
    port = scenario()
    ((_, number, shared),) = replications([port], 1, [1], 1)
    rows = run_one(Task(port, number, shared, "compiled")).figures
    keys = list(zip(rows["truck_class"], rows["place"], rows["measure"], strict=True))
    lines = [
        f"name: n{n}, role: prediction, value: 0, class: {cls}, place: '{place}', measure: '{what}'"
        for n, (cls, place, what) in enumerate(keys)
    ]

    assert len(scenario(with_figures(*lines)).observed) == len(keys) > 80


def test_a_source_stands_beside_the_value(scenario):
    port = scenario(
        with_figures(
            "name: one, role: prediction, measure: arrived, "
            "value: {value: 46606, source: China Daily, confidence: A}"
        )
    )
    note = port.origin.tree.notes["observed", 0, "value"]

    assert port.observed[0].value == 46606
    assert (note.source, note.confidence) == ("China Daily", "A")


def test_overlays_add_figures_and_correct_them_by_name(write):
    write(with_figures(f"{A_FIGURE}, measure: arrived"))
    with open("y.yaml", "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(
            "extends: x.yaml\nobserved:\n  - {name: one, value: 4}\n"
            "  - {name: two, measure: released, role: input, value: 5}\n"
        )
    found = load("y.yaml").observed

    assert [(one.name, one.measure, one.value) for one in found] == [
        ("one", "arrived", 4),
        ("two", "released", 5),
    ]


def test_a_null_class_leaves_its_figure_without_ground(write):
    milk = "{direction: export, arrivals: {rate: 1 per day}, route: [gate, inspection, release]}"
    write(
        with_figures(f"{A_FIGURE}, measure: arrived, class: tea"),
        ("traffic:\n", f"traffic:\n  milk: {milk}\n"),
    )
    with open("y.yaml", "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write("extends: x.yaml\ntraffic: {tea: null}\n")

    with pytest.raises(ScenarioError, match=r"observed\[0\]\.class: found `tea`"):
        load("y.yaml")

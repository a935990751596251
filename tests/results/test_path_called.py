"""A value of a scenario is called as people speak of it, whatever it is and in every language."""

from types import SimpleNamespace

import pytest

from portsim.results.called import path_called
from portsim.wording import speaking

RESOLVED = {
    "resources": {"clerks": {"label": "Customs clerks"}, "lanes": {}},
    "calendars": {"early": {"label": {"en": "Early shift", "zh": "早班"}}},
    "stages": {"desk": {"label": "Declaration"}},
    "traffic": {"vans": {"label": {"en": "Vans", "zh": "厢式货车"}}},
}
MANIFEST = SimpleNamespace(scenarios=(SimpleNamespace(resolved=RESOLVED),))


@pytest.mark.parametrize(
    ("path", "called"),
    [
        ("resources.clerks.capacity", "Customs clerks"),
        ("resources.lanes.capacity", "lanes"),
        ("resources.clerks.roster[early].count", "Customs clerks, Early shift"),
        ("stages.desk.time", "Declaration: time of the work"),
        ("stages.desk.time.lognormal.mean", "Declaration: time of the work"),
        ("stages.desk.time.lognormal.cv", "Declaration: time.lognormal.cv"),
        ("stages.desk.share", "Declaration: share"),
        ("traffic.vans.arrivals.rate", "Vans: how many come"),
        ("traffic.scale", "multiple of the traffic"),
        ("traffic.vans.scale", "Vans: multiple of the traffic"),
        ("calendars.early.hours", "Early shift: opening hours"),
        ("completion.limit", "the promised time"),
        ("traffic.trend", "traffic.trend"),
    ],
)
def test_paths_are_called_by_what_they_are_about(path: str, called: str) -> None:
    assert path_called(MANIFEST)(path) == called  # type: ignore[arg-type]


def test_labels_are_those_of_the_language() -> None:
    with speaking("zh"):
        told = path_called(MANIFEST)  # type: ignore[arg-type]
        assert told("resources.clerks.roster[early].count") == "Customs clerks（早班）"
        assert told("traffic.vans.arrivals.rate") == "厢式货车：来车数"

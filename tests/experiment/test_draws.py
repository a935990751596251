"""The same trucks asked about again and again: what a study says, and nobody else's trucks."""

import random

import numpy as np
import pytest

import portsim
from experiment.small import SMALL, lay_out
from portsim.errors import InputError, ScenarioError
from portsim.experiment import Execution, Keep
from portsim.experiment import quick_runs as module
from portsim.experiment.conduct import ask
from portsim.experiment.quick_runs import HEADLINE

MEASURES = (
    *HEADLINE,
    *("arrived", "diverted", "stay_p50_h", "wait_closed_mean_h", "queue_max", "overnight_mean"),
    *("throughput_per_day[2024-03]", "staffed_h_per_day", "throughput_value_per_day"),
)
CHANGES = {
    "calendars.day.hours": ("09:00-17:30", "00:00-24:00", "10:00-14:00, 15:00-18:00"),
    "resources.lanes.capacity": (2, 5),
    "stages.gate.at_close": ("pause",),
    "stages.gate.last_entry": ("30 min",),
    "stages.gate.time": ("4 min", {"exponential": {"mean": "9 min"}}),
    "stages.release.takes": ({"lanes": 1},),
    "stages.release.hours": ("later",),
    "traffic.scale": (0.5, 1.7),
    "traffic.cars.scale": (0.3, 3.0),
    "traffic.cars.tolerance": (3,),
    "traffic.tea.route": (["gate"], ["release", "gate"]),
    "traffic.tea.priority": (0,),
    "completion.limit": ("2 h",),
    "open_hours": ("day",),
}


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    return portsim.load(lay_out(tmp_path_factory.mktemp("port")) / "short.yaml")


@pytest.fixture(scope="module")
def held(port):
    return portsim.Draws(port, 2)


def of_a_study(scenario, replications=2, engine="compiled", **words):
    """The same figures out of a study."""
    keep = Keep(counterfactuals=False)
    asked = ask([scenario], replications=replications, keep=keep, **words)
    study = asked.conduct(Execution(jobs=1, audit="none", engine=engine))
    rows = study.replications
    rows = rows[(rows["truck_class"] == "all") & (rows["place"] == "")]
    return rows.pivot(index="replication", columns="measure", values="value")


def assert_alike(found, study):
    assert found.index.tolist() == study.index.tolist()
    for measure in found:
        said = study[measure].to_numpy() if measure in study else np.full(len(found), np.nan)
        assert np.array_equal(found[measure].to_numpy(), said, equal_nan=True), measure


@pytest.mark.parametrize("seed", range(8))
def test_any_change_gives_what_a_study_gives(port, held, seed):
    luck = random.Random(seed)
    changes = {
        path: luck.choice(CHANGES[path]) for path in luck.sample(sorted(CHANGES), seed % 4 + 1)
    }
    found = held.ask(changes, measures=MEASURES)
    assert list(found) == list(MEASURES)
    assert (found.dtypes == np.float64).all()
    assert_alike(found, of_a_study(port.replace(changes)))


def test_the_port_as_it_stands_and_another_scenario(port, held, tmp_path):
    before = held.ask(measures=MEASURES)
    assert_alike(before, of_a_study(port))
    longer = portsim.load(lay_out(tmp_path) / "long.yaml")
    assert_alike(held.ask(longer, measures=MEASURES), of_a_study(longer))
    # Whatever was asked meanwhile.
    assert held.ask(measures=MEASURES).equals(before)


def test_staff_that_has_a_price(port):
    priced = port.replace({"resources.lanes.cost_per_staffed_hour": "90 CNY"})
    found = portsim.Draws(priced).ask(measures="staff_cost_per_day")
    assert_alike(found, of_a_study(priced, 1))
    assert found["staff_cost_per_day"].item() > 0


def test_seed_pairs_and_engine_are_those_of_a_study(port):
    found = portsim.Draws(port, 2, seed=5, antithetic=True, engine="simpy").ask()
    assert_alike(found, of_a_study(port, seed=5, antithetic=True))


def test_only_a_change_of_visits_lays_them_out_anew(port, monkeypatch):
    laid_out = []
    real = module.draft
    monkeypatch.setattr(module, "draft", lambda *words: laid_out.append(words) or real(*words))
    held = portsim.Draws(port)
    for hour in range(3):
        held.ask({"calendars.day.hours": f"0{hour}:00-20:00", "resources.lanes.capacity": 2 + hour})
    assert len(laid_out) == 1
    for _ in range(2):
        held.ask({"stages.gate.time": "2 min"})
        held.ask({"traffic.scale": 0.5})
    held.ask()
    assert len(laid_out) == 3


@pytest.mark.parametrize(
    ("changes", "blamed"),
    [
        ({"traffic.tea.arrivals.rate": "50 per day"}, "traffic.tea.arrivals.rate"),
        # The cars follow these hours; the strength of the gate moves nobody.
        (
            {"resources.lanes.capacity": 3, "calendars.later.hours": "09:00-20:00"},
            "calendars.later.hours",
        ),
        ({"period.to": "2024-03-07"}, "period.to"),
        ({"traffic.tea.load": "21 t"}, "traffic.tea.load"),
    ],
)
def test_other_trucks_are_refused_and_the_change_that_brings_them_is_named(held, changes, blamed):
    with pytest.raises(InputError, match="other trucks come") as refused:
        held.ask(changes)
    assert f"with {blamed}," in str(refused.value)


def test_what_cannot_be_asked_is_refused(port, held):
    with pytest.raises(InputError, match="seed decides"):
        held.ask({"seed": 12})
    with pytest.raises(InputError, match="takes runs of its own"):
        held.ask(measures=["capacity_per_day"])
    with pytest.raises(InputError, match="given by cause"):
        held.ask(measures="wait_for_mean_h")
    with pytest.raises(InputError, match="did you mean stay_p95_h"):
        held.ask(measures="stay_p96_h")
    with pytest.raises(InputError, match="whose months are 2024-03"):
        held.ask(measures="throughput_per_day[2024-04]")
    with pytest.raises(InputError, match="1 replication or more"):
        portsim.Draws(port, 0)
    with pytest.raises(InputError, match="no engine is called"):
        portsim.Draws(port, engine="slow")
    with pytest.raises(ScenarioError):
        held.ask({"resources.lanes.capacity": 0})


def test_a_path_is_enough_and_the_draws_say_what_they_are(tmp_path):
    (tmp_path / "short.yaml").write_text(SMALL, encoding="utf-8")
    held = portsim.Draws(tmp_path / "short.yaml", 2)
    came = int(held.ask(measures="arrived")["arrived"].sum())
    assert repr(held) == f"Draws(short: 2 replications, {came:,} trucks)"

"""A sweep with drawn inputs: at each point what chance and what ignorance do, told apart."""

import numpy as np
import pytest

import portsim
from experiment.small import results, written
from experiment.test_uncertain import CLERKS, PORT, UNKNOWN
from portsim.errors import InputError
from typed import typed

VARY = {"stages.gate.time": ["10 min", "20 min"]}
MEASURES = ["stay_mean_h", "throughput_per_day"]


@pytest.fixture
def port(tmp_path):
    def made(name="port", clerks=UNKNOWN):
        text = PORT.format(name=name, clerks=clerks, gate="1 min", lanes="900")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return tmp_path / f"{name}.yaml"

    return made


def swept(port, **words):
    asked = {"measures": MEASURES, "replications": 40, "uncertain": True, "jobs": 1}
    return portsim.sweep(port, VARY, **{**asked, **words})


def rows_of(study, measure="stay_mean_h"):
    table = study.uncertainty
    port = table[
        (table["truck_class"] == "all") & (table["place"] == "") & (table["measure"] == measure)
    ]
    return {row["stages.gate.time"]: row for row in port.to_dict("records")}


def test_at_each_point_ignorance_is_that_of_the_service(port):
    """Without a queue a stay is the clerk's time, even within 0.5 h to 2 h, and the gate's."""
    study = swept(port())
    drawn = study.drawn_inputs
    assert set(drawn["path"]) == {CLERKS}
    by_point = [rows["value"].to_numpy() for _, rows in drawn.groupby("stages.gate.time")]
    # All points meet the same draws.
    assert by_point[0].tolist() == by_point[1].tolist()
    hours = np.quantile(by_point[0], [0.025, 0.975], method="weibull")
    for gate, minutes in (("10 min", 10), ("20 min", 20)):
        row = rows_of(study)[gate]
        assert row["mean"] == row["chance_low"] == pytest.approx(1 + minutes / 60)
        limits = row["ignorance_low"], row["ignorance_high"]
        assert limits == pytest.approx(hours + minutes / 60, abs=2e-4)
        assert (row["low"], row["high"]) == pytest.approx(limits)
        assert row["most_of_it"] == CLERKS
        passed = rows_of(study, "throughput_per_day")[gate]
        assert passed["chance_low"] < passed["chance_high"]
    assert "drawn evenly and independently within their ranges" in " ".join(study.sentences)


def test_what_is_varied_is_not_drawn(port):
    study = portsim.sweep(
        port(), {CLERKS: ["1 h", "90 min"]}, measures=MEASURES, replications=2, jobs=1
    )
    assert study.uncertainty is None
    with pytest.raises(InputError, match="no input with a mark of D, E"):
        portsim.sweep(port(), {CLERKS: ["1 h", "90 min"]}, uncertain=True, replications=2, jobs=1)


def test_plain_tables_stay_as_they_are(port, tmp_path):
    plain = written(swept(port(), uncertain=False, replications=3), tmp_path / "plain")
    drawn = written(swept(port(), replications=3), tmp_path / "drawn")
    more = {"sweep_uncertainty.csv", "sweep_drawn_inputs.csv"}
    assert set(drawn) - set(plain) == more
    for name in set(plain) - {"manifest.json"}:
        assert drawn[name] == plain[name], name
    swept(port(), uncertain=False, replications=3).write(
        tmp_path / "drawn", figures=False, force=True
    )
    assert not more & set(results(tmp_path / "drawn"))


def test_engines_and_workers_change_nothing(port, tmp_path):
    made = []
    for engine, jobs in (("compiled", 1), ("compiled", 2), ("simpy", 1)):
        study = swept(port(), replications=3, engine=engine, jobs=jobs, audit="none")
        files = written(study, tmp_path / f"{engine}-{jobs}")
        made.append({n: files[n] for n in ("sweep_uncertainty.csv", "sweep_drawn_inputs.csv")})
    assert made[0] == made[1] == made[2]


@pytest.mark.parametrize("after", [3, 8, 11])
def test_an_interrupted_sweep_goes_on(port, tmp_path, after):
    whole = written(swept(port(), replications=3), tmp_path / "whole")

    def stop(done, total):
        assert total == 12
        if done == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        swept(port(), replications=3, journal=tmp_path / "out", on_progress=stop)
    told = []
    study = swept(port(), replications=3, journal=tmp_path / "out",
                  on_progress=lambda *each: told.append(each))  # fmt: skip
    assert len(told) == 12 - after + 2 or len(told) == 12 - after + 1
    assert written(study, tmp_path / "out") == whole


def test_as_typed(port, tmp_path):
    port()
    done = typed(
        "sweep", "port.yaml", "--vary", "traffic.scale=1..2", "--measure", "stay_mean_h", "-n", 4,
        "--uncertain", "--only", "stages.*", "--jobs", 1, "--out", "out", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "2 points × 4 replications = 8 runs, and once more with inputs drawn" in done.stderr
    assert "for ± chance and for ± ignorance alone" in done.stdout.replace("\n", " ")
    assert done.stdout.count("(± ") == 2
    study = portsim.read(tmp_path / "out")
    assert len(study.drawn_inputs) == 8
    picture = (tmp_path / "out/figures/sweep_stay_mean_h.svg").read_text("utf-8")
    assert 'id="ignorance"' in picture
    assert "Dotted: with what is not known too." in picture
    assert typed("plot", "out", cwd=tmp_path).returncode == 0

"""What becomes of work at closing: told only where some work tells it, and said only then."""

from dataclasses import replace

import pytest

import portsim
from known_stage import ZONE, port
from portsim.fitting.closings import at_close
from portsim.fitting.rosters import rosters
from portsim.gatelog import read_log
from small_logs import came, csv, served


def told(seed, hours, *, stamped, **words):
    evidence, starts = port(seed, 28, lambda _: hours, **words)
    if stamped:
        evidence = replace(evidence, start=starts)
    return at_close(rosters(evidence, ZONE), ZONE)


@pytest.mark.parametrize("stamped", [False, True])
@pytest.mark.parametrize("pauses", [False, True])
def test_work_that_reaches_over_closings_tells(pauses, stamped):
    each = told(1, [(8, 12, 2), (13, 18, 2)], stamped=stamped, pauses=pauses, mean=900.0, rate=50)
    assert each.closes
    assert each.pauses == pauses
    assert each.identifiable == "yes"
    # What rests ends after the next opening, and what is finished while it is closed.
    assert (each.ended == 0, each.rested == 0) == (pauses, not pauses)


@pytest.mark.parametrize("stamped", [False, True])
def test_a_work_or_two_may_as_well_have_been_begun_within_longer_hours(stamped):
    # Two works end some minutes after six; nobody waits then.
    each = told(2, [(8, 18, 2)], stamped=stamped, rate=20)
    assert each.works == 2
    assert each.identifiable != "yes"


@pytest.mark.parametrize("stamped", [False, True])
def test_a_stage_that_never_closes_has_nothing_to_tell(stamped):
    each = told(8, [(0, 24, 1)], stamped=stamped, rate=140)
    assert (each.closes, each.works, each.pauses) == (False, 0, False)


def fit(folder, rows, *, starts):
    file = folder / "gate.csv"
    file.write_text(csv(rows, starts), encoding="utf-8")
    fitted = portsim.fit(read_log(file, timezone="Etc/GMT"), name="toy")
    table = fitted.port.table.set_index("path")
    path = "stages.gate.at_close"
    return fitted.port, table.loc[path] if path in table.index else None


@pytest.mark.parametrize("starts", [False, True])
def test_where_no_work_reaches_over_a_closing_it_is_assumed_and_nothing_is_claimed(
    tmp_path, starts
):
    # Nobody comes after 16:00, and 15 minutes later all are out.
    told, row = fit(tmp_path, served(came(21, 30), 15, 2), starts=starts)
    assert (row["value"], row["identifiable"], row["n"]) == ("finish", "no", 0)
    assert row["note"] == "assumed: no work reaches over a closing"
    assert told.scenario.stages["gate"].at_close == "finish"
    marked = told.scenario.to_yaml().split("at_close:")[1].split("time:")[0]
    assert "confidence: E" in marked
    assert "assumed" in marked
    said = told.stages[0].sentences()[-1]
    assert said.endswith("whether what is begun is finished or rests at closing, no work tells")


def test_where_it_is_told_it_is_said(tmp_path):
    told, row = fit(tmp_path, served(came(21, 50), 17, 1), starts=True)
    assert (row["value"], row["identifiable"]) == ("finish", "yes")
    assert int(row["n"]) >= 3
    assert f"{row['n']} ended while closed, 0 after the next opening" in row["note"]
    assert told.stages[0].sentences()[-1].endswith("; what is begun is finished at closing")


def test_a_stage_that_never_closes_has_no_row(tmp_path):
    # 300 a day from 06:00 to 16:00 keep a server busy until the next morning.
    told, row = fit(tmp_path, served(came(21, 130), 11, 1, 0, 24), starts=True)
    assert row is None
    assert "at closing" not in " ".join(told.stages[0].sentences())

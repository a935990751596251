"""Announced trucks come when the list says, and of their classes no others do."""

import pytest

import portsim
from forecasting.small import AT, SIX, clock, lay_out
from portsim.errors import ScenarioError

QUICK = {"hours": 6, "futures": 20, "jobs": 1}


def announce(folder, *rows):
    file = folder / "coming.csv"
    file.write_text("\n".join(["truck,class,arrival", *rows]) + "\n", encoding="utf-8")
    return file


def test_those_on_the_list_come_and_no_others(tmp_path):
    scenario, state = lay_out(tmp_path, SIX, rate="200 per day")
    coming = announce(
        tmp_path,
        "B,vans,2025-04-14 12:00",
        "A,vans,2025-04-14 10:30",
        "C,vans,2025-04-14 12:03",
        "D,vans,2025-04-16 12:00",
    )
    study = portsim.forecast(scenario, AT, state=state, announced=coming, **QUICK)
    trucks = study.record.tables["trucks"]
    listed = trucks[trucks["status"].eq("announced")]
    # Behind the six, who are out at eleven; D comes after the six hours.
    assert listed["truck"].tolist() == ["A", "B", "C"]
    assert listed["since"].map(clock).tolist() == ["10:30", "12:00", "12:03"]
    assert listed["out_q50"].map(clock).tolist() == ["11:10", "12:10", "12:20"]
    assert study.table[study.table["stage"].eq("")]["released_q975"].iloc[-1] == 9
    assert "4 trucks are announced; of their classes no others come." in study.sentences


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("X,vnas,2025-04-14 12:00", r"coming\.csv:3: error: found `vnas` under class"),
        ("X,vans,2025-04-14 09:00", r"coming\.csv:3: error: found `2025-04-14 09:00` under arr"),
        ("X,vans,soon", r"coming\.csv:3: error: found `soon`"),
    ],
)
def test_a_row_that_cannot_be(tmp_path, row, told):
    scenario, state = lay_out(tmp_path, SIX)
    coming = announce(tmp_path, "A,vans,2025-04-14 10:30", row)
    with pytest.raises(ScenarioError, match=told):
        portsim.forecast(scenario, AT, state=state, announced=coming, **QUICK)


def test_a_list_without_arrivals(tmp_path):
    scenario, state = lay_out(tmp_path, SIX)
    coming = tmp_path / "coming.csv"
    coming.write_text("truck,class\nA,vans\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="no column `arrival`"):
        portsim.forecast(scenario, AT, state=state, announced=coming, **QUICK)

"""What cannot be forecast is told with its place; nothing is written then."""

import pytest

import portsim
from forecasting.small import AT, HEAD, SIX, lay_out
from portsim.cli import main
from portsim.errors import InputError, ScenarioError


@pytest.fixture
def typed(tmp_path, monkeypatch, capsys):
    def give(*words):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("sys.argv", ["portsim", "forecast", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code or 0, capsys.readouterr()

    return give


def refused(typed, tmp_path, rows, *words):
    lay_out(tmp_path, rows)
    code, said = typed("one.yaml", "--state", "state.csv", "--out", "out", *words)
    assert code == 2
    assert not (tmp_path / "out").exists()
    assert "hint: " in said.err
    return said.err


def test_a_truck_that_waits_since_later(typed, tmp_path):
    rows = [*SIX, "X,vans,desk,waiting,2025-04-14 10:20"]
    err = refused(typed, tmp_path, rows, "--at", AT)
    assert err.startswith(
        "state.csv:8: error: found `2025-04-14 10:20` under since; expected a time"
    )
    assert "not after the beginning, 2025-04-14 10:00" in err


def test_a_stage_that_does_not_exist(typed, tmp_path):
    err = refused(typed, tmp_path, ["X,vans,dsek,waiting,2025-04-14 09:20"], "--at", AT)
    assert err.startswith(
        "state.csv:2: error: found `dsek` under stage; expected the name of a stage"
    )
    assert "did you mean `desk`?" in err


def test_more_at_work_than_there_are_clerks(typed, tmp_path):
    rows = [f"{name},vans,desk,working,2025-04-14 09:55" for name in "AB"]
    err = refused(typed, tmp_path, rows, "--at", AT)
    assert err.startswith("state.csv:3: error: found 2 clerk in use with this truck under status")


@pytest.mark.parametrize("hours", ["0.1", "0", "-3", "0.3", "10000", "nan"])
def test_hours_that_are_too_few_or_too_many(typed, tmp_path, hours):
    err = refused(typed, tmp_path, SIX, "--at", AT, "--hours", hours)
    assert err.startswith(f"error: hours: found {float(hours):g}; expected quarters of an hour")


@pytest.mark.parametrize("at", ["10:00", "yesterday", "2025-04-31 10:00", "2025-04-14 10:00:30"])
def test_a_minute_that_is_none(typed, tmp_path, at):
    err = refused(typed, tmp_path, SIX, "--at", at)
    assert err.startswith(f"error: at: found {at}; expected")


def test_a_state_without_a_minute(typed, tmp_path):
    lay_out(tmp_path, SIX)
    code, said = typed("one.yaml", "--state", "state.csv")
    assert code == 2
    assert said.err.startswith("error: at: not said; expected the minute at which")


def test_a_port_of_which_nobody_says_who_is_inside(typed, tmp_path):
    lay_out(tmp_path)
    code, said = typed("one.yaml", "--at", AT)
    assert code == 2
    assert "one: does not say who is inside at 2025-04-14 10:00" in said.err
    assert "--state FILE" in said.err


def test_two_policies_of_one_name(tmp_path):
    scenario, state = lay_out(tmp_path, SIX)
    with pytest.raises(InputError, match="names of their own; found one, one"):
        portsim.forecast(scenario, AT, state=state, policies=[scenario])


def test_a_file_that_is_not_there(tmp_path):
    scenario, _ = lay_out(tmp_path)
    with pytest.raises(InputError, match=r"none\.csv: cannot be read: No such file"):
        portsim.forecast(scenario, AT, state=tmp_path / "none.csv")


def test_a_file_without_a_column(tmp_path):
    scenario, state = lay_out(tmp_path)
    state.write_text(HEAD.replace(",since", "") + "\nA,vans,desk,waiting\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="no column `since`"):
        portsim.forecast(scenario, AT, state=state)


@pytest.mark.usefixtures("without_drawings")
def test_a_folder_of_another_forecast_is_kept(typed, tmp_path):
    lay_out(tmp_path, SIX)
    words = ("one.yaml", "--state", "state.csv", "--futures", 5, "--hours", 2, "--out", "out")
    assert typed(*words, "--at", AT)[0] == 0
    before = (tmp_path / "out" / "forecast.csv").read_bytes()
    assert typed(*words, "--at", AT)[0] == 0
    assert (tmp_path / "out" / "forecast.csv").read_bytes() == before
    code, said = typed(*words, "--at", "2025-04-14 10:15")
    assert code == 2
    assert "--force" in said.err
    assert (tmp_path / "out" / "forecast.csv").read_bytes() == before


def test_the_trucks_of_a_scenario_that_says_who_is_inside(tmp_path):
    scenario, _ = lay_out(tmp_path)
    text = scenario.read_text(encoding="utf-8")
    text = text.replace("from: 2025-04-14,", "from: 2025-04-14 10:00,")
    scenario.write_text(f"{text}inside: {{counts: {{desk: 6}}}}\n", encoding="utf-8")
    study = portsim.forecast(scenario, hours=6, futures=5, jobs=1)
    assert "The last of the 6 trucks now inside is out at 14 Apr 11:00" in study.sentences[1]
    assert "Since when 6 of the trucks inside wait is assumed." in study.sentences

"""Hours chosen with the roster: ports on which it is plain which side should open longer."""

import json

import pandas as pd
import pytest

import portsim
from portsim.errors import InputError
from portsim.rostering.hours import as_it_is, open_hours_a_week, parse_windows, with_hours
from typed import typed

# Trucks come from seven to nine in the evening and must be out within three hours.
PORT = """\
name: gates
timezone: Asia/Almaty
period: {from: 2025-03-03, to: 2025-03-16, warm_up: 1 week}
completion: {limit: 3 h}
replications: 2
seed: 7
calendars:
  near: {label: Near gate, side: Kazakhstan, hours: {Mon-Sun: "08:00-12:00, 13:00-NEAR:00"}}
  far: {label: {en: Far gate, zh: 对方口岸}, side: China, hours: "08:00-FAR:00"}
resources:
  officers: {capacity: 9}
  posts: {capacity: 9}
stages:
  near: {takes: {officers: 1}, hours: near, at_close: finish, time: 4 min}
  far: {takes: {posts: 1}, hours: far, at_close: finish, time: 4 min}
traffic:
  exports:
    direction: export
    arrivals: {rate: 20 per day, hours: {"19:00-21:00": 1}}
    load: 20 t
    route: [near, far]
shifts:
  people:
    officers: {posts: officers, starts: "16:00", lengths: 8 h, patterns: daily, wage: 20 KZT}
    posts: {posts: posts, starts: "16:00", lengths: 8 h, patterns: daily, wage: 15 KZT}
"""
VARIED = "--vary-hours", "near=08:00,18:00..22:00:4h", "--vary-hours", "far=08:00,18:00..22:00:4 h"


def port(folder, near=18, far=18):
    (folder / "gates.yaml").write_text(
        PORT.replace("NEAR", str(near)).replace("FAR", str(far)), encoding="utf-8"
    )
    return portsim.load(folder / "gates.yaml")


def asked(folder, *words):
    ended = typed("roster", "gates.yaml", "--require", "completed_within_limit>=0.9", *words,
                  "--out", "found", "-j", 1, cwd=folder)  # fmt: skip
    if not (folder / "found" / "manifest.json").exists():
        return ended, None, None
    facts = json.loads((folder / "found" / "manifest.json").read_text("utf-8"))["study"]
    return (
        ended,
        facts["opening"],
        pd.read_csv(folder / "found" / "hours.csv", dtype=str, keep_default_na=False),
    )


def test_where_both_sides_shut_too_early_only_both_together_help(tmp_path):
    port(tmp_path)
    ended, facts, table = asked(tmp_path, *VARIED, "--levels", "0.5")
    assert ended.returncode == 0, ended.stderr
    # As they are, either alone, both: nobody passes both gates in the evening but with both.
    assert [part["cost"] for part in facts["parts"]] == [None, None, None, 8 * 7 * 35.0]
    assert facts["longer"] == ["Near gate", "Far gate"]
    assert "Open longer: Near gate, Far gate." in ended.stdout
    best = table[table["best"].eq("yes")]
    assert best["hours"].tolist() == ["Near gate 08:00-22:00; Far gate 08:00-22:00"]
    # What the overlay says is what was proven: it runs, with the hours that were chosen.
    folder = tmp_path / "found"
    manned = portsim.load(f"{tmp_path / 'gates.yaml'}+{folder / 'roster.yaml'}")
    assert manned.calendars["near"].hours[0] == ((28800, 43200), (46800, 79200))
    reached = portsim.Draws(manned, 2).ask(measures="completed_within_limit").mean().item()
    promise = pd.read_csv(folder / "promise.csv")
    assert reached == pytest.approx(promise["searched_mean"].item(), abs=1e-9)
    assert {"hours.png", "hours.svg"} <= {file.name for file in (folder / "figures").iterdir()}
    for language, far in (("", "Far gate"), (".zh", "对方口岸"), (".ru", "Far gate")):
        page = (folder / f"roster{language}.html").read_text("utf-8")
        assert "Near gate 08:00-22:00" in page
        assert f"{far} 08:00-22:00" in page
        assert language != ".zh" or "Far gate" not in page


def test_where_one_side_is_open_long_enough_the_other_is_named(tmp_path):
    port(tmp_path, far=22)
    _, facts, table = asked(tmp_path, *VARIED)
    as_are, near, far, both = (part["cost"] for part in facts["parts"])
    assert (as_are, far) == (None, None)
    assert near == both == 8 * 7 * 35.0
    assert (facts["longer"], facts["shorter"]) == (["Near gate"], [])
    assert table[table["best"].eq("yes")]["hours"].tolist() == ["Near gate 08:00-22:00"]


def test_hours_are_not_changed_for_nothing(tmp_path):
    """The near gate could as well shut when the last truck has come; that saves nobody a tenge."""
    port(tmp_path, near=22, far=22)
    ended, facts, table = asked(tmp_path, "--vary-hours", "near=08:00,21:00..22:00")
    assert [part["cost"] for part in facts["parts"]] == [8 * 7 * 35.0] * 2
    assert (facts["best"], facts["longer"], facts["shorter"]) == ("", [], [])
    assert table[table["best"].eq("yes")]["hours"].tolist() == [""]
    assert ended.stdout.startswith("2 people for ")


def test_where_no_hours_are_enough_that_is_said_and_the_code_is_3(tmp_path):
    port(tmp_path)
    ended, facts, _ = asked(
        tmp_path, "--vary-hours", "near=08:00,18:00..19:00", "--vary-hours", "far=08:00,18:00"
    )
    assert ended.returncode == 3
    assert all(part["cost"] is None for part in facts["parts"])
    assert "No staff can: " in ended.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nera=08:00,18:00..22:00", "did you mean near"),
        ("near=08:00..12:00", "write a calendar, when it may open, and when close"),
        ("near=08:00..12:00,noon", "'noon' is no range of times"),
        ("near=08:00..12:00:5 h,18:00", "its steps reach the last time"),
        ("near=20:00,18:00", "it would close before it opens"),
        ("near=08:00..25:00,18:00", "expected"),
    ],
)
def test_hours_that_mean_nothing_are_refused(tmp_path, text, said):
    with pytest.raises(InputError, match=said):
        parse_windows([text], port(tmp_path))


def test_levels_are_for_hours_alone(tmp_path):
    port(tmp_path)
    ended, facts, _ = asked(tmp_path, "--levels", "0.8")
    assert (ended.returncode, facts) == (2, None)
    assert "use it with --vary-hours" in ended.stderr


def test_breaks_of_a_day_stay_where_they_are_and_days_off_stay_off(tmp_path):
    made = port(tmp_path)
    (near,) = parse_windows(["near=07:00..14:00,20:00"], made)
    longer, words = with_hours(made, (near,), ((7 * 3600, 20 * 3600),), "longer")
    assert longer.calendars["near"].hours[0] == ((25200, 43200), (46800, 72000))
    assert words["near"]["hours"] == "07:00-12:00, 13:00-20:00"
    assert open_hours_a_week(longer, "near") == 7 * 12
    # Who opens after the break has none.
    later, _ = with_hours(made, (near,), ((14 * 3600, 20 * 3600),), "later")
    assert later.calendars["near"].hours[0] == ((50400, 72000),)
    assert as_it_is(made, near, (8 * 3600, 18 * 3600))
    assert not as_it_is(made, near, (8 * 3600, 20 * 3600))

"""The warm-up that is long enough: queues whose answer is known, and the words of a refusal."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import portsim
from portsim.checking import load
from portsim.errors import InputError
from portsim.experiment import Execution, Keep, run_all
from portsim.experiment.common_draws import replications
from portsim.plan import Site
from portsim.statistics.truncation import mser5
from portsim.studies.stationary import follows_the_clock
from portsim.studies.varied import Variants
from portsim.studies.warm_up_rule import AT_START, keeps_moving, shift_when_longer

QUEUE = """\
name: queue
timezone: UTC
period: {from: 2024-03-04, to: 2024-03-31}
replications: 10
resources:
  desk: {capacity: 1}
stages:
  check: {takes: {desk: 1}, time: {exponential: {mean: 1 h}}}
traffic:
  lorries:
    direction: export
    arrivals: {rate: 22 per day}
    route: [check]
"""
NIGHT = """\
name: night
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-31}
replications: 4
calendars:
  day: {hours: "08:00-20:00"}
resources:
  lanes: {capacity: 4, calendar: day}
stages:
  gate: {takes: {lanes: 1}, hours: day, at_close: finish, time: {exponential: {mean: 6 min}}}
traffic:
  lorries:
    direction: export
    arrivals: {rate: 100 per day, hours: {"08:00-18:00": 1}}
    route: [gate]
"""


def port(folder: Path, text: str, *changes: tuple[str, str]) -> Path:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "port.yaml").write_text(text, encoding="utf-8")
    return folder / "port.yaml"


def test_a_queue_under_heavy_load_needs_a_warm_up_and_gets_one(tmp_path):
    """M/M/1 with load 22/24 relaxes in some 1 / (μ (1 − √ρ)²) = 550 h (Cohen 1982, III.7.3)."""
    found = portsim.warm_up(port(tmp_path, QUEUE), audit="none")
    assert found.recommended is not None
    assert 1 <= found.recommended <= 12
    assert found.steady
    assert not found.manifest.study["own_passes"]
    assert "own warm-up of 0 weeks is too short" in " ".join(found.sentences)
    own = found.table[found.table["warm_up_weeks"].eq(0)].set_index(["place", "measure"])
    # From an empty queue everything is too small.
    for measure in ("inside_mean", "queue_mean", "stay_mean_h"):
        assert own.loc[("", measure), "moved"] > 0.0
        assert own.loc[("", measure), "passes"] == "no"
    best = found.table[found.table["warm_up_weeks"].eq(found.recommended)]
    assert best["moved_half_widths"][best["passes"].ne("")].max() <= 0.1
    assert found.manifest.study["stationary"]
    assert any(text.startswith("MSER-5 leaves out the first") for text in found.sentences)


def test_a_port_that_empties_each_night_needs_none(tmp_path):
    found = portsim.warm_up(port(tmp_path, NIGHT), audit="none")
    assert found.recommended == 0
    assert found.table["moved"].eq(0.0).all()
    assert found.steady
    assert found.manifest.study["starts_weeks"] == [0, 4]
    assert found.sentences[0].startswith("No warm-up is needed")
    assert "MSER-5 is not asked" in found.sentences[-1]


def test_an_overloaded_port_has_no_steady_state(tmp_path):
    flood = port(tmp_path, QUEUE, ("22 per day", "30 per day"))
    found = portsim.warm_up(flood, most=4, replications=4, audit="none")
    assert found.recommended is None
    assert not found.steady
    said = " ".join(found.sentences)
    assert "No warm-up of up to 4 weeks is long enough" in said
    assert "There is no steady state, for the schedule is overloaded" in said
    assert "No warm-up helps" in said
    assert "MSER-5 finds no settled part" in said
    # 6 trucks a day too many, for four weeks more: 168 inside.
    table = found.table[found.table["measure"].eq(AT_START)]
    assert table["moved"].to_numpy() == pytest.approx([168.0] * 4, rel=0.35)


def test_a_pass_that_a_longer_warm_up_does_not_confirm_is_none(tmp_path):
    """In spring the port is empty, but what came in winter would still be there."""
    text = QUEUE.replace("rate: 22 per day", "rate: 10 per day, months: {Jan: 8, Feb: 0}")
    found = portsim.warm_up(port(tmp_path, text, ("2024-03-31}", "2024-03-17, warm_up: 4 weeks}")),
                    most=0, replications=4, audit="none")  # fmt: skip
    by = found.table.groupby("warm_up_weeks")["passes"].agg(lambda one: (one == "no").any())
    assert by.to_dict() == {0: False, 4: True}
    assert found.recommended is None
    assert not found.manifest.study["own_passes"]


def test_the_written_folder_is_read_back(tmp_path):
    found = portsim.warm_up(port(tmp_path, NIGHT), replications=2, audit="none")
    files = [file.name for file in found.write(tmp_path / "out")]
    assert sorted(files) == [
        *("manifest.json", "warmup.csv", "warmup.png", "warmup.svg", "warmup_inside.parquet"),
    ]
    back = portsim.read(tmp_path / "out")
    pd.testing.assert_frame_equal(back.table, found.table, check_dtype=False)
    assert sorted(back.inside["warm_up_weeks"].unique()) == [0, 4]
    assert back.inside.groupby("warm_up_weeks")["hour"].min().to_dict() == {0: 0.0, 4: -672.0}
    with pytest.raises(InputError, match="other inputs"):
        portsim.warm_up(port(tmp_path, NIGHT), seed=9, replications=2, audit="none").write(
            tmp_path / "out"
        )


def test_an_interrupted_search_goes_on_with_the_runs_of_all_its_rounds(tmp_path):
    base = port(tmp_path, QUEUE, ("2024-03-31}", "2024-03-17, warm_up: 1 week}"))
    options = {"most": 1, "replications": 3, "audit": "none", "jobs": 1}

    def stop(done, total):
        if (done, total) == (8, 12):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        portsim.warm_up(base, **options, journal=tmp_path / "out", on_progress=stop)
    said, steps = [], []
    found = portsim.warm_up(
        base,
        **options,
        journal=tmp_path / "out",
        say=said.append,
        on_progress=lambda done, total: steps.append((done, total)),
    )
    assert [text for text in said if "were done before" in text] == [
        "6 of 6 runs were done before; going on from there",
    ]
    assert steps == [(6, 6), (8, 12), (9, 12), (10, 12), (11, 12), (12, 12)]
    pd.testing.assert_frame_equal(found.table, portsim.warm_up(base, **options).table)
    found.write(tmp_path / "out", figures=False)
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [
        *("manifest.json", "warmup.csv", "warmup_inside.parquet"),
    ]


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        (QUEUE, {"replications": 1}, "one replication has no half-width"),
        (
            QUEUE.replace("03-31}", "03-31, warm_up: 60 weeks}"),
            {},
            "has a warm-up of 60 weeks; with 4 more it would begin before",
        ),
    ],
)
def test_what_cannot_be_judged_is_refused(tmp_path, text, options, message):
    with pytest.raises(InputError, match=message):
        portsim.warm_up(port(tmp_path, text), **options)


# ---- the same trucks, the same luck of the port -------------------------------------------------

LUCK = """\
name: luck
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-17, warm_up: 1 week}
calendars:
  day: {hours: "08:00-20:00"}
resources:
  lanes:
    capacity: 3
    breakdowns: [{every: {exponential: {mean: 2 d}}, repair: {exponential: {mean: 5 h}}}]
stages:
  gate:
    takes: {lanes: 1}
    at_close: pause
    time: {exponential: {mean: 6 min}}
    closures: [{name: wind, every: {exponential: {mean: 3 d}}, lasts: {exponential: {mean: 9 h}}}]
traffic:
  lorries:
    direction: export
    arrivals: {rate: 100 per day}
    route: [gate]
"""


def test_a_longer_warm_up_moves_no_closure_and_no_breakdown(tmp_path):
    base = Variants(port(tmp_path, LUCK))
    longer = base.at({"period.warm_up": "5 weeks"}, name="longer")
    plans = [
        Site(shared.timetable.get(), shared.draft.get()).at()
        for _, _, shared in replications([base.base, longer], 1, [1], 1)
    ]
    short, long = plans
    shift = 4 * 604_800
    for one, other in (
        (short.admits(0), long.admits(0)),
        (short.works(0), long.works(0)),
    ):
        later = other[other[:, 1] > shift] - shift
        assert len(one) > 5
        np.testing.assert_array_equal(np.maximum(later, 0), one)
    fell = long.change_time > shift
    assert len(short.change_time) > 5
    np.testing.assert_array_equal(long.change_time[fell] - shift, short.change_time)
    np.testing.assert_array_equal(long.change_value[fell], short.change_value)


def test_the_curve_from_empty_goes_on_into_the_curve_of_the_period(tmp_path):
    scenario = load(port(tmp_path, LUCK))
    keep = Keep(counterfactuals=False, from_empty=True)
    curves = run_all([scenario], keep, replications=1, how=Execution(audit="none")).curves
    whole = curves[curves["curve"].eq("inside_from_empty")].set_index("x")["mean"]
    period = curves[curves["curve"].eq("inside")].set_index("x")["mean"]
    assert whole.index.min() == -168.0
    np.testing.assert_array_equal(whole[whole.index >= 0.0], period)


# ---- by hand ------------------------------------------------------------------------------------


def test_movement_and_half_width_by_hand():
    """10, 14 against 11, 15: it moves by 1; half-width 12.706 · 2.828 / √2 = 25.41."""
    key = ("", "stay_mean_h")
    values = {0: {key: np.array([10.0, 14.0])}, 4: {key: np.array([11.0, 15.0])}}
    (row,) = shift_when_longer(values, 0, 4)
    assert (row["mean"], row["moved"], row["unit"], row["passes"]) == (12.0, 1.0, "h", "yes")
    assert row["half_width"] == pytest.approx(25.412, abs=1e-3)
    assert row["moved_half_widths"] == pytest.approx(1 / 25.412, abs=1e-5)
    values[4][key] = np.array([12.6, 16.6])
    assert shift_when_longer(values, 0, 4)[0]["passes"] == "no"
    # Without any spread the least movement is too much, but rounding is none.
    still = {0: {key: np.array([2.0, 2.0])}, 4: {key: np.array([2.0, 2.0 + 1e-13])}}
    assert shift_when_longer(still, 0, 4)[0]["passes"] == "yes"
    still[4][key] = np.array([2.1, 2.1])
    assert shift_when_longer(still, 0, 4)[0]["passes"] == "no"


@pytest.mark.parametrize(
    ("stock", "rising"),
    [([0, 10, 20, 40], True), ([0, 10, 12, 12], False), ([0, 30, 35, 36], False)],
)
def test_a_stock_that_settles_rises_ever_less(stock, rising):
    spread = np.array([-1.0, 0.0, 1.0])
    values = {
        week: {("", AT_START): level + spread}
        for week, level in zip((0, 4, 8, 16), stock, strict=True)
    }
    assert keeps_moving(values) is rising


def test_mser5_finds_the_end_of_a_ramp_and_refuses_a_line():
    noise = np.random.default_rng(4).normal(size=900)
    ramp = np.concatenate([np.linspace(-20.0, 0.0, 100), np.zeros(900)])
    ramp[100:] += noise
    assert mser5(ramp) in range(85, 116)
    assert mser5(np.arange(1000.0)) is None
    assert mser5(np.full(100, 0.1)) == 0
    assert mser5(np.arange(40.0)) is None


def test_mser5_is_what_its_formula_says():
    series = np.random.default_rng(5).exponential(size=403).cumsum() ** 0.2
    means = series[:400].reshape(80, 5).mean(axis=1)
    error = [((means[d:] - means[d:].mean()) ** 2).sum() / (80 - d) ** 2 for d in range(75)]
    at = int(np.argmin(error))
    assert mser5(series) == (5 * at if at <= 40 else None)


@pytest.mark.parametrize(
    ("old", "new", "first"),
    [
        ("22 per day}", "22 per day, months: {Mar: 2}}", {"kind": "months", "name": "lorries"}),
        (
            "22 per day}",
            "22 per day, weekdays: {Sun: 0.5}}",
            {"kind": "weekdays", "name": "lorries"},
        ),
        (
            "22 per day}",
            '22 per day, hours: {"08:00-20:00": 1}}',
            {"kind": "hours", "name": "lorries"},
        ),
        (
            "22 per day}",
            "22 per day, follow: day}",
            {"kind": "follow", "name": "lorries", "calendar": "day"},
        ),
        (
            "rate: 22 per day",
            "booked: {calendar: day, per_hour: 2}",
            {"kind": "rule", "name": "lorries"},
        ),
        (
            "  lorries:",
            "  day_factor: {uniform: {low: 0.5, high: 1.5}}\n  lorries:",
            {"kind": "day_factor"},
        ),
        (
            "capacity: 1",
            "capacity: 1, calendar: day",
            {"kind": "calendar", "name": "desk", "calendar": "day"},
        ),
        ("capacity: 1", "roster: [{calendar: day, count: 1}]", {"kind": "roster", "name": "desk"}),
        (
            "takes: {desk: 1}",
            "takes: {desk: 1}, hours: day",
            {"kind": "calendar", "name": "check", "calendar": "day"},
        ),
        (
            "  desk:",
            "  slips: {kind: budget, level: 9, refill: 00:00}\n  desk:",
            {"kind": "refill", "name": "slips"},
        ),
    ],
)
def test_what_follows_a_clock_is_not_stationary(tmp_path, old, new, first):
    calendars = 'calendars: {day: {hours: "08:00-18:00"}, open: {hours: round the clock}}\n'
    text = QUEUE.replace("resources:", calendars + "resources:")
    text = text.replace("takes:", "at_close: finish, takes:")
    assert follows_the_clock(load(port(tmp_path, text))) == {}
    always = port(tmp_path, text, ("capacity: 1", "capacity: 1, calendar: open"))
    assert follows_the_clock(load(always)) == {}
    assert follows_the_clock(load(port(tmp_path, text, (old, new)))) == first

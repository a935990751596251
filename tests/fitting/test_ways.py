"""Shares, orders and directions told from logs of which they are known."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from portsim.fitting.ways import Ways, both_ways
from portsim.gatelog import read_log

FIRST = pd.Timestamp("2025-03-03 06:00")


def log(tmp_path, rows, header="plate,cargo,arrival,gate end,scan end,exit end"):
    path = tmp_path / "gate.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return read_log([path], timezone="Etc/GMT-5")


def at(minutes):
    return (
        ""
        if np.isnan(minutes)
        else f"{FIRST + pd.Timedelta(minutes=float(minutes)):%Y-%m-%d %H:%M}"
    )


def test_trucks_that_are_still_to_be_scanned_when_the_log_ends_do_not_lower_the_share(tmp_path):
    # Every other truck is scanned, which takes a day and a half; the log ends after four days.
    rows, stop = [], 4 * 1440
    for n in range(4 * 144):
        came = n * 10.0
        scanned = came + 2160 if n % 2 else np.nan
        out = (scanned if n % 2 else came) + 30
        stamps = [came, came + 10, scanned, out]
        stamps = [each if not each > stop else np.nan for each in stamps]
        rows.append(f"K{n:04},truck," + ",".join(at(each) for each in stamps))
    told = Ways(log(tmp_path, rows)).share(np.ones(len(rows), dtype=bool), "scan")
    assert told.value == pytest.approx(0.5, abs=0.02)
    assert told.n < 4 * 144
    assert "came too late" in told.note


def test_blank_stamps_of_a_stage_that_some_pass_are_added(tmp_path):
    luck = np.random.default_rng(2)
    rows = []
    for n in range(3000):
        came = n * 5.0
        stamps = [came, came + 10, came + 20 if n % 2 else np.nan, came + 30]
        blank = luck.random(4) < 0.05
        stamps = [np.nan if gone else each for each, gone in zip(stamps, blank, strict=True)]
        rows.append(f"K{n:04},truck," + ",".join(at(each) for each in stamps))
    told = Ways(log(tmp_path, rows)).share(np.ones(3000, dtype=bool), "scan")
    assert told.low <= 0.5 <= told.high
    assert told.value == pytest.approx(0.5, abs=0.015)
    assert "added for stamps that are blank" in told.note


def test_two_routes_in_one_class_are_said(tmp_path):
    rows = []
    for n in range(400):
        came = n * 10.0
        scan, gate = (came + 5, came + 20) if n % 5 == 0 else (came + 20, came + 5)
        rows.append(f"K{n:04},truck,{at(came)},{at(gate)},{at(scan)},{at(came + 30)}")
    ways = Ways(log(tmp_path, rows))
    own = np.ones(400, dtype=bool)
    assert ways.orders(own) == [("gate", "scan", 0.2, 400)]
    assert Ways(log(tmp_path, [r for n, r in enumerate(rows) if n % 5])).orders(own[:320]) == []


def test_a_class_that_goes_both_ways_becomes_two(tmp_path):
    header = "plate,cargo,direction,arrival,gate end"
    rows = [
        f"K{n:03},{'tea' if n % 2 else 'coal'},{'export' if n % 4 == 1 else 'import'},"
        f"{at(n * 10)},{at(n * 10 + 5)}"
        for n in range(200)
    ]
    told = both_ways(log(tmp_path, rows, header))
    assert sorted(told.trucks["truck_class"].unique()) == ["coal", "tea export", "tea import"]
    three = told.trucks["direction"].where(told.trucks.index > 3, "transit")
    lost = both_ways(dataclasses.replace(told, trucks=told.trucks.assign(direction=three)))
    # Of the third direction, which no scenario has, nobody knows which way it goes.
    assert set(lost.trucks["truck_class"][lost.trucks["direction"].isna()]) == {
        "coal transit",
        "tea export transit",
        "tea import transit",
    }
    assert lost.trucks["direction"].isna().sum() == 4


def test_hardly_a_truck(tmp_path):
    for n in (1, 2):
        rows = [f"K{i},truck,{at(i)},{at(i + 5)},,{at(i + 9)}" for i in range(n)]
        told = Ways(log(tmp_path, rows, "plate,cargo,arrival,gate end,scan end,exit end"))
        assert told.share(np.ones(n, dtype=bool), "gate").value == 1.0

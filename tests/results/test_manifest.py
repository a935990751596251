"""The manifest: there and back, the same bytes, and clear words for a damaged one."""

import json
import sys
from dataclasses import replace

import pytest

from portsim.errors import InputError
from portsim.results import (
    Audit,
    Manifest,
    Run,
    ScenarioEntry,
    code_digest,
    digest,
    fingerprint,
    versions,
)

RESOLVED = {"name": "口岸", "stages": {"gate": {"time": 1500}, "exit": {"time": 0.5}}}
MANIFEST = Manifest(
    scenarios=(ScenarioEntry("口岸", RESOLVED, digest(RESOLVED), {"kind": "servers"}),),
    baseline=None,
    seed=2**70,
    replications=20,
    engine="compiled",
    versions={"python": "3.11.9", "numpy": "2.0"},
    fingerprint=fingerprint([digest(RESOLVED)], 2**70, 20),
    run=Run("2026-11-02T09:00:00+08:00", "2026-11-02T09:01:00+08:00", 60.0, 2),
)


def test_there_and_back():
    data = MANIFEST.to_bytes()
    assert Manifest.from_bytes(data) == MANIFEST
    assert data.endswith(b"}\n")
    assert "口岸".encode() in data
    assert list(json.loads(data)) == sorted(json.loads(data))


def test_audit_and_failures_are_kept_and_may_be_missing_from_older_folders():
    told = replace(MANIFEST, audit=Audit("full", 41_234), failures=("replication 2 of a (seed 1)",))
    assert Manifest.from_bytes(told.to_bytes()) == told
    older = json.loads(told.to_bytes())
    assert older.pop("audit") == {"mode": "full", "visits": 41_234}
    assert older.pop("failures") == ["replication 2 of a (seed 1)"]
    found = Manifest.from_bytes(json.dumps(older).encode())
    assert (found.audit, found.failures) == (Audit("none", 0), ())


def test_only_the_run_block_differs_between_identical_runs():
    other = replace(MANIFEST, run=Run("2027-01-01T00:00:00+00:00", "x", 1.5, 8))
    one, two = json.loads(MANIFEST.to_bytes()), json.loads(other.to_bytes())
    assert one.pop("run") != two.pop("run")
    assert one == two


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not the manifest"),
        (b"[]", "not the manifest"),
        (b"{}", "not the manifest"),
        (b"\xff\xfe", "not the manifest"),
        (b'{"format": "1"}', "not the manifest"),
        (b"[" * 100_000, "not the manifest"),
        (b'{"format": 1}', "damaged: KeyError 'scenarios'"),
        (b'{"format": 1, "scenarios": [1]}', "damaged: TypeError"),
        (b'{"format": 99}', "newer portsim.*update portsim"),
    ],
)
def test_a_damaged_or_newer_manifest_is_named(data, words):
    with pytest.raises(InputError, match=rf"here\.json: {words}|here\.json: .*{words}"):
        Manifest.from_bytes(data, "here.json")


def test_what_json_cannot_hold_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        digest({"x": float("nan")})


def test_fingerprint_sees_every_input():
    base = fingerprint(["a"], 1, 10)
    assert fingerprint(["a"], 1, 10) == base
    others = [
        fingerprint(["a"], 2, 10),
        fingerprint(["a"], 1, 11),
        fingerprint(["a", "a"], 1, 10),
        fingerprint(["a", "b"], 1, 10),
        fingerprint(["b", "a"], 1, 10),
        fingerprint(["b"], 1, 10),
        fingerprint(["a"], 1, 10, baseline="口岸"),
        fingerprint(["a"], 1, 10, options={"precision": "1%"}),
    ]
    assert len({base, *others}) == 9
    assert len(base) == 64


def test_versions_are_collected_without_an_import():
    before = set(sys.modules)
    found = versions()
    assert {"python", "portsim", "numpy", "tzdata"} <= set(found)
    assert list(found) == sorted(found)
    assert not {"simpy", "holidays"} & (set(sys.modules) - before)


def test_the_digest_of_the_code_is_the_same_as_long_as_the_code_is():
    assert code_digest() == code_digest()
    assert len(code_digest()) == 64

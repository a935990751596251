"""Files as nobody should write them: refused in words with a place, quickly, or read."""

import pytest

import damage
from damage import LONGEST_S, limited, outcome
from portsim.checking import load
from portsim.errors import MOST_SHOWN, ScenarioError
from thorough import cases

PATIENCE_S = 6 * LONGEST_S
HEAD = "timezone: Asia/Shanghai\nperiod: {from: 2024-09-16, to: 2024-09-22}\n"
PORT = HEAD + "stages: {gate: {time: 3 min}}\n"
TRAFFIC = "traffic: {t: {direction: import, arrivals: {rate: 9 per day}, route: [gate]}}\n"


def read(folder, data: str | bytes):
    """The faults of a file, read within seconds, on a slow machine too."""
    file = folder / "x.yaml"
    file.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    with limited(PATIENCE_S), pytest.raises(ScenarioError) as caught:
        load(file)
    return caught.value


@pytest.mark.parametrize("first", range(0, cases(120, 240), 60))
def test_mutated_files_are_read_or_refused_with_a_place(tmp_path, first):
    """As proof/hostile.py does with far more of them."""
    all_ = damage.seeds()
    damage.lay_out(tmp_path)
    found = set()
    for number in range(first, first + 60):
        file, name = damage.put(number, all_, tmp_path)
        with limited(PATIENCE_S):
            try:
                found.add(outcome(file))
            except Exception as error:
                pytest.fail(f"mutation {number} of {name}: {error!r}")
    assert found == {"refused", "valid"}


def test_the_seeds_themselves_are_right(tmp_path):
    damage.lay_out(tmp_path)
    seeds = damage.seeds()
    assert len(seeds) > 30
    valid = 0
    for seed in seeds:
        file = tmp_path / seed.folder / "mutated.yaml"
        file.write_text(seed.text, encoding="utf-8")
        valid += outcome(file) == "valid"
    # Examples of the manual may be parts of files, or say something of others of their page.
    assert valid > 0.7 * len(seeds)


@pytest.mark.parametrize(
    "data",
    [
        b"a\x00",
        b"\x00" * 100,
        b"x",
        b"[1]",
        b"",
        b"\xef\xbb\xbf",
        b"\xff\xfea\x00",
        "timezone: UTC\n".encode("utf-16"),
        bytes(range(256)),
        b"%YAML 1.1\n",
        b"? ",
        b'a: "\\ud800"',
        b"a: " + b"9" * 5000,
        b"a: 1e999",
    ],
)
def test_what_is_no_scenario_is_refused(tmp_path, data):
    assert read(tmp_path, data).faults


@pytest.mark.parametrize(
    "text",
    [
        "traffic:\n    p: {s}\n    e: {e: {l: {}},s: []}",
        "traffic:\n  p: {k: {t: []}}\n  e:\n   l:",
        "stages: {a: {b: {}}}\ntraffic: {a: {route: {b: 1}, arrivals: {}}, b: {}}",
    ],
)
def test_two_faults_of_which_one_takes_the_place_of_the_other_away(tmp_path, text):
    faults = read(tmp_path, text).faults
    assert all(fault.line > 0 or not fault.path for fault in faults)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ('"a\\0"', "U+0000"),
        ("x.yaml", "extends itself"),
        (".", "no such file"),
        ("/", "no such file"),
        ("/dev/null", "no such file"),
        ('"\\x01"', "no such file"),
        ("[" + ", ".join(["x.yaml"] * 40_000) + "]", "a list of 40,000 files"),
    ],
)
def test_a_base_that_cannot_be(tmp_path, written, found):
    error = read(tmp_path, f"extends: {written}\n")
    assert all(fault.line == 1 for fault in error.faults)
    assert found in str(error) or "circular" in error.faults[0].code


def test_the_first_faults_are_told_and_the_rest_counted(tmp_path):
    error = read(tmp_path, PORT + TRAFFIC + "".join(f"k{n}: {n}\n" for n in range(5000)))
    assert len(error.faults) == 5000
    told = str(error).split("\n")
    assert told[-1] == "and 4,950 more"
    assert sum(": error: " in line for line in told) == MOST_SHOWN
    assert [fault.line for fault in error.shown] == list(range(5, 55))


def test_few_faults_are_all_told(tmp_path):
    error = read(tmp_path, PORT + TRAFFIC + "".join(f"k{n}: {n}\n" for n in range(MOST_SHOWN)))
    assert error.shown == error.faults
    assert error.rest == ""
    assert "more" not in str(error).split("\n")[-1]


def many(count, line):
    return "".join(line.format(n=n) for n in range(count))


RATE = "arrivals: {{rate: 1 per day}}"
LARGE = {
    "unknown keys": PORT + TRAFFIC + many(4_000, "k{n}: {n}\n"),
    "unknown zones": PORT + TRAFFIC + "calendars:\n" + many(2700, "  c{n}: {{timezone: A/{n}}}\n"),
    "unknown stages": HEAD
    + "stages:\n"
    + many(1000, "  gate{n}: {{time: 3 min}}\n")
    + "traffic:\n"
    + many(1000, f"  t{{n}}: {{{{direction: export, {RATE}, route: [gates{{n}}]}}}}\n"),
    "wrong times": HEAD + TRAFFIC + "stages:\n" + many(2000, "  s{n}: {{time: {{mean: 5}}}}\n"),
    "values": "a: [" + "1," * 150_000 + "1]\n",
    "keys twice": "a: 1\n" * 60_000,
    "brackets": "a: " + "[" * 300_000,
    "dashes": "- " * 130_000,
    "tags": "a:\n" + "- !x y\n" * 40_000,
    "control characters": "\x01" * 300_000,
}


@pytest.mark.parametrize("kind", LARGE)
def test_a_large_file_is_refused_in_time_that_grows_with_it(tmp_path, kind):
    """All take less than a second; in the square of their size each took a minute."""
    assert 25_000 < len(LARGE[kind]) < 350_000
    assert read(tmp_path, LARGE[kind]).faults


def test_aliases_that_multiply_are_refused_before_they_do(tmp_path):
    bomb = ["a0: &a0 [1, 1]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    (fault,) = read(tmp_path, "\n".join(bomb)).faults
    assert (fault.code, fault.line > 0) == ("alias-bomb", True)


def test_aliases_that_only_deepen_are_refused_as_too_deep(tmp_path):
    chain = ["a0: &a0 [1]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 3000)]
    (fault,) = read(tmp_path, "\n".join(chain)).faults
    assert (fault.code, fault.line) == ("too-deep", 50)


def test_a_key_as_long_as_a_novel_is_told_in_short(tmp_path):
    error = read(tmp_path, PORT + TRAFFIC + "stages: {" + "k" * 100 + "\u202e" * 9 + "x: 1}\n")
    assert len(str(error)) < 2000
    assert "\u202e" not in str(error)

"""Mutation testing: are the tests of engines, calendars and measures broken by broken code?

A random sample of places in the code of each room; at each one random change by the operators of
cosmic-ray (`+` becomes `-`, `<` becomes `<=`, 1 becomes 2, ...), in a copy of the tree, with
Numba's compilation off. A change that all tests of the room pass has survived: either a test is
missing or the change changes nothing that anyone can see, and proof/survivors.toml says why.
Writes docs/proof/mutation.md; ends with 1 if a survivor is not explained there.

    python proof/mutation.py [--sample 60] [--seed 1] [--rooms engines …] [--session FILE] [--out …]

With a session file, what was killed or is explained is not tried again: tests are only ever
added. Another seed draws other places; only those can judge tests that were mended after seed 1.
"""

import argparse
import ast
import compileall
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from py_compile import PycInvalidationMode

# Much is loaded only so that the process of each mutant has it when it forks off.
import astral.sun  # noqa: F401
import cosmic_ray.plugins
import holidays.countries.china
import holidays.countries.kazakhstan  # noqa: F401
import hypothesis
import numba
import pandas  # noqa: F401
import pyarrow  # noqa: F401
import pytest
import scipy.special  # noqa: F401
import simpy  # noqa: F401
from cosmic_ray.commands.init import init
from cosmic_ray.mutating import mutate_code, use_mutation
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec
from scipy import stats

ROOT = Path(__file__).parents[1]
PLAINLY = ("-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--assert=plain")
LEAST_TIMEOUT_S, TIMES_CLEAN = 30.0, 5.0

TEXT = (
    "At places drawn at random in the code of each room, one random change each; then the tests of "
    "the room alone, which should fail. Numba's compilation was off, so that the compiled engine "
    "is changed as well. Left out are types, and Numba's decorators, which do nothing then. Of the "
    "tests of the engines those that take minutes without compilation did not run. Changes by"
)
NOTES = (
    "*Alike* are changes that nobody can see, for the reasons below; they count in no score. The "
    "interval is Wilson's, for all places of the room. The score at first is the estimate of how "
    "good the tests were; what is killed now was killed by tests written for these very changes. "
    "{slow} of the killed ran out of time (five times what the right code takes, half a minute at "
    "least)."
)

AUDITS = "right_agrees or wrong_before or wrong_after or many_wrong or departure or left_out"
_ENGINES = "tests/engines/test_"
ROOMS: dict[str, list[list[str]]] = {
    "engines": [
        [f"{_ENGINES}days_by_hand_{what}.py" for what in ("queues", "hours", "tokens", "claims")],
        ["tests/cli/test_progress.py", "-k", "test_an_engine"],
        ["tests/experiment/test_audit.py", "-k", AUDITS],
        [f"{_ENGINES}parity_edges.py", "-k", "not 63_bits and not without_compiling"],
        ["tests/experiment/test_study.py", "-k", "circular_wait"],
        [f"{_ENGINES}properties.py", "-k", "word_by_word"],
    ],
    "calendars": [
        [f"tests/calendars/test_{what}.py" for what in ("open_time", "capacity_steps", "zones")],
        [f"tests/calendars/test_{what}.py" for what in ("holiday_days", "openings", "daylight")],
    ],
    "measures": [
        [f"tests/measures/test_{what}.py" for what in ("days_by_hand", "curves", "balance")],
        ["tests/measures/test_properties.py"],
    ],
}
"""Tests of each room, cheap and sharp ones first."""
LATER = tuple(f"portsim.{room}" for room in (*ROOMS, "plan", "demand"))


@dataclass(frozen=True)
class Mutant:
    """One change of one place."""

    spec: MutationSpec
    file: str
    line: int
    before: str
    after: str

    @property
    def name(self) -> str:
        """What it is known by, as long as the code around it stays."""
        where = f"{self.file}:{self.spec.start_pos[0]}:{self.spec.start_pos[1]}"
        return f"{where} {self.spec.operator_name} {self.spec.occurrence}"

    @property
    def line_change(self) -> tuple[str, str, str]:
        """The file, and the line before and after."""
        return self.file, self.before, self.after


# ---- the sample --------------------------------------------------------------------------------


def places(room: str, folder: Path) -> dict[tuple[str, tuple[int, int]], list[MutationSpec]]:
    """All changes of a room by the place in the code that they change."""
    files = sorted((ROOT / "src/portsim" / room).rglob("*.py"))
    found = defaultdict(list)
    with use_db(folder / f"{room}.sqlite", WorkDB.Mode.create) as database:
        init(files, database, {})
        specs = [item.mutations[0] for item in database.work_items]
    hints = {file: list(_annotations(file)) for file in files}
    for spec in sorted(specs, key=lambda s: (s.module_path, s.start_pos, s.operator_name)):
        if any(a <= spec.start_pos < b for a, b in hints[spec.module_path]):
            continue
        if "compiled" in spec.module_path.parts and spec.operator_name == "core/RemoveDecorator":
            continue
        found[str(spec.module_path.relative_to(ROOT)), spec.start_pos].append(spec)
    return found


def _annotations(file: Path) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where a file speaks of types, which nothing computes with."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        for hint in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if hint is not None:
                yield (hint.lineno, hint.col_offset), (hint.end_lineno, hint.end_col_offset)


def sample(room: str, size: int, seed: int, folder: Path) -> tuple[list[Mutant], int]:
    """So many mutants of a room, each at a place of its own, and how many places there are.

    A larger sample of the same seed has the smaller one as its beginning.
    """
    found = places(room, folder)
    luck = random.Random(f"{seed} {room}")
    chosen = sorted(found)
    luck.shuffle(chosen)
    return [mutant(luck.choice(found[place])) for place in chosen[:size]], len(found)


def mutant(spec: MutationSpec) -> Mutant:
    """A change with the lines that it turns into others."""
    operator = cosmic_ray.plugins.get_operator(spec.operator_name)(**spec.operator_args)
    old = spec.module_path.read_text(encoding="utf-8")
    new = mutate_code(old, operator, spec.occurrence)
    olds, news = old.split("\n"), new.split("\n")
    line = next(k for k, (a, b) in enumerate(zip(olds, news, strict=False)) if a != b)
    file = str(spec.module_path.relative_to(ROOT))
    return Mutant(spec, file, line + 1, olds[line].strip(), news[line].strip())


def copied(folder: Path) -> Path:
    """A copy of the tree, its room `scenario` loaded: it comes before all that is changed."""
    for part in ("src", "tests", "scenarios"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    compileall.compile_dir(folder, quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)
    sys.dont_write_bytecode = True
    numba.config.DISABLE_JIT = True
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    sys.path.insert(0, str(folder / "src"))
    os.environ["PYTHONPATH"] = str(folder / "src")
    for module in sorted((folder / "src/portsim/scenario").glob("[a-z]*.py")):
        import_module(f"portsim.scenario.{module.stem}")
    if late := [name for name in sys.modules if name.startswith(LATER)]:
        raise ImportError(f"loaded before it can be changed: {late}")
    return folder


# ---- one mutant --------------------------------------------------------------------------------


def tested(tree: Path, tests: list[str], timeout: float) -> tuple[str, float]:
    """Run tests in a process of their own: passed, failed or timeout; and seconds."""
    began = time.monotonic()
    child = os.fork()
    if not child:
        os.setsid()
        code = _in_child(tree, tests)
        sys.stdout.flush()
        os._exit(code)
    while time.monotonic() - began < timeout:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            passed = os.waitstatus_to_exitcode(status) == 0
            return ("passed" if passed else "failed"), time.monotonic() - began
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout", time.monotonic() - began


def _in_child(tree: Path, tests: list[str]) -> int:
    try:
        os.chdir(tree)
        with (tree / "last-run.txt").open("w") as said:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
        # A failure is enough; the smallest one is of no interest here.
        hypothesis.settings.register_profile(
            "mutation",
            phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
            database=None,
            derandomize=True,
        )
        hypothesis.settings.load_profile("mutation")
        return int(pytest.main([*PLAINLY, *tests]))
    except BaseException:
        traceback.print_exc(file=sys.stdout)
        return 1


def first_failing(tree: Path, room: str, limits: list[float]) -> tuple[int, str]:
    """The first group of tests that does not pass, and how; -1 if all pass."""
    for number, (tests, limit) in enumerate(zip(ROOMS[room], limits, strict=True)):
        how, _ = tested(tree, tests, limit)
        if how != "passed":
            return number, how
    return -1, "survived"


def tried(tree: Path, room: str, one: Mutant, limits: list[float]) -> dict[str, object]:
    """What became of a mutant."""
    operator = cosmic_ray.plugins.get_operator(one.spec.operator_name)(**one.spec.operator_args)
    with use_mutation(tree / one.file, operator, one.spec.occurrence):
        group, how = first_failing(tree, room, limits)
    return {"outcome": how, "group": group, "before": one.before, "after": one.after}


# ---- all of them -------------------------------------------------------------------------------


def main() -> int:
    """Try a sample; 1 if a survivor is not explained."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--sample", type=int, default=60, help="places in each room")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rooms", nargs="+", default=list(ROOMS), choices=list(ROOMS))
    parser.add_argument("--session", type=Path, help="file that keeps what became of each")
    parser.add_argument("--out", type=Path, default=Path("docs/proof"))
    ask = parser.parse_args()
    known: dict[str, dict] = {}
    if ask.session and ask.session.exists():
        known = json.loads(ask.session.read_text(encoding="utf-8"))
    excuses = _excuses()
    counted: dict[str, tuple[list[Mutant], int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        tree = copied(Path(folder) / "tree")
        for room in ask.rooms:
            counted[room] = sample(room, ask.sample, ask.seed, Path(folder))
            limits = []
            for tests in ROOMS[room]:
                how, seconds = tested(tree, tests, 3600.0)
                if how != "passed":
                    print((tree / "last-run.txt").read_text(encoding="utf-8"))
                    return 1
                limits.append(max(LEAST_TIMEOUT_S, TIMES_CLEAN * seconds))
                print(f"{room}: {' '.join(tests)}: {seconds:.0f} s", flush=True)
            for one in counted[room][0]:
                past = known.get(one.name)
                if not past or (past["outcome"] == "survived" and one.line_change not in excuses):
                    now = tried(tree, room, one, limits)
                    known[one.name] = {"at_first": now["outcome"], **(past or {}), **now}
                    if ask.session:
                        ask.session.write_text(json.dumps(known, indent=1), encoding="utf-8")
                told = known[one.name]
                where = f"{one.file}:{one.line}"
                print(f"{told['outcome']:8} {where}: {one.before} -> {one.after}", flush=True)
        return written(counted, known, excuses, ask.out)


# ---- the page ----------------------------------------------------------------------------------


def written(
    counted: dict[str, tuple[list[Mutant], int]],
    known: dict[str, dict[str, str]],
    excuses: dict[tuple[str, str, str], str],
    out: Path,
) -> int:
    """Write docs/proof/mutation.md; 1 if a survivor is not explained."""
    from page import heading  # noqa: PLC0415 - it loads portsim

    lines = heading("Mutation testing", f"{TEXT} cosmic-ray {version('cosmic-ray')}.", "mutation")
    lines += [
        "| room | places | tried | alike | killed at first | killed now | score at first, 95 % |",
        "| --- | --: | --: | --: | --: | --: | --- |",
    ]
    told: list[str] = []
    unexplained = 0
    for room, (chosen, count) in counted.items():
        rows = [known[one.name] for one in chosen]
        left = [one for one in chosen if known[one.name]["outcome"] == "survived"]
        alike = [one for one in left if one.line_change in excuses]
        unexplained += len(left) - len(alike)
        first = sum(row["at_first"] != "survived" for row in rows)
        able = len(rows) - len(alike)
        score = stats.binomtest(first, able).proportion_ci(0.95, method="wilson")
        lines.append(
            f"| {room} | {count} | {len(rows)} | {len(alike)} | {first} | {len(rows) - len(left)} "
            f"| {first / able:.0%} ({score.low:.0%} to {score.high:.0%}) |"
        )
        for one in chosen:
            row = known[one.name]
            if row["at_first"] == "survived":
                why = excuses.get(one.line_change, "**not explained**")
                why = why if row["outcome"] == "survived" else "killed now"
                told.append(f"- `{one.file}:{one.line}`: {why}")
                told += ["  ```diff", f"  - {one.before}", f"  + {one.after}", "  ```"]
    slow = sum(
        known[one.name]["outcome"] == "timeout" for some, _ in counted.values() for one in some
    )
    lines += ["", NOTES.format(slow=slow), "", "## What survived at first", "", *told]
    out.mkdir(parents=True, exist_ok=True)
    (out / "mutation.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines[6 : 8 + len(counted)]))
    print(f"{unexplained} survivors are not explained")
    return int(unexplained > 0)


def _excuses() -> dict[tuple[str, str, str], str]:
    """Why a mutant behaves like the code it was made of, by file and the two lines."""
    text = (ROOT / "proof/survivors.toml").read_text(encoding="utf-8")
    return {(e["file"], e["before"], e["after"]): e["why"] for e in tomllib.loads(text)["alike"]}


if __name__ == "__main__":
    sys.exit(main())

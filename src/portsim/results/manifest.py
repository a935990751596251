"""The room of results: what a result folder says about its own making; no tables.

Everything but the ``run`` block is the same for identical runs, byte for byte.
"""

import datetime as dt
import hashlib
import json
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from portsim.errors import InputError
from portsim.wording import say

__all__ = [
    "FORMAT",
    "Audit",
    "Manifest",
    "Run",
    "ScenarioEntry",
    "Stopwatch",
    "code_digest",
    "counted",
    "digest",
    "fingerprint",
    "versions",
]

FORMAT = 1
"""Version of the folder's layout. Raise it when an older reader would misread a newer folder."""

_PACKAGES = (
    *("portsim", "astral", "holidays", "numba", "numpy", "pandas", "pyarrow", "pydantic"),
    *("scipy", "simpy", "tzdata"),
)


@dataclass(frozen=True, slots=True)
class ScenarioEntry:
    """One scenario of a result folder.

    Attributes:
        name: its name, unique in the folder.
        resolved: what the scenario says, bases and overlays merged, each value in one spelling;
            made of JSON types only.
        hash: of the values and of what stood in attached files, in hex: two scenarios with the
            same hash say the same.
        overload: where more was asked than could be given, the worst place of them: ``kind``
            (servers, budget or stage), ``place``, its ``label``, ``load`` (asked over given, null
            if nothing was given), and ``from`` which date on for how many ``days``; empty if it is
            not overloaded.
        period: ``from`` and ``to`` (exclusive) as ISO 8601 with offset, and the ``timezone``.
        limit_h: hours of the promise on trial.
        clock: when the clock of the promise starts: ``arrival``, or a stage and what happens there;
            empty in folders older than that.
        timetable: the open hours of an ordinary week for the timetable picture.
        sources: where values come from: path, value, source, confidence, range, note.
        replications: those that came to an end, on which its figures rest; None in folders older
            than that.
        capacity: at which multiple of the demand most trucks pass, what limits them, and what
            happens beyond; empty where it was not looked for. See docs/reference/result-folder.md.
        trucks: digest of what its trucks are drawn from: scenarios with the same one meet the very
            same trucks in each replication; empty in folders older than that.
        unpriced: servers without a `cost_per_staffed_hour` where others have one: they count as
            free in `staff_cost_per_day`.
        inputs: how many inputs are measured, second_hand, derived, assumed and unmarked; empty in
            folders older than that, and for a scenario made in code.
        warnings: what it says and perhaps does not mean: ``file`` and ``line`` where it stands,
            ``path``, ``code`` of the kind, and in words what was ``found``, what was ``expected``,
            and a ``hint``.
        currency: ISO 4217 code of its amounts; empty without any.
    """

    name: str
    resolved: Mapping[str, Any]
    hash: str
    overload: Mapping[str, Any] = field(default_factory=dict)
    period: Mapping[str, str] = field(default_factory=dict)
    limit_h: float | None = None
    clock: str = ""
    timetable: Mapping[str, Any] = field(default_factory=dict)
    sources: list[Mapping[str, Any]] = field(default_factory=list)
    inputs: Mapping[str, int] = field(default_factory=dict)
    warnings: list[Mapping[str, Any]] = field(default_factory=list)
    replications: int | None = None
    capacity: Mapping[str, Any] = field(default_factory=dict)
    unpriced: list[str] = field(default_factory=list)
    trucks: str = ""
    currency: str = ""

    @property
    def overloaded(self) -> bool:
        """Whether more was asked than can be given, so that its figures hold for the period."""
        return bool(self.overload)

    @property
    def promise(self) -> tuple[float | None, str]:
        """What the on-time share is of; shares of unlike promises are no measure in common."""
        return self.limit_h, self.clock


@dataclass(frozen=True, slots=True)
class Run:
    """When and how the folder was made; the one part that differs between identical runs.

    Attributes:
        started: ISO 8601 with offset.
        finished: ISO 8601 with offset.
        seconds: wall-clock time between the two, s.
        workers: threads or processes that shared the work.
    """

    started: str
    finished: str
    seconds: float
    workers: int


class Stopwatch:
    """Times the making of a study, from when the object is made."""

    def __init__(self) -> None:
        self._started, self._clock = dt.datetime.now(dt.UTC).astimezone(), time.monotonic()

    def run(self, workers: int) -> Run:
        """What the manifest says of the time up to now.

        Args:
            workers: see `Run`.
        """
        return Run(
            started=self._started.isoformat(timespec="seconds"),
            finished=dt.datetime.now(dt.UTC).astimezone().isoformat(timespec="seconds"),
            seconds=round(time.monotonic() - self._clock, 1),
            workers=workers,
        )


@dataclass(frozen=True, slots=True)
class Audit:
    """Whether another engine looked over the shoulder of the one that ran.

    Attributes:
        mode: ``default``, ``full`` or ``none``.
        visits: on which SimPy agrees; a disagreement would have ended the study.
    """

    mode: str = "none"
    visits: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """What manifest.json says.

    Attributes:
        scenarios: in the order of the tables.
        baseline: name of the scenario the others are compared with; None without a comparison.
        seed: of all random streams.
        replications: of each scenario.
        engine: ``simpy`` or ``compiled``.
        versions: of Python and of the packages that can change a figure, see `versions`.
        fingerprint: of the inputs, see `fingerprint`.
        run: when and how.
        audit: see `Audit`.
        failures: runs that failed and are missing from the tables, in words.
        statistics: what was asked of precision and selection and what came of it, and what common
            random numbers and antithetic pairs gave; see docs/how-to/precision.md. JSON types only.
        format: version of the folder's layout.
        kind: what kind of folder it is, e.g. ``sweep``; empty for a run or a comparison.
        study: what was asked of it, made of JSON types only; empty but for other kinds.
    """

    scenarios: tuple[ScenarioEntry, ...]
    baseline: str | None
    seed: int
    replications: int
    engine: str
    versions: Mapping[str, str]
    fingerprint: str
    run: Run
    audit: Audit = Audit()
    failures: tuple[str, ...] = ()
    statistics: Mapping[str, Any] = field(default_factory=dict)
    format: int = FORMAT
    kind: str = ""
    study: Mapping[str, Any] = field(default_factory=dict)

    @property
    def lacking(self) -> dict[str, int]:
        """Scenarios of which runs are missing, and how many of their replications there are."""
        return {
            entry.name: entry.replications
            for entry in self.scenarios
            if entry.replications is not None and entry.replications < self.replications
        }

    @property
    def same_trucks(self) -> bool:
        """Whether all scenarios are known to meet the very same trucks."""
        drawn = {scenario.trucks for scenario in self.scenarios}
        return len(drawn) == 1 and "" not in drawn

    @property
    def other_trucks(self) -> list[str]:
        """Names of the scenarios that meet other trucks than the baseline, or than the first."""
        first = next((s for s in self.scenarios if s.name == self.baseline), self.scenarios[0])
        return [s.name for s in self.scenarios if first.trucks != s.trucks]

    def to_bytes(self) -> bytes:
        """The text of manifest.json: UTF-8, keys sorted, indented, one newline at the end.

        Raises ValueError or TypeError if a resolved scenario holds what JSON cannot (NaN, dates).
        """
        content = asdict(self)
        if not self.kind:
            del content["kind"], content["study"]
        text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
        return (text + "\n").encode("utf-8")

    @classmethod
    def from_bytes(cls, data: bytes, name: str = "manifest.json") -> "Manifest":
        """Read the text of a manifest.json; the inverse of `to_bytes`.

        In: the bytes, and the file's name for messages. Raises InputError if they are not a
        portsim manifest, or one of a newer layout. Unknown keys are passed over.
        """
        try:
            content = json.loads(data.decode("utf-8-sig"))
            layout = content["format"]
            if not isinstance(layout, int):
                raise TypeError(layout)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            msg = f"{name}: not the manifest of a portsim result folder"
            raise InputError(msg) from error
        if layout > FORMAT:
            msg = (
                f"{name}: written by a newer portsim (layout {layout}, this one reads up to "
                f"{FORMAT}); update portsim to read it"
            )
            raise InputError(msg)
        try:
            return cls(
                scenarios=tuple(_entry(entry) for entry in content["scenarios"]),
                baseline=content["baseline"],
                seed=content["seed"],
                replications=content["replications"],
                engine=content["engine"],
                versions=dict(content["versions"]),
                fingerprint=content["fingerprint"],
                run=Run(**{key: content["run"][key] for key in Run.__dataclass_fields__}),
                audit=Audit(**content.get("audit", {})),
                failures=tuple(content.get("failures", ())),
                statistics=dict(content.get("statistics", {})),
                format=layout,
                kind=str(content.get("kind", "")),
                study=dict(content.get("study", {})),
            )
        except (KeyError, TypeError, ValueError) as error:
            msg = f"{name}: damaged: {type(error).__name__} {error}"
            raise InputError(msg) from error


def _entry(entry: Mapping[str, Any]) -> ScenarioEntry:
    known = {key: entry[key] for key in ScenarioEntry.__dataclass_fields__ if key in entry}
    if entry.get("note") and "overload" not in entry:
        # A folder of before 0.2 says in English only why it is overloaded.
        known["overload"] = {"kind": "unknown"}
    return ScenarioEntry(**known)


def counted(manifest: Manifest) -> str:
    """On how many replications figures rest, in words; where some are missing, on how many less.

    ``5 replications``; ``3 of 5 replications`` of the only scenario, or of all of them; ``5
    replications (short 3 of them)``; ``5 replications (2 runs missing)`` where the scenarios are
    those of many points.
    """
    lacking, failed = manifest.lacking, len(manifest.failures)
    count = (
        say("1 replication")
        if manifest.replications == 1
        else say("{count} replications", count=manifest.replications)
    )
    if not lacking:
        if failed == 1:
            return say("{count} (1 run missing)", count=count)
        return (
            say("{count} ({failed} runs missing)", count=count, failed=failed) if failed else count
        )
    if len(lacking) == len(manifest.scenarios) and len(set(lacking.values())) == 1:
        return say("{there} of {count}", there=next(iter(lacking.values())), count=count)
    parts = [
        say("{policy} {there} of them", policy=name, there=there) for name, there in lacking.items()
    ]
    return say("{count} ({parts})", count=count, parts=say(", ").join(parts))


def _canonical(value: Any) -> bytes:
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode("utf-8")


def fingerprint(
    scenarios: Sequence[str],
    seed: int,
    replications: int,
    baseline: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> str:
    """SHA-256 (hex) of everything a person put in, as canonical JSON.

    In: the hashes of the scenarios in their order (`ScenarioEntry.hash`), seed, number of
    replications, baseline, what else was asked that changes the outcome (none or empty: nothing).
    The engine is no part of it, because it never changes a result. Raises ValueError or TypeError
    for what JSON cannot hold.
    """
    inputs = {
        "baseline": baseline,
        "replications": replications,
        "scenarios": list(scenarios),
        "seed": seed,
        **({"asked": dict(options)} if options else {}),
    }
    return digest(inputs)


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of something as canonical JSON.

    Raises ValueError or TypeError for what JSON cannot hold.
    """
    return hashlib.sha256(_canonical(content)).hexdigest()


def versions() -> dict[str, str]:
    """Versions of Python and of the installed packages that can change a figure, sorted by name.

    Read once a process, from the packages' metadata; none is imported. A package that is absent is
    left out.
    """
    return dict(_versions())


@cache
def _versions() -> dict[str, str]:
    known = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            known[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return dict(sorted(known.items()))


@cache
def code_digest() -> str:
    """SHA-256 (hex) of portsim's own source: runs of another code are never mixed in.

    Read once a process: what is changed meanwhile is not what runs.
    """
    check = hashlib.sha256()
    package = Path(__file__).parents[1]
    for file in sorted(package.rglob("*.py")):
        check.update(file.relative_to(package).as_posix().encode())
        check.update(file.read_bytes())
    return check.hexdigest()

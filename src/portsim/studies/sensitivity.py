"""A sensitivity study: which assumption moves the answer, and which alone could turn it.

What is asked is settled here, conducted, and handed over as one table.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from portsim import experiment
from portsim.arrays import Reals
from portsim.errors import InputError, ScenarioError
from portsim.experiment.conduct import inputs
from portsim.experiment.describe import entry
from portsim.experiment.writing import write_folder
from portsim.figures.painters import Painters
from portsim.measures import UNITS, unit_of
from portsim.results import Manifest, digest, write_files
from portsim.results.sensitivity import METHODS, to_files
from portsim.scenario.measured import COUNTERFACTUAL
from portsim.scenario.text import nearest, short
from portsim.studies.assumptions import Assumption, NotVaried, assumptions, refusal
from portsim.studies.one_at_a_time import one_at_a_time, pairs
from portsim.studies.rounds import Rounds
from portsim.studies.screening import design, screen
from portsim.studies.varied import Variants

__all__ = ["KIND", "Asked", "Sensitivity", "ask", "sensitivity"]

KIND = "sensitivity"
ONE = "one-at-a-time"
_MOST_REASONS = 3


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """What a sensitivity study is to find out.

    Attributes:
        policies: files that were read.
        baseline: name of the one the others are held against.
        method: ``one-at-a-time``, ``morris`` or ``sobol``.
        measure: name of a measure of the whole port.
        cls: class of trucks, a direction, or ``all``.
        found: what is varied.
        left: marked inputs that are listed only.
        points: float64[p, k], where all assumptions are tried together; None one at a time.
        words: the options behind it, made of JSON types.
    """

    policies: tuple[Variants, ...]
    baseline: str
    method: str
    measure: str
    cls: str
    found: tuple[Assumption, ...]
    left: tuple[NotVaried, ...]
    points: Reals | None
    words: dict[str, Any]

    @property
    def variants(self) -> int:
        """How many scenarios are run, without those of the search for tipping points."""
        if self.points is not None:
            return len(self.policies) * (1 + len(self.points))
        return len(self.policies) + sum(len(one.ends) * len(one.places) for one in self.found)

    def seconds_per_run(self, engine: str) -> float:
        """Wall-clock time of one run of the first policy, s; the compiled engine warms up first."""
        clock = 0.0
        for _ in range(2 if engine == "compiled" else 1):
            clock = time.monotonic()
            experiment.many(
                [self.policies[0].base],
                replications=1,
                engine=engine,
                jobs=1,
                audit="none",
                counterfactuals=False,
                curves=False,
                measures=frozenset({self.measure}),
            )
        return time.monotonic() - clock

    def identity(self, replications: int | None, seed: int | None) -> str:
        """The fingerprint of all that the study is made of.

        Raises:
            InputError: names clash or periods differ.
        """
        *_, print_ = inputs([one.base for one in self.policies], None, replications, seed)
        said = {"kind": KIND, "runs": print_, "baseline": self.baseline, **self.words}
        return digest(said)


@dataclass(frozen=True, eq=False, slots=True)
class Sensitivity:
    """The outcome of a sensitivity study.

    Attributes:
        manifest: the policies as they stand in their files, and what was asked.
        table: the columns of sensitivity.csv, see `portsim.results.sensitivity`.
        journal: where the finished runs were kept; removed once the study is written beside it.
    """

    manifest: Manifest
    table: pd.DataFrame
    journal: Path | None = None

    def write(
        self, folder: str | Path, *, force: bool = False, figures: bool | Painters = True
    ) -> list[Path]:
        """Write the result folder; see `portsim.experiment.writing.write_folder`."""
        files = to_files(self.table, str(self.manifest.study["method"]))
        return write_folder(
            folder,
            self.manifest,
            partial(write_files, files=files, manifest=self.manifest),
            journal=self.journal,
            force=force,
            draw=figures,
        )


def ask(
    specs: Sequence[str | Path],
    *,
    baseline: str | None = None,
    method: str = ONE,
    size: int = 10,
    measure: str = "completed_within_limit",
    cls: str = "all",
    marks: str = "DE",
    only: Sequence[str] = (),
    but: Sequence[str] = (),
) -> Asked:
    """Read the policies, and what can be varied in them.

    Args:
        specs: files or stacks, each a policy; one to see how far its measure moves, more to see
            whether a difference turns.
        baseline: name of the policy the others are held against; the first if left out.
        method: ``one-at-a-time``, ``morris`` or ``sobol``.
        size: trajectories of morris, base samples of sobol.
        measure: name of a measure of the whole port.
        cls: class of trucks, a direction, or ``all``.
        marks: confidences of what is varied.
        only: patterns of dotted paths, such as ``resources.*``; all if empty.
        but: patterns of what is left out.

    Raises:
        ScenarioError: files at fault.
        InputError: names clash, periods differ, or there is no such baseline, measure, mark or
            assumption.
    """
    _check(method, measure, marks)
    policies = tuple(Variants(spec) for spec in specs)
    bases = [policy.base for policy in policies]
    base = baseline or bases[0].name
    inputs(bases, base, None, None)
    found, left = assumptions(policies, marks, only, but)
    if not found and not left:
        chosen = f" among {', '.join(only)}" if only else ""
        raise InputError(
            f"no input bears a mark of {', '.join(marks)}{chosen}\n    hint: portsim provenance "
            "lists the inputs with their marks"
        )
    if method != ONE:
        found, refused = _together(policies, found)
        left = [*refused, *left]
    if not found:
        why = "; ".join(f"{one.path}: {one.why}" for one in left[:_MOST_REASONS])
        raise InputError(
            f"none of the {len(left)} marked inputs can be varied ({why})\n    hint: write a range "
            "beside the value, e.g. {value: 4, confidence: E, range: 3..6}"
        )
    points = None if method == ONE else design(method, found, size)
    words = {
        "method": method,
        "measure": measure,
        "class": cls,
        "marks": marks,
        "only": list(only),
        "except": list(but),
        **({} if method == ONE else {"size": size}),
    }
    return Asked(policies, base, method, measure, cls, tuple(found), tuple(left), points, words)


def _check(method: str, measure: str, marks: str) -> None:
    if method not in METHODS:
        raise InputError(f"no method is called {method}; there are {', '.join(METHODS)}")
    known = [name for name in UNITS if name not in COUNTERFACTUAL]
    if measure not in known:
        like = nearest(measure, known)
        hint = f"did you mean {like}?" if like else f"there are {', '.join(known)}"
        raise InputError(f"no measure of such a study is called {measure}\n    hint: {hint}")
    if not marks or not set(marks) <= set("ABCDE"):
        raise InputError(f"--marks {short(marks)}: write letters of A, B, C, D, E, e.g. DE")


def _together(
    policies: Sequence[Variants], found: Sequence[Assumption]
) -> tuple[list[Assumption], list[NotVaried]]:
    """Part what can be varied together with others from what a whole scenario refuses already."""
    kept: list[Assumption] = []
    refused: list[NotVaried] = []
    for one in found:
        why = next(filter(None, (_refusal(policies, one, end) for end in one.ends)), "")
        if why:
            refused.append(NotVaried(one.path, one.confidence, one.place, why, one.paths))
        else:
            kept.append(one)
    return kept, refused


def _refusal(policies: Sequence[Variants], one: Assumption, value: float) -> str:
    for policy in policies:
        paths = one.places.get(policy.base.name, ())
        try:
            policy.at({path: one.written(value) for path in paths})
        except ScenarioError as error:
            return refusal(one, value, error)
    return ""


def sensitivity(asked: Asked, **options: Any) -> Sensitivity:
    """Conduct a study on the very same trucks.

    Args:
        asked: from `ask`.
        options: see `portsim.experiment.conduct.Options`. With the default audit, SimPy looks over
            each policy as it stands.

    Raises:
        InputError: an option is wrong, or there is no such class.
        PortsimError: a variant has no replication that could be run to its end.
    """
    rounds = Rounds(asked.policies, asked.measure, asked.cls, options)
    questions = pairs(rounds.policies, asked.baseline)
    what = (asked.found, asked.left, asked.measure, asked.cls)
    if asked.points is None:
        table = one_at_a_time(rounds, questions, *what)
    else:
        table = screen(rounds, questions, *what, asked.method, asked.points)
    table["unit"] = unit_of(asked.measure, asked.policies[0].base.currency)
    assert rounds.manifest is not None
    manifest = replace(
        rounds.manifest,
        scenarios=tuple(entry(policy.base, []) for policy in asked.policies),
        baseline=asked.baseline if len(asked.policies) > 1 else None,
        fingerprint=asked.identity(options.get("replications"), options.get("seed")),
        kind=KIND,
        study=asked.words,
    )
    return Sensitivity(manifest, table, rounds.journal)

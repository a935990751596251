"""A sensitivity study: which assumption moves the answer, and which alone could turn it.

What is asked is settled here, conducted, and handed over as one table.
"""

import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portsim.arrays import Reals
from portsim.checking import Spec
from portsim.errors import InputError, ScenarioError
from portsim.experiment.comparable import baseline_of, check_and_fingerprint
from portsim.experiment.conduct import run_all
from portsim.experiment.describe import entry
from portsim.experiment.execution import Execution, Progress, Say, logged
from portsim.experiment.runner import Keep, Runner
from portsim.experiment.study import Study
from portsim.reading.text import nearest
from portsim.results import Record, digest
from portsim.results.sensitivity import METHODS
from portsim.scenario.assumptions import Assumption, NotVaried, assumptions, check_marks, refusal
from portsim.scenario.measure_catalogue import MEASURES, unit_of
from portsim.scenario.model import Scenario
from portsim.studies.one_at_a_time import one_at_a_time, pairs
from portsim.studies.rounds import Rounds
from portsim.studies.screening import design, screen
from portsim.studies.varied import Variants, several

__all__ = ["Sensitivity", "ask", "sensitivity"]

KIND = "sensitivity"
ONE = "one-at-a-time"
_MOST_REASONS = 3


@dataclass(frozen=True, eq=False, slots=True)
class Sensitivity:
    """A sensitivity study that could begin; see `portsim.experiment.design.Design`.

    Attributes:
        files: the policies, read.
        baseline: name of the one the others are held against.
        method: ``one-at-a-time``, ``morris`` or ``sobol``.
        measure: name of a measure of the whole port.
        cls: class of trucks, a direction, or ``all``.
        varied: what is varied.
        left: marked inputs that are listed only.
        points: float64[p, k], where all assumptions are tried together; None one at a time.
        words: the options behind it, made of JSON types.
        replications: of each variant.
        seed: root seed.
        fingerprint: of all that the outcome depends on.
    """

    files: tuple[Variants, ...]
    baseline: str
    method: str
    measure: str
    cls: str
    varied: tuple[Assumption, ...]
    left: tuple[NotVaried, ...]
    points: Reals | None
    words: dict[str, Any]
    replications: int
    seed: int
    fingerprint: str

    @property
    def policies(self) -> Sequence[Scenario]:
        """The policies as they stand in their files."""
        return [file.base for file in self.files]

    @property
    def variants(self) -> int:
        """How many scenarios are run, without those of the search for tipping points."""
        if self.points is not None:
            return len(self.policies) * (1 + len(self.points))
        return len(self.policies) + sum(
            len(assumption.ends) * len(assumption.places) for assumption in self.varied
        )

    def seconds_per_run(self, engine: str) -> float:
        """Wall-clock time of one run of the first policy, s; the compiled engine warms up first."""
        clock = 0.0
        for _ in range(2 if engine == "compiled" else 1):
            clock = time.monotonic()
            run_all(
                self.policies[:1],
                self._keep,
                replications=1,
                how=Execution(engine=engine, jobs=1, audit="none"),
            )
        return time.monotonic() - clock

    @property
    def _keep(self) -> Keep:
        return Keep(counterfactuals=False, curves=False, measures=frozenset({self.measure}))

    def conduct(self, how: Execution) -> Study:
        """Run every variant on the very same trucks.

        With the default audit, SimPy looks over each policy as it stands.

        Raises:
            InputError: there is no such class.
        """
        names = [policy.name for policy in self.policies]
        with Runner(how, self.seed, self._keep, audited=names) as runner:
            rounds = Rounds(runner, self.files, self.measure, self.cls, self.replications)
            questions = pairs(rounds.policies, self.baseline)
            subject = (self.varied, self.left, self.measure, self.cls)
            if self.points is None:
                table = one_at_a_time(rounds, questions, *subject)
            else:
                table = screen(rounds, questions, *subject, self.method, self.points)
            table["unit"] = unit_of(self.measure, self.policies[0].currency)
            manifest = runner.manifest(
                [entry(policy, []) for policy in self.policies],
                self.replications,
                self.fingerprint,
                baseline=self.baseline if len(self.policies) > 1 else None,
                kind=KIND,
                study=self.words,
            )
            return Study(Record(manifest, {"sensitivity": table}), runner.journal.path)


def ask(
    specs: Sequence[Spec],
    *,
    baseline: str | None = None,
    method: str = ONE,
    size: int = 10,
    measure: str = "completed_within_limit",
    cls: str = "all",
    marks: str = "DE",
    only: Sequence[str] = (),
    but: Sequence[str] = (),
    replications: int | None = None,
    seed: int | None = None,
) -> Sensitivity:
    """Read the policies, and what can be varied in them.

    Args:
        specs: scenarios, files or stacks, each a policy; one to see how far its measure moves, more
            to see whether a difference turns.
        baseline: name of the policy the others are held against; if left out the one that
            says ``role: today``, else the first.
        method: ``one-at-a-time``, ``morris`` or ``sobol``.
        size: trajectories of morris, base samples of sobol.
        measure: name of a measure of the whole port.
        cls: class of trucks, a direction, or ``all``.
        marks: confidences of what is varied.
        only: patterns of dotted paths, such as ``resources.*``; all if empty.
        but: patterns of what is left out.
        replications: of each variant; the first policy's number if None.
        seed: root seed; the first policy's if None.

    Raises:
        ScenarioError: files at fault.
        InputError: names clash, periods differ, or there is no such baseline, measure, mark or
            assumption.
    """
    _check(method, measure, marks)
    policies = tuple(Variants(spec) for spec in specs)
    bases = [policy.base for policy in policies]
    base = baseline_of(bases, baseline)
    repeated, root, _ = check_and_fingerprint(bases, base, replications, seed)
    *_, print_ = check_and_fingerprint(bases, None, replications, seed)
    varied, left = assumptions(bases, marks, only, but)
    if not varied and not left:
        chosen = f" among {', '.join(only)}" if only else ""
        raise InputError(
            f"no input bears a mark of {', '.join(marks)}{chosen}\n    hint: portsim provenance "
            "lists the inputs with their marks"
        )
    if method != ONE:
        varied, refused = _together(policies, varied)
        left = [*refused, *left]
    if not varied:
        why = "; ".join(f"{omitted.path}: {omitted.why}" for omitted in left[:_MOST_REASONS])
        raise InputError(
            f"none of the {len(left)} marked inputs can be varied ({why})\n    hint: write a range "
            "beside the value, e.g. {value: 4, confidence: E, range: 3..6}"
        )
    points = None if method == ONE else design(method, varied, size)
    words = {
        "method": method,
        "measure": measure,
        "truck_class": cls,
        "marks": marks,
        "only": list(only),
        "except": list(but),
        **({} if method == ONE else {"size": size}),
    }
    return Sensitivity(
        files=policies,
        baseline=base,
        method=method,
        measure=measure,
        cls=cls,
        varied=tuple(varied),
        left=tuple(left),
        points=points,
        words=words,
        replications=repeated,
        seed=root,
        fingerprint=digest({"kind": KIND, "runs": print_, "baseline": base, **words}),
    )


def _check(method: str, measure: str, marks: str) -> None:
    if method not in METHODS:
        raise InputError(f"no method is called {method}; there are {', '.join(METHODS)}")
    known = [name for name, facts in MEASURES.items() if facts.of_a_run]
    if measure not in known:
        like = nearest(measure, known)
        hint = f"did you mean {like}?" if like else f"there are {', '.join(known)}"
        raise InputError(f"no measure of such a study is called {measure}\n    hint: {hint}")
    check_marks(marks)


def _together(
    policies: Sequence[Variants], varied: Sequence[Assumption]
) -> tuple[list[Assumption], list[NotVaried]]:
    """Part what can be varied together with others from what a whole scenario refuses already."""
    kept: list[Assumption] = []
    refused: list[NotVaried] = []
    for assumption in varied:
        why = next(
            filter(None, (_refusal(policies, assumption, end) for end in assumption.ends)), ""
        )
        if why:
            refused.append(
                NotVaried(
                    assumption.path, assumption.confidence, assumption.place, why, assumption.paths
                )
            )
        else:
            kept.append(assumption)
    return kept, refused


def _refusal(policies: Sequence[Variants], assumption: Assumption, value: float) -> str:
    for policy in policies:
        paths = assumption.places.get(policy.base.name, ())
        try:
            policy.at({path: assumption.written(value) for path in paths})
        except ScenarioError as error:
            return refusal(assumption, value, error)
    return ""


def sensitivity(
    scenarios: Spec | Sequence[Spec],
    *,
    baseline: str | None = None,
    method: str = ONE,
    size: int = 10,
    measure: str = "completed_within_limit",
    truck_class: str = "all",
    marks: str = "DE",
    only: Sequence[str] = (),
    leave_out: Sequence[str] = (),
    replications: int = 5,
    seed: int | None = None,
    engine: str = "compiled",
    jobs: int | None = None,
    executor: Executor | None = None,
    audit: str = "default",
    journal: str | Path | None = None,
    on_progress: Progress | None = None,
    say: Say = logged,
) -> Study:
    """Vary each assumption within its range, and see what it does to the answer.

    Args:
        scenarios: one policy, to see how far its measure moves, or more, to see whether a
            difference turns; scenarios or files.
        baseline: name of the policy the others are held against; if None the one that says
            ``role: today``, else the first.
        method: ``one-at-a-time``, ``morris`` or ``sobol``.
        size: trajectories of morris, base samples of sobol.
        measure: name of a measure of the whole port.
        truck_class: class of trucks, a direction, or ``all``.
        marks: confidences of what is varied.
        only: patterns of dotted paths, such as ``resources.*``; all if empty.
        leave_out: patterns of what is left as it is.
        replications: of each variant.
        seed: root seed; the first policy's if None.
        engine: as of `portsim.run`.
        jobs: as of `portsim.run`.
        executor: as of `portsim.run`.
        audit: as of `portsim.run`; by default of each policy as it stands.
        journal: as of `portsim.run`.
        on_progress: as of `portsim.run`.
        say: as of `portsim.run`.

    Returns:
        A study; its `table` has a row a policy and assumption.

    Raises:
        ScenarioError: files at fault.
        InputError: what is asked makes no sense.
        AuditError: the engines disagree.
        PortsimError: a variant has no replication that could be run to its end.
    """
    planned = ask(
        several(scenarios),
        baseline=baseline,
        method=method,
        size=size,
        measure=measure,
        cls=truck_class,
        marks=marks,
        only=only,
        but=leave_out,
        replications=replications,
        seed=seed,
    )
    return planned.conduct(
        Execution(
            engine=engine,
            jobs=jobs,
            executor=executor,
            audit=audit,
            journal=journal,
            on_progress=on_progress,
            say=say,
        )
    )

"""A roster asked for, looked for and proven.

The search looks at some replications; whether the roster it names keeps the promise is said by
fresh ones. Where these say no, the search goes on with a margin to spare.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import yaml

from portsim.arrays import Reals
from portsim.checking import Scenario, Spec, read_in
from portsim.errors import InputError
from portsim.experiment.comparable import check_and_fingerprint
from portsim.experiment.describe import entry
from portsim.experiment.execution import Execution
from portsim.experiment.runner import Keep, Runner
from portsim.experiment.study import Study
from portsim.reading.text import dotted
from portsim.results import Record, digest
from portsim.results.roster_tables import DAY_NAMES, PEOPLE, PROMISES, ROSTER
from portsim.rostering.ground import COMPLETED
from portsim.rostering.hours import Window, parse_windows
from portsim.rostering.opening import Chosen, Opening, choose
from portsim.rostering.overlay import duties, overlay, shift_text
from portsim.rostering.people import people_rows
from portsim.rostering.promised import other_levels, promised
from portsim.rostering.search import Found, Search, SearchLimits
from portsim.rostering.trials import Trials
from portsim.rostering.week import Choices, choices
from portsim.scenario.measure_catalogue import measure_of
from portsim.scenario.plain import plain
from portsim.statistics.intervals import t_factor
from portsim.studies.require import evaluate
from portsim.studies.requirement import Require, Requirement

__all__ = ["FEW_TURNS", "KIND", "Rostering", "ask"]

KIND = "roster"
FEW_TURNS = 24
"""With so few turns of shifts the search goes on until nothing cheaper can be."""
_ROUNDS = 4
_FRESH = 3
_HOUR_S = 3600.0


@dataclass(frozen=True, eq=False, slots=True)
class Rostering:
    """A search for a roster that could begin; see `portsim.experiment.design.Design`.

    Attributes:
        scenario: the port, with its shifts.
        words: what may be chosen.
        promises: to be kept.
        replications: of each roster that is tried.
        fresh: further replications for the proof.
        seed: root seed.
        seconds: so long the search goes on at most.
        windows: when calendars may open and close; as they are if empty.
        levels: the first promise with other values, for the frontier of hours.
    """

    scenario: Scenario
    words: Choices
    promises: tuple[Requirement, ...]
    replications: int
    fresh: int
    seed: int
    seconds: float
    windows: tuple[Window, ...] = ()
    levels: tuple[Requirement, ...] = ()

    @property
    def policies(self) -> list[Scenario]:
        """The port as it stands in its file."""
        return [self.scenario]

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of all that the outcome depends on, but how fast the machine is."""
        *_, runs = check_and_fingerprint([self.scenario], None, self.replications, self.seed)
        return digest({"kind": KIND, "runs": runs, **self.conditions()})

    def conditions(self) -> dict[str, Any]:
        """What was asked, made of JSON types only."""
        return {
            "required": [str(promise) for promise in self.promises],
            "fresh_replications": self.fresh,
            "seconds": self.seconds,
            **(
                {
                    "vary_hours": {
                        window.calendar: [list(window.opens), list(window.closes)]
                        for window in self.windows
                    },
                    "levels": [str(level) for level in self.levels],
                }
                if self.windows
                else {}
            ),
        }

    def conduct(self, how: Execution) -> Study:
        """Look for the cheapest roster that keeps the promises, and prove it.

        With hours to choose from, the best are looked for first.

        Raises:
            PortsimError: as `portsim.run`.
        """
        if not self.windows:
            return self._with_these_hours(how)
        opening = Opening(
            self.scenario, self.words, self.replications, self.seed, self.seconds, self.windows,
            len(self.words.tours) <= FEW_TURNS, how.jobs, how.say,
        )  # fmt: skip
        levels = [self.promises, *((other, *self.promises[1:]) for other in self.levels)]
        chosen = choose(opening, levels)
        these = replace(self, scenario=chosen.scenario)
        return these._with_these_hours(how, self.fingerprint, chosen)

    def _with_these_hours(
        self, how: Execution, fingerprint: str = "", chosen: Chosen | None = None
    ) -> Study:
        scenario, words = self.scenario, self.words
        trials = Trials(
            scenario, words.posts, words.edges, self.promises, self.replications, self.seed,
            jobs=how.jobs,
        )  # fmt: skip
        search = Search(words, trials, self.promises, scenario.completion.limit / _HOUR_S, how.say)
        limits = SearchLimits(self.seconds / _ROUNDS, exact=len(words.tours) <= FEW_TURNS)
        sign = np.array([promise.sign for promise in self.promises])
        value = np.array([promise.value for promise in self.promises])
        margin = np.zeros(len(self.promises))
        keep = Keep(
            counterfactuals=False,
            curves=False,
            measures=frozenset(promise.measure for promise in self.promises),
        )
        with Runner(
            how, self.seed, keep, audited=[], dispensable=True, expected=self.fresh
        ) as runner:
            found, rows = search.run(sign * value, limits), []
            for number in range(_ROUNDS):
                if found.chosen is None:
                    break
                rows = self._proof(found, runner, number)
                if all(row["met"] == "yes" for row in rows) or number == _ROUNDS - 1:
                    break
                how.say("fresh replications do not prove it yet; looking with a margin to spare")
                margin = self._more(margin, rows, found, number)
                better = search.run(sign * value + margin, limits)
                if better.chosen is None:
                    break
                found = better
            if found.chosen is None:
                study = self._nobody(found, search) | self.conditions()
                tables = _tables([], [], [])
            else:
                study = self._facts(found, margin, chosen) | self.conditions()
                people = people_rows(words, found.chosen, words.spread(found.chosen))
                tables = _tables(_roster_rows(words, found), people, rows)
                runner.say(f"{trials.count:,} rosters were tried")
            if chosen is not None:
                study["opening"] = dict(chosen.facts)
                tables = {**tables, "hours": chosen.table}
            manifest = runner.manifest(
                [entry(scenario, [])],
                self.replications,
                fingerprint or self.fingerprint,
                kind=KIND,
                study=study,
            )
            return Study(Record(manifest, tables), runner.journal.path)

    def _more(self, margin: Reals, rows: list[dict[str, Any]], found: Found, number: int) -> Reals:
        """A larger margin, by what fresh replications miss; a share leaves room up to a whole."""
        wider = []
        for n, (promise, row) in enumerate(zip(self.promises, rows, strict=True)):
            limit = row["fresh_low" if promise.sign > 0 else "fresh_high"]
            missing = promise.sign * (promise.value - limit)
            step = missing * 1.1 if math.isfinite(missing) else 0.0
            more = float(margin[n]) + max(step, float(self._usual(found)[n]) * 0.05, 0.0)
            if measure_of(promise.measure).share:
                room = 1.0 - promise.value if promise.sign > 0 else promise.value
                more = min(more, room * (1.0 - 0.4 ** (number + 1)))
            wider.append(more)
        return np.array(wider)

    def _usual(self, found: Found) -> Reals:
        """Half the width that limits of fresh replications have, float64[promises]."""
        with np.errstate(invalid="ignore"):
            sd = np.nan_to_num(found.reached.std(axis=0, ddof=1))
        return np.asarray(sd * float(np.max(t_factor(np.array([self.fresh])))))

    def _proof(self, found: Found, runner: Runner, number: int) -> list[dict[str, Any]]:
        """What the promises come to on the trucks of the search and on fresh ones."""
        assert found.chosen is not None
        manned = self.manned(found, f"{self.scenario.name}-roster-{number + 1}")
        runner.audit_only(manned.name)
        last = self.replications + self.fresh
        figures = runner.run([manned], last).figures
        seen = figures[figures["replication"] <= self.replications]
        fresh = figures[figures["replication"] > self.replications]
        rows = []
        for promise in self.promises:
            old = evaluate(seen, promise, 1)
            new = evaluate(fresh, promise, len(self.promises))
            rows.append(
                {
                    "requirement": str(promise),
                    **{f"searched_{word}": old[word] for word in ("mean", "low", "high")},
                    **{f"fresh_{word}": new[word] for word in ("mean", "low", "high")},
                    "met": new["met"],
                }
            )
        return rows

    def manned(self, found: Found, name: str) -> Scenario:
        """The port with a roster."""
        assert found.chosen is not None
        words = overlay(self.scenario, self.words, found.chosen)
        values: dict[str, Any] = {}
        if words["calendars"]:
            values["calendars"] = {**plain(self.scenario)["calendars"], **words["calendars"]}
        for post, parts in words["resources"].items():
            for word, part in parts.items():
                values[dotted(("resources", post, word))] = part
        return self.scenario.replace(values, name=name)

    def _facts(self, found: Found, margin: Reals, chosen: Chosen | None) -> dict[str, Any]:
        assert found.chosen is not None
        words = self.words
        exact = len(words.tours) <= FEW_TURNS and found.proven >= found.cost - 1e-6
        hours = sum(
            tour.hours * tour.persons * many
            for tour, many in zip(words.tours, found.chosen.tolist(), strict=False)
        )
        said = overlay(self.scenario, words, found.chosen)
        if chosen is not None:
            said["calendars"] = {**chosen.calendars, **said["calendars"]}
        return {
            "found": True,
            "cost": found.cost,
            "bound": found.bound,
            "gap": 1.0 - found.bound / found.cost if found.cost else 0.0,
            "exact": exact,
            "margin": [float(part) for part in margin],
            "persons": int((words.people @ found.chosen).sum()),
            "hours": float(hours),
            "turns": len(words.tours),
            "tried": found.trials,
            "overlay": yaml.safe_dump(said, allow_unicode=True, sort_keys=False),
            "labels": {
                name: thing.label.or_name(name)
                for things in (
                    {post: self.scenario.resources[post] for post in words.posts},
                    words.shifts.people,
                )
                for name, thing in things.items()
            },
        }

    def _nobody(self, found: Found, search: Search) -> dict[str, Any]:
        """Why no roster keeps the promises."""
        ceiling = math.nan
        wanted = [promise for promise in self.promises if promise.measure == COMPLETED]
        if wanted and self.scenario.completion.from_ == "arrival":
            ceiling = search.trials.ceiling()
        short = any(p.sign > 0 and p.value > ceiling + 1e-12 for p in wanted)
        return {
            "found": False,
            "why": "ceiling" if short else "people",
            "ceiling": None if math.isnan(ceiling) else ceiling,
            "reached": [
                f"{promise.of} {value:.4g}"
                for promise, value in zip(
                    self.promises, np.asarray(found.reached).mean(axis=0).tolist(), strict=True
                )
            ],
        }


def _roster_rows(words: Choices, found: Found) -> list[dict[str, Any]]:
    assert found.chosen is not None
    rows = []
    for (post, people, shift), counts in duties(words, words.spread(found.chosen)).items():
        breaks = ", ".join(
            f"{after / _HOUR_S:g} h +{lasts / 60:g} min" for after, lasts, _, _ in shift.breaks
        )
        at_post = sum(end - start for start, end in shift.spans) / _HOUR_S
        rows.append(
            {
                "post": post,
                "people": people,
                "shift": shift_text(shift),
                "breaks": breaks,
                **dict(zip(DAY_NAMES, counts, strict=True)),
                "hours": at_post * sum(counts),
            }
        )
    return rows


def _tables(
    roster: list[dict[str, Any]], people: list[dict[str, Any]], promises: list[dict[str, Any]]
) -> Mapping[str, pd.DataFrame]:
    return {
        "roster": pd.DataFrame(roster, columns=list(ROSTER)),
        "people": pd.DataFrame(people, columns=list(PEOPLE)),
        "promise": pd.DataFrame(promises, columns=list(PROMISES)),
    }


def ask(
    spec: Spec,
    *,
    required: Require = (),
    replications: int | None = None,
    fresh: int | None = None,
    seed: int | None = None,
    seconds: float = 600.0,
    vary_hours: Sequence[str] = (),
    levels: str = "",
) -> Rostering:
    """Put a search for a roster together and check it before anything is run.

    Args:
        spec: a scenario with shifts, or its file or stack.
        required: promises to be kept; those of the file if empty.
        replications: of each roster that is tried; the scenario's number if None.
        fresh: replications for the proof; three times as many if None.
        seed: root seed; the scenario's if None.
        seconds: so long the search goes on at most; as long again that for hours.
        vary_hours: when calendars may open and close, ``gate=08:00..12:00,18:00..24:00``.
        levels: other values of the first promise, with commas between.

    Raises:
        ScenarioError: the file is at fault.
        InputError: it has no shifts, or nothing is promised.
    """
    (scenario,) = read_in(spec)
    words = choices(scenario)
    for post in words.posts:
        if scenario.resources[post].handover == "overlap":
            raise InputError(
                f"{post}: a roster is looked for where shifts do not overlap\n    hint: take out "
                "handover: overlap"
            )
        for name, stage in scenario.stages.items():
            if post in stage.takes and stage.takes[post].count == "all":
                raise InputError(
                    f"{post}: {name} takes all of them, and how many these are is for the "
                    "roster to say\n    hint: write how many it takes"
                )
    promises = promised(scenario, required)
    repeated = scenario.replications if replications is None else replications
    proven = _FRESH * repeated if fresh is None else fresh
    if min(repeated, proven) < 2:
        raise InputError(
            "a roster needs 2 replications or more, fresh ones too; one gives no limits"
        )
    root = scenario.seed if seed is None else seed
    windows = parse_windows(vary_hours, scenario)
    if levels and not windows:
        raise InputError("--levels: they are for the frontier of hours; use it with --vary-hours")
    others = other_levels(scenario, promises[0], levels)
    return Rostering(scenario, words, promises, repeated, proven, root, seconds, windows, others)

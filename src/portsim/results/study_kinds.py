"""The room of results: the kinds of study there are, and which tables each has in which files.

One declaration serves writing, reading, and telling a result folder from other folders; what the
tables mean, and how they come about, may not enter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from portsim.errors import InputError
from portsim.results import check, forecast, scores, sweep, tables
from portsim.results.manifest import Manifest
from portsim.results.optimise import PROOF, TRIED
from portsim.results.roster_tables import HOURS, PEOPLE, PROMISES, ROSTER
from portsim.results.sensitivity import METHODS
from portsim.results.tables import Schema
from portsim.results.uncertainty import DRAWN_INPUTS, UNCERTAIN, UNCERTAINTY
from portsim.results.warmup import CURVE, MOVEMENTS
from portsim.results.worth import WORTH

__all__ = ["COMPARISON", "KINDS", "LOGS", "Kind", "Table", "files", "kind_of"]


def _always(manifest: Manifest) -> bool:
    return True


def _never(manifest: Manifest) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a kind of study.

    Attributes:
        name: in `portsim.results.record.Record.tables`.
        file: in the result folder; its ending says the format, CSV or parquet.
        columns: the schema, given the ``study`` of the manifest; None for parquet of any columns.
        needed: whether a folder with this manifest must have it. One that it need not have is
            read when it is asked for, for it may be large.
        former: the file in folders of an earlier portsim; empty if it was the same.
        tidy: whether it is written with its texts as categories.
    """

    name: str
    file: str
    columns: Callable[[Mapping[str, Any]], Schema | None]
    needed: Callable[[Manifest], bool] = _always
    former: str = ""
    tidy: bool = False

    def optional(self, manifest: Manifest) -> bool:
        """Whether a folder with this manifest may have it or not, as was asked: a log."""
        return not self.needed(manifest) and self.columns(manifest.study) is None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of study: what it is called in messages, and its tables, the main one first."""

    called: str
    tables: tuple[Table, ...]


def _fixed(schema: Schema) -> Callable[[Mapping[str, Any]], Schema]:
    return lambda study: schema


def _observes(manifest: Manifest) -> bool:
    return any(scenario.resolved.get("observed") for scenario in manifest.scenarios)


def _is_uncertain(manifest: Manifest) -> bool:
    return UNCERTAIN in manifest.statistics


def _varies_hours(manifest: Manifest) -> bool:
    return "opening" in manifest.study


def _is_scored(manifest: Manifest) -> bool:
    return bool(manifest.study.get("scored"))


COMPARISON, LOGS = "comparison", ("trucks", "visits", "hours")
"""Names of the table of differences, and of the logs, which are kept where they are asked for."""
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "": Kind(
            "the results of a run or a comparison",
            (
                Table("summary", "summary.csv", _fixed(tables.SUMMARY)),
                Table(
                    "replications",
                    "replications.parquet",
                    _fixed(tables.REPLICATIONS),
                    former="replications.csv",
                    tidy=True,
                ),
                Table(
                    COMPARISON,
                    "comparison.csv",
                    _fixed(tables.COMPARISON),
                    lambda manifest: manifest.baseline is not None,
                ),
                Table("observed", "observed.csv", _fixed(tables.OBSERVED), _observes),
                Table("uncertainty", "uncertainty.csv", _fixed(UNCERTAINTY), _is_uncertain),
                Table("drawn_inputs", "drawn_inputs.csv", _fixed(DRAWN_INPUTS), _is_uncertain),
                Table("curves", "curves.parquet", _fixed(tables.CURVES)),
                *(Table(name, f"{name}.parquet", lambda study: None, _never) for name in LOGS),
            ),
        ),
        "sweep": Kind(
            "a sweep",
            (
                Table("sweep", "sweep.csv", lambda study: sweep.point_columns(sweep.TABLE, study)),
                Table("replications", "sweep_replications.parquet", lambda study: None),
                Table(
                    "frontier",
                    "frontier.csv",
                    sweep.frontier_columns,
                    lambda manifest: bool(manifest.study.get("required")),
                ),
                Table(
                    "uncertainty",
                    "sweep_uncertainty.csv",
                    lambda study: sweep.point_columns(sweep.UNCERTAINTY, study),
                    _is_uncertain,
                ),
                Table(
                    "drawn_inputs",
                    "sweep_drawn_inputs.csv",
                    lambda study: sweep.point_columns(sweep.DRAWN_INPUTS, study),
                    _is_uncertain,
                ),
            ),
        ),
        "sensitivity": Kind(
            "a sensitivity study",
            (
                Table(
                    "sensitivity",
                    "sensitivity.csv",
                    lambda study: METHODS[str(study["method"])],
                ),
            ),
        ),
        "optimise": Kind(
            "a search",
            (
                Table(
                    "tried",
                    "optimise.csv",
                    lambda study: {"trial": "integer", **sweep.point_columns(TRIED, study)},
                ),
                Table(
                    "proof",
                    "proof.csv",
                    lambda study: {"place": "integer", **sweep.point_columns(PROOF, study)},
                ),
            ),
        ),
        "worth": Kind(
            "what one more is worth",
            (Table("worth", "worth.csv", _fixed(WORTH)),),
        ),
        "roster": Kind(
            "a roster",
            (
                Table("roster", "roster.csv", _fixed(ROSTER)),
                Table("people", "people.csv", _fixed(PEOPLE)),
                Table("promise", "promise.csv", _fixed(PROMISES)),
                Table("hours", "hours.csv", _fixed(HOURS), _varies_hours),
            ),
        ),
        "warmup": Kind(
            "a warm-up study",
            (
                Table("movements", "warmup.csv", _fixed(MOVEMENTS)),
                Table("inside", "warmup_inside.parquet", _fixed(CURVE)),
            ),
        ),
        "forecast": Kind(
            "a forecast",
            (
                Table("forecast", "forecast.csv", _fixed(forecast.FORECAST)),
                Table("trucks", "trucks.csv", _fixed(forecast.TRUCKS)),
                Table(
                    "saved",
                    "saved.csv",
                    _fixed(forecast.SAVED),
                    lambda manifest: manifest.baseline is not None,
                ),
                *(
                    Table(name, f"{name}.csv", _fixed(schema), _is_scored)
                    for name, schema in (
                        ("scores", scores.SCORES),
                        ("calibration", scores.CALIBRATION),
                    )
                ),
            ),
        ),
        "scores": Kind(
            "scores of past forecasts",
            (
                Table("scores", "scores.csv", _fixed(scores.SCORES)),
                Table("calibration", "calibration.csv", _fixed(scores.CALIBRATION)),
            ),
        ),
        "check": Kind(
            "a scenario held against a gate log",
            (
                Table("check", "check.csv", _fixed(check.CHECK)),
                Table("distances", "distances.csv", _fixed(check.DISTANCES)),
                Table("curves", "check_curves.parquet", _fixed(check.CURVES)),
            ),
        ),
    }
)
"""By the ``kind`` of a manifest; run and comparison are of one."""


def kind_of(manifest: Manifest, where: str, wanted: str | None = None) -> Kind:
    """The kind of study of a manifest.

    Args:
        manifest: what it says.
        where: it stands, for messages.
        wanted: the kind it must be of; any if None.

    Raises:
        InputError: it is of another kind, or of one that this portsim does not know.
    """
    if manifest.kind not in KINDS:
        raise InputError(f"{where}: holds a study of the kind {manifest.kind}, of a newer portsim")
    kind = KINDS[manifest.kind]
    if wanted not in (None, manifest.kind):
        raise InputError(f"{where}: holds {kind.called}, not {KINDS[wanted or ''].called}")
    return kind


def files() -> tuple[str, ...]:
    """Names of all files with tables."""
    return tuple(
        name
        for kind in KINDS.values()
        for table in kind.tables
        for name in (table.file, table.former)
        if name
    )

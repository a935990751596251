"""The room of the report: a comparison held against another policy than it was made with.

The runs are those of the folder; only differences are taken anew.
"""

from dataclasses import replace
from functools import partial

from portsim.errors import InputError
from portsim.results import Record
from portsim.scenario.figure_notes import of_runs
from portsim.scenario.measure_catalogue import measure_of, unit_of
from portsim.statistics import compare

__all__ = ["held_against"]

_KEYS = ["scenario", "truck_class", "place", "measure"]

_OF_THE_OLD = ("verdicts", "class_changes", "best")
"""What the statistics of a manifest say against its baseline."""


def held_against(record: Record, baseline: str) -> Record:
    """The record of a comparison with another policy as the one the others are held against.

    Args:
        record: of `portsim compare`.
        baseline: name of a policy in it.

    Returns:
        The same runs and figures; differences, ratios and their intervals are taken anew, pair by
        pair. What the old differences were told from is left out: verdicts, and differences of
        what inputs that are not known come to.

    Raises:
        InputError: the folder compares nothing, or has no such policy.
    """
    manifest = record.manifest
    names = [entry.name for entry in manifest.scenarios]
    if "comparison" not in record.tables or len(names) < 2:
        raise InputError(f"nothing is compared there; found one policy, {', '.join(names)}")
    if baseline not in names:
        raise InputError(f"no policy is called {baseline}; there are {', '.join(names)}")
    if baseline == manifest.baseline:
        return record
    promises = {entry.name: (entry.limit_h, entry.clock) for entry in manifest.scenarios}
    currency = next((entry.currency for entry in manifest.scenarios if entry.currency), "")
    # A folder keeps the notes of runs with the figures that they add up to.
    notes = record.tables["summary"][[*_KEYS, "note"]].astype(str)
    notes["note"] = notes["note"].map(of_runs)
    runs = record.tables["replications"].astype(dict.fromkeys(_KEYS, str)).merge(notes, on=_KEYS)
    rows = compare(
        runs,
        baseline,
        partial(unit_of, currency=currency),
        bool(manifest.statistics.get("antithetic")),
    )
    unlike = [name for name in names if promises[name] != promises[baseline]]
    of_promise = rows["measure"].map(lambda name: measure_of(name).of_promise).astype(bool)
    tables = dict(record.tables)
    apart = of_promise & rows["scenario"].isin(unlike)
    tables["comparison"] = rows[~apart].reset_index(drop=True)
    if (ignorance := tables.get("uncertainty")) is not None:
        tables["uncertainty"] = ignorance[ignorance["baseline"].eq("")].reset_index(drop=True)
    kept = {key: told for key, told in manifest.statistics.items() if key not in _OF_THE_OLD}
    return Record(replace(manifest, baseline=baseline, statistics=kept), tables, record.folder)

"""The room of results: the tables as one workbook for people; nothing is estimated here.

The same tables give the same bytes: numbers are rounded as in the CSV files, and neither a clock
nor the ``run`` block of the manifest enters.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from portsim.results.book import LONGEST, Book, Rows
from portsim.results.called import cause_called
from portsim.results.capacities import limit_of, limit_text
from portsim.results.changes import changes, idle_paths, is_idle
from portsim.results.headline_table import columns
from portsim.results.manifest import Manifest, counted
from portsim.results.overloads import overload_sentence
from portsim.scenario.figure_notes import AT_LEAST, FALLS_BEYOND, NO_SPREAD, OVERLOADED, noted
from portsim.scenario.measure_catalogue import measure_of, named
from portsim.wording import later, say

__all__ = ["SHEETS", "to_xlsx"]

SHEETS = (
    *("answer", "comparison", "uncertainty", "policies"),
    *("by class", "by stage", "by month", "inputs", "notes"),
)
"""Names of the sheets; ``comparison`` is missing where nothing was compared, ``uncertainty`` where
no inputs were drawn."""

_MARKS = {
    "A": later("an official body or a main news agency"),
    "B": later("the same, republished"),
    "C": later("second-hand or loosely worded"),
    "D": later("derived by arithmetic from A to C"),
    "E": later("assumed: no figure was found"),
}
_NOTES = (
    (
        later("mean"),
        later("Mean over the replications. Shares are shown in per cent, durations in hours."),
    ),
    (
        later("low, high"),
        later("95 % interval of the mean; empty of one replication, and where all are alike."),
    ),
    (later("joint low, high"), later("Intervals of all policies together at 95 % (Bonferroni).")),
    (
        later("best, worst"),
        later("By one measure at 95 %, for all policies at once: see joint low, high."),
    ),
    (later("difference"), later("Policy less baseline, replication by replication (paired).")),
    (
        later("ratio"),
        later("Mean of the policy over mean of the baseline, with Fieller's interval."),
    ),
    (
        OVERLOADED,
        later(
            "For a time the demand reached what can be given, or more: it holds for this period"
            " only."
        ),
    ),
    (
        AT_LEAST,
        later("Stays still went on, or no larger demand could be tried: it is this or more."),
    ),
    (later("capacity"), later("Most trucks a day that the port keeps up, however many more come.")),
    (FALLS_BEYOND, later("At twice the demand of the capacity fewer trucks pass than at it.")),
    (
        later("not measured"),
        later("A run that asks what if could not be made; the real runs are all there."),
    ),
    (NO_SPREAD, later("The share was the same in every replication: no interval can be given.")),
    (later("place"), later("A stage or a resource; empty for the whole port.")),
    (later("month"), later("Calendar months in the port's own time zone.")),
)


def to_xlsx(
    manifest: Manifest,
    summary: pd.DataFrame,
    comparison: pd.DataFrame | None,
    remarks: Sequence[str] = (),
    uncertainty: pd.DataFrame | None = None,
) -> bytes:
    """The workbook of a result folder.

    Args:
        manifest: names, baseline and the sources of the inputs.
        summary: the columns of summary.csv.
        comparison: the columns of comparison.csv, or None.
        remarks: what a reader must know, in sentences; they stand below the answer.
        uncertainty: the columns of uncertainty.csv, or None.

    Returns:
        The bytes of an xlsx file, the same for the same arguments. No text becomes a formula.
    """
    book = Book()
    _answer(book, manifest, summary, remarks)
    months = summary["measure"].str.contains("[", regex=False)
    port = summary["place"] == ""
    if comparison is not None:
        _comparison(book, comparison)
    if uncertainty is not None:
        _uncertainty(book, uncertainty)
    _policies(book, manifest)
    _figures(book, "by class", summary[port & ~months & (summary["truck_class"] != "all")])
    _figures(book, "by stage", summary[~port & ~months & (summary["truck_class"] == "all")])
    _figures(book, "by month", summary[port & months])
    _inputs(book, manifest)
    _notes(book, manifest)
    return book.bytes()


def _estimate(row: Mapping[Any, Any], unit: str) -> list[Any]:
    """Mean and limits as cells; no limits where nothing varied, for there is no interval then."""
    mean, low, high = (float(row[part]) for part in ("mean", "ci_low", "ci_high"))
    return [(mean, unit), *([None] * 2 if low == high else [(low, unit), (high, unit)])]


def _unit(measure: str, unit: str) -> str:
    return "count" if measure_of(measure).whole else unit


def _answer(book: Book, manifest: Manifest, summary: pd.DataFrame, remarks: Sequence[str]) -> None:
    widths: dict[str, float] = {"policy": 32}
    named = columns(summary, manifest)
    for head in named.values():
        widths |= {
            head: 13,
            say("{head}: low", head=head): 10,
            say("{head}: high", head=head): 10,
        }
    widths["note"] = 60
    port = summary[(summary["truck_class"] == "all") & (summary["place"] == "")]
    figures = {(str(r["scenario"]), str(r["measure"])): r for r in port.to_dict("records")}
    rows: Rows = []
    for entry in manifest.scenarios:
        row: list[Any] = [entry.name]
        notes = [overload_sentence(entry.overload, entry.name)] if entry.overloaded else []
        if entry.name in manifest.lacking:
            there = manifest.lacking[entry.name]
            notes.append(
                say(
                    "{there} of {count} replications: the others failed",
                    there=there,
                    count=manifest.replications,
                )
            )
        if limited := limit_text(limit_of(entry.capacity), cause_called(manifest)):
            notes.append(say("capacity limited by {resource}", resource=limited))
        for measure, name in named.items():
            figure = figures.get((entry.name, measure))
            if figure is None:
                row += [None] * 3
                continue
            unit = _unit(measure, str(figure["unit"]))
            row += _estimate(figure, unit)
            if noted(figure["note"], AT_LEAST):
                notes.append(say("{head}: at least this", head=name))
        rows.append([*row, "; ".join(notes)])
    sheet = book.sheet("answer", widths, rows)
    # Sentences run over the empty cells beside them; in a narrow column they would be towers.
    plain = book.book.add_format()
    plain.set_quote_prefix()
    for line, sentence in enumerate(remarks, len(rows) + 2):
        sheet.write_string(line, 0, sentence[:LONGEST], plain)


def _figures(book: Book, name: str, table: pd.DataFrame) -> None:
    by_month, by_stage = name == "by month", name == "by stage"
    where, head = ("place", "place") if by_stage else ("truck_class", "class")
    widths: dict[str, float] = {"policy": 32, head: 24, **({"month": 10} if by_month else {})}
    widths |= {"measure": 30, "unit": 8, "mean": 13, "low": 13, "high": 13, "note": 30}
    rows: Rows = []
    for figure in table.to_dict("records"):
        measure = named(str(figure["measure"]))
        unit = str(figure["unit"])
        rows.append(
            [
                *(str(figure["scenario"]), str(figure[where])),
                *([measure.inside] if by_month else []),
                *(measure.base, unit),
                *_estimate(figure, _unit(measure.base, unit)),
                str(figure["note"]),
            ]
        )
    book.sheet(name, widths, rows)


def _comparison(book: Book, comparison: pd.DataFrame) -> None:
    numbers = ("difference", "ci_low", "ci_high", "joint_low", "joint_high")
    ratios = ("ratio", "ratio_low", "ratio_high")
    widths: dict[str, float] = {"policy": 32, "less baseline": 24, "class": 20, "measure": 30}
    widths |= {"unit": 8, "difference": 13, "low": 13, "high": 13}
    widths |= {"joint low": 13, "joint high": 13, "ratio": 10, "ratio low": 10, "ratio high": 10}
    widths["note"] = 30
    months = comparison["measure"].str.contains("[", regex=False)
    rows: Rows = []
    for change in comparison[(comparison["place"] == "") & ~months].to_dict("records"):
        unit = str(change["unit"])
        look = "signed share" if unit == "share" else unit
        rows.append(
            [
                *(str(change["scenario"]), str(change["baseline"]), str(change["truck_class"])),
                *(str(change["measure"]), "points" if unit == "share" else unit),
                *((float(change[part]), look) for part in numbers),
                *((float(change[part]), "ratio") for part in ratios),
                str(change["note"]),
            ]
        )
    book.sheet("comparison", widths, rows)


def _uncertainty(book: Book, uncertainty: pd.DataFrame) -> None:
    """What chance and drawn inputs do to the figures of the whole port."""
    parts = ("chance_", "ignorance_", "")
    numbers = ("mean", *(f"{part}{end}" for part in parts for end in ("low", "high")))
    widths: dict[str, float] = {"policy": 32, "less baseline": 24, "class": 20, "measure": 30}
    widths |= {"unit": 8, **{name.replace("_", " "): 13 for name in numbers}}
    widths |= {"draws": 8, "most of it": 44, "share": 10, "note": 30}
    months = uncertainty["measure"].str.contains("[", regex=False)
    rows: Rows = []
    for row in uncertainty[(uncertainty["place"] == "") & ~months].to_dict("records"):
        unit = str(row["unit"])
        compared = bool(row["baseline"])
        look = "signed share" if compared and unit == "share" else unit
        rows.append(
            [
                *(str(row["scenario"]), str(row["baseline"]), str(row["truck_class"])),
                *(str(row["measure"]), "points" if compared and unit == "share" else unit),
                *((float(row[part]), look) for part in numbers),
                *((float(row["draws"]), "count"), str(row["most_of_it"])),
                *((float(row["share"]), "share"), str(row["note"])),
            ]
        )
    book.sheet("uncertainty", widths, rows)


def _policies(book: Book, manifest: Manifest) -> None:
    """What each policy changes against the baseline, and what its files perhaps do not mean."""
    widths: dict[str, float] = {"policy": 32, "what": 44, "baseline": 44, "in the policy": 44}
    widths |= {"note": 70}
    base = next((entry for entry in manifest.scenarios if entry.name == manifest.baseline), None)
    rows: Rows = []
    for entry in manifest.scenarios:
        if base is not None and entry is not base:
            idle = idle_paths(entry.warnings, base.name)
            # By name, as a folder keeps them: a study and its folder write the same workbook.
            was, now = (json.loads(json.dumps(e.resolved, sort_keys=True)) for e in (base, entry))
            for change in changes(was, now, base.sources, entry.sources):
                values = (
                    f"{value} [{source}]" if source else value
                    for value, source in (
                        (change.was, change.was_from),
                        (change.now, change.now_from),
                    )
                )
                note = say("no effect") if is_idle(change, idle) else ""
                rows.append([entry.name, change.path, *values, note])
        for warning in entry.warnings:
            parts = [str(warning.get(key) or "") for key in ("found", "expected", "hint")]
            parts[1] = say("expected {what}", what=parts[1]) if parts[1] else ""
            note = "; ".join(filter(None, parts))
            line = f":{warning['line']}" if warning.get("line") else ""
            path = warning.get("path") or say("the whole file")
            where = say("warning, {file}", file=f"{warning.get('file')}{line}")
            rows.append([entry.name, path, where, "", note])
    book.sheet("policies", widths, rows)


def _inputs(book: Book, manifest: Manifest) -> None:
    """Every value with a mark, the policies that share it on one row."""
    widths: dict[str, float] = {"value of": 48, "value": 28, "mark": 7, "range": 20}
    widths |= {"source": 70, "note": 30, "policies": 40}
    policies: dict[tuple[str, ...], list[str]] = {}
    for entry in manifest.scenarios:
        for source in entry.sources:
            limits = source.get("range") or []
            row = (
                *(str(source.get("path") or ""), _words(source.get("value"))),
                *(str(source.get("confidence") or ""), " to ".join(_words(x) for x in limits)),
                *(str(source.get("source") or ""), str(source.get("note") or "")),
            )
            policies.setdefault(row, []).append(entry.name)
    everyone = [entry.name for entry in manifest.scenarios]
    # Values of one path beside each other, or what policies change would stand far apart.
    order = {path: number for number, path in enumerate(dict.fromkeys(row[0] for row in policies))}
    rows: Rows = [
        [*row, say("all") if names == everyone else ", ".join(names)]
        for row, names in sorted(policies.items(), key=lambda item: order[item[0][0]])
    ]
    if not rows:
        unmarked = max((e.inputs.get("unmarked", 0) for e in manifest.scenarios), default=0)
        unmarked_text = say(
            "inputs without a mark: {count}; portsim provenance lists them with file and line",
            count=unmarked,
        )
        nothing = say("no value carries a mark of its source")
        rows = [[nothing, "", "", "", unmarked_text, "", say("all")]]
    book.sheet("inputs", widths, rows)


def _words(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _trucks(manifest: Manifest) -> str:
    if manifest.same_trucks:
        return say("the very same in all policies, replication by replication")
    others = ", ".join(manifest.other_trucks)
    if not others:
        return say("not known")
    return say("not the same as in {base}: {policies}", base=manifest.baseline, policies=others)


def _notes(book: Book, manifest: Manifest) -> None:
    scenarios = ", ".join(entry.name for entry in manifest.scenarios)
    rows: Rows = [
        [say("policies"), scenarios],
        [say("baseline"), manifest.baseline or say("none")],
        [
            say("replications"),
            counted(manifest) if manifest.lacking else str(manifest.replications),
        ],
        [say("seed"), str(manifest.seed)],
        [say("fingerprint"), manifest.fingerprint],
        *([[say("trucks"), _trucks(manifest)]] if manifest.baseline else []),
        [
            say("all figures"),
            say("summary.csv, comparison.csv and replications.parquet, beside this file"),
        ],
        *([say("mark {mark}", mark=mark), say(meaning)] for mark, meaning in _MARKS.items()),
        *([say(word), say(meaning)] for word, meaning in _NOTES),
    ]
    book.sheet("notes", {"word": 20, "meaning": 100}, rows)

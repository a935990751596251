"""The gate log's one door in: files and perhaps a map become a clean log.

The steps are told here in their order; each is taken in a module of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from portsim.calendars import UnknownZone, zone
from portsim.errors import InputError
from portsim.gatelog.changes import note_changes
from portsim.gatelog.cleaning import Cleaning
from portsim.gatelog.days import bare_days, day_numbers
from portsim.gatelog.draft import ARRIVAL, Draft, Key
from portsim.gatelog.events_form import from_events
from portsim.gatelog.faults import refuse
from portsim.gatelog.gaps import Passed, passed
from portsim.gatelog.guessing import guess
from portsim.gatelog.log import GateLog, Lost, Source
from portsim.gatelog.map_file import read_map
from portsim.gatelog.mapping import LogMap
from portsim.gatelog.order import arrange, mend_doubled, mend_order, must_follow, note_contrary
from portsim.gatelog.repeated import drop_copies
from portsim.gatelog.rows import Rows, column_names, date_orders, take_all, texts_of
from portsim.gatelog.sheets import Sheet, read_sheets
from portsim.gatelog.shifts import DoubtedClock, mend_clocks
from portsim.gatelog.stamping import zone_of_offsets
from portsim.gatelog.stays import drop_far_rows, mend_stays
from portsim.gatelog.trucks_form import UNREAD, from_trucks
from portsim.gatelog.visits import trucks_and_visits
from portsim.reading.text import nearest, short

__all__ = ["read_log"]


def read_log(
    paths: Path | str | Iterable[Path | str],
    mapping: Path | str | None = None,
    timezone: str | None = None,
) -> GateLog:
    """Read the records of a port.

    Args:
        paths: a file or several that are one log: CSV of any separator and coding, xlsx, xls, ods,
            parquet or XES, each perhaps in gzip; a row a truck, with columns of stamps, or a row
            an event. All sheets of a workbook that have stamps are read.
        mapping: a map that says what columns are, as `GateLog.write_map` writes it; what it leaves
            out is guessed. None guesses everything.
        timezone: IANA zone of stamps without an offset, and the one in which days are told. It
            goes before that of the map. None takes that of the map, else the offset that is
            written most often, else UTC: the clock as it stands.

    Returns:
        The log. Everything that was treated stands in `GateLog.cleaning`.

    Raises:
        InputError: there is no file, or the zone does not exist.
        ScenarioError: a file or the map cannot be read, or what matters cannot be told; each fault
            with its file, its line, and what to write into the map.
    """
    files = [paths] if isinstance(paths, str | Path) else list(paths)
    if not files:
        raise InputError("a log of no file; name at least one")
    given = read_map(Path(mapping)) if mapping is not None else None
    if timezone is not None:
        _check_zone(timezone)
    cleaning = Cleaning()
    sheets = _sheets(files, cleaning)
    words = guess(sheets, given, str(mapping or "map.yaml"))
    sheets = _with_stamps(sheets, words, cleaning)
    note_changes(sheets, words, cleaning)
    taken = take_all(sheets, words)
    order, why = date_orders(sheets, taken, words)
    words = _with_zone(words, timezone, zone_of_offsets(list(taken.values())))
    if why and len(set(order)) == 1:
        evidence = MappingProxyType({**words.evidence, "dates": why})
        words = replace(words, dates=order[0], evidence=evidence)
    form = from_events if words.form == "events" else from_trucks
    draft, steps = form(sheets, words, taken, order, words.timezone, cleaning)
    taken = {}
    return _cleaned(sheets, words, draft, steps, str(mapping or "map.yaml"), cleaning)


def _check_zone(name: str) -> None:
    try:
        zone(name)
    except UnknownZone as error:
        raise InputError(str(error)) from None


def _sheets(files: Sequence[Path | str], cleaning: Cleaning) -> list[Sheet]:
    sheets = [sheet for file in files for sheet in read_sheets(Path(file), str(file))]
    for sheet in sheets:
        for line, cells in sheet.ragged:
            oddity = f"a row of {cells} cells where the header has {len(sheet.names)}"
            cleaning.say(sheet.file, line, oddity, "left out")
    return sheets


def _with_stamps(sheets: list[Sheet], words: LogMap, cleaning: Cleaning) -> list[Sheet]:
    """Tables that have stamps; a legend beside them is none of the log."""
    kept = []
    for sheet in sheets:
        if any(words.columns[name].timed for name in sheet.names):
            kept.append(sheet)
        else:
            cleaning.say(sheet.file, 0, "a table without a column of stamps", "left out")
    if not kept:
        hint = "write into the map which columns are stamps"
        refuse(sheets[0].file, "no-stamps", "no column of stamps", "at least one", hint)
    return kept


def _with_zone(words: LogMap, timezone: str | None, of_offsets: str) -> LogMap:
    if timezone is not None:
        name, why = timezone, "as was asked for"
    elif words.timezone:
        name, why = words.timezone, words.evidence.get("timezone", "as the map says")
    elif of_offsets:
        name = of_offsets
        why = "the offset written most often; name a city's zone if its clocks change"
    else:
        name, why = "UTC", "no stamp has an offset: the clock as it stands, of a place not known"
    return replace(
        words, timezone=name, evidence=MappingProxyType({**words.evidence, "timezone": why})
    )


def _cleaned(
    sheets: Sequence[Sheet],
    words: LogMap,
    draft: Draft,
    steps: dict[Key, int],
    map_name: str,
    cleaning: Cleaning,
) -> GateLog:
    place, rows = zone(words.timezone), Rows.of(sheets)
    plates = texts_of(sheets, column_names(words.columns, "truck"))
    empty = np.isnan(draft.firsts())
    cleaning.add(draft.first[empty], "", "a row without a stamp", "left out")
    draft = draft.take(~empty)
    if words.form == "trucks":
        day = day_numbers(draft.firsts(), place)
        draft = drop_copies(draft, day, bool((plates.codes >= 0).any()), cleaning)
    whole, rows_lost = len(draft.first), int(empty.sum()) + sum(len(s.ragged) for s in sheets)
    if not whole:
        hint = "write into the map which columns are stamps"
        refuse(sheets[0].file, "no-rows", "no row with a stamp", "at least one", hint)
    stamps = int((~np.isnan(draft.seconds)).sum())
    draft = arrange(drop_far_rows(draft, cleaning), words.stages)
    note_contrary(draft, sheets[0].file, cleaning)
    written: dict[str, NDArray[np.bool_]] = {
        stage: np.asarray(~np.isnan(draft.seconds[:, draft.of(stage)]).all(axis=1))
        for stage in draft.stages
    }
    draft, written, clocks = _mended(draft, written, place, sheets[0].file, cleaning)
    _check_stages(words, draft, map_name)
    through = passed(draft, written, words.always, sheets[0].file, cleaning)
    days = bare_days(draft, place, sheets[0].file, cleaning)
    trucks, visits = trucks_and_visits(draft, through)
    unread = cleaning.count(UNREAD[0])
    lost = Lost(
        rows_lost,
        whole - len(draft.first),
        unread + stamps - int((~np.isnan(draft.seconds)).sum()),
        through.blanks,
        days,
        int(through.unfinished.sum()),
        clocks,
    )
    return GateLog(
        trucks,
        visits,
        draft.stages,
        _stamped(draft),
        through.always,
        {_name(key): steps[key] for key in draft.keys},
        words.timezone,
        float(np.nanmin(draft.seconds)),
        float(np.nanmax(draft.seconds)),
        tuple(Source(each.file, len(each.lines) + len(each.ragged)) for each in sheets),
        _with_stages(words, draft, through),
        cleaning.frame(sheets, rows.sheet, rows.line, plates),
        lost,
    )


def _mended(
    draft: Draft,
    written: dict[str, NDArray[np.bool_]],
    place: ZoneInfo,
    file: str,
    cleaning: Cleaning,
) -> tuple[Draft, dict[str, NDArray[np.bool_]], tuple[DoubtedClock, ...]]:
    number = np.arange(len(draft.first))
    marked = replace(draft, facts=draft.facts.assign(number=number))
    marked = mend_doubled(marked, must_follow(marked), cleaning)
    marked, clocks = mend_clocks(marked, place, file, cleaning)
    marked = mend_order(marked, must_follow(marked), cleaning)
    marked = mend_stays(marked, cleaning)
    kept = marked.facts["number"].to_numpy(np.int64)
    facts = marked.facts.drop(columns="number")
    there = {stage: each[kept] for stage, each in written.items()}
    return replace(marked, facts=facts), there, clocks


def _name(key: Key) -> str:
    return "arrival" if key == ARRIVAL else f"{key[0]} {key[1]}"


def _stamped(draft: Draft) -> dict[str, frozenset[str]]:
    stamped = {
        stage: {stamp for name, stamp in draft.keys if name == stage} for stage in draft.stages
    }
    if ARRIVAL in draft.keys and draft.stages:
        stamped[draft.stages[0]].add("queue")
    return {stage: frozenset(stamps) for stage, stamps in stamped.items()}


def _with_stages(words: LogMap, draft: Draft, through: Passed) -> LogMap:
    why = dict(words.evidence)
    if not words.stages:
        why["stages"] = "in this order most trucks pass them"
    if words.always is None:
        why["always"] = "all trucks pass these: a blank is a missing stamp"
    evidence = MappingProxyType(why)
    return replace(words, stages=draft.stages, always=through.always, evidence=evidence)


def _check_stages(words: LogMap, draft: Draft, map_name: str) -> None:
    for key, stages in (("stages", words.stages), ("always", words.always or ())):
        for stage in stages:
            if stage not in draft.stages:
                near = nearest(stage, draft.stages)
                hint = f"did you mean `{near}`?" if near else ""
                expected = f"a stage of the log: {', '.join(draft.stages)}"
                refuse(map_name, "map", f"`{short(stage)}`", short(expected, 300), hint, path=key)

"""The table of pictures, and what draws them all from the record of a study."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from portsim.figures import (
    calibration,
    causes,
    check,
    comparison,
    completion,
    cumulative,
    forecast,
    frontier,
    late_days,
    letters,
    needed,
    optimise,
    overview,
    queue,
    roster_hours,
    stages,
    stay,
    style,
    throughput,
    timetable,
    tornado,
    turning,
    until_it_breaks,
    warmup,
    week,
    where_hours_go,
)
from portsim.figures import sweep as sweeps
from portsim.figures.painters import Painters
from portsim.figures.sheet import Sheet
from portsim.figures.study import Study
from portsim.figures.varied import Varied
from portsim.geometry import Fit
from portsim.results import Record
from portsim.results.called import path_called
from portsim.results.shown import shown
from portsim.wording import say, speaking, tongue

__all__ = ["PICTURES", "draw_all", "draw_turns", "pictures"]

PICTURES: Mapping[str, Callable[[Study], Sheet | None]] = {
    "overview": overview.draw,
    "timetable": timetable.draw,
    "queue": queue.draw,
    "queue_week": week.draw,
    "inside": queue.draw_inside,
    "cumulative": cumulative.draw,
    "throughput_month": throughput.draw_month,
    "throughput_day": throughput.draw_day,
    "completion_month": completion.draw,
    "stay_ecdf": stay.draw,
    "stay_by_stage": stages.draw,
    "causes": causes.draw,
    "where_hours_go": where_hours_go.draw,
    "needed": needed.draw,
    "late_days": late_days.draw,
    "comparison": comparison.draw,
}
"""Name of the file and the function that draws it, in the order of a report."""


def draw_all(record: Record, folder: Path, painters: Painters | None = None) -> list[Path]:
    """Draw every picture that a record has data for into ``folder/figures``.

    Args:
        record: of a study of any kind.
        folder: where to.
        painters: draw along, if it is a run or a comparison.

    Returns:
        The files written; in English where no font of this machine has the letters of the
        language being spoken.
    """
    if not letters.drawn(say("policy")):
        with speaking("en"):
            return draw_all(record, folder, painters)
    target = folder / "figures"
    written: list[Path] = []
    if not record.manifest.kind:
        jobs = [partial(_draw, name, target) for name in PICTURES]
        for files in (painters or Painters()).paint(Study(record), jobs):
            written += files
        return written
    for name, draw in pictures(record):
        with style.our_style():
            written += _save(draw(), target, name)
    return written


def pictures(record: Record) -> Iterator[tuple[str, Callable[[], Sheet | None]]]:
    """The pictures of a record of any kind, by name; each gives None if there is nothing to draw.

    They are drawn in the style and the language that hold when they are called.
    """
    kinds = {
        "": _of_a_comparison,
        "sweep": _of_a_sweep,
        "sensitivity": _of_a_sensitivity,
        "optimise": _of_a_search,
        "warmup": _of_a_warm_up,
        "check": _of_a_check,
        "forecast": _of_a_forecast,
        "scores": _of_scores,
        "roster": _of_a_roster,
        "worth": _of_a_table,
    }
    made = kinds[record.manifest.kind]
    if made is _of_a_comparison:
        yield from made(record)
        return
    # What policies are called depends on the language being spoken, and the names of files do not.
    views: dict[str, list[Callable[[], Sheet | None]]] = {}

    def draw(number: int) -> Sheet | None:
        language = tongue().language
        if language not in views:
            views[language] = [each for _, each in made(shown(record))]
        return views[language][number]()

    for number, (name, _) in enumerate(made(record)):
        yield name, partial(draw, number)


def _draw(name: str, target: Path, study: Study) -> list[Path]:
    with style.our_style():
        return _save(PICTURES[name](study), target, name)


def _save(sheet: Sheet | None, target: Path, name: str) -> list[Path]:
    if sheet is None:
        return []
    target.mkdir(exist_ok=True)
    return style.save(sheet.figure, target, name, sheet.title)


def _of_a_comparison(record: Record) -> Iterator[tuple[str, Callable[[], Sheet | None]]]:
    for name, draw in PICTURES.items():
        yield name, partial(_of_study, draw, record)


def _of_study(draw: Callable[[Study], Sheet | None], record: Record) -> Sheet | None:
    # What policies and classes are called depends on the language being spoken.
    return draw(Study(record))


def _of_a_sweep(record: Record) -> Iterator[tuple[str, Callable[[], Sheet | None]]]:
    study = Varied(record)
    yield "until_it_breaks", partial(until_it_breaks.draw, study)
    for measure in study.measures:
        yield f"sweep_{measure}", partial(sweeps.draw_curves, study, measure)
        yield f"sweep_{measure}_map", partial(sweeps.draw_map, study, measure)
    ranked = record.tables.get("frontier")
    if ranked is not None:
        paths = [dimension.path for dimension in study.dimensions]
        currency = record.manifest.scenarios[0].currency
        called = path_called(record.manifest)
        yield "frontier", partial(frontier.draw, ranked, paths, currency, called)


def _of_a_search(record: Record) -> Iterator[tuple[str, Callable[[], Sheet | None]]]:
    yield "optimise", partial(optimise.draw, record)


def _of_a_warm_up(record: Record) -> Iterator[tuple[str, Callable[[], Sheet | None]]]:
    yield "warmup", partial(warmup.draw, record)


def _of_a_check(record: Record) -> Iterator[tuple[str, Callable[[], Sheet | None]]]:
    for name, draw in check.PICTURES.items():
        yield name, partial(draw, record)


def _of_a_forecast(record: Record) -> Iterator[tuple[str, Callable[[], Sheet | None]]]:
    yield forecast.PICTURE, partial(forecast.draw, record)
    if "calibration" in record.tables:
        yield calibration.PICTURE, partial(calibration.draw, record)


def _of_a_table(record: Record) -> Iterator[tuple[str, Callable[[], Sheet | None]]]:
    # What one more is worth is a table; there is nothing to draw.
    yield from ()


def _of_a_roster(record: Record) -> Iterator[tuple[str, Callable[[], Sheet | None]]]:
    if "hours" in record.tables:
        yield roster_hours.PICTURE, partial(roster_hours.draw, record)


def _of_scores(record: Record) -> Iterator[tuple[str, Callable[[], Sheet | None]]]:
    yield calibration.PICTURE, partial(calibration.draw, record)


def _of_a_sensitivity(record: Record) -> Iterator[tuple[str, Callable[[], Sheet | None]]]:
    for name, rows in tornado.pictures(record):
        yield name, partial(tornado.draw, rows, path_called(record.manifest))


def draw_turns(folder: Path, turns: Mapping[str, tuple[str, str, Fit]]) -> list[Path]:
    """Draw loads in bends into ``folder``; return the files written.

    Args:
        folder: made if it is not there and there is something to draw.
        turns: by the name of the file, what load and lane are called, and the verdict.
    """
    written: list[Path] = []
    for name, (load, lane, fit) in turns.items():
        with style.our_style():
            sheet = turning.draw(load, lane, fit)
            if sheet is not None:
                folder.mkdir(parents=True, exist_ok=True)
                written += style.save(sheet.figure, folder, name, sheet.title)
    return written

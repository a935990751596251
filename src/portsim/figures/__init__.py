"""Pictures of the record of a study, one a file, drawn from nothing but that record.

    draw_all(record, folder)   writes folder/figures/<name>.svg and .png for each picture that the
                               record has data for

    overview           the one picture: trucks a day, capacity, share out in time
    timetable          opening hours of both sides on one clock
    queue, inside      trucks waiting and trucks inside over the period
    queue_week         the mean week, hour by weekday
    cumulative         arrivals against releases
    throughput_*       releases by month and by day
    completion_month   share out in time by month
    stay_ecdf          share of trucks out after so many hours
    stay_by_stage      where the hours go
    causes             what is waited for in the end
    comparison         paired differences to the baseline
    tornado*           of a sensitivity study: how far each assumption moves the answer
    optimise           of a search: cost against each promise, the best so far, the proof
    warmup             of a warm-up study: trucks inside by start, moves by warm-up

A new picture is a function ``Study -> Sheet | None`` in a file of its own and a line below; it
returns None where the folder has not what it needs. Only the command line imports this room.

    sweep_<measure>        of a sweep: the measure along the first varied number
    sweep_<measure>_map    over the first two
    frontier               cost against the promises of --require

    gantt.draw_day(log, day)   a day truck by truck, from the log of a folder
    draw_turns(folder, …)   the swept path of a load in a bend; needs no results, only geometry
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from portsim.figures import (
    causes,
    comparison,
    completion,
    cumulative,
    frontier,
    optimise,
    overview,
    queue,
    stages,
    stay,
    style,
    throughput,
    timetable,
    tornado,
    turning,
    warmup,
    week,
)
from portsim.figures import sweep as sweeps
from portsim.figures.sheet import Sheet
from portsim.figures.study import Study
from portsim.figures.varied import Varied
from portsim.geometry import Fit
from portsim.results import Record

__all__ = ["PICTURES", "draw_all", "draw_turns"]

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
    "comparison": comparison.draw,
}
"""Name of the file and the function that draws it, in the order of a report."""


def draw_all(record: Record, folder: Path) -> list[Path]:
    """Draw every picture that a record has data for into ``folder/figures``.

    Returns:
        The files written.
    """
    kinds = {
        "": _of_a_study,
        "sweep": _of_a_sweep,
        "sensitivity": _of_a_sensitivity,
        "optimise": _of_a_search,
        "warmup": _of_a_warm_up,
    }
    target = folder / "figures"
    written: list[Path] = []
    for name, draw in kinds[record.manifest.kind](record):
        with style.our_style():
            sheet = draw()
            if sheet is not None:
                target.mkdir(exist_ok=True)
                written += style.save(sheet.figure, target, name, sheet.title)
    return written


def _of_a_study(record: Record) -> Iterator[tuple[str, Callable[[], Sheet | None]]]:
    study = Study(record)
    return ((name, partial(draw, study)) for name, draw in PICTURES.items())


def _of_a_sweep(record: Record) -> Iterator[tuple[str, Callable[[], Sheet | None]]]:
    study = Varied(record)
    for measure in study.measures:
        yield f"sweep_{measure}", partial(sweeps.draw_curves, study, measure)
        yield f"sweep_{measure}_map", partial(sweeps.draw_map, study, measure)
    ranked = record.tables.get("frontier")
    if ranked is not None:
        yield (
            "frontier",
            partial(
                frontier.draw,
                ranked,
                [one.path for one in study.dimensions],
                record.manifest.scenarios[0].currency,
            ),
        )


def _of_a_search(record: Record) -> Iterator[tuple[str, Callable[[], Sheet | None]]]:
    yield "optimise", partial(optimise.draw, record)


def _of_a_warm_up(record: Record) -> Iterator[tuple[str, Callable[[], Sheet | None]]]:
    yield "warmup", partial(warmup.draw, record)


def draw_turns(folder: Path, turns: Mapping[str, tuple[str, str, Fit]]) -> list[Path]:
    """Draw loads in bends into ``folder``; return the files written.

    Args:
        folder: made if it is not there and there is something to draw.
        turns: by the name of the file, what load and lane are called, and the verdict.
    """
    written: list[Path] = []
    for name, (load, lane, found) in turns.items():
        with style.our_style():
            sheet = turning.draw(load, lane, found)
            if sheet is not None:
                folder.mkdir(parents=True, exist_ok=True)
                written += style.save(sheet.figure, folder, name, sheet.title)
    return written


def _of_a_sensitivity(record: Record) -> Iterator[tuple[str, Callable[[], Sheet | None]]]:
    for name, rows in tornado.pictures(record):
        yield name, partial(tornado.draw, rows)

"""Pictures of a result folder, one a file, drawn from nothing but that folder.

    draw_all(folder)   writes folder/figures/<name>.svg and .png for each picture it has data for

    overview           the one picture: trucks a day, capacity, on-time share
    timetable          opening hours of both sides on one clock
    queue, inside      trucks waiting and trucks inside over the period
    queue_week         the mean week, hour by weekday
    cumulative         arrivals against releases
    throughput_*       releases by month and by day
    completion_month   on-time share by month
    stay_ecdf          share of trucks out after so many hours
    stay_by_stage      where the hours go
    causes             what is waited for in the end
    where_hours_go     from classes of trucks through work and waiting to what is waited for
    needed             officers needed against rostered, by hour of the week
    late_days          a calendar of late trucks
    comparison         paired differences to the baseline
    tornado*           of a sensitivity study: how far each assumption moves the answer
    optimise           of a search: cost against each promise, the best so far, the proof
    forecast           of a forecast: queues of the coming hours, with bands
    calibration        of forecasts of the past: how often bands were right, how near they were
    warmup             of a warm-up study: trucks inside by start, moves by warm-up

A new picture is a function ``Study -> Sheet | None`` in a file of its own and a line in `pictures`;
it returns None where the folder has not what it needs.

    sweep_<measure>        of a sweep: the measure along the first varied number
    sweep_<measure>_map    over the first two
    until_it_breaks        of a sweep over the traffic: every policy in one panel
    frontier               cost against the promises of --require

    gantt.draw_day(log, day)   a day truck by truck, from the log of a folder
    draw_turns(folder, …)   the swept path of a load in a bend; needs no results, only geometry

Everything heavy is imported when it is first asked for: painters start before it is.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portsim.figures.pictures import PICTURES, draw_all, draw_turns

__all__ = ["PICTURES", "draw_all", "draw_turns"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module 'portsim.figures' has no attribute {name!r}")
    from portsim.figures import pictures  # noqa: PLC0415

    return getattr(pictures, name)

"""The room of results: the columns of a roster."""

from portsim.results.tables import Schema

__all__ = ["DAY_NAMES", "HOURS", "PEOPLE", "PROMISES", "ROSTER"]

DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ROSTER: Schema = {
    "post": "text",
    "people": "text",
    "shift": "text",
    "breaks": "text",
    **dict.fromkeys(DAY_NAMES, "integer"),
    "hours": "number",
}
"""Columns of roster.csv: a row a post and shift, how many begin it on each weekday, and the hours
at the post a week."""
PEOPLE: Schema = {
    "line": "integer",
    "people": "text",
    "pattern": "text",
    **dict.fromkeys(DAY_NAMES, "text"),
    "hours": "number",
    "cost": "number",
    "next": "integer",
}
"""Columns of people.csv: a row a person, the week of each, paid hours and cost a week on the
average, and the line that this person works the week after."""
HOURS: Schema = {
    "promise": "text",
    "hours": "text",
    "cost": "number",
    "bound": "number",
    "people": "integer",
    "reached": "number",
    "frontier": "text",
    "best": "text",
    "note": "text",
}
"""Columns of hours.csv: a row for each hours that were tried at a level of the promise; empty hours
are those that there are. The cost a week of the cheapest roster found under them, with its bound
and people; what the promise comes to on the trucks of the search, without a roster what can be
reached at most. On the frontier nothing that costs as much reaches more."""
PROMISES: Schema = {
    "requirement": "text",
    **{
        f"{when}_{part}": "number"
        for when in ("searched", "fresh")
        for part in ("mean", "low", "high")
    },
    "met": "text",
}
"""Columns of promise.csv: a row a promise, on the trucks of the search and on fresh ones."""

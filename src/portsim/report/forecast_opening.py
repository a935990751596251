"""The room of the report: the figures with which the page of a forecast opens.

They are those of the sentences beside them; nothing is worked out here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from portsim.report.blocks import Cell, Table, Tile
from portsim.report.facts import NONE
from portsim.results.forecast import label_of, moment
from portsim.wording import amounts, say

__all__ = ["forecast_tiles", "side_by_side"]

Facts = Mapping[str, Any]


def forecast_tiles(study: Facts) -> Iterator[Tile]:
    """Who waits at closing, when the last one is out, what goes wrong, what a policy saves."""
    first = study["policies"][0]
    closing, now = first["closing"], amounts.count(first["waiting_now"])
    if closing:
        low, middle, high = map(amounts.count, closing["waiting"])
        yield Tile(
            say("{before} → {after}", before=now, after=middle),
            say("trucks waiting, now and at closing"),
            _most(low, high),
        )
    else:
        yield Tile(now, say("trucks waiting now"))
    if first["last_out"]:
        middle, band = _last_out(first)
        yield Tile(middle, say("the last truck now inside is out"), band)
    if first["trouble"]:
        yield _trouble(study, first["trouble"])
    for saved in study["saved"][:1]:
        yield Tile(
            say("{hours} h", hours=amounts.number(saved["hours"])),
            say("{policy} saves each truck now inside", policy=saved["policy"]),
            say("out earlier: {share}", share=amounts.percent(saved["earlier"])),
        )


def side_by_side(study: Facts) -> Table:
    """Every policy in a row: who waits when it closes, when the last is out, what it saves."""
    saved = {each["policy"]: each for each in study["saved"]}
    rows = []
    for facts in study["policies"]:
        closing, saves = facts["closing"], saved.get(facts["name"])
        shut, waiting = Cell(NONE), Cell(NONE)
        if closing:
            low, middle, high = map(amounts.count, closing["waiting"])
            shut = Cell(moment(closing["at"]))
            waiting = Cell(middle, "" if low == high else amounts.span(low, high))
        rows.append(
            (
                Cell(facts["name"]),
                shut,
                waiting,
                Cell(*_last_out(facts)) if facts["last_out"] else Cell(NONE),
                Cell(NONE if saves is None else amounts.number(saves["hours"])),
                Cell(NONE if saves is None else amounts.percent(saves["earlier"])),
            )
        )
    head = (
        say("policy"),
        say("closes"),
        say("waiting at closing"),
        say("the last one is out"),
        say("hours saved"),
        say("out earlier"),
    )
    return Table(say("Policies, the median and what holds 80 % of the futures"), head, tuple(rows))


def _trouble(study: Facts, trouble: Facts) -> Tile:
    if trouble["kind"] == "promise":
        low, middle, high = map(amounts.count, trouble["trucks"])
        limit = amounts.plain(study["limit_h"])
        name = say("trucks now inside are not out within {limit} h", limit=limit)
        return Tile(middle, name, _most(low, high))
    low, middle, high = map(amounts.count, trouble["peak"])
    return Tile(
        say("{before} → {after}", before=amounts.count(trouble["now"]), after=middle),
        say(
            "trucks queue at {stage}, now and at {time}",
            stage=label_of(study, trouble["stage"]),
            time=moment(trouble["at"]),
        ),
        _most(low, high),
    )


def _last_out(facts: Facts) -> tuple[str, str]:
    low, middle, high = (moment(at) if at else say("later") for at in facts["last_out"]["band"])
    return middle, "" if low == high else amounts.span(low, high)


def _most(*ends: str) -> str:
    low, high = ends
    return "" if low == high else say("80 % of the futures: {low} to {high}", low=low, high=high)

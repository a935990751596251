"""The room of the report: the page of a port told from its log, opening with how much is known.

    fit_page(fitted, language)   the text of the page

What is sure is judged by the fit; nothing is estimated here.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from portsim.report.blocks import Cell, Section, Table, Tile
from portsim.report.facts import NONE
from portsim.report.page import rendered
from portsim.results.check import remark_sentences, verdict_sentence
from portsim.results.check_faults import fault_sentence
from portsim.results.cleaned import in_words, listed
from portsim.wording import amounts, later, period, say, sentences, speaking

__all__ = ["Fitted", "fit_page"]

_SURE = {"yes": later("surely told"), "partly": later("partly told"), "no": later("not told")}
_KINDS = {
    "hours": later("Opening hours"),
    "servers": later("Officers, booths, lanes at work"),
    "work": later("How long work takes"),
    "ways": later("How stages work"),
    "arrivals": later("Who comes, and when"),
    "routes": later("Ways of trucks, and who gives up"),
}
"""What a value is about, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a fit tells.

    Attributes:
        name: of the port.
        trucks: how many the log has.
        first: local date of the first whole day.
        last: of the last.
        timezone: of the log.
        table: `fit.csv`: path, value, low, high, unit, identifiable (yes, partly, no), note, …
        cleaned: what was cleaned, how, and how often, `GateLog.counts`.
        classes: name, trucks a day with 95 % limits, and trucks of each class.
        stages: gives what is told of each stage, in the language being spoken.
        weeks: how many at the end were held out.
        held: what came of that, the ``study`` of a check; None if none were held out.
        moved: paths of the values that these weeks change beyond what those before tell.
    """

    name: str
    trucks: int
    first: dt.date
    last: dt.date
    timezone: str
    table: pd.DataFrame
    cleaned: pd.DataFrame
    classes: tuple[tuple[str, float, float, float, int], ...]
    stages: Callable[[], Sequence[str]]
    weeks: int
    held: Mapping[str, Any] | None
    moved: tuple[str, ...]


def fit_page(fitted: Fitted, language: str) -> str:
    """The text of the page.

    Args:
        fitted: what the fit tells.
        language: one of `portsim.languages.LANGUAGES`.

    Raises:
        KeyError: the language is not known.
    """
    with speaking(language, on_page=True):
        return rendered(
            title=say("{port}, told from its gate log", port=fitted.name),
            when=say(
                "{period}, clock of {zone}",
                period=period(fitted.first, fitted.last),
                zone=fitted.timezone,
            ),
            headline=_headline(fitted),
            tiles=list(_tiles(fitted)),
            tables=[_known(fitted)],
            answer=_held(fitted),
            notes=remark_sentences(fitted.held) if fitted.held else [],
            sections=list(_sections(fitted)),
            made=say(
                "The figures are those of {files} beside this page; the port itself is {port}.",
                files=say(", ").join(("fit.csv", "cleaning.csv")),
                port="port.yaml",
            ),
        )


def _count(fitted: Fitted, sure: str) -> int:
    return int(fitted.table["identifiable"].eq(sure).sum())


def _headline(fitted: Fitted) -> str:
    known = say(
        "{sure} of {all} values of this port are surely told by its log.",
        sure=amounts.count(_count(fitted, "yes")),
        all=amounts.count(len(fitted.table)),
    )
    if fitted.held is None:
        return known
    weeks = amounts.count(fitted.weeks)
    if fitted.held["faults"]:
        against = say(
            "The weeks that were held out ({weeks}) are not what it would have left.", weeks=weeks
        )
    else:
        against = say(
            "Nothing in the weeks that were held out ({weeks}) speaks against it.", weeks=weeks
        )
    return sentences(known, against)


def _tiles(fitted: Fitted) -> Iterator[Tile]:
    yield Tile(amounts.count(fitted.trucks), say("trucks in the log"))
    yield Tile(amounts.count(int(fitted.cleaned["n"].sum())), say("oddities of the log treated"))
    yield Tile(
        say(
            "{count} of {all}",
            count=amounts.count(_count(fitted, "yes")),
            all=amounts.count(len(fitted.table)),
        ),
        say("values surely told"),
        say(
            "partly: {partly}, not: {none}",
            partly=amounts.count(_count(fitted, "partly")),
            none=amounts.count(_count(fitted, "no")),
        ),
    )
    if fitted.held is not None:
        yield Tile(
            amounts.count(len(fitted.held["faults"])),
            say("differences beyond chance"),
            say("weeks held out: {weeks}", weeks=amounts.count(fitted.weeks)),
        )


def _kind(path: str) -> str:
    """What a value is about, by its dotted path."""
    room, _, rest = path.partition(".")
    if room in ("calendars", "resources"):
        return "hours" if room == "calendars" else "servers"
    if room == "stages":
        return "work" if ".time" in path else "ways"
    return "arrivals" if ".arrivals" in rest or rest.startswith("trend") else "routes"


def _known(fitted: Fitted) -> Table:
    kinds = fitted.table["path"].map(_kind)
    rows = []
    for kind, name in _KINDS.items():
        told = fitted.table.loc[kinds.eq(kind), "identifiable"]
        if len(told):
            counts = (int(told.eq(sure).sum()) for sure in _SURE)
            # The bar is how much of it is surely told.
            share = float(told.eq("yes").mean())
            first, *others = (amounts.count(count) if count else NONE for count in counts)
            rows.append((Cell(say(name)), Cell(first, "", share), *map(Cell, others)))
    head = (say("Values"), *map(say, _SURE.values()))
    return Table(say("How much of the port is known"), head, tuple(rows))


def _held(fitted: Fitted) -> list[str]:
    """What the weeks that were held out say."""
    if fitted.held is None:
        return [say("No weeks were held out: how well the port does in others is not known.")]
    texts = [verdict_sentence(fitted.held)]
    texts += [fault_sentence(fault, fitted.held) for fault in fitted.held["faults"]]
    if fitted.moved:
        texts.append(
            say(
                "The scenario is told from all weeks; with the last ones these lie outside what"
                " those before tell: {values}.",
                values=say(", ").join(fitted.moved),
            )
        )
    else:
        texts.append(
            say(
                "The scenario is told from all weeks; none of its values lies outside what those"
                " before tell."
            )
        )
    return [*texts, say("Pictures of these weeks stand in {page}.", page="check/check.html")]


def _sections(fitted: Fitted) -> Iterator[Section]:
    yield Section("stages", say("Each stage"), tuple(fitted.stages()))
    yield Section("classes", say("Who comes"), (), (_classes(fitted),))
    table = fitted.table
    unsure = table[table["identifiable"].ne("yes")]
    if len(unsure):
        text = say("What fits as well is given; what you know of it you can write into the port.")
        caption = say("Values that the log does not surely tell")
        yield Section("open", say("What is not known"), (text,), (_values(unsure, caption),))
    if len(fitted.cleaned):
        yield Section("cleaned", say("What was cleaned"), (), (_cleaned(fitted),))
    sure = table[table["identifiable"].eq("yes")]
    caption = say("Values that the log surely tells")
    yield Section("values", say("What is known"), (), (), (), (_values(sure, caption),))


def _classes(fitted: Fitted) -> Table:
    rows = tuple(
        (
            Cell(name),
            Cell(amounts.number(rate), amounts.span(amounts.number(low), amounts.number(high))),
            Cell(amounts.count(n)),
        )
        for name, rate, low, high, n in fitted.classes
    )
    head = (say("class"), say("trucks a day"), say("trucks"))
    return Table(say("Trucks a day, with 95 % intervals"), head, rows)


def _values(table: pd.DataFrame, caption: str) -> Table:
    rows = tuple(
        (
            Cell(row["path"]),
            Cell(in_words(row["note"])),
            Cell(" ".join(filter(None, (row["value"], row["unit"])))),
            Cell(amounts.span(row["low"], row["high"]) if row["low"] and row["high"] else NONE),
            Cell(say(_SURE[row["identifiable"]])),
        )
        for row in table[["path", "note", "value", "unit", "low", "high", "identifiable"]]
        .fillna("")
        .astype(str)
        .to_dict("records")
    )
    head = (say("value"), say("note"), say("told"), say("95 % interval"), say("how surely"))
    return Table(caption, head, rows, words=2)


def _cleaned(fitted: Fitted) -> Table:
    rows = tuple(
        (
            Cell(" … ".join(map(in_words, oddities))),
            Cell(in_words(treatment)),
            Cell(amounts.count(n)),
        )
        for oddities, treatment, n in listed(fitted.cleaned)
    )
    head = (say("found"), say("treated"), say("times"))
    return Table(say("Each of them stands in cleaning.csv"), head, rows, words=2)

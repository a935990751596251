"""The files of a fit: the scenario, its tables, and the check of the weeks that were held out.

Nothing is estimated here.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from portsim.checking.drawn_rows import DRAW
from portsim.errors import InputError
from portsim.languages import LANGUAGES
from portsim.report.fitted import Fitted, fit_page
from portsim.results import atomic_write, erase
from portsim.results.folder import FIT_PAGES
from portsim.results.tables import Kind, to_csv

if TYPE_CHECKING:
    from portsim.fitting.holding import Fit

__all__ = ["CHECK", "FILES", "HELD", "refuse_older", "write"]

_PORT, _DRAWS = "port.yaml", "draws.csv"
FILES = (_PORT, "fit.csv", _DRAWS, "map.yaml", "cleaning.csv")
HELD, CHECK = "held_out.csv", "check"
"""Table and folder of weeks that were held out."""


def refuse_older(folder: Path) -> None:
    """Refuse a folder with files of an earlier fit.

    Raises:
        InputError: there is one of them.
    """
    there = [name for name in FILES if (folder / name).exists()]
    if there:
        raise InputError(
            f"{folder}: found {there[0]} of an earlier fit; expected a new folder\n"
            "    hint: give --force to write over it"
        )


def write(fit: "Fit", folder: Path, force: bool) -> list[Path]:
    """Write them; see `portsim.fitting.Fit.write`."""
    if not force:
        refuse_older(folder)
    # All of them are made before the first is written.
    drawn = fit.draws()
    scenario = fit.to_yaml()
    files = {
        "fit.csv": _csv(fit.table.fillna(""), "fit.csv", "n"),
        "cleaning.csv": _csv(fit.log.cleaning, "cleaning.csv", "row"),
    }
    if len(drawn.columns) > 1:
        kinds: dict[str, Kind] = {str(name): "number" for name in drawn.columns}
        files[_DRAWS] = to_csv(drawn, {**kinds, DRAW: "integer"}, _DRAWS)
        scenario += f"study: {{draws: {_DRAWS}}}\n"
    if fit.held_out is not None:
        files[HELD] = _csv(fit.moved, HELD)
    files[_PORT] = scenario.encode()
    pages = dict(zip(FIT_PAGES, map(_page(fit), LANGUAGES), strict=True))
    folder.mkdir(parents=True, exist_ok=True)
    if fit.held_out is None:
        # What an earlier fit was held against says nothing of this one.
        erase(folder / CHECK)
    else:
        fit.held_out.study.write(folder / CHECK, force=force)
    for name in (HELD, _DRAWS):
        if name not in files:
            (folder / name).unlink(missing_ok=True)
    for name, data in {**files, **pages}.items():
        atomic_write(folder / name, data)
    fit.log.write_map(folder / "map.yaml")
    written = [folder / name for name in (*FILES, HELD) if (folder / name).exists()]
    written.append(folder / FIT_PAGES[0])
    return [*written, folder / CHECK / "check.html"] if fit.held_out is not None else written


def _page(fit: "Fit") -> Callable[[str], bytes]:
    """The page of the fit in a language."""
    told, held = fit.port, fit.held_out
    facts = Fitted(
        name=fit.scenario.name,
        trucks=len(fit.log.trucks),
        first=fit.arrivals.first,
        last=fit.arrivals.last,
        timezone=fit.log.timezone,
        table=fit.table,
        cleaned=fit.log.counts,
        classes=tuple(
            (each.name, each.rate.value, each.rate.low, each.rate.high, each.n)
            for each in fit.arrivals.classes
        ),
        stages=lambda: [line for stage in told.stages for line in stage.sentences()],
        weeks=0 if held is None else held.weeks,
        held=None if held is None else held.held.facts,
        moved=tuple(fit.moved.loc[fit.moved["beyond"].eq("yes"), "path"]),
    )
    return lambda language: fit_page(facts, language).encode()


def _csv(table: pd.DataFrame, name: str, whole: str = "") -> bytes:
    kinds: dict[str, Kind] = {
        str(column): "integer" if column == whole else "text" for column in table.columns
    }
    return to_csv(table, kinds, name)

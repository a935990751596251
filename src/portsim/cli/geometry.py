"""Which load can use which lane, on the terminal and as pictures."""

import math
import re
import textwrap
from pathlib import Path

from rich import box
from rich.table import Table
from rich.text import Text

from portsim.cli.table import console
from portsim.errors import InputError
from portsim.figures import draw_turns
from portsim.geometry import Fit, fits
from portsim.scenario.model import Scenario

__all__ = ["show_geometry"]

_COLUMNS = (
    "on route",
    "fits",
    "clearance m",
    "least width m",
    "least radius m",
    "off-tracking m",
    "why not",
)


def show_geometry(scenario: Scenario, folder: Path) -> None:
    """Print every load in every lane, and draw the bends that can be judged.

    Raises:
        InputError: no load has dimensions, or no lane has limits; nothing was written.
    """
    _check(scenario)
    passages = list(fits(scenario))
    screen = console()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("load", no_wrap=True)
    table.add_column("lane", no_wrap=True)
    for column in _COLUMNS:
        table.add_column(column, justify="right" if column.endswith(" m") else "left")
    for load, lane, passed, fit in passages:
        table.add_row(*(Text(cell) for cell in (load, lane, *_cells(passed, fit))))
    screen.print(table)
    note = (
        "Clearance is the width of the lane less the least width that would do; the least radius "
        "is that of the outer edge at the width there is. Both hold for the way through the whole "
        "bend, aprons and oversails used. Off-tracking is that of an endless turn (none: there is "
        "no such turn). Walking pace; no margin for the driver is included."
    )
    screen.print(Text(textwrap.fill(note, min(screen.width, 100))))
    shown: dict[str, tuple[str, str, Fit]] = {}
    for load, lane, _, fit in passages:
        if fit.swept is not None:
            stem = re.sub(r"[^\w-]+", "-", f"{load}--{lane}")
            shown[f"{stem}-{len(shown) + 1}" if stem in shown else stem] = (load, lane, fit)
    written = draw_turns(folder, shown)
    if written:
        screen.print(Text(f"\nwritten to {folder}:"))
        text = ", ".join(file.name for file in written)
        filled = textwrap.fill(text, min(screen.width, 100) - 4, break_on_hyphens=False)
        screen.print(Text(textwrap.indent(filled, "    ")))
    else:
        screen.print(Text("\nnothing to draw: no bend with a load whose axles are known"))


def _check(scenario: Scenario) -> None:
    if not any(cls.dimensions is not None for cls in scenario.traffic.classes.values()):
        raise InputError(
            f"{scenario.name} has no load with dimensions\n    hint: write below a class of traffic"
            " dimensions: {width: 4.5 m, axles: {wheelbase: 5 m, trailer: 60 m}}"
        )
    places = [resource.fits for resource in scenario.resources.values()]
    places += [stage.fits for stage in scenario.stages.values()]
    if all(place is None for place in places):
        raise InputError(
            f"{scenario.name} has no lane with geometry\n    hint: write below a resource or stage"
            " fits: {width: 12 m, bend: {radius: 60 m, angle: 90 deg}}"
        )


def _cells(passed: bool, fit: Fit) -> tuple[str, ...]:
    where = "yes" if passed else "no"
    if not fit.judged and fit.fits:
        return where, "?", "", "", "", "", "the load has no axles: its bend cannot be judged"
    if math.isnan(fit.width):
        clearance = width = ""
    elif math.isinf(fit.width):
        clearance, width = "", "none"
    else:
        clearance = f"{math.floor(fit.clearance * 100 + 1e-6) / 100:.2f}"
        width = f"{math.ceil(fit.width * 100 - 1e-6) / 100:.2f}"
    radius = steady = ""
    if fit.swept is not None:
        smallest, endless = fit.smallest_radius(), fit.steady()
        radius = "none" if smallest is None else f"{math.ceil(smallest * 10) / 10:.1f}"
        steady = "none" if endless is None else f"{endless:.2f}"
    fits_ = "yes" if fit.fits else "no"
    return where, fits_, clearance, width, radius, steady, _why(fit)


def _why(fit: Fit) -> str:
    reasons = [
        f"{limit.side} {limit.size:g} {limit.unit}, at most {limit.most:g} {limit.unit}"
        for limit in fit.over
    ]
    if math.isinf(fit.width):
        reasons.append("cannot make the turn")
    elif fit.swept is not None and not fit.fits and fit.clearance < 0:
        reasons.append("sweeps too wide")
    return "; ".join(reasons)

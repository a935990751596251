"""Rows on how the level of arrivals moves, on closed days and on platoons.

What is said here stands in no scenario, or in other words of it.
"""

from portsim.fitting.arrivals import ArrivalsTold
from portsim.fitting.levels import Effect
from portsim.fitting.sheet import Sheet

__all__ = ["said_of_level"]


def said_of_level(sheet: Sheet, told: ArrivalsTold, trucks: int) -> None:
    """Write the rows.

    Args:
        sheet: where to.
        told: what is told of arrivals.
        trucks: how many the log has.
    """
    if told.platoons:
        together = [each for each in told.classes if each.together > 1]
        sheet.row("traffic.platoons", "", "", "", "", "arrivals within one step of the stamps",
                  trucks, "partly" if together else "no", told.platoons)  # fmt: skip
    trend = told.trend
    if trend is None:
        sheet.row("traffic.trend", "", "", "", "times a month", "none", 0, "no",
                  "too few days to tell whether there is one")  # fmt: skip
    else:
        months = any(each.months for each in told.classes)
        note = (
            f"p = {trend.p:.2g}"
            + ("; it is in the months" if trend.there and months else "")
            + ("; no factor of the scenario says it: the rate is that of the whole log"
               if trend.there and not months else "")
            + ("" if trend.there else "; it may be chance, and stands in no factor")
        )  # fmt: skip
        sheet.row("traffic.trend", round(1 + trend.growth, 4), round(1 + trend.low, 4),
                  round(1 + trend.high, 4), "times a month", "Poisson regression of days",
                  trend.n, "yes" if trend.there else "partly", note)  # fmt: skip
    _effect(sheet, "traffic.on_closed_days", told.closed, "days on which the port was closed")
    _effect(sheet, "traffic.after_closed_days", told.after_closed, "the days after them")


def _effect(sheet: Sheet, path: str, effect: Effect | None, days: str) -> None:
    if effect is None:
        return
    dates = ", ".join(str(date) for date in effect.dates[:_MOST])
    note = f"{days}: {dates}" + ("" if len(effect.dates) <= _MOST else ", ...")
    note += f"; p = {effect.p:.2g}"
    note += "; no factor of the scenario says it" if effect.there else "; as on other days"
    sheet.row(path, round(effect.ratio, 4), round(effect.low, 4), round(effect.high, 4),
              "of their weekdays", "trucks over those that other days bring", len(effect.dates),
              "yes" if effect.sure else "partly", note)  # fmt: skip


_MOST = 10

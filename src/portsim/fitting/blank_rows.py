"""Rows of the table that say which stamps are blank, and whether at random.

How many there are was counted as the log was read; nothing is estimated from it here.
"""

from math import isnan

from portsim.fitting.sheet import Sheet
from portsim.gatelog import GateLog

__all__ = ["write_blanks"]

_BY_CHANCE = 0.001
"""Chance of blanks as uneven, below which it is none: a log has many columns."""


def write_blanks(sheet: Sheet, log: GateLog) -> None:
    """Write a row for each kind of stamp that some trucks lack: its share, with the 95 % interval
    (Wilson), of the trucks that passed there, and whether blanks lie anywhere in the log."""
    from scipy.stats import binomtest  # noqa: PLC0415 - slow to load

    for name, each in log.lost.blanks.items():
        if not each.blank:
            continue
        share = binomtest(each.blank, each.passed).proportion_ci(method="wilson")
        p = each.p_over_time
        uneven = p < _BY_CHANCE
        sheet.row(
            f"blank.{name}", f"{each.share:.4f}", f"{share.low:.4f}", f"{share.high:.4f}",
            "share of trucks that passed", "Pearson's test of ten periods of the log", each.passed,
            "partly" if uneven else "yes",
            "too few to tell whether at random" if isnan(p) else
            f"not at random, p = {p:.1g}: what is told of some days rests on fewer trucks"
            if uneven else f"p = {p:.2f} that blanks at random are as uneven over the log",
        )  # fmt: skip

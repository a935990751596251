"""The room of the report: the figures behind the picture of who is needed when.

They are those of the picture; nothing is worked out here but largest values.
"""

import numpy as np

from portsim.figures.needed import posts_of
from portsim.report.blocks import Cell, Table
from portsim.report.facts import Facts
from portsim.wording import amounts, days, say

__all__ = ["needed_table"]


def needed_table(facts: Facts) -> Table:
    """Of each post of the baseline the hour of the week in which fewest are to spare."""
    rows = []
    for post in posts_of(facts.study, facts.base):
        there = np.flatnonzero(post.rostered > 0)
        if not len(there):
            continue
        lacking = np.nan_to_num(post.needed[there] - post.rostered[there], nan=-np.inf)
        hour = int(there[np.argmax(lacking)])
        when = f"{days()[hour // 24]} {hour % 24:02d}:00"
        rows.append(
            (
                Cell(facts.study.place(post.place)),
                Cell(when),
                Cell(amounts.number(float(post.needed[hour]))),
                Cell(amounts.plain(float(post.rostered[hour]))),
                Cell(amounts.count(int(post.short.sum())), say("of {count}", count=len(there))),
            )
        )
    head = (say("post"), say("hour"), say("needed"), say("rostered"), say("hours short"))
    caption = say(
        "The hour of the week with fewest to spare, under {policy}", policy=facts.base.label
    )
    return Table(caption, head, tuple(rows), words=2)

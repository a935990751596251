"""Hours, servers and work times told from the stamps of a hundred known ports, beside the truth.

Writes docs/proof/fitted-stages.md. The ports are those of `known_ports`, which share no code with
portsim; each stage is told from its own clean stamps, with and without starts, to the minute or the
second.
"""

import sys
import time
from pathlib import Path

import numpy as np
from known_ports import known_port
from page import heading

from portsim.fitting.in_keeping import SURE_SLOTS
from portsim.fitting.likelihood import Evidence
from portsim.fitting.means import mean_of
from portsim.fitting.rosters import rosters
from portsim.fitting.weeks import SLOTS

PAGE = Path(__file__).parents[1] / "docs/proof/fitted-stages.md"
PORTS = 100


def stages(trucks, visits, truth):
    """Evidence of each stage: the queue is the stamped one, or the end of the stage before."""
    last = trucks["arrival"].to_numpy().copy()
    step = 60.0 if truth["log"]["stamps"] == "minute" else 1.0
    for stage in truth["stages"]:
        own = visits[visits["stage"] == stage["stage"]]
        truck = own["truck"].to_numpy()
        queue = np.where(own["queue"].isna(), last[truck], own["queue"].to_numpy())
        end = own["end"].to_numpy()
        last[truck[np.isfinite(end)]] = end[np.isfinite(end)]
        names = trucks["truck_class"].to_numpy()[truck]
        classes = np.unique(names, return_inverse=True)[1]
        order = np.lexsort((end, queue))
        order = order[np.isfinite(queue[order]) & np.isfinite(end[order])]
        columns = queue, own["start"].to_numpy(), end, classes
        yield stage, names[order], Evidence(*(column[order] for column in columns), step)


def table(servers):
    """Servers by weekday and five minutes."""
    rows = np.zeros((7, SLOTS), dtype=np.int64)
    for group in servers:
        for day, spans in group["hours"].items():
            for begin, end in spans:
                rows[int(day), round(begin * 12) : round(end * 12)] += group["count"]
    return rows


def edges(row):
    """Slots at which a day opens or closes."""
    return np.flatnonzero(np.diff(row > 0, prepend=False, append=False))


Counts = dict[str, list[float]]


def score(counts, truth, stage, told, samples):
    """Count what is told rightly of one stage.

    Args:
        counts: right and of how many, by what; counted up.
        truth: of the port.
        stage: of the truth.
        told: rosters of the stage, one after the other.
        samples: intervals of the mean work, seconds, by class.
    """

    def count(what, right, n=1):
        have = counts.setdefault(what, [0, 0])
        have[0] += float(right)
        have[1] += float(n)

    step = truth["step"] if truth["step"] and truth["step"]["stage"] == stage["stage"] else None
    count("changes at a date found, and none where there is none", len(told) == 1 + bool(step))
    if step and len(told) == 2:
        away = abs((told[1].first - told[1].first.fromisoformat(step["date"])).days)
        count("dates of changes within two days", away <= 2)
    for number, roster in enumerate(told):
        late = bool(step) and roster.first.isoformat() >= step["date"][:8] and number > 0
        known = table(step["servers"] if late else stage["servers"])
        count(
            "work that pauses told from work that is finished",
            roster.pauses == (stage["at_close"] == "pause"),
        )
        for day in range(7):
            row = np.zeros(SLOTS, dtype=np.int64)
            sure = np.zeros(SLOTS, dtype=bool)
            low, high = np.zeros(SLOTS), np.full(SLOTS, np.inf)
            for span in roster.week[day]:
                row[span.begin : span.end] = span.servers
            for span in roster.parts(day):
                here = slice(span.begin, span.end)
                counted = roster.counted[day, span]
                sure[here] = counted.sure
                low[here] = counted.low
                high[here] = np.inf if counted.open_end else counted.high
            count("weekdays open or closed", bool(row.any()) == bool(known[day].any()))
            if row.any() and known[day].any():
                a, b = edges(row), edges(known[day])
                alike = len(a) == len(b) and bool((np.abs(a - b) <= 1).all())
                count("days with all openings and closings within five minutes", alike)
                all_sure, right = _within(roster, day, a, b)
                kind = "where all are said to be sure" if all_sure else "where some are unsure"
                count(f"days with openings and closings right, {kind}", right)
                _score_edges(count, roster, day, b)
            both = (row > 0) & (known[day] > 0)
            count(
                "stage-hours with servers exact, where said to be sure",
                (row == known[day])[both & sure].sum() / 12,
                (both & sure).sum() / 12,
            )
            within = (low <= known[day]) & (known[day] <= high)
            count(
                "stage-hours with servers in the range, elsewhere",
                within[both & ~sure].sum() / 12,
                (both & ~sure).sum() / 12,
            )
    for name, interval in samples.items():
        law = stage["work"].get(name, stage["work"].get("*"))
        if law:
            count(
                "mean work times in their 95 % interval",
                interval[0] <= law["mean_min"] * 60 <= interval[1],
            )


def _within(roster, day, told, known):
    """Whether all openings and closings of a day are said to be sure, and whether those that are
    lie within five minutes of the known ones and the known ones in the limits of the others."""
    limits = [roster.limits.get((day, edge), (edge, edge)) for edge in told.tolist()]
    sure = [high - low <= SURE_SLOTS for low, high in limits]
    right = len(told) == len(known) and all(
        abs(edge - true) <= 1 if is_sure else low - 1 <= true <= high + 1
        for edge, true, is_sure, (low, high) in zip(told, known, sure, limits, strict=True)
    )
    return all(sure), right


def _score_edges(count, roster, day, known):
    """Openings and closings of a day beside the nearest of the known ones, slots in turn."""
    row = np.zeros(SLOTS, dtype=np.int64)
    for span in roster.week[day]:
        row[span.begin : span.end] = span.servers
    for number, edge in enumerate(edges(row).tolist()):
        low, high = roster.limits.get((day, edge), (edge, edge))
        nearest = min(known[number % 2 :: 2].tolist(), key=lambda slot: abs(slot - edge))
        if high - low <= SURE_SLOTS:
            what = "openings and closings within five minutes, where said to be sure"
            count(what, abs(nearest - edge) <= 1)
        else:
            within = low - 1 <= nearest <= high + 1
            count("openings and closings in their limits, elsewhere", within)


def scores_of(told):
    """The same of a port that was told from its log, by `told_ports.told_port`."""
    counts: Counts = {}
    names = np.unique(told.log.trucks["truck_class"].astype(str))
    for stage, each in told.stages:
        samples = {
            str(names[number]): each.law(number)[2]["mean"]
            for number in np.unique(each.classes).tolist()
            if (each.classes == number).sum() >= 30
        }
        score(counts, told.port.truth, stage, each.rosters, samples)
    return counts


def compare(seeds):
    """Counts of what was told rightly of clean stamps, by what."""
    counts: Counts = {}
    for seed in seeds:
        port = known_port(seed)
        truth = port.truth
        for stage, names, evidence in stages(*port.clean(), truth):
            told = rosters(evidence, truth["timezone"])
            samples = {}
            if told:
                works, opened, classes = (
                    np.concatenate([getattr(roster, column) for roster in told])
                    for column in ("works", "opened", "classes")
                )
                for number, name in enumerate(np.unique(names)):
                    own = (classes == number) & np.isfinite(works)
                    if own.sum() >= 30:
                        samples[name] = mean_of(
                            works[own], opened[own], evidence.step, stamped=evidence.has_starts
                        )[1]
            score(counts, truth, stage, told, samples)
    return counts


def main() -> None:
    """Tell all ports and write the page."""
    ports = int(sys.argv[1]) if len(sys.argv) > 1 else PORTS
    began = time.process_time()
    counts = compare(range(ports))
    seconds = (time.process_time() - began) / ports
    lines = heading(
        "Hours, servers and work times of known ports",
        f"{ports} random ports of 2 to 20 weeks and 1 to 5 stages, made by a simulation that "
        "shares no code with portsim; each stage told from its own clean stamps, to the minute or "
        "the second, most without the start of the work. An opening counts as right within five "
        "minutes; servers count where both agree that it is open. What the stamps cannot tell "
        f"(closed, or nobody came) counts as wrong. {seconds:.1f} s of processor time a port.",
    )
    lines += ["| what | right | of | share |", "| --- | --: | --: | --: |"]
    lines += [
        f"| {what} | {right:,.0f} | {n:,.0f} | {right / max(n, 1e-9):.1%} |"
        for what, (right, n) in counts.items()
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    if ports == PORTS:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

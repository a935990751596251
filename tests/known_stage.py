"""One stage of which hours, servers and works are known, and the stamps it leaves."""

import datetime as dt

import numpy as np

from portsim.fitting.likelihood import Evidence
from portsim.fitting.weeks import Span

ZONE = "Etc/GMT-5"
MONDAY = dt.datetime(2025, 3, 3, tzinfo=dt.timezone(dt.timedelta(hours=5))).timestamp()
DAY = 86_400.0


def port(
    seed, days, servers, *, rate=90, mean=480.0, cv=0.6, step=60.0, pauses=False, weekday=None
):
    """Trucks through one stage: `servers(day)` gives [(from h, to h, how many)] of a day."""
    luck = np.random.default_rng(seed)
    spans = [
        (day * DAY + a * 3600, day * DAY + b * 3600, count)
        for day in range(days + 2)
        for a, b, count in servers(day)
    ]
    most = max(count for *_, count in spans)
    free = [0.0] * most
    count = luck.poisson(rate * days)
    queue = np.sort(luck.uniform(0, days * DAY, count))
    sigma = np.sqrt(np.log1p(cv**2))
    work = mean * np.exp(luck.normal(-(sigma**2) / 2, sigma, count)) if cv else np.full(count, mean)
    starts, ends, last = [], [], 0.0
    for arrival, needs in zip(queue, work, strict=True):
        best = None
        for server in range(most):
            second = max(arrival, last, free[server])
            for begin, end, there in spans:
                if server < there and second < end:
                    best_here = max(second, begin)
                    break
            if best is None or best_here < best[0]:
                best = best_here, server
        start, server = best
        end = start + needs
        if pauses:
            rest, end = needs, start
            for begin, stop, _ in spans:
                if stop > end and rest > 0:
                    end = max(end, begin)
                    done = min(rest, stop - end)
                    end, rest = end + done, rest - done
        free[server], last = end, start
        starts.append(start)
        ends.append(end)

    def cut(seconds):
        return MONDAY + np.floor(np.array(seconds) / step) * step

    classes = np.zeros(count, dtype=np.int64)
    order = np.lexsort((cut(ends), cut(queue)))
    return (
        Evidence(cut(queue)[order], np.full(count, np.nan), cut(ends)[order], classes, step),
        cut(starts)[order],
    )


def slots(*spans):
    return tuple(Span(round(a * 12), round(b * 12), count) for a, b, count in spans)

"""The hours and servers under which the stamps of a stage are likeliest, found step by step.

Crisp hours are cheaper than odd ones, few spans cheaper than many; else the likelihood decides.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.fitting.likelihood import Likelihood
from portsim.fitting.weeks import SLOTS, Pattern, Span, Week, of_row, tidy
from portsim.fitting.work import Densities
from portsim.held.starts import ALL_CHANGE, COUNTED, EVENLY, STAYERS

__all__ = ["Found", "cheapest_way", "price", "searched", "uphill", "without_short_breaks"]

_ODD, _HALF_ODD, _SPAN, _SHORT = 4.0, 2.0, 5.0, 30.0
"""Log likelihood that must make up for an edge off the quarter and off the half of an hour, for a
span, and for one of half an hour at most."""
_HALF_HOUR, _HOUR = 6, 12
_STEPS = (12, -12, 6, -6, 3, -3, 1, -1)
_HOPELESS = 60.0
_ROUNDS, _MOST_SERVERS, _GIVE_UP = 14, 60, 12
_LUNCH = range(120, 175, _HALF_HOUR)
_CHANGE = 12.0
_MANY = 6
_PLAIN = 3.0


@dataclass(frozen=True, slots=True)
class Found:
    """Hours and servers of the days of a group of weekdays."""

    pattern: Pattern
    pauses: bool
    """Whether work rests while the stage is closed; else what was begun is finished."""
    handing: int
    """What becomes of works in hand where the servers change: see `starts`."""
    score: float
    """Log likelihood less the price of the pattern."""


def price(pattern: Pattern) -> float:
    """What a pattern costs: more for odd hours and for many spans.

    A break of an hour at most over midnight costs as much as one at noon.
    """
    over_midnight = pattern[0].begin + SLOTS - pattern[-1].end if pattern else 0
    total = _SPAN * (0 < over_midnight <= _HOUR)
    for begin, end, _ in pattern:
        for edge in (begin, end):
            total += 0.0 if edge % _HALF_HOUR == 0 else _HALF_ODD if edge % 3 == 0 else _ODD
        total += _SPAN + _SHORT * (end - begin <= _HALF_HOUR)
    return total


class _Climb:
    """One search: for the days that `week_of` lays a pattern on, with work that pauses or not."""

    def __init__(
        self,
        likelihood: Likelihood,
        week_of: Callable[[Pattern], Week],
        *,
        pauses: bool,
        fixed: int | None,
    ) -> None:
        self._likelihood, self._week_of, self._pauses = likelihood, week_of, pauses
        self.fixed = fixed
        self._known: dict[Pattern, float] = {}

    def score(self, pattern: Pattern) -> float:
        """With the densities that suit the pattern best."""
        if pattern not in self._known:
            week = self._week_of(pattern)
            told = self._likelihood.of(week, pauses=self._pauses)
            self._known[pattern] = told - price(pattern)
        return self._known[pattern]

    def may_be(self, pattern: Pattern) -> bool:
        """Whether its servers are those that are known, if they are."""
        return self.fixed is None or all(span.servers == self.fixed for span in pattern)

    def densities(self, pattern: Pattern) -> Densities:
        return self._likelihood.densities(self._week_of(pattern), pauses=self._pauses)

    def begun_in(self, pattern: Pattern) -> Ints:
        """Slot of the day in which each work began, int64[n]."""
        return self._likelihood.clock.slots(
            self._likelihood.begun(self._week_of(pattern), pauses=self._pauses)
        )[1]

    def of_each(self, pattern: Pattern, densities: Densities) -> Reals:
        week = self._week_of(pattern)
        return self._likelihood.of_each(week, densities, pauses=self._pauses)

    def best(self, pattern: Pattern) -> Pattern:
        """The best pattern that can be had from one step by step."""
        for _ in range(_ROUNDS):
            densities = self.densities(pattern)
            quick: dict[Pattern, float] = {}

            def told(
                tried: Pattern,
                quick: dict[Pattern, float] = quick,
                densities: Densities = densities,
            ) -> float:
                if tried not in quick:
                    quick[tried] = float(self.of_each(tried, densities).sum()) - price(tried)
                return quick[tried]

            moved = uphill(pattern, told)
            here = self.score(moved)
            # New shapes change the work times: those that come near are judged by their own.
            near = [
                shape
                for shape in _shapes(moved)
                if shape and self.may_be(shape) and told(shape) > told(moved) - _HOPELESS
            ]
            following = max(near, key=self.score, default=moved)
            if self.score(following) > here:
                pattern = following
            elif moved == pattern:
                return pattern
            else:
                pattern = moved
        return pattern


def uphill(pattern: Pattern, told: Callable[[Pattern], float]) -> Pattern:
    """Move edges while that helps."""
    here, again = told(pattern), True
    while again:
        again = False
        for tried in _moved(pattern):
            there = told(tried)
            if there > here + 1e-6:
                pattern, here, again = tried, there, True
                break
    return pattern


def _moved(pattern: Pattern) -> Iterator[Pattern]:
    """Patterns with one edge elsewhere; neighbours move together."""
    edges = sorted({edge for span in pattern for edge in span[:2]})
    for number, edge in enumerate(edges):
        low = edges[number - 1] + 1 if number else 0
        high = edges[number + 1] - 1 if number + 1 < len(edges) else SLOTS
        round_ones = [round(edge / step) * step for step in (12, 6, 3)]
        for new in dict.fromkeys([*(edge + step for step in _STEPS), *round_ones]):
            if new != edge and low <= new <= high:
                moved = {edge: new}
                yield tidy(
                    [Span(moved.get(a, a), moved.get(b, b), servers) for a, b, servers in pattern]
                )


def _shapes(pattern: Pattern) -> Iterator[Pattern]:
    """Patterns with other servers, a span less, or a break more."""
    for number, span in enumerate(pattern):
        before, after = pattern[:number], pattern[number + 1 :]
        for more in (-1, 1):
            yield tidy([*before, span._replace(servers=span.servers + more), *after])
        if len(pattern) > 1:
            yield tidy([*before, *after])
        if after:
            for servers in (span.servers, after[0].servers):
                yield tidy([*before, Span(span.begin, after[0].end, servers), *after[1:]])
        for begin in _LUNCH:
            for length in (_HALF_HOUR, 2 * _HALF_HOUR):
                if span.begin < begin and begin + length < span.end:
                    morning, rest = span._replace(end=begin), span._replace(begin=begin + length)
                    yield tidy([*before, morning, rest, *after])
    if len(pattern) > 1:
        for more in (-1, 1):
            yield tidy([span._replace(servers=span.servers + more) for span in pattern])


def searched(
    likelihood: Likelihood,
    week_of: Callable[[Pattern], Week],
    open_: Ints,
    servers: int | None = None,
) -> list[Found]:
    """The likeliest hours and servers, with work that is finished and with work that pauses.

    Args:
        likelihood: of the stage.
        week_of: lays a pattern on the days that are searched for.
        open_: int64[SLOTS], a first guess of the open slots.
        servers: how many there are while it is open, if somebody knows.

    Returns:
        All ways that were tried, the likeliest first.
    """
    ways = []
    for pauses in (False, True):
        climb = _Climb(likelihood, week_of, pauses=pauses, fixed=servers)
        steady = _steady(climb, open_)
        if not steady:
            continue
        pattern = _climbed(climb, climb.best(steady))
        ways.append(Found(pattern, pauses, COUNTED, climb.score(pattern)))
        if len({span.servers for span in pattern}) == 1:
            continue
        for handing in (STAYERS, EVENLY, ALL_CHANGE):
            other = _Climb(likelihood.handed(handing), week_of, pauses=pauses, fixed=servers)
            changed = _climbed(other, other.best(pattern))
            ways.append(Found(changed, pauses, handing, other.score(changed)))
    # Where they are as likely, what was begun is finished, and by those who are counted.
    return sorted(
        ways,
        key=lambda way: -way.score - _PLAIN * (not way.pauses) - _PLAIN * (way.handing == COUNTED),
    )


def _climbed(climb: _Climb, pattern: Pattern) -> Pattern:
    """The best pattern from one on, with other servers at other times of the day where they fit."""
    by_hour = pattern
    if climb.fixed is None:
        by_hour = climb.best(_by_time_of_day(climb, pattern))
    return climb.best(_without_slivers(max(pattern, by_hour, key=climb.score), climb))


def _without_slivers(pattern: Pattern, climb: _Climb) -> Pattern:
    """Without spans of half an hour at most beside another, and without shorter breaks.

    Where one crew hands over to the next, both are at work for some minutes.
    """
    pattern = without_short_breaks(pattern)
    for _ in range(len(pattern)):
        for number, span in enumerate(pattern):
            touching = [
                other
                for other in (number - 1, number + 1)
                if 0 <= other < len(pattern)
                and (pattern[other].end == span.begin or pattern[other].begin == span.end)
            ]
            if touching and span.end - span.begin <= _HALF_HOUR:
                rest = [*pattern[:number], *pattern[number + 1 :]]
                pattern = max(
                    (
                        tidy([*rest, span._replace(servers=pattern[other].servers)])
                        for other in touching
                    ),
                    key=climb.score,
                )
                break
    return pattern


def without_short_breaks(pattern: Pattern) -> Pattern:
    """Without breaks of less than half an hour: in them those finish who go home."""
    spans = list(pattern)
    for number in range(1, len(spans)):
        before, here = spans[number - 1], spans[number]
        if before.end < here.begin < before.end + _HALF_HOUR:
            spans[number - 1] = before._replace(end=here.begin)
    return tidy(spans)


def _steady(climb: _Climb, open_: Ints) -> Pattern:
    """The best number of servers if it were the same all day."""
    best: Pattern = ()
    worse = 0
    tried = range(1, _MOST_SERVERS + 1) if climb.fixed is None else [climb.fixed]
    for servers in tried:
        guess = of_row(open_ * servers)
        if not guess:
            return ()
        # Works that are all alike fit the hours of the port to the minute, or not at all.
        pattern = max(guess, _crisp(guess) or guess, key=climb.score)
        if not best or climb.score(pattern) > climb.score(best):
            best, worse = pattern, 0
        else:
            worse += 1
        if worse >= _GIVE_UP:
            break
    return best


def _crisp(pattern: Pattern) -> Pattern:
    """Without breaks of less than an hour, from the half hour before to the nearest one.

    What is seen first of a day are ends of works, some time after it has opened.
    """
    spans = [pattern[0]]
    for span in pattern[1:]:
        if span.begin - spans[-1].end < 2 * _HALF_HOUR:
            spans[-1] = spans[-1]._replace(end=span.end)
        else:
            spans.append(span)
    return tidy(
        [
            Span(
                span.begin // _HALF_HOUR * _HALF_HOUR,
                round(span.end / _HALF_HOUR) * _HALF_HOUR,
                span.servers,
            )
            for span in spans
        ]
    )


def _by_time_of_day(climb: _Climb, pattern: Pattern) -> Pattern:
    """Other servers at other times of the day, by half hours, with a price for each change."""
    row = np.zeros(SLOTS, dtype=np.int64)
    for begin, end, _ in pattern:
        row[begin:end] = 1
    counts = [span.servers for span in pattern]
    tried = range(max(1, min(counts) - _MANY), max(counts) + _MANY + 1)
    densities = climb.densities(pattern)
    slot = climb.begun_in(pattern)
    table = np.array(
        [
            np.bincount(
                slot // _HALF_HOUR,
                weights=climb.of_each(of_row(row * servers), densities),
                minlength=SLOTS // _HALF_HOUR,
            )
            for servers in tried
        ]
    )
    way = cheapest_way(table)
    return of_row(row * np.repeat(np.array(tried)[way], _HALF_HOUR))


def cheapest_way(table: Reals) -> Ints:
    """The row in each column that gives most in all, with a price for each change of rows."""
    score = table[:, 0].copy()
    came = np.zeros(table.shape, dtype=np.int64)
    for column in range(1, table.shape[1]):
        best = int(score.argmax())
        stay = score >= score[best] - _CHANGE
        came[:, column] = np.where(stay, np.arange(len(score)), best)
        score = np.where(stay, score, score[best] - _CHANGE) + table[:, column]
    way = np.zeros(table.shape[1], dtype=np.int64)
    way[-1] = score.argmax()
    for column in range(table.shape[1] - 1, 0, -1):
        way[column - 1] = came[way[column], column]
    return way

"""The room of the report: the outlines of a drawing in few letters; no figure enters.

A page carries a dozen drawings, and most of their weight is coordinates.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

__all__ = ["short_path"]

_COMMAND = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_STEPS = {"M": 2, "L": 2, "Q": 4, "C": 6, "Z": 0}
"""Numbers of each absolute command that is read; all but the last two are control points."""


def short_path(outline: str) -> str:
    """The same outline in tenths of a point, each step told from where the last one ended.

    In: the ``d`` of a path of SVG 1.1 (section 8.3) with the absolute commands M, L, Q, C and Z;
    one with others is given back as it is. Steps are taken between rounded places, so that errors
    do not add up.
    """
    found = [(letter.upper(), _tenths(rest)) for letter, rest in _COMMAND.findall(outline)]
    if any(len(numbers) != _STEPS.get(letter, -1) for letter, numbers in found):
        return outline
    parts = list(_parts(found))
    return "".join(
        text if letter != before or letter == "M" else _joined(text[1:])
        for (before, _), (letter, text) in pairwise([("", ""), *parts])
    )


def _tenths(text: str) -> list[int]:
    return [round(10 * float(number)) for number in text.split()]


def _parts(found: list[tuple[str, list[int]]]) -> Iterator[tuple[str, str]]:
    """Each step, its letter first; those that lead nowhere are left out."""
    x = y = left = top = 0
    for letter, numbers in found:
        if letter == "Z":
            x, y = left, top
            yield "z", "z"
            continue
        steps = [n - (y if odd % 2 else x) for odd, n in enumerate(numbers)]
        x, y = numbers[-2:]
        if letter == "M":
            left, top = x, y
            yield "M", f"M{_numbers(numbers)}"
        elif letter == "L" and not steps[1]:
            yield "h", f"h{_numbers(steps[:1])}"
        elif letter == "L" and not steps[0]:
            yield "v", f"v{_numbers(steps[1:])}"
        else:
            yield letter.lower(), letter.lower() + _numbers(steps)


def _numbers(tenths: list[int]) -> str:
    first, *rest = map(_number, tenths)
    return first + "".join(map(_joined, rest))


def _joined(number: str) -> str:
    """A number after another: a sign parts them as well as a space."""
    return number if number.startswith("-") else f" {number}"


def _number(tenths: int) -> str:
    whole, tenth = divmod(abs(tenths), 10)
    text = f"{whole or ''}.{tenth}" if tenth else str(whole)
    return f"-{text}" if tenths < 0 else text

"""The outlines of a page's drawings: short, and the same to a tenth of a point."""

import re

from hypothesis import given
from hypothesis import strategies as st

from portsim.report.paths import short_path

places = st.tuples(*[st.integers(-99, 9999).map(lambda n: n / 10)] * 2)
lines = st.lists(places, min_size=1, max_size=8)


def drawn(outline: str) -> list[tuple[str, list[float]]]:
    """Absolute steps of a path with M, z and relative l, h, v, c, as a browser reads it."""
    steps: list[tuple[str, list[float]]] = []
    x = y = 0.0
    start = (0.0, 0.0)
    for letter, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", outline):
        numbers = [float(n) for n in re.findall(r"-?(?:\d+(?:\.\d)?|\.\d)", rest)]
        size = {"M": 2, "l": 2, "h": 1, "v": 1, "c": 6, "z": 0}[letter]
        for at in range(0, max(len(numbers), 1), max(size, 1)):
            some = numbers[at : at + size]
            if letter == "z":
                x, y = start
                steps.append(("Z", []))
            elif letter == "M":
                x, y = start = (some[0], some[1])
                steps.append(("M", [x, y]))
            else:
                some = {"h": [*some, 0.0], "v": [0.0, *some]}.get(letter, some)
                ends = [n + (y if odd % 2 else x) for odd, n in enumerate(some)]
                x, y = ends[-2:]
                steps.append(("C" if letter == "c" else "L", ends))
    return [(letter, [round(n, 1) + 0.0 for n in numbers]) for letter, numbers in steps]


@given(
    st.lists(st.tuples(lines, st.booleans()), min_size=1, max_size=4),
    st.lists(places, min_size=3, max_size=3),
)
def test_a_short_outline_leads_the_same_way(
    parts: list[tuple[list[tuple[float, float]], bool]], curve: list[tuple[float, float]]
) -> None:
    whole: list[tuple[str, list[float]]] = []
    for points, closed in parts:
        whole += [("L" if n else "M", list(p)) for n, p in enumerate(points)]
        whole += [("C", [n for place in curve for n in place])]
        whole += [("Z", [])] * closed
    written = "\n".join(f"{letter} {' '.join(map(str, numbers))}" for letter, numbers in whole)
    assert drawn(short_path(written)) == whole


def test_steps_are_taken_from_rounded_places_and_what_is_not_known_stays() -> None:
    assert short_path("M 0 0 L 0.26 0 L 0.52 0 L 0.78 0.04") == "M0 0h.3 .2 .3"
    assert short_path("M 503.8 49.5\nL 512.7 49.5\nL 512.7 58.4\nz") == "M503.8 49.5h8.9v8.9z"
    assert short_path("M 1 2 A 3 3 0 0 1 4 5") == "M 1 2 A 3 3 0 0 1 4 5"

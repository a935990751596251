"""Where the places of small ports stand on the map: each port is known by hand."""

from typing import Any

import pytest

from portsim.replay.layout import Port, port_of

TWO: dict[str, Any] = {
    "calendars": {"west": {"side": "West"}, "east": {"side": "East"}, "light": {}},
    "stages": {
        "desk": {"hours": "west"},
        "gate": {"hours": ["west", "light"]},
        "escort": {"hours": ["west", "east"]},
        "post": {"hours": "east"},
        "yard": {},
    },
    "traffic": {
        "scale": 1,
        "tea": {"direction": "outbound", "route": ["desk", {"stage": "gate"}, "post", "yard"]},
        "blades": {"direction": "outbound", "route": ["desk", "escort", "post"]},
        # Its papers are seen to on this side before it sets out on the other.
        "cars": {"direction": "inbound", "route": ["desk", "post", "gate"]},
    },
}


def at(port: Port, part: str) -> dict[str, Any]:
    return {place["stage"]: place[part] for place in port.places}


def test_both_sides_have_their_places_and_the_border_lies_between_the_gates() -> None:
    port = port_of(TWO, TWO["stages"])
    assert (port.forward, port.back) == ("outbound", "inbound")
    assert port.sides == ("West", "East")
    assert at(port, "side") == {"desk": -1, "gate": -1, "escort": 0, "post": 1, "yard": 1}
    assert {stage for stage, gate in at(port, "gate").items() if gate} == {"gate", "post"}
    x = at(port, "x")
    assert x["desk"] < x["gate"] < port.map["border"] < x["post"] < x["yard"]
    assert x["escort"] == port.map["border"]
    assert at(port, "way") == {"desk": 0, "gate": 0, "escort": 1, "post": 0, "yard": 1}


def test_what_is_seen_to_on_the_other_side_beforehand_is_no_gate() -> None:
    """Who books and pays over there before he sets out crosses later."""
    words = {"booth": {"hours": "east"}, "bank": {"hours": "east"}, **TWO["stages"]}
    route = ["booth", "bank", "desk", "gate", "post"]
    booked = {"direction": "outbound", "route": route}
    port = port_of({**TWO, "stages": words, "traffic": {**TWO["traffic"], "b": booked}}, words)
    assert {stage for stage, gate in at(port, "gate").items() if gate} == {"gate", "post"}


def test_a_port_whose_other_direction_is_first_in_its_words_is_laid_out_the_same() -> None:
    turned = {**TWO, "traffic": dict(reversed(TWO["traffic"].items()))}
    assert port_of(turned, TWO["stages"]) == port_of(TWO, TWO["stages"])


@pytest.mark.parametrize(
    ("direction", "gate", "bordered"),
    [("export", "b", True), ("import", "a", True), ("inbound", "a", True), ("north", "", False)],
)
def test_a_port_of_one_side_has_its_gate_where_its_road_leaves_it(
    direction: str, gate: str, bordered: bool
) -> None:
    """What goes out passes the border after its last stage, what comes in before its first; of
    other words nobody knows where the border is."""
    words = {"traffic": {"cars": {"direction": direction, "route": ["a", "b"]}}}
    port = port_of(words, ["a", "b"])
    assert [stage for stage, is_gate in at(port, "gate").items() if is_gate] == [gate] * bordered
    assert (port.map["border"] is not None) is bordered
    x = at(port, "x")
    if bordered:
        assert max(x.values()) == x[gate] < port.map["border"] < port.map["high"]


def test_what_goes_one_way_stands_on_its_side_of_the_road_and_no_two_places_meet() -> None:
    names = list("abcdefghijk")
    words = {
        "traffic": {
            "out": {"direction": "export", "route": names},
            "in": {"direction": "import", "route": ["z", *names[5:]]},
        }
    }
    port = port_of(words, [*names, "z"])
    spots = [(place["x"], place["y"]) for place in port.places]
    assert all(
        abs(x - u) >= 1 or abs(y - v) >= 1 for n, (x, y) in enumerate(spots) for u, v in spots[:n]
    )
    assert all(y != 0 and abs(y) >= 1 for _, y in spots)
    y = at(port, "y")
    assert all(y[name] > 0 for name in "abcde")
    assert y["z"] < 0
    # Only places that trucks visit are on it.
    assert [place["stage"] for place in port_of(words, ["z"]).places] == ["z"]


def test_a_port_without_traffic_or_direction_is_laid_out_too() -> None:
    assert port_of({}, ["a"]).map["border"] is None
    assert at(port_of({"traffic": {"cars": {"route": ["a"]}}}, ["a"]), "way") == {"a": 1}


def test_places_stand_where_the_scenario_says_and_the_others_below_them() -> None:
    said = {"border": 2.5, "truck": "18 m", "places": {
        "desk": {"x": 0, "y": -1}, "gate": {"x": 1, "y": 0}, "post": {"x": 4, "y": 2}}}  # fmt: skip
    port = port_of({**TWO, "map": said}, TWO["stages"])
    spots = {place["stage"]: (place["x"], place["y"]) for place in port.places}
    assert spots == {
        "desk": (0, -1), "gate": (1, 0), "post": (4, 2), "escort": (0, 3), "yard": (1, 3)
    }  # fmt: skip
    assert port.map == {"border": 2.5, "low": -0.5, "high": 5.5, "truck": 18}
    # Halfway between the sides where it does not say.
    del said["border"]
    del said["places"]["post"]
    halfway = port_of({**TWO, "map": said}, ["desk", "gate", "escort", "post"]).map["border"]
    assert halfway == (1 + 1) / 2


def test_a_map_that_names_places_which_nobody_visits_is_a_map() -> None:
    port = port_of({**TWO, "map": {"places": {"desk": {"x": 7, "y": 1}}}}, ["gate"])
    assert [(place["x"], place["y"]) for place in port.places] == [(0, 1)]
    assert port_of({**TWO, "map": {"places": {"desk": {"x": 7, "y": 1}}}}, ()).places == []


def test_the_side_with_another_clock_is_known() -> None:
    zones = {"west": "Asia/Shanghai", "east": "Asia/Almaty", "light": "UTC"}
    calendars = {
        name: {**words, "timezone": zones[name]} for name, words in TWO["calendars"].items()
    }
    port = {**TWO, "timezone": "Asia/Shanghai", "calendars": calendars}
    assert port_of(port, TWO["stages"]).other == (1, "Asia/Almaty")
    assert port_of({**port, "timezone": "Asia/Almaty"}, ()).other == (0, "Asia/Shanghai")
    assert port_of(TWO, TWO["stages"]).other is None

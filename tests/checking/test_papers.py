"""Papers beside trucks: what is refused, with its place and what to write."""

import pytest

from portsim.checking import load

PAPERS = """\
    papers:
      declaration:
        route: [desk]
        before_arrival: 6 h
        needed_at: release
"""
ROUTE = "    route: [gate, inspection, release]\n"
STAGES = "stages:\n"
DESK = "stages:\n  desk: {time: 20 min}\n"
PATH = "traffic.tea.papers.declaration"


@pytest.mark.parametrize(
    ("old", "new", "at", "path", "found", "expected", "hint"),
    [
        ("[desk]", "[desks]", "desks", "route[0]", "`desks`", "the name of a stage", "`desk`"),
        ("[desk]", "[]", "[]", "route", "an empty list", "at least 1 of them", ""),
        ("[desk]", "[desk, desk]", "desk]", "route[1]", "`desk`", "each stage once", ""),
        ("6 h", "6", "6", "before_arrival", "`6`", "a duration", "write the unit"),
        (
            "before_arrival: 6 h",
            "begins_at: desk",
            "desk",
            "begins_at",
            "`desk`",
            "a stage of the route of tea",
            "it passes gate, inspection, release",
        ),
        (
            "before_arrival: 6 h",
            "begins_after: release",
            "release",
            "begins_after",
            "release",
            "a stage that tea pass before release",
            "would never be there",
        ),
        (
            "before_arrival: 6 h",
            "before_arrival: 6 h\n        begins_at: gate",
            "begins_at",
            "begins_at",
            "`before_arrival` and `begins_at` together",
            "one beginning",
            "keep one of them",
        ),
        (
            "needed_at: release",
            "needed_at: relese",
            "relese",
            "needed_at",
            "`relese`",
            "the name of a stage",
            "`release`",
        ),
        (
            "        needed_at: release\n",
            "",
            "declaration",
            "needed_at",
            "no `needed_at`",
            "`needed_at`",
            "",
        ),
        (
            "before_arrival: 6 h",
            "channels: red",
            "channels",
            "channels",
            "papers for channels in a class without",
            "`channels` of the class tea",
            "beside its route",
        ),
        ("6 h", "6 h\n        share: 2", "2", "share", "`2`", "1 or less", ""),
        ("needed_at", "need_at", "need_at", "need_at", "unknown key `need_at`", "", "`needed_at`"),
    ],
)
def test_words_that_cannot_be(faults, old, new, at, path, found, expected, hint):
    assert old in PAPERS
    first, *_ = faults((ROUTE, ROUTE + PAPERS.replace(old, new)), (STAGES, DESK))
    assert first.path == f"{PATH}.{path}"
    assert found in first.found
    assert expected in first.expected
    assert hint in first.hint


def test_no_more_is_kept_than_there_is(faults):
    """The papers keep the officers of one desk and want them again at the next."""
    desks = (
        "stages:\n  desk: {takes: {officers: {count: 2, until: exit}}, time: 1 min, "
        "at_close: finish}\n"
        "  till: {takes: {officers: 1}, time: 1 min, at_close: finish}\n"
    )
    papers = PAPERS.replace("[desk]", "[desk, till]")
    (fault,) = faults((ROUTE, ROUTE + papers), (STAGES, desks))
    assert fault.path == "stages.till.takes.officers"
    assert "a paper of tea keeps 2 since desk" in fault.hint


def test_a_port_as_it_stands_has_no_papers(faults):
    inside = "inside: {counts: {gate: 3}}\nstages:\n  desk: {time: 20 min}\n"
    (fault,) = faults((ROUTE, ROUTE + PAPERS), (STAGES, inside))
    assert fault.path == "traffic.tea.papers"
    assert "does not tell how far the papers" in fault.hint


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (
            ROUTE,
            "    tolerance: 9\n    comes_again: {share: 0.5, after: 5 h}\n" + ROUTE,
            "`comes_again` of tea",
        ),
        (ROUTE, ROUTE.replace("gate,", "gate, inspection,"), "inspection twice in the route"),
        (
            ROUTE,
            ROUTE.replace("release]", "{stage: release, sent_back: 0.1}]"),
            "`sent_back` at release",
        ),
        (
            "resources:\n",
            (
                "resources:\n  guards: {capacity: 1, breakdowns: "
                "[{every: 9 days, repair: 1 h, work: anew}]}\n"
            ),
            "breakdowns with `work: anew` of guards",
        ),
        (
            "resources:\n",
            (
                "resources:\n  guards: {capacity: 1, breakdowns: "
                "[{every: 9 days, repair: 1 h, work: resumed}, {every: 9 days, repair: 1 h}]}\n"
            ),
            "breakdowns with `work: resumed` of guards",
        ),
        (
            "resources:\n",
            "resources:\n  guards: {capacity: 1, calendar: day, handover: overlap}\n",
            "`handover: overlap` of guards",
        ),
    ],
)
def test_what_no_engine_runs_with_papers(faults, old, new, found):
    route = new if old == ROUTE else ROUTE
    changes = [(ROUTE, route + PAPERS), (STAGES, DESK)]
    if old != ROUTE:
        changes.append((old, new))
    (fault,) = faults(*changes)
    assert (fault.path, fault.found) == ("traffic.tea.papers", f"papers, and {found}")
    assert "trucks come again or pass a stage twice" in fault.expected


def test_what_a_desk_needs_to_know_of_the_truck_is_there(faults):
    desk = "stages:\n  desk: {time: {per_resident: 5 min}}\n"
    (fault,) = faults((ROUTE, ROUTE + PAPERS), (STAGES, desk))
    assert (fault.path, fault.expected) == (
        "traffic.tea.residents",
        "`residents`, for desk takes its time per resident",
    )


def test_papers_that_would_wait_for_ever(faults):
    """More permits than there ever are; the class says so, where its residents stand."""
    desk = "stages:\n  desk: {time: 5 min, spends: {permits: {count: 1, per: resident}}}\n"
    (fault,) = faults((ROUTE, "    residents: 11\n" + ROUTE + PAPERS), (STAGES, desk))
    assert (fault.path, fault.found) == ("traffic.tea.residents", "a need of 11 permits at desk")


def test_a_lane_in_which_nobody_can_pass_is_warned_of(write):
    write((ROUTE, ROUTE + PAPERS), (STAGES, DESK))
    (warning,) = [w for w in load("x.yaml").origin.warnings if w.code == "holds-up"]
    assert warning.path == f"{PATH}.needed_at"
    write(
        (ROUTE, ROUTE + PAPERS),
        (STAGES, DESK),
        ("  release:\n", "  release:\n    overtaking: true\n"),
    )
    assert not [w for w in load("x.yaml").origin.warnings if w.code == "holds-up"]

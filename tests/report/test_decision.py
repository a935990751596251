"""The first screen says what a policy would change, and never more than the intervals allow."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from portsim.figures.study import Study
from portsim.report.decision import decision
from portsim.report.facts import Facts
from portsim.wording import LANGUAGES, speaking

Made = Callable[..., Facts]


def port(late: float, share: float, trucks: float = 100.0, **others: float) -> dict[str, float]:
    figures = {"late_per_day": late, "completed_within_limit": share, "arrived": 31 * trucks}
    return {**figures, "throughput_per_day": trucks, **others}


def role(name: str, as_: str) -> dict[str, Any]:
    return {"resolved": {"name": name, "role": as_}}


def side(name: str, *spans: tuple[float, float]) -> dict[str, Any]:
    return {"name": name, "label": name, "side": name, "open": [list(span) for span in spans]}


def verdicts(facts: Facts) -> dict[str, str]:
    made = decision(facts)
    assert made is not None
    return {line.name: line.verdict for line in made.lines}


def test_the_policy_with_the_fewest_late_trucks_is_the_one_in_question(facts_of: Made) -> None:
    made = decision(facts_of({"old": port(30, 0.7), "a": port(20, 0.8), "b": port(10, 0.9)}))
    assert made is not None
    assert made.headline == (
        "b would cut late trucks from 30.0 to 10.0 a day. It would not clearly bring more trucks."
    )
    assert [line.role for line in made.lines] == ["today", "", "asked"]
    first = made.tiles[0]
    assert (first.figure, first.name, first.under) == (
        "30.0 → 10.0",
        "late trucks a day, of 100 that come",
        "95 %: 19.0 to 21.0 fewer",
    )


def test_what_nobody_plans_is_not_in_question(facts_of: Made) -> None:
    means = {"old": port(30, 0.7), "a": port(20, 0.8), "round": port(1, 0.99)}
    entries = {"old": role("old", "today"), "round": role("round", "bound")}
    facts = facts_of(means, entries=entries)
    made = decision(facts)
    assert made is not None
    assert made.headline.startswith("a would cut late trucks from 30.0 to 20.0 a day.")
    assert verdicts(facts) == {"old": "today", "a": "better", "round": "for comparison only"}


def test_if_all_others_are_bounds_one_is_in_question_and_still_called_one(facts_of: Made) -> None:
    entries = {"round": role("round", "bound")}
    facts = facts_of({"old": port(30, 0.7), "round": port(1, 0.99)}, entries=entries)
    assert decision(facts).headline.startswith("round would cut")  # type: ignore[union-attr]
    headline = decision(facts).headline  # type: ignore[union-attr]
    assert headline.endswith("But it is a bound that nobody plans.")
    assert verdicts(facts)["round"] == "for comparison only"


def test_a_difference_that_may_be_none_is_not_sold(facts_of: Made) -> None:
    facts = facts_of({"old": port(30, 0.7), "new": port(28, 0.72)}, half=5)
    made = decision(facts)
    assert made is not None
    assert made.headline == "No policy clearly has fewer late trucks than old: 30.0 a day."
    assert verdicts(facts) == {"old": "the yardstick", "new": "no clear difference"}
    assert made.tiles[0].figure == "30.0"


def test_a_worse_policy_is_called_worse(facts_of: Made) -> None:
    facts = facts_of({"old": port(30, 0.7), "new": port(60, 0.4)})
    assert verdicts(facts)["new"] == "worse"
    assert decision(facts).headline.startswith("No policy")  # type: ignore[union-attr]


def test_more_and_fewer_trucks_are_said(facts_of: Made) -> None:
    for trucks, text in ((120.0, "It would let 20.0 more trucks a day pass."),
                         (80.0, "It would let 20.0 fewer trucks a day pass.")):  # fmt: skip
        made = decision(facts_of({"old": port(30, 0.7), "new": port(10, 0.9, trucks)}))
        assert made is not None
        assert made.headline.endswith(text)


def test_less_than_a_hundredth_of_the_trucks_is_no_news(facts_of: Made) -> None:
    means = {"old": port(30, 0.7, 1000), "new": port(10, 0.9, 1004)}
    made = decision(facts_of(means, half=3))
    assert made is not None
    assert made.headline.endswith("As many trucks pass as before, about 1,000 a day.")


def test_whose_author_says_what_it_is_and_what_it_costs(facts_of: Made) -> None:
    entries = {"new": {"resolved": {"name": "new", "summary": "Both sides\n  until ten."}}}
    made = decision(facts_of({"old": port(30, 0.7), "new": port(10, 0.9)}, entries=entries))
    assert made is not None
    assert made.lead[1] == "new, in the words of its author: Both sides until ten."
    assert made.cost == "What it costs is not told: the scenarios give no wages."
    priced = {"old": port(30, 0.7, staff_cost_per_day=1), "new": port(10, 0.9)}
    assert decision(facts_of(priced)).cost == ""  # type: ignore[union-attr]


def test_without_wages_rostered_hours_stand_for_the_cost(facts_of: Made) -> None:
    """Of two posts with hours 30 and 10 hours a day; lanes without hours and places count for
    nothing. The new policy has 60 and 10."""
    resources = {
        "officers": {"calendar": "day"},
        "clerks": {"roster": [{"calendar": "day", "count": 1}]},
        "yard": {"calendar": "day", "places": True},
        "lanes": {"capacity": 2},
    }
    entries = {
        name: {"resolved": {"name": name, "resources": resources}} for name in ("old", "new")
    }
    hours = {"clerks": 10.0, "yard": 500.0, "lanes": 48.0}
    means = {
        name: port(late, share)
        | {f"staffed_h_per_day@{at}": h for at, h in {**hours, "officers": officers}.items()}
        for name, late, share, officers in (("old", 30, 0.7, 30.0), ("new", 10, 0.9, 60.0))
    }
    made = decision(facts_of(means, entries=entries))
    assert made is not None
    assert (made.tiles[-1].figure, made.tiles[-1].under) == ("40.0 → 70.0", "+75.0 %")
    assert made.head[-2] == "Rostered hours against the yardstick"
    assert [line.cells[-1] for line in made.lines] == ["–", "+75.0 %"]
    assert "officers and lanes alike" in made.cost


def test_words_of_an_author_that_nobody_can_read_do_not_stand_first(facts_of: Made) -> None:
    means = {"old": port(30, 0.7), "new": port(10, 0.9)}
    for summary, shown in (("Both sides until ten.", False), ("双方每天同时开到22时", True)):
        entries = {"new": {"resolved": {"name": "new", "summary": summary}}}
        with speaking("zh"):
            made = decision(facts_of(means, entries=entries))
        assert made is not None
        assert (summary in " ".join(made.lead)) is shown


def test_where_nobody_is_late_nothing_is_to_be_won(facts_of: Made) -> None:
    made = decision(facts_of({"old": port(0, 1.0), "new": port(0, 1.0)}, half=0))
    assert made is not None
    assert made.headline == "Under old no truck is late."
    assert [line.share for line in made.lines] == [0.0, 0.0]


def test_one_period_is_no_proof(facts_of: Made) -> None:
    facts = facts_of({"old": port(30, 0.7), "new": port(10, 0.9)}, replications=1)
    made = decision(facts)
    assert made is not None
    assert made.headline == (
        "In the one period simulated, new has 10.0 late trucks a day instead of 30.0 under old."
    )
    assert verdicts(facts)["new"] == "–"
    assert [tile.under for tile in made.tiles] == ["", ""]


def test_without_a_comparison_there_is_nothing_to_decide(facts_of: Made) -> None:
    assert decision(facts_of({"old": port(30, 0.7)})) is None
    promises = {"new": {"limit_h": 12.0, "resolved": {"name": "new"}}}
    unlike = facts_of({"old": port(30, 0.7), "new": port(10, 0.9)}, entries=promises)
    assert decision(unlike) is None
    unjudged = {"throughput_per_day": 100.0}
    assert decision(facts_of({"old": unjudged, "new": unjudged})) is None
    # Of no truck that is judged none is late.
    empty = {"late_per_day": 0.0, "arrived": 0.0, "throughput_per_day": 0.0}
    assert decision(facts_of({"old": empty, "new": empty}, half=0)) is None


def test_an_overloaded_policy_does_not_flatten_the_others(facts_of: Made) -> None:
    means = {"old": port(10, 0.9), "new": port(5, 0.95), "short": port(120, 0.1)}
    overload = {"short": {"overload": {"kind": "servers"}, "resolved": {"name": "short"}}}
    facts = facts_of(means, entries=overload)
    made = decision(facts)
    assert made is not None
    assert [(line.share, line.cut) for line in made.lines] == [
        (0.8, False),
        (0.4, False),
        (1.0, True),
    ]
    assert made.lines[2].verdict == "overloaded"


def test_late_trucks_have_a_bar_where_nobody_else_has_a_late_truck(
    facts_of: Made,
) -> None:
    overload = {"old": {"overload": {"kind": "servers"}, "resolved": {"name": "old"}}}
    means = {"new": port(0, 1.0), "old": port(50, 0.5), "half": port(25, 0.8)}
    entries = overload | {"half": {**overload["old"], "resolved": {"name": "half"}}}
    made = decision(facts_of(means, entries=entries))
    assert made is not None
    assert [(line.share, line.cut) for line in made.lines] == [
        (0.0, False),
        (1.0, False),
        (0.5, False),
    ]


def test_an_overloaded_policy_in_question_is_called_so_at_once(facts_of: Made) -> None:
    overload = {"new": {"overload": {"kind": "servers"}, "resolved": {"name": "new"}}}
    facts = facts_of({"old": port(30, 0.7), "new": port(10, 0.9)}, entries=overload)
    assert decision(facts).headline.endswith(  # type: ignore[union-attr]
        "But it is overloaded: its figures depend on how long the period is."
    )


def test_a_policy_under_which_nobody_is_judged_is_not_in_question(facts_of: Made) -> None:
    shut = {"late_per_day": 0.0, "arrived": 3100.0, "throughput_per_day": 0.0}
    facts = facts_of({"old": port(30, 0.7), "shut": shut})
    assert decision(facts).headline.startswith("No policy")  # type: ignore[union-attr]
    assert verdicts(facts)["shut"] == "–"


def test_of_a_bound_no_interval_is_told(facts_of: Made) -> None:
    means = {"old": port(30, 0.7, stay_p95_h=60), "new": port(10, 0.9, stay_p95_h=50)}
    for notes, under in (({}, "95 %: 9.00 to 11.0 fewer"), ({"old": "at least"}, "")):
        made = decision(facts_of(means, notes=notes))
        assert made is not None
        assert made.tiles[1].under == under


def test_a_difference_that_is_always_the_same_is_told_as_one_figure(facts_of: Made) -> None:
    means = {"old": port(30, 0.7, capacity_per_day=50), "new": port(10, 0.9, capacity_per_day=80)}
    made = decision(facts_of(means, half=0))
    assert made is not None
    assert [tile.under for tile in made.tiles if "let through" in tile.name] == ["30.0 more"]


def test_late_trucks_are_said_to_be_of_those_that_come_only_where_they_are(facts_of: Made) -> None:
    def name(late: float, **entry: Any) -> str:
        entries = {key: {"resolved": {"name": key}, **entry} for key in ("old", "new")}
        made = decision(facts_of({"old": port(late, 0.7), "new": port(1, 0.9)}, entries=entries))
        assert made is not None
        return made.tiles[0].name

    assert name(30) == "late trucks a day, of 100 that come"
    plain = name(30, clock="customs")
    assert "that come" not in plain
    # Two weeks of a month can be judged: those who come in the other half are none of them.
    assert name(30, limit_h=336.0) == plain
    assert name(101) == plain


def test_who_turns_away_is_said_to_be_late(facts_of: Made) -> None:
    text = "So is one that turns away or gives up."
    for gone in (0.0, 5.0):
        figures = {"diverted": gone, "given_up": 0.0}
        made = decision(facts_of({"old": port(30, 0.7, **figures), "new": port(10, 0.9)}))
        assert made is not None
        assert (text in made.lead[0]) == (gone > 0)


def test_who_finds_no_slot_is_said_to_be_late_where_the_clock_starts_when_it_is_wanted(
    facts_of: Made,
) -> None:
    figures = {"slots_wanted_per_day": 100.0, "no_slot_per_day": 20.0}
    for clock in ("wanted", "arrival"):
        entries = {name: {"resolved": {"name": name}, "clock": clock} for name in ("old", "new")}
        means = {"old": port(30, 0.7, **figures), "new": port(10, 0.9, **figures)}
        made = decision(facts_of(means, entries=entries))
        assert made is not None
        assert ("So is one that finds no slot." in made.lead[0]) == (clock == "wanted")
        assert ("from their arrival" in made.tiles[1].name) == (clock == "wanted")


def test_stays_of_those_that_wait_are_not_said_to_be_of_all(facts_of: Made) -> None:
    figures = {"diverted": 5.0, "given_up": 0.0}
    made = decision(facts_of({"old": port(30, 0.7, **figures), "new": port(10, 0.9)}))
    assert made is not None
    assert made.tiles[1].name.endswith("of those that do not turn away or give up")


def test_an_overloaded_baseline_has_the_longest_bar(facts_of: Made) -> None:
    overload = {"old": {"overload": {"kind": "servers"}, "resolved": {"name": "old"}}}
    made = decision(facts_of({"old": port(50, 0.5), "new": port(1, 0.99)}, entries=overload))
    assert made is not None
    assert [(line.share, line.cut) for line in made.lines] == [(1.0, False), (0.02, False)]
    assert [line.verdict for line in made.lines] == ["the yardstick, overloaded", "better"]


def test_hours_that_no_digits_end_are_the_same_on_every_day(facts_of: Made) -> None:
    """Until 06:40, a third of an hour that no number has in full."""
    far = side("Far", *((24 * day + 6, 24 * day + 20 / 3) for day in range(7)))
    entry = {"resolved": {"name": "old"}, "timetable": {"calendars": [far]}}
    made = decision(facts_of({"old": port(3, 0.7), "new": port(1, 0.9)}, entries={"old": entry}))
    assert made is not None
    assert (made.lines[0].open[0].text, made.lines[0].days) == ("Far 06:00–06:40", "7 days a week")


def test_costs_are_told_a_day_and_with_their_currency(facts_of: Made) -> None:
    means = {name: port(late, 0.7, staff_cost_per_day=1000) for name, late in (("a", 3), ("b", 1))}
    for currency, name in (("CNY", "cost of staff a day, CNY"), ("", "cost of staff a day")):
        entries = {"a": {"resolved": {"name": "a"}, "currency": currency}}
        made = decision(facts_of(means, entries=entries))
        assert made is not None
        assert made.tiles[-1].name == name


def test_staff_is_held_against_today_only_where_that_is_today(facts_of: Made) -> None:
    means = {name: port(late, 0.7, staff_cost_per_day=1000) for name, late in (("a", 3), ("b", 1))}
    for as_, text in (("today", "today"), ("candidate", "the yardstick")):
        made = decision(facts_of(means, entries={"a": role("a", as_)}))
        assert made is not None
        assert f"Staff against {text}" in made.head


def test_a_record_without_differences_of_lateness_decides_nothing(facts_of: Made) -> None:
    facts = facts_of({"old": port(30, 0.7), "new": port(10, 0.9)})
    study = facts.study
    assert study.comparison is not None
    study.comparison = study.comparison[study.comparison["measure"] != "late_per_day"]
    assert decision(Facts(study)) is None


def test_the_usual_day_is_the_most_frequent_one_with_any_opening(facts_of: Made) -> None:
    china = side("China", *((24 * day + 10, 24 * day + 19) for day in range(5)))
    far = side("Kazakhstan", *((24 * day + 10, 24 * day + 22) for day in range(5)), (130, 140))
    entry = {"resolved": {"name": "old"}, "timetable": {"calendars": [china, far]}}
    made = decision(facts_of({"old": port(30, 0.7), "new": port(10, 0.9)}, entries={"old": entry}))
    assert made is not None
    line = made.lines[0]
    assert [open_.text for open_ in line.open] == ["China 10:00–19:00", "Kazakhstan 10:00–22:00"]
    assert line.days == "5 days a week"
    assert made.sides == ("China", "Kazakhstan")
    assert made.lines[1].open == ()


def test_a_yard_that_is_open_longer_than_its_gate_opens_no_side(facts_of: Made) -> None:
    gate = side("China", *((24 * day + 10, 24 * day + 19) for day in range(7)))
    yard = side("China", *((24 * day + 8, 24 * day + 22) for day in range(7)))
    entry = {"resolved": {"name": "old"}, "timetable": {"calendars": [gate, yard]}}
    made = decision(facts_of({"old": port(3, 0.7), "new": port(1, 0.9)}, entries={"old": entry}))
    assert made is not None
    assert made.lines[0].open[0].spans == ((10, 19),)
    assert made.lines[0].open[0].text == "China 10:00–19:00, partly 08:00–22:00"
    assert made.partly


def test_hours_across_midnight_and_round_the_clock(facts_of: Made) -> None:
    night = side("night", *((24 * day + 20, 24 * day + 30) for day in range(7)), (0, 6))
    always = side("always", (0, 168))
    entry = {"resolved": {"name": "old"}, "timetable": {"calendars": [night, always]}}
    made = decision(facts_of({"old": port(3, 0.7), "new": port(1, 0.9)}, entries={"old": entry}))
    assert made is not None
    assert [open_.spans for open_ in made.lines[0].open] == [((0, 6), (20, 24)), ((0, 24),)]
    assert made.lines[0].days == "7 days a week"


def test_costs_and_months_have_columns_only_where_they_are_known(facts_of: Made) -> None:
    plain = decision(facts_of({"old": port(30, 0.7), "new": port(10, 0.9)}))
    assert plain is not None
    assert plain.head == ("Policy", "Late trucks a day", "Out within 24 h", "Verdict")
    costly = [port(late, share, staff_cost_per_day=cost) for late, share, cost in
              ((30, 0.7, 1000), (10, 0.9, 1270))]  # fmt: skip
    for figures, months in zip(costly, ((0.8, 0.5), (0.95, 0.9)), strict=True):
        figures.update({f"completed_within_limit[2024-0{n}]": m for n, m in enumerate(months, 1)})
    made = decision(facts_of(dict(zip(("old", "new"), costly, strict=True))))
    assert made is not None
    assert made.head[2:5] == ("Out within 24 h", "Worst month", "Staff against the yardstick")
    assert made.lines[1].cells == ("90.0 %", "90.0 %", "+27.0 %")
    assert made.tiles[-1].figure == "1,000 → 1,270"
    worst = made.tiles[2]
    assert (worst.figure, worst.under) == ("50.0 % → 90.0 %", "Feb 2024")


def test_what_turns_the_answer_is_named_if_it_was_tried(facts_of: Made) -> None:
    facts = facts_of({"old": port(30, 0.7), "new": port(10, 0.9)})
    tried = pd.DataFrame({"assumption": ["minutes"], "turns_low": [""], "turns_high": ["unclear"]})
    study: Study = facts.study
    assert decision(Facts(study, tried)).turns.endswith(": minutes.")  # type: ignore[union-attr]
    nothing = tried.assign(turns_high="")
    assert decision(Facts(study, nothing)).turns.startswith("No assumption")  # type: ignore[union-attr]
    others = (
        tried.drop(columns=["turns_low", "turns_high"]),
        tried.assign(baseline="", scenario="new"),
        tried.assign(baseline="new", scenario="old"),
        tried.assign(baseline="old", scenario="new", measure="throughput_per_day"),
    )
    for table in others:
        turns = decision(Facts(study, table)).turns  # type: ignore[union-attr]
        assert turns.startswith("Which assumption could turn the answer is not known here")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_said_in_every_language(facts_of: Made, language: str) -> None:
    facts = facts_of({"alt": port(30, 0.7), "neu": port(10, 0.9)})
    with speaking(language, on_page=True):
        made = decision(facts)
    assert made is not None
    assert "alt" in made.lead[0]
    assert ("late" in made.headline) == (language == "en")

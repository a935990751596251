"""The answer is worded as the finding is: every kind of finding has sentences of its own."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from portsim.figures.study import Study
from portsim.report.against import held_against
from portsim.report.answer import answer, notes, when
from portsim.report.facts import NONE, Facts
from portsim.report.tables import comparison_table
from portsim.report.verdicts import staying
from portsim.results import Record, read_record
from portsim.results.overloads import overload_why
from portsim.wording import LANGUAGES, speaking

Made = Callable[..., Facts]
ROOT = Path(__file__).parents[2]


def port(share: float, trucks: float, **others: float) -> dict[str, float]:
    return {"completed_within_limit": share, "throughput_per_day": trucks, **others}


def test_clear_gains_are_told_with_their_intervals(facts_of: Made) -> None:
    facts = facts_of({
        "old": port(0.50, 100, throughput_tonnes_per_day=2000),
        "new": port(0.90, 130, throughput_tonnes_per_day=2600),
    })  # fmt: skip
    assert answer(facts) == [
        (
            "Under new, 90.0 % of the trucks are out within 24 h instead of 50.0 % under old:"
            " 40.0 percentage points more (39.0 to 41.0)."
        ),
        (
            "new lets 30.0 more trucks (29.0 to 31.0) and 600 more tonnes (599 to 601) a day pass"
            " than old."
        ),
        (
            "This rests on 10 simulated periods; the intervals in brackets hold with 95 %"
            " confidence, those of differences for all policies at once."
        ),
    ]
    assert notes(facts) == []


def test_what_is_not_clear_is_not_called_a_gain(facts_of: Made) -> None:
    facts = facts_of({"old": port(0.50, 100), "new": port(0.53, 104)}, half=5)
    share, trucks, _ = answer(facts)
    assert share == (
        "new does not clearly get more trucks out within 24 h than old: 53.0 % instead of 50.0 %, a"
        " difference of +3.00 percentage points that may as well be none (−2.00 to +8.00)."
    )
    assert trucks == (
        "About 100 trucks pass a day under old, and no policy clearly changes that: the largest"
        " difference the intervals allow is 9.00 trucks a day."
    )


def test_a_clear_loss_is_called_one(facts_of: Made) -> None:
    share, trucks, _ = answer(facts_of({"old": port(0.90, 100), "new": port(0.50, 80)}))
    assert share == (
        "Under new, only 50.0 % of the trucks are out within 24 h instead of 90.0 % under old:"
        " 40.0 percentage points fewer (39.0 to 41.0)."
    )
    assert trucks == (
        "No policy lets clearly more trucks pass a day than old; new lets 20.0 fewer pass"
        " (19.0 to 21.0)."
    )


def test_the_best_of_many_is_named_and_the_least_that_helps(facts_of: Made) -> None:
    some = {"old": port(0.5, 100), "a": port(0.9, 100), "b": port(0.7, 100)}
    all_help = answer(facts_of(some))[0]
    assert "Under a, 90.0 %" in all_help
    assert all_help.endswith(
        "All the other policies help too; the least of them, b, gets 70.0 % out in time."
    )
    with_one_that_does_not = answer(facts_of({**some, "c": port(0.5, 100)}))[0]
    assert with_one_that_does_not.endswith(
        "Policies that clearly help: 2 of 3; the least of these, b, gets 70.0 % out in time."
    )
    only_one = answer(facts_of({"old": port(0.5, 100), "a": port(0.9, 100), "c": port(0.5, 100)}))
    assert only_one[0].endswith("(39.0 to 41.0). It is the only one of 2 that clearly helps.")


def test_none_of_many_helps(facts_of: Made) -> None:
    facts = facts_of({"old": port(0.9, 100), "a": port(0.9, 100), "b": port(0.7, 100)})
    assert answer(facts)[0] == (
        "No policy clearly gets more trucks out within 24 h than old, where it is 90.0 %."
        " Fewest are out in time under b: 70.0 %."
    )
    equal = facts_of({"old": port(0.9, 100), "a": port(0.9, 100), "b": port(0.9, 100)})
    assert answer(equal)[0].endswith("where it is 90.0 %.")


def test_tonnes_are_told_apart_from_trucks(facts_of: Made) -> None:
    facts = facts_of({
        "old": port(0.5, 100, throughput_tonnes_per_day=2000),
        "new": port(0.5, 130, throughput_tonnes_per_day=2000),
    })  # fmt: skip
    assert answer(facts)[1] == (
        "new lets 30.0 more trucks a day pass than old (29.0 to 31.0); the tonnes a day do not"
        " clearly change."
    )


def test_one_period_says_nothing_of_how_sure_it_is(facts_of: Made) -> None:
    facts = facts_of({"old": port(0.50, 100), "new": port(0.90, 130)}, replications=1)
    assert answer(facts) == [
        (
            "In the one period simulated, 90.0 % of the trucks are out within 24 h under new"
            " instead of 50.0 % under old."
        ),
        "new lets 130 trucks a day pass, old 100.",
        "This is one simulated period only: how sure it is cannot be said.",
    ]


def test_one_scenario_is_compared_with_nothing(facts_of: Made) -> None:
    facts = facts_of({"old": port(0.50, 100, throughput_tonnes_per_day=2000)})
    assert answer(facts) == [
        "Under old, 50.0 % (49.0 to 51.0 %) of the trucks are out within 24 h.",
        "100 (99.0 to 101) trucks and 2,000 (1,999 to 2,001) tonnes pass a day.",
        "This rests on 10 simulated periods; the intervals in brackets hold with 95 % confidence.",
    ]
    assert when(facts) == "1 January 2024 – 31 January 2024 · simulated periods: 10"


def test_an_overloaded_policy_is_named(facts_of: Made) -> None:
    facts = facts_of({"old": port(0.5, 100), "new": port(0.9, 130)}, notes={"old": "overloaded"})
    assert notes(facts) == [
        "old is overloaded; stay and completion hold for this period only.",
    ]
    why = {"kind": "budget", "place": "slots", "label": "Slots", "load": 1.1, "days": 1,
           "from": "2024-01-03"}  # fmt: skip
    entries = {"old": {"overload": why}}
    facts = facts_of({"old": port(0.5, 100), "new": port(0.9, 130)}, entries=entries)
    said = "the trucks that came asked for 110 % of Slots"
    assert notes(facts) == [
        (
            f"old is overloaded: on 3 January 2024 {said}; stay and completion hold for this"
            " period only."
        )
    ]
    for kind, load, words in (
        ("stage", 1.2, "120 % of the trucks that Slots could admit came to it, so its queue grew"),
        ("servers", None, "the trucks that came asked for Slots, of which there were none"),
    ):
        assert words in overload_why({**why, "kind": kind, "load": load})


def test_demand_as_the_limit_is_said_where_capacity_is_far_above_it(facts_of: Made) -> None:
    def with_capacity(capacity: float) -> list[str]:
        all_pass = {"arrived": 3100, "released": 3090}
        figures = {"old": port(0.5, 100, capacity_per_day=101, **all_pass)}
        return notes(
            facts_of({**figures, "new": port(0.9, 100, capacity_per_day=capacity, **all_pass)})
        )

    assert with_capacity(300) == [
        (
            "Demand was the limit, not the port, where capacity is far above what came (trucks a"
            " day it could release): new (300)."
        )
    ]
    assert with_capacity(110) == []


def test_what_else_must_be_known(facts_of: Made) -> None:
    facts = facts_of(
        {
            "old": port(
                0.5, 100, arrived=1000, diverted=20, given_up=10, completion_ceiling=0.71
            ),
            "new": port(0.5, 0, arrived=0, completion_ceiling=0.9996),
        },
        failures=("old, replication 3",),
    )  # fmt: skip
    assert notes(facts) == [
        (
            "Even with no end of staff, lanes and places, no more than this could have left within"
            " 24 h: old 71.0 %. Closed days and hours, quotas, the work itself, and that trucks"
            " turn away or give up hold the rest back."
        ),
        (
            "Under old, 3.0 % of the trucks that came turned away or gave up waiting; they count as"
            " not out in time, and the stays are those of the others."
        ),
        "Under new, no truck came.",
        "Runs that failed and are missing from the figures: 1.",
    ]


def test_ceilings_of_several_policies_are_one_sentence(facts_of: Made) -> None:
    ceilings = {"old": 0.7501, "new": 0.9994, "all-day": 1.0}
    facts = facts_of({p: port(0.5, 100, completion_ceiling=c) for p, c in ceilings.items()})
    assert notes(facts) == [
        (
            "Even with no end of staff, lanes and places, no more than this could have left within"
            " 24 h: old 75.0 %, new 99.9 %. Closed days and hours, quotas and the work itself hold"
            " the rest back."
        )
    ]
    mixed = facts_of(
        {p: port(0.5, 100, completion_ceiling=c) for p, c in ceilings.items()},
        entries={"new": {"limit_h": 12.0}},
    )
    unlike, ceiling = notes(mixed)
    assert unlike.startswith("The on-time shares are of different promises")
    assert "within the promised time: old" in ceiling


def test_the_assumed_inputs_are_counted(facts_of: Made) -> None:
    sources = [{"confidence": mark, "path": mark, "value": 1} for mark in ("A", "E", "E", "")]
    facts = facts_of({"old": port(0.5, 100)}, entries={"old": {"sources": sources}})
    assert answer(facts)[-1].endswith(
        "They do not cover wrong inputs; inputs with a mark of their source: 3, of these assumed:"
        " 2."
    )


FINDINGS: list[dict[str, Any]] = (
    [
        {"means": {"old": port(0.5, 100, throughput_tonnes_per_day=9), "new": port(share, trucks)}}
        for share in (0.2, 0.5, 0.8)
        for trucks in (80.0, 100.0, 120.0)
    ]
    + [
        {"means": {"old": port(0.5, 100), "a": port(x, 100), "b": port(y, 130)}, "replications": n}
        for x, y, n in ((0.2, 0.5, 5), (0.8, 0.9, 5), (0.5, 0.9, 5), (0.5, 0.9, 1))
    ]
    + [{"means": {"old": port(0.5, 9, arrived=10, diverted=1, given_up=0, capacity_per_day=900)}}]
    + [
        {
            "means": {"old": port(0.5, 9)},
            "entries": {"old": {"capacity": {**capacity, "why": why}, "replications": 7}},
            "failures": ("",),
        }
        for capacity, why in (
            ({"multiple": 2, "per_day": 9, "beyond": fall}, "")
            for beyond in ({"multiple": 4, "per_day": 7, "before": 5, "after": 3},)
            for fall in (
                {**beyond, "group": "import", "waits_for": "a"},
                {**beyond, "group": "export", "waits_for": "a: hours"},
                {**beyond, "group": "import", "waits_for": ""},
            )
        )
    ]
)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_other_languages_say_it_whole(facts_of: Made, language: str) -> None:
    for finding in FINDINGS:
        facts = facts_of(**finding)
        english = [*answer(facts), *notes(facts)]
        with speaking(language):
            said = [*answer(facts), *notes(facts)]
        assert len(said) == len(english)
        left = {word for word in " ".join(said).split() if word in " ".join(english).split()}
        assert not {word for word in left if word.isascii() and len(word) > 3 and word.isalpha()}


CHOKED = {
    "multiple": 1.9, "per_day": 812, "at_least": False, "days": 91, "replications": 4,
    "limits": [{"places": ["clerks"], "gain_per_day": 41.2}], "waits_for": "gate: hours",
    "beyond": {"multiple": 3.8, "per_day": 531, "group": "import", "before": 240, "after": 90,
               "waits_for": "clerks"}, "why": "",
}  # fmt: skip


def test_a_port_that_passes_fewer_the_more_come_is_a_finding(facts_of: Made) -> None:
    labels = {"resources": {"clerks": {"label": "Clerks of both directions"}}}
    facts = facts_of(
        {"old": port(0.5, 700, capacity_per_day=812), "new": port(0.9, 700, capacity_per_day=900)},
        entries={"old": {"capacity": CHOKED, "resolved": {"name": "old", **labels}}},
    )
    assert notes(facts)[-1] == (
        "old: at 3.8 times the demand fewer trucks pass (531 a day) than at 1.9 (812): of import"
        " 90.0 instead of 240, for they wait for Clerks of both directions."
    )
    row = comparison_table(facts).rows[0]
    assert (row[8].text, row[8].under) == ("Clerks of both directions", "one more: +41.2 a day")
    assert comparison_table(facts).rows[1][8].text == NONE


def test_several_limits_and_a_capacity_that_is_at_least_so_large(facts_of: Made) -> None:
    both = {**CHOKED, "beyond": {}, "at_least": True,
            "limits": [{"places": ["clerks", "lanes"], "gain_per_day": 9.0}]}  # fmt: skip
    means = {"old": port(0.5, 100, capacity_per_day=900, arrived=3100, released=3100)}
    facts = facts_of(means, entries={"old": {"capacity": both}}, notes={"old": "at least"})
    assert comparison_table(facts).rows[0][8].text == "clerks and lanes"
    assert comparison_table(facts).rows[0][8].under == "one more of each: +9.00 a day"
    most = {**both, "limits": [{"places": ["clerks"], "gain_per_day": 9.0, "at_least": True}]}
    with_most = facts_of(means, entries={"old": {"capacity": most}}, notes={"old": "at least"})
    cell_ = comparison_table(with_most).rows[0][8]
    assert cell_.under == "one more: at least +9.00 a day"
    assert notes(facts)[0].endswith("(trucks a day it could release): old (at least 900).")


def test_a_capacity_that_is_not_known_says_why(facts_of: Made) -> None:
    facts = facts_of({"old": port(0.5, 100)}, entries={"old": {"capacity": {"why": "no luck"}}})
    assert notes(facts) == ["old: the capacity was not measured: no luck."]


def test_figures_that_lack_runs_say_on_how_many_they_rest(facts_of: Made) -> None:
    means = {"old": port(0.5, 100), "new": port(0.9, 100)}
    failures = ("replication 2 of old (seed 1)", "replication 3 of old (seed 1)")
    facts = facts_of(
        means, replications=5, failures=failures,
        entries={"old": {"replications": 3}, "new": {"replications": 5}},
    )  # fmt: skip
    assert answer(facts)[-1].startswith("This rests on 3 to 5 of 5 simulated periods")
    assert notes(facts) == [
        (
            "Runs that failed and are missing from the figures: 2. Simulated periods that there"
            " are: old 3 of 5."
        )
    ]
    assert when(facts).endswith("simulated periods: 3 to 5 of 5")


def test_differences_of_nothing_in_every_period_have_no_interval_to_be_told(facts_of: Made) -> None:
    facts = facts_of({"old": port(0.50, 100), "new": port(0.50, 100)}, half=0)
    _, trucks, *_ = answer(facts)
    assert trucks == (
        "About 100 trucks pass a day under old, and no policy changes that in any simulated period."
    )


def test_a_change_from_a_bound_has_no_interval() -> None:
    shipped = read_record(ROOT / "results" / "bakhtu")
    assert staying(Facts(Study(shipped))) == [
        (
            "The mean stay falls from 7.37 h under Hours of 2026 to 3.77 h under 7 days × 12 h"
            " (change: −3.74 to −3.47 h)."
        )
    ]
    turned = held_against(shipped, "hours-5x8")
    told = replace(turned.manifest, statistics=shipped.manifest.statistics)
    assert staying(Facts(Study(Record(told, turned.tables)))) == [
        "The mean stay falls from at least 81.5 h under 5 days × 8 h to 3.77 h under 7 days × 12 h."
    ]

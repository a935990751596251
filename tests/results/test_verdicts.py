"""What policies are best and worst at, in words: each measure once, joint verdicts only."""

from types import SimpleNamespace

from portsim.figures.verdicts import place_texts
from portsim.results import Manifest, Run, ScenarioEntry
from portsim.results.verdicts import best_and_worst, price_sentence


def one(measure, unit, best, worst, **more):
    means = {"short": 9.0, "long": 4.6, "night": 5.0}
    said = {"measure": measure, "unit": unit, "observations": 30, "best": best, "worst": worst,
            "told": True, "alike": False, "means": means}  # fmt: skip
    return {**said, **more}


def folder(*verdicts, free=(), **statistics):
    return Manifest(
        scenarios=tuple(
            ScenarioEntry(name, {}, "", unpriced=list(free)) for name in ("short", "long", "night")
        ),
        baseline="short",
        seed=1,
        replications=30,
        engine="compiled",
        versions={},
        fingerprint="",
        run=Run("", "", 0.0, 1),
        statistics={"verdicts": list(verdicts), **statistics},
    )


def told(*verdicts, said=frozenset(), **statistics):
    return best_and_worst(folder(*verdicts, **statistics), said)


HOW = "Best and worst are told one measure at a time, at 95 % for all policies at once."


def test_each_policy_is_named_with_what_it_is_best_and_worst_at():
    stay = one("stay_mean_h", "h", ["long"], ["short"])
    hours = one("staffed_h_per_day", "h/d", ["short"], ["long"])
    assert told(stay, hours) == [
        "short: best at staffed hours (9.00 h a day); worst at mean stay (9.00 h).",
        "long: best at mean stay (4.60 h); worst at staffed hours (4.60 h a day).",
        "Neither best nor worst at any of these: night.",
        HOW,
    ]


def test_who_leads_without_being_told_apart_is_not_called_best():
    stay = one("stay_mean_h", "h", ["long", "night"], ["short"])
    assert told(stay)[:2] == [
        "short: worst at mean stay (9.00 h).",
        "long: ahead at mean stay (4.60 h), not clearly of night.",
    ]


def test_policies_with_the_very_same_figure_share_the_place():
    means = {"short": 9.0, "long": 4.6, "night": 4.6}
    stay = one("stay_mean_h", "h", ["long", "night"], ["short"], means=means)
    assert told(stay)[:2] == [
        "short: worst at mean stay (9.00 h).",
        "long: best at mean stay (4.60 h), the same as night.",
    ]
    assert not any(sentence.startswith("Neither") for sentence in told(stay))


def test_what_tells_nobody_apart_is_said_once_and_not_again():
    same = one("stay_mean_h", "h", ["long", "short", "night"], ["short"], told=False, alike=True)
    open_ = one("stay_p95_h", "h", ["long", "short"], ["short", "long"], told=False)
    assert told(same, open_) == [
        (
            "Policies do not differ by more than 1 % in: mean stay. Policies are not"
            " distinguishable by: 95th percentile of the stay."
        ),
    ]
    assert told(same, said=frozenset({"stay_mean_h"})) == []


def test_no_policy_is_ranked_by_what_may_be_more_than_it_is_known_to_be():
    bound = one("capacity_per_day", "1/d", ["long", "short", "night"], ["short", "night"],
                told=False, at_least=["short"])  # fmt: skip
    open_ = one("stay_p95_h", "h", ["long", "short"], ["short", "long"], told=False)
    assert told(bound, open_) == [
        (
            "Policies are not distinguishable by: 95th percentile of the stay. Policies are not"
            " ranked by these, as some figures are lower bounds: capacity."
        ),
    ]


def test_one_replication_tells_nothing():
    assert told(one("stay_mean_h", "h", ["long"], ["short"], observations=1)) == []


def test_what_classes_gain_and_lose_is_told_with_the_policy():
    change = {
        "scenario": "long",
        "measure": "stay_mean_h",
        "unit": "h",
        "better": [["tea", -5.1]],
        "worse": [["cars", 1.2]],
        "unclear": [["fruit", 0.0]],
    }
    assert told(class_changes=[change]) == [
        (
            "long against short, mean stay: better for tea (−5.10 h); worse for cars (+1.20 h); no "
            "clear change for fruit."
        )
    ]


def test_what_has_no_price_is_named():
    assert price_sentence(folder(free=["lanes"]), str.upper) == (
        "Counted as free in the cost of staff, for want of a cost_per_staffed_hour: LANES."
    )
    assert price_sentence(folder(), str) == ""


def test_pictures_and_the_page_let_ties_share_the_place_too():
    means = {"short": 9.0, "long": 4.6, "night": 4.6}
    stay = one("stay_mean_h", "h", ["long", "night"], ["short"], means=means)
    policies = [SimpleNamespace(name=name, label=name) for name in means]
    study = SimpleNamespace(manifest=folder(stay), policies=policies, policy=str)
    assert place_texts(study, policies[1], best=True) == [
        "best at mean stay (4.60 h), the same as night"
    ]
    assert place_texts(study, policies[2], best=True) == []

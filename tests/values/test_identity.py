"""Whoever changes a value makes another scenario; whoever only spells it otherwise does not."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import portsim
from portsim.scenario import shapes
from portsim.scenario.identity import identity, key, run_identity
from portsim.scenario.inside import Inside
from portsim.scenario.model import Scenario
from thorough import cases
from values.every_word import FIRST, lay_out
from values.leaves import leaves, said, with_value
from values.random_ports import exchanged, few


def language(shape, met):
    """Every field of every model that may stand in a scenario."""
    for model in shapes.models(shape):
        name = model.__name__.partition("[")[0]
        for field, words in model.model_fields.items():
            if (model, field) not in met:
                met.add((model, field))
                yield name, field
                yield from language(shapes.flat(words.annotation), met)
        yield from language(shapes.step([model], "tea"), met) if name == "Traffic" else ()
    for one in shape:
        if not shapes.models([one]):
            for part in getattr(one, "__args__", ()):
                if part is not ...:
                    yield from language(shapes.flat(part), met)


def test_the_ports_have_two_values_for_every_word_of_the_language(pool):
    words = set(language([Scenario], set()))
    assert len(words) > 150
    # A scenario that was read has a class for each that these tell.
    words -= {("Recorded", "truck_class"), ("Recorded", "direction")}
    # One port alone can begin with trucks inside; the others have a warm-up.
    words -= {("Scenario", "inside"), *(("Inside", field) for field in Inside.model_fields)}
    lacking = {word for word in words if len(pool.values.get(word, ())) < 2}
    assert not lacking, f"give each of these two values in every_word.py: {sorted(lacking)}"


def one_of_each_word(luck, port):
    """A value of every word of the language that a port says, or all its values."""
    by_word = {}
    for leaf in leaves(port):
        by_word.setdefault(leaf.word, []).append(leaf)
    for places in by_word.values():
        yield from luck.sample(places, cases(1, len(places)))


@settings(few, max_examples=1)
@given(seed=st.integers(0, 2**32))
def test_every_value_of_a_random_scenario_makes_another_one(ports, pool, seed):
    luck = random.Random(seed)
    port = exchanged(luck, ports, pool)
    whole, known = key(port, {}), identity(port)
    met = 0
    for leaf in one_of_each_word(luck, port):
        others = pool.others(leaf)
        if others:
            changed = with_value(port, leaf.where, luck.choice(others))
            # What a study asks is no part of what is run.
            asked = leaf.where[0] in ("study", "role", "label", "sides", "map")
            # A translation makes no other scenario.
            asked |= "label" in leaf.where
            same = False if asked else identity(changed) == known
            assert not same, leaf.where
            assert asked or key(changed, {}) != whole, leaf.where
            met += 1
    assert met > cases(120, 300)


def test_the_order_of_names_counts_for_tables_and_luck_go_by_it(ports):
    for section in ("calendars", "resources", "stages", "channels"):
        names = getattr(ports[0], section)
        turned = dict(reversed(names.items()))
        other = ports[0].model_copy(update={section: turned})
        assert (identity(other) == identity(ports[0])) == (len(names) == 1)
    turned = dict(reversed(ports[0].channels["risk"].items()))
    assert identity(ports[0].model_copy(update={"channels": {"risk": turned}})) != identity(
        ports[0]
    )


SPELT_OTHERWISE = [
    ("limit: 12 h", "limit: 720 min"),
    ("limit: 12 h", "limit: {value: 0.5 days, source: the ministry, confidence: A}"),
    ("warm_up: 1 week", "warm_up: 7 days"),
    ("rate: 60 per day", "rate: 2.5 per hour"),
    ("oversail_inner: 50 cm", "oversail_inner: 0.5 m"),
    ("mode: 90000 CNY", "mode: 90000.0 yuan"),
    ("day_factor: {gamma: {mean: 1, cv: 0.2}}", "day_factor: {gamma: {mean: 1.0, cv: 0.20}}"),
    ('hours: "10:00-14:00, 15:00-19:00"', "hours: {daily: '15:00-19:00, 10:00-14:00'}"),
    ("hours: {Mon-Fri:", "hours: {Mon-Wed: '22:00-06:00', 'Thu, Fri':"),
    ("daylight: true", "daylight: {after_sunrise: 0 s}"),
    ("open_hours: [day]", "open_hours: day"),
    ("bays: all", "bays: {count: all, until: end}"),
    ("per_piece: {tri", "per_truck: null, per_piece: {tri"),
    ("repair: 2 h", "repair: {constant: 2 h}"),
    ("kind: store, level: 10", "kind: store, level: 10, label: ''"),
    ("priority: 1\n", "priority: +1\n"),
    ("skips: [shed]", "skips: shed"),
    ("days: Mon-Fri", "days: 'Mon, Tue, Wed-Fri'"),
    ("at: [00:00, 12:00]", "at: ['0:00', '12:00']"),
    ("months: {Jan-Mar: 0.5, Sep: 2}", "months: {Sep: 2.0, Mar: 0.5, Jan-Feb: 0.5, Oct: 1}"),
    ("stage: shed, share: 0.6", "share: 0.60, stage: shed"),
    ("name: first\n", "name: first  # a comment\n# and more\n"),
    ("timezone: Asia/Shanghai\n", "'timezone': 'Asia/Shanghai'\nreplications: 3\n"),
]


@pytest.mark.parametrize(("old", "new"), SPELT_OTHERWISE)
def test_another_spelling_of_the_same_values_is_the_same_scenario(tmp_path, ports, old, new):
    path, *_ = lay_out(tmp_path)
    text = FIRST.replace(old, new, 1)
    assert text != FIRST
    if new.endswith("replications: 3\n"):
        text = text.replace("warm_up: 1 week}\nreplications: 3\n", "warm_up: 1 week}\n")
    path.write_text(text, encoding="utf-8")
    assert key(portsim.load(path), {}) == key(ports[0], {})


def test_what_stood_in_attached_files_counts_and_their_names_do_not(tmp_path, ports):
    path, *_ = lay_out(tmp_path)
    before = key(ports[0], {})
    # Other columns and the order of rows say nothing that is read.
    (tmp_path / "times.csv").write_text("wait,x\n5,\n2,\n1,\n", encoding="utf-8")
    assert key(portsim.load(path), {}) == before
    (tmp_path / "other.csv").write_text("wait\n1\n2\n5\n", encoding="utf-8")
    path.write_text(FIRST.replace("times.csv", "other.csv"), encoding="utf-8")
    assert key(portsim.load(path), {}) == before
    (tmp_path / "other.csv").write_text("wait\n1\n2\n6\n", encoding="utf-8")
    assert key(portsim.load(path), {}) != before
    path.write_text(FIRST, encoding="utf-8")
    came = tmp_path / "came.csv"
    came.write_text(came.read_text("utf-8").replace("T09:05", "T09:06", 1), encoding="utf-8")
    assert key(portsim.load(path), {}) != before


def test_what_people_call_things_counts_for_the_folder_and_for_no_run(ports, pool):
    of_the_study = {
        "name",
        "label",
        "summary",
        "role",
        "sides",
        "map",
        "observed",
        "shifts",
        "study",
        "replications",
        "seed",
    }
    known = run_identity(ports[0])
    for leaf in leaves(ports[0]):
        if pool.others(leaf):
            changed = with_value(ports[0], leaf.where, pool.others(leaf)[0])
            of_no_run = (
                leaf.field == "side" or "label" in leaf.where or leaf.where[0] in of_the_study
            )
            assert (run_identity(changed) == known) == of_no_run, leaf.where


def test_scenarios_made_of_values_have_fingerprints_of_their_own(ports):
    from portsim.experiment.comparable import check_and_fingerprint  # noqa: PLC0415
    from portsim.scenario.plain import plain  # noqa: PLC0415

    made = [
        Scenario.model_validate({**plain(ports[0]), "completion": {"limit": f"{h} h"}})
        for h in (12, 13)
    ]
    prints = [check_and_fingerprint([one], None, None, None)[2] for one in made]
    assert prints[0] != prints[1]


def test_equal_values_mean_the_same():
    assert said((1.0, {"a": None})) == said((1.0, {"a": None}))

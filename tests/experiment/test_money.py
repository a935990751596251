"""What staff and the time of trucks cost, on a day of three trucks that is reckoned by hand."""

import pytest

import portsim

DAY = """\
name: {name}
timezone: Asia/Shanghai
period: {{from: 2024-03-04, to: 2024-03-04}}
replications: 2
calendars:
  day: {{hours: "08:00-12:00"}}
resources:
  lanes:
    capacity: {lanes}
    calendar: day
    cost_per_staffed_hour: 60 CNY
    cost_per_overtime_hour: 90 CNY
stages:
  gate: {{takes: {{lanes: 1}}, hours: day, at_close: finish, time: 1 h}}
traffic:
  tea: {{direction: export, arrivals: {{recorded: {{file: tea.csv}}}}, load: 20 t, route: [gate]}}
  cars: {{direction: import, arrivals: {{recorded: {{file: cars.csv}}}}, load: 9 t, route: [gate]}}
value_of_time:
{values}
"""
BOTH = "  all: {truck: 30 CNY, drivers: 20 CNY}\n"
# Two at 08:00, an hour's work each: with one lane the second is seen to at 09:00. Who comes at
# 11:30 is seen to until 12:30, half an hour over time.
FILES = {"tea.csv": "2024-03-04T08:00:00,x\n2024-03-04T11:30:00,x\n",
         "cars.csv": "2024-03-04T08:00:01,x\n"}  # fmt: skip


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    folder = tmp_path_factory.mktemp("money")
    for name, rows in FILES.items():
        (folder / name).write_text(f"arrival,left\n{rows}", encoding="utf-8")

    def made(name, lanes=1, values=BOTH, changes=()):
        text = DAY.format(name=name, lanes=lanes, values=values)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        return portsim.load(folder / f"{name}.yaml")

    return made


def figures(scenario, *names):
    asked = portsim.Draws(scenario, 1).ask(measures=list(names))
    return [asked[name].item() for name in names]


ALL = "staff_cost_per_day", "waiting_cost_per_day", "time_cost_per_day", "total_cost_per_day"


def test_a_day_by_hand(day):
    # Four hours on duty and half an hour over time; four hours inside, of which one waiting.
    found = figures(day("one"), *ALL)
    assert found == pytest.approx([4 * 60 + 45, 50, 4 * 50, 485], abs=0.05)
    found = figures(day("two", lanes=2), *ALL)
    assert found == pytest.approx([8 * 60 + 45, 0, 3 * 50, 675], abs=0.05)


def test_classes_have_a_value_of_their_own_and_else_that_of_all(day):
    values = "  all: 50 CNY\n  cars: {truck: 10 CNY, goods: 90 CNY}\n"
    study = portsim.run(day("classes", values=values), jobs=1, replications=1)
    rows = study.summary[study.summary["measure"].eq("time_cost_per_day")]
    by = dict(zip(rows["truck_class"], rows["mean"], strict=True))
    assert by == pytest.approx(
        {"all": 300, "export": 100, "import": 200, "tea": 100, "cars": 200}, abs=0.1
    )


def test_a_class_without_a_value_is_said_to_be_free(day):
    study = portsim.run(day("free", values="  tea: 50 CNY\n"), jobs=1, replications=1)
    rows = study.summary[study.summary["measure"].eq("time_cost_per_day")]
    assert set(rows["truck_class"]) == {"all", "export", "tea"}
    text = " ".join(str(study).split())
    assert "Counted as free in the cost of time, for want of a value_of_time: cars." in text


def test_no_staff_cost_no_sum(day):
    bare = day("bare", changes=[("    cost_per_staffed_hour: 60 CNY\n", ""),
                                ("    cost_per_overtime_hour: 90 CNY\n", "")])  # fmt: skip
    study = portsim.run(bare, jobs=1, replications=1)
    names = set(study.summary["measure"])
    assert "time_cost_per_day" in names
    assert not {"staff_cost_per_day", "total_cost_per_day"} & names


def test_wages_by_the_week_are_paid_whatever_is_worked(day):
    paid = [("    capacity: 2\n    calendar: day\n    cost_per_staffed_hour: 60 CNY\n",
             "    roster: [{calendar: day, count: 2, cost_per_week: 2100 CNY}]\n")]  # fmt: skip
    (cost,) = figures(day("weekly", lanes=2, changes=paid), "staff_cost_per_day")
    assert cost == pytest.approx(2 * 300 + 45)


def test_what_a_policy_costs_and_saves_is_one_sentence_with_limits(day):
    text = " ".join(str(portsim.compare([day("one"), day("two", lanes=2)], jobs=1)).split())
    assert (
        "two against one, CNY a day: staff +240, time of trucks −50.0, both together +190 (95 %: "
        "+190 to +190); it costs more than it saves." in text
    )
    dear = BOTH.replace("30 CNY", "400 CNY")
    text = " ".join(
        str(portsim.compare([day("one", values=dear), day("two", 2, dear)], jobs=1)).split()
    )
    assert "staff +240, time of trucks −420" in text
    assert "it saves more than it costs." in text


@pytest.mark.parametrize(
    ("values", "path", "found"),
    [
        ("  teas: 50 CNY\n", "value_of_time.teas", "`teas`"),
        ("  tea: {}\n", "value_of_time.tea", "nothing"),
        ("  tea: 50 EUR\n", "value_of_time.tea", "an amount in EUR"),
        ("  tea: 3 h\n", "value_of_time.tea", "`3 h`"),
    ],
)
def test_bad_values_are_told(day, values, path, found):
    with pytest.raises(portsim.errors.ScenarioError) as caught:
        day("bad", values=values)
    faults = [(fault.path, fault.found) for fault in caught.value.faults]
    assert any(fault[0].startswith(path) and fault[1] == found for fault in faults), faults


def test_one_way_to_pay_a_roster(day):
    paid = [("    capacity: 1\n    calendar: day\n",
             "    roster: [{calendar: day, count: 2, cost_per_week: 2100 CNY}]\n")]  # fmt: skip
    with pytest.raises(portsim.errors.ScenarioError, match="one way to pay all of its shifts"):
        day("twice", changes=paid)


def test_money_changes_no_truck_and_no_run_of_those_without(day):
    from portsim.experiment.common_draws import demand_key  # noqa: PLC0415
    from portsim.plan import draft_key  # noqa: PLC0415

    one, dear = day("one"), day("dear", values="  all: 500 CNY\n")
    assert demand_key(one) == demand_key(dear)
    assert draft_key(one) == draft_key(dear)

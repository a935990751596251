"""Days worked out on paper: what is done for a truck beside it, and what waits for that."""

import pytest

from engines.agreed import agreed
from plans import MINUTE, Day, Paper, Stage, Truck, Visit, at, clock, papers_of, servers
from plans import visits_of as visits_of_truck
from portsim.engines import check_stuck, continued
from portsim.engines.audit import audit
from portsim.engines.beginning import papers_kept
from portsim.errors import AuditError, StuckError
from portsim.plan.cut import cut


def desk(minutes):
    return Visit("desk", minutes * MINUTE, {"clerk": 1})


def bay(minutes, **more):
    return Visit("bay", minutes * MINUTE, {"bay": 1}, **more)


def drive(minutes):
    return Visit("road", minutes * MINUTE)


def day(*trucks, clerks=1, bays=1, overtaking=False, alone=(), end="18:00", **hours):
    stages = {
        "road": Stage(),
        "desk": Stage(**hours),
        "bay": Stage(overtaking=overtaking),
    }
    resources = {"clerk": servers(clerks), "bay": servers(bays)}
    return Day(at(end), resources, stages, trucks, alone=list(alone))


def done(made):
    """What became of the papers, in clock times."""
    plan = made.plan()
    rows = papers_of(agreed(made), plan)
    return [" | ".join(" ".join(map(clock, visit)) for visit in paper) for paper in rows]


def test_papers_go_beside_the_drive_and_the_bay_waits_for_the_later_of_the_two(told):
    """Each drives for 20 minutes. The first one's papers take 10: it waits for nothing. The second
    one's take 30, after the 10 of the first that came in the same second: done at 09:40, while
    it stands at the free bay from 09:20 on."""
    made = day(
        Truck(at("09:00"), [drive(20), bay(5)], papers=[Paper([desk(10)])]),
        Truck(at("09:00"), [drive(20), bay(5)], papers=[Paper([desk(30)])]),
    )
    assert told(made)[:2] == [
        "09:00 09:00 09:20 | 09:20 09:20 09:25 | released 09:25",
        "09:00 09:00 09:20 | 09:20 09:40 09:45 | released 09:45",
    ]
    assert done(made) == ["09:00 09:00 09:10", "09:00 09:10 09:40"]


def three(overtaking):
    """The first waits for its papers until 10:00; the second, behind it, has none."""
    return day(
        Truck(at("09:00"), [bay(10)], papers=[Paper([desk(60)])]),
        Truck(at("09:05"), [bay(10)]),
        Truck(at("09:55"), [bay(10)]),
        overtaking=overtaking,
    )


def test_where_nobody_may_pass_a_truck_without_papers_holds_up_who_is_behind_it(told):
    assert told(three(overtaking=False))[:3] == [
        "09:00 10:00 10:10 | released 10:10",
        "09:05 10:10 10:20 | released 10:20",
        "09:55 10:20 10:30 | released 10:30",
    ]


def test_elsewhere_it_stands_aside_and_keeps_its_place(told):
    """The second passes at 09:05. At 10:00 the third is at work since 09:55; then the first one
    goes, which came before all others that wait."""
    assert told(three(overtaking=True))[:3] == [
        "09:00 10:05 10:15 | released 10:15",
        "09:05 09:05 09:15 | released 09:15",
        "09:55 09:55 10:05 | released 10:05",
    ]


def test_who_stood_aside_goes_before_those_that_came_later(told):
    """The bay is taken from 09:50 to 10:10; the papers of the first come at 10:00, and at 10:10 it
    goes before the third, which waits since 09:55."""
    made = day(
        Truck(at("09:00"), [bay(10)], papers=[Paper([desk(60)])]),
        Truck(at("09:50"), [bay(20)]),
        Truck(at("09:55"), [bay(10)]),
        overtaking=True,
    )
    assert told(made)[0] == "09:00 10:10 10:20 | released 10:20"
    assert told(made)[2] == "09:55 10:20 10:30 | released 10:30"


def test_two_papers_are_waited_for_and_a_paper_goes_from_desk_to_desk(told):
    """The declaration takes the clerk twice, 10 and 20 minutes; the payment follows at the clerk
    after the first of them: 09:00-09:10, 09:10-09:40, 09:40-10:00."""
    papers = [Paper([desk(10), desk(20)]), Paper([desk(30)])]
    made = day(Truck(at("09:00"), [bay(5)], papers=papers))
    assert done(made) == ["09:00 09:00 09:10 | 09:10 09:40 10:00", "09:00 09:10 09:40"]
    assert told(made)[0] == "09:00 10:00 10:05 | released 10:05"


def test_papers_handed_in_before_the_truck_comes(told):
    """Two hours before; the clerk works from 08:00 on. The second one's are done just as it comes:
    works that end in a second come before admissions."""
    made = day(
        Truck(at("09:00"), [bay(5)], papers=[Paper([desk(30)], begins=at("07:00"))]),
        Truck(at("09:00"), [bay(5)], papers=[Paper([desk(30)], begins=at("07:00"))]),
        hours=[(at("08:00"), at("18:00"))],
        bays=2,
    )
    assert done(made) == ["07:00 08:00 08:30", "07:00 08:30 09:00"]
    assert told(made)[:2] == ["09:00 09:00 09:05 | released 09:05"] * 2


def test_papers_that_begin_with_a_later_visit(told):
    """A sample is taken on the road, 20 minutes; the laboratory begins when the truck joins the bay
    queue, and the next visit waits for it."""
    made = day(
        Truck(
            at("09:00"),
            [drive(20), bay(5), drive(1)],
            papers=[Paper([desk(30)], with_visit=1, needed=2)],
        )
    )
    assert done(made) == ["09:20 09:20 09:50"]
    assert told(made)[0] == (
        "09:00 09:00 09:20 | 09:20 09:20 09:25 | 09:25 09:50 09:51 | released 09:51"
    )


def test_papers_of_one_who_gives_up_leave_the_queue_and_work_on_them_ends(told):
    """The first waits for the bay no longer than 10 minutes. Its declaration is at work until 09:30
    and nothing follows; its payment waits behind and is withdrawn, so that the clerk goes on with
    the papers of the second truck."""
    made = day(
        Truck(
            at("09:00"),
            [bay(5, patience=10 * MINUTE)],
            papers=[Paper([desk(30), desk(10)]), Paper([desk(20)])],
        ),
        Truck(at("09:02"), [bay(5)], papers=[Paper([desk(10)])]),
        overtaking=True,
    )
    assert told(made)[0] == "09:00 never never | gave up 09:10"
    assert done(made) == [
        "09:00 09:00 09:30 | never never never",
        "09:00 never never",
        "09:02 09:30 09:40",
    ]
    assert told(made)[1] == "09:02 09:40 09:45 | released 09:45"


def test_who_turns_away_begins_no_papers_and_takes_those_back_that_it_handed_in(told):
    """Nobody may wait for the second one's bay. What it handed in at 08:30 is in the clerk's hands
    until 09:30 and is finished; what began with its visit never does."""
    turned = Truck(
        at("09:00"),
        [bay(5, tolerance=0)],
        papers=[
            Paper([desk(60), desk(5)], begins=at("08:30")),
            Paper([desk(5)]),
        ],
    )
    made = day(turned)
    assert told(made)[0] == "never never never | diverted 09:00"
    assert done(made) == ["08:30 08:30 09:30 | never never never", "never never never"]


def test_a_truck_that_is_released_takes_back_papers_that_nothing_waits_for(told):
    made = day(
        Truck(at("09:00"), [bay(5)], papers=[Paper([desk(30)], needed=None)]),
        Truck(at("09:00"), [bay(5)], papers=[Paper([desk(30)], needed=None)]),
    )
    assert told(made)[1] == "09:00 09:05 09:10 | released 09:10"
    assert done(made) == ["09:00 09:00 09:30", "09:00 never never"]


def test_papers_of_a_truck_that_comes_after_the_end_take_the_clerk_too():
    made = day(
        Truck(at("17:10"), [bay(5)], papers=[Paper([desk(10)])]),
        alone=[Paper([desk(30)], begins=at("17:00"))],
    )
    assert done(made) == ["17:10 17:30 17:40", "17:00 17:00 17:30"]


def test_who_waits_for_papers_is_one_of_those_who_wait(told):
    """The second turns away where two wait: one of them stands aside for its papers."""
    made = day(
        Truck(at("09:00"), [bay(60)]),
        Truck(at("09:01"), [bay(5)], papers=[Paper([desk(300)])]),
        Truck(at("09:02"), [bay(5)]),
        Truck(at("09:03"), [bay(5, tolerance=2)]),
        overtaking=True,
    )
    assert told(made)[3] == "never never never | diverted 09:03"


def test_a_truck_that_keeps_what_its_papers_need_waits_for_ever():
    """It keeps the only clerk from the road on, and its papers want the clerk."""
    keeps = Visit("road", MINUTE, {"clerk": 1}, give_out={})
    last = Visit("bay", MINUTE, {"bay": 1}, {}, {"bay": 1, "clerk": 1})
    papers = [Paper([desk(5)], with_visit=1, needed=1)]
    made = day(Truck(at("09:00"), [keeps, last], papers=papers))
    plan, log = made.plan(), agreed(made)
    with pytest.raises(StuckError, match=r"a paper of truck 0 holds nothing and wants 1 clerk"):
        check_stuck(plan, log)
    enough = day(Truck(at("09:00"), [keeps, last], papers=papers), clerks=2)
    check_stuck(enough.plan(), agreed(enough))


CUTS = ["08:20", "08:45", "09:10", "09:18", "09:22"]


@pytest.mark.parametrize("second", CUTS)
def test_a_state_knows_how_far_papers_are(second):
    """Cut anywhere, the rest goes on as the whole does: papers handed in before their truck came,
    those at work for one that has given up, and those that wait."""
    made = day(
        Truck(at("09:00"), [bay(5)], papers=[Paper([desk(30), desk(5)], begins=at("08:30"))]),
        Truck(at("09:05"), [bay(5, patience=10 * MINUTE)], papers=[Paper([desk(30)])]),
        Truck(at("09:15"), [bay(5)], papers=[Paper([desk(10)], begins=at("08:40"))]),
    )
    plan, log = made.plan(), agreed(made)
    rest, _ = continued(plan, log, at(second))
    _, visits = papers_kept(plan, log, at(second))
    assert agreed(rest).papers.tolist() == log.papers[visits].tolist()
    last = visits_of_truck(log, plan, 2)
    assert visits_of_truck(agreed(rest), rest, rest.trucks - 1) == last


def test_the_audit_compares_papers_and_a_cut_plan_keeps_those_of_later_trucks():
    made = day(
        Truck(at("09:00"), [bay(5)], papers=[Paper([desk(10)])]),
        Truck(at("12:00"), [bay(5)], papers=[Paper([desk(30)], begins=at("09:00"))]),
    )
    plan, log = made.plan(), agreed(made)
    short = cut(plan, at("10:00"))
    assert short.papers.belongs.tolist() == [0, -1]
    assert agreed(short).papers.tolist() == log.papers.tolist()
    assert audit(plan, log, at("10:00")) == 1
    log.papers[1, 2] += 1
    with pytest.raises(AuditError, match=r"disagree about papers .*visit 1 of them"):
        audit(plan, log, at("10:00"))


def test_a_truck_that_passes_no_stage_takes_its_papers_from_the_queue_before_others_join(told):
    """The clerk works until 09:30, and behind that wait papers of a truck that comes at 09:05 and
    leaves at once. The one that comes with it and bears nobody before it finds the queue empty."""
    picky = Visit("desk", 5 * MINUTE, {"clerk": 1}, tolerance=1)
    made = day(
        Truck(at("09:00"), [desk(30)]),
        Truck(at("09:05"), [picky]),
        Truck(at("09:05"), [], papers=[Paper([desk(10)], begins=at("09:01"), needed=None)]),
    )
    assert told(made)[1:3] == ["09:05 09:30 09:35 | released 09:35", "released 09:05"]
    assert done(made) == ["09:01 never never"]

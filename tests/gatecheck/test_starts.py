"""When work began, told from queues and ends alone, against a port served on the fingers."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from portsim.held.starts import ALL_CHANGE, COUNTED, EVENLY, STAYERS, begun, doubted, overtaken


def served(queue, work, times, servers):
    """First come first served, second by second: start and end of each."""
    ends, starts, second, waiting = [], [], 0, list(range(len(queue)))
    while waiting:
        count = servers[max(n for n, since in enumerate(times) if since <= second)]
        busy = sum(end > second for end in ends)
        while waiting and queue[waiting[0]] <= second and busy < count:
            truck = waiting.pop(0)
            starts.append(second)
            ends.append(second + work[truck])
            busy += work[truck] > 0
        second += 1
    return starts, ends


def test_a_day_by_hand():
    # One server from 8 to 12 and from 13 on; the truck of 11:55 is finished at 12:10.
    queue = np.array([7.5, 8.0, 11.9, 11.95, 12.5]) * 3600
    end = np.array([8.2, 8.5, 12.1, 13.2, 13.4]) * 3600
    times, servers = np.array([0.0, 8.0, 12.0, 13.0]) * 3600, np.array([0, 1, 0, 1])
    told = begun(queue, end, times, servers) / 3600
    assert told.tolist() == [8.0, 8.2, 11.9, 13.0, 13.2]


def test_with_one_server_more_the_next_begins_at_once():
    queue, end = np.array([0.0, 1.0, 2.0]), np.array([10.0, 12.0, 15.0])
    times = np.array([0.0])
    assert begun(queue, end, times, np.array([1])).tolist() == [0.0, 10.0, 12.0]
    assert begun(queue, end, times, np.array([2])).tolist() == [0.0, 1.0, 10.0]
    assert begun(queue, end, times, np.array([3])).tolist() == [0.0, 1.0, 2.0]


def test_too_few_servers_give_starts_after_their_own_end():
    told = begun(np.array([0.0, 0.0]), np.array([9.0, 5.0]), np.array([0.0]), np.array([1]))
    assert told[1] > 5.0


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), min_size=1, max_size=20),
    st.lists(st.tuples(st.integers(1, 30), st.integers(0, 3)), max_size=4),
)
@settings(deadline=None, max_examples=300)
def test_what_was_served_is_told(trucks, changes):
    queue, work = zip(*sorted(trucks), strict=True)
    times = [0, *np.cumsum([length for length, _ in changes]).tolist(), 400]
    servers = [2, *(count for _, count in changes), 1]
    starts, ends = served(queue, work, times, servers)
    told = begun(
        np.array(queue, float), np.array(ends, float), np.array(times, float), np.array(servers)
    )
    assert told.tolist() == starts


def test_who_leaves_or_hands_over_finishes_aside():
    # Three servers until 10, two from then on; all three are at work at 10, until 11, 13 and 14.
    queue, end = np.array([0.0, 1.0, 2.0, 3.0, 4.0]), np.array([11.0, 13.0, 14.0, 15.0, 16.0])
    times, servers = np.array([0.0, 10.0]), np.array([3, 2])

    def told(handing):
        return begun(queue, end, times, servers, handing).tolist()

    assert told(COUNTED)[3:] == [13.0, 14.0]
    # The one of 14 goes home with it: those of 11 and 13 take the next.
    assert told(STAYERS)[3:] == [11.0, 13.0]
    # The one of 13 does: those who stay are as far with their works as those who leave.
    assert told(EVENLY)[3:] == [11.0, 14.0]
    assert told(ALL_CHANGE)[3:] == [10.0, 10.0]


def test_over_a_break_the_same_come_back():
    queue, end = np.array([0.0, 1.0]), np.array([12.0, 13.0])
    times, servers = np.array([0.0, 5.0, 10.0]), np.array([1, 0, 1])
    for handing in (COUNTED, STAYERS, ALL_CHANGE, EVENLY):
        assert begun(queue, end, times, servers, handing).tolist() == [0.0, 12.0]


def test_a_visit_without_an_end_puts_starts_in_doubt_until_all_servers_are_busy_again():
    # Nobody knows when the second truck left: the third may have begun at any time until then.
    queue = np.array([0.0, 1.0, 2.0, 3.0, 30.0])
    end = np.array([10.0, np.nan, 18.0, 20.0, 33.0])

    def doubt(servers, longest=60.0):
        times, count = np.array([0.0]), np.array([servers])
        start = begun(queue, end, times, count, usual=np.full(5, 6.0))
        return doubted(queue, end, start, times, count, longest).tolist()

    # One server: the third proves that it was free, so that the fourth follows a stamped end.
    assert doubt(1) == [False, False, True, False, False]
    # Two: the third waited for either; then both are known to be busy.
    assert doubt(2) == [False, False, True, False, False]
    # Three: there was one for the third anyhow, and perhaps none for the fourth.
    assert doubt(3) == [False, False, False, True, False]
    assert doubt(4) == [False] * 5
    # Works are no longer than 5: who begins at 16 may begin then.
    assert doubt(1, longest=5.0) == [False] * 5


def test_who_is_overtaken_and_when():
    # The first went at 9, after three of those behind it; one of them has a wrong stamp.
    went = np.array([9.0, 4.0, np.nan, 1.0, 5.0, 10.0])
    assert overtaken(went, 1).tolist() == [1.0, 1.0, 1.0, 5.0, 10.0, np.inf]
    assert overtaken(went, 2).tolist() == [4.0, 5.0, 5.0, 10.0, np.inf, np.inf]

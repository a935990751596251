"""Shifts: what is refused before anything runs, with its place and what to write."""

import pytest

from portsim.scenario.assumptions import assumptions

OLD = "stages:\n"
SHIFTS = """\
shifts:
  posts:
    lanes: {fewest: 1, most: 4}
  people:
    staff:
      posts: [lanes]
      starts: [09:00, 12:00]
      lengths: [8 h]
      patterns: [5 on 2 off]
      wage: 30 CNY
      breaks: [{after: 4 h, lasts: 30 min, covered: false}]
"""
STAFF = "shifts.people.staff"


def test_the_words_are_right(scenario):
    shifts = scenario((OLD, SHIFTS + OLD)).shifts
    assert shifts.staffed == ("lanes",)
    assert shifts.people["staff"].starts == (9 * 3600, 12 * 3600)


@pytest.mark.parametrize(
    ("old", "new", "at", "path", "found", "expected", "hint"),
    [
        ("[8 h]", "[8 h, 25 h]", "25 h", f"{STAFF}.lengths[1]", "a shift of 25 h", "at most a day",
         "12 h on 24 off"),
        ("5 on 2 off", "36 h on 24 off", "36", f"{STAFF}.patterns[0]", "36 h on",
         "at most a day", "going home"),
        ("5 on 2 off", "12 h on 24 off", "12", f"{STAFF}.patterns[0]", "`12 h on 24 off`",
         "one of the lengths 8 h", "add 12 h"),
        ("5 on 2 off", "five on two off", "five", f"{STAFF}.patterns[0]", "`five on two off`",
         '"5 on 2 off"', ""),
        ("5 on 2 off", "5 on 0 off", "5", f"{STAFF}.patterns[0]", "`5 on 0 off`", '"5 on 2 off"',
         "some of it is on"),
        ("after: 4 h", "after: 8 h", "{after", f"{STAFF}.breaks[0]",
         "a mapping with after, lasts, covered",
         "within the longest shift, of 8 h", "`lasts`"),
        ("posts: [lanes]", "posts: [lane]", "lane", f"{STAFF}.posts[0]", "`lane`",
         "the name of a resource", "`lanes`"),
        ("posts: [lanes]", "posts: [lanes, permits]", "permits", f"{STAFF}.posts[1]",
         "a resource of kind budget", "servers, who are on duty", ""),
        ("most: 4", "most: 0", "0", "shifts.posts.lanes.most", "`0`", "1 or more, the fewest", ""),
        ("fewest: 1", "fewest: 1, within: dusk", "dusk", "shifts.posts.lanes.within", "`dusk`",
         "the name of a calendar", "known: day, night"),
        ("    lanes: {", "    officers: {fewest: 1}\n    lanes: {", "officers",
         "shifts.posts.officers", "`officers`", "some of the people can do", "nobody can do"),
        ("[09:00, 12:00]", "[09:00, 09:00]", "[", f"{STAFF}.starts", "a list of 2",
         "each time once", ""),
        ("[09:00, 12:00]", "06:00..09:00:2 h", "06", f"{STAFF}.starts", "`06:00..09:00:2 h`",
         "a range with its step", "reach the last"),
        ("[09:00, 12:00]", "[21:00]", "lanes", "shifts.posts.lanes", "`lanes`",
         "shifts that cover the open hours of lanes", "daily 10:00-14:00, 15:00-20:00"),
        ("[09:00, 12:00]", "[09:00]", "lanes", "shifts.posts.lanes", "`lanes`",
         "shifts that cover", "17:00-20:00"),
    ],
)  # fmt: skip
def test_shifts_that_cannot_be(says, old, new, at, path, found, expected, hint):
    assert SHIFTS.count(old) == 1
    says(OLD, SHIFTS.replace(old, new) + OLD, at, path, found, expected, hint)


def test_where_nobody_must_be_there_an_hour_may_stay_uncovered(scenario):
    words = SHIFTS.replace("fewest: 1", "fewest: 0").replace("[09:00, 12:00]", "[09:00]")
    assert scenario((OLD, words + OLD)).shifts.posts["lanes"].fewest == 0


def test_a_zone_that_is_not_there(says):
    words = SHIFTS.replace("shifts:\n", "shifts:\n  timezone: Asia/Almata\n")
    says(OLD, words + OLD, "Asia/Almata", "shifts.timezone", "`Asia/Almata`", "an IANA time zone",
         "Asia/Almaty")  # fmt: skip


def test_wages_are_inputs_and_yet_nothing_that_a_study_of_runs_varies(scenario):
    wage = "{value: 30 CNY, range: 20 CNY..40 CNY, source: assumed, confidence: E}"
    noted = scenario((OLD, SHIFTS.replace("30 CNY", wage) + OLD))
    assert assumptions([noted]) == ([], [])

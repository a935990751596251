"""Officers needed against rostered: what comes in each hour of the week, and who is there."""

from dataclasses import dataclass

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from portsim.figures import scales, style, text_layout
from portsim.figures.sheet import WIDTH, Sheet
from portsim.figures.study import Floats, Policy, Study
from portsim.wording import amounts, days, say, sentences

_MOST = 6
_LEFT, _TALL, _STEP = 0.62, 0.85, 1.32
_HOURS = 168
_SHORT = "#f6c9c4"
_LITTLE = 0.005


@dataclass(frozen=True, eq=False, slots=True)
class Post:
    """Servers over the week; float64[168] each, NaN for hours that the period does not have."""

    place: str
    needed: Floats
    most: Floats
    rostered: Floats

    @property
    def short(self) -> np.ndarray:
        """bool[168], hours with somebody there, and fewer than the work takes on average."""
        return (self.rostered > 0) & (self.needed > self.rostered + 1e-9)

    @property
    def outside(self) -> float:
        """Share of the work that comes in hours in which nobody is ever there."""
        needed = np.nan_to_num(self.needed)
        return float(needed[np.nan_to_num(self.rostered) <= 0].sum() / needed.sum())

    @property
    def strain(self) -> float:
        """The most that is needed of each that is there, in any hour with somebody there."""
        there = np.nan_to_num(self.rostered) > 0
        if not there.any():
            return 0.0
        return float(np.nanmax(self.needed[there] / self.rostered[there]))


def draw(study: Study) -> Sheet | None:
    """A strip for each post of the baseline, those that are short of most first."""
    policy = study.base
    posts = sorted(posts_of(study, policy), key=lambda post: -post.strain)
    shown = posts[:_MOST]
    if not shown:
        return None
    key = [
        Patch(fc=style.PALE, ec=style.BLUE, label=say("needed, so that nobody waits")),
        Line2D(
            [],
            [],
            color=style.RED,
            lw=0.9,
            ls=(0, (1.5, 1)),
            label=say("in the week that needs most"),
        ),
        Line2D([], [], color=style.INK, lw=1.6, label=say("rostered")),
        Patch(fc=_SHORT, ec=style.RED, hatch="////", label=say("needed beyond the roster")),
    ]
    sheet = Sheet(
        _title(study, policy, posts),
        sentences(
            say(
                "Needed in an hour is the work, in hours of one of them, that joins the queue in"
                " that hour of the week, on average over the period: with so many at work all of it"
                " would be done as fast as it comes. Seasons and holidays are averaged over."
            ),
            say(
                "The dotted line is the most of any week in that hour, mean of the simulated"
                " periods: after holidays and in the busy season."
            ),
            _outside(study, shown),
            say("Posts that are short of less and left out: {count}.", count=len(posts) - _MOST)
            if posts[_MOST:]
            else "",
        ),
        _STEP * len(shown) + 0.3,
        key,
    )
    width = WIDTH - _LEFT - 0.3
    hours = np.arange(_HOURS + 1)
    for number, post in enumerate(shown):
        top = _STEP * number
        sheet.text(_LEFT, top, _called(study, post, number + 1), bold=True)
        axes = sheet.axes(_LEFT, top + 0.2, width, _TALL)
        rows = (post.needed, post.most, post.rostered)
        needed, most, rostered = (np.append(row, row[-1:]) for row in rows)
        axes.fill_between(hours, 0, needed, step="post", fc=style.PALE, ec=style.BLUE, lw=0.6)
        # An hour that stands alone is short, too: a filled curve would leave it out.
        over = np.flatnonzero(post.short)
        axes.bar(over, (post.needed - post.rostered)[over], 1.0, post.rostered[over],
                 align="edge", fc=_SHORT, ec=style.RED, hatch="////", lw=0)  # fmt: skip
        axes.step(hours, most, where="post", color=style.RED, lw=0.9, ls=(0, (1.5, 1)))
        axes.step(hours, rostered, where="post", color=style.INK, lw=1.6)
        top_value = float(np.nanmax([post.most, post.rostered]))
        scales.count_axis(axes, top_value, ticks=3)
        axes.set_xlim(0, _HOURS)
        axes.set_xticks(range(0, _HOURS, 12), _marks() if post is shown[-1] else [""] * 14)
        axes.grid(visible=False, axis="y")
    axes.set_xlabel(say("hour of the week ({clock})", clock=policy.clock))
    return sheet


def _marks() -> list[str]:
    return [f"{name}\n00:00" if not half else "12:00" for name in days() for half in (0, 1)]


def posts_of(study: Study, policy: Policy) -> list[Post]:
    """The posts of a policy at which somebody is needed, in the order of the scenario."""
    resources = (policy.entry.get("resolved") or {}).get("resources") or {}
    # Lanes are there at all hours; who has hours is staff, unless they are those of places.
    posts = []
    people = [name for name, words in resources.items() if not words.get("places")]
    hours = ("calendar", "roster")
    staff = [name for name in people if any(resources[name].get(word) for word in hours)]
    for place in staff or people:
        names = ("week_work", "week_work_most", "week_rostered")
        drawn = [study.curve(policy, name, place) for name in names]
        curves = [c.mean for c in drawn if c is not None and len(c.x) == _HOURS]
        if len(curves) == len(names) and curves[0].max() > 0:
            posts.append(Post(place, *curves))
    return posts


def _outside(study: Study, posts: list[Post]) -> str:
    """How much comes while nobody is there, which no title counts; empty if next to nothing."""
    number = int(np.argmax([post.outside for post in posts]))
    if posts[number].outside < _LITTLE:
        return ""
    return say(
        "Of the work of {post}, {share} comes in hours of the week in which nobody is rostered, of"
        " no other more: it waits for the next opening, and no hour counts it as short.",
        post=_called(study, posts[number], number + 1),
        share=amounts.percent(posts[number].outside),
    )


def _called(study: Study, post: Post, number: int) -> str:
    return text_layout.drawable(study.place(post.place), say("post {number}", number=number))


def _title(study: Study, policy: Policy, posts: list[Post]) -> str:
    worst = posts[0]
    name = _called(study, worst, 1)
    if not worst.short.any():
        first = say(
            "In the rostered hours of the mean week no post is short of staff under {policy}",
            policy=policy.label,
        )
        beyond = [int(((p.rostered > 0) & (p.most > p.rostered)).sum()) for p in posts]
        number = int(np.argmax(beyond))
        if not beyond[number]:
            return first
        post = posts[number]
        return say(
            "{statement}; in the weeks that need most, more work comes for {post} than is rostered"
            " for, in {short} of {hours} rostered hours",
            statement=first,
            post=_called(study, post, number + 1),
            short=beyond[number],
            hours=int((post.rostered > 0).sum()),
        )
    lack = np.where(worst.short, worst.needed - worst.rostered, -np.inf)
    day, hour = divmod(int(np.argmax(lack)), 24)
    when = f"{days()[day]} {hour:02d}:00–{hour + 1:02d}:00"
    return say(
        "{post} under {policy}: {needed} needed, {rostered} rostered on {when}; short in {short} of"
        " {hours} rostered hours of the week",
        post=name,
        policy=policy.label,
        needed=amounts.number(float(worst.needed[24 * day + hour])),
        rostered=amounts.plain(float(worst.rostered[24 * day + hour])),
        when=when,
        short=int(worst.short.sum()),
        hours=int((worst.rostered > 0).sum()),
    )

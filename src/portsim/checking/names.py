"""Checks of names: every name a scenario uses must be given, and given to one thing only."""

from portsim.checking.findings import Findings, Path
from portsim.reading.text import nearest
from portsim.scenario.base_model import check_name
from portsim.scenario.model import Scenario
from portsim.scenario.validation_messages import ValueFault

__all__ = ["RESERVED", "check_names"]

RESERVED = {
    "stages": {"arrival", "wanted", "end", "next", "exit", "all"},
    "resources": {"all"},
    "traffic": {"all", "export", "import"},
}


_WAYS = 2
_USUAL = ("export", "import", "inbound", "outbound", "entry", "exit", "in", "out")
"""Words for a direction; what looks much like one of them may be a slip."""


def check_names(findings: Findings, scenario: Scenario) -> None:
    """One namespace for stages and resources; every calendar, stage and resource exists."""
    for section, words in RESERVED.items():
        names = scenario.traffic.classes if section == "traffic" else getattr(scenario, section)
        for name in words.intersection(names):
            hint = f"`{name}` has a meaning of its own in tables and routes"
            findings.error((section, name), "reserved", "another name", hint, key=True)
    _check_directions(findings, scenario)
    for name in scenario.traffic.classes:
        try:
            check_name(name)
        except ValueFault as wrong:
            findings.error(("traffic", name), wrong.code, wrong.expected, key=True)
    for name in scenario.stages:
        if name in scenario.resources:
            findings.error(
                ("resources", name),
                "name-clash",
                "a name that no stage has",
                "both are places in the tables; call the resource e.g. "
                f"{name}-posts or {name}-officers",
                key=True,
            )
    _check_calendars(findings, scenario)
    _check_sides(findings, scenario)
    _check_map(findings, scenario)
    _check_tokens(findings, scenario)
    _check_visits(findings, scenario)
    clock = scenario.completion.from_
    if clock not in ("arrival", "wanted"):
        findings.known(("completion", "from"), clock, scenario.stages, "stage")


def _check_directions(findings: Findings, scenario: Scenario) -> None:
    """Two ways across a border at most; tables have rows of them beside those of the classes."""
    classes = scenario.traffic.classes
    seen: list[str] = []
    for name, cls in classes.items():
        path: Path = ("traffic", name, "direction")
        way = cls.direction
        if way in seen or not findings.written(*path):
            continue
        seen.append(way)
        if way in RESERVED["traffic"].intersection(classes):
            # That the class is called so is a fault already.
            continue
        if way in classes or way == "all":
            hint = f"`{way}` is the name of a class, too" if way in classes else ""
            expected = "a direction that is called otherwise than a class, and not `all`"
            findings.error(path, "direction", expected, hint, f"`{way}`")
        elif len(seen) > _WAYS:
            near = nearest(way, seen[:_WAYS])
            hint = (
                f"did you mean `{near}`?" if near else "what crosses, crosses one way or the other"
            )
            expected = f"two directions at most, beside {' and '.join(seen[:_WAYS])}"
            findings.error(path, "direction", expected, hint, f"`{way}`")
        elif way not in _USUAL and (near := nearest(way, _USUAL)):
            findings.warn(
                path,
                "direction",
                "a usual word, or one of your own",
                f"did you mean `{near}`?",
                f"`{way}`",
            )


def _calendar_uses(findings: Findings, scenario: Scenario) -> list[tuple[Path, str]]:
    uses: list[tuple[Path, str]] = [
        (findings.item(("open_hours",), number), name)
        for number, name in enumerate(scenario.open_hours)
    ]
    for key, resource in scenario.resources.items():
        if resource.calendar is not None:
            uses.append((("resources", key, "calendar"), resource.calendar))
        uses += [
            (("resources", key, "roster", number, "calendar"), shift.calendar)
            for number, shift in enumerate(resource.roster)
        ]
        if resource.opens is not None and resource.opens.within is not None:
            uses.append((("resources", key, "opens", "within"), resource.opens.within))
    for key, stage in scenario.stages.items():
        uses += [
            (findings.item(("stages", key, "hours"), number), name)
            for number, name in enumerate(stage.hours)
        ]
    uses += [(("slots", key, "calendar"), slots.calendar) for key, slots in scenario.slots.items()]
    if scenario.shifts is not None:
        uses += [
            (("shifts", "posts", key, "within"), post.within)
            for key, post in scenario.shifts.posts.items()
            if post.within is not None
        ]
    for key, cls in scenario.traffic.classes.items():
        where: Path = ("traffic", key, "arrivals")
        if cls.arrivals.follow is not None:
            uses.append(((*where, "follow"), cls.arrivals.follow))
        if cls.arrivals.booked is not None:
            uses.append(((*where, "booked", "calendar"), cls.arrivals.booked.calendar))
    return uses


def _check_sides(findings: Findings, scenario: Scenario) -> None:
    """What is called otherwise must be a side of some calendar."""
    sides = list(dict.fromkeys(c.side for c in scenario.calendars.values() if c.side))
    for name in scenario.sides:
        findings.known(("sides", name), name, sides, "side of a calendar", key=True)


def _check_map(findings: Findings, scenario: Scenario) -> None:
    """Warn of places that are no stages: a policy that takes a stage away leaves it on the map."""
    for name in scenario.map.places if scenario.map else ():
        if name not in scenario.stages:
            near = nearest(name, list(scenario.stages))
            hint = f"did you mean `{near}`?" if near else "nothing is drawn there"
            path = ("map", "places", name)
            findings.warn(path, "unused", "the name of a stage", hint, f"`{name}`")


def _check_calendars(findings: Findings, scenario: Scenario) -> None:
    uses = _calendar_uses(findings, scenario)
    for path, name in uses:
        findings.known(path, name, scenario.calendars, "calendar")
    used = {name for _, name in uses}
    for name, calendar in scenario.calendars.items():
        if name not in used:
            findings.warn(("calendars", name), "unused", "a calendar that something follows")
        elif (
            calendar.daylight is not None
            and scenario.position is None
            and not findings.written("position")
        ):
            findings.error(
                ("calendars", name, "daylight"),
                "position",
                "a `position` of the port for its daylight",
                "write position: {latitude: 46.7, longitude: 82.7} at the top",
                "daylight without a position",
            )


def _check_tokens(findings: Findings, scenario: Scenario) -> None:
    taken: set[str] = set()
    offered: set[str] = set()
    spent: dict[str, Path] = {}
    for key, stage in scenario.stages.items():
        for verb, kinds in (
            ("takes", ("servers",)),
            ("spends", ("budget", "store")),
            ("offers", ("store",)),
        ):
            for name in getattr(stage, verb):
                path: Path = ("stages", key, verb, name)
                if not findings.known(path, name, scenario.resources, "resource", key=True):
                    continue
                kind = scenario.resources[name].kind
                (offered if verb == "offers" else taken).add(name)
                if kind not in kinds:
                    findings.error(
                        path,
                        "wrong-kind",
                        f"a resource of kind {' or '.join(kinds)} under `{verb}`",
                        "servers are taken; budgets and stores are spent; stores are offered to",
                        f"`{name}` of kind {kind}",
                        key=True,
                    )
                elif verb == "spends" and kind == "store":
                    spent.setdefault(name, path)
        taken |= set(stage.instead)
    for name, path in spent.items():
        if name not in offered:
            findings.warn(
                path, "store", "a store that some stage offers to", "it only ever gets emptier"
            )
    for name in scenario.resources:
        if name not in taken | offered:
            findings.warn(("resources", name), "unused", "a resource that some stage takes")


def _check_visits(findings: Findings, scenario: Scenario) -> None:
    visited = scenario.traffic.visited
    for name in scenario.stages:
        if name not in visited:
            findings.warn(("stages", name), "unvisited", "a stage that some route passes")

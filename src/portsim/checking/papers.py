"""Checks of papers: they pass stages that exist, begin before they are needed, and can be done."""

from collections.abc import Iterator

from portsim.checking.findings import Findings, Path
from portsim.checking.routes import check_way
from portsim.scenario.model import Scenario
from portsim.scenario.papers import Papers
from portsim.scenario.traffic import TruckClass

__all__ = ["check_papers"]


def check_papers(findings: Findings, scenario: Scenario) -> None:
    """The papers of each class, against its route, its channels and the stages."""
    for name, cls in scenario.traffic.classes.items():
        for key, papers in cls.papers.items():
            path: Path = ("traffic", name, "papers", key)
            _check_route(findings, scenario, path, papers)
            _check_places(findings, scenario, path, papers)
            _check_channels(findings, scenario, path, papers)
        if cls.papers and scenario.inside is not None:
            findings.error(
                ("traffic", name, "papers"),
                "papers",
                "no papers where it is told who is `inside`",
                "a state does not tell how far the papers of each truck are; take out papers, or "
                "inside and give the period a warm_up",
                key=True,
            )
        if cls.papers:
            for obstacle in (*_not_beside(scenario), *_passed_again(cls)):
                findings.error(
                    ("traffic", name, "papers"),
                    "papers",
                    "no papers where trucks come again or pass a stage twice, breakdowns stop the "
                    "work in hand, or shifts overlap",
                    "no engine runs these with papers; take out one of the two",
                    obstacle,
                    key=True,
                )


def _not_beside(scenario: Scenario) -> Iterator[str]:
    """What there is in a port that no engine runs with papers, of whatever class."""
    for name, cls in scenario.traffic.classes.items():
        if cls.comes_again is not None:
            yield f"papers, and `comes_again` of {name}"
    for name, resource in scenario.resources.items():
        if resource.handover == "overlap":
            yield f"papers, and `handover: overlap` of {name}"
        for work in dict.fromkeys(breakdowns.work for breakdowns in resource.breakdowns):
            if work != "finished":
                yield f"papers, and breakdowns with `work: {work}` of {name}"


def _passed_again(cls: TruckClass) -> Iterator[str]:
    """Stages that the trucks of a class may pass more than once."""
    passed: set[str] = set()
    for step in cls.route:
        if step.sent_back is not None:
            yield f"papers, and `sent_back` at {step.stage}"
        if step.stage in passed:
            yield f"papers, and {step.stage} twice in the route"
        passed.add(step.stage)


def _check_route(findings: Findings, scenario: Scenario, path: Path, papers: Papers) -> None:
    passed: list[str] = []
    for number, stage in enumerate(papers.route):
        place = findings.item((*path, "route"), number)
        if not findings.known(place, stage, scenario.stages, "stage"):
            continue
        if stage in passed:
            findings.error(place, "twice", "each stage once in a route", found=f"`{stage}`")
            continue
        passed.append(stage)
    for number, stage in enumerate(papers.route):
        if stage in scenario.stages and scenario.stages[stage].convoy is not None:
            _no_convoys(findings, findings.item((*path, "route"), number), stage)
    if len(passed) == len(papers.route):
        cls = scenario.traffic.classes[str(path[1])]
        check_way(findings, scenario, path, cls.of_papers(papers))


def _check_places(findings: Findings, scenario: Scenario, path: Path, papers: Papers) -> None:
    """Stages of the truck's route at which papers begin and are needed, in this order."""
    name = str(path[1])
    route = [step.stage for step in scenario.traffic.classes[name].route]
    places: dict[str, int] = {}
    for word in ("begins_at", "begins_after", "needed_at"):
        stage = getattr(papers, word)
        if stage is None or not findings.known((*path, word), stage, scenario.stages, "stage"):
            continue
        if stage not in route:
            expected = f"a stage of the route of {name}"
            hint = f"it passes {', '.join(route)}"
            findings.error((*path, word), "not-on-route", expected, hint)
            continue
        places[word] = route.index(stage) + (word == "begins_after")
    needed = places.pop("needed_at", None)
    later = route[needed:] if needed is not None else []
    for name_ in later:
        if name_ in scenario.stages and scenario.stages[name_].convoy is not None:
            _no_convoys(findings, (*path, "needed_at"), name_)
            break
    stage = scenario.stages.get(papers.needed_at)
    if needed is not None and stage is not None and not stage.overtaking:
        findings.warn(
            (*path, "needed_at"),
            "holds-up",
            f"`overtaking: true` at {papers.needed_at}, or a lane in which nobody can pass",
            "a truck that waits there for its papers holds up all who are behind it",
        )
    for word, place in places.items():
        if needed is not None and place > needed:
            findings.error(
                (*path, word),
                "papers",
                f"a stage that {name} pass before {papers.needed_at}, where the papers are needed",
                "papers that begin later would never be there",
                str(getattr(papers, word)),
            )


def _no_convoys(findings: Findings, path: Path, stage: str) -> None:
    expected = "a way of papers, and of a truck from there on, without convoys"
    hint = "nobody would know whether a truck without papers is one of those who leave together"
    findings.error(path, "papers", expected, hint, f"`{stage}`, which trucks leave in convoys")


def _check_channels(findings: Findings, scenario: Scenario, path: Path, papers: Papers) -> None:
    cls = scenario.traffic.classes[str(path[1])]
    if not papers.channels:
        return
    if cls.channels is None:
        findings.error(
            (*path, "channels"),
            "channels",
            f"`channels` of the class {path[1]}",
            "write e.g. channels: {green: 0.9, physical: 0.1} beside its route",
            "papers for channels in a class without",
            key=True,
        )
        return
    shares = scenario.channels_of(cls)
    for item, channel in enumerate(papers.channels):
        findings.known(findings.item((*path, "channels"), item), channel, shares, "channel")

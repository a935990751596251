"""Checks of channels: a route asks only for channels that the trucks of its class can be in."""

from portsim.checking.findings import Findings, Path
from portsim.scenario.model import Scenario

__all__ = ["check_channels"]


def check_channels(findings: Findings, scenario: Scenario) -> None:
    """Sets of channels that exist and are used; steps for channels of the class."""
    used: set[str] = set()
    for name, cls in scenario.traffic.classes.items():
        where: Path = ("traffic", name, "channels")
        if isinstance(cls.channels, str):
            used.add(cls.channels)
            if not findings.known(where, cls.channels, scenario.channels, "set of channels"):
                continue
        elif cls.channels is None and findings.written(*where):
            # What stood there is at fault already.
            continue
        _check_steps(findings, name, scenario)
        asks = [part.channels for part in cls.route]
        asks += [part.channels for part in cls.papers.values()]
        if cls.channels is not None and not any(asks):
            expected = "a step of the route for some of these channels"
            hint = "write {stage: …, channels: …} in the route"
            findings.warn(where, "unused", expected, hint)
    for key in scenario.channels:
        if key not in used:
            findings.warn(("channels", key), "unused", "a set of channels that some class names")


def _check_steps(findings: Findings, name: str, scenario: Scenario) -> None:
    cls = scenario.traffic.classes[name]
    shares = scenario.channels_of(cls)
    for number, step in enumerate(cls.route):
        path: Path = ("traffic", name, "route", number, "channels")
        if step.channels and cls.channels is None:
            findings.error(
                path,
                "channels",
                f"`channels` of the class {name}",
                "write e.g. channels: {green: 0.9, physical: 0.1} beside its route",
                "a step for channels in a class without",
                key=True,
            )
            continue
        for item, channel in enumerate(step.channels):
            findings.known(findings.item(path, item), channel, shares, "channel")

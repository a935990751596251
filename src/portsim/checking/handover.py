"""Checks of shifts that overlap: whose works could not be told from those of the next shift."""

from portsim.checking.findings import Findings, Path
from portsim.scenario.model import Scenario

__all__ = ["check_handover"]


def check_handover(findings: Findings, scenario: Scenario) -> None:
    """Servers with shifts, given back where they were taken, and nothing else that moves them."""
    for name, resource in scenario.resources.items():
        if resource.handover != "overlap":
            continue
        path: Path = ("resources", name, "handover")
        if not (resource.calendar or resource.roster):
            expected = "a `calendar` or a `roster` beside it"
            findings.error(path, "handover", expected, "without shifts there is no handover")
        for word, given in (
            ("opens", resource.opens is not None),
            ("breakdowns", any(some.work != "finished" for some in resource.breakdowns)),
        ):
            if given:
                other = (
                    "servers that the queue opens" if word == "opens" else "`work` of breakdowns"
                )
                findings.error(
                    path,
                    "handover",
                    f"either `overlap` or {other}",
                    f"who goes home could not be told; take out one of handover and {word}",
                )
        for stage, words in scenario.stages.items():
            take = words.takes.get(name)
            if take is not None and take.until != "end":
                findings.error(
                    ("stages", stage, "takes", name, "until"),
                    "handover",
                    f"`end`, since shifts of {name} overlap",
                    "who is kept beyond the work hands nothing over; take out until, or handover",
                    f"`{take.until}`",
                )
            if take is not None and words.attended:
                findings.error(
                    ("stages", stage, "attended"),
                    "handover",
                    f"either `attended` or shifts of {name} that overlap",
                    "attended work waits for the next shift; overlapping shifts finish it",
                )

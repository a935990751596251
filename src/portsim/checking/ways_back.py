"""Checks of ways back: a step sends back along the way its trucks came, and no two ways cross."""

from portsim.checking.findings import Findings, Path
from portsim.scenario.legs import legs, sent_to
from portsim.scenario.traffic import TruckClass

__all__ = ["check_ways_back"]

_MOST_LEGS = 200


def check_ways_back(findings: Findings, where: Path, cls: TruckClass) -> bool:
    """Whether every `sent_back` of a class can be driven; each that cannot is a fault.

    Args:
        findings: the notepad.
        where: path of the class.
        cls: all its stages exist.
    """
    good, taken = True, -1
    for number, step in enumerate(cls.route):
        words = step.sent_back
        if words is None:
            continue
        path: Path = (*where, "route", number, "sent_back")
        stages = [other.stage for other in cls.route]
        first = sent_to(cls.route, number)
        if words.to is not None and words.to not in stages[: number + 1]:
            hint = f"it comes there through {', '.join(stages[: number + 1])}"
            expected = "a stage that the route passes before this one, or this one"
            findings.error((*path, "to"), "sent-back", expected, hint, f"`{words.to}`")
            good = False
        elif first <= taken:
            findings.error(
                path,
                "sent-back",
                "ways back that do not cross",
                f"{stages[taken]} sends back, too; send back from one of the two, or to a stage "
                f"behind {stages[taken]}",
                f"a way from {step.stage} back to {stages[first]}",
                key=True,
            )
            good = False
        taken = number
    most = len(legs(cls))
    if good and most > _MOST_LEGS:
        hint = "let at_most be smaller"
        expected = f"at most {_MOST_LEGS} stages on the longest way"
        findings.error((*where, "route"), "sent-back", expected, hint, f"{most}", key=True)
        good = False
    return good

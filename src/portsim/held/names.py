"""The partners of a log's stages and classes in a scenario, by their names.

No truck and no stamp enters.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portsim.errors import InputError
from portsim.scenario.model import Scenario

__all__ = ["Partners", "partners"]

_APART = re.compile(r"[\s_\-]+")


@dataclass(frozen=True, slots=True)
class Partners:
    """What of a log is what in a scenario."""

    stages: Mapping[str, str]
    """Stage of the scenario by stage of the log, in the log's order."""
    classes: Mapping[tuple[str, str], str]
    """Class of the scenario by class and direction in the log; those without one are missing."""
    lone_stages: tuple[str, ...]
    """Stages of the scenario that the log does not have."""
    strange_stages: tuple[str, ...]
    """Stages of the log that the scenario does not have."""
    strange_classes: tuple[str, ...]
    """Classes of the log that the scenario does not have."""


def partners(
    scenario: Scenario, stages: Sequence[str], kinds: Iterable[tuple[str, str]]
) -> Partners:
    """Find the partners.

    Args:
        scenario: its stages and classes.
        stages: of the log, in their order.
        kinds: classes of the log with their directions, empty where it says none.

    Returns:
        Names are alike whatever their case, and with ``_``, ``-`` or blanks between their words.
        Stages and classes may also be called as their labels say. A class that goes both ways may
        be two in a scenario, ``general export`` and ``general import``. Where a scenario has one
        class only, all trucks are of it.

    Raises:
        InputError: two names of one side are alike, or the two have no stage in common.
    """
    known = _by_key(scenario.stages, "stages", f"the scenario {scenario.name}")
    seen = _by_key(stages, "stages", "the log")
    labels = _labels({name: stage.label.every for name, stage in scenario.stages.items()})
    pairs = {seen[key]: known[key] for key in seen if key in known}
    pairs |= {
        seen[key]: labels[key]
        for key in seen
        if key not in known and key in labels and labels[key] not in pairs.values()
    }
    # In the order of the log.
    pairs = {name: pairs[name] for name in stages if name in pairs}
    if not pairs:
        raise InputError(
            f"the scenario {scenario.name} and the log have no stage in common: it has "
            f"{', '.join(scenario.stages)}, the log {', '.join(stages) or 'none'}\n"
            "    hint: give the log's columns the stages of the scenario in a file for --map"
        )
    classes, strange = _classes(scenario, sorted(set(kinds)))
    return Partners(
        stages=pairs,
        classes=classes,
        lone_stages=tuple(name for name in scenario.stages if name not in pairs.values()),
        strange_stages=tuple(name for name in stages if name not in pairs),
        strange_classes=strange,
    )


def _labels(called: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Names by what people call them in any language, where that is said of one alone."""
    pairs = {(_key(label), name) for name, labels in called.items() for label in labels}
    times = Counter(key for key, _ in pairs)
    return {key: name for key, name in pairs if key and times[key] == 1}


def _classes(
    scenario: Scenario, kinds: Sequence[tuple[str, str]]
) -> tuple[dict[tuple[str, str], str], tuple[str, ...]]:
    all_ = scenario.traffic.classes
    if len(all_) == 1:
        return dict.fromkeys(kinds, next(iter(all_))), ()
    known = _labels({name: traffic.label.every for name, traffic in all_.items()})
    known |= _by_key(all_, "classes", f"the scenario {scenario.name}")
    _by_key(dict.fromkeys(name for name, _ in kinds), "classes", "the log")
    partners: dict[tuple[str, str], str] = {}
    strange: dict[str, None] = {}
    for name, way in kinds:
        partner = known.get(_key(f"{name} {way}")) if way else None
        partner = partner or known.get(_key(name))
        if partner is None:
            strange[name] = None
        else:
            partners[(name, way)] = partner
    return partners, tuple(strange)


def _key(name: str) -> str:
    return _APART.sub("", name).casefold()


def _by_key(names: Iterable[str], kind: str, where: str) -> dict[str, str]:
    by_key: dict[str, str] = {}
    for name in names:
        other = by_key.setdefault(_key(name), name)
        if other != name:
            raise InputError(
                f"{where} has two {kind} of like names, `{other}` and `{name}`, and none can be "
                "told from the other\n    hint: call one of them otherwise; of a log a file for "
                "--map does that"
            )
    return by_key

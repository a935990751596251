"""Policies beside the scenario of a page: as states of its sliders, if they are such."""

from typing import Any

from portsim.errors import InputError
from portsim.livepage.carried import followed
from portsim.livepage.draws import demand_scales
from portsim.livepage.rules import rules_of
from portsim.livepage.shares import shares_of
from portsim.plan import timetable
from portsim.scenario.identity import every_class, key
from portsim.scenario.model import Scenario

__all__ = ["is_state", "state_of"]

_PACES = range(50, 201)
"""Per cent of the work time of a stage that can be chosen."""
_MOVED: dict[str, Any] = {
    **dict.fromkeys(
        ("name", "label", "summary", "role", "replications", "observed", "study"), True
    ),
    "sides": True,
    "map": True,
    "calendars": {
        "__all__": {
            **dict.fromkeys(("hours", "lunch", "closed", "label", "side"), True),
            "periods": {"__all__": {"hours": True, "lunch": True}},
        }
    },
    "resources": {"__all__": {"capacity": True, "roster": {"__all__": {"count": True}}}},
    "stages": {"__all__": {"time_by_hour": True, "share": True}},
    "traffic": {"scale": True},
    "channels": True,
}
"""What can be moved on the page, by where it stands, and what does not matter to it."""


def state_of(base: Scenario, policy: Scenario) -> dict[str, Any]:
    """The state of the sliders that means a policy.

    Args:
        base: the scenario of the page, in the weeks that it shows.
        policy: another one; its period is taken to be the same.

    Raises:
        InputError: it differs in something else than what can be moved.
    """
    policy = policy.model_copy(update={"period": base.period})
    moved = _moved(base)
    shares = shares_of(base).state(base, policy)
    if key(base, moved, []) != key(policy, moved, []) or shares is None:
        raise _not_a_state(policy, "it differs in more than what can be moved on the page")
    usual, rules = rules_of(timetable(base)), rules_of(timetable(policy))
    fixed = [
        own["name"]
        for own, other in zip(usual["resources"], rules["resources"], strict=True)
        if own["fixed"] and _staff(own) != _staff(other)
    ]
    if fixed:
        raise _not_a_state(policy, f"a stage takes all of {', '.join(fixed)}, however many")
    for name in followed(base):
        if name in rules["calendars"] and usual["calendars"][name] != rules["calendars"][name]:
            raise _not_a_state(policy, f"trucks follow the hours of {name}, which it moves")
    scales = demand_scales(base)
    if policy.traffic.scale not in scales:
        raise _not_a_state(
            policy, f"traffic.scale is {policy.traffic.scale:g}; expected one of {scales}"
        )
    return {
        "calendars": {
            name: {
                "rules": [{part: rule[part] for part in ("hours", "lunch")} for rule in c["rules"]],
                "closed": c["closed"],
            }
            for name, c in rules["calendars"].items()
        },
        "staff": [_staff(resource) for resource in rules["resources"]],
        "demand": scales.index(policy.traffic.scale),
        "shares": shares,
        "pace": [
            _pace(policy, own, other)
            for own, other in zip(usual["stages"], rules["stages"], strict=True)
        ],
    }


def is_state(base: Scenario, policy: Scenario) -> bool:
    """Whether a policy differs from the scenario of a page in nothing but what can be moved."""
    try:
        state_of(base, policy)
    except InputError:
        return False
    return True


def _moved(base: Scenario) -> dict[str, Any]:
    """`_MOVED` with the shares of each class."""
    own = {"channels": True, "route": {"__all__": {"share": True}}}
    return {**_MOVED, "traffic": {**_MOVED["traffic"], **every_class(base, own)}}


def _staff(resource: dict[str, Any]) -> list[int]:
    shifts = [count for _, count in resource["shifts"]]
    return shifts or [resource.get("constant", 0)]


def _pace(policy: Scenario, own: dict[str, Any], other: dict[str, Any]) -> int:
    for pace in sorted(_PACES, key=lambda pace: abs(pace - 100)):
        if [(milli * pace + 50) // 100 for milli in own["milli"]] == other["milli"]:
            return pace
    raise _not_a_state(
        policy, f"the work of {own['name']} lasts otherwise by the hour, not by one factor"
    )


def _not_a_state(policy: Scenario, why: str) -> InputError:
    return InputError(
        f"{policy.name}: {why}; the page can move hours, lunch, closed days, staff, demand, shares "
        "of trucks and the work time of stages. Compare it with `portsim compare`, or give it a "
        "page of its own"
    )

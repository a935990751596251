"""Whether scenarios can be studied together, and the fingerprint of all that is put in.

Nothing is run here.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from portsim.errors import InputError
from portsim.experiment.goals import Goals, check_months
from portsim.results import fingerprint
from portsim.scenario.identity import identity
from portsim.scenario.model import Scenario

__all__ = ["baseline_of", "check_and_fingerprint", "one_promise"]


def baseline_of(scenarios: Sequence[Scenario], named: str | None = None) -> str:
    """The one that the others are held against: the one named, else today's, else the first.

    Raises:
        InputError: nobody names one, and two say that they are today's.
    """
    if named is not None:
        return named
    today = [scenario.name for scenario in scenarios if scenario.role == "today"]
    if len(today) > 1:
        raise InputError(
            f"{today[0]} and {today[1]} both say `role: today`; found two policies of today, "
            "expected one or none. Leave it out of one of them, or name the one the others are "
            "held against: baseline"
        )
    return today[0] if today else scenarios[0].name


def check_and_fingerprint(
    scenarios: Sequence[Scenario],
    baseline: str | None,
    replications: int | None,
    seed: int | None,
    goals: Goals | None = None,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> tuple[int, int, str]:
    """Replications to begin with and seed of a study, and the fingerprint of its inputs.

    Args:
        scenarios: what is run.
        baseline: name of the one the others are held against; None if they are not compared.
        replications: how often; the first scenario's number if None.
        seed: root seed; the first scenario's if None.
        goals: what is asked of the statistics.
        more: what else the outcome depends on; JSON types only.

    Raises:
        InputError: the scenarios cannot be compared, there is no such baseline, or what is asked
            is not in their period.
    """
    names = [scenario.name for scenario in scenarios]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"two scenarios are called {name}; give each a name of its own")
    if baseline is not None and baseline not in names:
        raise InputError(f"no scenario is called {baseline}; there are {', '.join(names)}")
    first = scenarios[0]
    for other in scenarios[1:]:
        if _days(other, baseline) != _days(first, baseline):
            raise InputError(
                f"{other.name} and {first.name} have different periods or time zones; only the "
                "same trucks in the same days can be compared"
            )
    reckoned = {code: scenario.name for scenario in scenarios if (code := scenario.currency)}
    if len(reckoned) > 1:
        (currency, first_), (other_currency, other_) = list(reckoned.items())[:2]
        raise InputError(
            f"{first_} reckons in {currency} and {other_} in {other_currency}; write the amounts "
            "of all scenarios of a study in one currency"
        )
    repeated = scenarios[0].replications if replications is None else replications
    root = scenarios[0].seed if seed is None else seed
    if goals is not None:
        check_months(goals, first.period.first_day, first.period.last_day)
    options = {**({} if goals is None else goals.inputs()), **more}
    bounds = [scenario.name for scenario in scenarios if scenario.role == "bound"]
    if baseline is not None and bounds:
        # They are neither best nor worst of what is compared.
        options["bounds"] = bounds
    identities = [identity(scenario) for scenario in scenarios]
    return repeated, root, fingerprint(identities, root, repeated, baseline, options)


def _days(scenario: Scenario, baseline: str | None) -> tuple[object, ...]:
    """What scenarios must have in common; policies that are compared the warm-up too."""
    period = scenario.period
    warm_up = None if baseline is None else period.warm_up
    return period.begins, period.ends, warm_up, scenario.timezone


def one_promise(scenarios: Sequence[Scenario], best: str) -> None:
    """Refuse to select by shares that are of different promises.

    Args:
        scenarios: to be compared.
        best: the measure of ``--best``.

    Raises:
        InputError: their promises differ.
    """
    first = scenarios[0]
    for other in scenarios[1:]:
        if other.completion != first.completion:
            raise InputError(
                f"--select by {best}: {other.name} promises something else than {first.name}; give "
                "both the same completion, or select by another measure with --best"
            )

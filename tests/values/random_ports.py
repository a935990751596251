"""Random scenarios: a port of every word with some of its values exchanged for others."""

import random
from typing import Any

from hypothesis import HealthCheck, Phase, settings

from portsim.checking import Scenario, assured
from portsim.errors import ScenarioError
from values.leaves import Pool, leaves, with_value

__all__ = ["exchanged", "few", "right"]

few = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    # A seed has no smaller seed that tells more.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


def exchanged(luck: random.Random, ports: list[Scenario], pool: Pool) -> Any:
    """A scenario with up to four values exchanged, right or wrong together."""
    port: Any = luck.choice(ports)
    for _ in range(luck.randint(0, 4)):
        port = _another(luck, port, pool)
    return port


def right(luck: random.Random, ports: list[Scenario], pool: Pool) -> Any:
    """A scenario with up to six values exchanged that pass all checks together."""
    port: Any = luck.choice(ports)
    for _ in range(luck.randint(0, 6)):
        try:
            port = assured(_another(luck, port, pool))
        except ScenarioError:
            continue
    return port


def _another(luck: random.Random, port: Any, pool: Pool) -> Any:
    leaf = luck.choice([leaf for leaf in leaves(port) if pool.others(leaf)])
    return with_value(port, leaf.where, luck.choice(pool.others(leaf)))

"""What the live page needs to have a day of its own played: the replay's page around no day yet."""

from collections.abc import Collection
from typing import Any

from portsim.replay.day import classes_of
from portsim.replay.layout import port_of
from portsim.replay.page import page_of, words_of
from portsim.results.shown import shown_resolved
from portsim.scenario.model import Scenario
from portsim.scenario.plain import plain
from portsim.wording import LANGUAGES, say, speaking

__all__ = ["DATA", "DAY", "replay_of"]

DAY, DATA = "\u2039day\u203a", "\u2039data\u203a"
"""Stand in the page for the day in words, and for its data."""


def replay_of(scenario: Scenario, visited: Collection[int]) -> dict[str, Any]:
    """Map, places and classes of a port, and the replay's page in each language.

    Args:
        scenario: the port.
        visited: numbers of the stages that some truck visits.
    """
    resolved, names = plain(scenario, {"study": True}), list(scenario.stages)
    port = port_of(resolved, [names[stage] for stage in sorted(visited)])
    ways = {name: str(words.direction) for name, words in sorted(scenario.traffic.classes.items())}
    pages = {}
    for language in LANGUAGES:
        with speaking(language, on_page=True):
            said = shown_resolved(resolved)
            footer = say("One simulated day under the policy of the live page, replication 1.")
            name = say("{port}, as set on the live page", port=scenario.label.said(scenario.name))
            pages[language] = {
                "page": page_of(said, [name], DAY, scenario.timezone, footer, DATA),
                **words_of(said),
            }
    return {
        "other": port.other,
        "map": port.map,
        "portHours": bool(scenario.open_hours),
        "places": [
            {**place, "stage": names.index(place["stage"]), "name": place["stage"]}
            for place in port.places
        ],
        "classes": classes_of(resolved, port, ways),
        "pages": pages,
        "marks": [DAY, DATA],
    }

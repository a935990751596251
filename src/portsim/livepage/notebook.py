"""The live page in a notebook, or in hand to be written."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, TypeVar

from portsim.checking import Spec, read_in
from portsim.errors import InputError
from portsim.livepage.busiest import WEEKS
from portsim.livepage.contents import contents
from portsim.livepage.page import marks_kept, page, write_page
from portsim.livepage.policies import is_state
from portsim.scenario.model import Scenario
from portsim.wording import tongue

S = TypeVar("S", bound=Scenario)

__all__ = ["MOST_POLICIES", "LivePage", "beside", "kept", "live"]

MOST_POLICIES = 3
"""Beside the scenario as it is."""


class LivePage:
    """A live page: shown by a notebook as it is, or written to a file."""

    def __init__(self, name: str, html: str) -> None:
        """Hold the page of a scenario of that name."""
        self.name, self.html = name, html

    def write(self, path: str | Path) -> Path:
        """Write the page, whole or not at all; return its path.

        Raises:
            InputError: there is no such folder.
            OSError: the file cannot be written.
        """
        return write_page(self.html, Path(path))

    def _repr_html_(self) -> str:
        # A page of its own, so that neither its style nor its scripts meet those of the notebook.
        return (
            f'<iframe title="{escape(self.name)}" srcdoc="{escape(self.html)}" '
            'style="width: 100%; height: 48rem; border: 1px solid #c9d1d9"></iframe>'
        )


def beside(base: S, others: Iterable[S]) -> list[S]:
    """The first of some scenarios that can be pinned beside one: states of its page."""
    policies: list[S] = []
    for other in others:
        if len(policies) < MOST_POLICIES and is_state(base, other):
            policies.append(other)
    return policies


def kept(
    base: Scenario,
    policies: Sequence[Scenario],
    sources: Iterable[Mapping[str, Any]],
    replications: int | None = None,
) -> LivePage:
    """The page of a scenario that a result folder keeps, as `live` makes it of one in a file.

    Args:
        base: the port.
        policies: pinned beside it.
        sources: where its values come from, as a manifest keeps them.
        replications: as for `live`.

    Raises:
        InputError: the page cannot carry it.
    """
    made = contents(base, weeks=WEEKS, replications=replications)
    html = page(made, tongue().language, "", policies, marks_kept(sources))
    return LivePage(base.label.said(base.name), html)


def live(
    scenario: Spec,
    *policies: Spec,
    weeks: int | None = WEEKS,
    replications: int | None = None,
    language: str | None = None,
    file: str = "",
) -> LivePage:
    """The page in which hours, staff and demand can be moved, and the port answers.

    Args:
        scenario: the port; a scenario, the path of its file, or a stack of overlays.
        policies: pinned beside it, at most three; they may differ in what can be moved.
        weeks: so many of its busiest weeks are shown; the whole period if None.
        replications: how many are in the page; as many of the scenario's as make a page of 6 MB
            if None.
        language: one of `portsim.languages.LANGUAGES`, for a start; that being spoken if None.
        file: name of the file which an overlay saved from the page extends; that of the scenario
            if left out.

    Raises:
        ScenarioError: a scenario has faults.
        InputError: the page cannot carry the scenario, or a policy differs in what cannot be moved.
    """
    if len(policies) > MOST_POLICIES:
        msg = f"{len(policies)} policies for a live page; expected at most {MOST_POLICIES}"
        raise InputError(msg)
    base, *others = read_in(scenario, *policies)
    if isinstance(scenario, str | Path) and not file:
        file = Path(str(scenario).rpartition("+")[2]).name
    made = contents(base, weeks=weeks, replications=replications)
    return LivePage(
        base.label.said(base.name), page(made, language or tongue().language, file, others)
    )

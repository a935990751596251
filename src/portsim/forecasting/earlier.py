"""How good earlier forecasts of the port were, for the next one to say.

Nothing is scored here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from portsim.errors import InputError
from portsim.results import read_record
from portsim.results.study_kinds import KINDS, kind_of
from portsim.scenario.identity import identity
from portsim.scenario.model import Scenario

__all__ = ["KIND", "Earlier", "earlier_in"]

KIND = "scores"


@dataclass(frozen=True, eq=False, slots=True)
class Earlier:
    """What is known of earlier forecasts.

    Attributes:
        facts: the ``study`` of their manifest, and ``same``, whether they were of this very port.
        tables: those of their record.
    """

    facts: dict[str, Any]
    tables: Mapping[str, pd.DataFrame]


def earlier_in(folder: str | Path, scenario: Scenario) -> Earlier:
    """Read the scores of earlier forecasts of a port.

    Raises:
        InputError: the folder holds no scores, or those of another port.
    """
    record = read_record(folder)
    made = record.manifest
    kind_of(made, str(folder), KIND)
    if made.scenarios[0].name != scenario.name:
        raise InputError(
            f"{folder}: found scores of {made.scenarios[0].name}; expected those of "
            f"{scenario.name}\n    hint: make them with --score"
        )
    tables = {table.name: record.tables[table.name] for table in KINDS[KIND].tables}
    return Earlier({**made.study, "same": made.study["scenario"] == identity(scenario)}, tables)

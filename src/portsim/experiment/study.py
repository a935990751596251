"""A study: what came of scenarios times replications, as frames that print well."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from html import escape
from pathlib import Path

import pandas as pd

from portsim.experiment.writing import write_folder
from portsim.figures.painters import Painters
from portsim.results import Manifest, write_results
from portsim.results.headline import headline, remarks

__all__ = ["Study"]


@dataclass(frozen=True, eq=False, slots=True)
class Study:
    """The outcome of `portsim.run` or `portsim.compare`.

    Attributes:
        manifest: scenarios, seed, versions and when it was run.
        summary: the columns of summary.csv.
        replications: the columns of replications.parquet, and note; text as categoricals.
        comparison: the columns of comparison.csv; None for a single scenario.
        curves: the columns of curves.parquet.
        logs: frames `trucks` and `visits`, if asked for.
        observed: the columns of observed.csv; None if no scenario names published figures.
        journal: where the finished runs were kept; removed once the study is written beside it.
    """

    manifest: Manifest
    summary: pd.DataFrame
    replications: pd.DataFrame
    comparison: pd.DataFrame | None
    curves: pd.DataFrame
    logs: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    journal: Path | None = None
    observed: pd.DataFrame | None = None

    @property
    def table(self) -> pd.DataFrame:
        """The headline figures, a row a scenario, with intervals and differences as text."""
        return headline(self.summary, self.comparison, self.manifest)

    def write(
        self, folder: str | Path, *, force: bool = False, figures: bool | Painters = True
    ) -> list[Path]:
        """Write the result folder.

        Args:
            folder: where to; made if it does not exist.
            force: also over a folder that was made from other inputs.
            figures: draw the pictures and write the page ``report.html`` too; painters help.

        Returns:
            The files written.

        Raises:
            InputError: the folder holds something else; nothing was written.
        """
        put = partial(
            write_results,
            manifest=self.manifest,
            summary=self.summary,
            replications=self.replications,
            comparison=self.comparison,
            curves=self.curves,
            logs=self.logs or None,
            observed=self.observed,
            remarks=self._remarks(),
        )
        return write_folder(
            folder,
            self.manifest,
            put,
            journal=self.journal,
            force=force,
            draw=figures,
            page=True,
        )

    def _remarks(self) -> list[str]:
        return remarks(self.summary, self.manifest, self.comparison)

    def __str__(self) -> str:
        return "\n".join([self.table.to_string(), *self._remarks()])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        notes = "".join(f"<p>{escape(text)}</p>" for text in self._remarks())
        return str(self.table.to_html()) + notes

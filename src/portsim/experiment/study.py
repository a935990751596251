"""A study of any kind: its record, as frames that print well, and its result folder."""

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from portsim.errors import InputError
from portsim.experiment.journal_file import remove
from portsim.figures.painters import Painters
from portsim.results import (
    Manifest,
    Record,
    call_unfinished,
    check_folder,
    read_record,
    write_record,
)
from portsim.results.assumptions import sensitivity_sentences
from portsim.results.cheapest import cheapest_sentences, search_sentences
from portsim.results.check import check_sentences
from portsim.results.folder import WORKBOOK
from portsim.results.forecast import forecast_sentences
from portsim.results.headline_table import columns, headline, remarks
from portsim.results.manifest import counted
from portsim.results.optimise import winner
from portsim.results.roster import roster_sentences
from portsim.results.roster_workbook import roster_files
from portsim.results.scores import score_sentences
from portsim.results.shown import shown
from portsim.results.study_kinds import KINDS
from portsim.results.sweep import varied
from portsim.results.uncertainty import drawing_sentences, uncertainty_sentences
from portsim.results.warmup import warm_up_sentences
from portsim.results.workbook import to_xlsx
from portsim.results.worth import worth_sentences

if TYPE_CHECKING:
    from portsim.figures.plot import Plot
    from portsim.livepage import LivePage

__all__ = ["Study", "read"]

_SHOWN_ROWS = 20
_NAMED = 4
_ESTIMATE = ["mean", "ci_low", "ci_high"]
_MANY = 3
"""Policies from which on painters are worth their start."""


class Study:
    """The outcome of a study: of `portsim.run` and `portsim.compare`, or of any other kind.

    Attributes:
        record: manifest and tables, see docs/reference/result-folder.md.
        journal: where the finished runs were kept; removed once the study is written beside it.
    """

    def __init__(self, record: Record, journal: Path | None = None) -> None:
        """Hold a record."""
        self.record, self.journal = record, journal

    @property
    def manifest(self) -> Manifest:
        """Scenarios, seed, versions, what was asked and when it was run."""
        return self.record.manifest

    @property
    def table(self) -> pd.DataFrame:
        """The main table: headline figures as text, a row a scenario; of other kinds their own."""
        if self.manifest.kind:
            return self._needed(KINDS[self.manifest.kind].tables[0].name)
        view = self.shown
        return headline(view.summary, view.comparison, view.manifest)

    @property
    def shown(self) -> "Study":
        """The same with policies, stages, classes and sides called by their labels in the language
        being spoken, for people; `record` has the names that commands and files have.
        """
        return Study(shown(self.record), self.journal)

    @property
    def summary(self) -> pd.DataFrame:
        """The columns of summary.csv."""
        return self._needed("summary")

    @property
    def replications(self) -> pd.DataFrame:
        """The figures of each replication, as in replications.parquet; of a sweep by point."""
        return self._needed("replications")

    @property
    def comparison(self) -> pd.DataFrame | None:
        """The columns of comparison.csv; None if nothing was compared."""
        return self.record.tables.get("comparison")

    @property
    def curves(self) -> pd.DataFrame:
        """The columns of curves.parquet."""
        return self._needed("curves")

    @property
    def observed(self) -> pd.DataFrame | None:
        """The columns of observed.csv; None if no scenario names published figures."""
        return self.record.tables.get("observed")

    @property
    def uncertainty(self) -> pd.DataFrame | None:
        """The columns of uncertainty.csv, of a sweep by point; None if no inputs were drawn."""
        return self.record.tables.get("uncertainty")

    @property
    def drawn_inputs(self) -> pd.DataFrame | None:
        """The drawn inputs, as in drawn_inputs.csv; None if none were drawn."""
        return self.record.tables.get("drawn_inputs")

    @property
    def trucks(self) -> pd.DataFrame | None:
        """The log, a row a truck; of a forecast when each is out; None if it was not kept."""
        return self.record.tables.get("trucks")

    @property
    def visits(self) -> pd.DataFrame | None:
        """The log, a row a visit of a truck to a stage; None if it was not kept."""
        return self.record.tables.get("visits")

    @property
    def hours(self) -> pd.DataFrame | None:
        """When port and stages were open in the log; None if it was not kept."""
        return self.record.tables.get("hours")

    @property
    def frontier(self) -> pd.DataFrame | None:
        """Of a sweep the columns of frontier.csv; None if nothing was required."""
        return self.record.tables.get("frontier")

    @property
    def proof(self) -> pd.DataFrame:
        """Of a search the columns of proof.csv."""
        return self._needed("proof")

    @property
    def saved(self) -> pd.DataFrame | None:
        """Of a forecast the columns of saved.csv; None if there are no other policies."""
        return self.record.tables.get("saved")

    @property
    def calibration(self) -> pd.DataFrame | None:
        """Of scores, and of a forecast that knows of some, the columns of calibration.csv."""
        return self.record.tables.get("calibration")

    @property
    def scores(self) -> pd.DataFrame | None:
        """Of scores, and of a forecast that knows of some, the columns of scores.csv."""
        return self.record.tables.get("scores")

    @property
    def inside(self) -> pd.DataFrame:
        """Of a warm-up study the trucks inside by hour and start, of warmup_inside.parquet."""
        return self._needed("inside")

    @property
    def paths(self) -> list[str]:
        """Of a sweep or a search the varied paths, each a column of its tables."""
        return list(varied(self.manifest.study)) if "paths" in self.manifest.study else []

    @property
    def winner(self) -> dict[str, object] | None:
        """Of a search the values of the proven winner by path; None if none was proven."""
        return winner(self.manifest.study) if self.manifest.kind == "optimise" else None

    @property
    def recommended(self) -> int | None:
        """Of a warm-up study the shortest warm-up that is long enough, weeks; None if none is."""
        weeks = self.manifest.study.get("recommended_weeks")
        return None if weeks is None else int(weeks)

    @property
    def steady(self) -> bool:
        """Of a warm-up study whether nothing speaks against a steady state."""
        return bool(self.manifest.study.get("steady"))

    @property
    def headline(self) -> pd.DataFrame:
        """The headline figures as numbers: a row a scenario.

        Columns are pairs of measure and ``mean``, ``ci_low``, ``ci_high``: float64 in the unit of
        the measure, NaN where there is none; shares are 0 to 1. `summary` notes which means are
        only bounds.
        """
        port = self.summary[(self.summary["truck_class"] == "all") & (self.summary["place"] == "")]
        measures = list(columns(self.summary, self.manifest))
        numbers = port.pivot(index="scenario", columns="measure", values=_ESTIMATE)
        named = numbers.swaplevel(axis="columns").reindex(
            index=[entry.name for entry in self.manifest.scenarios],
            columns=pd.MultiIndex.from_product([measures, _ESTIMATE], names=["measure", ""]),
        )
        return named.astype("float64")

    @property
    def plot(self) -> "Plot":
        """Every picture of the study, in memory: ``study.plot.queue()``, also on given axes."""
        from portsim.figures.plot import Plot  # noqa: PLC0415 - matplotlib is slow to load

        return Plot(self.record)

    def live(
        self, name: str | None = None, *, folder: str | Path = ".", replications: int | None = None
    ) -> "LivePage":
        """A page in which hours, staff and demand of a scenario can be moved: `portsim.live`.

        Args:
            name: of which scenario; the first, if None.
            folder: attached files are named relative to it.
            replications: as for `portsim.live`.

        Returns:
            The page, which a notebook shows. Up to three of the study's other scenarios are pinned
            beside it, the first that differ in nothing but what can be moved.

        Raises:
            InputError: there is no such scenario, or the page cannot carry it.
            ScenarioError: a file that it names is not there.
        """
        from portsim.checking import Scenario  # noqa: PLC0415 - who reads a folder needs no engine
        from portsim.livepage import beside, kept  # noqa: PLC0415

        known = {entry.name: entry for entry in self.manifest.scenarios}
        chosen = next(iter(known)) if name is None else name
        if chosen not in known:
            msg = f"no scenario {chosen} in this study; it has {', '.join(known)}"
            raise InputError(msg)
        ports = {
            each: Scenario.from_dict({**entry.resolved, "name": each}, folder=folder)
            for each, entry in known.items()
        }
        base = ports.pop(chosen)
        others = beside(base, ports.values())
        return kept(base, others, known[chosen].sources, replications)

    @property
    def sentences(self) -> list[str]:
        """What came of it, in words."""
        return self.shown._sentences

    @property
    def _sentences(self) -> list[str]:
        made = self.manifest
        facts = made.study
        sentences: Mapping[str, Callable[[], list[str]]] = {
            "": self._remarks,
            "warmup": lambda: warm_up_sentences(facts, self.table, made.scenarios[0].overload),
            "sensitivity": lambda: sensitivity_sentences(self.table, str(facts["method"])),
            "check": lambda: check_sentences(facts),
            "forecast": lambda: forecast_sentences(facts, self.scores),
            "scores": lambda: score_sentences(facts, self.table),
            "optimise": lambda: search_sentences(made, self.table, self.proof),
            "roster": lambda: roster_sentences(made, self.record.tables["promise"]),
            "sweep": self._points,
            "worth": lambda: worth_sentences(facts, self.table),
        }
        return sentences[made.kind]()

    def _remarks(self) -> list[str]:
        texts = remarks(self.summary, self.manifest, self.comparison)
        if self.uncertainty is not None:
            texts += uncertainty_sentences(self.manifest, self.uncertainty)
        return texts

    def _points(self) -> list[str]:
        ranked, drawn = self.frontier, self.uncertainty
        return [
            *([] if ranked is None else cheapest_sentences(self.manifest, ranked)),
            *([] if drawn is None else drawing_sentences(self.manifest, drawn)),
        ]

    def write(
        self, folder: str | Path, *, force: bool = False, figures: "bool | Painters" = True
    ) -> list[Path]:
        """Write the result folder.

        Args:
            folder: where to; made if it does not exist.
            force: also over a folder that was made from other inputs.
            figures: draw the pictures and write the page ``report.html`` too; painters help.

        Returns:
            The files of the folder.

        Raises:
            InputError: the folder holds something else; nothing was written.
            OSError: a picture could not be written, say on a full disk: the folder then counts as
                unfinished, and its tables stand.
        """
        path, made = Path(folder), self.manifest
        check_folder(path, made.fingerprint, force)
        more = {}
        if not made.kind:
            view = self.shown
            more[WORKBOOK] = to_xlsx(
                view.manifest, view.summary, view.comparison, view.sentences, view.uncertainty
            )
        elif made.kind == "roster":
            view = self.shown
            more |= roster_files(view.manifest, view.record.tables)
        write_record(path, self.record, more)
        try:
            if isinstance(figures, Painters):
                self._draw(path, figures)
            elif figures:
                # A few painters are ready sooner than the pictures of many policies are drawn.
                beside = not made.kind and len(made.scenarios) >= _MANY
                with Painters.beside() if beside else Painters() as painters:
                    self._draw(path, painters)
        except OSError:
            # Without its pictures the folder is not whole; the journal is kept for the same call.
            call_unfinished(path)
            raise
        # Last of all: until then, the same call need not run anything again.
        if self.journal is not None and self.journal.parent.resolve() == path.resolve():
            remove(self.journal)
        return sorted(file for file in path.rglob("*") if file.is_file())

    def _draw(self, folder: Path, painters: Painters) -> None:
        from portsim.figures import draw_all  # noqa: PLC0415 - matplotlib is slow to load
        from portsim.report import (  # noqa: PLC0415
            write_check_pages,
            write_forecast_pages,
            write_report,
            write_roster_pages,
        )

        # As it would be read back: names in a manifest stand in the order of the alphabet.
        again = Manifest.from_bytes(self.manifest.to_bytes(), str(folder))
        record = Record(again, self.record.tables, folder)
        draw_all(record, folder, painters)
        if not again.kind:
            write_report(record, folder, painters=painters)
        elif again.kind == "check":
            write_check_pages(record, folder)
        elif again.kind == "forecast":
            write_forecast_pages(record, folder)
        elif again.kind == "roster":
            write_roster_pages(record, folder)

    def _needed(self, name: str) -> pd.DataFrame:
        if name not in self.record.tables:
            called = KINDS[self.manifest.kind].called
            there = ", ".join(self.record.tables)
            raise AttributeError(f"{called}: has no table {name}; there are {there}")
        return self.record.tables[name]

    def __str__(self) -> str:
        if self.manifest.kind:
            text = f"{self.record}\n{self.table.to_string(max_rows=_SHOWN_ROWS)}"
        else:
            text = self.table.to_string()
        return "\n".join([text, *self.sentences])

    def __repr__(self) -> str:
        names = [entry.name for entry in self.manifest.scenarios]
        shown = ", ".join(names[:_NAMED]) + f" and {len(names) - _NAMED} more" * (
            len(names) > _NAMED
        )
        kind = "Study" if not self.manifest.kind else f"Study of kind {self.manifest.kind}"
        return f"<{kind}: {shown}; {counted(self.manifest)}>"

    def _repr_html_(self) -> str:
        notes = "".join(f"<p>{escape(text)}</p>" for text in self.sentences)
        return str(self.table.to_html(max_rows=_SHOWN_ROWS)) + notes


def read(folder: str | Path) -> Study:
    """Read the result folder of a study of any kind.

    Raises:
        InputError: there is no such folder, it is no result folder, was not finished, lacks a
            file, is damaged, or was written by a newer portsim.
    """
    return Study(read_record(folder))

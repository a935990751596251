"""What the repository keeps of a result folder: what its pictures, its page and the tests need.

    python claims/kept.py results/bakhtu results/mutual-trade-2024

Takes the rest out of the tables in the folders themselves and draws their pictures and their page
again from what is left; `portsim compare` and `portsim run` write all of it. Kept are

- of summary.csv the rows of all trucks, and of each class what holds for the whole port;
- of comparison.csv what holds for the whole port, of all trucks and of each direction;
- of replications.parquet the first one, and of the others what holds for the whole port and all
  trucks;
- of curves.parquet those of all trucks in the whole port, and of the baseline who is needed when;
  numbers of trucks to a thousandth of the most that are inside at once: a whole truck at Bakhtu.
"""

import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image, PngImagePlugin

from portsim.figures import draw_all
from portsim.figures.painters import Painters
from portsim.figures.study import Study
from portsim.report import write_report
from portsim.results import Record, read_record, write_record
from portsim.results.folder import WORKBOOK
from portsim.results.headline_table import remarks
from portsim.results.shown import shown
from portsim.results.workbook import to_xlsx

VALUES = ["mean", "q05", "q25", "q50", "q75", "q95"]
NEEDED = ("week_work", "week_work_most", "week_rostered")
COUNTS = ("queue", "inside", "arrivals", "releases", "diverted", "given_up")


def keep(folder: Path) -> None:
    """Lighten one folder."""
    found = read_record(folder, "")
    tables = dict(found.tables)
    comparison = tables.get("comparison")
    if comparison is not None:
        directions = {"all", *Study(found).directions}
        of_all = comparison["truck_class"].eq("all")
        port = comparison["place"].eq("") & comparison["truck_class"].isin(directions)
        comparison = comparison[port & (of_all | ~_parted(comparison))].reset_index(drop=True)
        tables["comparison"] = comparison
    summary, runs = tables["summary"], tables["replications"]
    of_all, port = summary["truck_class"].eq("all"), summary["place"].eq("")
    first = runs["replication"].eq(1)
    whole = runs["place"].eq("") & runs["truck_class"].eq("all") & ~_parted(runs)
    summary = summary[of_all | (port & ~_parted(summary))].reset_index(drop=True)
    tables |= {
        "summary": summary,
        "replications": runs[first | whole].reset_index(drop=True),
        "curves": _curves(tables["curves"], found.manifest.baseline),
    }
    made = Record(found.manifest, tables, folder)
    view = shown(made)
    seen = view.tables["summary"], view.tables.get("comparison")
    said = remarks(seen[0], view.manifest, seen[1])
    write_record(folder, made, {WORKBOOK: to_xlsx(view.manifest, *seen, said)})
    with Painters.beside() as painters:
        draw_all(made, folder, painters)
        write_report(made, folder, painters=painters)
    for file in folder.glob("figures/*.png"):
        _packed_well(file)


def _packed_well(file: Path) -> None:
    """Pack an image as small as it goes, which takes longer than who plots it would like."""
    with Image.open(file) as image:
        about = PngImagePlugin.PngInfo()
        for word, text in image.info.items():
            if isinstance(text, str):
                about.add_text(word, text)
        image.save(file, optimize=True, pnginfo=about, dpi=image.info["dpi"])


def _parted(table: pd.DataFrame) -> "pd.Series[bool]":
    """Rows of a month or a cause."""
    return table["measure"].astype(str).str.contains("[", regex=False)


def _curves(curves: pd.DataFrame, baseline: str | None) -> pd.DataFrame:
    base = curves["scenario"].iloc[0] if baseline is None else baseline
    needed = curves["curve"].isin(NEEDED) & curves["scenario"].eq(base)
    whole = curves["truck_class"].eq("all") & curves["place"].eq("")
    kept = curves[whole | needed].reset_index(drop=True)
    most = kept.loc[kept["curve"].eq("inside"), VALUES].to_numpy().max()
    # One step for all: gaps between what came and what left are the trucks inside.
    digits = 3 - math.floor(math.log10(most))
    counts = kept["curve"].isin(COUNTS)
    for value in VALUES:
        kept[value] = kept[value].where(~counts, kept[value].astype(float).round(digits))
        kept[value] = kept[value].astype(np.float32)
    texts = list(kept.select_dtypes("category"))
    kept[texts] = kept[texts].apply(lambda column: column.cat.remove_unused_categories())
    return kept


if __name__ == "__main__":
    for name in sys.argv[1:]:
        keep(Path(name))

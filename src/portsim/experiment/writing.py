"""Writing what came of a study of any kind: the folder, its pictures, and then the journal goes.

Which files a kind of study has may not enter.
"""

from collections.abc import Callable
from pathlib import Path

from portsim.experiment.journal import remove
from portsim.results import Manifest, call_unfinished, check_folder

__all__ = ["write_folder"]


def write_folder(
    folder: str | Path,
    manifest: Manifest,
    put: Callable[[Path], None],
    *,
    journal: Path | None,
    force: bool,
    draw: bool,
    page: bool = False,
) -> list[Path]:
    """Write a result folder.

    Args:
        folder: where to; made if it does not exist.
        manifest: whose inputs the folder must have been made from, if it holds something.
        put: writes tables and manifest into the folder, whole or not at all.
        journal: where the finished runs were kept; removed if it lies in the folder.
        force: also over a folder that was made from other inputs.
        draw: draw the pictures too.
        page: and write the page ``report.html``.

    Returns:
        The files of the folder.

    Raises:
        InputError: the folder holds something else; nothing was written.
        OSError: a picture could not be written, say on a full disk: the folder then counts as
            unfinished, and its tables stand.
    """
    path = Path(folder)
    check_folder(path, manifest.fingerprint, force)
    put(path)
    try:
        if draw:
            from portsim.figures import draw_all  # noqa: PLC0415 - matplotlib is slow to load

            draw_all(path)
        if draw and page:
            from portsim.report import write_report  # noqa: PLC0415

            write_report(path)
    except OSError:
        # Without its pictures the folder is not whole; the journal is kept for the same call.
        call_unfinished(path)
        raise
    # Last of all: until then, the same call need not run anything again.
    if journal is not None and journal.parent.resolve() == path.resolve():
        remove(journal)
    return sorted(file for file in path.rglob("*") if file.is_file())

"""Writing what came of a study of any kind: the folder, its pictures, and then the journal goes.

Which files a kind of study has may not enter.
"""

from collections.abc import Callable
from pathlib import Path

from portsim.experiment.journal import remove
from portsim.figures.painters import Painters
from portsim.results import Manifest, ResultFolder, call_unfinished, check_folder

__all__ = ["write_folder"]

_MANY = 3
"""Pictures of so many policies take longer than a painter to get ready."""


def write_folder(
    folder: str | Path,
    manifest: Manifest,
    put: Callable[[Path], ResultFolder | None],
    *,
    journal: Path | None,
    force: bool,
    draw: bool | Painters,
    page: bool = False,
) -> list[Path]:
    """Write a result folder.

    Args:
        folder: where to; made if it does not exist.
        manifest: whose inputs the folder must have been made from, if it holds something.
        put: writes tables and manifest into the folder, whole or not at all; what it gives is
            drawn from, else the folder is read.
        journal: where the finished runs were kept; removed if it lies in the folder.
        force: also over a folder that was made from other inputs.
        draw: draw the pictures too; painters that are at work already help.
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
    written = put(path)
    try:
        if draw:
            _draw(written or path, draw, len(manifest.scenarios), page)
    except OSError:
        # Without its pictures the folder is not whole; the journal is kept for the same call.
        call_unfinished(path)
        raise
    # Last of all: until then, the same call need not run anything again.
    if journal is not None and journal.parent.resolve() == path.resolve():
        remove(journal)
    return sorted(file for file in path.rglob("*") if file.is_file())


def _draw(source: Path | ResultFolder, draw: bool | Painters, policies: int, page: bool) -> None:
    # Matplotlib is slow to load.
    from portsim.figures import draw_all  # noqa: PLC0415

    if isinstance(draw, bool):
        with Painters.beside() if page and policies >= _MANY else Painters() as painters:
            _draw(source, painters, policies, page)
        return
    draw_all(source, draw)
    if page:
        from portsim.report import write_report  # noqa: PLC0415

        write_report(source, painters=draw)

"""A first scenario for a newcomer: a commented file that validates and runs in seconds."""

from importlib import resources
from pathlib import Path

from portsim.errors import InputError
from portsim.results import atomic_write

__all__ = ["make_starter"]


def make_starter(folder: Path) -> list[Path]:
    """Write the starter scenario into a new or empty folder.

    Raises:
        InputError: the folder holds files already; nothing was written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} exists and is not empty; name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for source in sorted(resources.files("portsim.starter").iterdir(), key=lambda s: s.name):
        if source.name.endswith(".yaml"):
            atomic_write(folder / source.name, source.read_bytes())
            written.append(folder / source.name)
    return written

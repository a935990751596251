"""First files for a newcomer: a commented scenario, a policy, a gate log, a schema for editors."""

import json
from importlib import resources
from pathlib import Path

from portsim.errors import InputError
from portsim.results import atomic_write
from portsim.scenario.schema import json_schema

__all__ = ["make_starter", "schema_text"]


def make_starter(folder: Path) -> list[Path]:
    """Write the starter files into a new or empty folder.

    Raises:
        InputError: the folder holds files already; nothing was written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} exists and is not empty; name a new folder")
    files = {
        source.name: source.read_bytes()
        for source in resources.files("portsim.starter").iterdir()
        if source.name.endswith((".yaml", ".csv"))
    }
    files["scenario.schema.json"] = (schema_text() + "\n").encode()
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        atomic_write(folder / name, data)
    return [folder / name for name in sorted(files)]


def schema_text() -> str:
    """The JSON Schema of a scenario as text, for editors."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False)

"""The room of results: finished tables in, a result folder out, and the way back.

Nothing is computed here: no plan, no log arithmetic and no statistics may enter, and no picture.
"""

from portsim.results.folder import (
    ResultFolder,
    atomic_write,
    check_folder,
    read_manifest,
    read_results,
    write_files,
    write_results,
)
from portsim.results.manifest import (
    Audit,
    Manifest,
    Run,
    ScenarioEntry,
    code_digest,
    fingerprint,
    scenario_hash,
    versions,
)
from portsim.results.sweep import SweepFolder, read_sweep

__all__ = [
    "Audit",
    "Manifest",
    "ResultFolder",
    "Run",
    "ScenarioEntry",
    "SweepFolder",
    "atomic_write",
    "check_folder",
    "code_digest",
    "fingerprint",
    "read_manifest",
    "read_results",
    "read_sweep",
    "scenario_hash",
    "versions",
    "write_files",
    "write_results",
]

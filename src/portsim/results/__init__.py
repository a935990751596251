"""The room of results: finished tables in, a result folder out, and the way back.

Nothing is computed here: no plan, no log arithmetic and no statistics may enter, and no picture.
"""

from portsim.results.folder import (
    ResultFolder,
    atomic_write,
    call_unfinished,
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
    digest,
    fingerprint,
    versions,
)
from portsim.results.optimise import OptimiseFolder, read_optimise
from portsim.results.sweep import SweepFolder, read_sweep
from portsim.results.warmup import WarmUpFolder, read_warmup

__all__ = [
    "Audit",
    "Manifest",
    "OptimiseFolder",
    "ResultFolder",
    "Run",
    "ScenarioEntry",
    "SweepFolder",
    "WarmUpFolder",
    "atomic_write",
    "call_unfinished",
    "check_folder",
    "code_digest",
    "digest",
    "fingerprint",
    "read_manifest",
    "read_optimise",
    "read_results",
    "read_sweep",
    "read_warmup",
    "versions",
    "write_files",
    "write_results",
]

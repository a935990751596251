"""The room of results: finished tables in, a result folder out, and the way back.

Nothing is computed here: no plan, no log arithmetic and no statistics may enter, and no picture.
"""

from portsim.results.folder import (
    atomic_write,
    call_unfinished,
    check_folder,
    check_writable,
    erase,
    read_manifest,
)
from portsim.results.manifest import (
    Audit,
    Manifest,
    Run,
    ScenarioEntry,
    Stopwatch,
    code_digest,
    digest,
    fingerprint,
    versions,
)
from portsim.results.record import Record, read_record, write_record

__all__ = [
    "Audit",
    "Manifest",
    "Record",
    "Run",
    "ScenarioEntry",
    "Stopwatch",
    "atomic_write",
    "call_unfinished",
    "check_folder",
    "check_writable",
    "code_digest",
    "digest",
    "erase",
    "fingerprint",
    "read_manifest",
    "read_record",
    "versions",
    "write_record",
]

"""The log of a simulated port as portsim exports it."""

from pathlib import Path
from unittest import mock

import portsim
from portsim.experiment import conduct
from typed import typed


def exported(folder: Path, text: str) -> Path:
    """The log of one replication of a scenario, as CSV.

    In: an empty folder, which keeps port.yaml, its results and log.csv; and the scenario.
    """
    (folder / "port.yaml").write_text(text)
    with mock.patch.object(conduct, "_wants_capacity", return_value=False):
        study = portsim.run(folder / "port.yaml", jobs=1, logs="first", audit="none")
    study.write(folder / "results", figures=False)
    ended = typed("export", "results", "--format", "csv", "--out", "log.csv", cwd=folder)
    assert ended.returncode == 0, ended.stderr
    return folder / "log.csv"

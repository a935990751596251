"""Small logs of which the answer is known by hand."""

import pytest

from portsim.errors import ScenarioError
from portsim.gatelog import read_log


@pytest.fixture
def read(tmp_path):
    """Reads a log from text or bytes, or several from a dictionary."""

    def reading(content, name="gate.csv", **words):
        files = content if isinstance(content, dict) else {name: content}
        paths = []
        for each, inside in files.items():
            path = tmp_path / each
            path.write_bytes(inside if isinstance(inside, bytes) else inside.encode())
            paths.append(path)
        return read_log(paths, **words)

    return reading


@pytest.fixture
def refused(read):
    """Faults of a log: code, line, found, expected, hint."""

    def of(content, name="gate.csv", **words):
        with pytest.raises(ScenarioError) as caught:
            read(content, name, **words)
        return [(f.code, f.line, f.found, f.expected, f.hint) for f in caught.value.faults]

    return of

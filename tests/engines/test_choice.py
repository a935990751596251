"""Choosing an engine: what is said where the compiled one cannot be loaded."""

import pytest

from portsim.engines import compiled
from portsim.engines.choice import choose


@pytest.mark.parametrize(
    ("error", "mends"),
    [
        (RuntimeError("cannot cache function '_run': no locator available for file 'x.py'"), True),
        (PermissionError(13, "Permission denied", "/x/__pycache__"), True),
        (ValueError("something else"), False),
    ],
)
def test_simpy_runs_in_its_place_and_what_mends_it_is_said(monkeypatch, error, mends):
    def fail(plan):
        raise error

    monkeypatch.setattr(compiled, "run", fail)
    said = []
    assert choose("compiled", said.append) == "simpy"
    assert "SimPy runs in its place" in said[-1]
    assert ("NUMBA_CACHE_DIR" in said[-1]) is mends

"""Random right scenarios over the whole language: what the checks pass runs, in both engines."""

from collections import Counter

import pytest

import any_port
from thorough import cases


@pytest.mark.parametrize("first", range(0, cases(30, 60), 15))
def test_what_passes_the_checks_runs_alike_in_both_engines(tmp_path, first):
    """As proof/hostile.py does with far more of them."""
    counts: Counter[str] = Counter()
    for seed in range(first, first + 15):
        file = any_port.write(seed, tmp_path)
        try:
            counts[any_port.outcome(file, whole=seed == first)] += 1
        except Exception as error:
            pytest.fail(f"port {seed}: {error!r}")
    assert counts["run"] >= 8

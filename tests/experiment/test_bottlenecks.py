"""The short form of proof/bottlenecks.py: one more of what is named raises the capacity."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "proof"))

import bottlenecks

SEARCHES = True


def test_one_more_of_the_named_bottleneck_raises_the_capacity_and_of_others_hardly(tmp_path):
    found = list(bottlenecks.judged(4, 5, tmp_path))
    assert all(one.named for one in found)
    assert not any(one.other for one in found)
    assert sum(bool(one.elsewhere) for one in found) >= 2
    page = bottlenecks.page(found, 5)
    assert "| of the named bottleneck | 4 | 4 (" in page

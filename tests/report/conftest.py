"""Folders the tests of the page read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from folders import Means, cut, write
from portsim.figures.study import Study
from portsim.report.facts import Facts
from portsim.results import read_record


@pytest.fixture
def facts_of(tmp_path: Path) -> Callable[..., Facts]:
    """What a page asks of a made-up folder."""

    def made(means: Means, **others: Any) -> Facts:
        path = tmp_path / f"made-{len(list(tmp_path.iterdir()))}"
        return Facts(Study(read_record(write(path, means, **others))))

    return made


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real results, cut to the hours of 2026 and 7x12."""
    return cut(tmp_path_factory.mktemp("two") / "two", ["hours-2026", "hours-7x12"])

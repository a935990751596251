"""Every engine lives through the same days."""

from collections.abc import Callable

import pytest

from plans import Day, story
from portsim.engines import ENGINES, Log, engine
from portsim.plan.contract import Plan


@pytest.fixture(scope="session", params=ENGINES)
def run(request: pytest.FixtureRequest) -> Callable[[Plan], Log]:
    """An engine, by its one function."""
    return engine(request.param)


@pytest.fixture
def told(run: Callable[[Plan], Log]) -> Callable[[Day], list[str]]:
    """Runs a day and tells what became of each truck, in clock times."""

    def tell(day: Day) -> list[str]:
        plan = day.plan()
        return story(plan, run(plan))

    return tell

"""engine.wasm is the compiled engine: made from it as it stands, and of one mind with it."""

import json
from importlib import resources
from random import Random

import pytest

from live.wasm_engine import WasmLoop
from plans import Day, Stage
from plans_strategy import random_day
from portsim.checking import load
from portsim.demand import draw
from portsim.engines import compiled
from portsim.engines.log import Log
from portsim.livepage.engine import ORIGIN, code, origin
from portsim.plan import Plan, build

PLANS = 250


@pytest.fixture(scope="module")
def in_wasm() -> WasmLoop:
    return WasmLoop()


def told(loop: WasmLoop, plan: Plan) -> Log:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "simulate", loop)
        return compiled.run(plan)


def test_it_was_made_from_the_loop_as_it_stands():
    """The sources and the file itself: who changes one has to make the other.

    `make wasm-check` makes it once more, which takes two minutes, and compares every byte.
    """
    said = json.loads(ORIGIN.read_text("utf-8"))
    assert {**said, **origin(code())} == said, (
        "portsim/engines/compiled has changed, and engine.wasm is still that of before: run "
        "`make wasm` and commit src/portsim/live/engine.wasm and engine.json"
    )


def test_logs_of_random_days_are_those_of_the_compiled_engine(in_wasm: WasmLoop):
    """Plans that reach every rule: papers, ways, convoys, breakdowns, queues that open servers."""
    for number in range(PLANS):
        plan = random_day(Random(number)).plan()
        assert told(in_wasm, plan) == compiled.run(plan), f"random day {number}"


def test_the_log_of_a_shipped_port_is_that_of_the_compiled_engine(in_wasm: WasmLoop):
    starter = resources.files("portsim.starter") / "port.yaml"
    with resources.as_file(starter) as file:
        scenario = load(file)
    plan = build(scenario, draw(scenario, 7, 1).at(scenario))
    log = told(in_wasm, plan)
    assert log == compiled.run(plan)
    assert (log.finished >= 0).sum() > 3000


def test_a_day_without_a_truck_is_a_log_without_a_line(in_wasm: WasmLoop):
    plan = Day(60, {}, {"gate": Stage()}, []).plan()
    assert told(in_wasm, plan) == compiled.run(plan)

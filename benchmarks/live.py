"""What the live page of Bakhtu costs in a browser, beside the compiled engine in the same run.

    python benchmarks/live.py [--rounds K] [--moves M]

Eight weeks after four of warm-up, one replication. The compiled engine, in this process, and each
part of the page, in a worker of Chromium, take turns; a busy minute of the machine slows all alike.
Then edges of opening hours are moved by keys, one after the other, and the browser's own clock says
how long it takes from the key to the drawn figures of three replications.
"""

import argparse
import shutil
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from playwright.sync_api import Page, sync_playwright

import portsim
from portsim.demand import draw
from portsim.engines import compiled
from portsim.livepage import contents
from portsim.plan import Site, draft, timetable
from report import table

SCENARIO = Path(__file__).parents[1] / "scenarios" / "bakhtu" / "hours-7x12.yaml"
PARTS = {
    "hours and steps": "timetable(rules, state)",
    "engine, with its tables": "engine.run(one, known, state)",
    "figures and curves": "measured(rules, one, told)",
}
WORKER = """async () => {
  const names = ["calendars", "engine", "loads", "measures"];
  const text = names.map((name) => document.getElementById(`source-${name}`).textContent);
  text.push(`
    let rules, state, engine, one, known, told;
    self.onunhandledrejection = (event) => { throw event.reason; };
    self.onmessage = async ({ data }) => {
      if (data.rules) {
        ({ rules, state } = data);
        engine = await Engine.of(rules, data.code);
        one = new Replication(rules.replications[0], await inflated(data.draws[0]));
        known = timetable(rules, state);
        told = engine.run(one, known, state);
        return self.postMessage(0);
      }
      const jobs = [() => timetable(rules, state), () => engine.run(one, known, state),
        () => measured(rules, one, told)];
      const began = performance.now();
      jobs[data.part]();
      self.postMessage(performance.now() - began);
    };`);
  const worker = new Worker(URL.createObjectURL(new Blob([text.join("\\n")])));
  window.timed = (data) => new Promise((done, failed) => {
    worker.onmessage = (event) => done(event.data);
    worker.onerror = (event) => failed(event.message);
    worker.postMessage(data);
  });
  const { wasm, ...others } = rules;
  const code = Uint8Array.from(atob(wasm), (sign) => sign.charCodeAt(0));
  await timed({ rules: others, code, draws: others.draws, state });
}"""
MOVES = """async (count) => {
  const times = [];
  for (let k = 0; times.length < count && k < 9 * count; k += 1) {
    const handles = document.querySelectorAll(".edge"), handle = handles[(7 * k) % handles.length];
    const key = k % 2 ? "ArrowLeft" : "ArrowRight", before = JSON.stringify(state);
    handle.focus();
    const began = performance.now();
    handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    if (JSON.stringify(state) === before) continue;
    await new Promise((done) => {
      const look = () => (seen && seen.figures.size >= AT_ONCE && !toDraw && same(seen.state, state)
        ? done() : requestAnimationFrame(look));
      look();
    });
    times.push(performance.now() - began);
    await new Promise((done) => setTimeout(done, 60));
  }
  return times;
}"""


def section(rounds: int, moves: int) -> str:
    port = portsim.load(SCENARIO)
    made = contents(port)
    shown = made.scenario
    site = Site(timetable(shown), draft(shown, draw(shown, shown.seed, 1)))
    plan = site.at()
    compiled.run(plan)
    seconds: dict[str, list[float]] = {"compiled engine": [], **{part: [] for part in PARTS}}
    with TemporaryDirectory() as folder, sync_playwright() as play:
        found = shutil.which("chromium")
        browser = play.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(portsim.live(port).write(Path(folder) / "page.html").as_uri())
        settle(page)
        page.evaluate(WORKER)
        for _ in range(rounds):
            begin = perf_counter()
            compiled.run(plan)
            seconds["compiled engine"].append(1000 * (perf_counter() - begin))
            for number, part in enumerate(PARTS):
                seconds[part].append(page.evaluate("(part) => timed({ part })", number))
        waits = sorted(page.evaluate(MOVES, moves))
        browser.close()
    return told(seconds, waits)


def settle(page: Page) -> None:
    page.wait_for_function(
        "() => seen && workers.every((one) => !one.busy) && !resting", timeout=600_000
    )


def told(seconds: dict[str, list[float]], waits: list[float]) -> str:
    yardstick = min(seconds["compiled engine"])
    rows: list[Any] = [
        (part, f"{min(times):.1f}", f"{median(times):.1f}", f"{min(times) / yardstick:.2f}")
        for part, times in seconds.items()
    ]
    late = waits[int(0.95 * len(waits))]
    moved = (
        f"From a key to the drawn figures of three replications, {len(waits)} moves: median "
        f"{median(waits):.0f} ms, 95th percentile {late:.0f} ms."
    )
    head = ("one replication", "best ms", "median ms", "ratio")
    return f"## The live page\n\n{table(head, rows)}\n\n{moved}"


def main() -> None:
    parser = argparse.ArgumentParser(description="measure the live page")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--moves", type=int, default=60)
    options = parser.parse_args()
    print(section(options.rounds, options.moves))


if __name__ == "__main__":
    main()

"""What a frame of the replay costs in a browser, with some two thousand trucks at Bakhtu.

    python benchmarks/replay.py [--frames K]

Five days of eight hours a week against the traffic of September 2024, on a full day. Each frame is
the next ten seconds of the day, asked for as a browser asks; the time of the page's own script is
told apart from the time between frames, which a busy machine stretches.
"""

import argparse
import datetime as dt
import shutil
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

import portsim
from portsim.replay import write_replay
from portsim.results.logs import read_log

SCENARIO = Path(__file__).parents[1] / "scenarios" / "bakhtu" / "hours-5x8.yaml"
DAY = dt.date(2024, 9, 24)
CHANGES = {"period.from": "2024-08-26", "period.to": DAY.isoformat()}
FRAMES = """async (frames) => {
  const own = [], between = [];
  let before = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    await new Promise(requestAnimationFrame);
    const began = performance.now();
    if (before) between.push(began - before);
    before = began;
    go(12 * 3600 + 10 * frame);
    own.push(performance.now() - began);
  }
  return [own, between, boards[0].inside];
}"""


def section(frames: int) -> str:
    with TemporaryDirectory() as folder, sync_playwright() as play:
        study = portsim.run(
            portsim.load(SCENARIO).replace(CHANGES), replications=1, logs="first", audit="none"
        )
        study.write(Path(folder) / "out", figures=False)
        page_file = write_replay(read_log(Path(folder) / "out"), DAY)
        found = shutil.which("chromium")
        browser = play.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(page_file.as_uri())
        own, between, inside = page.evaluate(FRAMES, frames)
        browser.close()
        size = page_file.stat().st_size
    return (
        f"## The replay\n\n{inside:,} trucks, a page of {size / 1000:.0f} kB, {frames} frames. "
        f"Script of a frame: median {median(own):.1f} ms, 95th percentile {late(own):.1f} ms. From "
        f"frame to frame: median {median(between):.1f} ms, 95th percentile {late(between):.1f} ms."
    )


def late(times: list[float]) -> float:
    return sorted(times)[int(0.95 * len(times))]


def main() -> None:
    parser = argparse.ArgumentParser(description="measure the replay")
    parser.add_argument("--frames", type=int, default=600)
    print(section(parser.parse_args().frames))


if __name__ == "__main__":
    main()

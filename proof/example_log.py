"""Writes the gate log that `portsim new` puts beside the starter: of an invented port whose truth
stands below, and in docs/how-to/first-fit.md.

The port is simulated by `known_ports`, which shares no code with portsim.
"""

from pathlib import Path

import numpy as np
from known_ports import Port

FILE = Path(__file__).parents[1] / "src/portsim/starter/gate.csv"
_DAY = {**{day: [[9, 13], [14, 18]] for day in "01234"}, "5": [[9, 13]]}
_LATE = {**{day: [[9, 19]] for day in "01234"}, "5": [[9, 14]]}
_MORNING = (1, 1, 1, 1, 2, 4, 8, 10, 10, 9, 8, 7, 6, 6, 6, 5, 5, 4, 3, 3, 2, 2, 1, 1)
TRUTH = {
    "seed": 2,
    "timezone": "Asia/Shanghai",
    "period": {"from": "2025-03-03", "to": "2025-04-27", "weeks": 8},
    "warm_up_days": 7,
    "overload": False,
    "stages": [
        {"stage": "gate", "servers": [{"count": 2, "hours": _DAY}], "at_close": "finish",
         "work": {"*": {"distribution": "gamma", "mean_min": 4.0, "cv": 0.5}}, "share": {"*": 1},
         "stamps": {"queue": False, "start": False, "end": True}},
        {"stage": "declaration", "servers": [{"count": 4, "hours": _DAY}], "at_close": "finish",
         "work": {"imports": {"distribution": "lognormal", "mean_min": 17.0, "cv": 0.6},
                  "exports": {"distribution": "lognormal", "mean_min": 9.0, "cv": 0.6}},
         "share": {"*": 1}, "stamps": {"queue": False, "start": False, "end": True}},
        {"stage": "release", "servers": [{"count": 1, "hours": _LATE}], "at_close": "finish",
         "work": {"*": {"distribution": "gamma", "mean_min": 2.0, "cv": 0.3}}, "share": {"*": 1},
         "stamps": {"queue": False, "start": False, "end": True}},
    ],
    "step": None,
    "arrivals": {"rate": 82.0, "week": [1.15, 1.1, 1.1, 1.1, 1.05, 0.85, 0.65],
                 "hour": list(_MORNING), "day_cv": 0.1, "month": {}},
    "classes": {"imports": 0.63, "exports": 0.37},
    "log": {"language": "en", "encoding": "utf-8", "separator": ",", "clock": "%d/%m/%Y %H:%M",
            "stamps": "minute", "closed_at_end": True, "offset": False, "starts_as": "start",
            "gzip": False, "kind": "csv"},
}  # fmt: skip


def main() -> None:
    """Write the log."""
    truth = dict(TRUTH)
    port = Port(truth)
    folder = FILE.parent
    made = port.log("csv", folder)
    (folder / "truth.json").unlink()
    text = made.read_text(encoding="utf-8").replace("Cargo", "Direction", 1)
    made.write_text(text, encoding="utf-8", newline="")
    print(f"{made}: {text.count(chr(10)) - 1:,} rows; {port.truth['dirt']}")
    stays = port.whole["stay_h"]
    print(f"out within 24 h: {np.mean(stays <= 24):.1%}; mean stay {stays.mean():.1f} h")


if __name__ == "__main__":
    main()

"""How forecasts of the past turned out: shares below each quantile, and how far off they were.

Only the tables of scores enter.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from portsim.figures import scales, style, text_layout
from portsim.figures.sheet import WIDTH, Sheet
from portsim.results import Record
from portsim.results.scores import busiest, score_sentences
from portsim.wording import amounts, say, sentences

__all__ = ["PICTURE", "draw"]

PICTURE = "calibration"
_LEFT, _GAP, _RIGHT, _HEIGHT, _STEP = 0.95, 0.95, 0.25, 2.35, 3.2
_HORIZONS = (
    (style.BLUE, "-", "o"),
    (style.ORANGE, (0, (6, 2)), "s"),
    (style.RED, (0, (2, 1)), "^"),
)
_OTHERS = (
    ("crps_weekly_profile", style.PURPLE, (0, (6, 2, 1.2, 2)), "D"),
    ("crps_last_value", style.ORANGE, (0, (6, 2)), "s"),
    ("crps_fluid", style.RED, (0, (2, 1)), "^"),
)
_MOST_STAGES = 2


def draw(record: Record) -> Sheet:
    """Left which share of what came lay below each quantile, right how far off forecasts were.

    In: the record of scores, or of a forecast that knows of some.
    """
    study, scores = record.manifest.study, record.tables["scores"]
    study = study.get("scored", study)
    calibration = record.tables["calibration"]
    stages = ["", *busiest(scores, _MOST_STAGES)]
    sheet = Sheet(
        score_sentences(study, scores)[0],
        sentences(
            say(
                "Left: of what was seen, the share below each quantile of the futures, by hours"
                " ahead. On the thin line bands hold what they say; where a line lies above it on"
                " the left and below it on the right, they are too narrow. Right: how far off"
                " forecasts of the number inside were (CRPS), and those without a model: what was"
                " seen in earlier weeks, what was there last, a fluid that leaves as fast as it"
                " ever did."
            )
        ),
        _STEP * len(stages) - 0.05,
    )
    width = (WIDTH - _LEFT - _GAP - _RIGHT) / 2
    for number, stage in enumerate(stages):
        top = number * _STEP
        label = text_layout.drawable(
            str(study["stage_labels"].get(stage, stage)), say("stage {number}", number=number)
        )
        title = say("Inside: {stage}", stage=label) if stage else say("Inside the port")
        sheet.text(_LEFT, top, title, bold=True)
        panel = sheet.axes(_LEFT, top + 0.28, width, _HEIGHT)
        _calibrated(panel, calibration[calibration["stage"].eq(stage)])
        panel = sheet.axes(_LEFT + width + _GAP, top + 0.28, width, _HEIGHT)
        _scored(panel, scores[scores["stage"].eq(stage)])
    return sheet


def _calibrated(axes: Axes, rows: pd.DataFrame) -> None:
    horizons = sorted(int(h) for h in rows["horizon_h"].unique())
    shown = list(dict.fromkeys([horizons[0], horizons[len(horizons) // 2], horizons[-1]]))
    axes.plot([0, 1], [0, 1], color=style.MUTED, lw=0.8)
    for horizon, (colour, dashes, mark) in zip(shown, _HORIZONS, strict=False):
        line = rows[rows["horizon_h"].eq(horizon)]
        axes.plot(
            line["level"], line["share"], color=colour, ls=dashes, lw=1.2, marker=mark, ms=3,
            label=say("{hours} h ahead", hours=str(horizon)),
        )  # fmt: skip
    for upright in (False, True):
        scales.share_axis(axes, upright=upright)
    axes.set_xlabel(say("quantile of the futures"))
    axes.set_ylabel(say("seen below it"))
    # Room for the key above all lines.
    axes.set_ylim(0, 1.35)
    axes.set_yticks([0.0, 0.25, 0.5, 0.75, 1.0])
    axes.legend(loc="upper left", fontsize=style.SMALL, ncols=2)


def _scored(axes: Axes, rows: pd.DataFrame) -> None:
    rows = rows.sort_values("horizon_h")
    x = np.arange(len(rows))
    names = {
        "crps_weekly_profile": say("earlier weeks"),
        "crps_last_value": say("last value"),
        "crps_fluid": say("fluid"),
    }
    axes.plot(x, rows["crps"], color=style.INK, lw=1.8, marker="o", ms=4, label="portsim")
    for column, colour, dashes, mark in _OTHERS:
        axes.plot(
            x, rows[column], color=colour, ls=dashes, lw=1.1, marker=mark, ms=3.5,
            label=names[column],
        )  # fmt: skip
    axes.set_xticks(x, [f"{int(h)}" for h in rows["horizon_h"]])
    columns = ["crps", *names]
    # Room for the key above all lines.
    axes.set_ylim(0, max(1.35 * float(np.nanmax(rows[columns])), 0.1))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(lambda value, _: amounts.given(float(value)))
    axes.set_xlabel(say("hours ahead"))
    axes.set_ylabel(say("off by, trucks"))
    axes.legend(loc="upper left", fontsize=style.SMALL, ncols=2)

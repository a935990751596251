"""The room of results: the tables of forecasts of the past, and what they say in words.

How good a forecast was is worked out elsewhere.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from portsim.results.tables import Schema
from portsim.wording import amounts, say

__all__ = ["CALIBRATION", "SCORES", "busiest", "record_sentences", "score_sentences"]

SCORES: Schema = {
    "stage": "text",
    "horizon_h": "integer",
    "n": "integer",
    **dict.fromkeys(
        (
            *("coverage_50", "coverage_80", "coverage_95", "crps", "pinball"),
            *("crps_weekly_profile", "crps_last_value", "crps_fluid", "skill"),
        ),
        "number",
    ),
}
"""By stage, empty for the whole port, and hours ahead; see `portsim.score_forecasts`."""
CALIBRATION: Schema = {
    "stage": "text",
    "horizon_h": "integer",
    "level": "number",
    "share": "number",
}
"""Which share of what was seen lay below the quantile of so much of the futures."""
_FROM_H = 4
"""A queue is what it was until about then: the horizons that are summed up are those beyond."""


def score_sentences(study: Mapping[str, Any], scores: pd.DataFrame) -> list[str]:
    """How often the bands of the whole port were right, and how near they were.

    In: the ``study`` of the manifest, and its table.
    """
    rows = _shown(scores)
    first, last = (int(h) for h in (rows["horizon_h"].min(), rows["horizon_h"].max()))
    ahead = (
        say("{hours} h ahead", hours=str(first))
        if first == last
        else say("{first} to {last} h ahead", first=str(first), last=str(last))
    )
    texts = [
        say(
            "Of {count} forecasts of the past, {ahead}: {eighty} of what was then seen lay in the"
            " bands of 80 %, {ninety_five} in those of 95 %.",
            count=amounts.count(study["origins"]),
            ahead=ahead,
            eighty=_between(rows["coverage_80"]),
            ninety_five=_between(rows["coverage_95"]),
        )
    ]
    skill = rows["skill"].dropna()
    if not len(skill):
        return texts
    if skill.max() <= 0.0:
        texts.append(
            say("They were no nearer to it than the best of three forecasts without a model.")
        )
    elif skill.min() <= 0.0:
        texts.append(
            say(
                "They were up to {share} nearer to it than the best of three forecasts without a"
                " model, at some of these hours no nearer.",
                share=_between([skill.max()]),
            )
        )
    else:
        texts.append(
            say(
                "They were {share} nearer to it than the best of three forecasts without a model.",
                share=_between(skill),
            )
        )
    return texts


def record_sentences(study: Mapping[str, Any], scores: pd.DataFrame | None) -> list[str]:
    """How often earlier forecasts were right, for a later one to say; or that nobody has tried.

    In: the ``study`` of its manifest, and the table of those earlier ones if there is one.
    """
    kept = study["scored"]
    if scores is None or not kept:
        return [
            say(
                "How often these bands are right has not been tried: replay the past of a gate log"
                " with --score."
            )
        ]
    texts = score_sentences(kept, scores)
    if not kept["same"]:
        texts.append(say("The scenario has been changed since those forecasts."))
    return texts


def busiest(scores: pd.DataFrame, most: int) -> list[str]:
    """The stages of which most is at stake, of those that a forecast could miss at all."""
    stages = scores[scores["stage"].ne("")].groupby("stage", sort=False)["crps_last_value"].max()
    return [str(name) for name in stages[stages > 0.0].nlargest(most).index]


def _shown(scores: pd.DataFrame) -> pd.DataFrame:
    """The whole port, from some hours ahead on; all that there is if nothing looked so far."""
    port = scores[scores["stage"].eq("")]
    far = port[port["horizon_h"].ge(_FROM_H)]
    return far if len(far) else port


def _between(shares: Sequence[float] | pd.Series) -> str:
    low, high = (amounts.percent(round(float(end), 2)) for end in (min(shares), max(shares)))
    return low if low == high else amounts.span(low, high)

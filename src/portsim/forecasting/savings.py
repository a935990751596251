"""What a policy saves, and whom: each truck inside in each future beside itself under the first.

The luck is the same, so differences are those of the policy alone.
"""

import numpy as np
import pandas as pd

from portsim.arrays import Reals
from portsim.forecasting.futures import Seen
from portsim.results.forecast import SAVED

__all__ = ["saved_table"]

_NOTICED_S = 60.0
_HOUR_S = 3600.0


def _outs(seen: Seen) -> Reals:
    m = len(seen.names)
    return np.array([future.out[:m] for future in seen.outs]).reshape(len(seen.outs), m)


def saved_table(first: Seen, other: Seen) -> pd.DataFrame:
    """Hours that a policy saves the trucks inside, all and by class.

    A truck that is still inside at the end of the period counts as out then: what it saves beyond
    is not known, and the saving is at least that.
    """
    stop = float(first.timetable.run.stop)
    before, after = (np.nan_to_num(_outs(seen), nan=stop) for seen in (first, other))
    saved = (before - after) / _HOUR_S
    names = first.timetable.context.class_names
    cls = first.outs[0].cls[: len(first.names)]
    rows = []
    for name in ("all", *names):
        own = np.ones(len(cls), dtype=bool) if name == "all" else cls == names.index(name)
        if not own.any() or (name != "all" and len(names) == 1):
            continue
        mine = saved[:, own]
        # Chance moves the mean over the trucks of a future; single trucks differ anyway.
        means = mine.mean(axis=1)
        noticed = _NOTICED_S / _HOUR_S
        rows.append(
            {
                "baseline": first.scenario.name,
                "policy": other.scenario.name,
                "class": name,
                "trucks": int(own.sum()),
                "saved_mean_h": float(mine.mean()),
                "saved_q10_h": float(np.quantile(means, 0.1)),
                "saved_q90_h": float(np.quantile(means, 0.9)),
                "earlier": float((mine >= noticed).mean()),
                "later": float((mine <= -noticed).mean()),
            }
        )
    return pd.DataFrame(rows, columns=list(SAVED))

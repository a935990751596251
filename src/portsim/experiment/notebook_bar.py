"""The bar of a notebook: how far a study is, where nobody asked to be told.

Only what IPython lends is used, and only where it already runs. What is run may not enter.
"""

import sys
from typing import Any

from portsim.experiment.execution import Progress, told_nobody

__all__ = ["notebook_bar"]


def notebook_bar() -> Progress:
    """A progress callback that moves a bar below the cell; outside a notebook it does nothing."""
    display = _display()
    if display is None:
        return told_nobody
    shown: list[Any] = []

    def show(done: int, total: int) -> None:
        if not shown:
            shown.append(display.ProgressBar(max(total, 1)))
            shown[0].display()
        (bar,) = shown
        # More replications may be asked for meanwhile.
        bar.total = max(total, 1)
        bar.progress = done

    return show


def _display() -> Any:
    """What shows things below a cell, or None outside a notebook."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    # The shell of a terminal is no notebook; a kernel has a shell of its own kind.
    if shell is None or not hasattr(shell, "kernel"):
        return None
    return ipython.display if ipython is not None else None

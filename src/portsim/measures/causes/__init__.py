"""The causes of waiting: what trucks waited for, from plan and log alone."""

from portsim.measures.causes.rows import CauseRow, cause_rows
from portsim.measures.causes.waits import Waits, waits

__all__ = ["CauseRow", "Waits", "cause_rows", "waits"]

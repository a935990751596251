"""The causes of waiting: what trucks waited for, from plan and log alone."""

from portsim.measures.causes.rows import CauseRow, cause_rows
from portsim.measures.causes.waits import Waits, prepare, waits

__all__ = ["CauseRow", "Waits", "cause_rows", "prepare", "waits"]

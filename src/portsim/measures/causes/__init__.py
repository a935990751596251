"""The causes of waiting: what trucks waited for, from plan and log alone."""

from portsim.measures.causes.waits import Waits, waits

__all__ = ["Waits", "waits"]

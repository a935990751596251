"""How many random cases a test tries: few whenever tests run, many when they are run thoroughly.

What a test asserts is the same; `make thorough` asks it of more cases, before a release.
"""

import os

__all__ = ["cases"]


def cases(few: int, many: int) -> int:
    """So many cases as this run has time for."""
    return many if os.environ.get("PORTSIM_THOROUGH") else few

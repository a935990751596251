"""The room of doubts: what a policy says and perhaps does not mean, seen from trucks and plans.

`portsim.checking` warns of what can be read in a file; here trucks are drawn and plans are laid
beside each other. Nothing is run, and nothing here is ever a fault.
"""

from portsim.doubts.about import base_of, doubts
from portsim.doubts.effect import idle_keys, same_plans

__all__ = ["base_of", "doubts", "idle_keys", "same_plans"]

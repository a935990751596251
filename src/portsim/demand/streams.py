"""Streams of luck: uniform numbers addressed by what they are for, never by when they are asked.

No distribution and no scenario enters here. An address is (seed, replication, owner, purpose);
the k-th uniform of a stream belongs to the k-th base truck of its class (or the k-th breakdown of
its resource), whether it is needed or not. So adding a stream moves no other draw.
"""

import hashlib

import numpy as np

from portsim.arrays import Reals

__all__ = ["uniforms"]


def uniforms(seed: int, replication: int, owner: str, purpose: str, count: int) -> Reals:
    """The first `count` uniforms of a stream.

    Args:
        seed: root seed of the study.
        replication: number of the replication, from 1.
        owner: whose luck it is, e.g. ``class exports`` or ``resource scanner``.
        purpose: what it decides, e.g. ``load`` or ``gate per_piece 0``.
        count: how many; a longer stream begins with the shorter one.

    Returns:
        float64[count] in [0, 1). Streams are Philox counters (Salmon et al. 2011) keyed by the
        first 128 bits of the SHA-256 of the address.
    """
    address = "\x1f".join((str(seed), str(replication), owner, purpose))
    digest = hashlib.sha256(address.encode()).digest()
    key = np.frombuffer(digest[:16], dtype="<u8")
    return np.random.Generator(np.random.Philox(key=key)).random(count)

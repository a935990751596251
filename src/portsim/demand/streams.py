"""Streams of luck: uniform numbers addressed by what they are for, never by when they are asked.

No distribution and no scenario enters here. An address is (seed, replication, owner, purpose);
the k-th uniform of a stream belongs to the k-th base truck of its class (or the k-th breakdown of
its resource), whether it is needed or not. So adding a stream moves no other draw. In antithetic
pairs an even replication reads the streams of the one before it, mirrored.
"""

import hashlib

import numpy as np

from portsim.arrays import Reals

__all__ = ["uniforms"]


_ALMOST_ONE = 1.0 - 2.0**-53
"""The largest uniform there is; they are multiples of 2⁻⁵³."""


def uniforms(
    seed: int, replication: int, owner: str, purpose: str, count: int, antithetic: bool = False
) -> Reals:
    """The first `count` uniforms of a stream.

    Args:
        seed: root seed of the study.
        replication: number of the replication, from 1.
        owner: whose luck it is, e.g. ``class exports`` or ``resource scanner``.
        purpose: what it decides, e.g. ``load`` or ``gate per_piece 0``.
        count: how many; a longer stream begins with the shorter one.
        antithetic: replication 2k is the mirror of 2k − 1, 1 − 2⁻⁵³ − u in place of u: the same
            grid of numbers, so that a u of 0 has a mirror below 1. Odd replications are those of
            a study without pairs.

    Returns:
        float64[count] in [0, 1). Streams are Philox counters (Salmon et al. 2011) keyed by the
        first 128 bits of the SHA-256 of the address.
    """
    mirrored = antithetic and replication % 2 == 0
    address = "\x1f".join((str(seed), str(replication - mirrored), owner, purpose))
    digest = hashlib.sha256(address.encode()).digest()
    key = np.frombuffer(digest[:16], dtype="<u8")
    drawn = np.random.Generator(np.random.Philox(key=key)).random(count)
    return _ALMOST_ONE - drawn if mirrored else drawn

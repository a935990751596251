"""Notes of figures: what a reader must know of one, in a few fixed words joined by semicolons.

Whoever asks for a note asks here; what the words are called elsewhere, in tables and sentences,
may not enter.
"""

from collections.abc import Iterable

__all__ = [
    "AT_LEAST",
    "FALLS_BEYOND",
    "NO_SPREAD",
    "OVERLOADED",
    "UNDEFINED",
    "noted",
    "of_runs",
    "unite_notes",
]

AT_LEAST = "at least"
"""The true value may be larger: some trucks were still inside, or no larger demand was tried."""
OVERLOADED = "overloaded"
"""More was asked than can be given: the figure holds for this period only."""
UNDEFINED = "undefined"
"""There is no such figure in any replication."""
NO_SPREAD = "no spread"
"""A share that was the same in every replication: no interval can be estimated."""
FALLS_BEYOND = "falls beyond"
"""Of a capacity: at twice its demand fewer trucks pass."""

_FIRST = (AT_LEAST, OVERLOADED, UNDEFINED, NO_SPREAD)
_JOIN = "; "


def noted(note: object, word: str) -> bool:
    """Whether a note has one of the words above."""
    return word in str(note).split(_JOIN)


def of_runs(note: str) -> str:
    """What of a note runs say themselves, without what only their mean and interval say."""
    return unite_notes(word for word in note.split(_JOIN) if word not in (UNDEFINED, NO_SPREAD))


def unite_notes(notes: Iterable[str]) -> str:
    """Unite notes of ``'; '``-joined words: each word once; in a fixed order, others as they come.

    In: texts such as ``'at least; overloaded'``, empty ones allowed. Out: one such text.
    """
    words = {word: None for note in notes for word in note.split(_JOIN) if word}
    known = [word for word in _FIRST if word in words]
    return _JOIN.join([*known, *(word for word in words if word not in _FIRST)])

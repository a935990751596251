"""The room of wording: directions across a border, in the words of their authors."""

from portsim.wording.tongue import later, say

__all__ = ["direction"]

_USUAL = {
    "export": later("export"),
    "import": later("import"),
    "inbound": later("inbound"),
    "outbound": later("outbound"),
}


def direction(name: str) -> str:
    """A direction in the language being spoken if its word is a usual one; else as it is."""
    return say(_USUAL[name]) if name in _USUAL else name

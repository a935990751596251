"""The room of wording: what people call a thing, in the language being spoken.

A label is one text for every language, or texts by language; where it comes from may not enter.
"""

from collections.abc import Mapping

from portsim.languages import FACTS
from portsim.wording.tongue import tongue

__all__ = ["ANY", "called", "lacks"]

ANY = "text"
"""Key of the text of a label that stands for every language that is not named."""


def called(label: object, name: str) -> str:
    """What people call a thing in the language being spoken.

    Args:
        label: one text, or texts by language; as scenarios and manifests keep it. In place of a
            language that is missing stand the text for any, then those languages that
            `portsim.languages.FACTS` names for it, in their order.
        name: its name, for a thing without a label.
    """
    if not isinstance(label, Mapping):
        return str(label) if isinstance(label, str) and label else name
    spoken = tongue().language
    order = (spoken, ANY, *FACTS[spoken].instead)
    return next((str(label[key]) for key in order if label.get(key)), name)


def lacks(label: object) -> bool:
    """Whether a label names languages, and the one being spoken is not among them."""
    if not isinstance(label, Mapping) or not any(label.values()):
        return False
    return not (label.get(tongue().language) or label.get(ANY))

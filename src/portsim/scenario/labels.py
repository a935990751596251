"""What people call the things of a scenario: one text, or texts by language.

Nothing that happens at a port depends on them.
"""

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator

from portsim.scenario.base_model import Part
from portsim.scenario.validation_messages import ValueFault
from portsim.wording import called, speaking

__all__ = ["Label", "Side", "by_language"]


class Label(Part):
    """What people call something: one text, or a text for each language."""

    short_form: ClassVar[str] = "text"

    text: str = ""
    """In every language that is not named."""
    en: str = ""
    """In English."""
    zh: str = ""
    """In Chinese."""
    ru: str = ""
    """In Russian."""
    kk: str = ""
    """In Kazakh."""

    @property
    def texts(self) -> str | dict[str, str]:
        """As a file has it: one text, empty for none, or texts by language."""
        given: dict[str, str] = {
            name: text for name in type(self).model_fields if (text := getattr(self, name))
        }
        return given.get("text", "") if given.keys() <= {"text"} else given

    def __bool__(self) -> bool:
        """Whether there is one in some language."""
        return bool(self.texts)

    @property
    def every(self) -> tuple[str, ...]:
        """All its texts."""
        texts = self.texts
        return tuple(texts.values()) if isinstance(texts, dict) else (texts,) * bool(texts)

    def in_english(self, name: str) -> str:
        """In English whatever is being spoken, for files that machines read."""
        with speaking("en"):
            return self.said(name)

    def or_name(self, name: str) -> str | dict[str, str]:
        """As a file has it, or the name of what is called so if it has no label."""
        return self.texts or name

    def said(self, name: str) -> str:
        """In the language being spoken; the name of what is called so if it has no label."""
        return called(self.texts, name)


def _label(value: Any) -> Any:
    if isinstance(value, str):
        return {"text": value}
    if isinstance(value, dict | Label):
        return value
    raise ValueFault(
        expected='a text, or texts by language, e.g. {en: "Gate", zh: "卡口"}', code="text"
    )


by_language = BeforeValidator(_label)
"""Reads one text as the label in every language."""


class Side(Part):
    """A side of the border."""

    label: Annotated[Label, by_language] = Label()
    """What people call it, for pictures and tables."""

"""The scenario room's adviser: what a person probably meant, said in one line.

Only guesses about single values and keys live here; what is right or wrong is decided elsewhere.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from portsim.reading.text import nearest, short

__all__ = ["about_key", "about_list", "about_mapping", "about_number", "like"]

_OTHER_WORDS = {
    **dict.fromkeys(("sd", "std", "stdev", "sigma", "variance"), "cv"),
    **dict.fromkeys(("min", "minimum", "lowest"), "low"),
    **dict.fromkeys(("max", "maximum", "highest"), "high"),
    **dict.fromkeys(("lat", "latitude_deg"), "latitude"),
    **dict.fromkeys(("lon", "lng", "long"), "longitude"),
    **dict.fromkeys(("start", "begin"), "from"),
    **dict.fromkeys(("stop", "finish"), "to"),
    **dict.fromkeys(("break", "pause"), "lunch"),
    **dict.fromkeys(("needs", "uses", "requires"), "takes"),
    **dict.fromkeys(("service", "duration", "service_time"), "time"),
    **dict.fromkeys(("probability", "fraction"), "share"),
    **dict.fromkeys(("trucks", "classes", "demand"), "traffic"),
    **dict.fromkeys(("quota", "permits"), "budget"),
    **dict.fromkeys(("stop", "interrupt"), "pause"),
}
_MORE = {
    "cv": "the cv is the standard deviation divided by the mean",
    "pause": "`pause` interrupts the work, `finish` ends it after hours",
}
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")


def like(word: str, names: Iterable[str]) -> str:
    """Return the name that a person probably meant, by its meaning or by its letters."""
    choices = list(names)
    meant = _OTHER_WORDS.get(word.lower(), "")
    return meant if meant in choices else nearest(word, choices)


def about_key(word: str, names: Iterable[str]) -> str:
    """Return a hint about a key or a word that is not one of the names."""
    meant = like(word, names)
    if not meant:
        return ""
    more = _MORE.get(meant, "") if _OTHER_WORDS.get(word.lower()) == meant else ""
    return f"did you mean `{meant}`?" + (f" {more}" if more else "")


def about_number(value: Any, most: Any = None, *, whole: bool = False) -> str:
    """Return a hint about a value that stands where a number should."""
    if isinstance(value, str):
        return _about_written_number(value, whole=whole)
    hint = ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if whole and float(value).is_integer():
            hint = f"write {int(value)}"
        elif most == 1 and 2 <= value <= 100:
            hint = f"{value:g} % is {value / 100:g}"
    return hint


def _about_written_number(value: str, *, whole: bool) -> str:
    text = unicodedata.normalize("NFKC", value).strip()
    text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    parts = re.fullmatch(r"(\d{1,9})\s*/\s*(\d{1,9})", text)
    first = _NUMBER.match(text)
    hint = ""
    if re.fullmatch(rf"{_NUMBER.pattern}\s*%", text):
        hint = f"write {float(text.rstrip('% ')) / 100:g}"
    elif parts and int(parts[2]) and not whole:
        hint = f"write {int(parts[1]) / int(parts[2]):.4g}"
    elif first and first[0] == text:
        hint = f"write {text}" if text != value else f"write it without quotes: {text}"
    elif first:
        hint = f"write the number alone: {short(first[0])}"
    return hint


def about_list(value: Any) -> str:
    """Return a hint about a value that stands where a list should."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return f"write [{short(str(value))}]"
    if isinstance(value, dict):
        return "a list has square brackets around it, or `- ` before each of its items"
    return ""


def about_mapping(value: Any, needed: Sequence[str]) -> str:
    """Return a hint about a value that stands where a mapping with certain keys should."""
    scalar = isinstance(value, str | int | float) and not isinstance(value, bool)
    if scalar and 1 <= len(needed) <= 2:
        rest = "".join(f", {key}: …" for key in needed[1:])
        return f"perhaps {{{needed[0]}: {short(str(value))}{rest}}}"
    if isinstance(value, list):
        return "write `key: value` lines, without `- ` or square brackets"
    return ""

"""The reading room's letter box: from the bytes of a file to text that a YAML parser may see.

Only characters, lines and columns are judged here; what a key or a value means may not enter.
"""

import difflib
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from portsim.errors import Fault, ScenarioError

__all__ = ["MAX_BYTES", "Scan", "dotted", "excerpts", "nearest", "read_text", "short"]

MAX_BYTES = 2_000_000
_MOST_OF_A_KIND = 20
_EXCERPT = 100
_MOST_LETTERS = 100
_MOST_NAMES = 1000

_ODD_SPACES = {
    "\u00a0": "a no-break space",
    "\u202f": "a narrow no-break space",
    "\u2007": "a figure space",
    "\u3000": "an ideographic space",
    "\u200b": "a zero-width space",
    "\ufeff": "a byte order mark",
}
_ODD = "\u00a0\u1680\u180e\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"
_INDENT = re.compile(rf"[ \t{_ODD}]*")
_ODD_AFTER = re.compile(rf" *(?:- +)*(?:-|[^\s:#'\"]+:)([{_ODD}])")
_NO_KEY_START = r"\s：:#'\"\[\]{},&*!|>%@`-"
_WIDE_COLON = re.compile(
    rf" *(?:- +)*(?P<key>[^{_NO_KEY_START}][^\s：:'\"\[\]{{}},]*) *：(?P<rest>.*)"
)
_UNSEEN = re.compile("[^\t\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLOCK_HEADER = re.compile(r"(?:^|\s)[|>][-+1-9]*\s*(?:\s#.*)?$")


def nearest(word: str, names: Iterable[str]) -> str:
    """Return the name most like the word, empty if none comes near.

    Of very many names only the first are looked at, of the rest none is longer than names are.
    """
    if len(word) > _MOST_LETTERS:
        return ""
    few = itertools.islice(names, _MOST_NAMES)
    known = {name.lower(): name for name in few if len(name) <= _MOST_LETTERS}
    matches = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return known[matches[0]] if matches else ""


def dotted(path: Sequence[str | int]) -> str:
    """Return a path as people write it: ``traffic.wind.route[2].stage``."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{_part(part)}" for part in path)
    return "".join(parts).removeprefix(".")


def _part(name: str) -> str:
    """A key as it is; as much of it as can be read in one line, if somebody wrote a novel."""
    return name if len(name) <= _MOST_LETTERS and name.isprintable() else short(name)


def short(text: str, limit: int = 60) -> str:
    """Return the text on one line, printable and at most ``limit`` characters long."""
    text = "".join(c if c.isprintable() else " " for c in text[: 4 * limit])
    text = " ".join(text.split(" ")).strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


def read_text(path: Path, shown: str) -> str:
    """Read a file as UTF-8 with plain line ends.

    Raises:
        ScenarioError: there is no such file, it cannot be read, is too large or not UTF-8.
    """
    try:
        if path.is_dir():
            raise _refuse(shown, "directory", "a folder", "a YAML file")
        if not path.exists():
            raise _missing(path, shown)
        if not path.is_file():
            raise _refuse(shown, "not-a-file", "a device or pipe", "a YAML file")
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a possible file name"
        raise _refuse(shown, "unreadable", short(str(reason)), "a file that can be read") from None
    if len(data) > MAX_BYTES:
        raise _refuse(
            shown,
            "too-large",
            "a file of more than 2 MB",
            "a scenario of at most 2 MB",
            "keep recorded arrivals and other long lists in CSV files",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(data, error.start, shown) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refuse(shown: str, code: str, found: str, expected: str, hint: str = "") -> ScenarioError:
    return ScenarioError([Fault(shown, 0, 0, "", code, found, expected, hint)])


def _missing(path: Path, shown: str) -> ScenarioError:
    try:
        names = [p.name for p in path.parent.iterdir() if p.is_file()]
    except OSError:
        names = []
    like = nearest(path.name, names)
    hint = f"did you mean `{Path(shown).parent / like}`?" if like else ""
    return _refuse(shown, "missing-file", "no such file", "a scenario file", hint)


def _not_utf8(data: bytes, start: int, shown: str) -> ScenarioError:
    guess = _guess_encoding(data)
    line = 0 if guess == "UTF-16" else data.count(b"\n", 0, start) + 1
    found = f"not UTF-8, looks like {guess}" if guess else "not UTF-8"
    hint = "save it as UTF-8 in your editor"
    return ScenarioError([Fault(shown, line, 0, "", "encoding", found, "UTF-8 text", hint)])


def _guess_encoding(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data.count(0) > len(data) // 4:
        return "UTF-16"
    high = [byte for byte in data if byte >= 0x80]
    # Common hanzi have lead bytes below 0xD8; Russian lower-case letters lie above 0xE0. Russian
    # of some length also breaks GBK's pairing, but a file may hold a single Russian word.
    try:
        pairs = [c.encode("gbk") for c in data.decode("gbk") if ord(c) >= 0x80]
        common = sum(0xA1 <= pair[0] <= 0xD7 for pair in pairs)
    except UnicodeError:
        pairs, common = [], 0
    if pairs and 2 * common > len(pairs):
        return "GBK"
    if 2 * sum(byte >= 0xC0 or byte in (0xA8, 0xB8) for byte in high) > len(high):
        return "cp1251"
    return ""


class Scan:
    """What the characters of a file tell before YAML is parsed.

    Every parser takes tabs, odd spaces and full-width colons silently, or complains elsewhere.

    Attributes:
        text: the same text with every fault mended, so that reading on finds the others; each
            character keeps its line, and its column unless a colon had to be widened.
        faults: what is wrong whatever the rest says.
        doubts: full-width colons that may be text; wrong if the file then cannot be parsed.
    """

    def __init__(self, text: str, shown: str) -> None:
        self.faults: list[Fault] = []
        self.doubts: list[Fault] = []
        self._shown = shown
        self._kinds: dict[str, int] = {}
        lines = self._without_unseen(text).split("\n")
        self._refuse_directives(lines)
        for number in _structural(lines):
            lines[number] = self._mend(number, lines[number])
        for code, count in self._kinds.items():
            if count > _MOST_OF_A_KIND:
                rest = f"the same in {count - _MOST_OF_A_KIND} more places"
                self.faults.append(Fault(shown, 0, 0, "", code, rest, ""))
        self.text = "\n".join(lines)

    def _add(self, position: tuple[int, int], code: str, *words: str) -> None:
        self._kinds[code] = self._kinds.get(code, 0) + 1
        if self._kinds[code] <= _MOST_OF_A_KIND:
            self.faults.append(
                Fault(self._shown, position[0] + 1, position[1] + 1, "", code, *words)
            )

    def _without_unseen(self, text: str) -> str:
        code, number, line_start = "control-character", 0, 0
        for match in itertools.islice(_UNSEEN.finditer(text), _MOST_OF_A_KIND):
            column = match.start()
            number += text.count("\n", line_start, column)
            line_start = text.rfind("\n", 0, column) + 1
            found = f"an invisible control character (U+{ord(match[0]):04X})"
            self._add((number, column - line_start), code, found, "text", "delete it")
        if code not in self._kinds:
            return text
        text, self._kinds[code] = _UNSEEN.subn("?", text)
        return text

    def _refuse_directives(self, lines: list[str]) -> None:
        for number, line in enumerate(lines):
            if line.startswith("%"):
                hint = "delete the line; scenarios are YAML 1.2"
                self._add((number, 0), "directive", f"`{short(line)}`", "no directive", hint)
                lines[number] = "#"
            elif line.strip() and not line.lstrip().startswith("#"):
                return

    def _mend(self, number: int, line: str) -> str:
        match = _INDENT.match(line)
        indent = match[0] if match else ""
        rest = line[len(indent) :]
        if rest.startswith("#") or not line.strip(" \t"):
            return line
        odd = next((i for i, c in enumerate(indent) if c not in " \t"), None)
        if "\t" in indent:
            hint = "replace each tab by two spaces"
            found = "a tab in the indentation"
            self._add((number, indent.index("\t")), "tab", found, "spaces", hint)
        if odd is not None:
            self._odd_space(number, odd, indent[odd], "in the indentation")
        line = " " * len(indent) + rest
        after = _ODD_AFTER.match(line)
        if after:
            self._odd_space(number, after.start(1), after[1], "after `:` or `-`")
            line = line[: after.start(1)] + " " + line[after.end(1) :]
        return self._colon(number, line)

    def _odd_space(self, number: int, column: int, space: str, where: str) -> None:
        name = _ODD_SPACES.get(space, "an unusual space")
        found = f"{name} (U+{ord(space):04X}) {where}"
        hint = "retype it with the space bar"
        self._add((number, column), "odd-space", found, "plain spaces", hint)

    def _colon(self, number: int, line: str) -> str:
        match = _WIDE_COLON.match(line)
        if not match:
            return line
        key, rest = match["key"], match["rest"]
        column = line.index("：")
        found, expected = f"the full-width colon `：` after `{short(key)}`", "`:` and a space"
        hint = f"write `{short(key)}: …`; if it is text, put it in quotes"
        if not key.isascii() and rest.strip() and not rest.lstrip().startswith("#"):
            place = (self._shown, number + 1, column + 1, "")
            self.doubts.append(Fault(*place, "full-width-colon", found, expected, hint))
            return line
        self._add((number, column), "full-width-colon", found, expected, hint)
        return f"{line[:column]}: {rest.lstrip()}"


def _structural(lines: list[str]) -> Iterator[int]:
    """Yield the numbers of the lines that begin outside of quotes and of block text."""
    quote, block = "", -1
    for number, line in enumerate(lines):
        if quote:
            quote = _quote_after(line, quote)
            continue
        indent = len(line) - len(line.lstrip(" "))
        if block >= 0 and (indent > block or not line.strip()):
            continue
        block = -1
        yield number
        quote = _quote_after(line, "")
        if not quote and _BLOCK_HEADER.search(line):
            dashes = re.match(r" *(?:- +)*", line)
            start = dashes.end() if dashes else 0
            block = line.rfind("-", 0, start) if line[start : start + 1] in "|>" else start
            block = max(block, 0)


def _quote_after(line: str, quote: str) -> str:
    """Return the quote that is still open at the end of the line."""
    column, before = 0, ""
    while column < len(line):
        char = line[column]
        if (quote == '"' and char == "\\") or (quote == "'" and line[column : column + 2] == "''"):
            column += 1
        elif quote:
            if char == quote:
                quote = ""
        elif char in "\"'" and before in ("", ":", "-", ",", "[", "{", "?"):
            quote = char
        elif char == "#" and (column == 0 or line[column - 1] in " \t"):
            break
        if char not in " \t":
            before = char
        column += 1
    return quote


def excerpts(faults: Iterable[Fault]) -> Iterator[str]:
    """Yield for each fault the line of its file with a caret under the place.

    Empty where there is none to show. The caret is counted in cells of a terminal, where a Chinese
    character is two wide.
    """
    read: dict[str, list[str]] = {}
    for fault in faults:
        if fault.line and fault.file not in read:
            try:
                read[fault.file] = read_text(Path(fault.file), fault.file).split("\n")
            except ScenarioError:
                read[fault.file] = []
        lines = read.get(fault.file, [])
        yield _excerpt(fault, lines) if 0 < fault.line <= len(lines) else ""


def _excerpt(fault: Fault, lines: Sequence[str]) -> str:
    column = max(fault.column - 1, 0)
    start = max(0, column - _EXCERPT // 2)
    written = lines[fault.line - 1][start : start + _EXCERPT]
    part = "".join(c if c.isprintable() else " " for c in written)
    margin = f"{fault.line} | "
    if not fault.column:
        return f"{margin}{part.rstrip()}"
    blank = " " * (len(margin) - 2) + "| " + " " * sum(map(_cells, part[: column - start]))
    return f"{margin}{part.rstrip()}\n{blank}^"


def _cells(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1

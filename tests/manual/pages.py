"""Runs what a page of the manual shows, as its reader would: files, commands and Python.

Pages with the line `<!-- run by the tests -->` are, from top to bottom, each in an empty folder:

- a code block with `:caption: FILE` is written to that file;
- in a `console` block, each line `$ portsim …` is run, and what it prints to stdout, or to stderr
  if it fails, must be what stands below it; a line `...` stands for any lines, `[...]` for any text
  within a line;
- a `pycon` block is a doctest; all of a page share their names.

Blocks in a comment count: with them a page prepares what it takes for granted. A command with
nothing below it may print what it likes.

`python tests/manual/pages.py PAGE …` writes into the pages what is printed now, wherever it
differs. Where the page leaves something out before the end, and in Python, a person has to mend it.
"""

import contextlib
import doctest
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

__all__ = ["Said", "commands", "follow"]

_BLOCK = re.compile(
    r"^(?P<fence>`{3,})(?:\{code-block\} )?(?P<kind>\w+)\n"
    r"(?::caption: (?P<file>\S+)\n\n?)?(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)

_COMMAND = re.compile(r"^\$ (?P<command>.*)\n(?P<expected>(?:(?!\$ ).*\n)*)", re.MULTILINE)


@dataclass(frozen=True)
class Said:
    """What a page says a command prints, and what it does print."""

    start: int
    command: str
    expected: str
    found: str

    @property
    def agree(self) -> bool:
        """Whether both are the same, with what the page leaves out."""
        if not self.expected.strip() and not self.command.startswith(">>>"):
            return True
        lines = []
        for line in _tidy(self.expected).split("\n"):
            exact = re.escape(line).replace(r"\[\.\.\.\]", ".*")
            lines.append("(?:.*\n)*?" if line == "..." else f"{exact}\n")
        return re.fullmatch("".join(lines), f"{_tidy(self.found)}\n") is not None

    def renewed(self) -> str | None:
        """What should stand in the page; None if only a person can tell what to leave out."""
        before, dots, after = _tidy(self.expected).partition("\n...")
        found = _tidy(self.found).split("\n")
        if self.expected.startswith("\n"):
            found.insert(0, "")
        if not dots and not before.startswith("..."):
            return "\n".join(found) + "\n"
        last = before.rpartition("\n")[2]
        if after or last not in found:
            return None
        return "\n".join([*found[: found.index(last) + 1], "..."]) + "\n"


def follow(page: Path) -> Iterator[Said]:
    """Do what the page shows, in the current folder.

    Args:
        page: a page in MyST.

    Yields:
        What each command and each Python block should say and says.
    """
    names: dict[str, object] = {}
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block["file"]:
            Path(block["file"]).parent.mkdir(parents=True, exist_ok=True)
            Path(block["file"]).write_text(block["text"], encoding="utf-8")
        elif block["kind"] == "console":
            for part in _COMMAND.finditer(block["text"]):
                command, expected = part["command"], part["expected"]
                program, *words = shlex.split(command)
                assert program == "portsim", f"only portsim is run, not {program}"
                start = block.start("text") + part.start("expected")
                yield Said(start, command, expected, _portsim(words))
        elif block["kind"] == "pycon":
            yield _python(page, block, names)


def commands(text: str) -> Iterator[tuple[str, str]]:
    """The commands in the text of a page, each with what stands below it."""
    for block in _BLOCK.finditer(text):
        if block["kind"] == "console":
            for part in _COMMAND.finditer(block["text"]):
                yield part["command"], part["expected"]


def _portsim(words: list[str]) -> str:
    """What portsim prints to stdout, and to stderr if it fails."""
    from portsim.cli import main  # noqa: PLC0415 - heavy, and only pages with commands need it

    out, errors = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n") for _ in range(2))
    ended: object = None
    with (
        mock.patch.object(sys, "argv", ["portsim", *words]),
        mock.patch.dict(os.environ, {"NO_COLOR": "1", "COLUMNS": "140"}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(errors),
    ):
        try:
            main()
        except SystemExit as end:
            ended = end.code
    said = [out, errors] if ended else [out]
    for stream in said:
        stream.flush()
    return "".join(stream.buffer.getvalue().decode() for stream in said)  # type: ignore[attr-defined]


def _python(page: Path, block: re.Match[str], names: dict[str, object]) -> Said:
    text = block["text"]
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    test = doctest.DocTestParser().get_doctest(text, names, page.name, str(page), 0)
    complaints = io.StringIO()
    doctest.DocTestRunner(optionflags=flags).run(test, out=complaints.write, clear_globs=False)
    names.update(test.globs)
    return Said(block.start("text"), text.partition("\n")[0], "", complaints.getvalue())


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def _renew(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        wrong = [said for said in follow(page) if not said.agree]
    for said in reversed(wrong):
        mended = said.renewed() if said.expected else None
        if mended is None:
            print(f"{page}: mend by hand: $ {said.command}\n{said.found}")
        else:
            text = text[: said.start] + mended + text[said.start + len(said.expected) :]
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        _renew(Path(name).resolve())

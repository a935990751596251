"""Files as nobody should write them: right ones of this project with something done to them.

Everything follows from a seed, so that what a long search found can be looked at again.
"""

import random
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portsim.checking import load
from portsim.errors import Fault, ScenarioError
from portsim.reading.text import excerpts

ROOT = Path(__file__).parents[1]
STARTER = ROOT / "src/portsim/starter"
SCENARIOS = ROOT / "scenarios/bakhtu"
LONGEST_S = 5.0
"""Seconds of the processor that reading one file may take."""
_BLOCK = re.compile(
    r"^(?P<fence>`{3,})(?:\{code-block\} )?yaml\n(?::caption: (?P<file>\S+)\n\n?)?"
    r"(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
_WORD = re.compile(r"[^\s,:\[\]{}#]+")

WORDS = (
    *("", "~", "null", "true", "no", "0", "-1", "0.5", "1e308", "1e999", ".nan", "-.inf", "0x7f"),
    *("9" * 18, "9" * 19, "9" * 400, "-0", "1_000", "0o17", "08:00", "24:00", "25:61", "8-20"),
    *("08:00-20:00", "22:00-06:00", "closed", "round the clock", "5 min", "1e9 h", "-3 min"),
    *("999999999 weeks", "0 s", "21 t", "84 m", "60 per day", "99999999 per day", "8000 CNY"),
    *("2024-02-30", "2024-09-16", "0001-01-01", "9999-12-31", "2024-09-16..2024-09-01"),
    *("all", "end", "next", "exit", "arrival", "import", "CN", "gate", "port.yaml", "x.yaml"),
    *(".", "..", "/", "/dev/null", "~/x", "C:\\x", "a.csv", "*a", "&a", "!x", "<<", "? a", "- a"),
    *("[]", "{}", "[[]]", "{a: {}}", "{value: 1}", "{value: 1, source: x}", "[1, 2]", "|", ">"),
    *("进口", "ввоз", "é", "\U0001f69a", "\u202e", "\u200b", "\ufeff", "\u00a0", "：", "\x00"),
    *("\x07", "\x1b[31m", "\x7f", '"\\0"', '"\\ud800"', '"\\x41"', "'", '"', "`", "@", "%", "#"),
    *("x" * 61, "x" * 300, "x" * 5000, "{empirical: {file: r.csv, column: arrival}}"),
    *("{constant: 1 min}", "{exponential: {mean: 0 s}}", "{uniform: {low: 9 h, high: 1 h}}"),
)
"""What is put in the place of words."""

BYTES = (
    *(b"\x00", b"\x01", b"\x1b", b"\x7f", b"\x85", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\xc3"),
    *(
        b"\xed\xa0\x80",
        b"\xe2\x80\xa8",
        b"\t",
        b"\r",
        b"\r\n",
        b"\n",
        b"  ",
        b"\n---\n",
        b"\n...\n",
    ),
    *(b"%YAML 1.1\n", b": ", b"- ", b"? ", b"| \n", b"> \n", b"&a ", b"*a ", b"!!python/name:x "),
    *(b"{", b"}", b"[", b"]", b"'", b'"', b"#", b",", b"\\", b"<<: *a\n", b"extends: x.yaml\n"),
    *(b"extends: [a, b]\n", b'extends: "a\\0"\n', b"extends: .\n", b"extends: /\n"),
)
"""What is put between bytes."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A right file: its name, what stands in it, and its folder in what `lay_out` makes."""

    name: str
    text: str
    folder: str


def seeds() -> list[Seed]:
    """The shipped scenarios, the starter and the manual's examples of YAML."""
    found = [
        Seed(
            file.relative_to(ROOT).as_posix(),
            file.read_text(encoding="utf-8"),
            file.parent.relative_to(folder.parent).as_posix(),
        )
        for folder in (STARTER, SCENARIOS)
        for file in sorted(folder.rglob("*.yaml"))
    ]
    for page in sorted([*ROOT.glob("docs/**/*.md"), ROOT / "README.md"]):
        blocks = _BLOCK.finditer(page.read_text(encoding="utf-8"))
        for number, block in enumerate(blocks):
            name = f"{page.relative_to(ROOT).as_posix()}[{number}]"
            found.append(Seed(name, block["text"], STARTER.name))
    return found


def lay_out(folder: Path) -> None:
    """Copies of all that seeds name, beside each other as in the project, and what mutations name.

    A mutated seed belongs into its folder of these.
    """
    for source in (STARTER, SCENARIOS):
        shutil.copytree(source, folder / source.name)
    for target in {folder / seed.folder for seed in seeds()}:
        (target / "a.csv").write_text("a\n5\n10\n20\n", encoding="utf-8")
        (target / "inside.csv").write_text(
            "truck,class,stage,status,since\nA,vans,desk,waiting,2025-04-14 09:40\n",
            encoding="utf-8",
        )
        (target / "r.csv").write_text(
            "arrival\n2024-09-16T08:15:00\n2024-09-17T09:00:00+06:00\n2024-09-18 10:00:00\n",
            encoding="utf-8",
        )


# ---- what is done to a file ---------------------------------------------------------------------

Change = Callable[[random.Random, bytes, list[Seed]], bytes]


def _spot(luck: random.Random, data: bytes) -> tuple[int, int]:
    start = luck.randrange(len(data) + 1)
    return start, min(len(data), start + int(luck.paretovariate(0.7)))


def _cut(luck: random.Random, data: bytes, _: list[Seed]) -> bytes:
    start, stop = _spot(luck, data)
    return data[:start] + data[stop:]


def _end(luck: random.Random, data: bytes, _: list[Seed]) -> bytes:
    return data[: luck.randrange(len(data) + 1)]


def _put(luck: random.Random, data: bytes, _: list[Seed]) -> bytes:
    at = luck.choice((0, len(data), luck.randrange(len(data) + 1)))
    more = luck.choice(BYTES) * luck.choice((1, 1, 1, 2, 60))
    return data[:at] + more + data[at:]


def _flip(luck: random.Random, data: bytes, _: list[Seed]) -> bytes:
    if not data:
        return data
    at = luck.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << luck.randrange(8))]) + data[at + 1 :]


def _twice(luck: random.Random, data: bytes, _: list[Seed]) -> bytes:
    start, stop = _spot(luck, data)
    return data[:stop] + data[start:stop] * luck.choice((1, 1, 5, 40)) + data[stop:]


def _word(luck: random.Random, data: bytes, _: list[Seed]) -> bytes:
    text = data.decode("utf-8", "surrogateescape")
    words = list(_WORD.finditer(text))
    if not words:
        return data
    chosen = luck.choice(words)
    other = luck.choice((*WORDS, *(luck.choice(words)[0] for _ in range(len(WORDS) // 2))))
    text = text[: chosen.start()] + other + text[chosen.end() :]
    return text.encode("utf-8", "surrogateescape")


def _lines(luck: random.Random, data: bytes, _: list[Seed]) -> bytes:
    lines = data.split(b"\n")
    at = luck.randrange(len(lines))
    other = luck.randrange(len(lines))
    way = luck.randrange(5)
    if way == 0:
        del lines[at]
    elif way == 1:
        lines.insert(other, lines[at])
    elif way == 2:
        lines[at], lines[other] = lines[other], lines[at]
    elif way == 3:
        lines[at] = b" " * luck.randrange(9) + lines[at].lstrip()
    else:
        lines[at] = luck.choice((b"\t", b"  ", b"- ", b"#", b"\xc2\xa0")) + lines[at]
    return b"\n".join(lines)


def _other(luck: random.Random, data: bytes, all_: list[Seed]) -> bytes:
    """Some of another file in the midst."""
    lines = data.split(b"\n")
    others = luck.choice(all_).text.encode("utf-8").split(b"\n")
    start = luck.randrange(len(others))
    at = luck.randrange(len(lines) + 1)
    lines[at:at] = others[start : start + luck.randrange(1, 12)]
    return b"\n".join(lines)


def _coded(luck: random.Random, data: bytes, _: list[Seed]) -> bytes:
    code = luck.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "gbk", "cp1251", "utf-7"))
    return data.decode("utf-8", "replace").encode(code, "replace")


def _deep(luck: random.Random, data: bytes, _: list[Seed]) -> bytes:
    """Something deep, long or multiplied at the end."""
    many = luck.choice((3, 40, 60, 300, 3000))
    chain = "\n".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, many))
    more = luck.choice(
        (
            "x: " + "[" * many,
            "x: " + "[" * many + "]" * many,
            "x: " + "{a: " * many + "}" * many,
            "\n".join(" " * n + "a:" for n in range(min(many, 300))),
            "- " * many,
            f"a0: &a0 [1]\n{chain}",
            "a: &a {b: *a}",
            "calendars: &c {x: *c}\n",
            "\n".join(f"k{n}: {n}" for n in range(many)),
            "traffic: {" + ", ".join(f"k{n}: {{}}" for n in range(many)) + "}",
            "stages:\n" + "\n".join(f"  k{n}: {{time: x}}" for n in range(many)),
            "? " * many + "a",
            "a: " + "x" * many * 30,
        )
    )
    return data + b"\n" + more.encode("utf-8")


def _noise(luck: random.Random, data: bytes, _: list[Seed]) -> bytes:
    return luck.choice((b"", b"\n", b"#", luck.randbytes(luck.randrange(1, 400)), data[::-1]))


CHANGES: tuple[tuple[Change, int], ...] = (
    *((_word, 12), (_lines, 8), (_cut, 5), (_put, 6), (_twice, 3), (_flip, 3), (_end, 3)),
    *((_other, 4), (_deep, 2), (_coded, 1), (_noise, 1)),
)
"""Ways to damage a file, and how often each is taken."""


def mutated(luck: random.Random, seed: Seed, all_: list[Seed]) -> bytes:
    """A seed with one to six things done to it."""
    data = seed.text.encode("utf-8")
    ways, weights = zip(*CHANGES, strict=True)
    for _ in range(luck.choice((1, 1, 1, 2, 2, 3, 6))):
        (way,) = luck.choices(ways, weights)
        data = way(luck, data, all_)
    return data


def put(number: int, all_: list[Seed], folder: Path) -> tuple[Path, str]:
    """Write the mutation of a number into the folder of its seed, and name the seed."""
    luck = random.Random(number)
    small = [seed for seed in all_ if seed.folder == STARTER.name]
    # Half of them from what a new user copies: much smaller, and as likely to be damaged.
    seed = luck.choice(luck.choice((small, all_)))
    file = folder / seed.folder / "mutated.yaml"
    file.write_bytes(mutated(luck, seed, all_))
    return file, seed.name


# ---- what is asked of whoever reads it ----------------------------------------------------------


class TooSlowError(BaseException):
    """Reading took longer than anybody should wait; no `except Exception` on its way hides it."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise if what follows takes more of the processor; where there is no such timer, wait."""
    if not hasattr(signal, "SIGPROF"):
        yield
        return

    def stop(*_: object) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


def outcome(file: Path) -> str:
    """What comes of reading a file: ``valid``, or ``refused`` in words with a place.

    Raises:
        AssertionError: it was refused without a place, or without words.
        Exception: anything but a fault in words; that is what is looked for.
    """
    refused = None
    try:
        load(file)
    except ScenarioError as error:
        refused = error
    if refused is None:
        return "valid"
    assert refused.faults
    assert str(refused)
    for fault, shown in zip(refused.shown, excerpts(refused.shown), strict=True):
        _check(fault, shown)
    return "refused"


def _check(fault: Fault, shown: str) -> None:
    assert fault.file, fault
    assert fault.found or fault.path, fault
    assert fault.expected or fault.found, fault
    assert len(str(fault)) < 3000, str(fault)[:300]
    assert all(c.isprintable() or c == "\n" for c in f"{fault}{shown}"), fault

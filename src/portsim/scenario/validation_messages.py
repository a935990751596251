"""The scenario room's messages: from what pydantic found to what a person can mend.

Words and places only; no meaning of a scenario is decided here.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, ValidationError

from portsim.errors import MOST_SHOWN, Fault
from portsim.reading.annotations import Path
from portsim.reading.fault_places import fault_at, key_place
from portsim.reading.merging import Tree
from portsim.reading.nodes import Place
from portsim.reading.text import dotted, short
from portsim.scenario import hints, shapes

__all__ = ["ValueFault", "faults_from", "paths_at_fault"]

_MOST_KEYS = 16


class ValueFault(ValueError):  # noqa: N818 (reads as a word in a validator: raise ValueFault)
    """A value that a validator of the scenario refuses. Say what could stand there instead.

    Attributes:
        expected: what could stand there.
        hint: how to mend it; may be empty.
        code: short kebab-case name of the kind of fault.
        found: what stands there in the user's words; empty shows the value itself.
        at: path from the value that is validated to the value at fault.
        key: whether the key at the end of the path is at fault, and not its value.
    """

    def __init__(
        self,
        *,
        expected: str,
        hint: str = "",
        code: str = "wrong-value",
        found: str = "",
        at: tuple[str | int, ...] = (),
        key: bool = False,
    ) -> None:
        self.expected = expected
        self.hint = hint
        self.code = code
        self.found = found
        self.at = at
        self.key = key
        super().__init__(f"expected {expected}")

    def below(self, *at: str | int, key: bool = False) -> "ValueFault":
        """The same fault, seen from a mapping that holds the value at ``at``."""
        return ValueFault(
            expected=self.expected,
            hint=self.hint,
            code=self.code,
            found=self.found,
            at=(*at, *self.at),
            key=key or self.key,
        )


def faults_from(error: ValidationError, tree: Tree, model: type[BaseModel]) -> list[Fault]:
    """Translate pydantic's errors into faults with places, in the order of the file.

    Args:
        error: what ``model.model_validate(tree.data)`` raised.
        tree: the tree that was validated.
        model: the model it was validated against.
    """
    seen = [_walk(details, tree.data, model) for details in error.errors(include_url=False)]
    kept = list(_without_other_branches(seen, 0))
    folded = _fold_misspelt(kept)
    order = {file: number for number, file in enumerate(tree.files)}

    def at(place: Place | Fault) -> tuple[int, int, int]:
        return order.get(place.file, 0), place.line, place.column

    folded.sort(key=lambda problem: at(key_place(tree, problem.within)))
    # Advice takes long to find; nobody reads that on the thousandth fault.
    faults = dict.fromkeys(
        _translate(problem, tree, advised=number < 2 * MOST_SHOWN)
        for number, problem in enumerate(folded)
    )
    return sorted(faults, key=at)


def paths_at_fault(
    error: ValidationError, data: dict[str, Any], model: type[BaseModel]
) -> list[tuple[Path, str]]:
    """Return where in ``data`` each error of pydantic lies: a path, and the key missing there.

    A key that is unknown is part of its path; the second part is empty but for a missing key.
    """
    seen = (_walk(details, data, model) for details in error.errors(include_url=False))
    return [
        (problem.within, "" if problem.kind == "extra_forbidden" else problem.key)
        for problem in seen
    ]


@dataclass(frozen=True)
class _Seen:
    """One error of pydantic with its path in the file.

    Attributes:
        raw: pydantic's own words.
        path: path of the value, or of the mapping for a missing or unknown key.
        value: the value there, as written.
        key: the missing or unknown key, else empty.
        keys: keys that could stand in the mapping, and what they are for.
        needed: keys that must stand in it.
        choices: branches of unions taken on the way, each with the path of its union.
    """

    raw: Any
    path: Path
    value: Any
    key: str
    keys: dict[str, str]
    choices: tuple[tuple[Path, str], ...]
    needed: tuple[str, ...] = ()
    expected: str = ""

    @property
    def kind(self) -> str:
        return str(self.raw["type"])

    @property
    def within(self) -> Path:
        """Path of what a person looks for: an unknown key, else the value."""
        return (*self.path, self.key) if self.kind == "extra_forbidden" else self.path


def _walk(raw: Any, data: Any, model: type[BaseModel]) -> _Seen:
    loc = raw["loc"]
    key = ""
    if raw["type"] in ("missing", "extra_forbidden") and loc:
        *loc, key = loc
    path: Path = ()
    value: Any = data
    shape: shapes.Shape = [model]
    here = [model]
    choices: list[tuple[Path, str]] = []
    for part in loc:
        if _holds(value, part):
            path, value = (*path, part), value[part]
            shape = shapes.step(shape, part)
            here = shapes.models(shape)
        elif down := shapes.step_field(shape, part):
            # A validator put a short form into its full one: the file has no such key.
            shape = down
            here = [*shapes.models(down), *here]
        elif part != "[key]":
            choices.append((path, str(part)))
            shape = shapes.tagged(shape, part)
            here = shapes.models(shape)
    needed = shapes.required_keys(here)
    return _Seen(raw, path, value, str(key), shapes.known_keys(here), tuple(choices), needed)


def _holds(value: Any, part: str | int) -> bool:
    if isinstance(value, list):
        return isinstance(part, int) and part < len(value)
    return isinstance(value, dict) and part in value


def _without_other_branches(errors: list[_Seen], depth: int) -> Iterator[_Seen]:
    """Keep, for each union, the errors of the branch whose shape was written."""
    unions: dict[tuple[Any, ...], dict[str, list[_Seen]]] = {}
    for problem in errors:
        if len(problem.choices) <= depth:
            yield problem
        else:
            union, tag = problem.choices[depth]
            unions.setdefault((*problem.choices[:depth], union), {}).setdefault(tag, []).append(
                problem
            )
    for (*_, path), branches in unions.items():
        chosen = _choose(path, list(branches.values()))
        if len(chosen) == 1:
            yield from _without_other_branches(chosen[0], depth + 1)
            continue
        first = chosen[0][0]
        words = dict.fromkeys(_expected(problem) for branch in chosen for problem in branch[:1])
        raw = {"type": "union", "ctx": {}, "msg": ""}
        yield replace(first, raw=raw, path=path, key="", expected=" or ".join(words))


def _choose(path: Path, branches: list[list[_Seen]]) -> list[list[_Seen]]:
    def of_other_shape(branch: list[_Seen]) -> bool:
        return any(_is_of_shape(problem) and problem.path == path for problem in branch)

    def distance(branch: list[_Seen]) -> tuple[bool, int, int]:
        inside = any(problem.key or problem.path != path for problem in branch)
        unknown = sum(
            problem.kind == "extra_forbidden" and problem.path == path for problem in branch
        )
        return (not inside, unknown, len(branch))

    live = [branch for branch in branches if not of_other_shape(branch)]
    specific = [b for b in live if any(problem.kind != "literal_error" for problem in b)]
    return [min(specific, key=distance)] if specific else branches


def _is_of_shape(problem: _Seen) -> bool:
    return problem.kind.endswith(("_type", "_parsing")) or problem.kind == "is_instance_of"


def _fold_misspelt(errors: list[_Seen]) -> list[_Seen]:
    """Drop a missing key if an unknown one beside it is its misspelling."""
    missing: dict[Path, set[str]] = {}
    for problem in errors:
        if problem.kind == "missing":
            missing.setdefault(problem.path, set()).add(problem.key)
    kept: list[_Seen] = []
    for problem in errors:
        beside = missing.get(problem.path) if problem.kind == "extra_forbidden" else None
        like = hints.like(problem.key, sorted(beside)) if beside else ""
        if beside and like:
            beside.remove(like)
            kept.append(replace(problem, keys={like: problem.keys.get(like, "")}))
        else:
            kept.append(problem)
    return [
        problem
        for problem in kept
        if problem.kind != "missing" or problem.key in missing[problem.path]
    ]


def _translate(problem: _Seen, tree: Tree, *, advised: bool = True) -> Fault:
    if problem.kind == "extra_forbidden":
        free = [key for key in problem.keys if not _holds(problem.value, key)]
        hint = hints.about_key(problem.key, free) if advised else ""
        found = f"unknown key `{short(problem.key)}`"
        where = (*problem.path, problem.key)
        expected = _one_of(free) if free else "no further key"
        return key_place(tree, where).fault(dotted(where), "unknown-key", found, expected, hint)
    if problem.kind == "missing":
        purpose = problem.keys.get(problem.key, "")
        if purpose[1:2].islower():
            purpose = purpose[:1].lower() + purpose[1:]
        expected = f"`{problem.key}`" + (f": {purpose}" if purpose else "")
        place = key_place(tree, problem.path)
        return place.fault(
            dotted((*problem.path, problem.key)), "missing-key", f"no `{problem.key}`", expected
        )
    wrong = problem.raw.get("ctx", {}).get("error")
    is_key = problem.raw.get("loc", ())[-1:] == ("[key]",)
    if isinstance(wrong, ValueFault):
        path = (*problem.path, *wrong.at)
        words = {"expected": wrong.expected, "hint": wrong.hint, "found": wrong.found}
        return fault_at(tree, path, code=wrong.code, key=wrong.key or is_key, **words)
    code = "wrong-type" if _is_of_shape(problem) else problem.kind.replace("_", "-")
    if is_key:
        found = f"`{short(str(problem.path[-1]))}`"
        return key_place(tree, problem.path).fault(
            dotted(problem.path), code, found, _expected(problem)
        )
    hint = _hint(problem) if advised else ""
    return fault_at(tree, problem.path, expected=_expected(problem), hint=hint, code=code)


def _choices(problem: _Seen) -> list[str]:
    """The choices pydantic names, without the empty text that stands for nothing."""
    expected = str(problem.raw.get("ctx", {}).get("expected", ""))
    words = [word for word in re.findall(r"'([^']*)'|(\S+)", expected) if word[1] not in ("or",)]
    return [name or other.rstrip(",") for name, other in words if name or other.strip(",")]


def _list(keys: Iterable[str]) -> str:
    names = [f"`{key}`" for key in keys]
    more = ["…"] if len(names) > _MOST_KEYS else []
    return ", ".join(names[:_MOST_KEYS] + more)


def _one_of(keys: Collection[str]) -> str:
    return f"one of {_list(keys)}" if len(keys) > 1 else _list(keys)


_SHAPES = {
    **dict.fromkeys(("model", "model_attributes", "dict", "mapping", "dataclass"), "a mapping"),
    **dict.fromkeys(("list", "tuple", "set", "frozen_set", "iterable"), "a list"),
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "`true` or `false`",
    "date": "a date such as 2024-09-21",
    "time": "a time of day such as 08:00",
}
_LIMITS = {
    "greater_than": "more than {gt}",
    "greater_than_equal": "{ge} or more",
    "less_than": "less than {lt}",
    "less_than_equal": "{le} or less",
    "multiple_of": "a multiple of {multiple_of}",
    "finite_number": "a finite number",
    "int_from_float": "a whole number",
    "string_too_short": "text of at least {min_length} characters",
    "string_too_long": "text of at most {max_length} characters",
    "too_short": "at least {min_length} of them",
    "too_long": "at most {max_length} of them",
    "invalid_key": "text as a key",
    "none_required": "nothing",
    "string_pattern_mismatch": "text of another form",
}


def _expected(problem: _Seen) -> str:
    context: dict[str, Any] = {
        key: int(value) if isinstance(value, float) and value.is_integer() else value
        for key, value in problem.raw.get("ctx", {}).items()
    }
    wrong = context.get("error")
    if problem.expected or isinstance(wrong, ValueFault):
        return problem.expected or str(getattr(wrong, "expected", ""))
    if problem.kind in ("literal_error", "enum"):
        names = [f"`{name}`" for name in _choices(problem)]
        return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
    if problem.kind in ("union_tag_invalid", "union_tag_not_found"):
        tags = str(context.get("expected_tags", "")).replace("'", "`")
        key = str(context.get("discriminator", "")).replace("'", "`")
        return f"one of {tags} as {key}" if tags else f"a key {key}"
    if problem.kind in _LIMITS:
        return _LIMITS[problem.kind].format_map(context)
    stem = problem.kind.removesuffix("_type").removesuffix("_parsing")
    plain = str(problem.raw["msg"]).removeprefix("Input should be ").removeprefix("Value error, ")
    text = _SHAPES.get(stem, plain.removeprefix("Assertion failed, "))
    if stem.startswith("model") and problem.keys:
        # What must be there; where nothing must, what could be.
        text += f" with {_list(problem.needed or problem.keys)}"
    return text


def _hint(problem: _Seen) -> str:
    value, written = problem.value, str(problem.value).lower()
    hint = ""
    stem = problem.kind.removesuffix("_type").removesuffix("_parsing")
    if value is None:
        hint = "write a value, or delete the key"
    elif problem.kind.startswith("bool") and written in ("yes", "on", "y", "no", "off", "n"):
        hint = f"write `{'true' if written in ('yes', 'on', 'y') else 'false'}`"
    elif problem.kind == "string_type" and isinstance(value, int | float):
        hint = "put it in quotes"
    elif problem.kind in ("int_type", "float_type", "less_than_equal", "union"):
        most = problem.raw.get("ctx", {}).get("le")
        hint = hints.about_number(value, most, whole=problem.kind == "int_type")
    elif _SHAPES.get(stem) == "a list":
        hint = hints.about_list(value)
    elif stem.startswith("model"):
        hint = hints.about_mapping(value, problem.needed)
    elif problem.kind == "literal_error":
        hint = hints.about_key(written, _choices(problem))
    return hint

"""The reading room's interpreter of YAML syntax errors: the parser's jargon in plain words.

Nothing but the parser's own error may enter.
"""

import re

from ruamel.yaml.error import MarkedYAMLError

from portsim.reading.text import short

__all__ = ["explain"]

# (the parser's problem, whether its start tells more than its end, found, expected, hint)
_PROBLEMS = (
    (
        r"mapping values are not allowed",
        False,
        "a `:` where no key can stand",
        "one `key: value` in a line",
        "indent the line like its neighbours; put text that contains `: ` in quotes",
    ),
    (r"expected ':'", True, "a line without `:`", "`key: value`", ""),
    (r"expected ',' or '\]'", True, "a `[` that is not closed", "a comma or `]`", ""),
    (r"expected ',' or '}'", True, "a `{` that is not closed", "a comma or `}`", ""),
    (r"expected the node content", True, "a bracket that is not closed", "its end", ""),
    (
        r"expected <block end>",
        False,
        "something that does not fit the lines above",
        "the same indentation as its neighbours",
        "lines of one mapping or list begin in the same column; nothing follows a closing quote",
    ),
    (r"unexpected (end of stream|document sep)", True, "a quote that is not closed", "its end", ""),
    (
        r"escape",
        False,
        "a `\\` with an unknown letter",
        "text",
        "use single quotes around text with a backslash",
    ),
    (
        r"cannot start any token|alphabetic or numeric",
        False,
        "text that begins with a special sign",
        "a value",
        "put the text in quotes",
    ),
    (r"tag handle", False, "a tag `!…`", "a plain value", "delete the tag"),
)


def explain(error: MarkedYAMLError) -> tuple[int, int, str, str, str]:
    """Return 1-based line and column (0 if unknown), what was found, expected, and a hint."""
    problem = str(error.problem or error.context or "")
    found, expected, hint = f"something YAML cannot read ({short(problem)})", "YAML 1.2", ""
    mark = error.problem_mark or error.context_mark
    for pattern, from_start, *words in _PROBLEMS:
        if re.search(pattern, problem):
            found, expected, hint = words
            mark = (from_start and error.context_mark) or mark
            break
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    return line, column, found, expected, hint

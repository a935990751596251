"""Whether the script that is running lets worker processes read it without starting all over.

A worker process reads the main script again, to know what it defines; what stands there without
`if __name__ == "__main__":` is done again by each of them. No task and no pool is known here.
"""

import ast
import sys
from pathlib import Path
from types import FrameType

__all__ = ["unguarded"]


def unguarded() -> str:
    """Where the main script calls us outside a guard: ``script.py:4``; empty if it does not.

    What cannot be told, such as a call from a thread of its own, counts as guarded.
    """
    main = sys.modules.get("__main__")
    file = getattr(main, "__file__", None)
    frame = _main_frame(getattr(main, "__dict__", {}))
    if not file or frame is None or not Path(file).is_file():
        return ""
    try:
        tree = ast.parse(Path(file).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return ""
    line = frame.f_lineno
    for statement in tree.body:
        if statement.lineno <= line <= (statement.end_lineno or statement.lineno):
            guarded = isinstance(statement, ast.If) and _asks_name(statement.test)
            return "" if guarded else f"{Path(file).name}:{line}"
    return ""


def _main_frame(names: dict[str, object]) -> FrameType | None:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_globals is names and frame.f_code.co_name == "<module>":
            return frame
        frame = frame.f_back
    return None


def _asks_name(test: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(test))

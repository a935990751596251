"""Makes `engine.wasm`: the compiled engine once more, for browsers.

    python releasing/wasm.py [--check] --linker "python -m ziglang wasm-ld"

Nothing is written anew. Numba compiles `portsim.engines.compiled.loop` for a plain processor, its
LLVM code is given the triple and data layout of wasm32, everything that calls Python is dropped,
llvmlite emits objects and wasm-ld links them. Two functions are seen from outside, the loop without
and with the rules that look at queues, as `compiled.run` chooses between them. They take the
address of their arguments, 8 bytes each, as Numba hands them over (`portsim.livepage.engine`), and
give 0.

With --check nothing is written, and what is shipped must be what comes out.
"""

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

# Said before Numba is loaded: every machine is to make the same code.
os.environ |= {
    "NUMBA_CPU_NAME": "generic",
    "NUMBA_CPU_FEATURES": "",
    "NUMBA_LOOP_VECTORIZE": "0",
    "NUMBA_SLP_VECTORIZE": "0",
}

import llvmlite
import llvmlite.binding as llvm
import numba
import numpy as np

from portsim.engines.compiled import loop
from portsim.engines.compiled.lists import arguments_of
from portsim.livepage.engine import ENGINE, ORIGIN, origin
from portsim.plan.contract import Plan

TRIPLE = "wasm32-unknown-unknown"
_OURS = "_ZN7portsim7engines8compiled4loop8simulate"
_STACK = 65_536
_DOORS = {"run": numba.types.none, "run_looking": numba.types.boolean}
"""What is seen from outside, and the type of what `simulate` is told of rules."""
_LINKING = (
    *("--no-entry", "--export=__heap_base", "--strip-all", "-z", f"stack-size={_STACK}"),
    *(f"--export={name}" for name in _DOORS),
)


def numba_code(ruled: numba.types.Type) -> str:
    """LLVM code of the loop, for a plain processor of this kind."""
    nothing = np.zeros(0, dtype=np.int64)
    start = np.zeros(1, dtype=np.int64)
    names = Plan.__dataclass_fields__
    empty = {name: start if name.endswith(("start", "first_visit")) else nothing for name in names}
    kept = {name: value for name, value in empty.items() if _is_needed(name)}
    flags = {name: nothing.astype(bool) for name in kept if name.startswith("stage_")}
    tables_2d = {name: nothing.reshape(0, 2) for name in ("admit", "work")}
    plan = Plan(**{**kept, **flags, **tables_2d, "end": 1})
    told = *map(numba.typeof, arguments_of(plan)), ruled
    # Compiled anew: what lies in the cache has no code left to look at.
    compiled = numba.njit(nogil=True, _nrt=False)(loop.simulate.py_func)
    compiled.compile(told)
    return str(compiled.inspect_llvm(compiled.signatures[0]))


def _is_needed(name: str) -> bool:
    field = Plan.__dataclass_fields__[name]
    return field.default is not None and name != "context"


def retargeted(code: str, door: str) -> bytes:
    """An object for wasm32 with a function of that name and what it calls."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    machine = llvm.Target.from_triple(TRIPLE).create_target_machine(cpu="generic", opt=3)
    code = re.sub(r'target datalayout = ".*"', f'target datalayout = "{machine.target_data}"', code)
    code = re.sub(r'target triple = ".*"', f'target triple = "{TRIPLE}"', code)
    # What Numba says of the processor it compiled for.
    code = re.sub(r'"(target-cpu|target-features|probe-stack)"="[^"]*"', "", code)
    module = llvm.parse_assembly(code)
    ours = [f for f in module.functions if f.name.startswith(_OURS) and not f.is_declaration]
    if len(ours) != 1:
        raise SystemExit(
            f"Numba {numba.__version__} names its functions otherwise: look in its LLVM code for "
            f"the function that runs the loop, and change _OURS in {__file__}"
        )
    entry = _entry(door, ours[0].name, [str(argument.type) for argument in ours[0].arguments])
    for part in (*module.functions, *module.global_variables):
        if not part.is_declaration:
            part.linkage = "internal"
    module = llvm.parse_assembly(f"{module}\n{entry}")
    module.verify()
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = options.slp_vectorization = False
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    called = [f.name for f in module.functions if f.is_declaration and "llvm." not in f.name]
    if called:
        raise SystemExit(
            f"the loop calls {', '.join(called)}, which no browser has: Numba {numba.__version__} "
            "does something by a helper that it did in place before; write that step otherwise"
        )
    return bytes(machine.emit_object(module))


def _entry(door: str, name: str, types: list[str]) -> str:
    """A function that takes its arguments from a row of 8 bytes each."""
    if types[:2] != ["ptr", "ptr"]:
        raise SystemExit(
            f"Numba {numba.__version__} hands over arguments otherwise: {name} takes {types[:4]}; "
            "two addresses for the answer were expected first"
        )
    lines, given = [], []
    for number, kind in enumerate(types[2:]):
        lines += [
            f"  %at{number} = getelementptr i64, ptr %row, i32 {number}",
            f"  %wide{number} = load i64, ptr %at{number}, align 8",
        ]
        if kind == "i64":
            given.append(f"i64 %wide{number}")
            continue
        cast = "inttoptr" if kind == "ptr" else "trunc"
        lines.append(f"  %own{number} = {cast} i64 %wide{number} to {kind}")
        given.append(f"{kind} %own{number}")
    body = "\n".join(lines)
    return (
        f"define i32 @{door}(ptr noalias %row) {{\n  %answer = alloca ptr\n  %fault = alloca ptr\n"
        f"{body}\n  %status = call i32 @{name}(ptr %answer, ptr %fault, {', '.join(given)})\n"
        "  ret i32 %status\n}\n"
    )


def linked(objects: dict[str, bytes], linker: str) -> bytes:
    """The module that browsers take."""
    with tempfile.TemporaryDirectory() as folder:
        parts, whole = [Path(folder) / f"{name}.o" for name in objects], Path(folder) / ENGINE.name
        for part, made in zip(parts, objects.values(), strict=True):
            part.write_bytes(made)
        subprocess.run([*shlex.split(linker), *parts, "-o", whole, *_LINKING], check=True)
        return whole.read_bytes()


def main() -> None:
    """Build; write, or compare."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--check", action="store_true")
    words.add_argument("--linker", default="wasm-ld")
    told = words.parse_args()
    objects = {door: retargeted(numba_code(ruled), door) for door, ruled in _DOORS.items()}
    made = linked(objects, told.linker)
    by = {"numba": numba.__version__, "llvmlite": llvmlite.__version__}
    if not told.check:
        ENGINE.write_bytes(made)
        ORIGIN.write_text(json.dumps({**by, **origin(made)}, indent=1) + "\n", "utf-8")
        print(f"{ENGINE.name}: {len(made):,} bytes")
        return
    if made == ENGINE.read_bytes():
        print(f"{ENGINE.name} is what the compiled engine gives, to the byte")
        return
    before = json.loads(ORIGIN.read_text("utf-8"))
    why = (
        "the loop has changed"
        if all(before[name] == version for name, version in by.items())
        else f"it was made by Numba {before['numba']} and llvmlite {before['llvmlite']}, "
        f"here are {by['numba']} and {by['llvmlite']}"
    )
    sys.exit(
        f"{ENGINE.name} is not what the compiled engine gives ({why}): run `make wasm`, then the "
        "tests in tests/live, which hold its logs to those of the compiled engine, and commit both"
    )


if __name__ == "__main__":
    main()

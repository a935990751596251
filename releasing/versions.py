"""Tries portsim on every Python it is meant for, each in an environment of its own.

    python releasing/versions.py 3.11 3.12 3.13 3.14 tests/theory
    python releasing/versions.py --oldest 3.11 tests/theory

With `--oldest` every dependency has the oldest version that pyproject.toml allows. An interpreter
is looked for on the PATH, among pyenv's, and with `uv`, which may fetch it. One that is not to be
had is named at the end and fails nothing; a test that fails on one that is there does.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from oldest import oldest

ROOT = Path(__file__).parents[1]
# One process, so that two cores can do something else; the tests are those of the Makefile.
PYTEST = ["-m", "pytest", "-n", "1"]
VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"


def candidates(wanted: str) -> Iterator[str]:
    """Where Python ``wanted``, such as 3.12, may be."""
    for place in os.environ.get("PATH", "").split(os.pathsep):
        if found := shutil.which(f"python{wanted}", path=place):
            yield found
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for folder in sorted(pyenv.glob(f"{wanted}.*")):
        yield str(folder / "bin" / "python")
    uv = shutil.which("uv") or shutil.which("uv", path=str(ROOT / ".venv-tools" / "bin"))
    if uv:
        fetch = [uv, "python", "install", "--quiet", wanted]
        subprocess.run(fetch, check=False, capture_output=True)
        find = [uv, "python", "find", "--managed-python", wanted]
        yield subprocess.run(find, check=False, capture_output=True, text=True).stdout.strip()


def interpreter(wanted: str) -> str | None:
    """A Python of the wanted version that runs: a shim of pyenv may stand for nothing."""
    for python in candidates(wanted):
        try:
            said = subprocess.run(
                [python, "-c", VERSION], check=False, capture_output=True, text=True
            )
        except OSError:
            continue
        if said.stdout.strip() == wanted:
            return python
    return None


def tried(python: str, home: Path, tests: list[str], *, old: bool) -> bool:
    """Whether the package can be installed in the environment ``home`` and passes there."""
    own = str(home / "bin" / "python")
    if not Path(own).exists():
        subprocess.run([python, "-m", "venv", home], check=True)
    pip = [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pytest = [own, *PYTEST]
    if old:
        constraints = home / "constraints.txt"
        constraints.write_text("\n".join(oldest()) + "\n", encoding="utf-8")
        pip += ["--constraint", str(constraints)]
        # What an old release of a package warns of has been put right in a newer one.
        pytest += ["-W", "default"]
    # Not editable, for compiled code is kept beside the source. What portsim needs is renewed where
    # that has changed, portsim itself always.
    for words in (["--upgrade", ".[dev]"], ["--force-reinstall", "--no-deps", "."]):
        if subprocess.run([*pip, *words], cwd=ROOT, check=False).returncode:
            return False
    return subprocess.run([*pytest, *tests], cwd=ROOT, check=False).returncode == 0


def main(versions: list[str], tests: list[str], *, old: bool) -> int:
    """Try one after the other; 1 if one that is there fails, or none is there."""
    outcome: dict[str, str] = {}
    for wanted in versions:
        python = interpreter(wanted)
        print(f"== Python {wanted}: {python or 'not found, and uv could not fetch it'}", flush=True)
        if python is None:
            outcome[wanted] = "NOT TRIED, no such interpreter is to be had here"
        else:
            home = ROOT / (".venv-oldest" if old else f".venv-{wanted}")
            outcome[wanted] = "passed" if tried(python, home, tests, old=old) else "FAILED"
    for wanted, ended in outcome.items():
        print(f"Python {wanted}{', oldest dependencies' if old else ''}: {ended}")
    return int("FAILED" in outcome.values() or "passed" not in outcome.values())


if __name__ == "__main__":
    asked = sys.argv[1:]
    numbers = [word for word in asked if word.startswith("3.")]
    folders = [word for word in asked if word not in ("--oldest", *numbers)]
    sys.exit(main(numbers, folders, old="--oldest" in asked))

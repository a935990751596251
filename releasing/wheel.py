"""Tries the wheel in a folder as a stranger would: away from the checkout, with nothing installed.

    python releasing/wheel.py dist

Looks whether it holds all that the source tree holds, installs it in an empty environment in a
temporary folder, makes the starter there and runs it. Raises on the first thing that fails.
"""

import os
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
WRITTEN = ("summary.csv", "manifest.json", "report.html", "figures/overview.png")


def lacking(wheel: Path) -> list[str]:
    """Files of the source tree, programs and others, that the wheel does not hold."""
    with zipfile.ZipFile(wheel) as opened:
        held = set(opened.namelist())
    # What Python and Numba leave behind is in __pycache__.
    wanted = [
        file.relative_to(SOURCE).as_posix()
        for file in (SOURCE / "portsim").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    ]
    return sorted(set(wanted) - held)


def main(dist: Path) -> None:
    """Look at the wheel, install it, use it."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    wheel = dist.resolve() / f"portsim-{version}-py3-none-any.whl"
    if missing := lacking(wheel):
        raise SystemExit(f"{wheel.name} lacks {', '.join(missing)}")
    with tempfile.TemporaryDirectory() as folder:
        away = Path(folder)
        # Nothing of the checkout may help.
        around = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}

        def run(*words: str | Path) -> str:
            said = subprocess.run(words, cwd=away, env=around, check=True, stdout=subprocess.PIPE)
            return said.stdout.decode()

        run(sys.executable, "-m", "venv", away / "empty")
        own = away / "empty" / "bin"
        run(own / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel)
        said = run(own / "portsim", "--version").strip()
        if said.split()[-1] != version:
            raise SystemExit(f"the wheel is {version}, portsim --version says {said!r}")
        run(own / "portsim", "new", "my-port")
        run(own / "portsim", "run", "my-port/port.yaml", "--out", "out")
        run(own / "portsim", "report", "out", "--lang", "zh")
        if absent := [file for file in WRITTEN if not (away / "out" / file).is_file()]:
            raise SystemExit(f"portsim run did not write {', '.join(absent)}")
    print(f"{wheel.name}: installed in an empty environment, {said}, starter run")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

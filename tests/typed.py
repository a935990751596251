"""The command line as a user types it, in this process: Python and its libraries start only once.

What a process of its own is for (signals, exit by a kill, streams of a console) is tested in one.
"""

import io
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from portsim.cli import main


def typed(
    *words: object, cwd: Path, encoding: str = "utf-8", **environment: str
) -> subprocess.CompletedProcess[str]:
    """What `portsim` gives back for some words, said in a folder."""
    argv = ["portsim", *map(str, words)]
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding, newline="") for _ in range(2))
    surroundings = {"NO_COLOR": "1", **environment}
    code: object = None
    with (
        chdir(cwd),
        mock.patch.dict(os.environ, surroundings),
        mock.patch.object(sys, "argv", argv),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code
    assert isinstance(code, int)
    texts = []
    for stream in (out, err):
        stream.flush()
        stream.seek(0)
        texts.append(stream.read().replace(os.linesep, "\n"))
    return subprocess.CompletedProcess(argv, code, *texts)

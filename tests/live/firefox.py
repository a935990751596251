"""Firefox, spoken to as WebDriver BiDi has it (https://w3c.github.io/webdriver-bidi)."""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from websockets.sync.client import ClientConnection, connect

__all__ = ["Firefox", "firefox", "program"]

_LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
_PATIENCE_S = 120


def program() -> str | None:
    """The path of Firefox, if it is there."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """One tab."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._numbers = socket, count(1)
        self.heard: list[str] = []
        """Errors and warnings that the page told the console, and whatever it asked for."""
        self.send("session.new", capabilities={})
        events = ["log.entryAdded", "network.beforeRequestSent"]
        self.send("session.subscribe", events=events)
        self._tab = self.send("browsingContext.getTree")["contexts"][0]["context"]

    def send(self, method: str, **words: Any) -> dict[str, Any]:
        """What a command gives; what is heard meanwhile is kept."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": words}))
        while True:
            said = json.loads(self._socket.recv(timeout=_PATIENCE_S))
            if said.get("id") == number:
                assert said["type"] == "success", said
                result: dict[str, Any] = said["result"]
                return result
            about = said.get("params", {})
            if said.get("method") == "log.entryAdded" and about["level"] in ("error", "warn"):
                self.heard.append(f"console: {about['text']}")
            elif said.get("method") == "network.beforeRequestSent":
                self.heard.append(f"request: {about['request']['url'][:80]}")

    def open(self, address: str, width: int, height: int) -> None:
        """Open a page in a window of some pixels."""
        viewport = {"width": width, "height": height}
        self.send("browsingContext.setViewport", context=self._tab, viewport=viewport)
        self.send("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """What an expression, or the promise it gives, comes to: a text or a number."""
        words = {"awaitPromise": True, "target": {"context": self._tab}}
        said = self.send("script.evaluate", expression=expression, **words)
        assert said["type"] == "success", said
        return said["result"].get("value")

    def press(self, *keys: str) -> None:
        """Press keys one after the other, as on a keyboard."""
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keys", "actions": strokes}
        self.send("input.performActions", context=self._tab, actions=[source])

    def drag_with_a_finger(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Put a finger on the glass, move it, and lift it."""
        path = [
            {"type": "pointerMove", "x": start[0], "y": start[1]},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerMove", "x": end[0], "y": end[1], "duration": 200},
            {"type": "pointerUp", "button": 0},
        ]
        finger = {"pointerType": "touch"}
        source = {"type": "pointer", "id": "finger", "parameters": finger, "actions": path}
        self.send("input.performActions", context=self._tab, actions=[source])


@contextmanager
def firefox() -> Iterator[Firefox]:
    """Start Firefox with a profile of its own; close it in the end."""
    path = program()
    assert path is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        words = [path, "--headless", "--remote-debugging-port", "0", "--profile", profile]
        started = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
        try:
            assert started.stderr is not None
            address = next(
                found[1] for line in started.stderr if (found := _LISTENS.search(line)) is not None
            )
            with connect(f"{address}/session", max_size=None) as socket:
                yield Firefox(socket)
        finally:
            started.terminate()
            started.wait()
            if started.stderr is not None:
                started.stderr.close()

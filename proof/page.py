"""How a page of proof begins: its title, when it was made, and with which versions."""

import datetime as dt

from portsim.results import versions


def heading(title: str, text: str, made_by: str = "proof") -> list[str]:
    """The first lines of a page in Markdown."""
    packages = ", ".join(f"{name} {number}" for name, number in versions().items())
    today = dt.datetime.now(dt.UTC).date().isoformat()
    return [f"# {title}", "", f"Made by `make {made_by}` on {today} with {packages}.", "", text, ""]

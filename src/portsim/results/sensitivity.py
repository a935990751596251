"""The room of results: the columns of a sensitivity study, by its method."""

from collections.abc import Mapping
from types import MappingProxyType

from portsim.results.tables import Schema

__all__ = ["METHODS", "MORRIS", "ONE_AT_A_TIME", "SOBOL"]

_HEAD: Schema = {
    **dict.fromkeys(
        ("scenario", "baseline", "truck_class", "measure", "unit", "assumption"), "text"
    ),
    "places": "integer",
    **dict.fromkeys(("confidence", "source", "file"), "text"),
    "line": "integer",
    "input_unit": "text",
    **dict.fromkeys(("base_input", "low_input", "high_input"), "number"),
}
ONE_AT_A_TIME: Schema = {
    **_HEAD,
    **dict.fromkeys(
        (
            f"{point}{end}"
            for point in ("base", "at_low", "at_high")
            for end in ("", "_ci_low", "_ci_high")
        ),
        "number",
    ),
    "swing": "number",
    **dict.fromkeys(("turns_low", "turns_high"), "text"),
    **dict.fromkeys(("holds_low", "turned_low", "holds_high", "turned_high"), "number"),
    "note": "text",
}
"""Each assumption at the ends of its range. ``turns_*``: what the difference becomes at that end
(unclear, clear, other sign); between ``holds_*``, where the verdict is as with all as written, and
``turned_*``, where it is not, lies the tipping point."""
MORRIS: Schema = {
    **_HEAD,
    **dict.fromkeys(("mu", "mu_star", "mu_star_conf", "sigma"), "number"),
    "note": "text",
}
"""Elementary effects over the whole range, in the unit of the measure."""
SOBOL: Schema = {
    **_HEAD,
    **dict.fromkeys(("first_order", "first_order_conf", "total", "total_conf"), "number"),
    "note": "text",
}
"""Shares of the variance of the measure."""
METHODS: Mapping[str, Schema] = MappingProxyType(
    {"one-at-a-time": ONE_AT_A_TIME, "morris": MORRIS, "sobol": SOBOL}
)

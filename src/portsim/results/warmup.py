"""The room of results: the columns of a warm-up study."""

from portsim.results.tables import Schema

__all__ = ["CURVE", "MOVEMENTS"]

MOVEMENTS: Schema = {
    "warm_up_weeks": "integer",
    "longer_weeks": "integer",
    "place": "text",
    "measure": "text",
    "unit": "text",
    "mean": "number",
    "half_width": "number",
    "moved": "number",
    "moved_half_widths": "number",
    "replications": "integer",
    "passes": "text",
}
"""A row a start and measure: mean and half-width at the warm-up, how far the measure moves with the
longer one, and whether that is little enough; ``passes`` is empty for what is not judged."""
CURVE: Schema = {
    "warm_up_weeks": "integer",
    "hour": "number",
    "mean": "number",
    "q05": "number",
    "q95": "number",
}
"""Trucks inside by hours from the start of the period, for each start that was run."""

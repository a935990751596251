"""The period held against its promise and its days: what a short one, or one of parts of days, does
not tell.
"""

from portsim.calendars import to_utc, zone
from portsim.checking.findings import Findings
from portsim.scenario.model import Scenario

__all__ = ["check_period"]

_DAY_S, _HOUR_S = 86_400, 3600


def check_period(findings: Findings, scenario: Scenario) -> None:
    """Refuse a period that a change of clocks leaves nothing of; say what others do not tell.

    In: a scenario whose zones are known.
    """
    period, limit, place = scenario.period, scenario.completion.limit, zone(scenario.timezone)
    begins, ends = (
        to_utc(minute.date(), minute.hour * 3600 + minute.minute * 60, place, later=False)
        for minute in (period.begins, period.ends)
    )
    lasts = ends - begins
    if lasts < _HOUR_S:
        findings.error(
            ("period", "to"),
            "date",
            "a period of an hour or more",
            "clocks change meanwhile; choose a later end",
            f"{lasts // 60} minutes",
        )
    if limit >= period.days * _DAY_S:
        days, hours = period.days, period.days * 24
        findings.warn(
            ("period", "to"),
            "period",
            "a period longer than completion.limit, for completion and stays",
            "both look at trucks that arrive at least the limit before the end, so they are left "
            f"out; lengthen the period, or write e.g. completion: {{limit: {hours / 2:g} h}}",
            f"a period of {days:g} day{'s' if days != 1 else ''}"
            if period.whole_days
            else f"a period of {hours:g} hour{'s' if hours != 1 else ''}",
        )
    if not period.whole_days:
        findings.warn(
            ("period", "to"),
            "part-days",
            "whole days, for the months",
            "months are left out, the busiest day is that of the whole days alone, and what is "
            "told a day is told of 24 hours",
            period.text,
        )

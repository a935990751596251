"""The plan room: a scenario and its trucks become plain integer arrays for an engine."""

from portsim.plan.build import build
from portsim.plan.check import check_needs
from portsim.plan.contract import BUDGET, NEVER, SERVERS, STORE, Context, Plan

__all__ = ["BUDGET", "NEVER", "SERVERS", "STORE", "Context", "Plan", "build", "check_needs"]

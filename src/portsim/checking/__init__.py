"""The checking room: a scenario file becomes a validated scenario, or a list of all its faults.

What can be judged by looking at one value is judged in `portsim.scenario`; here the parts are held
against each other, the calendars and the attached files. No trucks are drawn here.
"""

from portsim.checking.load import Scenario, Spec, assured, load, loads, read_in

__all__ = ["Scenario", "Spec", "assured", "load", "loads", "read_in"]

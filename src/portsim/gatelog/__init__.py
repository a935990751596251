"""The room of gate logs: a port's own records become trucks, visits and a list of what was cleaned.

    unpacking, sheets      files of any format become columns of text
    words, guessing        what each column is, and how that is known
    mapping, map_file      the same as a file that people correct
    stamping, rows         columns become instants
    trucks_form            of a row a truck
    events_form            of a row an event
    repeated … days        what is wrong with them, and what is done about it
    log                    what leaves this room

Scenarios, estimates and engines may not enter; nothing that stands in a log is run.
"""

from portsim.gatelog.days import BareDay
from portsim.gatelog.gaps import Blank
from portsim.gatelog.log import GateLog, Lost, Source
from portsim.gatelog.map_file import read_map
from portsim.gatelog.mapping import Activity, Column, LogMap
from portsim.gatelog.read import read_log

__all__ = [
    "Activity",
    "BareDay",
    "Blank",
    "Column",
    "GateLog",
    "LogMap",
    "Lost",
    "Source",
    "read_log",
    "read_map",
]

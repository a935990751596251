"""The room of the replay: a day from the log as one page that plays it; nothing is measured here.

    write_replay(log, day)   one HTML file that needs no network and no library
    recorded(log, gate, …)   a gate log as a log that can be played beside a simulated one

`layout` says where the places of a port stand, `day` turns the log into what the page must know,
`page` puts the page together. What is seen at a second is a function of that second alone, worked
out in the reader's browser.
"""

from portsim.replay.page import write_replay
from portsim.replay.recorded import recorded

__all__ = ["recorded", "write_replay"]

"""Known ports: random border ports whose truth is written down, and the logs they would leave.

A small port of its own, first come first served, one truck and one server after the other: nothing
of portsim is imported here, so that what portsim finds in such a log is held against something that
portsim did not make.

    from known_ports import known_port
    port = known_port(17)
    trucks, visits = port.clean()       # as recorded, without dirt
    file = port.log("csv", folder)      # with all its dirt; port.truth says what is in it
    port.simulate(1, servers_more={"gate": 1})
"""

from known_ports.port import KINDS, Port, known_port

__all__ = ["KINDS", "Port", "known_port"]

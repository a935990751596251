"""portsim: customs clearance of trucks at a road border port, simulated and compared."""

"""The same workload, written for other simulators the way their own documentation does."""

"""The reading room: files become one plain tree that knows where each value stands, or faults.

    nodes         one YAML file as nodes with their places
    extending     which files a scenario is made of, base first
    merging       files, bases and overlays become one plain tree
    annotations   where a value comes from, taken out of the tree
    faults        a fault about the value at a path of the tree

What a key or a value means may not enter: that is `portsim.scenario`.
"""

"""The room of tables: bytes that people save become cells, and cells become numbers and instants.

    separated     CSV of any coding and separator
    instants      dates with a time of day
    numbers       decimal points and commas

What a column means may not enter: that is for those who asked for it.
"""

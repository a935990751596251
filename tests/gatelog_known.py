"""What is known of small gate logs."""

import datetime as dt
import math


def at(text):
    """UTC epoch seconds of a date and time of day in UTC."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp()


def cleaned(log):
    """What was cleaned, without the file."""
    columns = ["row", "truck", "stage", "what"]
    return [tuple(row) for row in log.cleaning[columns].itertuples(index=False, name=None)]


def visits(log, truck):
    """Stage → queue, start, end of a truck, by its plate."""
    number = log.trucks.index[log.trucks["truck"] == truck][0]
    rows = log.visits[log.visits["truck"] == number]
    return {
        row.stage: tuple(None if math.isnan(v) else v for v in (row.queue, row.start, row.end))
        for row in rows.itertuples()
    }

"""Logs of a few trucks on one morning."""


def held_up(*trucks: str) -> str:
    """Clocks of arrival, start and end at the gate, by truck."""
    rows = [
        ",".join([f"T{number}", *(f"2024-09-02 {clock}" for clock in clocks.split(","))])
        for number, clocks in enumerate(trucks)
    ]
    return "\n".join(["truck,arrival,gate start,gate end", *rows])

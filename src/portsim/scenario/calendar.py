"""The words of a calendar: when something is open, as a person writes it in a scenario file.

Only the words and their validation live here; turning them into seconds is the business of
`portsim.calendars`.
"""

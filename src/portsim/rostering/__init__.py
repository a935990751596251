"""The room of rosters: who should work when, so that a promise is kept for the least money."""

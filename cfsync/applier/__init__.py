"""Runs a plan through a Writer and undoes it. Knows nothing of HTTP or SQL."""

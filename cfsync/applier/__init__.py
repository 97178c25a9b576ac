"""Runs a plan through a Writer, and takes it back when that fails.

Everything that it needs to go on after a crash stands in the journal before it is needed. Knows
nothing of HTTP, of SQL, or of files; does not know how a plan came about.
"""

"""The command line: parse, one call into the workflow, print, exit code. Only here is click."""

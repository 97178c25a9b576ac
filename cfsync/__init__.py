"""Codefluss sites as code: YAML files in, ordered API calls out, undone when something fails."""

__version__ = "0.1.0"

"""Desired, base and live trees to a Plan. Pure: no I/O, no clock."""

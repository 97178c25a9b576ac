"""A local Codefluss API over SQLite, from the same contract, with programmable faults."""

"""A Plan or a run as text or JSON. Decides nothing."""

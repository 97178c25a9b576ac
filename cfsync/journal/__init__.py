"""What was intended, what came of it, what was last settled, who holds the lock.

Knows how to keep that safe; does not know what a plan is, nor what a line of it means.
"""

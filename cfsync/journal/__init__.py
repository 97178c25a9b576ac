"""What was intended, what came of it, what was last settled, who holds the lock."""

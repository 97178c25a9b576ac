"""The current state, read through Pages; knows when a listing is proven complete."""

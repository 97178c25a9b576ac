"""State to files: init, import html."""

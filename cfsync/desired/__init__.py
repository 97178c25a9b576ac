"""Files to desired state. Knows nothing of the API's answers."""

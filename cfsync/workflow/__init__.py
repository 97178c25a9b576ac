"""The stories, one a file. The only place that plugs the parts together."""

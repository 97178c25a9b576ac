"""One small file a command. Each calls its `click.Command` `run`."""

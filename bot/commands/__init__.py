"""What the `aftercare` command does, one module a command."""

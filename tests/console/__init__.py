"""The console, tested as its users meet it."""

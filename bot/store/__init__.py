"""Tables, the database and its migrations."""

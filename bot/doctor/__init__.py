"""`aftercare doctor`: looks at everything the assistant needs, and says the mend. It changes nothing."""

"""Our pipeline and processes against stock Rasa's, measured in one run: `make bench`."""

"""Tuning the sentence encoder on our own training data: `make tune`, in an environment of its own (PyTorch)."""

"""Measuring understanding and triage on labelled lines."""

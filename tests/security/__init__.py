"""Attacks on the whole application: every route as everybody, and inputs that nobody would write."""

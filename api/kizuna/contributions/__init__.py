"""Contributions: what somebody submits, and what would come of it."""

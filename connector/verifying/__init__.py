"""Blocks tried on the real service with a user's own account, and a report of it that holds nothing personal."""

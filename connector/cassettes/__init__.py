"""Recorded conversations: their form, and how they are recorded."""

"""Triggers: what has changed in what blocks read, told once. Pure: no clock, no storage, nothing is remembered here."""

from connector.triggers.poll import Event, Poll

__all__ = ["Event", "Poll"]
